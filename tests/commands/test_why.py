from __future__ import annotations

import json
from pathlib import Path

import pytest

from ara_inspector.cli import main

SESSION = str(Path(__file__).parents[2] / "fixtures" / "flows" / "realistic_session.flows")
REFUSED = str(Path(__file__).parents[2] / "fixtures" / "flows" / "both_headers.flows")


def why(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["why", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def number_of(capsys: pytest.CaptureFixture[str], text: str) -> str:
    """The number of the trigger whose line holds `text`."""
    _, out, _ = why(capsys, SESSION)
    (line,) = (line for line in out.splitlines() if text in line)
    return line.split()[0].removeprefix("#")


def test_every_trigger_is_told_on_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = why(capsys, SESSION)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == 4
    assert lines[0].endswith("data 1: success (#15) (certain)")
    assert lines[3].endswith("data 1: no matching sources (certain)")


def test_one_trigger_is_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = why(capsys, SESSION, number_of(capsys, "pixel.cinder.example"))
    assert status == 0
    assert "sources that came near" in out
    assert "NO reporting-origin: it is of https://px.cinder.example" in out
    assert "verbose debug type: trigger-no-matching-source" in out
    assert out.splitlines()[-1].startswith("ATT021 no-matching-source: ")


def test_lines_are_broken_at_the_terminals_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = number_of(capsys, "pixel.cinder.example")
    _, whole, _ = why(capsys, SESSION, number)
    assert max(map(len, whole.splitlines())) > 100
    monkeypatch.setenv("COLUMNS", "60")
    _, broken, _ = why(capsys, SESSION, number)
    assert max(map(len, broken.splitlines())) <= 60
    assert "".join(whole.split()) == "".join(broken.split())
    assert "\n      https://pixel.cinder.example\n" in broken
    _, out, _ = why(capsys, SESSION, number, "--format", "json")
    json.loads(out)


def test_a_source_is_told_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = why(capsys, SESSION, "2")
    assert status == 0
    assert "result: stored (success)" in out
    assert "ok reporting-origin-per-site" in out


def test_json_is_the_contracts(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = why(capsys, SESSION, "--format", "json")
    assert [answer["event_level"] for answer in json.loads(out)] == [
        "success",
        "success",
        "success",
        "noMatchingSources",
    ]
    _, out, _ = why(capsys, SESSION, "2", "--format", "json")
    assert json.loads(out)["trace"]["checks"][0]["name"] == "trigger-state-cardinality"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("5", "it is rejected: RSP029"),
        ("7", "is no registration, but of kind report"),
        ("4711", "no entry 4711"),
    ],
)
def test_what_has_no_answer_says_why(
    entry: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = why(capsys, SESSION, entry)
    assert (status, out) == (2, "")
    assert said in err


def test_triggers_that_never_get_there_are_listed_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = why(capsys, REFUSED)
    assert "ignored" in out


def test_unreadable_captures_are_unusable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = why(capsys, str(tmp_path / "none.flows"))
    assert (status, out) == (2, "")
    assert err.startswith("ara-inspector why: ")


def test_damage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.flows"
    broken.write_bytes(Path(SESSION).read_bytes()[:-100])
    status, out, err = why(capsys, str(broken))
    assert status == 2
    assert "success" in out
    assert "damaged" in err


def test_a_capture_becomes_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--from-capture", SESSION]) == 0
    scenario = json.loads(capsys.readouterr().out)["scenario"]
    assert scenario["testing"] is True
    assert [step["kind"] for step in scenario["steps"]].count("trigger") == 4
    assert main(["simulate", "--from-capture", "/nowhere"]) == 2
