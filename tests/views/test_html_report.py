from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import hostile
from ara_inspector.flows import exchange_of, read_capture
from ara_inspector.session import Session
from ara_inspector.timeline import EntryKind
from ara_inspector.views import packing
from ara_inspector.views.contract import CaptureOutput
from ara_inspector.views.csv_text import csv_text
from ara_inspector.views.document import document, documents, entry_document, json_line
from ara_inspector.views.expectation import Judged
from ara_inspector.views.html_report import LISTED, Chapter, html_report
from ara_inspector.views.rows import why_of
from fake_session import a_session, many, source
from unpacked import exported, held, in_full, pieces, rows

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows"


class Tags(HTMLParser):
    """Which elements a page has; scripting on, so noscript is text to a browser, not to us."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags_of(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(page)
    return parser.found


def hostile_session() -> Session:
    session = Session()
    for flow in hostile.flows():
        session.recorded(exchange_of(flow))
    session.finish()
    return session


def test_one_file_that_loads_nothing() -> None:
    page = html_report([Chapter("capture", a_session())])
    addresses = {
        value
        for _, attributes in tags_of(page)
        for name, value in attributes.items()
        if name in {"src", "href", "action", "data"}
    }
    assert addresses == {"data:,", "#list"}
    assert "@import" not in page
    assert "url(" not in page


def test_the_policy_lets_only_the_own_script_and_style_run() -> None:
    page = html_report([Chapter("capture", a_session())])
    policy = next(a for t, a in tags_of(page) if a.get("http-equiv") == "Content-Security-Policy")
    directives = dict(
        part.strip().split(" ", 1) for part in (policy["content"] or "").split(";") if part.strip()
    )
    assert directives["default-src"] == "'none'"
    for name, element in (("script-src", "script"), ("style-src", "style")):
        bodies = re.findall(f"<{element}>(.*?)</{element}>", page, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(b.encode()).digest()).decode() for b in bodies]
        assert directives[name] == " ".join(f"'sha256-{digest}'" for digest in digests)
    assert page.index("Content-Security-Policy") < page.index("<style")


def test_the_entries_are_all_in_the_data_with_the_help_they_need() -> None:
    page = html_report([Chapter("one", a_session()), Chapter("two", Session())])
    data = held(page)
    first, second = data["captures"]
    assert [row["number"] for row in rows(page)] == list(range(1, 12))
    assert (first["name"], first["entries"]) == ("one", 11)
    assert (second["name"], second["entries"], rows(page, 1)) == ("two", 0, [])
    assert (first["label"], second["label"]) == ("one - 3 errors", "two")
    assert "SRC004" in data["rules"]
    assert "ELG001" not in data["rules"]


def test_a_capture_that_cannot_be_read_says_so_where_it_is_chosen() -> None:
    told = CaptureOutput(
        name="two", readable=False, damage="no", skipped=(), lacks=(), redacted=False
    )
    page = html_report([Chapter("one", a_session()), Chapter("two", Session(), (), told)])
    assert held(page)["captures"][1]["label"] == "two - cannot be read"


@pytest.fixture(params=[1 << 20, 2_000], ids=["one piece of a kind", "many pieces"])
def pieces_of(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    size: int = request.param
    monkeypatch.setattr(packing, "PIECE", size)
    return size


def test_it_holds_what_it_exports(pieces_of: int) -> None:
    read = CaptureOutput(name="one", damage=None, skipped=(), lacks=("connection",), redacted=False)
    captures = [Chapter("one", a_session(), read=read), Chapter("two", hostile_session())]
    page = html_report(captures)
    assert (len(pieces(page)) > 100) == (pieces_of == 2_000)
    wanted = [document(each.told, each.read) for each in captures]
    assert exported(page, "json") == json_line(documents(wanted))
    assert wanted[0]["capture"]["lacks"] == ["connection"]
    assert exported(page, "csv") == csv_text((each.name, each.told) for each in captures)
    assert exported(html_report(captures[:1]), "json") == json_line(wanted[0])
    judged = [Judged("a", 1, "a is missing")]
    for several in (captures, captures[:1]):
        told = documents([document(each.told, each.read) for each in several], judged)
        assert exported(html_report(several, judged), "json") == json_line(told)


def test_a_capture_that_could_not_be_read_is_in_its_tables_too() -> None:
    read = CaptureOutput(
        name="gone", readable=False, damage="it is empty", skipped=(), lacks=(), redacted=False
    )
    page = html_report([Chapter("gone", Session(), ("it is empty",), read)])
    assert "gone,,,damage," in exported(page, "csv")
    assert json.loads(exported(page, "json"))["capture"]["readable"] is False


@pytest.mark.usefixtures("pieces_of")
def test_every_entry_of_a_row_is_there_in_full() -> None:
    session = a_session()
    page = html_report([Chapter("two", hostile_session()), Chapter("one", session)])
    made = {
        number: {"kind": kind, kind: about} for number, (kind, about, _) in in_full(page, 1).items()
    }
    assert sorted(made) == [row["number"] for row in rows(page, 1)]
    for entry in session.timeline:
        whole = json.loads(json_line(entry_document(entry)))
        assert made[entry.number].items() <= whole.items()
    assert sorted(in_full(page)) == [row["number"] for row in rows(page)]


@pytest.mark.usefixtures("pieces_of")
def test_why_an_entry_is_so_is_told_where_it_is_known() -> None:
    session = Session()
    for exchange in read_capture(FLOWS / "iframe_ad.flows"):
        session.recorded(exchange)
    session.finish()
    found = in_full(html_report([Chapter("one", session)]))
    known = [entry for entry in session.timeline if entry.fate is not None]
    assert known
    assert {number: why for number, (_, _, why) in found.items() if why is not None} == {
        entry.number: why_of(entry) for entry in known
    }


def test_the_same_report_is_the_same_file() -> None:
    assert html_report([Chapter("one", a_session())]) == html_report([Chapter("one", a_session())])


def test_a_long_report_is_a_small_file() -> None:
    session = many(3_000)
    page = html_report([Chapter("one", session)])
    assert len(page) < len(json_line(document(session))) / 4
    assert page.count("<article>") == LISTED
    assert "<p>Here are the first 1,000 of 3,000 entries;" in page


def test_the_plain_list_has_the_first_entries_of_all_captures() -> None:
    chapters = [Chapter(name, many(600)) for name in ("one", "two", "three")]
    page = html_report(chapters)
    assert page.count("<article>") == LISTED
    assert "first 400 of 600" in page
    assert "first 0 of 600" in page
    assert "first 600" not in page
    assert page.index("first 400 of 600") > page.index("<h2>two</h2>")


def test_what_must_be_known_about_a_capture_is_said() -> None:
    page = html_report([Chapter("one", a_session(), ("it breaks off <b>here</b>",))])
    assert held(page)["captures"][0]["remarks"] == ["it breaks off <b>here</b>"]
    assert "<p>it breaks off &lt;b&gt;here&lt;/b&gt;</p>" in page


def test_without_javascript_it_is_a_readable_list() -> None:
    page = html_report([Chapter("capture.flows", a_session())])
    found = re.search(r"<noscript>(.*)</noscript>", page, re.DOTALL)
    assert found
    text = html.unescape(re.sub(r"<[^>]+>", " ", found[1]))
    assert "capture.flows" in text
    assert "#2 +1.000 source (event) registered" in text
    assert "SRC004 expiry-clamped" in text
    assert '"destination":"https://shop.example"' in text


def test_long_headers_are_cut_in_the_list() -> None:
    session = Session()
    raw = "x" * 5_000_000
    session.timeline.add(EntryKind.REGISTRATION, source(raw), 1.0, "https://a.example")
    page = html_report([Chapter("capture", session)])
    assert "... (5,000,000 characters)" in page


def test_hostile_texts_stay_text() -> None:
    session = hostile_session()
    assert len(session.timeline) > len(hostile.TEXTS)
    page = html_report([Chapter(hostile.TEXTS[1], session)])
    for fragment in hostile.FRAGMENTS:
        assert fragment not in page
    harmless = {tag for tag, _ in tags_of(html_report([Chapter("capture", a_session())]))}
    assert {tag for tag, _ in tags_of(page)} <= harmless
    assert sum(tag == "script" for tag, _ in tags_of(page)) == 2
    assert not any(name.startswith("on") for _, attrs in tags_of(page) for name in attrs)
    # The data still says what was sent.
    raws = [about["raw"] for _, about, _ in in_full(page).values() if "raw" in about]
    assert hostile.TEXTS[0] in raws


JUDGED = (
    Judged("1 report expected", 3, likely={"a guess\x1b": ("#1",)}),
    Judged("none expected", None, "none expected, 1 found\n  + #2 <b>x</b>\x1b"),
)


def test_expectations_are_told_met_or_not() -> None:
    page = html_report([Chapter("one", a_session())], JUDGED, "ads.toml")
    assert held(page)["expectations"] == {
        "file": "ads.toml",
        "judged": [
            {
                "about": "1 report expected",
                "line": 3,
                "text": "",
                "likely": ["only likely: #1 (a guess\\x1b)"],
            },
            {
                "about": "none expected",
                "line": None,
                "text": "none expected, 1 found\n  + #2 <b>x</b>\x1b",
                "likely": [],
            },
        ],
    }
    assert held(html_report([Chapter("one", a_session())]))["expectations"] is None


def test_expectations_are_in_the_plain_list() -> None:
    page = html_report([Chapter("one", a_session())], JUDGED, "ads.toml")
    assert (
        "<h2>Expectations</h2>\n"
        "<pre>met: 1 report expected\n  only likely: #1 (a guess\\x1b)</pre>\n"
        "<pre>not met: none expected, 1 found\n  + #2 &lt;b&gt;x&lt;/b&gt;\\x1b</pre>\n"
    ) in page
    many = Judged("x", None, "\n".join(["much"] * 1_000))
    assert "much\n" * 500 not in html_report([Chapter("one", a_session())], [many])
    assert "<h2>Expectations" not in html_report([Chapter("one", a_session())])
