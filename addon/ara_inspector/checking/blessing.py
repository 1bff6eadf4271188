"""Expectations written from a good capture, for a user to read, trim and keep.

May live here: the file's text. Only what comes again in another recording of the same test is
expected: what registered and what became of it, and reports that do not hang on chance. What was
found is allowed as often as it was, and no more.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.results import AggregatableResult, EventLevelResult
from ara_inspector.checking.candidates import registrations_in, reports_in
from ara_inspector.checking.expectation_file import expected
from ara_inspector.checking.expectations import is_meant
from ara_inspector.checking.keys import ATTRIBUTED, EXPECTED, FATE_KEYS, ORIGINS, SEEN
from ara_inspector.checking.tables import ExpectationError, Notation, Place
from ara_inspector.checking.toml_tables import toml_text
from ara_inspector.checking.yaml_tables import yaml_text
from ara_inspector.findings import Severity, Verdict
from ara_inspector.registrations import Kind
from ara_inspector.reports import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ara_inspector.checking.candidates import Candidate
    from ara_inspector.checking.inspection import Inspection

HEAD: Final = """\
# What this capture must hold: `ara-inspector check CAPTURE --expect THIS_FILE`.
# Written by `--bless`; trim it to what the test is about.
"""
PASSING: Final = frozenset(
    {
        EventLevelResult.FALSELY_ATTRIBUTED_SOURCE.value,
        EventLevelResult.NEVER_ATTRIBUTED_SOURCE.value,
        EventLevelResult.NOT_REGISTERED.value,
        AggregatableResult.NOT_REGISTERED.value,
    }
)
"""Results that say nothing about another recording: noise, and what was not asked for."""
ATTRIBUTION: Final = "ATT"


def blessing(captures: Iterable[Inspection], notation: Notation = Notation.TOML) -> str:
    """The text of a file that these captures fulfil."""
    write = yaml_text if notation is Notation.YAML else toml_text
    return f"{HEAD}\n{write(_tables(tuple(captures)))}"


def _tables(captures: Sequence[Inspection]) -> dict[str, Any]:
    """What stands in the file, by the names of its tables."""
    groups: dict[tuple[tuple[str, str], ...], dict[str, None]] = {}
    for capture in captures:
        for one in registrations_in(capture, captures):
            table = _registration(one)
            origin = table.pop("reporting_origin", None)
            if origin is not None:
                groups.setdefault(tuple(table.items()), {})[origin] = None
    registrations = [{**dict(key), ORIGINS: list(origins)} for key, origins in groups.items()]
    reports = []
    for kind, origin, standing in _reports(captures):
        wanted = {"kind": kind, "reporting_origin": origin}
        if standing == EXPECTED:
            wanted["standing"] = standing
        reports.append(wanted)
    listed = {"registrations": registrations, "reports": reports}
    return {
        **{name: tables for name, tables in listed.items() if tables},
        "findings": _limits(captures),
    }


def _registration(one: Candidate) -> dict[str, str]:
    """What is expected of a registration: nothing where the browser did not take it."""
    if Verdict.REGISTERED not in one.values["verdict"].words:
        return {}
    left_out = {"verdict"}
    if Kind.TRIGGER in one.values["kind"].words:
        # What becomes of it at each level says more.
        left_out.add("result")
        made = any(
            ATTRIBUTED in one.values[level].words
            for level in ("event_level", "aggregatable")
            if level in one.values
        )
        left_out |= {"source.destination"} if made else {n for n in FATE_KEYS if "." in n}
    return {
        name: word
        for name, value in one.values.items()
        if name not in left_out
        and (word := value.words[0]) not in PASSING
        # What a file cannot say, another recording is not asked for.
        and _can_be_said("registration", name, word)
    }


def _reports(captures: Iterable[Inspection]) -> Iterable[tuple[str, str, str]]:
    """Kind, reporting origin and whether it was seen, of the reports to be expected again."""
    wanted: dict[tuple[str, str], str] = {}
    captures = tuple(captures)
    for capture in captures:
        for one in reports_in(capture, captures):
            standing = one.values["standing"].words
            kind, origin = one.values["kind"].words[0], one.values["reporting_origin"].words[0]
            if (
                kind == ReportKind.PUBLIC_KEYS
                # Noise and null reports are drawn anew each time.
                or Standing.BY_CHANCE.value in standing
                or not _can_be_said("report", "reporting_origin", origin)
            ):
                continue
            seen = SEEN in standing or wanted.get((kind, origin)) == SEEN
            wanted[kind, origin] = SEEN if seen else EXPECTED
    return [(kind, origin, standing) for (kind, origin), standing in wanted.items()]


@lru_cache(4096)
def _can_be_said(what: str, name: str, word: str) -> bool:
    """Whether a file that says it is read as it is meant: not so of some hosts on the wire."""
    if "." in name:
        above, _, below = name.partition(".")
        table: dict[str, object] = {above: {below: word}}
    else:
        table = {name: word}
    try:
        (read,) = expected(what, table, Place(""))
    except ExpectationError:
        return False
    return word.isprintable() and read.wanted[name] == word


def _limits(captures: Iterable[Inspection]) -> dict[str, int | list[str]]:
    found = [f for capture in captures for entry in capture.timeline for f in entry.findings]
    severities = Counter(finding.severity for finding in found)
    limits: dict[str, int | list[str]] = {}
    allowed = severities[Severity.ERROR] or severities[Severity.WARNING]
    if allowed and not any(is_meant(finding, ATTRIBUTION) for finding in found):
        limits["none_of"] = [ATTRIBUTION]
    return limits | {
        "errors": severities[Severity.ERROR],
        "warnings": severities[Severity.WARNING],
    }
