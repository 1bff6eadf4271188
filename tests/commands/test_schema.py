from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ara_inspector.cli import main
from ara_inspector.views.schemas import PRINTED, schema

if TYPE_CHECKING:
    import pytest


def test_prints_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "trigger"]) == 0
    assert json.loads(capsys.readouterr().out) == schema("trigger")


def test_alone_it_lists_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PRINTED)
