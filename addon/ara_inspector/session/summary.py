"""A session in numbers and one sentence.

May live here: the frozen summary and the choice of the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ara_inspector.attribution.fates import Balance
from ara_inspector.findings import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ara_inspector.browser import BrowserAccount


@dataclass(frozen=True, slots=True)
class Summary:
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


def sentence(
    verdicts: Mapping[str, int],
    eligible: int,
    browsers: Sequence[BrowserAccount],
    mode: str = "",
) -> str:
    """What to know first about a session; `mode` is a sentence about the browser's, if any."""
    total = sum(verdicts.values())
    if browsers and not eligible and all(account.works is False for account in browsers):
        return f"The API cannot work here: {'; '.join(account.sentence for account in browsers)}."
    doubtful = [account.sentence for account in browsers if account.works is None]
    if not total and not eligible:
        nothing = "No Attribution Reporting traffic: no Eligible header, no Register header."
        return " ".join((nothing, *(f"{text}." for text in doubtful)))
    told = ", ".join(
        f"{verdicts[verdict]} {verdict}" for verdict in Verdict if verdicts.get(verdict)
    )
    counted = f"{total} {'registration' if total == 1 else 'registrations'}"
    asked = f"{eligible} eligible {'request' if eligible == 1 else 'requests'}"
    text = f"{counted}: {told}." if total else f"{asked}, none answered with a Register header."
    doubts = (f"{text}." for text in doubtful if not eligible)
    return " ".join(filter(None, (text, *doubts, mode)))
