"""What captures are expected to hold, and holding them against it.

May live here: the expectations as values, matching, and telling what is missing the way a diff
does. Reading them from a file is the work of `expectation_file`, what a capture has to offer
that of `candidates`, writing a file from a good capture that of `blessing`.

    [[registrations]]
    name = "the click on news.example"
    kind = "source"
    source_type = "navigation"
    site = "https://news.example"
    destination = "https://shop.example"
    reporting_origins = ["https://a.example", "https://b.example"]
    result = "stored"

    [[registrations]]
    name = "the purchase"
    kind = "trigger"
    site = "https://shop.example"
    reporting_origin = "https://a.example"
    event_level = "attributed"
    source.site = "https://news.example"

    [[reports]]
    kind = "event-level"
    reporting_origin = "https://a.example"
    standing = "expected"
    count = 1

    [findings]
    none_of = ["ATT", "RSP003"]
    errors = 0
    warnings = 2
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.checking.candidates import candidates, place_of
from ara_inspector.checking.keys import FATE_KEYS, kinds_of
from ara_inspector.findings import Severity, printable
from ara_inspector.views import words
from ara_inspector.views.expectation import Judged, only_likely

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from ara_inspector.checking.candidates import Candidate
    from ara_inspector.checking.inspection import Inspection
    from ara_inspector.findings import Finding

CLOSEST: Final = 3
"""Candidates shown beside one that is missing, of those that differ least."""
UNSAID: Final = " (unless said otherwise)"
"""Behind what is wanted though the file does not say so."""
WHOLE_CODE: Final = 6
"""Characters of a code; fewer are the beginning of several."""


class Count(Struct, frozen=True, gc=False):
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


class Expected(Struct, frozen=True, gc=False):
    """One table of the file, for one reporting origin: what must be equal, and how often."""

    what: str
    """"registration" or "report"."""
    name: str
    wanted: Mapping[str, str]
    """Values by the keys of the file."""
    count: Count
    line: int | None = None
    """Where the table begins in its file."""
    assumed: frozenset[str] = frozenset()
    """The keys of values that go without saying."""


class Expectations(Struct, frozen=True, gc=False):
    """A whole file."""

    expected: tuple[Expected, ...] = ()
    none_of: tuple[str, ...] = ()
    """Codes that must not be found; of beginnings of codes, errors and warnings must not."""
    limits: Mapping[Severity, int] = field(default_factory=dict)
    """The most findings of a severity."""
    findings_line: int | None = None
    """Where the table of the last two begins in its file."""

    def __len__(self) -> int:
        return len(self.expected) + len(self.none_of) + len(self.limits)


class Comparison(Struct, frozen=True, gc=False):
    """What came of holding captures against expectations; `str()` of it is for reading."""

    judged: tuple[Judged, ...] = ()
    """All of them, as they stand in the file."""

    @property
    def unmet(self) -> tuple[Judged, ...]:
        """Those that do not hold."""
        return tuple(each for each in self.judged if not each.is_met)

    @property
    def likely(self) -> Mapping[str, tuple[str, ...]]:
        """By their grounds, the entries whose fates are only likely on which what is met rests."""
        merged: dict[str, dict[str, None]] = {}
        for each in self.judged:
            for ground, places in each.likely.items():
                merged.setdefault(ground, {}).update(dict.fromkeys(places))
        return {ground: tuple(places) for ground, places in merged.items()}

    @property
    def sentence(self) -> str:
        """How many are met."""
        total, unmet = len(self.judged), len(self.unmet)
        if not total:
            return "expectations: the file has none"
        if not unmet:
            met = f"all {total} are met" if total > 1 else "the only one is met"
            return f"expectations: {met}"
        return f"expectations that are not met: {unmet} of {total}"

    def __str__(self) -> str:
        remarks = [f"  {remark}" for remark in only_likely(self.likely)]
        return "\n\n".join(
            ["\n".join([self.sentence, *remarks]), *(each.text for each in self.unmet)]
        )


def compare(expectations: Expectations, captures: Iterable[Inspection]) -> Comparison:
    """Hold the captures, all together, against the expectations."""
    captures = tuple(captures)
    offered = {what: candidates(what, captures) for what in ("registration", "report")}
    where = "in this capture" if len(captures) == 1 else "in these captures"
    judged = [_judged(each, offered[each.what], where) for each in expectations.expected]
    return Comparison((*judged, *_about_findings(expectations, captures)))


def _judged(each: Expected, offered: Sequence[Candidate], where: str) -> Judged:
    about = _described(each)
    text = _missing(each, offered, where)
    if text is not None:
        return Judged(about, each.line, text)
    likely: dict[str, dict[str, None]] = {}
    for one in _resting_on(each, offered):
        likely.setdefault(one.doubt, {})[one.place] = None
    grounds = {ground: tuple(places) for ground, places in likely.items()}
    return Judged(about, each.line, likely=grounds)


def _described(each: Expected) -> str:
    wanted = ", ".join(f"{name} = {printable(value)}" for name, value in each.wanted.items())
    return f"{_head(each)} expected: {wanted}"


def _head(each: Expected) -> str:
    title = f'"{printable(each.name)}": ' if each.name else ""
    noun = each.what if str(each.count).endswith(" 1") else f"{each.what}s"
    return f"{title}{each.count} {noun}"


def _missing(each: Expected, offered: Sequence[Candidate], where: str) -> str | None:
    matching = [one for one in offered if not one.differs_in(each.wanted)]
    if each.count.holds(len(matching)):
        return None
    lines = [f"{_head(each)} expected, {len(matching)} found"]
    lines += [
        f"  - {name} = {printable(value)}{UNSAID if name in each.assumed else ''}"
        for name, value in each.wanted.items()
    ]
    if matching:
        lines += [f"  = {one.place}{_doubt(one, each.wanted)}" for one in matching]
        return "\n".join(lines)
    kinds = kinds_of(each.what, each.wanted)
    alike = [one for one in offered if not kinds or not kinds.isdisjoint(one.values["kind"].words)]
    for one in _closest(each, alike):
        differing = one.differs_in(each.wanted)
        told = ", ".join(f"{name} = {one.shown(name)}" for name in differing)
        codes = f" ({one.codes})" if one.codes else ""
        lines.append(f"  + {one.place} {told}{codes}{_doubt(one, differing)}")
    if not alike:
        lines.append(f"  + no {_noun(each.what, kinds)} {where}")
    return "\n".join(lines)


def _noun(what: str, kinds: Collection[str]) -> str:
    """What is missing, if it is of one of these kinds."""
    if what == "registration":
        return " or ".join(sorted(kinds)) or what
    return f"{what} of kind {' or '.join(sorted(kinds))}" if kinds else what


def _closest(each: Expected, offered: Sequence[Candidate]) -> list[Candidate]:
    """What may have been meant: of those that differ least, first what differs in its fate."""
    distances = []
    for one in offered:
        differing = set(one.differs_in(each.wanted))
        # However many keys ask for the fate, it is one thing that came out otherwise.
        others = differing - FATE_KEYS.keys()
        distances.append((len(others) + (differing != others), len(others), one))
    nearest = min((distance for distance, _, _ in distances), default=0)
    close = [each for each in distances if each[0] <= nearest + 1]
    return [one for _, _, one in sorted(close, key=lambda each: each[:2])[:CLOSEST]]


def _doubt(one: Candidate, keys: Iterable[str]) -> str:
    """What makes that which stands under these keys only likely, in words."""
    return "" if one.doubtful.isdisjoint(keys) else f" - only likely: {printable(one.doubt)}"


def _resting_on(each: Expected, offered: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those of which only likely things make an expectation hold."""
    for one in offered:
        differing = one.differs_in(each.wanted)
        # Where no more than so many may be, one that is none by another fate counts as well.
        counts = not differing or (
            each.count.at_most is not None and one.doubtful.issuperset(differing)
        )
        if counts and not one.doubtful.isdisjoint(each.wanted):
            yield one


