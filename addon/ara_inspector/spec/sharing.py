"""Equal parts of headers as one object: the headers of a campaign differ in an id or two.

May live here: the bounded caches of what was read before. Nothing that is shared is ever
changed; who keeps thousands of registrations, as browsers do, keeps what they have in common once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

SHARED: Final = 512
"""Values remembered, and as many mappings."""


def shared[T](value: T) -> T:
    """The equal value of before, if it is remembered; what has no hash stays as it is."""
    try:
        return cast("T", _shared_value(value))
    except TypeError:
        return value


def shared_mapping[V: Hashable](mapping: Mapping[str, V]) -> Mapping[str, V]:
    """The same for mappings: equal, and in the same order."""
    return cast("Mapping[str, V]", _shared_mapping(tuple(mapping.items())))


@lru_cache(SHARED)
def _shared_value(value: Hashable) -> Hashable:
    return value


@lru_cache(SHARED)
def _shared_mapping(items: tuple[tuple[str, Hashable], ...]) -> Mapping[str, Any]:
    return dict(items)
