from __future__ import annotations

import json

import pytest

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.privacy_notes import with_privacy_note
from ara_inspector.spec.source import read_source
from ara_inspector.spec.source_capacity import privacy_note


@pytest.mark.parametrize(
    ("source_type", "states", "bits", "rate"),
    [(SourceType.EVENT, 3, 1.58, 0.0000025), (SourceType.NAVIGATION, 2925, 11.46, 0.0024263)],
)
def test_the_defaults_are_told(
    source_type: SourceType, states: int, bits: float, rate: float
) -> None:
    bare = read_source('{"destination":"https://shop.example"}', source_type)
    note, *others = with_privacy_note(bare, source_type).findings
    assert (note.rule.code, note.path) == ("SRC018", ())
    assert note.params["states"] == states
    assert note.params["bits"] == bits
    assert note.params["rate"] == rate
    assert tuple(others) == bare.findings


@pytest.mark.parametrize(
    "fields",
    [
        {"max_event_level_reports": 2},
        {"max_event_level_reports": 20},
        {"max_event_level_reports": 20, "trigger_data": list(range(32))},
        {"destination": 1},
    ],
)
def test_what_is_told_or_cannot_be_is_left_as_it_is(fields: dict[str, object]) -> None:
    text = json.dumps({"destination": "https://shop.example"} | fields)
    reading = read_source(text, SourceType.EVENT)
    assert reading.findings
    assert with_privacy_note(reading, SourceType.EVENT) is reading


def test_the_same_numbers_where_both_tell_them() -> None:
    text = '{"destination":"https://shop.example","max_event_level_reports":2}'
    reading = read_source(text, SourceType.EVENT)
    assert reading.value is not None
    assert reading.findings == (privacy_note(reading.value, SourceType.EVENT),)
