"""Which entries are shown: the filter language of `ara_filter`, `check --filter` and the console.

May live here: reading a filter and applying it. One language for every place, so that a filter
found in one can be used in another (the page reads it in terms.js, held against the same cases):

    kind:source verdict:rejected,ignored -code:SRC012 origin:adtech.example "some text"

Terms are joined by *and*, the words after a colon by *or*; `-` turns a term round. A URL is text:
no key is followed by two slashes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec import Struct

from ara_inspector import rules
from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.records import replace
from ara_inspector.registrations import Kind, Registration
from ara_inspector.session.summary import counted
from ara_inspector.timeline import EntryKind
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of
from ara_inspector.views.told import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry
    from ara_inspector.views.cells import Cells
    from ara_inspector.views.told import Told

type Test = Callable[[Entry, str], bool]

TERM: Final = re.compile(
    r'(?P<not>-?)(?:(?P<key>[a-z]+):(?!//))?(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))'
)
WORST_FIRST: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)

FOUND: Final = frozenset({"verdict", "severity", "code"})
"""Keys that ask what was found; the others say where to look."""


class FilterError(ValueError):
    """A filter that cannot be read; the message says which part, and what could stand there."""


class Term(Struct, frozen=True, gc=False):
    """One condition: any of `values` under `key` (or none of them, if `negated`)."""

    key: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        key = "" if self.key == "text" else f"{self.key}:"
        text = ",".join(self.values)
        told = f'"{text}"' if re.search(r"[\s:-]", text) and not key else text
        return f"{'-' if self.negated else ''}{key}{told}"

    def matches(self, entry: Entry) -> bool:
        """Whether `entry` fulfils it."""
        test = TESTS[self.key]
        return any(test(entry, value) for value in self.values) is not self.negated

    def looks_at(self, entry: Entry) -> bool:
        """Whether `entry` is among those it asks something of."""
        if self.key in FOUND:
            return True
        # `-origin:` leaves in what has no origin, the browser's own entry: nobody looks for that.
        return self.matches(entry) and (self.key != "origin" or bool(reporting_origins(entry)))


class Selection(Struct, frozen=True, gc=False):
    """Entries wanted (all terms hold), and codes whose findings are left out altogether."""

    terms: tuple[Term, ...] = ()
    ignored: frozenset[str] = frozenset()

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries that match, without the findings that are ignored."""
        return filter(self._matches, (without(entry, self.ignored) for entry in entries))

    def _matches(self, entry: Entry) -> bool:
        return all(term.matches(entry) for term in self.terms)

    def covers(self, entries: Iterable[Entry]) -> bool:
        """Whether the terms look at any of `entries`, whatever they find there.

        A filter for errors shows nothing of a session without any, and has looked at all of it.
        """
        return any(all(term.looks_at(entry) for term in self.terms) for entry in entries)

    def excerpt(self, told: Told) -> Excerpt:
        """What is wanted of `told`, with a summary of all of it that says what was left out."""
        all_of_it = [without(entry, self.ignored) for entry in told.timeline]
        entries, summary = tuple(filter(self._matches, all_of_it)), told.summary()
        if self.terms:
            summary = replace(
                summary,
                sentence=f"Whole timeline: {summary.sentence} "
                f"Filter {' '.join(map(str, self.terms))}: "
                f"{len(entries):,} of {len(all_of_it):,} entries shown.",
                whole=counted(all_of_it),
            )
        return Excerpt(entries, summary)


def read_filter(text: str) -> tuple[Term, ...]:
    """The terms of a filter. Raises `FilterError`."""
    return tuple(_term(match) for match in TERM.finditer(text))


def read_typed_filter(text: str) -> tuple[Term, ...]:
    """As `read_filter`, where nobody sees at once what is found: `code:` has to mean rules.

    It may have their names as well. Raises `FilterError`.
    """
    return tuple(map(_with_codes, read_filter(text)))


def _with_codes(term: Term) -> Term:
    if term.key != "code":
        return term
    try:
        return replace(term, values=tuple(map(rules.beginning, term.values)))
    except rules.UnknownRuleError as error:
        raise FilterError(str(error)) from error


