"""Columns of numbers: thousands of records in little room.

May live here: finding a record in a column that ascends. What the columns say is for who has them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array


def place_of(number: int, column: array[int]) -> int | None:
    """Where a number stands in a column that ascends, None if it is not in it."""
    place = bisect_left(column, number)
    return place if place < len(column) and column[place] == number else None
