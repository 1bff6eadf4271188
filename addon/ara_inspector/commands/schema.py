"""`ara-inspector schema`: the JSON Schemas of what the other commands print."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from ara_inspector.views import schemas

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "name", nargs="?", choices=list(schemas.PRINTED), help="none: list the names"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one schema, or the names of all."""
    if arguments.name is None:
        lines = [f"{name:12}{title}" for name, (title, _) in schemas.PRINTED.items()]
        sys.stdout.write("\n".join(lines) + "\n")
    else:
        sys.stdout.write(json.dumps(schemas.schema(arguments.name), indent=2) + "\n")
    return 0
