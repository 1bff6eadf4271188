"""A session in numbers and one sentence.

May live here: the frozen summary, what is counted over entries, and the choice of the sentence.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.attribution.fates import Balance
from ara_inspector.chains import ChainCard
from ara_inspector.findings import Severity, Verdict
from ara_inspector.registrations import Registration
from ara_inspector.reports import Report, ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ara_inspector.browser import BrowserAccount
    from ara_inspector.timeline import Entry


class Counts(Struct, frozen=True, gc=False):
    """What is counted over entries."""

    registrations: int
    reporting_origins: tuple[str, ...]
    """Of the registrations, sorted."""
    shared_chains: int
    """Chains of more than one reporter."""
    severities: Mapping[Severity, int]
    """Findings by severity."""


def counted(entries: Iterable[Entry]) -> Counts:
    """`entries` in numbers."""
    registrations = shared = 0
    origins: set[str] = set()
    severities: Counter[Severity] = Counter()
    for entry in entries:
        severities.update(finding.severity for finding in entry.findings)
        if isinstance(entry.about, Registration):
            registrations += 1
        if _is_of_reporter(entry) and entry.reporting_origin:
            origins.add(entry.reporting_origin)
        if isinstance(entry.about, ChainCard):
            shared += entry.about.reporters > 1
    return Counts(registrations, tuple(sorted(origins)), shared, severities)


def _is_of_reporter(entry: Entry) -> bool:
    """Whether the origin of an entry is a reporting origin; one that gives out keys is none."""
    about = entry.about
    if isinstance(about, Report):
        return about.kind is not ReportKind.PUBLIC_KEYS
    return isinstance(about, Registration)


class Summary(Struct, frozen=True, gc=False):
    """The session in numbers and one sentence."""

    exchanges: int
    eligible: int
    """Requests with an Eligible header."""
    verdicts: Mapping[str, int]
    """Registrations by verdict."""
    reports: int
    chains: int
    silent: int
    browsers: tuple[BrowserAccount, ...]
    sentence: str
    """What to know first; says it clearly when the API cannot work here."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """What was dropped to keep the state bounded, by what it was; empty if nothing."""
    balance: Balance = field(default_factory=Balance)
    """The reports expected, against those seen."""
    local_testing: str = ""
    """A sentence, where a browser was seen to be in local testing mode."""
    proofs: Mapping[str, int] = field(default_factory=dict)
    """What reports proved about verdicts and sites, by outcome: what is contradicted is a
    mistake here, or a thing the wire does not show."""
    started: float | None = None
    """The time of the first entry: what relative times count from, whatever is shown."""
    whole: Counts | None = None
    """What all entries count to, where only some of them are shown."""


UNREAD: Final = "The capture cannot be read: nothing is known of its traffic."
"""The sentence where there is nothing that could have been counted."""


def of_a_part(text: str) -> str:
    """The sentence about a capture that breaks off: of what comes after nothing is known."""
    return f"In the part that could be read: {text[:1].lower()}{text[1:]}"


def sentence(
    verdicts: Mapping[str, int],
    eligible: int,
    browsers: Sequence[BrowserAccount],
    mode: str = "",
    likely: Mapping[str, int] | None = None,
) -> str:
    """What to know first about a session.

    `mode` is a sentence about the browser's, if any; `likely` counts the `verdicts` that are
    inferred.
    """
    total = sum(verdicts.values())
    if browsers and not eligible and all(account.works is False for account in browsers):
        return f"The API cannot work here: {'; '.join(account.sentence for account in browsers)}."
    doubtful = [account.sentence for account in browsers if account.works is None]
    if not total and not eligible:
        nothing = "No Attribution Reporting traffic: no Eligible header, no Register header."
        return " ".join((nothing, *(f"{text}." for text in doubtful)))
    guesses = likely or {}
    told = ", ".join(
        f"{verdicts[verdict]:,} {verdict}"
        + (f" ({guesses[verdict]:,} likely)" if guesses.get(verdict) else "")
        for verdict in Verdict
        if verdicts.get(verdict)
    )
    all_of_them = f"{total:,} {'registration' if total == 1 else 'registrations'}"
    asked = f"{eligible:,} eligible {'request' if eligible == 1 else 'requests'}"
    text = f"{all_of_them}: {told}." if total else f"{asked}, none answered with a Register header."
    doubts = (f"{text}." for text in doubtful if not eligible)
    return " ".join(filter(None, (text, *doubts, mode)))
