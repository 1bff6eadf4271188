"""The tables of fixtures/MEASURED.md, made of the recordings of Opaque Response Blocking.

What an answer was comes from the flow file, whether it registered from the truth beside it; the
scenarios are not asked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mitmproxy.http import HTTPFlow, Response
from mitmproxy.io import FlowReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

DOCUMENT = "MEASURED.md"
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
REGISTERS, BLOCKED, NOT_ASKED = "registers", "**blocked**", ""
LONGEST = 40
SHOWN_OF_LONGER = 14


@dataclass(frozen=True, slots=True)
class Measured:
    """An answer with a registration header, and whether Chrome registered it."""

    path: str
    kind: str
    nosniff: bool
    status: int
    body: bytes
    registers: bool


@dataclass(frozen=True, slots=True)
class Table:
    """How answers are laid out."""

    recordings: tuple[str, ...]
    corner: str
    row: Callable[[Measured], str]
    column: Callable[[Measured], str]


def _kind(answer: Measured) -> str:
    return _code(answer.kind) if answer.kind else "none"


def _body(answer: Measured) -> str:
    return _text(answer.body)


def _kind_and_body(answer: Measured) -> str:
    strict = " with nosniff" if answer.nosniff else ""
    return f"{_kind(answer)}{strict}, {_body(answer)}"


TABLES = {
    "types": Table(("orb_types_markup", "orb_types_words"), "Content-Type", _kind, _body),
    "beginnings": Table(("orb_beginnings",), "body", _body, _kind),
    "bodies": Table(("orb_bodies",), "body", _body, _kind),
    "nosniff": Table(("orb_nosniff",), "Content-Type", _kind, _body),
    "statuses": Table(
        ("orb_statuses",), "answer", _kind_and_body, lambda answer: str(answer.status)
    ),
    "requests": Table(
        ("orb_requests",),
        "request",
        lambda answer: answer.path.strip("/").replace("-", " "),
        lambda _: "answer",
    ),
}


def with_tables(document: str, flows: Path) -> str:
    """The document with each of its tables made anew from the recordings in `flows`."""
    return PLACE.sub(partial(_replaced, flows=flows), document)


def rewrite(fixtures: Path) -> None:
    """Make the tables of the document in this folder anew, if there is one."""
    path = fixtures / DOCUMENT
    if path.exists():
        made = with_tables(path.read_text(encoding="utf-8"), fixtures / "flows")
        path.write_text(made, encoding="utf-8")


def measured(path: Path) -> Iterable[Measured]:
    """The answers of one recording that want to register something, in order of their numbers."""
    truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    registered = {source["event_id"] for source in truth["sources"]}
    registered.update(
        datum["data"]
        for trigger in truth["triggers"]
        for datum in trigger["registration"]["eventTriggerData"]
    )
    numbered = {}
    with path.open("rb") as file:
        for flow in FlowReader(file).stream():
            if isinstance(flow, HTTPFlow) and flow.response is not None:
                number = _number(flow.response)
                if number is not None:
                    numbered[int(number)] = Measured(
                        flow.request.path,
                        " + ".join(flow.response.headers.get_all("content-type")),
                        "x-content-type-options" in flow.response.headers,
                        flow.response.status_code,
                        flow.response.raw_content or b"",
                        number in registered,
                    )
    return (numbered[number] for number in sorted(numbered))


def _replaced(place: re.Match[str], flows: Path) -> str:
    before, name, after = place.groups()
    table = TABLES[name]
    answers = [
        answer
        for recording in table.recordings
        for answer in measured(flows / f"{recording}.flows")
    ]
    return f"{before}{_drawn(table, answers)}{after}"


def _drawn(table: Table, answers: Iterable[Measured]) -> str:
    rows: dict[str, dict[str, str]] = {}
    columns: dict[str, None] = {}
    for answer in answers:
        column = table.column(answer)
        columns[column] = None
        rows.setdefault(table.row(answer), {})[column] = REGISTERS if answer.registers else BLOCKED
    lines = [
        [table.corner, *columns],
        ["---"] * (1 + len(columns)),
        *(
            [name, *(cells.get(column, NOT_ASKED) for column in columns)]
            for name, cells in rows.items()
        ),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _number(response: Response) -> str | None:
    """What tells a registration apart in a truth file."""
    source = response.headers.get("attribution-reporting-register-source")
    if source is not None:
        return str(json.loads(source)["source_event_id"])
    trigger = response.headers.get("attribution-reporting-register-trigger")
    if trigger is not None:
        return str(json.loads(trigger)["event_trigger_data"][0]["trigger_data"])
    return None


def _text(body: bytes) -> str:
    """A body in a cell of a table."""
    if not body:
        return "empty"
    blank = len(body) - len(body.lstrip(b" "))
    if blank > LONGEST:
        return f"{blank} spaces, {_text(body[blank:])}"
    shown = body if len(body) <= LONGEST else body[:SHOWN_OF_LONGER]
    rest = "" if shown is body else f" and {len(body) - len(shown)} bytes more"
    return f"{_code(repr(shown)[2:-1])}{rest}"


def _code(text: str) -> str:
    return f"`{text}`"
