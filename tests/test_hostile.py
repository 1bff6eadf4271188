"""The wire cannot hurt: one hostile capture, fed to every output; nothing raw comes out of any.

What is hostile stands in every place a server or page can write to: URLs, every header the
inspector reads, names and values inside them, report bodies, error texts, the file's name.
"""

from __future__ import annotations

import csv
import html.parser
import io
import itertools
import json
import tomllib
import xml.etree.ElementTree as ET
from functools import cache
from typing import TYPE_CHECKING

import pytest
from mitmproxy.contentviews import Metadata
from mitmproxy.test import tflow

from ara_inspector.checking.baseline import baseline_text, read_baseline
from ara_inspector.checking.blessing import blessing
from ara_inspector.checking.expectation_file import read_expectations
from ara_inspector.checking.expectations import compare
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import Inspection
from ara_inspector.checking.rendering import Check, Format, render
from ara_inspector.checking.tables import Notation
from ara_inspector.cli import main
from ara_inspector.console import ConsoleCommands
from ara_inspector.exchange import Exchange
from ara_inspector.session import Session
from ara_inspector.views.account import flow_text
from ara_inspector.views.by_flow import EntriesByFlow
from ara_inspector.views.contentview import AttributionContentview
from ara_inspector.views.csv_text import FORMULA
from ara_inspector.views.grouping import GroupBy
from ara_inspector.views.line import live_line
from ara_inspector.views.marks import mark
from ara_inspector.views.redaction import redacted
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout
from unpacked import exported

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POISONS = {
    "ansi": "\x1b]0;owned\x07\x1b[31m\x1b[2J",
    "controls": "a\x00\x01\x08\x0b\x7f\x85b",
    "lines": "one\r\ntwo\x0bthree\u2028four",
    "bidi": "\u202egnp.exe\u2066\u200f",
    "surrogates": b"\xed\xa0\x80\xff\xfe".decode("utf-8", "surrogateescape"),
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onmouseover=alert(1) x='",
    "closing": "</script></title></style>--><svg/onload=alert(1)>",
    "link": "javascript:alert(1)//",
    "formula": "=cmd|'/c calc'!A1",
    "plus": "+1+1",
    "at": "@SUM(1)",
    "markdown": "[x](javascript:alert(1)) ![y](http://z)",
    "template": "{0.__class__} %s %(x)s ${7*7} {{7*7}}",
    "yaml": 'x"\nfindings: {errors: 99}\n&a *a !!str #',
    "toml": '"\n[findings]\nerrors = 99\n#',
    "cdata": "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "wide": "\u0300" * 300 + "\U0001f4a9\u4e2d",
}
LARGE = "A" * 5_000_000
REPORT = "/.well-known/attribution-reporting/debug/verbose"


