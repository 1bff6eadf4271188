"""A real chromium and a real mitmweb for the tests in this folder."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("ARA_CHROMIUM_WITHOUT_ARA") or "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60.0
WIDE = (1366, 800)
READABLE = 4.5
"""The contrast ratio WCAG wants at least."""


@dataclass
class Tool:
    """A running mitmweb or mitmdump, and where it serves."""

    page: str
    root: str
    log: Path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # For a module only: while it is open, its event loop is in the way of asynchronous tests.
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"no chromium at {CHROMIUM}: install Debian's, or name another one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page and everything that happened on it and should not have."""

    page: Page
    context: BrowserContext
    troubles: list[str]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    contexts: list[BrowserContext] = []

    def open_page(
        address: str, *, size: tuple[int, int] = WIDE, scheme: str = "light", js: bool = True
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=js,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        made = Visit(page, context, [])

        def trouble(text: str) -> None:
            made.troubles.append(text)

        def dismiss(dialog: Dialog) -> None:
            trouble(f"dialog {dialog.message}")
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.on("pageerror", lambda error: trouble(f"error {error}"))
        page.on(
            "console",
            lambda said: trouble(said.text) if said.type in {"error", "warning"} else None,
        )
        page.goto(address)
        return made

    yield open_page
    for context in contexts:
        context.close()


def until(page: Page, expression: str) -> None:
    """Wait for it to be true. Playwright's own way evaluates text in the page, whose policy
    forbids that."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def fits_and_reads(page: Page) -> None:
    """Whether it is as wide as the window, and all text stands out from what is behind it."""
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    contrast, *where = page.evaluate(Path(__file__).with_name("contrast.js").read_text())
    assert contrast >= READABLE, where


@contextmanager
def running(command: str, *arguments: str, log: Path) -> Iterator[Tool]:
    """A tool, from when its page is there until the test is over."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [Path(sys.executable).parent / command, *arguments],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            # The invented hosts of recordings are found in scripts/.
            env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT / "scripts")},
        )
    try:
        yield _served(process, log)
    finally:
        process.terminate()
        process.wait(20)


def _served(process: subprocess.Popen[bytes], log: Path) -> Tool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = re.search(r"Attribution Reporting page: (\S+)", log.read_text("utf-8", "replace"))
        if found:
            page = found[1]
            return Tool(page, page.partition("/attribution")[0], log)
        assert process.poll() is None, log.read_text("utf-8", "replace")
        time.sleep(0.1)
    pytest.fail(f"no page after {PATIENCE} s: {log.read_text('utf-8', 'replace')}")


@pytest.fixture
def mitmweb(tmp_path: Path) -> Callable[..., object]:
    """`mitmweb(capture)` is a context manager that runs mitmweb on it."""

    def start(capture: Path, *options: str) -> object:
        return running(
            "mitmweb",
            *("-n", "-r", str(capture), "-s", "addon/attribution_reporting.py"),
            *("--no-web-open-browser", "--web-port", str(free_port())),
            *("--set", "termlog_verbosity=info", *options),
            log=tmp_path / "mitmweb.log",
        )

    return start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
