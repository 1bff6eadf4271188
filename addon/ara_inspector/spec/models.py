"""What all models have in common: frozen values that pydantic writes as JSON and describes.

May live here: the base of the models, how their numbers are written and how pydantic comes to
know them. Models are records like all others: a session keeps thousands of them and makes some
for every flow, and they take half the room of pydantic's own. pydantic is loaded when the first
is written, which mitmdump alone never asks for.
"""

from __future__ import annotations

from dataclasses import field, make_dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from msgspec import NODEFAULT, Struct, structs

from ara_inspector.records import field_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, TypeAdapter
    from pydantic_core import CoreSchema


class Model(Struct, frozen=True, gc=False):
    """Base of all models: frozen, nothing extra; None means absent in JSON."""

    def to_json(self) -> dict[str, Any]:
        """The value ready for `json.dumps`, under the wire's names."""
        kind: Any = type(self)  # mypy does not take types for hashable
        written: dict[str, Any] = _adapter(kind).dump_python(self, mode="json", exclude_none=True)
        return written

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Called by pydantic when it looks at the model."""
        from pydantic_core import core_schema  # noqa: PLC0415 - loaded where asked for

        known = _as_a_dataclass(cls)

        def write(value: Model, go_on: Callable[[object], object]) -> object:
            return go_on(known(**structs.asdict(value)))

        schema = handler(known)
        resolved: Any = handler.resolve_ref_schema(schema)
        resolved["serialization"] = core_schema.wrap_serializer_function_ser_schema(write)
        return schema


class Written:
    """How pydantic writes a field as JSON that JSON itself cannot hold safely."""

    __slots__ = ("_write",)

    def __init__(self, write: Callable[[Any], str]) -> None:
        self._write = write

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Called by pydantic when it looks at a model."""
        from pydantic import PlainSerializer  # noqa: PLC0415 - loaded where asked for

        serializer = PlainSerializer(self._write, return_type=str, when_used="json")
        return serializer.__get_pydantic_core_schema__(source, handler)


DecimalText = Annotated[int, Written(str)]
"""A 64-bit integer, a decimal string in JSON."""
HexText = Annotated[int, Written(hex)]
"""A 128-bit key piece, lower-case hex with 0x in JSON."""


@cache
def _adapter(kind: type[object]) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - loaded where asked for

    return TypeAdapter(kind)


def _as_a_dataclass(kind: type[Model]) -> type[Any]:
    """What pydantic knows how to take: of the same name, fields and description."""
    names, defaults = field_names(kind), kind.__struct_defaults__
    last = zip(names[len(names) - len(defaults) :], defaults, strict=True)
    given = {name: {"default": value} for name, value in last if value is not NODEFAULT}
    hints = get_type_hints(kind, include_extras=True)
    return make_dataclass(
        kind.__name__,
        [(name, hints[name], field(**given.get(name, {}))) for name in names],
        namespace={"__doc__": kind.__doc__, "__pydantic_config__": {"extra": "forbid"}},
        module=kind.__module__,
        slots=True,
        kw_only=True,
    )
