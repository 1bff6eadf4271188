"""The JSON Schemas of everything the inspector prints as JSON.

May live here: which names are printed by `ara-inspector schema`, and making the schemas from
the models and shapes that produce the output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from ara_inspector.spec.effective import Source, Trigger
from ara_inspector.views.contract import DocumentOutput, DocumentsOutput, EntryOutput
from ara_inspector.views.judgement import Judgement, Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

PRINTED: Final[Mapping[str, tuple[str, Any]]] = {
    "source": ("the effective value of Register-Source", Source),
    "trigger": ("the effective value of Register-Trigger", Trigger),
    "validation": ("a line of `validate --jsonl`", Judgement | Unusable),
    "document": ("what `check --format json` prints", DocumentOutput),
    "documents": ("the same for several captures", DocumentsOutput),
    "entry": ("a line of the timeline", EntryOutput),
}
"""Each name with what it describes and the type it is made from."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema called `name`, of the JSON as it is printed."""
    title, kind = PRINTED[name]
    made = TypeAdapter(kind).json_schema(mode="serialization")
    return {"$schema": DIALECT, **made, "description": title}
