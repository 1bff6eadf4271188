from __future__ import annotations

import re

import pytest

from ara_inspector.views.fates import told_in_full
from ara_inspector.views.page import SCRIPTS, STYLE, asset, live_page, shell, shown_entry
from exchanges import watched
from fake_session import a_session


def test_every_file_is_there_and_no_other() -> None:
    for name in (STYLE, *SCRIPTS, "page.html"):
        assert asset(name)
    with pytest.raises(KeyError):
        asset("../web.py")


def test_the_live_page_names_its_files_and_holds_no_script_or_style_itself() -> None:
    page = live_page("/base")
    assert re.findall(r'<script src="([^"]+)" defer></script>', page) == [
        f"/base/{name}" for name in SCRIPTS
    ]
    assert f'<link rel="stylesheet" href="/base/{STYLE}">' in page
    assert not re.search(r"<script(?! src)|<style|\son\w+=|style=|<!--", page)


def test_what_is_put_in_is_not_searched_for_marks() -> None:
    page = shell(head="<!--DATA-->\n", data="once")
    assert page.count("<!--DATA-->") == 1
    assert page.count("once") == 1


def test_scripts_make_no_markup_out_of_text() -> None:
    for name in SCRIPTS:
        code = asset(name)
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", code
        )
        # They are embedded in a report, and would end their own element.
        assert not re.search(r"</script|<!--", code, re.IGNORECASE)


def test_only_addresses_of_ours_become_links() -> None:
    code = "".join(map(asset, SCRIPTS))
    assert re.findall(r"\.href = (.+);", code) == ["address", "flowAddress(id)", "href"]


def test_a_registration_comes_with_what_became_of_it() -> None:
    session = watched(
        "page https://pub.example/\n\nad https://r1.example/i\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}\n\n'
        "page https://shop.example/\n\nad https://r1.example/c\n"
        '< Attribution-Reporting-Register-Trigger: {"event_trigger_data": [{}]}\n'
    )
    source, trigger = (entry for entry in session.timeline if entry.fate is not None)
    assert shown_entry(source)["cells"]["route"] == "pub.example? > shop.example"
    shown = shown_entry(trigger)
    assert shown["cells"]["route"] == f"success (#{source.number}): shop.example? > data 0"
    assert trigger.fate is not None
    assert shown["why"] == list(told_in_full(trigger.fate))


def test_an_entry_comes_with_the_texts_of_its_row() -> None:
    entry = a_session().timeline.get(2)
    assert entry is not None
    shown = shown_entry(entry)
    assert shown["entry"]["number"] == 2
    assert shown["cells"] == {
        "what": "source (event)",
        "route": "news.example? > shop.example",
        "place": "c1:1",
    }
