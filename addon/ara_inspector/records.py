"""What all values that go from stage to stage have in common.

May live here: changed copies, and the names of fields. Records are msgspec's: a frozen one is made
in a tenth of the time that a dataclass takes, and its class is there in a thirtieth.

Frozen ones are kept from the garbage collector (`gc=False`): what never changes was made after all
that it refers to, so it cannot be in a circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # To a type checker records are dataclasses, and of the copies of those it checks the fields.
    from dataclasses import replace

    from msgspec import Struct
else:
    from msgspec.structs import replace

__all__ = ["field_names", "replace"]


def field_names(record: Struct | type[Struct]) -> tuple[str, ...]:
    """The names of the fields of a record, or of a class of them, in their order."""
    return record.__struct_fields__
