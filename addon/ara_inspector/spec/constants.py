"""The specification's own limits, each with its anchor. Chromium's choices are in `vendor`."""

from __future__ import annotations

from typing import Final

DAY: Final = 86_400
HOUR: Final = 3_600
UINT64_MAX: Final = 2**64 - 1
INT64_MIN: Final = -(2**63)
INT64_MAX: Final = 2**63 - 1
UINT128_MAX: Final = 2**128 - 1
