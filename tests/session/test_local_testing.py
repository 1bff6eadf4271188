"""Local testing mode: what shows it, what does not, and what follows."""

from __future__ import annotations

import pytest

from ara_inspector.attribution.effects import PossibilityKind
from ara_inspector.attribution.fates import Fate, SourceFate, TriggerFate
from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.trace import NOISE_CHECK
from ara_inspector.findings import Certainty
from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.registrations.request import REPORT_PATH
from ara_inspector.reports import Report
from ara_inspector.session import Session
from ara_inspector.session.local_testing import gives_away
from exchanges import START, exchanges, watched

PUB = "\npage https://pub.example/\n"
SHOP = "\npage https://shop.example/\n@ 60\n"
SOURCE = (
    "\nad https://r1.example/i\n< Attribution-Reporting-Register-Source: "
    '{"destination": "https://shop.example", "source_event_id": "5", '
    '"aggregation_keys": {"a": "0x1"}}\n'
)
EVENT = '"event_trigger_data": [{}]'
HISTOGRAM = (
    '"aggregatable_trigger_data": [{"source_keys": ["a"], "key_piece": "0x1"}], '
    '"aggregatable_values": {"a": 1}'
)


def trigger(members: str) -> str:
    return f"\nad https://r1.example/c\n< Attribution-Reporting-Register-Trigger: {{{members}}}\n"


def event_level(due: float, *, event_id: str = "5") -> str:
    return (
        f"\nreport https://r1.example{REPORT_PATH}report-event-attribution\n"
        '= {"attribution_destination": "https://shop.example", "randomized_trigger_rate": '
        f'0.0000025, "scheduled_report_time": "{START + due:.0f}", "source_event_id": '
        f'"{event_id}", "source_type": "event", "trigger_data": "0"}}\n'
    )


def aggregatable(due: float, context_id: str = "") -> str:
    info = (
        '{\\"api\\":\\"attribution-reporting\\",\\"attribution_destination\\":'
        '\\"https://shop.example\\",\\"reporting_origin\\":\\"https://r1.example\\",'
        f'\\"scheduled_report_time\\":\\"{START + due:.0f}\\",\\"version\\":\\"1.0\\"}}'
    )
    more = f', "trigger_context_id": "{context_id}"' if context_id else ""
    return (
        f"\nreport https://r1.example{REPORT_PATH}report-aggregate-attribution\n"
        '= {"aggregation_service_payloads": [{"key_id": "k", "payload": "AA=="}], '
        f'"aggregation_coordinator_origin": "https://publickeyservice.msmt.aws.privacysandbox'
        f'services.com", "shared_info": "{info}"{more}}}\n'
    )


def modes(text: str) -> list[Certainty]:
    return [
        finding.certainty
        for entry in watched(text).timeline
        for finding in entry.findings
        if finding.rule.code == "ATT050"
    ]


def test_an_event_level_report_before_any_window_ends_shows_it() -> None:
    text = PUB + SOURCE + SHOP + trigger(EVENT) + event_level(60)
    assert len(modes(text)) == 1
    summary = watched(text).summary()
    assert "Chrome 138 seems to be in local testing mode" in summary.sentence
    assert summary.balance.counts == {Standing.SEEN: 1}


def test_an_aggregatable_report_at_once_makes_it_likely() -> None:
    text = PUB + SOURCE + SHOP + trigger(HISTOGRAM) + aggregatable(60)
    assert modes(text) == [Certainty.LIKELY]
    assert watched(text).summary().balance.counts == {Standing.SEEN: 1}


@pytest.mark.parametrize(
    "text",
    [
        PUB + SOURCE + SHOP + trigger(EVENT) + event_level(2_592_000.2),
        PUB + SOURCE + SHOP + trigger(HISTOGRAM) + aggregatable(70),
        PUB + SOURCE + SHOP + trigger(HISTOGRAM) + aggregatable(20),
        PUB
        + SOURCE
        + SHOP
        + trigger(HISTOGRAM + ', "trigger_context_id": "c"')
        + aggregatable(60, "c"),
        SHOP + trigger(EVENT) + event_level(60, event_id="7"),
        SHOP + aggregatable(60),
    ],
    ids=["at a window's end", "delayed", "before the trigger", "context id", "no source", "alone"],
)
def test_what_a_browser_may_do_shows_nothing(text: str) -> None:
    assert modes(text) == []
    assert watched(text).summary().local_testing == ""


def test_it_is_told_once() -> None:
    text = PUB + SOURCE + SHOP + trigger(EVENT) + event_level(60) + event_level(60)
    assert len(modes(text)) == 1


def test_noise_is_ruled_out_from_then_on() -> None:
    text = PUB + SOURCE + SHOP + trigger(EVENT) + event_level(60)
    (fate,) = (e.fate for e in watched(text).timeline if isinstance(e.fate, TriggerFate))
    assert "randomized-response" not in {c.name for c in fate.trace.event_level.checks}
    (report,) = fate.reports
    assert report.earliest == report.latest < (START + 70) * 1_000_000


def test_a_report_of_what_cannot_be_read_gives_nothing_away() -> None:
    entries = list(watched(PUB + SOURCE + SHOP + trigger(EVENT) + event_level(60)).timeline)
    told = next(entry for entry in entries if isinstance(entry.about, Report))
    assert isinstance(told.about, Report)
    assert told.explanation is not None
    about = next(e.about for e in entries if isinstance(e.about, Registration))

    def given_away(registration: Registration | None) -> bool:
        assert isinstance(told.about, Report)
        assert told.explanation is not None
        return (
            gives_away(told.about, told.explanation, lambda _number: registration, "it") is not None
        )

    assert given_away(about)
    assert not given_away(None)
    assert not given_away(replace(about, effective=None))


def test_an_aggregatable_report_without_a_trigger_gives_nothing_away() -> None:
    entries = list(watched(PUB + SOURCE + SHOP + trigger(HISTOGRAM) + aggregatable(60.2)).timeline)
    told = next(entry for entry in entries if isinstance(entry.about, Report))
    assert isinstance(told.about, Report)
    assert told.explanation is not None
    assert gives_away(told.about, told.explanation, lambda _number: None, "it") is None


def test_what_rests_on_a_likely_link_is_likely() -> None:
    twice = PUB + SOURCE + SOURCE + SHOP + trigger(EVENT)
    assert modes(twice + event_level(60)) == [Certainty.LIKELY]


def test_noise_told_of_before_the_mode_was_seen_is_taken_back() -> None:
    session = Session()
    report = event_level(60).replace("\n=", "\n@ 70\n=", 1)
    triggers = trigger(EVENT) + trigger(EVENT.replace("{}", '{"trigger_data": "1"}'))
    *first, last = exchanges(PUB + SOURCE + SHOP + triggers + report)
    for exchange in first:
        session.recorded(exchange)
    session.settle()
    assert [noises(entry.fate) for entry in session.timeline if entry.fate] == [2, 1, 1]
    session.recorded(last)
    assert [noises(entry.fate) for entry in session.timeline if entry.fate] == [0, 0, 0]


def noises(fate: Fate) -> int:
    """How many things in a fate speak of noise."""
    checks = fate.trace.event_level.checks if isinstance(fate, TriggerFate) else ()
    checks = fate.checks if isinstance(fate, SourceFate) else checks
    return sum(check.name == NOISE_CHECK for check in checks) + sum(
        each.kind is PossibilityKind.NOISE for each in fate.possibilities
    )
