"""`scripts/bench [SECTION...]`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from benchmarks.attribution import attribution
from benchmarks.headers import headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECTIONS: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "headers": headers,
    "attribution": attribution,
}


def main() -> None:
    """Run the sections that are named, or all."""
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument(
        "section", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; default: all"
    )
    chosen = parser.parse_args().section or list(SECTIONS)
    if not set(chosen) <= set(SECTIONS):
        parser.error(f"the sections are {', '.join(SECTIONS)}")
    for name in chosen:
        print(f"== {name}")
        for line in SECTIONS[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
