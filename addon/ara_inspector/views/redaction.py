"""A session that can be shown to others: ids, query values and filter data are pseudonyms.

May live here: going through what is told and deciding what each value is. Reporting origins,
sites, paths, key names, windows, priorities and verdicts stay: without them a report says
nothing. Nobody who reads the result needs to be trusted with the values: a pseudonym is a keyed
hash, and the key is made for one run unless one is given.

What is not known to be harmless is replaced. It is done on the values, before any view sees
them, so that no format can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from ara_inspector.attribution.trace import Check
from ara_inspector.findings import Finding, Rule
from ara_inspector.registrations.registration import HEADERS
from ara_inspector.spec.models import Model
from ara_inspector.views.pseudonyms import KEPT, Pseudonyms
from ara_inspector.views.told import Excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.timeline import Entry
    from ara_inspector.views.told import Told

URLS: Final = frozenset({"url", "navigation", "location", "page", "registration_url"})
IDS: Final = frozenset({"flow_id", "flow_ids", "connection"})
HEADER_TEXT: Final = frozenset({"raw", "value"})
"""Fields that hold what a header or body said, whole; `value` of a verbose report's data too."""
PIECES: Final = frozenset({"bucket", "source_piece", "trigger_pieces", "key"})
"""Numbers of a report's explanation, or of an expected one, that name campaigns."""
ENTRIES: Final = frozenset({"source_id", "trigger_id", "registration_id", "cause_id"})
"""Fields that name entries by their numbers."""
DEBUG_TYPES: Final = frozenset({"debug_type", "debug_types"})
EXPECTED: Final = frozenset({"body", "data", "shared_info"})
"""Fields of an expected report that hold what it will say."""
CHECKED: Final = frozenset(
    {
        "filters",
        "event-trigger-data-filters",
        "attribution-scopes",
        "deduplication-key",
        "aggregatable-deduplication-key",
    }
)
"""Checks that compare values of the ad-tech's own."""
SETS: Final = frozenset({"filters", "not_filters", "key"})
"""Names inside such a comparison below which no value stands by itself."""
SITES: Final = frozenset({"reporting_origin", "origin", "inferred", "proven", "concluded"})
LARGE: Final = 10**6
WORDS: Final = re.compile(r"\w+")


def redacted(told: Told, key: bytes) -> Excerpt:
    """`told` with pseudonyms made with `key`."""
    entries = list(told.timeline)
    pseudonyms = Pseudonyms(key)
    pseudonyms.vocabulary |= _own_words(entries)
    # Twice: a value may stand in a sentence before the place that shows what it is.
    for _ in ("meet", "replace"):
        made = Excerpt(
            tuple(_Redaction(pseudonyms).value(entry, ()) for entry in entries),
            _Redaction(pseudonyms).value(told.summary(), ()),
        )
    return made


def _own_words(entries: Iterable[Entry]) -> set[str]:
    """The words of rules and fields: a query value "source" must not hide them in sentences."""
    words = set(KEPT)
    for header in HEADERS.values():
        words |= set(WORDS.findall(header))
    for entry in entries:
        words |= {entry.kind.value, *(each.name for each in fields(entry.about))}
        for finding in entry.findings:
            words |= set(WORDS.findall(f"{finding.rule.template} {finding.rule.name}"))
            words |= {finding.rule.code}
    return words


class _Redaction:
    """Goes through dataclasses, models and containers; a field's name says what its value is."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._of = pseudonyms

    def value(self, value: Any, path: tuple[str, ...]) -> Any:
        """`value` of the field that is the last of `path`, redacted."""
        if isinstance(value, Finding | Check):
            return self._finding(value) if isinstance(value, Finding) else self._check(value)
        if isinstance(value, Enum | Rule):
            return value
        if isinstance(value, str):
            return self._string(value, path)
        if isinstance(value, int) and path and path[-1] in PIECES:
            return self._of.number(value)
        return self._composite(value, path)

    def _composite(self, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, Model):
            changed = {
                each.name: self._model_value(getattr(value, each.name), (*path, each.name))
                for each in fields(value)
            }
            return replace(value, **changed)
        if is_dataclass(value):
            changed = {
                each.name: self.value(getattr(value, each.name), (each.name,))
                for each in fields(value)
            }
            return replace(cast("Any", value), **changed)
        if path and path[-1] in EXPECTED and isinstance(value, Mapping | tuple):
            return self._model_value(value, ())
        if isinstance(value, Mapping):
            return {key: self.value(item, (*path, str(key))) for key, item in value.items()}
        if isinstance(value, tuple | frozenset):
            return type(value)(self.value(item, path) for item in value)
        return value

    def _model_value(self, value: Any, path: tuple[str, ...]) -> Any:
        """A value inside what a header or a report says."""
        if isinstance(value, bool | float | Enum | Model) or value is None:
            return self.value(value, path)
        if isinstance(value, Mapping):
            return {key: self._model_value(item, (*path, str(key))) for key, item in value.items()}
        if isinstance(value, tuple | list):
            return type(value)(self._model_value(item, path) for item in value)
        if isinstance(value, str) and path[-1] in HEADER_TEXT | URLS:
            return self._string(value, path)
        return self._of.leaf(value, path)

    def _string(self, value: str, path: tuple[str, ...]) -> str:
        name = path[-1] if path else ""
        if name in IDS:
            return self._of.of(value)
        if name in URLS:
            return self._of.url(value)
        if name in SITES | ENTRIES | DEBUG_TYPES:
            return value
        # A context site's `value` is a site; everything else of that name was sent as a header.
        if name in HEADER_TEXT and not value.startswith(("https://", "http://")):
            return self._of.header(value)
        return self._of.text(value)

    def _check(self, check: Check) -> Check:
        """A comparison of the engine's: what the ad-tech wrote goes, what was counted stays."""
        own = check.name in CHECKED
        return replace(
            check,
            given=self._compared(check.given, "", own=own),
            wanted=self._compared(check.wanted, "", own=own),
        )

    def _compared(self, value: Any, name: str, *, own: bool) -> Any:
        if isinstance(value, Mapping):
            return {key: self._compared(item, key, own=own) for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(self._compared(item, name, own=own) for item in value)
        if not isinstance(value, str):
            return value
        return self._of.of(value) if own and name not in SETS else self._of.text(value)

    def _finding(self, finding: Finding) -> Finding:
        keys = tuple(step for step in finding.path if isinstance(step, str))
        params = {name: self._param(value, keys) for name, value in finding.params.items()}
        path = tuple(
            self._of.text(step) if isinstance(step, str) else step for step in finding.path
        )
        return replace(finding, params=params, path=path, ground=self._of.text(finding.ground))

    def _param(self, value: Any, keys: tuple[str, ...]) -> Any:
        if isinstance(value, bool | float) or value is None:
            return value
        if isinstance(value, int):
            # Lengths and limits are small; what is not, or is met as an id, stands for something.
            large = value >= LARGE and not (keys and keys[-1] in KEPT)
            return self._of.number(value) if large or self._of.is_known(value) else value
        if keys and keys[-1] not in KEPT and value not in self._of.vocabulary:
            return self._of.header(value)
        return self._of.text(value)
