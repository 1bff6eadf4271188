"""`ara-inspector validate`: what Chrome makes of one header, or of a stream of them.

May live here: the command's input and output. Judging is the work of `spec`, wording that of
`views`; mitmproxy is not imported, which keeps the command quick to start.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from ara_inspector import terminal
from ara_inspector.attribution.aggregatable import contains_aggregatable_data
from ara_inspector.attribution.outcomes import NOTHING_TO_REPORT
from ara_inspector.cli import UNUSABLE
from ara_inspector.exchange import header_text
from ara_inspector.findings import Finding, Severity, printable
from ara_inspector.spec.correction import corrected
from ara_inspector.spec.effective import SourceType, Trigger
from ara_inspector.spec.headers import NAMES, HeaderKind, effective_json, read_header
from ara_inspector.spec.privacy_notes import with_privacy_note
from ara_inspector.views.annotated import annotated, sentence
from ara_inspector.views.judgement import judgement, writable
from ara_inspector.views.layout import effective_text
from ara_inspector.views.style import Style
from ara_inspector.views.wrapping import wrapped

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from ara_inspector.spec.reading import Reading
    from ara_inspector.views.judgement import Judgement, Unusable

OK: Final = 0
NOT_OK: Final = 1
HEADER_LINE: Final = re.compile(r"\s*(attribution-reporting-[a-z-]+)[ \t]*:[ \t]*", re.IGNORECASE)
ANY_LINE: Final = re.compile(r"[ \t]*(?:HTTP/\S+[ \t]|[A-Za-z0-9-]+[ \t]*:)")
"""A line of a response as people paste it: the status or any header."""
KIND_OF: Final = {name.lower(): kind for kind, name in NAMES.items()}


class UnusableError(ValueError):
    """The input asks for nothing that can be judged."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = (
        "Says what Chrome makes of an Attribution Reporting header. "
        "Exit status: 0 it would store or use it, 1 it would not, 2 unusable input."
    )
    parser.add_argument(
        "header",
        nargs="?",
        metavar="HEADER",
        help="the header's value, or the whole line with its name; default: standard input",
    )
    parser.add_argument("--kind", choices=[kind.value for kind in HeaderKind])
    parser.add_argument(
        "--source-type",
        choices=[source_type.value for source_type in SourceType],
        help="event: img, script, fetch; navigation: links and window.open",
    )
    parser.add_argument(
        "--format",
        choices=["text", "marked", "json"],
        help="text: one finding after the other; marked: findings under the value they are "
        "about; json. Default: marked on a terminal, else text",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="print the header with its usual mistakes set right (source and trigger), and on "
        "standard error what is left to do; the exit status is that of the header printed",
    )
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='judge a stream: lines {"id", "kind", "source_type", "input"} on standard input, '
        "one line out for each; the status is 2 if some line could not be used, else 0",
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge what is given; return the exit status."""
    try:
        if arguments.jsonl:
            return _stream(sys.stdin.buffer, arguments.header)
        kind, source_type, text = _header(arguments)
    except UnusableError as error:
        sys.stderr.write(f"ara-inspector validate: {error}\n")
        return UNUSABLE
    if arguments.fix:
        return _fix(kind, source_type, text)
    reading = _read(kind, source_type, text)
    if arguments.format == "json":
        _print(json.dumps(judgement(None, reading), indent=2))
    else:
        marked = arguments.format == "marked" or (
            arguments.format is None and terminal.is_terminal()
        )
        _print("\n".join(_report(kind, source_type, text, reading, marked=marked)))
    return OK if reading.ok else NOT_OK


def _header(arguments: argparse.Namespace) -> tuple[HeaderKind, SourceType | None, str]:
    """The kind, source type and value the arguments and standard input ask about."""
    text = arguments.header
    if text is None:
        if sys.stdin.isatty():
            raise UnusableError("give a header as argument or on standard input")
        text = header_text(_standard_input()).rstrip("\r\n")
    kind = arguments.kind
    text = _of_response(text, kind)
    line = HEADER_LINE.match(text)
    if line is not None:
        named = KIND_OF.get(line[1].lower())
        if named is None or kind not in {None, named.value}:
            raise UnusableError(f"{line[1]} is not the header that was asked for")
        kind = named.value
        text = text[line.end() :]
    if kind is None and arguments.source_type is not None:
        # Only sources have a type.
        kind = HeaderKind.SOURCE.value
    if kind is None:
        types = " or ".join(SourceType)
        raise UnusableError(
            f"say which header it is: --kind (of a source also --source-type {types}), "
            "or give the line with its name"
        )
    if kind == HeaderKind.SOURCE and arguments.source_type is None:
        options = " or ".join(f"--source-type {each}" for each in SourceType)
        raise UnusableError(f"a source has a source type, say which: {options}")
    return _asked(kind, arguments.source_type, text)


def _of_response(text: str, kind: str | None) -> str:
    """The API's line in the head of a pasted response; anything else as it is."""
    head = [line for line in re.split(r"\r?\n", re.split(r"\r?\n\r?\n", text.strip())[0]) if line]
    if len(head) == 1 or not all(map(ANY_LINE.match, head)):
        return text
    own = {
        line: KIND_OF.get(found[1].lower()) for line in head if (found := HEADER_LINE.match(line))
    }
    wanted = [line for line, named in own.items() if kind in {None, named}]
    if len(wanted) > 1:
        named = ", ".join(dict.fromkeys(line.partition(":")[0].strip() for line in wanted))
        raise UnusableError(f"one header at a time: there are {named}")
    return wanted[0] if wanted else text


