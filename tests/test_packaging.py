"""The package as users get it: the wheel's contents, and both ways to load it, in clean places."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CAPTURE = ROOT / "fixtures" / "flows" / "realistic_session.flows"
PACKAGE = ROOT / "addon" / "ara_inspector"


def run(*words: str | Path, cwd: Path, **over: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment | {"COLUMNS": "100", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | over,
        timeout=500,
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", folder, ROOT),
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A new environment with the wheel and what it depends on, nothing of this checkout."""
    folder = tmp_path_factory.mktemp("clean")
    assert run(sys.executable, "-m", "venv", folder / "env", cwd=folder).returncode == 0
    done = run(
        *(folder / "env" / "bin" / "pip", "install", "--quiet", wheel),
        cwd=folder,
        PIP_CONSTRAINT=str(ROOT / "scripts" / "constraints.txt"),
    )
    assert done.returncode == 0, done.stderr
    return folder / "env" / "bin"


def test_the_wheel_holds_the_package_whole_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    inside = {
        f"ara_inspector/{path.relative_to(PACKAGE)}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside <= names
    assert {name.split("/")[0] for name in names - inside} == {"ara_inspector-0.1.0.dist-info"}
    assert "ara_inspector/py.typed" in names


def test_the_wheel_loads_by_its_script(clean: Path, tmp_path: Path) -> None:
    script = run(clean / "ara-inspector", "script", cwd=tmp_path).stdout.strip()
    assert Path(script).is_file()
    assert str(ROOT) not in script
    done = run(clean / "mitmdump", "-q", "-nr", CAPTURE, "-s", script, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "https://" in done.stdout


def test_the_short_way_sees_a_recording_from_its_first_flow(clean: Path, tmp_path: Path) -> None:
    short = run(clean / "ara-inspector", "dump", "-q", "-nr", CAPTURE, cwd=tmp_path)
    script = run(clean / "ara-inspector", "script", cwd=tmp_path).stdout.strip()
    long = run(clean / "mitmdump", "-q", "-nr", CAPTURE, "-s", script, cwd=tmp_path)
    assert short.returncode == 0, short.stderr
    assert short.stdout == long.stdout


def test_the_clone_loads_from_any_directory(clean: Path, tmp_path: Path) -> None:
    """In an environment that has the dependencies but not the package itself."""
    loader = ROOT / "addon" / "attribution_reporting.py"
    removed = run(clean / "pip", "uninstall", "--quiet", "--yes", "ara-inspector", cwd=tmp_path)
    assert removed.returncode == 0, removed.stderr
    done = run(clean / "mitmdump", "-q", "-nr", CAPTURE, "-s", loader, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "https://" in done.stdout
