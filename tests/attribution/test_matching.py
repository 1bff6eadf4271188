from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.attribution.matching import CANDIDATES, NEAR_MISSES
from ara_inspector.attribution.storing import process_attribution_source
from ara_inspector.attribution.trace import Check, Verdict
from ara_inspector.records import replace
from profiles import DAY, HOUR, PUBLISHER, Profile, source_registration

if TYPE_CHECKING:
    from ara_inspector.attribution.triggering import TriggerOutcome

SCOPES: dict[str, Any] = {"limit": 3, "max_event_states": 3}


def chosen(outcome: TriggerOutcome) -> str | None:
    return outcome.source.id if outcome.source is not None else None


def keeping_out(outcome: TriggerOutcome) -> dict[str, Check]:
    return {miss.source_id: miss.checks[-1] for miss in outcome.trace.near_misses}


def test_the_highest_priority_wins_then_the_newest() -> None:
    profile = Profile()
    profile.source(0, priority="5")
    profile.source(1, priority="6")
    profile.source(2, priority="6")
    outcome = profile.event_trigger()
    assert chosen(outcome) == "source@2"
    assert [
        (candidate.source_id, candidate.chosen, candidate.checks[-1].name)
        for candidate in outcome.trace.candidates
    ] == [
        ("source@2", True, "source-age"),
        ("source@1", False, "source-age"),
        ("source@0", False, "source-priority"),
    ]
    loser = outcome.trace.candidates[2].checks[-1]
    assert (loser.verdict, loser.given, loser.wanted) == (Verdict.FAILED, "5", "6")


def test_of_two_sources_at_the_same_microsecond_the_later_registered_wins() -> None:
    profile = Profile()
    for name in ("first", "second"):
        process_attribution_source(profile.storage, replace(source_registration(0), id=name))
    assert chosen(profile.event_trigger()) == "second"


@pytest.mark.parametrize(("t", "found"), [(DAY - 0.000001, True), (DAY, False)])
def test_expiry_is_exclusive(t: float, *, found: bool) -> None:
    profile = Profile()
    profile.source(0, expiry=DAY)
    assert (chosen(profile.event_trigger(t)) is not None) is found


def test_scopes_choose_and_others_lose_all_the_same() -> None:
    profile = Profile()
    profile.source(0, attribution_scopes=SCOPES | {"values": ["a"]})
    profile.source(1, attribution_scopes=SCOPES | {"values": ["b"]})
    outcome = profile.trigger(event_trigger_data=[{}], attribution_scopes=["a"])
    assert chosen(outcome) == "source@0"
    assert [removal.source_id for removal in outcome.removals] == ["source@1"]
    scope = outcome.trace.candidates[0].checks[-1]
    assert (scope.name, scope.given, scope.wanted) == ("attribution-scopes", ("b",), ("a",))


def test_a_scoped_trigger_finds_no_unscoped_source() -> None:
    profile = Profile()
    profile.source(0)
    outcome = profile.trigger(event_trigger_data=[{}], attribution_scopes=["a"])
    assert outcome.event_level == "noMatchingSources"
    assert outcome.trace.candidates[0].checks[-1].given is None
    assert not outcome.removals


def test_an_unscoped_trigger_finds_scoped_sources() -> None:
    profile = Profile()
    profile.source(0, attribution_scopes=SCOPES | {"values": ["a"]})
    assert chosen(profile.event_trigger()) == "source@0"


def test_near_misses_tell_what_keeps_each_out() -> None:
    profile = Profile()
    profile.source(0, destination="https://other.example")
    profile.source(1, reporter="https://r2.example")
    profile.source(2, expiry=DAY)
    profile.source(3, priority="1", expiry=2 * DAY)
    profile.event_trigger(HOUR)
    outcome = profile.event_trigger(3 * DAY)
    assert outcome.event_level == "noMatchingSources"
    misses = keeping_out(outcome)
    assert {source: check.name for source, check in misses.items()} == {
        "source@3": "still-stored",
        "source@2": "still-stored",
        "source@0": "destination",
        "source@1": "reporting-origin",
    }
    assert misses["source@2"].wanted == {
        "reason": "lost-to-another-source",
        "cause": f"trigger@{HOUR}",
        "time": (1_704_103_200 + HOUR) * 1_000_000,
    }
    expired = misses["source@3"].wanted
    assert isinstance(expired, dict)
    assert (expired["reason"], expired["cause"]) == ("expired", None)


def test_near_misses_skip_what_was_looked_at() -> None:
    profile = Profile()
    profile.source(0)
    outcome = profile.trigger(event_trigger_data=[{}], attribution_scopes=["a"])
    assert not outcome.trace.near_misses


def test_near_misses_are_few() -> None:
    profile = Profile()
    for number in range(2 * NEAR_MISSES):
        profile.source(number, destination=f"https://other{number}.example")
    outcome = profile.event_trigger()
    assert len(outcome.trace.near_misses) == NEAR_MISSES
    assert outcome.trace.near_misses[0].source_id == f"source@{2 * NEAR_MISSES - 1}"


def test_few_of_many_candidates_are_told_the_chosen_among_them() -> None:
    profile = Profile()
    profile.source(0, priority="1")
    for number in range(1, CANDIDATES + 5):
        profile.source(number)
    trace = profile.event_trigger().trace
    assert (len(trace.candidates), trace.untold) == (CANDIDATES, 5)
    assert trace.candidates[0].source_id == f"source@{CANDIDATES + 4}"
    assert [candidate.chosen for candidate in trace.candidates][-1]


def test_a_source_of_another_page_competes() -> None:
    profile = Profile()
    profile.source(0, page=PUBLISHER)
    profile.source(1, page="https://news.example")
    outcome = profile.event_trigger()
    assert [removal.source_id for removal in outcome.removals] == ["source@0"]
