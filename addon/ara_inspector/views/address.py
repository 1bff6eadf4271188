"""Telling the address of a page, with its token, to whoever started the proxy.

May live here: where the address is written to, and what tells that nobody reads the log.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from mitmproxy.log import log_tier
from mitmproxy.tools.dump import DumpMaster

if TYPE_CHECKING:
    from mitmproxy.master import Master

logger = logging.getLogger(__name__)


def is_quiet(master: Master) -> bool:
    """Whether the terminal is told nothing of level INFO (`-q`).

    The screen of the console is its own, and mitmweb has a log in its page.
    """
    quiet = log_tier(getattr(master.options, "termlog_verbosity", "info")) < log_tier("info")
    return quiet and isinstance(master, DumpMaster)


def tell_address(url: str, *, quiet: bool) -> None:
    """Log the address of a page; where the log is quiet, write it to standard error.

    Without it nobody gets in, and whoever asks for a page wants to be told where it is.
    """
    text = f"Attribution Reporting page: {url}"
    logger.info(text)
    if quiet:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
