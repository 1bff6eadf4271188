"""Every debug type has a page in one form, and its example is a report that can be read."""

from __future__ import annotations

from importlib.resources import files

import pytest

from ara_inspector import rules
from ara_inspector.reports import VERBOSE_TYPES, VerboseType, read_report
from ara_inspector.rules import verbose
from report_posts import post

SECTIONS = [
    "What it says",
    "What leads to it",
    "What to do",
    "Chrome's word",
    "Example",
    "Spec",
]
every_type = pytest.mark.parametrize("known", VERBOSE_TYPES.values(), ids=VERBOSE_TYPES)


def sections(known: VerboseType) -> dict[str, str]:
    text = verbose.page_text(known.name)
    assert text is not None
    title, *parts = text.split("\n## ")
    assert title.strip() == f"# {known.name}"
    return {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}


@every_type
def test_a_page_is_in_the_fixed_form(known: VerboseType) -> None:
    found = sections(known)
    assert list(found) == SECTIONS
    assert all(found.values())
    assert "https://wicg.github.io/attribution-reporting-api/#" in found["Spec"]
    one_line = " ".join(found["What it says"].split())
    assert one_line == f"{known.meaning[0].upper()}{known.meaning[1:]}."


@every_type
def test_a_page_names_chromes_words(known: VerboseType) -> None:
    word = sections(known)["Chrome's word"]
    assert all(f"`{result}`" in word for result in (*known.results, *known.masks))
    assert word.count("`") == 2 * len((*known.results, *known.masks))
    assert ("Aggregatable debug reports only." in word) is not known.reported


@every_type
def test_the_example_is_a_report_of_this_type(known: VerboseType) -> None:
    block = rules.read_block(sections(known)["Example"])
    assert block.kind == "json"
    report = read_report(post("debug/verbose", block.body.encode()))
    assert report is not None
    assert report.findings == ()
    assert f'"{known.name}"' in report.raw


def test_no_page_is_without_a_type() -> None:
    pages = {path.name for path in files(verbose).iterdir() if path.name.endswith(".md")}
    assert pages == {f"{name}.md" for name in VERBOSE_TYPES}


def test_types_are_found_in_any_case_and_other_words_not() -> None:
    assert verbose.page_text("Source-Success") == verbose.page_text("source-success")
    assert verbose.page_text("RPT001") is None
    assert verbose.page_text("../RPT001") is None
