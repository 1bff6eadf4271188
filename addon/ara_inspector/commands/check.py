"""`ara-inspector check CAPTURE...`: captures judged in a pipeline.

May live here: arguments, files and the exit status. Going through a capture and holding it
against something is the work of `checking`, what is printed that of `views`.
"""

from __future__ import annotations

import glob
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ara_inspector import rules
from ara_inspector.checking.baseline import BaselineError, baseline_text, read_baseline
from ara_inspector.checking.blessing import blessing
from ara_inspector.checking.expectation_file import read_expectation_file, read_expectations
from ara_inspector.checking.expectations import compare
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import inspect_capture, unreadable
from ara_inspector.checking.outcome import UNUSABLE
from ara_inspector.checking.rendering import Check, Format, render
from ara_inspector.checking.tables import ExpectationError, notation_of
from ara_inspector.commands.progress import Progress
from ara_inspector.findings import Severity, printable
from ara_inspector.flows import CaptureError
from ara_inspector.records import replace
from ara_inspector.reports.decryption import KeyFileError, read_keys
from ara_inspector.terminal import columns, style
from ara_inspector.views.grouping import GroupBy
from ara_inspector.views.selection import FilterError, Selection, Term, read_typed_filter
from ara_inspector.views.style import Style, encodable
from ara_inspector.views.table import TableLayout
from ara_inspector.views.words import count

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ara_inspector.checking.expectations import Expectations
    from ara_inspector.checking.inspection import Inspection

STANDARD: Final = "-"
BESIDE: Final = ""
"""In the place of the report's path: standard error, where other output has standard output."""
OUTPUTS: Final = {"output": "--output", "bless": "--bless", "save_baseline": "--save-baseline"}
"""What can be written, and by which option it is said where to."""


class UsageError(ValueError):
    """Arguments or files that cannot be used; the message says why."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = (
        "Says what a browser did with the captures. Exit status: 0 clean, 1 findings at or above "
        "--fail-on or expectations that are not met, 2 input that cannot be used, or not to its "
        "end, and where --only and --filter leave nothing to look at. A capture without "
        "Attribution Reporting traffic is clean: --expect demands some."
    )
    add = parser.add_argument
    add(
        "captures",
        nargs="+",
        metavar="CAPTURE",
        help="flow file, HAR or pattern; - for standard input",
    )
    add(
        "--format",
        choices=[each.value for each in Format],
        default=Format.TABLE.value,
        help="default: table; sarif, junit and csv for other tools, html to pass on",
    )
    add("--keys", metavar="FILE", help="open encrypted reports with the private keys in this file")
    add(
        "--output",
        metavar="PATH",
        help="write there instead of to standard output (-); where --bless or --save-baseline "
        "has that, default: standard error",
    )
    shown = parser.add_argument_group("what is shown")
    add = shown.add_argument
    add(
        "--only",
        metavar="ORIGIN",
        action="append",
        default=[],
        help="a reporting origin or host; may be given more than once",
    )
    add(
        "--ignore",
        metavar="CODE",
        action="append",
        default=[],
        help="leave the findings of rules out: codes, names or beginnings of codes (REG), also "
        "several with commas; may be given more than once",
    )
    add(
        "--filter",
        metavar="TERMS",
        default="",
        help='only entries that fulfil all of, for instance, "kind:source site:news.example '
        'severity:warning verdict:rejected,ignored code:SRC origin:a.example text -text"; '
        "write --filter=-... where it begins with a minus",
    )
    add(
        "--group-by",
        choices=[each.value for each in GroupBy],
        default=GroupBy.ORIGIN.value,
        help="default: origin",
    )
    add("--time", choices=["relative", "absolute"], default="relative", help="default: relative")
    add(
        "--redact",
        action="store_true",
        help="to pass on: reporting origins, sites and hosts, verdicts, times, limits, priorities, "
        "the API's own words, fields and paths stay; pseudonyms stand for all other paths and "
        "queries, ids, keys, names and values; of a capture's absolute path the file name is told",
    )
    add("--redact-key", metavar="TEXT", help="the same pseudonyms in every run with this key")
    verdict = parser.add_argument_group("what makes it fail (exit status 1)")
    add = verdict.add_argument
    add(
        "--fail-on",
        choices=[each.value for each in FailOn],
        help="default: error, unless the file of --expect says how many errors there may be",
    )
    add("--baseline", metavar="FILE", help="what is in this file does not fail")
    add(
        "--save-baseline",
        metavar="FILE",
        help="write what was found there, - to print it; nothing fails",
    )
    add(
        "--expect",
        metavar="FILE",
        help="fail unless the captures hold what this TOML or YAML file says; "
        "its form: `ara-inspector schema expectations`",
    )
    add(
        "--bless",
        metavar="FILE",
        help="write such a file from these captures, as YAML if it is called .yaml or .yml; "
        "- to print it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the captures; 0 clean, 1 findings, 2 input that is unusable or not looked at."""
    try:
        return _run(arguments)
    except UsageError as error:
        _say(str(error))
        return UNUSABLE


