from __future__ import annotations

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, read_header
from ara_inspector.views.judgement import judgement


def test_findings_by_severity() -> None:
    reading = read_header(HeaderKind.INFO, "x, preferred-platform=ios, x", None)
    assert judgement({"any": "id"}, reading) == {
        "id": {"any": "id"},
        "ok": False,
        "errors": [
            {
                "code": "ELG011",
                "path": ["preferred-platform"],
                "message": 'preferred-platform is web or os, in lower case, not "ios"',
            }
        ],
        "warnings": [
            {"code": "ELG003", "path": ["x"], "message": 'the key "x" means nothing here'}
        ],
        "notes": [
            {
                "code": "HDR021",
                "path": ["x"],
                "message": 'the key "x" is given more than once: the last one counts',
            }
        ],
        "effective": None,
    }


def test_structured_values_are_text_and_json_ones_objects() -> None:
    text = judgement(1, read_header(HeaderKind.INFO, "", None))["effective"]
    assert text == "report-header-errors=?0"
    source = '{"destination":"https://shop.example"}'
    value = judgement(1, read_header(HeaderKind.SOURCE, source, SourceType.EVENT))["effective"]
    assert isinstance(value, dict)
    assert value["source_event_id"] == "0"


def test_a_source_that_is_read_but_not_stored_has_its_value() -> None:
    text = '{"destination":"https://shop.example","max_event_level_reports":20}'
    found = judgement(1, read_header(HeaderKind.SOURCE, text, SourceType.EVENT))
    assert not found["ok"]
    assert found["effective"] is not None
