"""What the browser says came of a registration, in its own verbose debug report.

May live here: from debug types back to the results they may mean, where they are not what was
predicted. What a prediction rests on is weighed in `session.certainty`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.attribution.fates import Agreement
from ara_inspector.attribution.results import (
    AGGREGATABLE_DEBUG_TYPES,
    EVENT_LEVEL_DEBUG_TYPES,
    SOURCE_DEBUG_TYPES,
    AggregatableResult,
    EventLevelResult,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.attribution.fates import Fate, SourceFate, TriggerFate
    from ara_inspector.attribution.results import SourceResult


def is_contradicted(fate: Fate) -> bool:
    """Whether the browser says something else than what was predicted."""
    return fate.told is not None and fate.told.agreement is Agreement.CONTRADICTED


def results_of_source(fate: SourceFate) -> tuple[SourceResult, ...]:
    """What becomes of it; where the browser says otherwise, all that may be meant by that."""
    return _reported(SOURCE_DEBUG_TYPES, fate) if is_contradicted(fate) else (fate.result,)


def results_of_trigger(
    fate: TriggerFate,
) -> tuple[tuple[EventLevelResult, ...], tuple[AggregatableResult, ...]]:
    """What becomes of it at both levels; where the browser says otherwise, that counts."""
    if not is_contradicted(fate):
        return (fate.event_level,), (fate.aggregatable,)
    event_level = _reported(EVENT_LEVEL_DEBUG_TYPES, fate)
    aggregatable = _reported(AGGREGATABLE_DEBUG_TYPES, fate)
    if not event_level and not aggregatable:
        return (), ()
    # Success has no debug type: of a level that is registered, silence says it.
    event_level = event_level or (EventLevelResult.SUCCESS,)
    aggregatable = aggregatable or (AggregatableResult.SUCCESS,)
    if fate.event_level is EventLevelResult.NOT_REGISTERED:
        event_level = (fate.event_level,)
    if fate.aggregatable is AggregatableResult.NOT_REGISTERED:
        aggregatable = (fate.aggregatable,)
    return event_level, aggregatable


def _reported[R](types: Mapping[R, str], fate: Fate) -> tuple[R, ...]:
    """The results that the browser's verbose debug report may mean; some types mean none."""
    told = () if fate.told is None else fate.told.types
    return tuple(result for result, debug_type in types.items() if debug_type in told)
