"""`scripts/bench [SECTION...]`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from benchmarks.attribution import attribution
from benchmarks.flows import flows
from benchmarks.headers import headers
from benchmarks.live import live
from benchmarks.memory import memory, memory_mitmdump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECTIONS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "headers": headers,
    "attribution": attribution,
    "flows": flows,
    "live": live,
    "memory": memory,
    "memory-mitmdump": memory_mitmdump,
}
LONG: Final = frozenset({"memory", "memory-mitmdump"})
"""Minutes each: run only where named."""


def main() -> None:
    """Run the sections that are named, or all that are quick."""
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument(
        "section",
        nargs="*",
        metavar="SECTION",
        help=f"of {', '.join(SECTIONS)}; default: all but the long {' and '.join(sorted(LONG))}",
    )
    chosen = parser.parse_args().section or [name for name in SECTIONS if name not in LONG]
    if not set(chosen) <= set(SECTIONS):
        parser.error(f"the sections are {', '.join(SECTIONS)}")
    for name in chosen:
        print(f"== {name}")
        for line in SECTIONS[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