def _standard_input() -> bytes:
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise UnusableError(f"standard input cannot be read: {error.strerror}") from error


def _asked(
    kind: object, source_type: object, text: object
) -> tuple[HeaderKind, SourceType | None, str]:
    """The three checked against each other."""
    if not isinstance(kind, str) or kind not in set(HeaderKind):
        raise UnusableError(f"kind is one of {', '.join(HeaderKind)}")
    if not isinstance(text, str):
        raise UnusableError("input is the header's value, a string")
    if kind != HeaderKind.SOURCE:
        return HeaderKind(kind), None, text
    if not isinstance(source_type, str) or source_type not in set(SourceType):
        raise UnusableError(f"a source has a source type: {' or '.join(SourceType)}")
    return HeaderKind.SOURCE, SourceType(source_type), text


def _read(kind: HeaderKind, source_type: SourceType | None, text: str) -> Reading[Any]:
    reading = read_header(kind, text, source_type)
    return reading if source_type is None else with_privacy_note(reading, source_type)


def _report(
    kind: HeaderKind,
    source_type: SourceType | None,
    text: str,
    reading: Reading[Any],
    *,
    marked: bool,
) -> Iterable[str]:
    """The verdict, the findings and the effective value, for reading."""
    style, width = terminal.style(), terminal.columns()
    findings = sorted(reading.findings, key=_gravity)
    what = kind.header if source_type is None else f"{kind.header} ({source_type})"
    yield f"{style.bold(what)}: {_verdict(kind, reading, style)}"
    yield ""
    if marked:
        yield annotated(kind, text, findings, style, width)
        yield ""
    elif findings:
        lines = [_line(finding, style) for finding in findings]
        yield from lines if width is None else wrapped(lines, width)
        yield ""
    if isinstance(reading.value, Trigger) and reading.ok and _does_nothing(reading.value):
        # Of a header alone it is no finding: a verdict on it is what the browser reads.
        yield sentence(Finding(NOTHING_TO_REPORT, softened=Severity.NOTE), style)
        yield ""
    if reading.value is not None:
        yield style.bold("effective value:")
        yield effective_text(effective_json(reading.value))


def _does_nothing(trigger: Trigger) -> bool:
    return not trigger.event_trigger_data and not contains_aggregatable_data(trigger)


def _gravity(finding: Finding) -> int:
    """Worst first; findings of one severity stay in the order of their places."""
    return list(Severity).index(finding.severity)


def _line(finding: Finding, style: Style) -> str:
    return sentence(finding, style) + (f" [at {finding.place}]" if finding.place else "")


def _fix(kind: HeaderKind, source_type: SourceType | None, text: str) -> int:
    """Print the corrected header for the next program, what it still lacks for the reader."""
    better = corrected(text, source_type) if kind.is_json else None
    text = text if better is None else better
    reading = _read(kind, source_type, text)
    for finding in reading.findings:
        if finding.severity is not Severity.NOTE:
            sys.stderr.write(f"{_line(finding, Style.PLAIN)}\n")
    _print(printable(text) if terminal.is_terminal() else text)
    return OK if reading.ok else NOT_OK


def _verdict(kind: HeaderKind, reading: Reading[Any], style: Style) -> str:
    if reading.ok and kind in {HeaderKind.OS_SOURCE, HeaderKind.OS_TRIGGER} and not reading.value:
        return style.severity("valid, but nothing is left of it", Severity.WARNING)
    if reading.ok:
        return "valid"
    word = "invalid" if reading.value is None else "valid, but Chrome does not store it"
    return style.severity(word, Severity.ERROR)


def _stream(lines: Iterable[bytes], header: str | None) -> int:
    """Answer line by line, each at once: the other end may wait for it before it goes on."""
    if header is not None:
        raise UnusableError("--jsonl takes its headers from standard input alone")
    status = OK
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer = _answer(line, number)
        if "unusable" in answer:
            status = UNUSABLE
        _print(json.dumps(answer))
    return status


def _answer(line: bytes, number: int) -> Judgement | Unusable:
    identity: object = None
    try:
        asked = json.loads(line)
        if not isinstance(asked, dict):
            raise UnusableError("an object is wanted")
        identity = writable(asked.get("id"))
        kind, source_type, text = _asked(
            asked.get("kind"), asked.get("source_type"), asked.get("input")
        )
    except (ValueError, RecursionError) as error:
        return {"id": identity, "unusable": f"line {number}: {error}"}
    return judgement(identity, _read(kind, source_type, text))


def _print(text: str) -> None:
    # Only the header that --fix hands on can hold bytes that are no text: they go out as they came.
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "surrogateescape"))
    sys.stdout.flush()
