from __future__ import annotations

from typing import TYPE_CHECKING, Any

from profiles import HOUR, Profile, fakes

if TYPE_CHECKING:
    from ara_inspector.attribution.storing import SourceOutcome


def scopes(*values: str, limit: int = 1, states: int = 3) -> dict[str, Any]:
    setting = {"limit": limit, "values": list(values), "max_event_states": states}
    return {"attribution_scopes": setting}


def removed(outcome: SourceOutcome) -> dict[str, str]:
    return {removal.source_id: removal.reason.value for removal in outcome.removals}


def test_a_scoped_source_removes_older_unscoped_ones_of_its_reporting_origin() -> None:
    profile = Profile()
    profile.source(0, page="https://news.example")
    profile.source(1, destination=["https://shop.example", "https://b.example"])
    profile.source(2, destination="https://c.example")
    profile.source(3, reporter="https://r2.example")
    outcome = profile.source(4, **scopes("a"))
    assert removed(outcome) == {"source@0": "unscoped", "source@1": "unscoped"}


def test_incompatible_scopes_are_removed() -> None:
    profile = Profile()
    profile.source(0, **scopes("a", limit=3, states=4))
    profile.source(1, destination="https://b.example", **scopes("a", limit=1))
    profile.source(2, destination="https://b.example", **scopes("a", limit=3))
    outcome = profile.source(
        3, destination=["https://shop.example", "https://b.example"], **scopes("a", limit=2)
    )
    assert removed(outcome) == {"source@0": "scopes-incompatible"}


def test_the_newest_scopes_up_to_the_limit_stay() -> None:
    profile = Profile()
    profile.source(0, **scopes("a", "b", limit=3))
    profile.source(1, **scopes("c", limit=3))
    profile.source(2, reporter="https://r2.example", **scopes("z", limit=3))
    outcome = profile.source(3, **scopes("d", limit=3))
    assert removed(outcome) == {"source@0": "scope-not-selected"}


def test_scopes_the_newcomer_has_itself_take_no_room() -> None:
    profile = Profile()
    profile.source(0, **scopes("a", "b", limit=2))
    assert removed(profile.source(1, **scopes("a", "b", limit=2))) == {}


def test_an_unscoped_source_clears_scopes() -> None:
    profile = Profile()
    first = profile.source(0, **scopes("a"))
    assert removed(profile.source(1)) == {}
    assert first.stored is not None
    assert first.stored.scopes is None
    outcome = profile.trigger(HOUR, event_trigger_data=[{}], attribution_scopes=["a"])
    assert outcome.event_level == "noMatchingSources"


def test_reports_are_sent_all_the_same_but_fake_ones_ahead_are_not() -> None:
    profile = Profile()
    noised = profile.source(
        0, "navigation", noise=fakes((0, 0), (0, 1)), aggregation_keys={"a": "0x1"}
    )
    profile.trigger(1, aggregatable_values={"a": 1})
    outcome = profile.source(2, **scopes("a"))
    assert outcome.withdrawn == (noised.reports[1].number,)


def test_a_refused_source_removes_nothing() -> None:
    profile = Profile()
    profile.source(0, reporter="https://a.r1.example")
    profile.source(0, reporter="https://a.r1.example")
    refused = profile.source(1, reporter="https://b.r1.example", **scopes("a"))
    assert refused.stored is None
    assert removed(refused) == {}


def test_a_source_that_matches_two_destinations_goes_once() -> None:
    profile = Profile()
    both = ["https://shop.example", "https://b.example"]
    profile.source(0, destination=both, **scopes("a"))
    outcome = profile.source(1, destination=both, **scopes("b"))
    assert removed(outcome) == {"source@0": "scope-not-selected"}
