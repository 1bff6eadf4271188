"""What is known of the terminal."""

from __future__ import annotations

import pytest

from ara_inspector.terminal import columns


@pytest.mark.parametrize("to_a_file", [False, True])
@pytest.mark.parametrize(("told", "wide"), [("90", 90), ("", None), ("0", None), ("many", None)])
def test_columns_say_how_wide_a_file_or_a_pipe_is(
    told: str, wide: int | None, monkeypatch: pytest.MonkeyPatch, *, to_a_file: bool
) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert columns(to_a_file=to_a_file) == wide
