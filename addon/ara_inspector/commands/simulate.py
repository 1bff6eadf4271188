"""`ara-inspector simulate`: what Chrome would store, attribute and report, without a browser.

May live here: the command's input and output. The engine is `attribution`, the text `views`.
"""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ara_inspector import terminal
from ara_inspector.attribution.answers import told_reports, told_results, told_why
from ara_inspector.attribution.scenario import read_scenario, run_scenario
from ara_inspector.cli import UNUSABLE
from ara_inspector.findings import printable
from ara_inspector.views.judgement import writable
from ara_inspector.views.scenario_export import scenario_of
from ara_inspector.views.simulation import simulation

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

EPILOG = """\
A scenario is {"steps": [...]}; a step is {"t": seconds since the start, "kind": "source" or
"trigger", "source_type": "event" or "navigation", "context": the top-level page, "reporter": the
registering origin, "header": object or text}, or {"t": ..., "flush": true} to send all pending
reports, or {"t": ..., "clear": origin} to delete its sources and pending reports, as its
Clear-Site-Data does. A step may say "noise": true, or the fake reports as [{"trigger_data",
"window"}]. A scenario may say "frac_us" (added to every time), "testing": true (local testing
mode), "base_epoch" (the epoch of t = 0) and "limits" (another value for a limit of the browser).
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = (
        "Says what Chrome would store, attribute and report for registrations at given times. "
        "Exit status: 0, or 2 for unusable input."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="the scenario as JSON; `-` or nothing: standard input",
    )
    parser.add_argument(
        "--from-capture",
        action="store_true",
        help="FILE is a flow file or HAR: print what was registered in it as a scenario",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--why", action="store_true", help="add every check behind each result")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='many scenarios: lines {"name", "scenario"} in, one line {"name", "results", '
        '"reports"} out for each; the status is 2 if some line could not be used, else 0',
    )


def run(arguments: argparse.Namespace) -> int:
    """Run what is given; return the exit status."""
    if arguments.from_capture:
        return _export(arguments.file)
    try:
        if arguments.jsonl:
            with _opened(arguments.file) as file:
                return _stream(file, why=arguments.why)
        name, scenario = _named(_json(_content(arguments.file), _called(arguments.file)))
        if arguments.format == "json":
            text = json.dumps(_answer(name, scenario, why=arguments.why), indent=2)
        else:
            read = read_scenario(scenario)
            answers, storage = run_scenario(read)
            style = terminal.style()
            text = "\n".join(simulation(read, answers, storage, style, why=arguments.why))
    except (ValueError, RecursionError) as error:
        sys.stderr.write(f"ara-inspector simulate: {printable(str(error))}\n")
        return UNUSABLE
    _print(text)
    return 0


def _export(capture: str) -> int:
    # mitmproxy is imported only where a capture is read.
    from ara_inspector.checking.inspection import inspect_capture  # noqa: PLC0415 - see above
    from ara_inspector.flows import CaptureError  # noqa: PLC0415 - see above

    try:
        inspection = inspect_capture(capture)
    except CaptureError as error:
        sys.stderr.write(f"ara-inspector simulate: {printable(str(error))}\n")
        return UNUSABLE
    for remark in inspection.remarks:
        sys.stderr.write(f"ara-inspector simulate: {printable(remark)}\n")
    exported = {"name": inspection.name, "scenario": scenario_of(inspection)}
    _print(json.dumps(exported, indent=2))
    return UNUSABLE if inspection.damage is not None else 0


def _called(file: str) -> str:
    return "standard input" if file == "-" else file


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    """The file, or standard input. Raises `ValueError`."""
    try:
        return nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb")
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from error


def _content(file: str) -> bytes:
    """All of it. Raises `ValueError`."""
    with _opened(file) as opened:
        try:
            return opened.read()
        except OSError as error:
            raise ValueError(f"{_called(file)} cannot be read: {error.strerror}") from error


def _json(text: bytes, where: str) -> object:
    """What the text says. Raises `ValueError`, with `where` it stands."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{where}, line {error.lineno}: it is not JSON: {error.msg} at column {error.colno}"
        ) from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{where} is not UTF-8 text") from error


def _named(line: object) -> tuple[object, object]:
    """A scenario by itself, or with its name as in the lines of `--jsonl`."""
    if isinstance(line, dict) and "scenario" in line:
        return line.get("name"), line["scenario"]
    return None, line


def _answer(name: object, scenario: object, *, why: bool) -> dict[str, Any]:
    read = read_scenario(scenario)
    answers, _ = run_scenario(read)
    answer = {
        "name": name,
        "results": told_results(read, answers),
        "reports": told_reports(read, answers),
    }
    return answer | {"why": [told_why(step) for step in answers]} if why else answer


def _stream(lines: Iterable[bytes], *, why: bool) -> int:
    """Answer line by line, each at once: the other end may wait for it before it goes on."""
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name: object = None
        try:
            told, scenario = _named(json.loads(line))
            name = writable(told)
            answer = _answer(name, scenario, why=why)
        except (ValueError, RecursionError) as error:
            answer = {"name": name, "unusable": f"line {number}: {error}"}
            status = UNUSABLE
        _print(json.dumps(answer))
        sys.stdout.flush()
    return status


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
