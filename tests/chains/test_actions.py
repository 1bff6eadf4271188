"""The requests of one click."""

from __future__ import annotations

import pytest

from ara_inspector.chains import ActionCard
from ara_inspector.findings import Certainty, Verdict
from ara_inspector.registrations import NavigationState
from ara_inspector.session import Session
from exchanges import START, entries, exchanges, registrations

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'


def scoped(*values: str, limit: int = 2, states: int = 3) -> str:
    listed = ", ".join(f'"{value}"' for value in values)
    scopes = f'{{"limit": {limit}, "max_event_states": {states}, "values": [{listed}]}}'
    return (
        "< Attribution-Reporting-Register-Source: "
        f'{{"destination": "https://shop.example", "attribution_scopes": {scopes}}}'
    )


def cards(text: str) -> list[ActionCard]:
    return [e.about for e in entries(PAGE + text) if isinstance(e.about, ActionCard)]


BACKGROUND = f"click-background https://one.example/bg\n{SOURCE}"
SECOND = f"click-background https://two.example/bg\n> Referer: https://pub.example/\n{SOURCE}"
CLICK = f"click https://click.example/\n{SOURCE}"
LATER = "image https://pub.example/x.png\n@ 20"


@pytest.mark.parametrize(
    ("text", "flows", "sentence"),
    [
        (f"{BACKGROUND}\n\n{SECOND}\n\n{CLICK}", [3], "a navigation and 2 background requests"),
        (f"{CLICK}\n\n{SECOND}", [2], "a navigation and 1 background request"),
        (f"{BACKGROUND}\n\n{CLICK}\n\n{SECOND}", [3], "a navigation and 2 background requests"),
        (f"{BACKGROUND}\n\n{LATER}", [1], "1 background request, no navigation"),
        (f"{BACKGROUND}", [1], "1 background request, then the capture ends"),
        (f"{CLICK}\n\n{CLICK}", [], ""),
        (f"{BACKGROUND}\n\n{CLICK}\n\n{SECOND}\n@ 3", [2, 1], "a navigation and 1 background"),
        (f"{BACKGROUND}\n\n{CLICK}\n@ 9", [1], "no navigation"),
        (f"{BACKGROUND}\n\n{CLICK}\n> Referer: https://else.example/", [1], "capture ends"),
        (f"{BACKGROUND}\n\n{CLICK}\n> Referer:", [2], "a navigation and 1 background request"),
        (f"{BACKGROUND}\n\n{CLICK}\n> User-Agent: Chrome/141.0", [1], "capture ends"),
    ],
)
def test_grouping(text: str, flows: list[int], sentence: str) -> None:
    found = cards(text)
    assert [len(card.flow_ids) for card in found] == flows
    assert not found or sentence in found[0].sentence


def test_a_second_click_is_another_action() -> None:
    found = cards(f"{BACKGROUND}\n\n{CLICK}\n\n{BACKGROUND}\n@ 3\n\n{CLICK}\n@ 3.1")
    assert [card.number for card in found] == [1, 2]
    assert found[0].navigation == "https://click.example/"
    assert found[0].chains == (1, 2)


def test_a_click_within_the_page_is_not_part_of_the_next_one() -> None:
    text = f"{BACKGROUND}\n\n{SECOND}\n@ 1.5\n\n{CLICK}\n\n{LATER}"
    assert sorted(card.chains for card in cards(text)) == [(1,), (2, 3)]
    within, second, _ = registrations(PAGE + text)
    assert (within.verdict, within.certainty) == (Verdict.IGNORED, Certainty.LIKELY)
    assert (second.verdict, second.certainty) == (Verdict.REGISTERED, Certainty.CERTAIN)


def test_no_capture_has_to_go_on_to_tell_it() -> None:
    within, *_ = registrations(f"{PAGE}{BACKGROUND}\n\n{SECOND}\n@ 1.5\n\n{CLICK}")
    assert within.findings[0].rule.code == "RSP016"


@pytest.mark.parametrize(
    ("text", "verdict", "certainty"),
    [
        (f"{BACKGROUND}\n\n{CLICK}", Verdict.REGISTERED, Certainty.CERTAIN),
        (f"{BACKGROUND}\n\n{CLICK}\n@ 1.5", Verdict.REGISTERED, Certainty.LIKELY),
        (f"{BACKGROUND}\n\n{LATER}", Verdict.IGNORED, Certainty.LIKELY),
        (
            (
                f"{BACKGROUND}\n\nframe https://a.example/\n"
                "> Attribution-Reporting-Eligible: navigation-source"
            ),
            Verdict.IGNORED,
            Certainty.LIKELY,
        ),
    ],
)
def test_a_background_request_counts_if_its_page_navigates(
    text: str, verdict: Verdict, certainty: Certainty
) -> None:
    about = registrations(PAGE + text)[0]
    assert (about.verdict, about.certainty) == (verdict, certainty)
    if verdict is Verdict.IGNORED:
        assert about.findings[0].rule.code == "RSP016"


@pytest.mark.parametrize("rest", ["", "\n\nimage https://pub.example/x.png\n@ 5"])
def test_where_the_capture_ends_first_nothing_is_known(rest: str) -> None:
    (about,) = registrations(f"{PAGE}{BACKGROUND}{rest}")
    assert (about.verdict, about.certainty) == (Verdict.UNKNOWN, Certainty.UNKNOWN)
    assert about.ground == "the capture ends here, its navigation may have come later"
    assert [finding.rule.code for finding in about.findings] == ["RSP049"]


