"""`ara-inspector replay`, and so `scripts/inspect`: every kind of capture gets a clear answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ara_inspector.cli import main

FIXTURES = Path(__file__).parents[2] / "fixtures"
SESSION = FIXTURES / "flows" / "realistic_session.flows"


def replay(capture: Path | str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ara_inspector", "replay", str(capture), *options],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "100"},
        timeout=60,
    )


def test_a_flow_file_and_its_har_tell_the_same_registrations() -> None:
    from_flows = replay(SESSION, "ara_live=false")
    from_har = replay(FIXTURES / "har" / "realistic_session.har", "ara_live=false")
    assert from_flows.returncode == from_har.returncode == 0
    line = "12 registrations: 11 registered (1 likely), 1 rejected."
    assert line in from_flows.stdout
    assert line in from_har.stdout


def test_a_capture_without_ara_traffic_says_so() -> None:
    done = replay(FIXTURES / "flows" / "no_ara_traffic.flows")
    assert done.returncode == 0
    assert "No Attribution Reporting traffic" in done.stdout


def test_a_browser_without_the_api_is_told_as_such() -> None:
    done = replay(FIXTURES / "flows" / "no_ara_browser.flows")
    assert done.returncode == 0
    assert "The API cannot work here" in done.stdout


def test_a_damaged_file_tells_what_comes_before_the_damage(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.flows"
    damaged.write_bytes(SESSION.read_bytes()[:60_000])
    done = replay(damaged)
    assert done.returncode == 2
    assert "registrations: " in done.stdout
    assert done.stderr.endswith(
        f"ara-inspector: {damaged} is damaged after flow 23: the flows before it are shown\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"GIF89a", "neither a mitmproxy flow file nor a HAR"),
        (b'{"log": {}}', "no HAR entries"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    capture = tmp_path / "capture"
    capture.write_bytes(content)
    assert main(["replay", str(capture)]) == 2
    assert sentence in capsys.readouterr().err


def test_what_is_no_file_gets_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(tmp_path)]) == 2
    assert main(["replay", str(tmp_path / "none")]) == 2
    told = capsys.readouterr().err
    assert "is a directory" in told
    assert "No such file" in told


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["ara_live=false", "bogus"], "ara-inspector: 'bogus' is not OPTION=VALUE\n"),
        (["bogus=1"], "ara-inspector: bogus: no such option\n"),
        (
            ["ara_tabel=false", "block_list=1", "no"],
            "ara-inspector: 'no' is not OPTION=VALUE\n",
        ),
        (
            ["ara_tabel=false", "block_lst=1"],
            (
                "ara-inspector: ara_tabel: no such option; did you mean ara_table?\n"
                "ara-inspector: block_lst: no such option; did you mean block_list?\n"
            ),
        ),
    ],
)
def test_options_that_are_none_are_not_ignored(options: list[str], sentence: str) -> None:
    done = replay(SESSION, *options)
    assert done.returncode == 2
    assert (done.stdout, done.stderr) == ("", sentence)


def test_a_value_that_cannot_be_used_does_not_blame_the_capture() -> None:
    done = replay(SESSION, "ara_live=no")
    assert done.returncode == 2
    assert "ara_live=no: boolean must be " in done.stdout
    assert done.stderr.endswith(
        "ara-inspector: mitmdump ended with an error: the timeline may not be whole, or not as "
        "asked\n"
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("ends_with", "status"), [(1, 2), (3, 3), (None, 0)])
def test_mitmdumps_status_is_kept(
    ends_with: int | None,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def mitmdump(_tool: str, words: list[str]) -> int:
        assert words[-2:] == ["--set", "ara_table=false"]
        raise SystemExit(ends_with)

    monkeypatch.setattr("ara_inspector.commands.replay.run_tool", mitmdump)
    assert main(["replay", str(SESSION), "ara_table=false"]) == status
    assert ("as asked" in capsys.readouterr().err) is (ends_with == 1)


def test_the_options_status_is_kept() -> None:
    assert replay(SESSION, "ara_table=false", "ara_fail_on=error").returncode == 3


def test_options_are_not_required(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["replay"])
    assert capsys.readouterr().err.endswith("the following arguments are required: capture\n")
    assert main(["replay", str(SESSION), "bogus"]) == 2
    assert "'bogus' is not OPTION=VALUE" in capsys.readouterr().err
