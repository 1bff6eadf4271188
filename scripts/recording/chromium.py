"""The two browsers: fetched, unpacked, started and ended.

Chromium 138 is `headless_shell` from the npm package `@sparticuz/chromium`, unpacked to the
git-ignored `.chrome/` (65 MB packed, 190 MB unpacked); `ARA_CHROMIUM` names another binary.
The browser without the API is whatever `ARA_CHROMIUM_WITHOUT_ARA` or `chromium` on PATH is.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # comes with mitmproxy, has no types

from recording.scenario import Browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

CACHE = Path(__file__).parents[2] / ".chrome"
PACKAGE = "@sparticuz/chromium@138.0.2"
SHA512 = "vs5qUiK6kFCzLCxZ2buWONcB6jdF3VWdYp6kH1tt56tZ78p51dMAxfWsfk9P62z/jAeqbVg4V6Rb3Ic4aAeOKQ=="
START_UP = 60
LISTENING = re.compile(rb"DevTools listening on (ws://\S+)")
# The package's own file expects to live in /tmp.
FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    "<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
)
FLAGS = (
    "--headless",
    "--no-sandbox",  # recording runs as root in a container
    "--ignore-certificate-errors",
    "--remote-debugging-port=0",
    # Traffic of the browser itself is no part of a recording:
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--window-size=1000,800",
)


class BrowserError(Exception):
    """The browser is not there or did not start."""


@dataclass(frozen=True)
class Installation:
    """A browser on disk and what it takes to start it."""

    binary: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


def installation(browser: Browser) -> Installation:
    """Find the browser, fetching Chromium 138 on first use."""
    if browser is Browser.CHROMIUM_138:
        named = os.environ.get("ARA_CHROMIUM")
        return Installation(Path(named)) if named else _unpacked()
    found = os.environ.get("ARA_CHROMIUM_WITHOUT_ARA") or shutil.which("chromium")
    if not found:
        raise BrowserError(
            "No Chromium 152 or later: `apt-get install chromium` on Debian, or name one in"
            " ARA_CHROMIUM_WITHOUT_ARA."
        )
    return Installation(Path(found), flags=(f"--user-agent={_user_agent(found)}",))


def _user_agent(binary: str) -> str:
    """What the browser calls itself when it has a window: headless it would say so instead."""
    told = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"(\d+)\.", told)
    if version is None:
        raise BrowserError(f"{binary} --version says {told!r}.")
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        f" Chrome/{version[1]}.0.0.0 Safari/537.36"
    )


@asynccontextmanager
async def running(browser: Installation) -> AsyncIterator[str]:
    """Start the browser with an empty profile; gives the DevTools address."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            str(browser.binary),
            *FLAGS,
            *browser.flags,
            f"--user-data-dir={profile}",
            env=os.environ | browser.environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        reader = asyncio.create_task(_read(process, address))
        try:
            yield await asyncio.wait_for(address, START_UP)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
            await reader


async def _read(process: asyncio.subprocess.Process, address: asyncio.Future[str]) -> None:
    """Read all it says, or it would wait for us to; one line has the address."""
    said = []
    async for line in process.stderr or asyncio.StreamReader():
        listening = LISTENING.search(line)
        if address.done():
            continue
        said.append(line)
        if listening:
            address.set_result(listening[1].decode())
    if not address.done():
        text = b"".join(said).decode(errors="replace")
        address.set_exception(BrowserError(f"The browser did not start:\n{text}"))


def _unpacked() -> Installation:
    folder = CACHE / PACKAGE.rpartition("@")[2]
    if not folder.is_dir():
        _unpack(folder)
    return Installation(
        folder / "chromium",
        {
            # Machines without NSS or fonts are the rule in containers; the package has both.
            "LD_LIBRARY_PATH": str(folder / "al2023" / "lib"),
            "FONTCONFIG_PATH": str(folder / "fonts"),
        },
    )


def _unpack(folder: Path) -> None:
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        work = Path(name)
        subprocess.run(
            ["npm", "pack", "--silent", PACKAGE],
            cwd=work,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (package,) = work.glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
        if digest != SHA512:
            raise BrowserError(f"{PACKAGE} from npm is not the package this was written for.")
        with tarfile.open(package) as archive:
            archive.extractall(work, filter="data")
        ready = work / "ready"
        ready.mkdir()
        packed = work / "package" / "bin"
        binary = ready / "chromium"
        binary.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
        binary.chmod(0o755)
        for part in ("al2023", "fonts"):
            tar = io.BytesIO(brotli.decompress((packed / f"{part}.tar.br").read_bytes()))
            with tarfile.open(fileobj=tar) as archive:
                archive.extractall(ready / part, filter="data")
        (ready / "fonts" / "fonts.conf").write_text(FONTS.format(folder=folder / "fonts"))
        ready.rename(folder)
