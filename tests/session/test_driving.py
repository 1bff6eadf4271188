"""A session takes events in any order and any number, and stays bounded."""

from __future__ import annotations

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.session import Limits, Session
from ara_inspector.timeline import EntryKind
from exchanges import exchanges, of_kind, watched

PAGE = "page https://pub.example/\n\n"
SOURCE = (
    '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example", '
    '"source_event_id": "1", "debug_reporting": true}'
)
AD = f"ad https://r.example/\n{SOURCE}"
SUCCESS = (
    "report https://r.example/.well-known/attribution-reporting/debug/verbose\n"
    '= [{"type": "source-success", "body": {"attribution_destination": "https://shop.example", '
    '"source_event_id": "1", "source_site": "https://{site}"}}]'
)


def test_events_may_come_twice() -> None:
    session = Session()
    page, ad = exchanges(PAGE + AD)
    session.recorded(page)
    assert session.requested(ad)
    assert session.requested(ad) == ()
    told = session.headers(ad)
    assert [entry.kind for entry in told] == [EntryKind.REGISTRATION]
    assert session.headers(ad) == ()
    assert session.complete(ad) == ()
    assert session.complete(ad) == ()
    assert session.complete(ad) == ()
    assert session.summary().exchanges == 2


def test_live_and_recorded_events_tell_the_same() -> None:
    text = (
        f"{PAGE}{AD}\n\nimage https://x.example/t\n< Attribution-Reporting-Register-Trigger: {{}}"
    )
    live = Session()
    for exchange in exchanges(text):
        live.requested(replace(exchange, status=None, response_lines=(), response_body=None))
        live.headers(replace(exchange, response_body=None, finished=None))
        live.complete(exchange)
    live.finish()
    assert [e.about for e in live.timeline] == [e.about for e in watched(text).timeline]


def test_a_request_that_never_got_an_answer() -> None:
    session = Session()
    page, ad = exchanges(f"{PAGE}ad https://r.example/\n! refused")
    session.recorded(page)
    session.requested(ad)
    assert session.headers(ad) == ()
    assert session.complete(ad) == ()
    assert session.summary().eligible == 1


def test_uninteresting_exchanges_are_only_counted() -> None:
    session = Session()
    (image,) = exchanges("image https://cdn.example/a.png")
    assert session.requested(image) == session.headers(image) == session.complete(image) == ()
    session.passed()
    assert session.summary().exchanges == 2
    assert len(session.timeline) == 0


def test_the_summary_counts() -> None:
    summary = watched(
        f"{PAGE}{AD}\n< 302\n< Location: https://two.example/\n\nad https://two.example/\n\n"
        f"image https://r.example/x\n{SOURCE}\n\n{SUCCESS.replace('{site}', 'pub.example')}"
    ).summary()
    assert summary.verdicts == {"registered": 1, "ignored": 1}
    assert (summary.chains, summary.silent, summary.reports, summary.eligible) == (1, 1, 1, 2)
    assert summary.sentence == "2 registrations: 1 registered, 1 ignored."
    assert [browser.works for browser in summary.browsers] == [True]


def test_a_report_proves_the_site() -> None:
    session = watched(f"{PAGE}{AD}\n\n{SUCCESS.replace('{site}', 'pub.example')}")
    (about,) = (e.about for e in session.timeline if isinstance(e.about, Registration))
    assert about.context_site.value == "https://pub.example"
    assert about.context_site.certainty is Certainty.CERTAIN
    (report,) = of_kind(session.timeline, EntryKind.REPORT)
    assert about.context_site.ground.endswith(f" (#{report.number})")
    assert of_kind(session.timeline, EntryKind.CONTEXT) == []


def test_a_report_that_contradicts_the_site_is_told() -> None:
    session = watched(f"{PAGE}{AD}\n\n{SUCCESS.replace('{site}', 'real.example')}")
    (about,) = (e.about for e in session.timeline if isinstance(e.about, Registration))
    assert about.context_site.value == "https://real.example"
    (entry,) = of_kind(session.timeline, EntryKind.CONTEXT)
    assert entry.about.findings == ()


def test_a_report_that_nothing_explains_says_so() -> None:
    session = watched(f"{PAGE}{SUCCESS.replace('{site}', 'pub.example')}")
    (entry,) = of_kind(session.timeline, EntryKind.REPORT)
    assert "RPT040" in {finding.rule.code for finding in entry.findings}


def test_a_report_about_what_is_forgotten_changes_nothing() -> None:
    session = Session(Limits(entries=1))
    for exchange in exchanges(f"{PAGE}{AD}\n\n{SUCCESS.replace('{site}', 'pub.example')}"):
        session.recorded(exchange)
    assert [entry.kind for entry in session.timeline] == [EntryKind.REPORT]