def _run(arguments: argparse.Namespace) -> int:
    _set_output(arguments)
    selection = _selection(arguments)
    expectations = _expectations(arguments.expect)
    gate = Gate(_fail_on(arguments, expectations), _known(arguments.baseline))
    inspections = list(_inspected(arguments))
    unchecked = _is_beside_all(selection, inspections)
    inspections = [each.selected(selection) for each in inspections]
    if arguments.redact or arguments.redact_key is not None:
        from ara_inspector.checking.redacting import redacting  # noqa: PLC0415 - where asked for

        key = arguments.redact_key
        inspections, named = redacting(
            inspections, secrets.token_bytes() if key is None else key.encode()
        )
        gate = replace(gate, named=named)
    comparison = None if expectations is None else compare(expectations, inspections)
    check = Check(
        inspections, _layout(arguments), gate, comparison, arguments.expect or "", unchecked
    )
    _tell(check, arguments)
    if unchecked:
        asked = [f"--only {each}" for each in arguments.only]
        asked += [f"--filter {arguments.filter}"] if arguments.filter else []
        _say(f"nothing was checked: {' '.join(asked)}: no entry is looked at")
    outcome = check.outcome
    if arguments.bless and outcome.broken:
        _say(f"{arguments.bless} is not written: not every capture could be read to its end")
    elif arguments.bless:
        notation = notation_of(arguments.bless)
        text = blessing(inspections, notation)
        _hand_on(
            arguments.bless, text, count(len(read_expectations(text, notation)), "expectation")
        )
    if arguments.save_baseline and any(each.is_readable for each in inspections):
        entries = [entry for inspection in inspections for entry in inspection.timeline]
        text = baseline_text(entries, gate.named)
        _hand_on(arguments.save_baseline, text, count(len(read_baseline(text)), "finding"))
    return outcome.status


def _set_output(arguments: argparse.Namespace) -> None:
    """Let one thing alone go to standard output; the report gives way unless it was sent there."""
    there = []
    for name, option in OUTPUTS.items():
        path = getattr(arguments, name)
        if path == "":
            raise UsageError(f"{option}: a path is wanted, or - for standard output")
        there += [option] if path == STANDARD else []
    if len(there) > 1:
        raise UsageError(f"{' and '.join(there)}: only one of them can have standard output")
    if arguments.output is None and there:
        arguments.output = BESIDE
    elif arguments.output == STANDARD:
        arguments.output = None


def _tell(check: Check, arguments: argparse.Namespace) -> None:
    """Write what is asked for."""
    is_read_here = arguments.format == Format.TABLE and arguments.output in {None, BESIDE}
    # Why a capture cannot be read has been said.
    if not is_read_here or any(each.is_readable for each in check.inspections):
        _write(arguments.output, render(check, Format(arguments.format)))
    if check.comparison is not None and not is_read_here:
        # Several lines, each escaped by who wrote it.
        sys.stderr.write(f"ara-inspector: {check.comparison}\n")


