"""The command itself: what it loads, what it hands on, and its exit statuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mitmproxy import hooks

from ara_inspector import cli
from ara_inspector.addon import LIVE_HOOKS, SINK_HOOKS
from ara_inspector.commands import tools


def test_every_subcommand_has_its_module(capsys: pytest.CaptureFixture[str]) -> None:
    for name in set(cli.COMMANDS) - cli.TOOLS:
        with pytest.raises(SystemExit) as end:
            cli.main([name, "--help"])
        assert end.value.code == 0
        assert f"ara-inspector {name}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["no-such-thing"], ["script", "too", "much"]])
def test_words_that_mean_nothing_are_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == cli.UNUSABLE
    assert "usage: ara-inspector" in capsys.readouterr().err


def test_the_script_is_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["script"]) == 0
    assert Path(capsys.readouterr().out.strip()).name == "script.py"


@pytest.mark.parametrize(
    ("tool", "starts"), [("dump", "mitmdump"), ("web", "mitmweb"), ("console", "mitmproxy")]
)
def test_a_tool_gets_the_inspector_first_and_every_word_of_the_user(
    tool: str, starts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(f"mitmproxy.tools.main.{starts}", started.append)
    monkeypatch.setattr(sys, "argv", [])
    assert cli.main([tool, "--mode", "socks5", "--help"]) == 0
    assert started == [["-s", str(tools.SCRIPT), "--mode", "socks5", "--help"]]
    assert sys.argv[0] == f"ara-inspector {tool}"


def test_the_script_holds_the_inspector() -> None:
    from ara_inspector import script  # noqa: PLC0415 - loading it makes an addon

    told = vars(script)
    assert told["name"] == "attribution"
    wanted = {hook for hook in hooks.all_hooks if hasattr(script.inspector, hook)}
    assert {"load", "configure", "running", "requestheaders", "response", "done"} <= wanted
    # The rest come once they are wanted (tests/test_addon.py).
    assert wanted - LIVE_HOOKS - SINK_HOOKS == set(hooks.all_hooks) & set(told)
    assert told["requestheaders"] == script.inspector.requestheaders


def test_an_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_arguments: object) -> int:
        raise KeyboardInterrupt

    from ara_inspector.commands import script as command  # noqa: PLC0415 - patched here only

    monkeypatch.setattr(command, "run", interrupted)
    assert cli.main(["script"]) == 130


def test_a_reader_that_leaves_is_no_traceback() -> None:
    pipe = f"{sys.executable} -m ara_inspector explain | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", pipe],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1


FLOWS = Path(__file__).parents[1] / "fixtures" / "flows"
CAPTURE = str(FLOWS / "chain_of_three_reporters.flows")
FORMATS = ("table", "json", "jsonl", "junit", "sarif", "html", "csv")


def in_shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m ara_inspector {command}"],
        input='{"steps": []}',
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.parametrize(
    "command",
    [
        *(f"check {CAPTURE} --format {name}" for name in FORMATS),
        f"check {CAPTURE} --output /dev/null --bless -",
        "explain",
        "explain REG010",
        "schema",
        "schema document",
        f"why {CAPTURE}",
        "validate --kind trigger {}",
        "simulate",
        f"simulate --from-capture {CAPTURE}",
        "script",
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to be had")
def test_a_full_disk_is_told_in_one_line_and_is_no_finding(command: str) -> None:
    done = in_shell(f"{command} > /dev/full")
    assert done.stderr == (
        "ara-inspector: standard output cannot be written: No space left on device\n"
    )
    assert done.returncode == cli.UNUSABLE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to be had")
def test_a_replay_to_a_full_disk() -> None:
    # Where each line is written at once mitmdump stumbles over it, else we do at the end.
    unbuffered = in_shell(f"replay {CAPTURE} > /dev/full", PYTHONUNBUFFERED="1")
    assert unbuffered.stderr == (
        "ara-inspector: mitmdump ended with an error: the timeline may not be whole, or not as "
        "asked\n"
    )
    assert unbuffered.returncode == cli.UNUSABLE
    buffered = in_shell(f"replay {CAPTURE} > /dev/full", PYTHONUNBUFFERED="")
    assert buffered.stderr == (
        "ara-inspector: standard output cannot be written: No space left on device\n"
    )
    assert buffered.returncode == cli.UNUSABLE


def test_an_output_that_the_caller_closed_is_no_traceback() -> None:
    done = in_shell(f"check {CAPTURE} >&-")
    assert (done.returncode, done.stderr) == (0, "")
    assert in_shell("check nowhere.flows 2>&-").returncode == cli.UNUSABLE


def test_streams_that_are_closed_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert cli.main(["script"]) == 0
    assert cli.main(["explain", "nothing"]) == cli.UNUSABLE
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        assert stream.name == os.devnull
        stream.close()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(28, "No space left on device", "some.file"),
            "some.file cannot be written: No space left on device",
        ),
        (
            OSError(28, "No space left on device"),
            "standard output cannot be written: No space left on device",
        ),
        (OSError(13, "Permission denied", "some.file"), "some.file: Permission denied"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError("the socket is closed"), "the socket is closed"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_the_system_refuses_is_told_as_far_as_it_is_known(
    error: OSError,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from ara_inspector.commands import script as command  # noqa: PLC0415 - patched here only

    def failing(_arguments: object) -> int:
        raise error

    monkeypatch.setattr(command, "run", failing)
    monkeypatch.setattr(cli, "_write_no_more", lambda: None)
    assert cli.main(["script"]) == cli.UNUSABLE
    assert capsys.readouterr().err == f"ara-inspector: {told}\n"
