"""The command itself: what it loads, what it hands on, and its exit statuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mitmproxy import hooks

from ara_inspector import cli
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
    assert {hook: told[hook] for hook in wanted} == {
        hook: getattr(script.inspector, hook) for hook in wanted
    }


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
