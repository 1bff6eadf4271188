from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.attribution.effects import PossibilityKind
from ara_inspector.attribution.ledger import PATIENCE, Ledger, Standing
from ara_inspector.attribution.registered import SECOND, Noise
from ara_inspector.registrations.request import REPORT_PATH
from ara_inspector.reports.report import Report, read_report
from profiles import DAY, HOUR, Profile, moment, reports
from report_posts import UUID, encoded, key_fetch, payload, post

if TYPE_CHECKING:
    from ara_inspector.attribution.delivery import ExpectedReport
    from ara_inspector.attribution.storing import SourceOutcome
    from ara_inspector.attribution.triggering import TriggerOutcome

KEYS: dict[str, Any] = {"aggregation_keys": {"a": "0x1"}}


def on_the_wire(expected: ExpectedReport, *, late: float = 0, **changes: Any) -> Report:
    """The report as Chrome would send it, `late` seconds of random delay told in it."""
    body: Any = [dict(datum) for datum in expected.data] or dict(expected.body)
    if expected.shared_info is not None:
        told = expected.report_time // SECOND + round(late)
        info = {**expected.shared_info, "report_id": UUID, "scheduled_report_time": str(told)}
        triples = [(c.key, c.value, c.filtering_id) for c in expected.contributions]
        clear = encoded(payload(*triples, total=expected.padded_to))
        item = {"key_id": "k", "payload": encoded(b"sealed")}
        if expected.cleartext:
            item["debug_cleartext_payload"] = clear
        body |= {"shared_info": json.dumps(info), "aggregation_service_payloads": [item]}
    elif isinstance(body, dict):
        body["report_id"] = UUID
    if isinstance(body, dict):
        body |= changes
    name = expected.url.split(REPORT_PATH)[1]
    sent = (expected.earliest / SECOND) + late
    report = read_report(post(name, body, origin=expected.reporting_origin, time=sent))
    assert report is not None
    return report


class Book:
    """A profile whose outcomes are entered as they come."""

    def __init__(self, **limits: Any) -> None:
        self.profile = Profile(**limits)
        self.ledger = Ledger()

    def source(self, t: float = 0, source_type: str = "event", **options: Any) -> SourceOutcome:
        outcome = self.profile.source(t, source_type, **options)
        self.ledger.expect(outcome, delay=self.profile.storage.aggregatable_delay)
        return outcome

    def trigger(self, t: float = HOUR, **options: Any) -> TriggerOutcome:
        outcome = self.profile.trigger(t, **options)
        self.ledger.expect(outcome, delay=self.profile.storage.aggregatable_delay)
        return outcome

    def standings(self, t: float = HOUR) -> list[Standing]:
        return [entry.standing for entry in self.ledger.entries(moment(t))]


def test_every_kind_of_report_is_recognized() -> None:
    book = Book()
    debugging = {
        "key_piece": "0x1",
        "debug_data": [{"types": ["unspecified"], "key_piece": "0x2", "value": 5}],
    }
    header: dict[str, Any] = {"debug_key": "1", "debug_reporting": True}
    first = book.source(
        0, aggregatable_debug_reporting=debugging | {"budget": 100}, **KEYS, **header
    )
    second = book.trigger(
        event_trigger_data=[{}],
        aggregatable_values={"a": 3},
        aggregatable_debug_reporting=debugging,
        **header,
    )
    third = book.trigger(2 * HOUR, event_trigger_data=[{}], **header)
    expected = [*first.reports, *second.reports, *third.reports]
    assert {report.kind.value for report in expected} == {
        "event-level",
        "aggregatable",
        "debug-event-level",
        "debug-aggregatable",
        "verbose",
        "aggregatable-debug",
    }
    for report in expected:
        entry = book.ledger.see(on_the_wire(report))
        assert entry.standing is Standing.SEEN
        assert entry.expected is report
    assert set(book.standings()) == {Standing.SEEN}