def _about_findings(expectations: Expectations, captures: Sequence[Inspection]) -> Iterator[Judged]:
    """Findings that must not be, or not be so many."""
    found = [
        (place_of(capture, entry.number, captures), finding)
        for capture in captures
        for entry in capture.timeline
        for finding in entry.findings
    ]

    def judged(about: str, meant: Callable[[Finding], bool], most: int = 0) -> Judged:
        lines = [
            f"  + {place} {words.sentence_of(finding)}"
            for place, finding in found
            if meant(finding)
        ]
        failing = len(lines) > most
        text = "\n".join([f"{about}, {len(lines)} found", *lines]) if failing else ""
        return Judged(about, expectations.findings_line, text)

    for code in expectations.none_of:
        yield judged(f"findings: none of {code} expected", partial(is_meant, code=code))
    for severity, most in expectations.limits.items():
        noun = f"{severity}{'' if most == 1 else 's'}"
        yield judged(f"findings: at most {most} {noun} expected", partial(_is, severity), most)


def _is(severity: Severity, finding: Finding) -> bool:
    return finding.severity is severity


def is_meant(finding: Finding, code: str) -> bool:
    """Whether `code` of a file means this finding: of several codes at once, not the notes."""
    if len(code) < WHOLE_CODE and finding.severity is Severity.NOTE:
        return False
    return finding.rule.code.startswith(code)
