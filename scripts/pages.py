"""The work of scripts/pages."""

from __future__ import annotations

import sys
from pathlib import Path

from ara_inspector import rules

ROOT = Path(__file__).parents[1]
INDEX = ROOT / "addon" / "ara_inspector" / "rules" / "INDEX.md"
FROZEN = ROOT / "fixtures" / "rule_codes.txt"


def main(words: list[str]) -> int:
    """Write or check the generated files; return the exit status."""
    now = [f"{rule.code} {rule.name}" for rule in rules.catalogue()]
    frozen = FROZEN.read_text("utf-8").splitlines() if FROZEN.exists() else []
    gone = sorted(set(frozen) - set(now))
    if gone:
        print("Codes and names are for ever; these are gone:", *gone, sep="\n  ")
        return 1
    wanted = {INDEX: rules.index(), FROZEN: "".join(f"{line}\n" for line in now)}
    stale = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    for path in stale:
        print(f"{'stale' if '--check' in words else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in words:
            path.write_text(wanted[path], "utf-8")
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
