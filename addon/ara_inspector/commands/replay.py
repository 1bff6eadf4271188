"""`ara-inspector replay CAPTURE`: a capture through the real mitmdump, only our output shown.

May live here: the call. What is printed is the addon's; `check` reads captures without
mitmdump and has the formats and exit statuses for CI.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ara_inspector.cli import UNUSABLE
from ara_inspector.commands.tools import run_tool, unknown_options
from ara_inspector.findings import printable
from ara_inspector.flows import CaptureError, probe, read_capture

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("capture", help="a mitmproxy flow file or a HAR")
    parser.add_argument(
        "options",
        nargs="*",
        # argparse takes a list without a default for required.
        default=[],
        metavar="OPTION=VALUE",
        help="mitmproxy options, as for `mitmdump --set`",
    )


def run(arguments: argparse.Namespace) -> int:
    """Replay the capture; 2 where it or an option cannot be used, else mitmdump's own status."""
    wrong = [option for option in arguments.options if not option.partition("=")[1]]
    if wrong:
        sys.stderr.write(f"ara-inspector: {wrong[0]!r} is not OPTION=VALUE\n")
        return UNUSABLE
    unknown = list(unknown_options([option.partition("=")[0] for option in arguments.options]))
    if unknown:
        sys.stderr.writelines(f"ara-inspector: {line}\n" for line in unknown)
        return UNUSABLE
    try:
        probe(arguments.capture)
    except CaptureError as error:
        sys.stderr.write(f"ara-inspector: {printable(str(error))}\n")
        return UNUSABLE
    settings = ["termlog_verbosity=warn", *arguments.options]
    words = ["-n", "-r", arguments.capture, "--flow-detail", "0"]
    for setting in settings:
        words += ["--set", setting]
    try:
        return run_tool("dump", words)
    except SystemExit as end:
        if end.code != 1:
            return int(end.code or 0)
    # It does so after logging an error, on standard output - or without a word where that cannot
    # be written.
    why = _damage(arguments.capture) or (
        "mitmdump ended with an error: the timeline may not be whole, or not as asked"
    )
    sys.stderr.write(f"ara-inspector: {printable(why)}\n")
    return UNUSABLE


def _damage(capture: str) -> str | None:
    """Where the capture breaks off, as `check` says it."""
    try:
        for _ in read_capture(capture):
            pass
    except CaptureError as error:
        return str(error)
    return None
