from __future__ import annotations

import io
import json
import math
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.cli import main

if TYPE_CHECKING:
    from pathlib import Path

STEPS = [
    {
        "t": 0,
        "kind": "source",
        "source_type": "event",
        "context": "https://pub.example",
        "reporter": "https://r1.example",
        "header": {"destination": "https://shop.example"},
    },
    {
        "t": 5,
        "kind": "trigger",
        "context": "https://shop.example",
        "reporter": "https://r1.example",
        "header": {"event_trigger_data": [{}]},
    },
]
SCENARIO = {"steps": STEPS}


def given(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


class FailingDisk(io.RawIOBase):
    def read(self, _size: int = -1) -> bytes:
        raise OSError(5, "Input/output error")


def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_text_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(SCENARIO))
    assert main(["simulate", str(path)]) == 0
    assert "event-level success" in capsys.readouterr().out


def test_json_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, json.dumps({"name": "n", "scenario": SCENARIO}))
    assert main(["simulate", "--format", "json"]) == 0
    told = answer(capsys)
    assert set(told) == {"name", "results", "reports"}
    assert told["name"] == "n"
    assert told["results"][1]["event_level"] == "success"


def test_why_is_added_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, json.dumps(SCENARIO))
    assert main(["simulate", "-", "--format", "json", "--why"]) == 0
    assert [step["step"] for step in answer(capsys)["why"]] == [0, 1]


def test_a_stream_goes_on_after_a_bad_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        json.dumps({"name": "first", "scenario": SCENARIO}),
        "",
        "{",
        json.dumps({"name": "bad", "scenario": {"steps": 1}}),
        "[" * 100_000,
        json.dumps({"name": "last", "scenario": SCENARIO}),
        json.dumps({"name": [math.nan], "scenario": SCENARIO}),
    ]
    given(monkeypatch, "\n".join(lines).encode() + b"\n\xff\n")
    assert main(["simulate", "--jsonl"]) == 2
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["name"] for line in told] == ["first", None, "bad", None, "last", None, None]
    assert [line.get("unusable", "")[:7] for line in told] == [
        "",
        "line 3:",
        "line 4:",
        "line 5:",
        "",
        "line 7:",
        "line 8:",
    ]
    assert told[0]["results"] == told[4]["results"]


def test_a_good_stream(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    given(monkeypatch, json.dumps({"name": 1, "scenario": SCENARIO}))
    assert main(["simulate", "--jsonl"]) == 0
    assert answer(capsys)["name"] == 1


@pytest.mark.parametrize("text", ["", "[]", "{", '{"steps": [{"t": 0, "kind": "view"}]}', b"\xff"])
def test_unusable_input(
    text: str | bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, text)
    assert main(["simulate"]) == 2
    assert capsys.readouterr().err.startswith("ara-inspector simulate: ")


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "/no/such/file"]) == 2
    assert capsys.readouterr().err == (
        "ara-inspector simulate: /no/such/file cannot be read: No such file or directory\n"
    )


def test_a_directory_is_no_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(tmp_path)]) == 2
    assert f"{tmp_path} cannot be read: Is a directory" in capsys.readouterr().err


def test_reading_that_fails_is_no_scenario(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=FailingDisk()))
    assert main(["simulate"]) == 2
    assert "simulate: standard input cannot be read: Input/output error" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{\n "steps": nothing}', "line 2: it is not JSON: Expecting value at column 11"),
        (b"\xff\xfe\xff", " is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_json_is_told_where(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scenario.json"
    file.write_bytes(content)
    assert main(["simulate", str(file)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"ara-inspector simulate: {file}")
    assert error.endswith(f"{message}\n")
    assert error.count("\n") == 1
