"""From candidates to one link: the best first, and how sure it is.

May live here: ranking and the words of the ground. No report is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ara_inspector.findings import Certainty
from ara_inspector.reports.links.candidates import MAX_OTHERS
from ara_inspector.reports.links.values import Link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.reports.links.values import Known, Role


class Fit(Struct, frozen=True, gc=False):
    """How well one registration fits a report.

    `shared` is what they have in common, for the ground. `rank` orders fits, higher is better:
    what the report itself says comes first, then what is only usual.
    """

    known: Known
    shared: tuple[str, ...]
    rank: tuple[float, ...] = ()


def best_link(fits: Iterable[Fit], role: Role, *, sure: bool) -> Link | None:
    """The link to the best fit; certain only if `sure` and no other fits as well."""
    ordered = sorted(fits, key=lambda fit: (fit.rank, fit.known.entry), reverse=True)
    seen = dict.fromkeys(fit.known.entry for fit in ordered)
    if not ordered:
        return None
    best = ordered[0]
    others = tuple(entry for entry in seen if entry != best.known.entry)
    ground = f"same {_listed(best.shared)}"
    if others:
        ground = f"{ground}; the best of {len(others) + 1} that fit"
    return Link(
        entry=best.known.entry,
        role=role,
        certainty=Certainty.CERTAIN if sure and not others else Certainty.LIKELY,
        ground=ground,
        others=others[:MAX_OTHERS],
    )


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