@pytest.mark.parametrize("rest", ["", f"\n\n{LATER}"])
def test_a_report_proves_what_goes_to_another_program(rest: str) -> None:
    source = (
        '{"destination": "https://shop.example", "source_event_id": "7", "debug_reporting": true}'
    )
    (about,) = registrations(
        f"{PAGE}click-background https://one.example/bg\n"
        f"< Attribution-Reporting-Register-Source: {source}\n\n"
        "report https://one.example/.well-known/attribution-reporting/debug/verbose\n@ 0.12\n"
        '= [{"type": "source-success", "body": {"attribution_destination": "https://shop.example", '
        '"source_event_id": "7", "source_site": "https://pub.example"}}]'
        f"{rest}"
    )
    assert (about.verdict, about.certainty) == (Verdict.REGISTERED, Certainty.CERTAIN)
    assert about.findings == ()


def test_a_broken_header_registers_nothing_whatever_comes() -> None:
    broken = "< Attribution-Reporting-Register-Source: {"
    (about,) = registrations(f"{PAGE}click-background https://one.example/bg\n{broken}")
    assert (about.verdict, about.certainty) == (Verdict.REJECTED, Certainty.CERTAIN)


def test_time_passes_with_traffic_that_is_no_exchange() -> None:
    session = Session()
    for exchange in exchanges(f"{PAGE}{BACKGROUND}"):
        session.recorded(exchange)
    session.passed()
    session.passed(START + 20)
    (told,) = [entry for entry in session.finish() if entry.verdict is not None]
    assert told.verdict is Verdict.IGNORED


def test_until_then_it_is_likely_to() -> None:
    session = Session()
    page, background, later = exchanges(f"{PAGE}{BACKGROUND}\n\nad https://x.example/\n@ 20")
    session.recorded(page)
    (first,) = [e for e in session.recorded(background) if e.verdict is not None]
    assert first.verdict is Verdict.REGISTERED
    revised = [e for e in session.recorded(later) if e.verdict is not None]
    assert [(e.number, e.verdict) for e in revised] == [(first.number, Verdict.IGNORED)]


@pytest.mark.parametrize(
    ("first", "second", "lost"),
    [
        (scoped("a"), scoped("b"), True),
        (scoped("a"), SOURCE, True),
        (scoped("a"), scoped("a", "b"), True),
        (scoped("a"), scoped("a"), False),
        (scoped("a", "b"), scoped("b", "a", limit=3), False),
        (SOURCE, scoped("a"), True),
        (SOURCE, SOURCE, False),
    ],
)
def test_one_reporter_sets_its_scopes_once_a_navigation(
    first: str, second: str, lost: bool
) -> None:
    found = registrations(
        f"{PAGE}click-background https://one.example/a\n{first}\n\n"
        f"click-background https://one.example/b\n{second}\n\n{CLICK}"
    )
    assert [about.verdict for about in found] == [
        Verdict.REGISTERED,
        Verdict.IGNORED if lost else Verdict.REGISTERED,
        Verdict.REGISTERED,
    ]
    if lost:
        assert found[1].issue == "NavigationRegistrationUniqueScopeAlreadySet"


def test_a_source_that_is_refused_when_stored_has_set_its_scopes() -> None:
    """As Chromium 138 did with clicks of several sources, some of which could tell too much."""
    found = registrations(
        f"{PAGE}click-background https://one.example/a\n{scoped('a', states=3000)}\n\n"
        f"click-background https://one.example/b\n{SOURCE}\n\n"
        f"click-background https://one.example/c\n{scoped('b', states=3000)}\n\n"
        f"click-background https://one.example/d\n{scoped('a')}\n\n{CLICK}"
    )
    assert [about.verdict for about in found] == [
        Verdict.REJECTED,
        Verdict.IGNORED,
        Verdict.IGNORED,
        Verdict.REGISTERED,
        Verdict.REGISTERED,
    ]
    assert [finding.rule.code for finding in found[0].findings] == ["RSP033", "SRC017"]
    assert [finding.rule.code for finding in found[2].findings] == ["CHN014", "SRC017"]


def test_os_sources_and_lost_sources_set_no_scopes() -> None:
    found = registrations(
        f"{PAGE}click-background https://one.example/a\n"
        '< Attribution-Reporting-Register-OS-Source: "https://os.example/"\n'
        "> Attribution-Reporting-Support: os\n\n"
        "click-background https://one.example/b\n< Attribution-Reporting-Register-Source: {\n\n"
        f"click-background https://one.example/c\n{scoped('a')}\n\n{CLICK}"
    )
    assert [about.verdict for about in found] == [
        Verdict.REGISTERED,
        Verdict.REJECTED,
        Verdict.REGISTERED,
        Verdict.REGISTERED,
    ]


def test_few_actions_stay_open() -> None:
    text = "\n\n".join(
        f"click-background https://one.example/\n> Referer: https://p{n}.example/\n@ 1"
        for n in range(100)
    )
    session = Session()
    for exchange in exchanges(text):
        session.recorded(exchange)
    assert NavigationState.NEVER in NavigationState
    assert sum(isinstance(e.about, ActionCard) for e in session.finish()) == 64
