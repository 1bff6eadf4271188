"""The structured headers of ../shared/conformance, each with the reference validator's result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ara_inspector.findings import Path as FindingPath
from ara_inspector.findings import Severity
from ara_inspector.spec.headers import HeaderKind, effective_json, read_header

CORPUS = Path(__file__).parents[3] / "shared" / "conformance" / "headers.jsonl"
KINDS = [HeaderKind.ELIGIBLE, HeaderKind.INFO, HeaderKind.OS_SOURCE, HeaderKind.OS_TRIGGER]

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="../shared/conformance is not here")


def in_any_order(paths: list[list[str | int]] | list[FindingPath]) -> list[str]:
    return sorted(json.dumps(list(path)) for path in paths)


def judged(row: dict[str, Any]) -> dict[str, Any]:
    reading = read_header(HeaderKind(row["kind"]), row["input"], None)
    return {
        "ok": reading.ok,
        "errors": in_any_order([f.path for f in reading.findings if f.severity == "error"]),
        "warnings": in_any_order(
            [f.path for f in reading.findings if f.severity is Severity.WARNING]
        ),
        "effective": None if reading.value is None else effective_json(reading.value),
    }


def rows(kind: HeaderKind) -> list[dict[str, Any]]:
    with CORPUS.open(encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if row["kind"] == kind]


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_the_reference(kind: HeaderKind) -> None:
    differing = []
    corpus = rows(kind)
    for row in corpus:
        reference = row["reference"] | {
            "errors": in_any_order(row["reference"]["errors"]),
            "warnings": in_any_order(row["reference"]["warnings"]),
        }
        found = judged(row)
        if found != reference:
            differing.append((row["id"], row["input"], found, reference))
    print(f"{kind}: {len(corpus) - len(differing)} of {len(corpus)} agree")  # noqa: T201 - the score
    assert corpus
    assert not differing