def lines(headers: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(
        (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape"))
        for name, value in headers.items()
    )


def sources(poison: str) -> Iterator[dict[str, str]]:
    """Answers with `poison` in every part of every header."""
    quoted = json.dumps(poison)
    name = "Attribution-Reporting-Register-Source"
    yield {name: poison}
    yield {name: f'{{"destination":"https://shop.example","source_event_id":{quoted}}}'}
    yield {name: f'{{"destination":"https://shop.example","filter_data":{{{quoted}:[{quoted}]}}}}'}
    yield {name: f'{{"destination":{quoted},{quoted}:{quoted}}}'}
    yield {name: f'{{"destination":"https://shop.example","aggregation_keys":{{{quoted}:"0x1"}}}}'}
    yield {name: '{"destination":"https://shop.example"}', "Attribution-Reporting-Info": poison}
    yield {"Attribution-Reporting-Register-Trigger": f'{{"trigger_context_id":{quoted}}}'}
    values = f'{{"aggregatable_values":{{{quoted}:1}},"named_budgets":[{{"name":{quoted}}}]}}'
    yield {"Attribution-Reporting-Register-Trigger": values}
    yield {"Attribution-Reporting-Register-OS-Source": f'"https://os.example/{poison}"'}
    yield {"Location": f"https://b.example/{poison}", name: "{}", poison: poison}


def traffic(poison: str) -> Iterator[Exchange]:
    numbers = itertools.count(1)

    def exchange(url: str, headers: dict[str, str], **more: object) -> Exchange:
        number = next(numbers)
        made = {"method": "GET", "status": 200, "started": 1_800_000_000.0 + number} | more
        return Exchange(flow_id=f"flow-{number}", url=url, request_lines=lines(headers), **made)  # type: ignore[arg-type]  # the fields of an exchange

    navigation = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate", "user-agent": poison}
    yield exchange(f"https://news.example/{poison}?{poison}", navigation)
    for answer in sources(poison):
        request = {
            "attribution-reporting-eligible": f"event-source, trigger;x={poison}",
            "attribution-reporting-support": f"web, {poison}",
            "sec-fetch-dest": "image",
            "sec-fetch-mode": "no-cors",
            "referer": f"https://news.example/{poison}",
            "origin": poison,
            "user-agent": poison,
        }
        status = 302 if "Location" in answer else 200
        url = f"https://a.example/p/{poison}?q={poison}#{poison}"
        yield exchange(url, request, response_lines=lines(answer), status=status)
        clean = request | {"attribution-reporting-eligible": "event-source, trigger"}
        yield exchange(url, clean, response_lines=lines(answer), status=status, method=poison)
    quoted = json.dumps(poison)
    for body in (
        poison,
        f'[{{"type":{quoted},"body":{{{quoted}:{quoted}}}}}]',
        (
            f'[{{"type":"header-parsing-error","body":{{"context_site":{quoted},"header":{quoted},'
            f'"value":{quoted}}}}}]'
        ),
    ):
        yield exchange(
            f"https://a.example{REPORT}",
            {"content-type": poison, "origin": poison},
            method="POST",
            request_body=body.encode("utf-8", "surrogateescape"),
            status=None,
            error=poison,
        )


@cache
def hostile(name: str) -> Inspection:
    session = Session()
    for exchange in traffic(POISONS[name]):
        session.recorded(exchange)
    session.finish()
    poison = POISONS[name]
    return Inspection(
        f"{poison}.flows",
        tuple(session.timeline),
        session.summary(),
        lacks=("connection",),
        skipped=(poison,),
        damage=poison,
    )


EXPECTED = """
[[registrations]]
kind = "trigger"
result = "attributed"
source.site = "https://nowhere.example"

[[reports]]
kind = "aggregatable"
count = 7

[findings]
errors = 0
"""


def rendered(name: str, kind: Format, group_by: GroupBy = GroupBy.ORIGIN) -> str:
    inspection = hostile(name)
    captures = [inspection, inspection]
    made = compare(read_expectations(EXPECTED), captures)
    assert len(made.unmet) == 3
    layout = TableLayout(100, Style.PLAIN, group_by)
    return render(Check(captures, layout, Gate(FailOn.WARNING), made, "expected.toml"), kind)


def assert_readable(text: str) -> None:
    """Nothing that a terminal would act on."""
    for line in text.split("\n"):
        assert line.isprintable(), ascii(line)


@pytest.mark.parametrize("name", POISONS)
def test_the_capture_is_hostile_in_many_places(name: str) -> None:
    inspection = hostile(name)
    assert len([entry for entry in inspection.timeline if entry.findings]) >= 8


@pytest.mark.parametrize("by", GroupBy)
@pytest.mark.parametrize("name", POISONS)
def test_tables(name: str, by: GroupBy) -> None:
    assert_readable(rendered(name, Format.TABLE, by))


@pytest.mark.parametrize("name", POISONS)
def test_lines_and_accounts(name: str) -> None:
    for entry in hostile(name).timeline:
        line = live_line(entry, width=100, style=Style.PLAIN)
        assert "\n" not in line
        assert_readable(line)
        assert_readable(flow_text([entry]))


@pytest.mark.parametrize("kind", [Format.JSON, Format.JSONL, Format.SARIF])
@pytest.mark.parametrize("name", POISONS)
def test_json(name: str, kind: Format) -> None:
    text = rendered(name, kind)
    assert text.isascii()
    assert_readable(text)
    for document in text.splitlines() if kind is Format.JSONL else [text]:
        json.loads(document)


@pytest.mark.parametrize("name", POISONS)
def test_junit(name: str) -> None:
    text = rendered(name, Format.JUNIT)
    assert_readable(text)
    assert "<!ENTITY" not in text
    root = ET.fromstring(text)  # noqa: S314 - our own output
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "system-out", "system-err",
    }  # fmt: skip


@pytest.mark.parametrize("name", POISONS)
def test_csv(name: str) -> None:
    text = rendered(name, Format.CSV)
    assert_readable(text.replace("\r\n", "\n"))
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            assert not cell.startswith(FORMULA), cell


class Page(html.parser.HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("name", POISONS)
def test_html(name: str) -> None:
    text = rendered(name, Format.HTML)
    for character in text:
        assert character.isprintable() or character == "\n", ascii(character)
    # What is packed is what the other formats, looked at above, say.
    assert json.loads(exported(text, "json")) == json.loads(rendered(name, Format.JSON))
    assert exported(text, "csv") == rendered(name, Format.CSV)
    page, empty = Page(), Page()
    page.feed(text)
    harmless = Inspection("x", (), hostile(name).told)
    layout = TableLayout(100, Style.PLAIN)
    empty.feed(render(Check([harmless], layout, Gate()), Format.HTML))
    for tag in ("script", "style", "svg", "iframe", "title"):
        assert page.tags.count(tag) == empty.tags.count(tag)
    assert "img" not in page.tags
    for attribute, value in page.attributes:
        assert not attribute.startswith("on")
        assert not value.strip().lower().startswith("javascript:")


@pytest.mark.parametrize("name", POISONS)
def test_contentview_and_marks(name: str) -> None:
    inspection = hostile(name)
    for entry in inspection.timeline:
        view = AttributionContentview({"flow": (entry,)}.__getitem__)
        flow = tflow.tflow(resp=True)
        flow.id = "flow"
        assert_readable(view.prettify(b"", Metadata(flow=flow, http_message=flow.response)))
        mark(flow, [entry])
        for text in (flow.comment, flow.marked, *map(str, flow.metadata.values())):
            assert_readable(text)
            assert "\n" not in text


@pytest.mark.parametrize("name", POISONS)
def test_console(name: str) -> None:
    session = Session()
    for exchange in traffic(POISONS[name]):
        session.recorded(exchange)
    by_flow = EntriesByFlow(session.timeline)
    by_flow.tell(session.timeline)
    commands = ConsoleCommands(lambda: session, by_flow.of)
    answers = [commands.findings(), commands.validate("source-event", POISONS[name])]
    answers += [commands.validate(kind, f'"{POISONS[name]}"') for kind in commands.kinds()]
    for answer in answers:
        for line in answer:
            assert "\n" not in line
            assert_readable(line)


@pytest.mark.parametrize("name", POISONS)
def test_files_that_are_kept(name: str) -> None:
    inspection = hostile(name)
    text = baseline_text(inspection.timeline)
    assert text.isascii()
    assert not list(Gate(FailOn.WARNING, read_baseline(text)).failures(inspection.timeline))
    blessed = blessing([inspection])
    assert_readable(blessed)
    assert set(tomllib.loads(blessed)) <= {"registrations", "reports", "findings"}
    assert compare(read_expectations(blessed), [inspection]).unmet == ()
    in_yaml = blessing([inspection], Notation.YAML)
    assert_readable(in_yaml)
    assert compare(read_expectations(in_yaml, Notation.YAML), [inspection]).unmet == ()


@pytest.mark.parametrize("name", POISONS)
def test_redacted(name: str) -> None:
    made = redacted(hostile(name), b"key")
    inspection = Inspection("x", made.timeline, made.told)
    layout = TableLayout(100, Style.PLAIN)
    for kind in Format:
        assert render(Check([inspection], layout, Gate()), kind)


def test_a_header_of_five_megabytes() -> None:
    session = Session()
    for poison in (LARGE, f'{{"destination":"https://shop.example","source_event_id":"{LARGE}"}}'):
        for answer in itertools.islice(sources(poison), 2):
            request = {"attribution-reporting-eligible": "event-source", "sec-fetch-dest": "image"}
            session.recorded(
                Exchange(
                    flow_id="large",
                    method="GET",
                    url="https://a.example/",
                    request_lines=lines(request),
                    started=1.0,
                    status=200,
                    response_lines=lines(answer),
                )
            )
    inspection = Inspection("x", tuple(session.timeline), session.summary())
    layout = TableLayout(100, Style.PLAIN)
    assert any(entry.findings for entry in inspection.timeline)
    for kind in (Format.TABLE, Format.JUNIT, Format.SARIF, Format.CSV):
        assert len(render(Check([inspection], layout, Gate()), kind)) < 200_000
    for kind in (Format.JSON, Format.JSONL, Format.HTML):
        assert render(Check([inspection], layout, Gate()), kind)
    assert len(flow_text(inspection.timeline)) < 200_000
    made = redacted(inspection, b"key")
    assert len(made.timeline) == len(inspection.timeline)


@pytest.mark.parametrize("command", ["check", "why", "replay", "simulate --from-capture"])
def test_a_capture_that_cannot_be_read_is_named_harmlessly(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capture = tmp_path / "\x1b[2Jone\ntwo.flows"
    capture.write_bytes(b"no capture at all")
    assert main([*command.split(), str(capture)]) == 2
    assert_readable(capsys.readouterr().err)
