"""Clear-Site-Data: what a browser has stored for an origin goes."""

from __future__ import annotations

import pytest

from ara_inspector.attribution.fates import TriggerFate
from ara_inspector.findings import Certainty
from ara_inspector.timeline import Note
from exchanges import watched

SOURCE = (
    '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example",'
    ' "source_event_id": "%s"}'
)
TRIGGER = '< Attribution-Reporting-Register-Trigger: {"event_trigger_data": [{}]}'
VIEW = f"page https://pub.example/\n\nad https://ads.example/i\n{SOURCE % 7}\n\n"
BUY = f"page https://shop.example/\n\nimage https://ads.example/t\n{TRIGGER}\n\n"
CLEARING = '< Clear-Site-Data: "storage"'
CLEAR = f"page https://ads.example/logout\n{CLEARING}\n\n"


def results(text: str) -> list[str]:
    fates = (entry.fate for entry in watched(text).timeline)
    return [str(fate.event_level) for fate in fates if isinstance(fate, TriggerFate)]


def cleared(text: str) -> list[dict[str, object]]:
    notes = (entry.about for entry in watched(text).timeline if isinstance(entry.about, Note))
    found = [finding for note in notes for finding in note.findings]
    assert {finding.rule.code for finding in found} <= {"ATT052"}
    assert {finding.certainty for finding in found} <= {Certainty.LIKELY}
    return [dict(finding.params) for finding in found]


def test_a_conversion_finds_no_source_any_more() -> None:
    assert results(VIEW + BUY) == ["success"]
    assert results(VIEW + CLEAR + BUY) == ["noMatchingSources"]
    assert cleared(VIEW + CLEAR + BUY) == [
        {"origin": "https://ads.example", "sources": 1, "reports": 0}
    ]


def test_what_is_registered_afterwards_stays() -> None:
    assert results(VIEW + CLEAR + VIEW + BUY) == ["success"]


def test_the_same_answer_clears_before_it_registers() -> None:
    assert results(VIEW.rstrip() + f"\n{CLEARING}\n\n{BUY}") == ["success"]
    assert results(f"{VIEW}{BUY.rstrip()}\n{CLEARING}") == ["noMatchingSources"]


def test_pending_reports_go_as_well() -> None:
    assert watched(VIEW + BUY).summary().balance.counts == {"expected-and-not-yet-due": 1}
    assert watched(VIEW + BUY + CLEAR).summary().balance.counts == {}
    assert cleared(VIEW + BUY + CLEAR) == [
        {"origin": "https://ads.example", "sources": 1, "reports": 1}
    ]


@pytest.mark.parametrize("who", ["pub.example", "shop.example", "www.ads.example"])
def test_only_those_of_the_origin(who: str) -> None:
    text = VIEW + CLEAR.replace("ads.example", who) + BUY
    assert results(text) == ["success"]
    assert cleared(text) == []


def test_where_there_is_nothing_to_clear_nothing_is_told() -> None:
    assert cleared(CLEAR + VIEW) == []
    assert cleared(VIEW + CLEAR + CLEAR) == [
        {"origin": "https://ads.example", "sources": 1, "reports": 0}
    ]


def test_another_browser_keeps_its_own() -> None:
    other = CLEAR.rstrip() + "\n> User-Agent: Chrome/141.0\n\n"
    assert results(VIEW + other + BUY) == ["success"]


def test_of_other_reporters_the_pending_reports_stay() -> None:
    others = (VIEW + BUY).replace("ads.example", "other.example")
    assert watched(VIEW + BUY + others + CLEAR).summary().balance.counts == {
        "expected-and-not-yet-due": 1
    }