def test_a_flow_told_once_more_after_it_is_settled_is_no_other() -> None:
    session = Session()
    page, ad = exchanges(f"{PAGE}{AD}")
    for exchange in (page, ad, ad, page):
        session.recorded(exchange)
    assert session.headers(ad) == ()
    assert session.summary().exchanges == 2
    assert session.summary().verdicts == {"registered": 1}


def test_a_hop_still_under_way_stays_when_its_chain_has_ended() -> None:
    session = Session()
    first, last = exchanges(
        f"ad https://r.example/\n< 302\n< Location: https://x.example/\n{SOURCE}\n\n"
        f"ad https://x.example/\n{SOURCE}"
    )
    session.headers(replace(first, finished=None))
    session.recorded(last)
    assert session.headers(first) == session.complete(first) == ()
    assert session.summary().exchanges == 2
    assert session.summary().verdicts == {"registered": 2}


def test_the_end_of_a_redirect_may_come_twice_before_the_next_hop() -> None:
    session = Session()
    (first,) = exchanges(f"ad https://r.example/\n< 302\n< Location: https://x.example/\n{SOURCE}")
    assert session.complete(first)
    assert session.complete(first) == ()
    assert session.summary().exchanges == 1


def test_more_flows_than_are_remembered_are_settled_as_they_are() -> None:
    session = Session(Limits(flows=1))
    page, ad, other = exchanges(f"{PAGE}{AD}\n\n{AD}")
    session.headers(page)
    session.headers(ad)
    session.headers(other)
    session.complete(ad)
    assert session.summary().exchanges == 3
    assert session.summary().verdicts == {"registered": 2}


def test_a_post_elsewhere_below_the_reports_path_is_no_trouble() -> None:
    session = watched("report https://r.example/x/.well-known/attribution-reporting/")
    assert session.summary().reports == 0


def test_state_is_bounded() -> None:
    limits = Limits(
        entries=20, flows=5, known=5, chains=5, chain_seconds=1.0, pages=5, reporters=5, browsers=2
    )
    session = Session(limits)
    page, ad, redirect = exchanges(
        f"{PAGE}{AD}\n\nad https://x.example/\n< 302\n< Location: https://y.example/"
    )
    for n in range(200):
        agent = (b"user-agent", f"Chrome/1{n % 5 + 20}.0".encode())
        for exchange in (page, ad, redirect):
            session.recorded(
                replace(
                    exchange,
                    flow_id=f"{exchange.flow_id}-{n}",
                    url=f"https://{n}.{n % 50}.example/{exchange.flow_id}",
                    request_lines=(agent, *exchange.request_lines),
                    started=(exchange.started or 0) + n / 10,
                    answered=(exchange.answered or 0) + n / 10,
                )
            )
    session.finish()
    assert len(session.timeline) == 20
    dropped = session.summary().dropped
    assert set(dropped) >= {
        "timeline entries",
        "chains waiting",
        "pages",
        "reporting origins",
        "browsers",
        "registrations reports go back to",
    }


def test_a_chain_overdue_is_given_up_while_others_go_on() -> None:
    session = Session(Limits(chain_seconds=1.0))
    page, ad, later = exchanges(
        f"{PAGE}{AD}\n< 302\n< Location: https://two.example/\n\nad https://x.example/\n@ 60"
    )
    session.recorded(page)
    session.recorded(ad)
    told = session.recorded(later)
    cards = [entry for entry in told if entry.kind is EntryKind.CHAIN]
    assert [finding.rule.code for entry in cards for finding in entry.findings] == ["CHN004"]
    assert cards[0].revision == 1


def test_header_lines_that_register_nothing_become_a_note() -> None:
    session = watched("image https://r.example/\n< Attribution-Reporting-Regsiter-Source: {}")
    (entry,) = of_kind(session.timeline, EntryKind.NOTE)
    assert entry.reporting_origin == "https://r.example"
    assert entry.verdict is None


def test_a_browser_that_changes_its_registrar_is_told_again() -> None:
    session = watched(
        "ad https://r.example/a\n\nad https://r.example/b\n> Attribution-Reporting-Support: web, os"
    )
    (entry,) = of_kind(session.timeline, EntryKind.BROWSER)
    assert entry.revision == 1


def test_verdicts_are_counted_by_what_they_are_now() -> None:
    text = f"{PAGE}click-background https://r.example/\n{SOURCE}"
    assert watched(text).summary().verdicts == {Verdict.UNKNOWN: 1}
    later = f"{text}\n\nimage https://pub.example/x.png\n@ 20"
    assert watched(later).summary().verdicts == {Verdict.IGNORED: 1}
