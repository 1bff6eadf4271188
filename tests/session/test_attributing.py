"""Fates: when they are told, how sure they are, and what later reports make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ara_inspector.attribution.fates import Agreement, Fate, SourceFate, TriggerFate
from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.results import EventLevelResult, SourceResult
from ara_inspector.browser import Identity
from ara_inspector.findings import Certainty
from ara_inspector.records import replace
from ara_inspector.registrations import Kind, Registration
from ara_inspector.session import Limits, Session
from ara_inspector.session.profiles import UNKNOWN_ORIGIN, Profile, Profiles
from ara_inspector.spec.effective import Source
from exchanges import exchanges, watched

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry

PUB = "\npage https://pub.example/\n"
SHOP = "\npage https://shop.example/\n"
VERBOSE = "/.well-known/attribution-reporting/debug/verbose"


def source(members: str = "", *, host: str = "r1.example", at: str = "") -> str:
    header = '{"destination": "https://shop.example", "source_event_id": "5"' + members + "}"
    return f"\nad https://{host}/i\n{at}< Attribution-Reporting-Register-Source: {header}\n"


def trigger(members: str = '"event_trigger_data": [{}]', at: str = "") -> str:
    return (
        f"\nad https://r1.example/c\n{at}< Attribution-Reporting-Register-Trigger: {{{members}}}\n"
    )


def verbose(*types: str, site: str = "https://pub.example") -> str:
    body = '{"attribution_destination": "https://shop.example", "source_event_id": "5", '
    body += f'"source_site": "{site}"}}'
    data = ", ".join(f'{{"type": "{name}", "body": {body}}}' for name in types)
    return f"\nreport https://r1.example{VERBOSE}\n= [{data}]\n"


def told(session: Session, kind: Kind) -> list[Fate]:
    return [
        entry.fate
        for entry in session.timeline
        if isinstance(entry.about, Registration)
        and entry.about.kind is kind
        and entry.fate is not None
    ]


def the_source(text: str) -> SourceFate:
    (fate,) = told(watched(text), Kind.SOURCE)
    assert isinstance(fate, SourceFate)
    return fate


def the_trigger(text: str) -> TriggerFate:
    *_, fate = told(watched(text), Kind.TRIGGER)
    assert isinstance(fate, TriggerFate)
    return fate


def balance(text: str) -> dict[str, int]:
    return dict(watched(text).summary().balance.counts)


# -- when


def test_a_fate_waits_for_the_traffic_to_move_on() -> None:
    session = Session()
    text = PUB + source() + SHOP + trigger() + "\nad https://r1.example/later\n@ 9\n"
    *first, last = exchanges(text)
    for exchange in first:
        session.recorded(exchange)
    assert not any(entry.fate for entry in session.timeline)
    news = session.recorded(last)
    assert [entry.revision for entry in news if entry.fate] == [1, 1]
    assert session.settle() == ()


def test_settling_does_not_wait() -> None:
    session = Session()
    for exchange in exchanges(PUB + source()):
        session.recorded(exchange)
    (entry,) = session.settle()
    assert isinstance(entry.fate, SourceFate)


def test_answers_count_in_the_order_they_came() -> None:
    late = source(at="@ 2\n").replace("< Attr", "> X: y\n< Attr")
    text = PUB + late + SHOP.replace("\n", "\n", 1) + trigger(at="@ 5\n")
    fate = the_trigger(text)
    assert fate.event_level is EventLevelResult.SUCCESS


def test_only_what_is_processed_has_a_fate() -> None:
    text = PUB + "\nimage https://r1.example/i\n" + source().split("\n", 2)[2]
    assert told(watched(text), Kind.SOURCE) == []
    os_source = (
        PUB
        + '\nad https://r1.example/o\n< Attribution-Reporting-Register-OS-Source: "https://o.example"\n'
    )
    assert told(watched(os_source), Kind.OS_SOURCE) == []


# -- how sure


def test_a_trigger_with_nothing_to_attribute_is_certain() -> None:
    fate = the_trigger(PUB + source() + SHOP + trigger(""))
    assert fate.event_level is EventLevelResult.NOT_REGISTERED
    assert fate.certainty is Certainty.CERTAIN
    assert fate.ground == "the header alone decides"


def test_what_rests_on_unseen_sources_is_likely_and_says_so() -> None:
    fate = the_trigger(SHOP + trigger())
    assert fate.event_level is EventLevelResult.NO_MATCHING_SOURCES
    assert fate.certainty is Certainty.LIKELY
    assert fate.ground == "the sources seen in this capture, an inferred page"
    (finding,) = fate.findings
    assert (finding.certainty, finding.ground) == (Certainty.LIKELY, fate.ground)


def test_a_debug_report_makes_a_failure_certain() -> None:
    report = f'\nreport https://r1.example{VERBOSE}\n= [{{"type": "trigger-no-matching-source", '
    report += '"body": {"attribution_destination": "https://shop.example"}}]\n'
    text = SHOP + trigger('"event_trigger_data": [{}], "debug_reporting": true') + report
    fate = the_trigger(text)
    assert fate.certainty is Certainty.CERTAIN
    assert fate.told is not None
    assert fate.told.agreement is Agreement.CONFIRMED
    assert fate.findings[0].certainty is Certainty.CERTAIN
    assert balance(text) == {Standing.SEEN: 1}
    assert watched(text).summary().proofs["attribution confirmed"] == 1


def test_noise_is_named_where_it_is_not_negligible() -> None:
    click = "\nclick https://r1.example/go\n< Attribution-Reporting-Register-Source: "
    header = '{"destination": "https://shop.example", "source_event_id": "5"}'
    text = PUB + click + header + "\n" + SHOP + trigger()
    assert "noise strikes one such source in 412" in the_trigger(text).ground
    assert "noise" not in the_trigger(PUB + source() + SHOP + trigger()).ground


def test_noise_is_ruled_out_by_a_debug_report() -> None:
    click = "\nclick https://r1.example/go\n< Attribution-Reporting-Register-Source: "
    header = (
        '{"destination": "https://shop.example", "source_event_id": "5", "debug_reporting": true}'
    )
    text = PUB + click + header + "\n" + verbose("source-success") + SHOP + trigger()
    assert "noise" not in the_trigger(text).ground


def test_a_refusal_by_the_header_alone_is_certain() -> None:
    wide = ', "max_event_level_reports": 3, "trigger_data": [0,1,2,3,4,5,6,7]'
    fate = the_source(PUB + source(wide))
    assert fate.result is SourceResult.EXCEEDS_MAX_CHANNEL_CAPACITY
    assert fate.ground == "the header alone decides"


def test_a_moment_at_the_end_of_a_window_is_doubtful() -> None:
    short = source(', "event_report_window": 3600')
    near = PUB + short + SHOP.replace("/\n", "/\n@ 3600\n") + trigger(at="@ 3600.5\n")
    assert "a moment at the very end of a window" in the_trigger(near).ground


def test_an_event_level_report_of_either_window_settles_such_a_trigger() -> None:
    windows = source(', "event_report_windows": {"end_times": [3600, 7200]}')
    for due in (3600, 7200):
        report = (
            "\nreport https://r1.example/.well-known/attribution-reporting/report-event-attribution"
            f'\n@ {due + 10}\n= {{"attribution_destination": "https://shop.example", '
            f'"randomized_trigger_rate": 0.0000042, "report_id": "x", "scheduled_report_time": '
            f'"{1_800_000_000 + due}", "source_event_id": "5", "source_type": "event", '
            '"trigger_data": "0"}\n'
        )
        text = PUB + windows + SHOP.replace("/\n", "/\n@ 3599\n") + trigger(at="@ 3599.8\n")
        assert balance(text + report) == {Standing.SEEN: 1}


# -- what reports change


def test_a_noised_source_is_known_by_its_report() -> None:
    text = PUB + source(', "debug_reporting": true') + verbose("source-noised")
    fate = the_source(text)
    assert fate.result is SourceResult.SUCCESS_NOISED
    assert [finding.rule.code for finding in fate.findings] == ["ATT001"]
    after = the_trigger(text + SHOP + trigger())
    assert after.event_level is EventLevelResult.FALSELY_ATTRIBUTED_SOURCE


def test_a_source_the_browser_refused_is_not_attributed_to() -> None:
    text = PUB + source(', "debug_reporting": true') + verbose("source-storage-limit")
    fate = the_source(text)
    assert fate.told is not None
    assert fate.told.agreement is Agreement.CONTRADICTED
    assert [finding.rule.code for finding in fate.findings] == ["ATT051"]
    later = SHOP.replace("/\n", "/\n@ 60\n") + trigger()
    assert the_trigger(text + later).event_level is EventLevelResult.NO_MATCHING_SOURCES
    assert balance(text) == {Standing.UNEXPLAINED: 1}


def test_which_of_two_equal_sources_the_browser_refused_is_only_likely() -> None:
    equal = source(', "debug_reporting": true')
    fates = told(watched(PUB + equal + equal + verbose("source-storage-limit")), Kind.SOURCE)
    (refused,) = (fate for fate in fates if fate.told is not None)
    assert refused.certainty is Certainty.LIKELY
    (finding,) = refused.findings
    assert finding.rule.code == "ATT051"
    assert (finding.certainty, finding.ground) == (Certainty.LIKELY, "the likeliest cause")


def test_a_contradicted_trigger_awaits_no_report_of_that_level() -> None:
    both = (
        '"event_trigger_data": [{}], "aggregatable_trigger_data": [{"source_keys": ["a"], '
        '"key_piece": "0x1"}], "aggregatable_values": {"a": 1}, "debug_reporting": true'
    )
    start = PUB + source(', "aggregation_keys": {"a": "0x1"}') + SHOP + trigger(both)
    assert balance(start) == {Standing.NOT_YET_DUE: 2}
    text = start + verbose("trigger-event-deduplicated")
    fate = the_trigger(text)
    assert fate.certainty is Certainty.CERTAIN
    assert fate.ground == "the browser reports trigger-event-deduplicated (#4)"
    assert balance(text) == {Standing.NOT_YET_DUE: 1, Standing.UNEXPLAINED: 1}
    assert watched(text).summary().proofs["attribution contradicted"] == 1
    nothing = start + verbose("trigger-no-matching-source")
    assert balance(nothing) == {Standing.UNEXPLAINED: 1}


def test_a_browser_that_stored_what_should_be_refused_is_believed() -> None:
    first = PUB + source() + source(', "debug_reporting": true', host="www.r1.example")
    report = verbose("source-success").replace("//r1", "//www.r1")
    *_, fate = told(watched(first + report), Kind.SOURCE)
    assert isinstance(fate, SourceFate)
    assert fate.result is SourceResult.REPORTING_ORIGINS_PER_SITE_LIMIT_REACHED
    assert fate.told is not None
    assert fate.told.agreement is Agreement.CONTRADICTED


def test_what_is_known_too_late_of_an_entry_that_is_gone_changes_nothing() -> None:
    session = Session(Limits(entries=3, chain_seconds=20.0))
    leads = source(at="< 302\n< Location: https://r2.example/\n")
    more = "".join(source(host=f"r{n}.example", at=f"@ {n}\n") for n in range(9, 13))
    first, *others = exchanges(leads + more)
    session.recorded(first)
    session.recorded(others[0])
    session.settle()
    entry = session.timeline.get(2)
    assert entry is not None
    assert entry.fate is not None
    for exchange in others[1:]:
        session.recorded(exchange)
    kept = [entry.number for entry in session.timeline]
    assert entry.number not in kept
    # The hop that never came is given up, which makes the first registration less certain.
    session.finish()
    assert [entry.number for entry in session.timeline] == kept


def test_what_is_known_too_late_is_said() -> None:
    session = Session()
    reference = "> Referer: https://frame.example/\n"
    text = PUB + source(', "debug_reporting": true', at=reference)
    moved_on = "\nad https://r1.example/later\n@ 60\n"
    for exchange in exchanges(text + moved_on + verbose("source-success")):
        session.recorded(exchange)
    session.finish()
    (fate,) = told(session, Kind.SOURCE)
    assert "before a report proved that it belongs to https://pub.example" in fate.ground
    assert fate.certainty is Certainty.LIKELY


def test_header_errors_and_keys_are_no_part_of_the_ledger() -> None:
    error = '[{"type": "header-parsing-error", "body": {"context_site": "https://pub.example"}}]'
    text = PUB + f"\nreport https://r1.example{VERBOSE}\n= {error}\n"
    assert balance(text) == {}


# -- what is unknown


def test_a_trigger_on_an_unknown_page_has_no_answer() -> None:
    session = watched(trigger(at="> Referer:\n"))
    (fate,) = told(session, Kind.TRIGGER)
    assert type(fate) is Fate
    assert fate.certainty is Certainty.UNKNOWN
    assert "nothing tells the page" in fate.ground


# -- bounds


@pytest.mark.parametrize("known", [1, 10_000])
def test_the_simulation_is_bounded(known: int) -> None:
    limits = Limits(sources=3, expected=2, waiting=4, known=known)
    session = Session(limits)
    text = PUB + source(', "debug_reporting": true') * 8
    for exchange in exchanges(text):
        session.recorded(exchange)
    session.finish()
    summary = session.summary()
    if known > 1:
        assert summary.dropped["simulated sources"] == 5
        assert summary.dropped["expected reports"] == 6
        assert summary.balance.counts == {Standing.NOT_YET_DUE: 2}


def test_browsers_have_memories_of_their_own() -> None:
    other = "> User-Agent: Mozilla/5.0 Chrome/131.0.0.0 Safari/537.36\n"
    text = PUB + source() + SHOP + trigger(at=other)
    assert the_trigger(text).event_level is EventLevelResult.NO_MATCHING_SOURCES


def entries_with_standing(text: str) -> list[Entry]:
    return [entry for entry in watched(text).timeline if entry.standing is not None]


def test_a_report_names_what_explains_it() -> None:
    text = PUB + source(', "debug_reporting": true') + verbose("source-success")
    (entry,) = entries_with_standing(text)
    assert entry.standing is not None
    assert (entry.standing.standing, entry.standing.registrations) == (Standing.SEEN, (2,))


def test_a_verdict_that_changes_takes_the_source_back() -> None:
    session = Session()
    click = (
        source().replace("ad ", "click-background ").replace('"5"', '"5", "debug_reporting": true')
    )
    # The click's navigation never comes.
    page, click_request, *rest = exchanges(
        PUB + click + SHOP.replace("/\n", "/\n@ 60\n") + trigger()
    )
    session.recorded(page)
    session.recorded(click_request)
    session.settle()
    (before,) = told(session, Kind.SOURCE)
    assert before.certainty is Certainty.LIKELY
    for exchange in rest:
        session.recorded(exchange)
    session.finish()
    (after,) = told(session, Kind.SOURCE)
    assert after.certainty is Certainty.UNKNOWN
    assert after.ground.startswith("entered as registered, but ignored since: ")
    assert session.summary().balance.counts == {}
    (fate,) = told(session, Kind.TRIGGER)
    assert isinstance(fate, TriggerFate)
    assert fate.event_level is EventLevelResult.NO_MATCHING_SOURCES


def test_times_that_cannot_be_are_taken_as_now() -> None:
    for time in (None, float("nan"), float("inf"), -1.0, 1e300):
        session = Session()
        for exchange in exchanges(PUB + source()):
            session.recorded(replace(exchange, answered=time))
        session.finish()
        (fate,) = told(session, Kind.SOURCE)
        assert isinstance(fate, SourceFate)
        assert fate.result is SourceResult.SUCCESS


def test_browsers_beyond_the_limit_are_forgotten() -> None:
    session = Session(Limits(browsers=1))
    agents = "".join(
        source(at=f"> User-Agent: Mozilla/5.0 Chrome/{version}.0.0.0 Safari/537.36\n")
        for version in (130, 131, 138)
    )
    for exchange in exchanges(PUB + agents + SHOP + trigger()):
        session.recorded(exchange)
    session.finish()
    *_, fate = told(session, Kind.TRIGGER)
    assert isinstance(fate, TriggerFate)
    assert fate.source is not None


def test_a_summary_may_only_count_what_is_expected() -> None:
    session = watched(PUB + source() + SHOP + trigger())
    whole, brief = session.summary(), session.summary(whole=False)
    assert whole.balance.counts == brief.balance.counts == {Standing.NOT_YET_DUE: 1}
    assert (len(whole.balance.awaited), len(brief.balance.awaited)) == (1, 0)


# -- what is gone

REPORT = """
report https://r1.example/.well-known/attribution-reporting/report-event-attribution
@ 2592010
= {"attribution_destination": "https://shop.example", "randomized_trigger_rate": 0.0000025,
= "report_id": "1", "scheduled_report_time": "1802592000", "source_event_id": "5",
= "source_type": "event", "trigger_data": "0"}
"""


@pytest.mark.parametrize(("entries", "seen"), [(1, False), (2, False), (50, True)])
def test_a_report_about_an_entry_that_was_dropped_changes_nothing(entries: int, seen: bool) -> None:
    other = "\nad https://r9.example/{at}\n@ {at}\n"
    text = PUB + source() + SHOP + trigger(at="@ 30\n") + other.format(at=60)
    session = Session(Limits(entries=entries))
    for exchange in exchanges(text + REPORT + other.format(at=2592050)):
        session.recorded(exchange)
    session.finish()
    fates = [e.fate for e in session.timeline if isinstance(e.fate, TriggerFate)]
    assert [fate.seen for fate in fates] == ([(5,)] if seen else [])


def test_a_registration_without_a_reporting_origin_has_no_reports() -> None:
    profile = Profile("a browser", Limits())
    about = the_registration(PUB + source())
    assert profile.enter(1, replace(about, reporting_origin=None), 0, None) is UNKNOWN_ORIGIN


def test_the_source_of_one_entry_is_discarded_alone() -> None:
    profile = Profile("a browser", Limits())
    about = the_registration(PUB + source())
    assert isinstance(about.effective, Source)
    for number in (1, 2):
        profile.enter(number, about, number, None)
    profile.discard(1, about.reporting_origin or "", about.effective.destination[0])
    assert [stored.id for stored in profile.storage.sources()] == ["2"]


def test_a_profile_more_than_the_limit_makes_the_oldest_go() -> None:
    profiles = Profiles(Limits(browsers=1))
    first, second = Identity("a", 1, None), Identity("b", 1, None)
    kept = profiles.of(first)
    assert profiles.that_sent(second) is kept
    kept.enter(1, the_registration(PUB + source()), 1, None)
    profiles.of(second)
    assert [profile is kept for profile in profiles] == [False]
    assert profiles.dropped == 1


def the_registration(text: str) -> Registration:
    (about,) = (e.about for e in watched(text).timeline if isinstance(e.about, Registration))
    return about