def _is_beside_all(selection: Selection, inspections: Sequence[Inspection]) -> bool:
    """Whether a selection looks at nothing of what was recorded: misspelt, more often than not."""
    entries = [entry for inspection in inspections for entry in inspection.timeline]
    return bool(entries) and not selection.covers(entries)


def _inspected(arguments: argparse.Namespace) -> Iterator[Inspection]:
    """The captures, also those that cannot be read."""
    keys = _keys(arguments.keys)
    for path in _expanded(arguments.captures):
        try:
            with Progress(path) as progress:
                inspection = inspect_capture(path, progress.tell, keys)
        except CaptureError as error:
            _say(str(error))
            yield unreadable(path, error)
            continue
        for remark in inspection.remarks:
            _say(remark if inspection.name in remark else f"{inspection.name}: {remark}")
        yield inspection


def _expanded(patterns: Iterable[str]) -> Iterator[str]:
    """The paths meant: a pattern the shell left alone (quoted, or on Windows) is expanded."""
    for pattern in patterns:
        path = Path(pattern).expanduser()
        if pattern == STANDARD or path.exists() or not glob.has_magic(pattern):
            yield pattern
            continue
        found = sorted(map(str, Path(path.anchor).glob(str(path.relative_to(path.anchor)))))
        if not found:
            raise UsageError(f"{pattern}: no file matches")
        yield from found


def _selection(arguments: argparse.Namespace) -> Selection:
    try:
        terms = read_typed_filter(arguments.filter)
    except FilterError as error:
        raise UsageError(f"--filter: {error}") from error
    if arguments.only:
        terms = (*terms, Term("origin", tuple(arguments.only)))
    try:
        return Selection(terms, rules.codes_meant(arguments.ignore))
    except rules.UnknownRuleError as error:
        raise UsageError(f"--ignore: {error}") from error


def _fail_on(arguments: argparse.Namespace, expectations: Expectations | None) -> FailOn:
    if arguments.save_baseline:
        return FailOn.NEVER
    if arguments.fail_on is not None:
        return FailOn(arguments.fail_on)
    # How many errors there may be is said in the file: any of them would fail it for ever.
    is_limited = expectations is not None and Severity.ERROR in expectations.limits
    return FailOn.NEVER if is_limited else FailOn.ERROR


def _known(path: str | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    try:
        return read_baseline(_read(path))
    except BaselineError as error:
        raise UsageError(f"{path} is no baseline: {error}") from error


def _keys(path: str | None) -> Mapping[str, bytes] | None:
    if path is None:
        return None
    try:
        return read_keys(_read(path))
    except KeyFileError as error:
        raise UsageError(f"--keys: {path}: {error}") from error


def _expectations(path: str | None) -> Expectations | None:
    if path is None:
        return None
    try:
        return read_expectation_file(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except ExpectationError as error:
        raise UsageError(f"{path}: {error}") from error


def _layout(arguments: argparse.Namespace) -> TableLayout:
    stream = sys.stderr if arguments.output == BESIDE else sys.stdout
    to_a_file = arguments.output not in {None, BESIDE}
    return TableLayout(
        width=columns(stream, to_a_file=to_a_file),
        style=Style.PLAIN if to_a_file else style(stream),
        group_by=GroupBy(arguments.group_by),
        absolute=arguments.time == "absolute",
    )


def _read(path: str) -> str:
    try:
        return Path(path).expanduser().read_text("utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text") from error


def _save(path: str, text: str) -> None:
    try:
        # As it is: CSV has line ends of its own.
        Path(path).expanduser().write_text(text, "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _hand_on(path: str, text: str, what: str) -> None:
    """Write what other runs read, and say how much it is where nobody sees it."""
    _write(path, text)
    if path != STANDARD:
        _say(f"{what} written to {path}")


def _write(path: str | None, text: str) -> None:
    if path not in {None, STANDARD, BESIDE}:
        _save(str(path), text)
        return
    stream = sys.stderr if path == BESIDE else sys.stdout
    stream.write(encodable(text, stream.encoding))
    stream.flush()


def _say(text: str) -> None:
    # A capture's name and what is wrong in it can come from anybody.
    sys.stderr.write(f"ara-inspector: {printable(text)}\n")
