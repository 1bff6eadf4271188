"""`ara-inspector schema`: the JSON Schemas of what the other commands print and read."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from ara_inspector.checking.expectation_schema import expectation_schema
from ara_inspector.views import schemas

if TYPE_CHECKING:
    import argparse

EXPECTATIONS: Final = "expectations"
TITLE: Final = "the file of `check --expect`, TOML or YAML"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "name", nargs="?", choices=[*schemas.PRINTED, EXPECTATIONS], help="none: list the names"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one schema, or the names of all."""
    if arguments.name is None:
        titles = {name: title for name, (title, _) in schemas.PRINTED.items()}
        lines = [f"{name:14}{title}" for name, title in {**titles, EXPECTATIONS: TITLE}.items()]
        sys.stdout.write("\n".join(lines) + "\n")
        return 0
    if arguments.name == EXPECTATIONS:
        made = {"$schema": schemas.DIALECT, **expectation_schema(), "description": TITLE}
    else:
        made = schemas.schema(arguments.name)
    sys.stdout.write(json.dumps(made, indent=2) + "\n")
    return 0
