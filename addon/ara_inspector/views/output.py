"""What all JSON output has in common.

May live here: the base of the models of the output contract, and the type of what they become.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

type Json = dict[str, Any]


class Output(BaseModel):
    """Base of all output models: frozen, nothing extra."""

    model_config = ConfigDict(frozen=True, extra="forbid")
