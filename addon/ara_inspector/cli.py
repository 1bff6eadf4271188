"""The command `ara-inspector`: finds the subcommand, loads only that, maps errors to statuses.

May live here: the list of subcommands and what is common to all of them. A subcommand's
arguments and work are in `commands.<name>`, so that `validate` never pays for mitmproxy.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final[dict[str, str]] = {
    "validate": "say what Chrome makes of one header, or of a stream of headers",
    "why": "say why a trigger of a capture was attributed, or was not",
    "simulate": "say what Chrome would store, attribute and report for registrations at times",
    "schema": "print the JSON Schemas of what is printed as JSON",
    "explain": "show the help page of a rule, or list the rules",
    "dump": "run mitmdump with the inspector loaded; all further arguments are mitmdump's",
    "web": "run mitmweb with the inspector loaded; all further arguments are mitmweb's",
    "console": "run mitmproxy's console with the inspector loaded; arguments are mitmproxy's",
    "replay": "show the timeline of a capture, through mitmdump",
    "check": "say what a browser did with the captures; for pipelines",
    "script": "print the path to give to `mitmdump -s`",
}
"""Name of each subcommand and its one-line help; the module is `commands.<name>`."""

TOOLS: Final = frozenset({"dump", "web", "console"})
"""Subcommands that hand every word after them to the mitmproxy tool: all in `commands.tools`."""

UNUSABLE: Final = 2
"""Exit status for input or arguments that cannot be used (argparse's own as well)."""


NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors that only writing has; without the name of a file it is standard output."""


class Command(Protocol):
    """What a module in `commands` offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do the work and return the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `ara-inspector` with `argv` (default: the process's own); return the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_closed_streams()
    if words and words[0] in TOOLS:
        tools = importlib.import_module("ara_inspector.commands.tools")
        return cast("int", tools.run_tool(words[0], words[1:]))
    chosen = words[0] if words and words[0] in COMMANDS else None
    parser = argparse.ArgumentParser(
        prog="ara-inspector",
        description="Says what Chrome does with Attribution Reporting traffic, and why.",
    )
    parser.add_argument("--version", action="version", version=version("ara-inspector"))
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    command: Command | None = None
    for name, line in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=line, description=line)
        if name == chosen:
            command = cast("Command", importlib.import_module(f"ara_inspector.commands.{name}"))
            command.configure(subparser)
    arguments = parser.parse_args(words)
    if command is None:  # pragma: no cover - argparse has already refused the words
        return UNUSABLE
    try:
        status = command.run(arguments)
        # Now, not when Python ends: then it is too late to say that the disk is full.
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader left (`| head`): not our failure.
        _write_no_more()
        return 0
    except OSError as error:
        _write_no_more()
        sys.stderr.write(f"ara-inspector: {_told(error)}\n")
        return UNUSABLE
    except KeyboardInterrupt:
        return 130
    return status


def _told(error: OSError) -> str:
    """What went wrong, and with what as far as that is known.

    What concerns input, the commands say themselves.
    """
    why = error.strerror or str(error) or type(error).__name__
    if error.errno in NO_ROOM:
        return f"{error.filename or 'standard output'} cannot be written: {why}"
    return f"{error.filename}: {why}" if error.filename else why


def _open_closed_streams() -> None:
    """Give standard streams that the caller closed (`>&-`) nobody as their other end."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - for good


def _write_no_more() -> None:
    """Let what is still to be written go nowhere: Python tries it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
