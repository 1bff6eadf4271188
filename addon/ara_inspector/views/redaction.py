"""A session that can be shown to others: what is the ad-tech's own has pseudonyms.

May live here: going through what is told and deciding what each value is. What stays is what a
report is about: who takes part (reporting origins, sites, hosts of requests), the API's own words,
field names and paths, verdicts, times, limits, priorities and counts. Everything else that was on
the wire goes: paths and queries of URLs, ids, names and values that an ad-tech chose, what is no
field of the API. Nobody who reads the result needs to be trusted with the values: a pseudonym is
a keyed hash, and the key is made for one run unless one is given.

What is not known to be harmless is replaced. It is done on the values, before any view sees
them, so that no format can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec import Struct

from ara_inspector.attribution.trace import Check
from ara_inspector.findings import Finding, Rule, Words
from ara_inspector.records import field_names, replace
from ara_inspector.registrations.registration import HEADERS
from ara_inspector.spec.models import Model
from ara_inspector.views.harmless import (
    FIELDS,
    METHODS,
    NAMING,
    RESERVED,
    WORDS,
    is_harmless,
)
from ara_inspector.views.pseudonyms import URL, Pseudonyms
from ara_inspector.views.told import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ara_inspector.timeline import Entry
    from ara_inspector.views.told import Told

URLS: Final = frozenset({"url", "navigation", "location", "page", "registration_url"})
IDS: Final = frozenset({"flow_id", "flow_ids", "connection"})
HEADER_TEXT: Final = frozenset({"raw", "value"})
"""Fields that hold what a header or body said, whole; `value` of a verbose report's data too."""
SITE: Final = ("value",)
"""The way to the one `value` that is a site: of a `ContextSite`."""
PIECES: Final = frozenset({"bucket", "source_piece", "trigger_pieces", "key"})
"""Numbers and names of a report's explanation, or of an expected one, that name campaigns."""
ENTRIES: Final = frozenset({"source_id", "trigger_id", "registration_id", "cause_id"})
"""Fields that name entries by their numbers."""
DEBUG_TYPES: Final = frozenset({"debug_type", "debug_types", "types"})
PARTIES: Final = frozenset({"reporting_origin", "origin", "inferred", "proven", "concluded"})
"""Fields that hold origins and sites - or verdicts, what is proven."""
ENDS: Final = frozenset({"ended", "totals"})
"""Sentences of ours that may end with why a request failed."""
EXPECTED: Final = frozenset({"body", "data", "shared_info"})
"""Fields of an expected report that hold what it will say."""
CHECKED: Final = frozenset(
    {
        "aggregatable-contributions",
        "aggregatable-deduplication-key",
        "attribution-scopes",
        "deduplication-key",
        "event-trigger-data-filters",
        "filters",
    }
)
"""Checks that compare names and values of the ad-tech's own."""
SAID: Final = frozenset(
    {
        "browser",
        "choices",
        "code",
        "default",
        "directive",
        "expected",
        "found",
        "kind",
        "level",
        "meaning",
        "predicted",
        "problem",
        "reason",
        "relation",
        "request",
        "role",
        "source_type",
        "verdict",
        "wanted",
    }
)
"""Parameters of findings that are words of ours. All others quote the wire."""
QUOTED_NUMBERS: Final = frozenset({"number", "value", "key", "given", "text"})
"""Parameters that are numbers of the wire, however small."""
BOUNDS: Final = frozenset({"default", "maximum", "minimum"})
"""Parameters that are numbers of the browser's."""
LARGE: Final = 10**6
WORDS_OF: Final = re.compile(r"\w+")
FAILED: Final = re.compile(r"(?<=failed at hop )(\d+: )(.+)$")
OWN_ERROR: Final = re.compile(r"net::[A-Z_]+|no answer in the HAR")
"""Reasons for a missing answer that hold nothing else."""


def redacted(told: Told, key: bytes) -> Excerpt:
    """`told` with pseudonyms made with `key`."""
    entries = list(told.timeline)
    pseudonyms = Pseudonyms(key)
    pseudonyms.vocabulary |= _own_words(entries)
    redaction = _Redaction(pseudonyms)
    # Twice: a value may stand in a sentence before the place that shows what it is.
    for _ in ("meet", "replace"):
        made = Excerpt(
            tuple(redaction.value(entry, ()) for entry in entries),
            redaction.value(told.summary(), ()),
        )
        pseudonyms.forget_hosts()
    return made


def _own_words(entries: Iterable[Entry]) -> set[str]:
    """The words of rules and fields: a query value "source" must not hide them in sentences."""
    words = set(FIELDS)
    for header in HEADERS.values():
        words |= set(WORDS_OF.findall(header))
    for entry in entries:
        words |= {entry.kind.value, *field_names(entry.about)}
        for finding in entry.findings:
            words |= set(WORDS_OF.findall(f"{finding.rule.template} {finding.rule.name}"))
            words |= {finding.rule.code}
    return words


