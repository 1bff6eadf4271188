"""Starting as a script of mitmproxy: an inspector told what it cannot do says so and stops it.

May live here: the hooks that mitmproxy calls on a script while it starts, and what they do with
options that cannot be used. mitmproxy loses an `OptionsError` of a script that is loading in a
task nobody waits for: the script is gone, mitmproxy goes on and ends well. One from `configure`
it shows as a traceback. An error in the log while it starts ends mitmproxy with status 1.
"""

from __future__ import annotations

import asyncio
import difflib
import itertools
import logging
from typing import TYPE_CHECKING, Final, Protocol

from mitmproxy import ctx, exceptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mitmproxy.addonmanager import Loader

logger = logging.getLogger(__name__)

PREFIX: Final = "ara_"
"""Options of this name are ours."""
BOOLEAN: Final = "boolean must be"
REQUIRED: Final = "Option is required"


class Addon(Protocol):
    """What is started."""

    def load(self, loader: Loader) -> None:
        """Declare the options."""

    def configure(self, updated: set[str]) -> None:
        """Read the options."""


class Start:
    """The hooks of the start, over those of `addon`."""

    def __init__(self, addon: Addon) -> None:
        self._addon = addon
        self._configured = False

    def load(self, loader: Loader) -> None:
        """Declare the options, and give them the values that waited for them."""
        self._addon.load(loader)
        _tell(set_deferred())

    def configure(self, updated: set[str]) -> None:
        """Read the options: later an error is the caller's, who takes the change back."""
        if self._configured:
            self._addon.configure(updated)
            return
        self._configured = True
        # Once the scripts that load with us have declared theirs: one of them may be lost as well.
        rest = itertools.chain(set_deferred(), unknown_options())
        asyncio.get_running_loop().call_soon(_tell, rest)
        try:
            self._addon.configure(updated)
        except exceptions.OptionsError as error:
            logger.error("%s", error)  # noqa: TRY400 - the traceback says nothing to a user


def _tell(problems: Iterable[str]) -> None:
    for problem in problems:
        logger.error("%s", problem)


def set_deferred() -> Iterator[str]:
    """Set the options that were given before they were declared; say which values are wrong.

    Those of other addons are set here as well: one of theirs that is wrong would end our start.
    """
    for name in [name for name in ctx.options.deferred if name in ctx.options]:
        value = ctx.options.deferred.pop(name)
        # What --set was given is kept as words; what the configuration file says has its type.
        words: list[str] | None = getattr(value, "val", None)
        specs = [f"{name}={value}"]
        try:
            if words is None:
                ctx.options.update(**{name: value})
            else:
                specs = [f"{name}={word}" for word in words] or [name]
                ctx.options.set(*specs)
        except (exceptions.OptionsError, TypeError) as error:
            yield f"{', '.join(specs)}: {_reason(str(error))}"


def _reason(text: str) -> str:
    """Why mitmproxy does not take a value, without the option's name, which stands before it."""
    if text.startswith(REQUIRED):
        return "a value is wanted"
    return text[text.find(BOOLEAN) :] if BOOLEAN in text else text


def unknown_options() -> Iterator[str]:
    """A line for each option given that is named as ours but is none; mitmproxy ignores those."""
    known = [name for name in ctx.options.keys() if name.startswith(PREFIX)]  # noqa: SIM118 - no iterator
    yield from (
        no_such_option(name, known) for name in ctx.options.deferred if name.startswith(PREFIX)
    )


def no_such_option(name: str, known: Iterable[str]) -> str:
    """The line that says so, with the name that may have been meant."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"{name}: no such option" + (f"; did you mean {near[0]}?" if near else "")
