from __future__ import annotations

import json
import logging
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy.test import taddons

from ara_inspector.timeline_file import TimelineFile
from exchanges import entries

TOLD = entries("ad https://a.example/\n< Attribution-Reporting-Register-Source: {}")


def test_each_entry_is_on_disk_at_once(tmp_path: Path) -> None:
    file = TimelineFile(lambda: None)
    with taddons.context(file) as context:
        path = tmp_path / "made" / "t.jsonl"
        context.configure(file, ara_timeline=str(path))
        file.tell(TOLD)
        lines = path.read_text("ascii").splitlines()
        assert [json.loads(line)["number"] for line in lines] == [e.number for e in TOLD]
        context.configure(file, ara_timeline=f"+{path}")
        file.tell(TOLD)
        assert len(path.read_text().splitlines()) == 2 * len(lines)
        context.configure(file, ara_timeline=str(path))
        assert path.read_text() == ""
        context.configure(file, ara_timeline="")
        file.tell(TOLD)
        assert path.read_text() == ""


def test_other_options_leave_the_file_alone(tmp_path: Path) -> None:
    file = TimelineFile(lambda: None)
    with taddons.context(file) as context:
        context.configure(file, ara_timeline=str(tmp_path / "t.jsonl"))
        file.tell(TOLD)
        file.configure({"web_port"})
        file.tell(TOLD)
        file.done()
    assert len((tmp_path / "t.jsonl").read_text().splitlines()) == 2 * len(TOLD)


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = TimelineFile(lambda: None)
    with taddons.context(file) as context:
        context.configure(file, ara_timeline="~/t.jsonl")
        file.tell(TOLD)
        file.done()
    assert (tmp_path / "t.jsonl").stat().st_size > 0


def test_a_path_that_cannot_be_written_is_an_error_of_the_option(tmp_path: Path) -> None:
    file = TimelineFile(lambda: None)
    with (
        taddons.context(file) as context,
        pytest.raises(exceptions.OptionsError, match="cannot be written: Is a directory"),
    ):
        context.configure(file, ara_timeline=str(tmp_path))


def test_a_full_disk_is_told_once_and_stops_the_writing(caplog: pytest.LogCaptureFixture) -> None:
    spoilt: list[int] = []
    file = TimelineFile(lambda: spoilt.append(1))
    with taddons.context(file) as context:
        context.configure(file, ara_timeline="/dev/full")
        with caplog.at_level(logging.WARNING):
            file.tell(TOLD)
            file.tell(TOLD)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (
            logging.WARNING,
            "ara_timeline: No space left on device; the timeline is not written any more",
        )
    ]
    assert spoilt == [1]


def test_a_disk_that_takes_a_part_is_asked_for_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(FileIO):
        def write(self, data: Any) -> int:
            return super().write(data[:7])

    path = tmp_path / "t.jsonl"
    file = TimelineFile(lambda: None)
    monkeypatch.setattr(Path, "open", lambda self, mode, **_: Slow(self, mode[0]))
    with taddons.context(file) as context:
        context.configure(file, ara_timeline=str(path))
        file.tell(TOLD)
        file.done()
    assert [json.loads(line)["number"] for line in path.read_text().splitlines()] == [
        entry.number for entry in TOLD
    ]
