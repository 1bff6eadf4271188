"""A capture in the form of a scenario, for `ara-inspector simulate`.

May live here: writing the registrations that were attributed as steps. The language is read in
`attribution.scenario`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ara_inspector.attribution.fates import SourceFate, TriggerFate
from ara_inspector.attribution.filters import seconds
from ara_inspector.attribution.registered import SECOND
from ara_inspector.attribution.results import SourceResult
from ara_inspector.registrations import Registration
from ara_inspector.registrations.encoding import as_latin_1
from ara_inspector.session.clearing import SITE_DATA_CLEARED
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ara_inspector.spec.effective import Effective
    from ara_inspector.timeline import Entry
    from ara_inspector.views.output import Json
    from ara_inspector.views.told import Told

UNKNOWN_PAGE: Final = "https://unknown-page.invalid"
"""Stands for the page of a source where nothing tells it."""


def scenario_of(told: Told) -> Json:
    """What a session attributed as a scenario with the same results.

    `base_epoch` is the whole second of the first registration; each step says in `entry` which
    entry of the timeline it is. What no browser came to store or attribute is left out.
    """
    entries = list(told.timeline)
    times = _times(entries)
    taken = [
        (entry, entry.about)
        for entry in entries
        if isinstance(entry.about, Registration)
        and isinstance(entry.fate, SourceFate | TriggerFate)
    ]
    start = int(min((times[entry.number] for entry, _ in taken), default=0.0))
    # What an answer clears goes before it registers something.
    made = [(entry, step) for entry in entries for step in _clearings(entry)]
    made += [(entry, _step(entry, about)) for entry, about in taken]
    steps = [
        {"t": _seconds_after(start, times[entry.number])} | step | {"entry": entry.number}
        for entry, step in made
    ]
    steps.sort(key=_moment)
    scenario: Json = {"base_epoch": start, "steps": steps}
    return scenario | {"testing": True} if told.summary().local_testing else scenario


def _times(entries: Sequence[Entry]) -> dict[int, float]:
    """When each entry was, by its number; what has no time was when the one before it was."""
    now = next((entry.time for entry in entries if entry.time is not None), 0.0)
    times = {}
    for entry in entries:
        now = now if entry.time is None else entry.time
        times[entry.number] = now
    return times


def _moment(step: Json) -> float:
    return float(step["t"])


def _seconds_after(start: int, time: float) -> float:
    return seconds(max(0, round(time * SECOND) - start * SECOND))


def _clearings(entry: Entry) -> Iterator[Json]:
    for finding in entry.findings:
        if finding.rule is SITE_DATA_CLEARED:
            yield {"clear": finding.params["origin"]}


def _step(entry: Entry, about: Registration) -> Json:
    site = about.context_site
    return {
        "kind": about.kind.value,
        **_source_parts(entry, about),
        "context": site.origin or site.value or UNKNOWN_PAGE,
        "reporter": about.reporting_origin,
        "header": _header(about),
    }


def _source_parts(entry: Entry, about: Registration) -> Json:
    fate = entry.fate
    if not isinstance(fate, SourceFate) or about.source_type is None:
        return {}
    noised = fate.result is SourceResult.SUCCESS_NOISED
    return {"source_type": about.source_type.value} | ({"noise": True} if noised else {})


def _header(about: Registration) -> Json | str:
    """The header as an object where that says the same; otherwise its text."""
    text = _text(about)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    same = isinstance(value, dict) and _effective(about, json.dumps(value)) == about.effective
    return value if same else text


def _text(about: Registration) -> str:
    """The header's text in the encoding in which it says what was registered."""
    if about.raw.isascii() or _effective(about, about.raw) == about.effective:
        return about.raw
    return as_latin_1(about.raw)


def _effective(about: Registration, text: str) -> Effective | None:
    if about.kind.is_source:
        return read_source(text, about.source_type or SourceType.EVENT).value
    return read_trigger(text).value
