from __future__ import annotations

import re

import pytest

from ara_inspector.views.page import SCRIPTS, STYLE, asset, live_page, shell


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
    given = re.findall(r"\.href = (.+);", code)
    assert given == ["address", "made", "address", "flowAddress(id)"]


def test_each_script_says_what_may_live_in_it_and_none_holds_two_things() -> None:
    for name in SCRIPTS:
        code = asset(name)
        assert code.startswith("// ")
        assert code.count("\n") < 400, name


def test_the_status_gets_its_kind_before_its_words() -> None:
    calls = re.findall(r"\bstatus\((.+?)\)", "".join(map(asset, SCRIPTS)))
    kinds = [re.match(r'"(\w+)", ["`]', given) for given in calls if "kind" not in given]
    assert {kind[1] for kind in kinds if kind} == {"connecting", "live", "offline", "report"}
    assert None not in kinds
