"""Whether a source's filter data matches, and where it does not.

May live here: the matching algorithms of
https://wicg.github.io/attribution-reporting-api/#does-filter-data-match , answering with the
mismatch instead of a bare no.

Chrome drops empty filter sets that stand in a list beside others; by the specification an
empty set matches everything, and so the list would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector.attribution.registered import SECOND
from ara_inspector.spec.filters import LOOKBACK_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ara_inspector.attribution.sources import StoredSource
    from ara_inspector.attribution.trace import Value
    from ara_inspector.spec.effective import FilterConfig, FilterPair

type Mismatch = tuple[str, Value, Value]
"""The key that does not match, what the source has, what the trigger wants."""


def seconds(duration: int) -> int | float:
    """A duration for the reader: whole seconds where it is whole."""
    whole, rest = divmod(duration, SECOND)
    return duration / SECOND if rest else whole


def match_filter_config(
    source: StoredSource, config: FilterConfig, moment: int, *, negated: bool
) -> Mismatch | None:
    """Match an attribution source against a filter config.

    https://wicg.github.io/attribution-reporting-api/#match-an-attribution-source-against-a-filter-config

    None where it matches. Negated: no value may be shared, and the source must be older than
    the lookback window.
    """
    if config.lookback_window is not None:
        age = moment - source.time
        if (age > config.lookback_window * SECOND) is not negated:
            return LOOKBACK_KEY, seconds(age), config.lookback_window
    for key, values in config.values.items():
        data = source.filter_data.get(key)
        if data is None:
            continue
        shares = not data.isdisjoint(values) if values else not data
        if shares is negated:
            return key, tuple(sorted(data)), values
    return None


def mismatches(
    source: StoredSource, configs: tuple[FilterConfig, ...], moment: int, *, negated: bool
) -> tuple[Mismatch, ...]:
    """Match an attribution source against filters.

    https://wicg.github.io/attribution-reporting-api/#match-an-attribution-source-against-filters

    Empty where a set of the list matches, or the list says nothing; else each set's mismatch.
    """
    found: list[Mismatch] = []
    for config in configs:
        if not config.values and config.lookback_window is None:
            continue
        mismatch = match_filter_config(source, config, moment, negated=negated)
        if mismatch is None:
            return ()
        found.append(mismatch)
    return tuple(found)


def match_filter_pair(source: StoredSource, pair: FilterPair, moment: int) -> Value:
    """Match an attribution source against filters and negated filters.

    https://wicg.github.io/attribution-reporting-api/#match-an-attribution-source-against-filters-and-negated-filters

    None where it matches, else what does not, for the trace.
    """
    for name, configs, negated in (
        ("filters", pair.filters, False),
        ("not_filters", pair.not_filters, True),
    ):
        if configs and (found := mismatches(source, configs, moment, negated=negated)):
            return {
                name: tuple({"key": k, "source": has, "trigger": want} for k, has, want in found)
            }
    return None


def first_match(
    source: StoredSource, pairs: Sequence[FilterPair], moment: int
) -> tuple[int | None, tuple[Value, ...]]:
    """The index of the first of several configurations whose filters match, or None.

    With it, for the trace, what keeps out each configuration tried before.
    """
    tried: list[Value] = []
    for index, pair in enumerate(pairs):
        mismatch = match_filter_pair(source, pair, moment)
        if mismatch is None:
            return index, tuple(tried)
        tried.append(mismatch)
    return None, tuple(tried)
