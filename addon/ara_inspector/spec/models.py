"""What all models have in common: frozen values that pydantic writes as JSON and describes.

May live here: the base of the models and how their numbers are written. Models are plain
dataclasses: a session keeps thousands of them and makes some for every flow, and they take half
the room of pydantic's own. pydantic is loaded when the first is written, which mitmdump alone
never asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import ConfigDict, GetCoreSchemaHandler, TypeAdapter
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Model:
    """Base of all models: frozen, nothing extra; None means absent in JSON."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    def to_json(self) -> dict[str, Any]:
        """The value ready for `json.dumps`, under the wire's names."""
        kind: Any = type(self)  # mypy does not take types for hashable
        written: dict[str, Any] = _adapter(kind).dump_python(self, mode="json", exclude_none=True)
        return written


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
