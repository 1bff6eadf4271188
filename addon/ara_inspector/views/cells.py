"""Every kind of entry as the same row of short texts, for lines and tables.

May live here: which text of an entry goes into which column. The wording is in `words`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.browser import BrowserAccount
from ara_inspector.chains import ActionCard, ChainCard, SilentHop
from ara_inspector.context import ContextNews
from ara_inspector.findings import printable
from ara_inspector.registrations import Registration
from ara_inspector.reports import Report
from ara_inspector.views import words
from ara_inspector.views.fates import STANDINGS, comes_to

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry


class Cells(Struct, frozen=True, gc=False):
    """An entry's columns: plain text, escaped, one line each."""

    number: str
    time: str
    origin: str
    what: str
    verdict: str
    route: str
    """The context site and what the registration is for; for other entries their sentence."""
    place: str
    """Chain and hop."""
    codes: str
    outcome: str
    """What a registration comes to, or where a report stands."""


def cells_of(entry: Entry, *, zero: float | None, sited: bool = True) -> Cells:
    """The columns of `entry`; times are told after `zero`, or absolute without one.

    Unless `sited` a route does not begin with the context site.
    """
    what, verdict, route, place = _about(entry, sited=sited)
    return Cells(
        number=str(entry.number),
        time=words.moment(entry.time, zero),
        origin=words.host(words.reporter_of(entry)),
        what=what,
        verdict=verdict,
        route=route,
        place=place,
        codes=words.codes_of(entry.findings, notes=words.notes_matter(entry)),
        outcome=_outcome(entry),
    )


def _outcome(entry: Entry) -> str:
    if entry.fate is not None:
        return comes_to(entry.fate)
    standing = entry.standing
    if standing is None:
        return ""
    if standing.registrations:
        return f"of {', '.join(f'#{number}' for number in standing.registrations)}"
    return STANDINGS[standing.standing]


def _about(entry: Entry, *, sited: bool) -> tuple[str, str, str, str]:
    about = entry.about
    if isinstance(about, Registration):
        place = words.place_of(about.chain, about.hop)
        route = words.route_of(about, sited=sited)
        return words.what_of(about), words.verdict_of(about), route, place
    if isinstance(about, SilentHop):
        could = f"eligible for {', '.join(about.eligibility)}"
        return "silent", "", could, words.place_of(about.chain, about.hop)
    what, sentence = _sentence(entry)
    return what, "", printable(sentence), ""


def _sentence(entry: Entry) -> tuple[str, str]:
    about = entry.about
    match about:
        case ChainCard():
            return f"chain c{about.number}", about.totals
        case ActionCard():
            return f"action a{about.number}", about.sentence
        case ContextNews():
            return "context", f"#{about.entry}: {about.proven}"
        case BrowserAccount():
            return "browser", about.sentence
        case Report():
            return words.REPORT_KINDS[about.kind], words.report_of(about)
        case _:
            told = next((finding.message for finding in about.findings), about.url)
            return entry.kind.value, told
