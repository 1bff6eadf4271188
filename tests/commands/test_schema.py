from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ara_inspector.checking.expectation_schema import expectation_schema
from ara_inspector.cli import main
from ara_inspector.views.schemas import DIALECT, PRINTED, schema

if TYPE_CHECKING:
    import pytest


def test_prints_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "trigger"]) == 0
    assert json.loads(capsys.readouterr().out) == schema("trigger")


def test_prints_the_form_of_expectations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "expectations"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["$schema"] == DIALECT
    assert made.items() >= expectation_schema().items()


def test_alone_it_lists_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [*PRINTED, "expectations"]
    assert all(re.fullmatch(r"[a-z]+  +[a-zR`].+", line) for line in lines)
