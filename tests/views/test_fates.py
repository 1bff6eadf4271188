"""The wording of fates, over real engine runs inside sessions."""

from __future__ import annotations

from ara_inspector.attribution.fates import Fate
from ara_inspector.findings import printable
from ara_inspector.views.fates import comes_to, told_in_full
from exchanges import watched

SOURCE = """
page https://pub.example/

ad https://r1.example/i
< Attribution-Reporting-Register-Source: {"destination": "https://shop.example", "source_event_id":
  "5", "aggregation_keys": {"a": "0x1"}, "max_event_level_reports": 1, "filter_data": {"k": ["v"]},
  "named_budgets": {"biddable": 30}, "aggregatable_debug_reporting":
  {"budget": 9, "key_piece": "0x1"}}

page https://shop.example/
"""
SOURCE = SOURCE.replace("\n  ", " ")


def trigger(header: str, host: str = "r1.example") -> str:
    return f"\nad https://{host}/c\n< Attribution-Reporting-Register-Trigger: {header}\n"


def told(*headers: str, before: str = SOURCE) -> list[Fate]:
    session = watched(before + "".join(map(trigger, headers)))
    return [entry.fate for entry in session.timeline if entry.fate is not None]


EVENT = '{"event_trigger_data": [{"trigger_data": "1"}]}'
BUDGET = (
    '{"event_trigger_data": [{"filters": {"k": ["w"]}}, {}], "aggregatable_trigger_data": '
    '[{"key_piece": "0x10", "source_keys": ["a"]}], "aggregatable_values": {"a": 20}, '
    '"named_budgets": [{"name": "biddable"}]}'
)


def test_a_row_says_what_a_registration_comes_to() -> None:
    source, first, second, third = told(EVENT, BUDGET, "{}")
    assert comes_to(source) == ""
    assert comes_to(first) == "success (#2)"
    assert comes_to(second) == "priority too low, histogram success (#2)"
    assert comes_to(third) == "nothing to do"


def test_only_the_level_asked_for_is_told() -> None:
    histogram = '{"aggregatable_values": {"a": 1}}'
    assert [comes_to(fate) for fate in told(histogram)[1:]] == ["success (#2)"]
    (fate,) = told(EVENT, before="page https://shop.example/\n")
    assert comes_to(fate) == "no matching sources"


def test_the_whole_account_of_a_trigger() -> None:
    lines = list(told_in_full(told(EVENT, BUDGET)[2]))
    assert lines[0] == "result: event-level priorityTooLow, aggregatable success, source #2"
    assert "  #2 (chosen)" in lines
    assert '  ok event-trigger-data-filters: entry 1; not matching: [{"filters": ' in "\n".join(
        lines
    )
    assert "  NO event-level-priority: 0; the lowest pending has 0" in lines
    assert "  ok named-budget: 30, biddable left, 20 needed" in lines
    assert any(line.startswith("verbose debug type: trigger-event-low-priority") for line in lines)
    assert any(line.endswith("contributions 0x11: 20") for line in lines)
    (left,) = (line for line in lines if line.startswith("source #2 has left: "))
    assert "budget biddable 10 of 30; debug budget 9 of 9" in left
    assert lines[-1] == (
        "the next trigger like this one will fail: its event-level reports have no lower "
        "priority; "
        "no budget or report is left for an aggregatable one that needs 20"
    )


def test_near_misses_are_told() -> None:
    text = SOURCE + trigger(EVENT, "www.r1.example")
    fate = [entry.fate for entry in watched(text).timeline if entry.fate is not None][-1]
    lines = list(told_in_full(fate))
    assert "sources that came near" in lines
    at = lines.index("  #2")
    assert lines[at + 1] == (
        "    NO reporting-origin: it is of https://r1.example, the trigger is of "
        "https://www.r1.example"
    )


def test_a_source_lists_its_checks_and_what_it_pushed_out() -> None:
    session = watched(SOURCE + trigger(EVENT))
    fate = next(entry.fate for entry in session.timeline if entry.fate is not None)
    lines = list(told_in_full(fate))
    assert lines[0] == "result: stored (success)"
    assert "checks before it is stored" in lines
    assert lines[-1].startswith("source #2 has left: event-level reports 1 of 1; ")


def test_wire_text_is_escaped() -> None:
    nasty = '{"filters": {"k": ["\\u001b[31m\\u202e"]}, "event_trigger_data": [{}]}'
    for fate in told(nasty):
        for line in told_in_full(fate):
            assert printable(line) == line


def test_a_fate_that_cannot_be_told_says_why() -> None:
    fate = Fate(ground="nothing tells the page")
    assert comes_to(fate) == "unknown"
    assert list(told_in_full(fate)) == [
        "result: not known",
        "how sure: unknown, nothing tells the page",
    ]


def test_limits_and_chances_read_as_sentences() -> None:
    source, fate = map(told_in_full, told('{"aggregatable_values": {"b": 1}}'))
    lines = list(source)
    assert "  ok channel-capacity: 1.5849 of 6.5" in lines
    assert "may answer at random (probability 2.494582e-06)" in lines
    assert (
        "  ok reporting-origin-per-site: of this reporting site here: https://r1.example; "
        "the limit is 1 a day"
    ) in lines
    assert "may also send a null report (probability 0.05)" in fate
