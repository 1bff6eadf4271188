"""An event-level report goes back to the source it names and the trigger that fits."""

from __future__ import annotations

from typing import Any

import pytest

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.reports import ReportKind
from ara_inspector.reports.bodies import EventLevelReport
from ara_inspector.reports.links import Known, Link, Role
from ara_inspector.reports.links.event_level import link_event_level
from ara_inspector.reports.links.pairs import Sent
from ara_inspector.spec.effective import SourceType
from known_registrations import SHOP, report, source, trigger
from report_posts import event_level

DAY = 86_400
EXPIRY = 30 * DAY
END = 1000 + EXPIRY
"""When the only window of the default event source ends."""


def links(
    body: dict[str, Any],
    *known: Known,
    kind: ReportKind = ReportKind.EVENT_LEVEL,
    time: float | None = END,
) -> dict[Role, Link]:
    made = report("report-event-attribution", body).body
    assert isinstance(made, EventLevelReport)
    return {link.role: link for link in link_event_level(made, Sent(kind, time), known)}


def scheduled(time: float = END, **changes: Any) -> dict[str, Any]:
    return event_level(scheduled_report_time=str(int(time)), **changes)


def test_source_and_trigger_are_found() -> None:
    found = links(scheduled(), source(1), trigger(2))
    assert found == {
        Role.SOURCE: Link(
            1,
            Role.SOURCE,
            Certainty.CERTAIN,
            "same reporting origin, source_event_id, attribution_destination,"
            " randomized_trigger_rate and report window",
        ),
        Role.TRIGGER: Link(
            2, Role.TRIGGER, Certainty.LIKELY, "same reporting origin, trigger_data and report time"
        ),
    }


@pytest.mark.parametrize(
    "other",
    [
        source(9, {"source_event_id": "124"}),
        source(9, {"destination": [SHOP, "https://other.example"]}),
        source(9, source_type=SourceType.NAVIGATION),
        trigger(9, time=500.0),
    ],
)
def test_what_the_report_says_must_agree(other: Known) -> None:
    assert links(scheduled(), other) == {}


@pytest.mark.parametrize(
    "other",
    [
        trigger(9, {"event_trigger_data": [{"trigger_data": "0"}]}),
        trigger(9, {"event_trigger_data": []}),
        trigger(9, site="https://other.example"),
        trigger(9, time=500.0),
        trigger(9, time=END + 10.0),
    ],
)
def test_a_trigger_that_cannot_be_it_is_none(other: Known) -> None:
    assert set(links(scheduled(), source(1), other, time=END + 20)) == {Role.SOURCE}


def test_a_rate_or_window_that_differs_leaves_the_source_but_says_less() -> None:
    found = links(scheduled(5000, randomized_trigger_rate=0.5), source(1))
    assert found[Role.SOURCE].ground == (
        "same reporting origin, source_event_id and attribution_destination"
    )
    fitting = source(2, {"event_level_epsilon": 0})
    found = links(scheduled(randomized_trigger_rate=1.0), fitting, source(1, time=1001.0))
    assert found[Role.SOURCE].entry == 2


def test_trigger_data_are_reduced_to_what_the_source_has() -> None:
    reduced = trigger(2, {"event_trigger_data": [{"trigger_data": "7"}]})
    assert links(scheduled(), source(1), reduced)[Role.TRIGGER].entry == 2
    exact = source(1, {"trigger_data_matching": "exact"})
    assert Role.TRIGGER not in links(scheduled(), exact, reduced)
    assert links(scheduled(), exact, trigger(2))[Role.TRIGGER].entry == 2
    none = source(1, {"trigger_data": []})
    assert Role.TRIGGER not in links(scheduled(), none, trigger(2))


def test_the_window_tells_triggers_of_one_value_apart() -> None:
    windows = {"event_report_windows": {"end_times": [DAY, 3 * DAY]}}
    known = (
        source(1, windows, source_type=SourceType.NAVIGATION),
        trigger(2, time=1000.0 + DAY - 60),
        trigger(3, time=1000.0 + DAY + 60),
    )
    body = {"randomized_trigger_rate": 0.0024263, "source_type": "navigation"}
    first = links(scheduled(1000 + DAY, **body), *known, time=1000 + 3 * DAY)
    second = links(scheduled(1000 + 3 * DAY, **body), *known, time=1000 + 3 * DAY)
    assert (first[Role.TRIGGER].entry, second[Role.TRIGGER].entry) == (2, 3)
    assert first[Role.TRIGGER].others == second[Role.TRIGGER].others == ()


