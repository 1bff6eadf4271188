"""The limits of what a source may tell, at their edges, and the advice that fits."""

from __future__ import annotations

import json

import pytest

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.source import read_source
from ara_inspector.spec.source_capacity import CAPACITY_EXCEEDED, PRIVACY


def found(source_type: SourceType, **fields: object) -> dict[str, dict[str, object]]:
    text = json.dumps({"destination": "https://shop.example"} | fields)
    findings = read_source(text, source_type).findings
    return {finding.rule.code: dict(finding.params) for finding in findings}


@pytest.mark.parametrize(
    ("source_type", "fields", "rate"),
    [
        (SourceType.EVENT, {"trigger_data": [0, 1, 2]}, 0.0000033),
        (SourceType.NAVIGATION, {"max_event_level_reports": 1, "trigger_data": [0]}, 0.0000033),
        (SourceType.EVENT, {"event_level_epsilon": 0}, 1.0),
    ],
)
def test_randomized_trigger_rate(
    source_type: SourceType, fields: dict[str, object], rate: float
) -> None:
    assert found(source_type, **fields)[PRIVACY.code]["rate"] == rate


@pytest.mark.parametrize("source_type", SourceType)
def test_a_default_source_needs_no_note(source_type: SourceType) -> None:
    assert found(source_type) == {}


@pytest.mark.parametrize("reports", [2, 3, 5])
def test_the_advised_epsilon_fits_and_a_higher_one_does_not(reports: int) -> None:
    fields: dict[str, object] = {
        "max_event_level_reports": reports,
        "trigger_data": list(range(20)),
        "trigger_data_matching": "exact",
    }
    advice = found(SourceType.EVENT, **fields)[CAPACITY_EXCEEDED.code]["epsilon"]
    assert isinstance(advice, float)
    within = found(SourceType.EVENT, **fields, event_level_epsilon=advice)
    beyond = found(SourceType.EVENT, **fields, event_level_epsilon=advice + 0.001)
    assert CAPACITY_EXCEEDED.code not in within
    assert CAPACITY_EXCEEDED.code in beyond


def test_shown_bits_are_never_within_the_limit_they_exceed() -> None:
    fields: dict[str, object] = {"max_event_level_reports": 2, "trigger_data": list(range(12))}
    told = found(SourceType.EVENT, **fields)[CAPACITY_EXCEEDED.code]
    assert told["bits"] == 6.51
    assert told["maximum"] == 6.5
