from __future__ import annotations

from typing import TYPE_CHECKING

from ara_inspector import rules
from ara_inspector.cli import main
from ara_inspector.rules import verbose

if TYPE_CHECKING:
    import pytest


def test_a_page_by_code_and_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "elg001"]) == 0
    by_code = capsys.readouterr().out
    assert by_code == rules.page_text("ELG001")
    assert main(["explain", "dictionary-value-ignored"]) == 0
    assert capsys.readouterr().out == by_code


def test_a_page_of_a_debug_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "source-success"]) == 0
    assert capsys.readouterr().out == verbose.page_text("source-success")
    assert main(["explain", "source-sucess"]) == 2
    assert "did you mean source-success?" in capsys.readouterr().err


def test_headings_stand_out_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["explain", "ELG001"]) == 0
    assert "\x1b[1m# ELG001 dictionary-value-ignored\x1b[0m\n" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["explain", "ELG001"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_alone_it_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    out = capsys.readouterr().out
    assert "ELG: Eligible, Support and Info\n  ELG001  warning  dictionary-value-ignored\n" in out
    assert all(f"  {rule.code}  " in out for rule in rules.catalogue())
    assert "Types of debug reports\n  source-success\n" in out


def test_an_unknown_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "dictionary-value-ignore"]) == 2
    assert "did you mean ELG001 dictionary-value-ignored?" in capsys.readouterr().err
    assert main(["explain", "zzzzzzzz\x1b"]) == 2
    err = capsys.readouterr().err
    assert "did you mean" not in err
    assert "\x1b" not in err


def test_the_beginning_of_codes_lists_what_begins_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "chn"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("CHN: redirect chains\n  CHN001  ")
    assert "ELG" not in out
    assert main(["explain", "REG02"]) == 0
    assert "REG019" not in capsys.readouterr().out