class _Redaction:
    """Goes through records, models and containers; a field's name says what its value is."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._of = pseudonyms
        self._messages: dict[str, str] = {}
        """What findings say, and say instead: one may quote another."""

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
            return self._model_value(value, path)
        if isinstance(value, Struct):
            changed = {
                name: self.value(getattr(value, name), (name,)) for name in field_names(value)
            }
            return replace(cast("Any", value), **changed)
        if path and path[-1] in EXPECTED and isinstance(value, Mapping | tuple):
            return self._model_value(value, ())
        if isinstance(value, Mapping):
            naming = bool(path) and path[-1] in NAMING
            return {
                self._of.of(key) if naming else key: self.value(item, (*path, str(key)))
                for key, item in value.items()
            }
        if isinstance(value, tuple | frozenset):
            return type(value)(self.value(item, path) for item in value)
        return value

    def _model_value(self, value: Any, path: tuple[str | int, ...]) -> Any:
        """A value inside what a header or a report says."""
        if isinstance(value, bool | float | Enum) or value is None:
            return value
        if isinstance(value, str | int):
            return self._said(value, path)
        if isinstance(value, tuple | list):
            return type(value)(self._model_value(item, (*path, n)) for n, item in enumerate(value))
        if isinstance(value, Mapping):
            return {
                self._of.name(str(key), path): self._model_value(item, (*path, str(key)))
                for key, item in value.items()
            }
        return replace(
            value,
            **{
                name: self._model_value(getattr(value, name), (*path, name))
                for name in field_names(value)
            },
        )

    def _said(self, value: str | int, path: tuple[str | int, ...]) -> str | int:
        name = next((step for step in reversed(path) if isinstance(step, str)), "")
        if isinstance(value, str) and name in URLS:
            return self._of.place(value)
        if isinstance(value, str) and path[-1] in HEADER_TEXT:
            return self._of.header(value)
        return self._of.leaf(value, path)

    def _string(self, value: str, path: tuple[str, ...]) -> str:
        name = path[-1] if path else ""
        if name in PARTIES or path == SITE:
            return self._of.place(value) if URL.match(value) else value
        if name in ENDS and (failed := FAILED.search(value)):
            head = self._of.text(value[: failed.start(2)])
            return head + self._error(failed[2])
        return self._by_name(name)(value)

    def _by_name(self, name: str) -> Callable[[str], str]:
        """What is done with the text of a field."""
        for names, treatment in (
            (IDS | PIECES, self._of.of),
            (URLS, self._of.place),
            (ENTRIES, str),
            (HEADER_TEXT, self._of.header),
            (DEBUG_TYPES | {"eligibility"}, self._of.bare),
            ({"method"}, self._method),
            ({"error"}, self._error),
        ):
            if name in names:
                return treatment
        return self._of.text

    def _method(self, value: str) -> str:
        return value if value in METHODS else self._of.of(value)

    def _error(self, value: str) -> str:
        """Why an answer is missing: a proxy may name hosts and addresses there."""
        return value if OWN_ERROR.fullmatch(value) else self._of.of(value)

    def _check(self, check: Check) -> Check:
        """A comparison of the engine's: what the ad-tech wrote goes, what was counted stays."""
        own = check.name in CHECKED
        return replace(
            check,
            given=self._compared(check.given, own=own),
            wanted=self._compared(check.wanted, own=own),
        )

    def _compared(self, value: Any, *, own: bool) -> Any:
        if isinstance(value, Mapping):
            return {key: self._compared(item, own=own) for key, item in value.items()}
        if isinstance(value, tuple):
            return tuple(self._compared(item, own=own) for item in value)
        if not isinstance(value, str):
            return value
        return self._of.of(value) if own and value not in RESERVED else self._of.text(value)

    def _finding(self, finding: Finding) -> Finding:
        params = {name: self._param(value, name, finding) for name, value in finding.params.items()}
        path = tuple(
            self._of.name(step, finding.path[:place]) if isinstance(step, str) else step
            for place, step in enumerate(finding.path)
        )
        made = replace(finding, params=params, path=path, ground=self._of.text(finding.ground))
        self._messages[finding.message] = made.message
        return made

    def _param(self, value: Any, name: str, finding: Finding) -> Any:
        if isinstance(value, Words):
            return Words(self._messages.get(value) or self._of.text(value))
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return self._quantity(value, name, finding)
        if name == "error":
            return self._error(value)
        harmless = finding.path and is_harmless(value, finding.path)
        if harmless or value in METHODS | FIELDS | WORDS:
            return value
        return self._of.text(value) if name in SAID else self._of.given(value)

    def _quantity(self, value: float, name: str, finding: Finding) -> float:
        whole = int(value)
        if name in BOUNDS or (finding.path and is_harmless(whole, finding.path)):
            return value
        # Lengths and counts are small; what is not, or is met as an id, stands for something.
        own = name in QUOTED_NUMBERS or abs(whole) >= LARGE or self._of.is_known(whole)
        if not own:
            return value
        return type(value)(self._of.number(whole))
