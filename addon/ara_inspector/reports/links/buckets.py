"""Taking a bucket apart: which key pieces of which registrations were put together.

May live here: explaining contributions of aggregatable reports and of aggregatable debug
reports. Which filters let a piece count is not looked at: a piece counts if its bits are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ara_inspector.reports.links.values import BucketLink
from ara_inspector.spec.effective import SourceDebugReporting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.reports.bodies import Contribution
    from ara_inspector.spec.effective import Source, Trigger, TriggerDebugReporting


class Lender[T](NamedTuple):
    """A registration whose key pieces may be in a bucket."""

    entry: int
    value: T


def explain_contributions(
    contributions: Sequence[Contribution], source: Lender[Source], trigger: Lender[Trigger]
) -> tuple[BucketLink, ...]:
    """Each contribution as source key piece OR trigger key pieces; fewer if one cannot be.

    https://wicg.github.io/attribution-reporting-api/#create-aggregatable-contributions
    """
    taken: set[str] = set()
    links = []
    for contribution in contributions:
        for name, piece in source.value.aggregation_keys.items():
            pieces = _pieces(contribution, name, piece, trigger.value)
            if name in taken or pieces is None:
                continue
            taken.add(name)
            links.append(
                BucketLink(
                    bucket=contribution.bucket,
                    value=contribution.value,
                    key=name,
                    source=source.entry,
                    source_piece=piece,
                    trigger=trigger.entry,
                    trigger_pieces=pieces,
                )
            )
            break
    return tuple(links)


def _pieces(
    contribution: Contribution, name: str, piece: int, trigger: Trigger
) -> tuple[int, ...] | None:
    """The trigger key pieces that make the bucket from the source's piece, None if none do."""
    if not any(
        name in values.values
        and values.values[name].value == contribution.value
        and values.values[name].filtering_id == contribution.filtering_id
        for values in trigger.aggregatable_values
    ):
        return None
    fitting = tuple(
        datum.key_piece
        for datum in trigger.aggregatable_trigger_data
        if name in datum.source_keys
        and datum.key_piece | contribution.bucket == contribution.bucket
    )
    together = piece
    for each in fitting:
        together |= each
    return fitting if together == contribution.bucket else None


def explain_debug(
    contributions: Sequence[Contribution],
    cause: Lender[TriggerDebugReporting],
    partner: Lender[TriggerDebugReporting] | None,
) -> tuple[BucketLink, ...]:
    """Contributions of an aggregatable debug report: key pieces of a debug data entry.

    `cause` is the configuration of the registration it was sent for; of a trigger, `partner` is
    that of the attributed source, whose key piece is in it too.
    https://wicg.github.io/attribution-reporting-api/#obtaining-and-delivering-aggregatable-debug-report
    """
    own = isinstance(cause.value, SourceDebugReporting)
    source = cause if own else partner
    lent = 0 if source is None else source.value.key_piece
    links = []
    for contribution in contributions:
        for datum in cause.value.debug_data:
            bucket = datum.key_piece | cause.value.key_piece | lent
            if (datum.value, bucket) != (contribution.value, contribution.bucket):
                continue
            pieces = (datum.key_piece,) if own else (cause.value.key_piece, datum.key_piece)
            links.append(
                BucketLink(
                    bucket=contribution.bucket,
                    value=contribution.value,
                    key=" ".join(datum.types),
                    source=None if source is None else source.entry,
                    source_piece=None if source is None else source.value.key_piece,
                    trigger=None if own else cause.entry,
                    trigger_pieces=pieces,
                )
            )
            break
    return tuple(links)