def test_what_is_due_and_what_is_not() -> None:
    book = Book()
    book.source(0, event_report_window=HOUR)
    book.trigger(1, event_trigger_data=[{}])
    patience = PATIENCE // SECOND
    assert book.standings(HOUR + patience) == [Standing.NOT_YET_DUE]
    assert book.standings(HOUR + patience + 1) == [Standing.OVERDUE]


def test_a_replaced_report_is_no_longer_expected() -> None:
    book = Book()
    book.source(0)
    old = book.trigger(1, event_trigger_data=[{"trigger_data": "0"}])
    book.trigger(2, event_trigger_data=[{"trigger_data": "1", "priority": "1"}])
    assert book.standings() == [Standing.NOT_YET_DUE]
    assert book.ledger.see(on_the_wire(old.reports[0])).standing is not Standing.SEEN


def test_a_report_that_was_seen_cannot_be_withdrawn() -> None:
    book = Book(max_destinations_covered_by_unexpired_sources=1)
    book.source(0, **KEYS)
    (report,) = book.trigger(1, aggregatable_values={"a": 3}).reports
    assert book.ledger.see(on_the_wire(report)).standing is Standing.SEEN
    assert book.source(2, destination="https://b.example").withdrawn == (report.number,)
    assert book.standings() == [Standing.SEEN]


def test_a_report_is_seen_once() -> None:
    book = Book()
    book.source(0)
    (report,) = book.trigger(1, event_trigger_data=[{}], debug_key="1").reports
    seen = on_the_wire(report)
    assert book.ledger.see(seen).standing is Standing.SEEN
    again = book.ledger.see(seen)
    assert again.standing is Standing.BY_CHANCE


@pytest.mark.parametrize(("late", "known"), [(0, True), (605, True), (606, False)])
def test_random_delay_is_allowed_for(late: int, *, known: bool) -> None:
    book = Book()
    book.source(0, **KEYS)
    (report,) = book.trigger(aggregatable_values={"a": 3}).reports
    standing = book.ledger.see(on_the_wire(report, late=late)).standing
    assert (standing is Standing.SEEN) is known


def test_readable_payloads_have_to_agree() -> None:
    book = Book()
    book.source(0, debug_key="1", **KEYS)
    first = book.trigger(aggregatable_values={"a": 3}, debug_key="2")
    second = book.trigger(HOUR + 1, aggregatable_values={"a": 4}, debug_key="2")
    (wanted,) = reports(second, "aggregatable")
    assert book.ledger.see(on_the_wire(wanted)).expected is wanted
    assert book.ledger.see(on_the_wire(wanted)).standing is Standing.UNEXPLAINED
    (other,) = reports(first, "aggregatable")
    assert book.ledger.see(on_the_wire(other)).expected is other


def test_noise_may_have_made_an_event_level_report() -> None:
    book = Book()
    book.source(0, "navigation")
    (report,) = book.trigger(event_trigger_data=[{}]).reports
    fake = on_the_wire(report, trigger_data="7", scheduled_report_time=report_time(7 * DAY))
    entry = book.ledger.see(fake)
    assert entry.standing is Standing.BY_CHANCE
    assert entry.possibility is not None
    assert entry.possibility.kind is PossibilityKind.NOISE
    assert entry.possibility.probability == pytest.approx(0.0024263, rel=0.001)


