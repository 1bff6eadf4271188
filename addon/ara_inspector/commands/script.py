"""`ara-inspector script`: where the file is that mitmproxy's -s option wants."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def configure(_parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: none."""


def run(_arguments: argparse.Namespace) -> int:
    """Print the path."""
    sys.stdout.write(f"{Path(__file__).parents[1] / 'script.py'}\n")
    return 0
