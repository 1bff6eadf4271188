"""What a capture is expected to hold: the file beside a user's tests, and holding it against one.

May live here: reading the TOML file, matching, and telling what is missing the way a diff does.
Writing a file from a good capture is the work of `blessing`.

    [[registrations]]
    name = "the click on news.example"
    kind = "source"
    source_type = "navigation"
    site = "https://news.example"
    destination = "https://shop.example"
    reporting_origins = ["https://a.example", "https://b.example"]

    [[reports]]
    kind = "event-level"
    reporting_origin = "https://a.example"
    at_least = 1

    [findings]
    none_of = ["SRC", "RSP003"]
    errors = 0
    warnings = 2
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.registrations import Kind, Registration
from ara_inspector.reports import Report, ReportKind
from ara_inspector.spec.effective import Source, SourceType
from ara_inspector.views import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ara_inspector.timeline import Entry

CLOSEST: Final = 3
"""Registrations shown beside one that is missing, of those that differ least."""


class ExpectationError(ValueError):
    """A file that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many are wanted."""

    at_least: int = 1
    at_most: int | None = None

    def holds(self, number: int) -> bool:
        """Whether `number` is within it."""
        return self.at_least <= number and (self.at_most is None or number <= self.at_most)

    def __str__(self) -> str:
        if self.at_most is None:
            return f"at least {self.at_least}"
        if self.at_least == self.at_most:
            return f"exactly {self.at_least}"
        return f"{self.at_least} to {self.at_most}" if self.at_least else f"at most {self.at_most}"


@dataclass(frozen=True, slots=True)
class Expected:
    """One table of the file, for one reporting origin: what must be equal, and how often."""

    what: str
    """"registration" or "report"."""
    name: str
    wanted: Mapping[str, str]
    """Values by the keys of the file."""
    count: Count


@dataclass(frozen=True, slots=True)
class Expectations:
    """A whole file."""

    expected: tuple[Expected, ...] = ()
    none_of: tuple[str, ...] = ()
    """Codes, or beginnings of codes, that must not be found."""
    limits: Mapping[Severity, int] = field(default_factory=dict)
    """The most findings of a severity."""


def unmet(expectations: Expectations, entries: Iterable[Entry]) -> list[str]:
    """One text for each expectation that does not hold; empty if all do."""
    told = list(entries)
    failures = [text for each in expectations.expected if (text := _missing(each, told))]
    findings = [(entry, finding) for entry in told for finding in entry.findings]
    for code in expectations.none_of:
        for entry, finding in findings:
            if finding.rule.code.startswith(code):
                failures.append(
                    f"findings: none of {code} expected\n"
                    f"  + #{entry.number} {words.sentence_of(finding)}"
                )
    numbers = Counter(finding.severity for _, finding in findings)
    for severity, most in expectations.limits.items():
        if numbers[severity] > most:
            lines = [
                f"  + #{entry.number} {words.sentence_of(finding)}"
                for entry, finding in findings
                if finding.severity is severity
            ]
            head = f"findings: at most {most} {severity}s expected, {numbers[severity]} found"
            failures.append("\n".join([head, *lines]))
    return failures


def _missing(each: Expected, entries: Sequence[Entry]) -> str | None:
    values = READERS[each.what]
    candidates = [(entry, found) for entry in entries if (found := values(entry)) is not None]
    matching = [entry for entry, found in candidates if not _differences(each.wanted, found)]
    if each.count.holds(len(matching)):
        return None
    title = f'"{printable(each.name)}": ' if each.name else ""
    noun = each.what if str(each.count).endswith(" 1") else f"{each.what}s"
    head = f"{title}{each.count} {noun} expected, {len(matching)} found"
    lines = [f"  - {name} = {printable(value)}" for name, value in each.wanted.items()]
    if matching:
        lines += [f"  = #{entry.number}" for entry in matching]
        return "\n".join([head, *lines])
    distances = [
        (len(_differences(each.wanted, found)), entry, found) for entry, found in candidates
    ]
    nearest = min((distance for distance, _, _ in distances), default=0)
    closest = [each for each in distances if each[0] <= nearest + 1]
    for _, entry, found in closest[:CLOSEST]:
        told = ", ".join(
            f"{name} = {printable(found.get(name) or 'unknown')}"
            for name in _differences(each.wanted, found)
        )
        codes = words.codes_of(entry.findings)
        lines.append(f"  + #{entry.number} {told}" + (f" ({codes})" if codes else ""))
    if not candidates:
        lines.append(f"  + no {each.what} at all")
    return "\n".join([head, *lines])


def _differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    return [name for name, value in wanted.items() if not _agrees(value, found.get(name))]


def _agrees(wanted: str, found: str | None) -> bool:
    # A source has up to three destinations: the one wanted must be among them.
    return found is not None and (wanted == found or wanted in found.split(", "))


def values_of_registration(entry: Entry) -> dict[str, str] | None:
    """What a file can ask of a registration, None of another entry."""
    about = entry.about
    if not isinstance(about, Registration):
        return None
    effective = about.effective
    values = {
        "kind": about.kind.value,
        "source_type": about.source_type.value if about.source_type else None,
        "site": about.context_site.value,
        "destination": ", ".join(effective.destination) if isinstance(effective, Source) else None,
        "reporting_origin": about.reporting_origin,
        "verdict": about.verdict.value,
    }
    return {name: value for name, value in values.items() if value is not None}


def values_of_report(entry: Entry) -> dict[str, str] | None:
    """What a file can ask of a report, None of another entry."""
    if not isinstance(entry.about, Report):
        return None
    return {
        "kind": entry.about.kind.value,
        "reporting_origin": entry.about.reporting_origin,
        "delivery": entry.about.delivery.outcome.value,
    }


READERS: Final[Mapping[str, Callable[[Entry], dict[str, str] | None]]] = {
    "registration": values_of_registration,
    "report": values_of_report,
}


def read_expectations(text: str) -> Expectations:
    """The expectations of a file. Raises `ExpectationError`."""
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExpectationError(f"it is not TOML: {error}") from error
    _only(value, {"registrations", "reports", "findings"}, "the file")
    wanted: list[Expected] = []
    for what in KEYS:
        tables = value.get(f"{what}s", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise ExpectationError(f"{what}s: write [[{what}s]], a table for each")
        for number, table in enumerate(tables, 1):
            wanted += expected(what, table, f"[[{what}s]] {number}")
    findings = value.get("findings", {})
    if not isinstance(findings, dict):
        raise ExpectationError("findings: write [findings], one table")
    _only(findings, {"none_of", *LIMITS}, "[findings]")
    limits = {
        severity: _number(findings[key], f"[findings] {key}")
        for key, severity in LIMITS.items()
        if key in findings
    }
    none_of = _texts(findings.get("none_of", []), "[findings] none_of")
    return Expectations(tuple(wanted), none_of, limits)


KEYS: Final[Mapping[str, Mapping[str, tuple[str, ...] | None]]] = {
    "registration": {
        "kind": tuple(Kind),
        "source_type": tuple(SourceType),
        "site": None,
        "destination": None,
        "reporting_origin": None,
        "verdict": tuple(Verdict),
    },
    "report": {"kind": tuple(ReportKind), "reporting_origin": None, "delivery": None},
}
"""The keys of each kind of table, with their words where those are a closed list."""
COUNTS: Final = frozenset({"at_least", "at_most", "count"})
LIMITS: Final = {"errors": Severity.ERROR, "warnings": Severity.WARNING}


def expected(what: str, table: Mapping[str, Any], place: str) -> list[Expected]:
    """What one table asks for, once for each of its origins. Raises `ExpectationError`."""
    keys = KEYS[what]
    _only(table, {*keys, *COUNTS, "name", "reporting_origins"}, place)
    wanted = {key: _text(table[key], f"{place} {key}") for key in keys if key in table}
    for key, value in wanted.items():
        allowed = keys[key]
        if allowed is not None and value not in allowed:
            raise ExpectationError(f"{place} {key}: one of {', '.join(allowed)}, not {value!r}")
    if what == "registration":
        wanted.setdefault("verdict", Verdict.REGISTERED.value)
    count = _count(table, place)
    name = _text(table.get("name", ""), f"{place} name")
    if "reporting_origins" not in table:
        return [Expected(what, name, wanted, count)]
    origins = _texts(table["reporting_origins"], f"{place} reporting_origins")
    return [
        Expected(what, name, {**wanted, "reporting_origin": origin}, count) for origin in origins
    ]


def _count(table: Mapping[str, Any], place: str) -> Count:
    numbers = {key: _number(table[key], f"{place} {key}") for key in COUNTS if key in table}
    if "count" in numbers:
        return Count(numbers["count"], numbers["count"])
    at_most = numbers.get("at_most")
    return Count(numbers.get("at_least", 1 if at_most is None else 0), at_most)


def _only(table: Mapping[str, Any], known: set[str], place: str) -> None:
    for key in table:
        if key not in known:
            raise ExpectationError(f"{place}: {key!r} is not one of {', '.join(sorted(known))}")


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise ExpectationError(f"{place}: a string is wanted")
    return value


def _texts(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ExpectationError(f"{place}: a list of strings is wanted")
    return tuple(value)


def _number(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ExpectationError(f"{place}: a number, 0 or more, is wanted")
    return value
