"""`ara-inspector why CAPTURE [ENTRY]`: why a trigger was attributed, or was not.

May live here: the command's arguments and which entries it tells. The answers are the
session's, the wording that of `views`.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.cli import UNUSABLE
from ara_inspector.findings import Severity, printable
from ara_inspector.flows import CaptureError
from ara_inspector.registrations import Kind, Registration
from ara_inspector.terminal import columns
from ara_inspector.views import words
from ara_inspector.views.fate_document import answers_output, fate_output
from ara_inspector.views.fates import comes_to, told_in_full
from ara_inspector.views.wrapping import wrapped

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ara_inspector.attribution.fates import Fate
    from ara_inspector.checking.inspection import Inspection
    from ara_inspector.timeline import Entry


class NoAnswerError(ValueError):
    """There is nothing to tell of what was asked for; the message says why."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = (
        "Says what became of each trigger of a capture, on a line each; with ENTRY, every check "
        "behind the answer, the reports to expect and what the source has left. "
        "Exit status: 0, or 2 for unusable input."
    )
    add = parser.add_argument
    add("capture", metavar="CAPTURE", help="a flow file or HAR; - reads stdin")
    add(
        "entry",
        nargs="?",
        type=int,
        metavar="ENTRY",
        help="the number of a trigger or source in the timeline",
    )
    add("--format", choices=["text", "json"], default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Tell; 0, or 2 where nothing can be read or told."""
    try:
        inspection = inspect_capture(arguments.capture)
        if arguments.entry is None:
            text = _overview(inspection, arguments.format)
        else:
            about, fate = _asked(inspection, arguments.entry)
            text = _answer(arguments.entry, about, fate, arguments.format)
    except (CaptureError, NoAnswerError) as error:
        sys.stderr.write(f"ara-inspector why: {printable(str(error))}\n")
        return UNUSABLE
    for remark in inspection.remarks:
        sys.stderr.write(f"ara-inspector why: {printable(remark)}\n")
    width = columns()
    if arguments.format == "text" and width is not None:
        text = "\n".join(wrapped(text.split("\n"), width))
    sys.stdout.write(f"{text}\n")
    return UNUSABLE if inspection.damage is not None else 0


def _overview(inspection: Inspection, form: str) -> str:
    """Every trigger of the capture."""
    triggers = [
        entry
        for entry in inspection.timeline
        if isinstance(entry.about, Registration) and entry.about.kind is Kind.TRIGGER
    ]
    if form == "json":
        return json.dumps([each.model_dump(mode="json") for each in answers_output(triggers)])
    return "\n".join(_lines(triggers, inspection.told.started)) or "no triggers in this capture"


def _lines(triggers: list[Entry], zero: float | None) -> Iterator[str]:
    for entry in triggers:
        about = entry.about
        if isinstance(about, Registration):
            where = words.host(about.reporting_origin or words.UNTOLD)
            moment = words.moment(entry.time, zero)
            route = words.route_of(about)
            yield f"#{entry.number} {moment} {where} on {route}: {_outcome(entry, about)}"


def _outcome(entry: Entry, about: Registration) -> str:
    if entry.fate is None:
        return f"{words.verdict_of(about)} ({printable(about.ground)})"
    return f"{comes_to(entry.fate)} ({entry.fate.certainty})"


def _asked(inspection: Inspection, number: int) -> tuple[Registration, Fate]:
    """The registration asked for, and its fate. Raises `NoAnswerError`."""
    found = next((each for each in inspection.timeline if each.number == number), None)
    if found is None:
        raise NoAnswerError(f"the timeline has no entry {number}")
    about = found.about
    if not isinstance(about, Registration):
        raise NoAnswerError(f"entry {number} is no registration, but of kind {found.kind}")
    if found.fate is None:
        errors = [f for f in about.findings if f.severity is Severity.ERROR]
        reasons = "; ".join(map(words.sentence_of, errors)) or printable(about.ground)
        raise NoAnswerError(
            f"entry {number} does not come to be attributed, it is {about.verdict}: {reasons}"
        )
    return about, found.fate


def _answer(number: int, about: Registration, fate: Fate, form: str) -> str:
    if form == "json":
        return json.dumps(fate_output(fate, about, number).model_dump(mode="json"), indent=2)
    where = words.host(about.reporting_origin or words.UNTOLD)
    head = f"#{number} {words.what_of(about)} of {where} on {words.route_of(about)}"
    return "\n".join([head, *told_in_full(fate), *map(words.sentence_of, fate.findings)])
