"""An expectation after captures were held against it, as every view of a check shows it.

May live here: that value, and its remarks in words. What is expected and whether it holds is the
work of `checking`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from ara_inspector.findings import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMED: Final = 10
"""Entries named beside a ground."""


class Judged(Struct, frozen=True, gc=False):
    """An expectation, and whether it holds."""

    about: str
    """The expectation itself, in one line: the same in every run."""
    line: int | None = None
    """Where it begins in its file."""
    text: str = ""
    """If it does not hold, what was expected and what was found: a head and a line for each."""
    likely: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """If it holds, the entries whose fates are only likely on which it rests, by their grounds."""

    @property
    def is_met(self) -> bool:
        """Whether it holds."""
        return not self.text


def only_likely(likely: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What is only likely, a sentence for each ground."""
    for ground, places in likely.items():
        more = len(places) - NAMED
        named = ", ".join([*places[:NAMED], *([f"{more} more"] if more > 0 else [])])
        yield f"only likely: {named} ({printable(ground)})"
