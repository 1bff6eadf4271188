from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector import rules
from ara_inspector.views.help_texts import help_texts, sections_of

if TYPE_CHECKING:
    import pytest


def test_all_rules_without_a_choice_else_only_the_chosen() -> None:
    assert set(help_texts()) == {rule.code for rule in rules.catalogue()}
    assert set(help_texts(["ELG001", "XXX999"])) == {"ELG001"}


def test_a_text_has_all_that_a_page_shows() -> None:
    text = help_texts(["ELG001"])["ELG001"]
    assert text["name"] == "dictionary-value-ignored"
    assert text["spec"].startswith("https://wicg.github.io/")
    assert "What the browser does" in text["sections"]


def test_a_rule_without_a_page_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(code: str) -> str:
        raise rules.PageError(code)

    monkeypatch.setattr(rules, "page_text", missing)
    assert sections_of("ELG001") is None
    assert help_texts(["ELG001"]) == {}
