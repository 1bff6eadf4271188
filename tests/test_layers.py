"""The way of the data is one way: imports go down the list of DESIGN.md, and libraries stay put."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "addon" / "ara_inspector"

# Lowest first. A module may import modules of lower ranks, and of its own rank.
RANKS = [
    {"findings", "exchange", "records"},
    {"spec"},
    {"registrations", "reports", "browser"},
    {"context", "chains"},
    {"attribution"},
    {"timeline", "archive"},
    {"session"},
    {"pause", "rules", "har", "interest", "request_order", "flows", "views", "checking"},
    {"guard", "backlog", "reading_ahead"},
    {
        "showing",
        "timeline_file",
        "exit_status",
        "console",
        "sink",
        "starting",
        "serving",
        "printing",
        "terminal",
    },
    {"addon", "cli", "commands", "script", "__main__", "testing", "pytest_plugin"},
]
CORE = set().union(*RANKS[:7])
LIBRARY_HOMES = {
    "mitmproxy": {
        "addon", "backlog", "commands", "console", "exit_status", "flows", "guard",
        "interest", "printing", "reading_ahead", "script", "serving", "showing", "sink", "starting",
        "timeline_file", "views.address", "views.contentview", "views.web",
    },
    "tornado": {"views.web"},
    "pydantic": {"spec", "reports", "timeline", "views"},
    "tabulate": {"views.table"},
    "cbor2": {"reports"},
    "cryptography": {"reports"},
    "ijson": {"har"},
    "ruamel": {"checking.yaml_tables"},
    "zstandard": {"archive"},
}  # fmt: skip
IMPURE = {"logging", "time", "os", "io", "pathlib", "sys", "subprocess", "socket", "random"}


def modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "__init__.py"
    }


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports fail in a mitmproxy script"
            base = node.module or ""
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def rank(module: str) -> int:
    top = module.split(".", maxsplit=1)[0]
    ranks = [number for number, names in enumerate(RANKS) if top in names]
    assert ranks, f"{module}: not in the layers; say where it belongs"
    return ranks[0]


@pytest.mark.parametrize("module", modules())
def test_imports_go_down(module: str) -> None:
    for name in imports(modules()[module]):
        if name.startswith("ara_inspector."):
            target = name.removeprefix("ara_inspector.")
            assert rank(target) <= rank(module), f"{module} imports {target}"


@pytest.mark.parametrize("module", modules())
def test_libraries_stay_at_home(module: str) -> None:
    for name in imports(modules()[module]):
        homes = LIBRARY_HOMES.get(name.split(".")[0])
        if homes is not None:
            assert any(module == home or module.startswith(f"{home}.") for home in homes), (
                f"{module} imports {name}"
            )


@pytest.mark.parametrize("module", [name for name in modules() if name.split(".")[0] in CORE])
def test_the_core_is_pure(module: str) -> None:
    for name in imports(modules()[module]):
        assert name.split(".")[0] not in IMPURE, f"{module} imports {name}"
