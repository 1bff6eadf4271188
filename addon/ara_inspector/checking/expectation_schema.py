"""The JSON Schema of an expectation file, for editors that complete and check TOML or YAML by one.

May live here: the schema, made from the same keys and words the reader has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ara_inspector.checking.keys import (
    COUNTS,
    KEYS,
    LIMITS,
    NAME,
    NONE_OF,
    OF_SOURCE,
    ORIGINS,
    Form,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ara_inspector.checking.keys import Key

TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "integer", "minimum": 0}
NONE_OF_ABOUT: Final = (
    "codes of rules that must not be found; of the beginning of codes, like ATT, notes may be"
)


def expectation_schema() -> dict[str, Any]:
    """What may stand in an expectation file."""
    return _object(
        {
            **{f"{what}s": {"type": "array", "items": _table(keys)} for what, keys in KEYS.items()},
            "findings": _object(
                {
                    NONE_OF: {"type": "array", "items": TEXT, "description": NONE_OF_ABOUT},
                    **{
                        name: {**NUMBER, "description": f"the most {name} there may be"}
                        for name in LIMITS
                    },
                }
            ),
        }
    )


def _table(keys: Mapping[str, Key]) -> dict[str, Any]:
    properties: dict[str, Any] = {NAME: {**TEXT, "description": "what to call it in messages"}}
    properties |= {name: _value(key) for name, key in keys.items() if "." not in name}
    below = {name.partition(".")[2]: _value(key) for name, key in keys.items() if "." in name}
    if below:
        about = "the source that a trigger is attributed to, or would be"
        properties[OF_SOURCE] = {**_object(below), "description": about}
    properties[ORIGINS] = {
        "type": "array",
        "items": TEXT,
        "minItems": 1,
        "description": "several of them: each as often as the table says",
    }
    properties |= {name: {**NUMBER, "description": about} for name, about in COUNTS.items()}
    return _object(properties)


def _value(key: Key) -> dict[str, Any]:
    made: dict[str, Any] = {**TEXT, "description": key.about}
    if key.form is Form.WORD:
        made["enum"] = list(key.words)
    if key.default is not None:
        made["default"] = key.default
    return made


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}
