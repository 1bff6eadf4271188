"""What is known of the terminal."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from ara_inspector.terminal import columns, style
from ara_inspector.views.style import Style


@pytest.mark.parametrize("to_a_file", [False, True])
@pytest.mark.parametrize(("told", "wide"), [("90", 90), ("", None), ("0", None), ("many", None)])
def test_columns_say_how_wide_a_file_or_a_pipe_is(
    told: str, wide: int | None, monkeypatch: pytest.MonkeyPatch, *, to_a_file: bool
) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert columns(to_a_file=to_a_file) == wide


def test_a_stream_that_is_no_terminal_has_no_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    with Path(os.devnull).open("w") as stream:
        assert columns(stream) is None
        assert style(stream) is Style.PLAIN
    assert columns(io.StringIO()) is None


def test_a_terminal_is_asked_for_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("os.get_terminal_size", lambda _: os.terminal_size((72, 24)))
    with Path(os.devnull).open("w") as stream:
        assert columns(stream) == 72
        assert columns(stream, to_a_file=True) is None
