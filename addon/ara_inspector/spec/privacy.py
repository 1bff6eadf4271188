"""The arithmetic of privacy: output states, pick rate, channel capacity, fitting epsilon.

May live here: pure functions over numbers, each a specification algorithm under its own
name. Which limit applies to which registration is `source`'s business, the limits themselves
are in `vendor`. Nothing is enumerated: every function takes microseconds whatever it is given.
"""

from __future__ import annotations

import math
import struct
from typing import Final

_ONE_STATE: Final = 1
_RATE_DIGITS: Final = 7


def count_trigger_states(*, trigger_data: int, windows: int, max_reports: int) -> int:
    """How many outputs a source has: the size of the set of possible trigger states.

    https://wicg.github.io/attribution-reporting-api/#obtain-a-set-of-possible-trigger-states
    builds the set of all combinations with repetition of 0 to `max_reports` pairs of trigger
    datum and window. Adding a pair "no report" makes them combinations of exactly
    `max_reports`, of which there are C(pairs + max_reports, max_reports).
    """
    return math.comb(trigger_data * windows + max_reports, max_reports)


def randomized_response_pick_rate(states: int, epsilon: float) -> float:
    """The probability that the browser answers at random ("randomized trigger rate").

    https://wicg.github.io/attribution-reporting-api/#obtain-a-randomized-source-response-pick-rate
    """
    return states / (states - 1 + math.exp(epsilon))


def reported_rate(rate: float) -> float:
    """A pick rate as Chrome rounds it for the `randomized_trigger_rate` of reports."""
    return round(rate, _RATE_DIGITS)


def binary_entropy(probability: float) -> float:
    """Shannon's h, in bits; 0 at both ends."""
    if probability in {0.0, 1.0}:
        return 0.0
    rest = 1 - probability
    return -probability * math.log2(probability) - rest * math.log2(rest)


def channel_capacity(states: int, epsilon: float) -> float:
    """Bits one source can carry across sites through its event-level reports.

    https://wicg.github.io/attribution-reporting-api/#compute-the-channel-capacity-of-a-source
    without its first check (compare `states` with `vendor.MAX_TRIGGER_STATE_CARDINALITY`).
    """
    if states == _ONE_STATE:
        return 0.0
    pick_rate = randomized_response_pick_rate(states, epsilon)
    if pick_rate == 1:
        # All noise carries nothing; the formula would leave a rounding error.
        return 0.0
    flip = pick_rate * (states - 1) / states
    return math.log2(states) - binary_entropy(flip) - flip * math.log2(states - 1)


def scopes_channel_capacity(states: int, *, scope_limit: int, max_event_states: int) -> float:
    """Bits a source with attribution scopes can carry.

    https://wicg.github.io/attribution-reporting-api/#compute-the-scopes-channel-capacity-of-a-source
    """
    return math.log2(states + max_event_states * (scope_limit - 1))


def highest_fitting_epsilon(states: int, *, capacity: float, highest: float) -> float:
    """The largest epsilon up to `highest` that keeps `states` within `capacity` bits.

    For advice only, the specification has no such algorithm. Capacity grows with epsilon and
    doubles of one sign sort as their bit patterns do, so bisecting the patterns ends after at
    most 63 steps at the exact double.
    """
    if channel_capacity(states, highest) <= capacity:
        return highest
    fits, too_much = 0, _pattern(highest)
    while too_much - fits > 1:
        middle = (fits + too_much) // 2
        if channel_capacity(states, _double(middle)) <= capacity:
            fits = middle
        else:
            too_much = middle
    return _double(fits)


def _pattern(value: float) -> int:
    (pattern,) = struct.unpack("<Q", struct.pack("<d", value))
    return int(pattern)


def _double(pattern: int) -> float:
    (value,) = struct.unpack("<d", struct.pack("<Q", pattern))
    return float(value)