def _term(match: re.Match[str]) -> Term:
    key, quoted, bare = match["key"] or "text", match["quoted"], match["bare"] or ""
    if key not in TESTS:
        known = ", ".join(f"{name}:" for name in TESTS)
        raise FilterError(f"{key}: is no filter; there are {known} and plain text")
    values = (quoted,) if quoted is not None else tuple(filter(None, bare.split(",")))
    if not match["key"] and bare.endswith(":") and bare[:-1] in TESTS:
        key, values = bare[:-1], ()
    allowed = WORDS.get(key)
    if not values:
        raise FilterError(
            f"{key}: wants {f'one of {", ".join(allowed)}' if allowed else 'a value'}"
        )
    for value in values:
        if allowed is not None and value not in allowed:
            raise FilterError(f"{key}:{value}: {key} is one of {', '.join(allowed)}")
    return Term(key, values, negated=bool(match["not"]))


def without(entry: Entry, ignored: frozenset[str]) -> Entry:
    """`entry` without its findings of the `ignored` codes."""
    if not any(finding.rule.code in ignored for finding in entry.findings):
        return entry
    changed = {
        name: replace(cast("Any", part), findings=_kept(part.findings, ignored))
        for name in ("about", "explanation", "fate")
        # Every kind of subject is a record with `findings`.
        if (part := getattr(entry, name)) is not None
    }
    return replace(entry, **changed)


def _kept(findings: Iterable[Finding], ignored: frozenset[str]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.rule.code not in ignored)


def reporting_origins(entry: Entry) -> tuple[str, ...]:
    """The reporting origins an entry is about: a chain has several."""
    hops = getattr(entry.about, "hops", ())
    origins = (entry.reporting_origin, *(hop.reporting_origin for hop in hops))
    return tuple(dict.fromkeys(origin for origin in origins if origin))


def is_of_host(origin_or_site: str, wanted: str) -> bool:
    """Whether an origin is `wanted`, or of the host `wanted`, or below it."""
    if "://" in wanted:
        return origin_or_site == wanted.rstrip("/")
    host = origin_or_site.partition("://")[2].partition(":")[0].lower()
    return host == wanted.lower() or host.endswith(f".{wanted.lower()}")


def _has_origin(entry: Entry, value: str) -> bool:
    return any(is_of_host(origin, value) for origin in reporting_origins(entry))


def _has_site(entry: Entry, value: str) -> bool:
    site = getattr(entry.about, "context_site", None)
    return site is not None and site.value is not None and is_of_host(site.value, value)


def _has_kind(entry: Entry, value: str) -> bool:
    own = entry.about.kind.value if isinstance(entry.about, Registration) else None
    return value in {entry.kind.value, own}


def _has_severity(entry: Entry, value: str) -> bool:
    worst = entry.severity
    return worst is not None and WORST_FIRST.index(worst) <= WORST_FIRST.index(Severity(value))


def _has_code(entry: Entry, value: str) -> bool:
    wanted = value.upper()
    return any(finding.rule.code.startswith(wanted) for finding in entry.findings)


def _has_text(entry: Entry, value: str) -> bool:
    wanted = printable(value).lower()
    texts = searched(entry, cells_of(entry, zero=None))
    return any(wanted in printable(text).lower() for text in texts)


def searched(entry: Entry, cells: Cells, longest: int | None = None) -> Iterator[str]:
    """All texts of an entry that a search goes through, each cut to `longest` characters."""
    about = entry.about
    route = f"{cells.outcome}: {cells.route}" if cells.outcome else cells.route
    yield from (f"#{entry.number}", cells.what, route[:longest], cells.place)
    yield entry.reporting_origin or ""
    for name in ("flow_id", "url", "ground", "raw"):
        value = getattr(about, name, None)
        if isinstance(value, str):
            yield value[:longest]
    if isinstance(about, Registration):
        yield about.context_site.page or about.context_site.origin or ""
    for hop in getattr(about, "hops", ()):
        yield hop.url[:longest]
    yield from map(words.sentence_of, entry.findings)


TESTS: Final[Mapping[str, Test]] = {
    "origin": _has_origin,
    "site": _has_site,
    "kind": _has_kind,
    "verdict": lambda entry, value: entry.verdict == value,
    "severity": _has_severity,
    "code": _has_code,
    "text": _has_text,
}
"""What each key of a filter asks of an entry; `severity` means this or worse."""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": (*EntryKind, *Kind),
    "verdict": tuple(Verdict),
    "severity": WORST_FIRST,
}
"""What may stand after a key, where that is a closed list."""
