"""What all values that go from stage to stage have in common, whatever they are made with.

May live here: changed copies, and the names of fields. Records are msgspec's: a frozen one is made
in a tenth of the time that a dataclass takes, and its class is there in a thirtieth. Models, which
pydantic writes, are dataclasses.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

__all__ = ["field_names", "replace"]


def _replace(value: Any, /, **changes: Any) -> Any:
    """A copy of a record or a model, with these fields changed."""
    if isinstance(value, Struct):
        return structs.replace(value, **changes)
    return dataclasses.replace(value, **changes)


if TYPE_CHECKING:
    # To a type checker records are dataclasses as well, and of those it knows the fields.
    from dataclasses import replace
else:
    replace = _replace


def field_names(value: Any) -> tuple[str, ...]:
    """The names of the fields of a record or a model, or of a class of them, in their order."""
    records: tuple[str, ...] | None = getattr(value, "__struct_fields__", None)
    return records or tuple(field.name for field in dataclasses.fields(value))
