"""README shows only what the commands print: each block is run again and compared.

A block is marked by a comment on the line before its fence: `<!-- shown by: COMMAND -->`, or
`<!-- shown by (head -20): COMMAND -->` for the first lines only. `pytest --update-golden
tests/test_readme.py` writes the blocks anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(
    r"<!-- shown by(?P<head> \(head -(?P<lines>\d+)\))?: (?P<command>.+?) -->\n"
    r"(?P<fence>`{3,})\w*\n(?P<shown>.*?)(?P=fence)\n",
    re.DOTALL,
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def output(command: str, lines: str | None) -> str:
    told = {"COLUMNS": "100", "TZ": "UTC", "NO_COLOR": "1", "ARA_AS_IS": "1"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
        env=os.environ | {"PATH": path} | told,
    )
    printed = done.stdout + done.stderr
    if lines is not None:
        printed = "\n".join(printed.splitlines()[: int(lines)])
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines()) + "\n"


def blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(README.read_text()))


@pytest.mark.parametrize("number", range(len(blocks())))
def test_the_readme_shows_what_is_printed(number: int, request: pytest.FixtureRequest) -> None:
    block = blocks()[number]
    printed = output(block["command"], block["lines"])
    if request.config.getoption("--update-golden"):
        text = README.read_text()
        start, end = block.span("shown")
        README.write_text(text[:start] + printed + text[end:])
        return
    assert block["shown"] == printed, block["command"]


def test_the_readme_shows_something() -> None:
    assert len(blocks()) >= 4


def test_the_example_test_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    monkeypatch.chdir(ROOT)
    names: dict[str, Callable[[], None]] = {}
    exec(code, names)  # noqa: S102 - the README's own code
    names["test_the_ad"]()


def test_links_lead_somewhere() -> None:
    for target in LINK.findall(README.read_text()):
        assert (ROOT / target).exists(), target


def test_the_commands_named_are_there() -> None:
    for script in re.findall(r"scripts/[a-z-]+", README.read_text()):
        assert (ROOT / script).exists(), script