def report_time(t: int) -> str:
    return str(moment(t) // SECOND)


@pytest.mark.parametrize(
    "changes",
    [
        {"trigger_data": "9"},
        {"source_event_id": "5"},
        {"source_type": "event"},
        {"attribution_destination": "https://b.example"},
        {"scheduled_report_time": report_time(DAY)},
        {"scheduled_report_time": "soon"},
        {"trigger_data": "7", "source_debug_key": "1", "trigger_debug_key": "2"},
    ],
)
def test_what_noise_cannot_have_made(changes: dict[str, Any]) -> None:
    book = Book()
    book.source(0, "navigation")
    (report,) = book.trigger(event_trigger_data=[{}]).reports
    book.ledger.see(on_the_wire(report))
    assert book.ledger.see(on_the_wire(report, **changes)).standing is Standing.UNEXPLAINED


def test_certain_noise_explains_its_reports() -> None:
    book = Book()
    book.source(0, noise=Noise())
    twin = Profile()
    twin.source(0)
    (report,) = twin.event_trigger().reports
    entry = book.ledger.see(on_the_wire(report))
    assert entry.possibility is not None
    assert entry.possibility.probability == 1


def test_a_refused_source_explains_nothing() -> None:
    book = Book()
    book.source(0, reporter="https://a.r1.example")
    book.source(1, reporter="https://b.r1.example")
    twin = Profile()
    twin.source(1, reporter="https://b.r1.example")
    (report,) = twin.event_trigger(reporter="https://b.r1.example").reports
    assert book.ledger.see(on_the_wire(report)).standing is Standing.UNEXPLAINED


def null_report(t: float = HOUR) -> ExpectedReport:
    """What an unconditional trigger sends, less what makes it unconditional."""
    (report,) = (
        Profile()
        .trigger(t, aggregatable_values={"a": 1}, aggregatable_filtering_id_max_bytes=2)
        .reports
    )
    return report


@pytest.mark.parametrize(
    ("t", "changes", "standing"),
    [
        (HOUR, {}, Standing.BY_CHANCE),
        (HOUR + 600, {}, Standing.BY_CHANCE),
        (HOUR + 700, {}, Standing.UNEXPLAINED),
        (HOUR, {"trigger_context_id": "c"}, Standing.UNEXPLAINED),
        (HOUR, {"source_debug_key": "1", "trigger_debug_key": "2"}, Standing.UNEXPLAINED),
        (HOUR, {"shared_info": "{"}, Standing.UNEXPLAINED),
    ],
)
def test_null_reports_may_be_drawn(t: float, changes: dict[str, Any], standing: Standing) -> None:
    book = Book()
    book.trigger(HOUR, aggregatable_values={"a": 1})
    entry = book.ledger.see(on_the_wire(null_report(t), **changes))
    assert entry.standing is standing


def test_a_report_with_contributions_is_no_null_report() -> None:
    book = Book()
    book.trigger(HOUR, aggregatable_values={"a": 1})
    clear = {"debug_cleartext_payload": encoded(payload((1, 1, 0)))}
    items = [{"key_id": "k", "payload": encoded(b"sealed")} | clear]
    seen = on_the_wire(null_report(), aggregation_service_payloads=items)
    assert book.ledger.see(seen).standing is Standing.UNEXPLAINED


def test_reports_that_cannot_be_read_and_other_requests() -> None:
    book = Book()
    for name, body in (("report-event-attribution", b"["), ("debug/verbose", [{"type": "x"}])):
        report = read_report(post(name, body))
        assert report is not None
        assert book.ledger.see(report).standing is Standing.UNEXPLAINED
    keys = read_report(key_fetch(b'{"keys": []}'))
    assert keys is not None
    assert book.ledger.see(keys).standing is Standing.UNEXPLAINED
    assert book.standings() == [Standing.UNEXPLAINED] * 3


def test_what_is_long_overdue_is_given_up_before_what_may_still_come() -> None:
    book = Book()
    book.ledger.limit = 3
    book.source(0, debug_reporting=True)
    book.trigger(1, event_trigger_data=[{}])
    book.source(2 * HOUR, debug_reporting=True, source_event_id="2")
    book.source(3 * HOUR, debug_reporting=True, source_event_id="3")
    kinds = [report.kind.value for _, report in book.ledger.waiting(moment(3 * HOUR))]
    assert kinds == ["verbose", "verbose", "event-level"]
    assert book.ledger.dropped == 1


def test_without_anything_overdue_the_oldest_is_given_up() -> None:
    book = Book()
    book.ledger.limit = 1
    for number in range(2):
        book.source(number, debug_reporting=True, source_event_id=str(number))
    ((_, report),) = book.ledger.waiting(moment(1))
    assert report.data[0]["body"]["source_event_id"] == "1"