def test_at_the_border_of_windows_either_fits() -> None:
    windows = {"event_report_windows": {"end_times": [DAY, 3 * DAY]}}
    known = (source(1, windows), trigger(2, time=1000.0 + DAY - 0.2))
    for end in (DAY, 3 * DAY):
        assert links(scheduled(1000 + end), *known)[Role.TRIGGER].entry == 2


def test_before_the_windows_only_local_testing_mode_sends() -> None:
    windows = {"event_report_windows": {"start_time": 5000, "end_times": [DAY]}}
    assert Role.TRIGGER not in links(scheduled(1000 + DAY), source(1, windows), trigger(2))
    assert links(scheduled(2000), source(1, windows), trigger(2))[Role.TRIGGER].entry == 2


def test_debug_keys_point_them_out() -> None:
    body = scheduled(source_debug_key="1", trigger_debug_key="2")
    found = links(
        body,
        source(1, {"debug_key": "1"}),
        source(2),
        trigger(3, {"debug_key": "2"}),
        trigger(4),
        trigger(5, {"debug_key": "9"}),
    )
    assert (found[Role.SOURCE].entry, found[Role.TRIGGER].entry) == (1, 3)
    assert found[Role.TRIGGER].certainty is Certainty.CERTAIN
    assert "source_debug_key" in found[Role.SOURCE].ground
    assert "trigger_debug_key" in found[Role.TRIGGER].ground
    # A report without keys cannot come of two registrations that both have one.
    keyed = (source(1, {"debug_key": "1"}), trigger(3, {"debug_key": "2"}))
    assert set(links(scheduled(), *keyed)) == {Role.SOURCE}
    assert set(links(scheduled(), source(1, {"debug_key": "1"}), trigger(4))) == {
        Role.SOURCE,
        Role.TRIGGER,
    }


def test_a_trigger_makes_one_report_of_a_kind() -> None:
    used = replace(trigger(3), spent=frozenset({"event-level"}))
    found = links(scheduled(), source(1), trigger(2), used)
    assert (found[Role.TRIGGER].entry, found[Role.TRIGGER].others) == (2, (3,))
    debug = ReportKind.DEBUG_EVENT_LEVEL
    found = links(scheduled(), source(1), trigger(2), used, kind=debug, time=2000.1)
    assert found[Role.TRIGGER].entry == 3


def test_a_debug_report_follows_its_trigger_at_once() -> None:
    known = (source(1), trigger(2, time=1500.0), trigger(3), trigger(4, time=2500.0))
    found = links(scheduled(), *known, kind=ReportKind.DEBUG_EVENT_LEVEL, time=1500.1)
    assert found[Role.TRIGGER].entry == 2


def test_what_was_refused_is_the_last_choice() -> None:
    refused = source(2, time=1001.0, verdict=Verdict.REJECTED)
    found = links(scheduled(), source(1), refused, trigger(3))
    assert (found[Role.SOURCE].entry, found[Role.SOURCE].others) == (1, (2,))
    ignored = trigger(4, time=2001.0, verdict=Verdict.IGNORED)
    assert links(scheduled(), source(1), trigger(3), ignored)[Role.TRIGGER].entry == 3


def test_of_equal_sources_the_browser_takes_the_latest() -> None:
    found = links(scheduled(), source(1), source(2, time=1001.0), trigger(3))
    assert (found[Role.SOURCE].entry, found[Role.SOURCE].others) == (2, (1,))
    assert found[Role.SOURCE].certainty is Certainty.LIKELY


def test_without_a_report_time_or_any_time_ids_are_enough() -> None:
    body = event_level(scheduled_report_time=None)
    found = links(body, source(1, time=None), trigger(2, time=None), time=None)
    assert (found[Role.SOURCE].entry, found[Role.TRIGGER].entry) == (1, 2)


def test_nothing_known_gives_nothing() -> None:
    assert links(scheduled()) == {}
    assert links({"x": 1}, source(1), trigger(2)) == {}
