"""Hop to hop: which request follows which redirect."""

from __future__ import annotations

import pytest

from ara_inspector.chains import ChainCard, Chains
from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import NO_PAGE, Registration, read_request
from ara_inspector.session import Session
from exchanges import entries, exchanges, registrations

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
TRIGGER = "< Attribution-Reporting-Register-Trigger: {}"


def cards(text: str) -> list[ChainCard]:
    return [entry.about for entry in entries(text) if isinstance(entry.about, ChainCard)]


def hops(text: str) -> list[list[str]]:
    return [[hop.url for hop in card.hops] for card in cards(PAGE + text)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirect_status_is_followed(status: int) -> None:
    assert hops(
        f"ad https://one.example/a\n< {status}\n< Location: https://two.example/b\n{SOURCE}\n\n"
        f"ad https://two.example/b\n{SOURCE}"
    ) == [["https://one.example/a", "https://two.example/b"]]


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://one.example/b"),
        ("b", "https://one.example/x/b"),
        ("?q", "https://one.example/x/a?q"),
        ("//two.example/b", "https://two.example/b"),
        ("https://TWO.example:443/b#there", "https://two.example/b"),
        ("//two two.example/b", "https://two%20two.example/b"),
        ("https://me:secret@two.example/b", "https://two.example/b"),
        ("/caf\udce9?\u00e9", "https://one.example/caf%E9?%C3%A9"),
    ],
)
def test_location_is_resolved_as_browsers_do(location: str, target: str) -> None:
    assert hops(
        f"ad https://one.example/x/a\n< 302\n< Location: {location}\n{SOURCE}\n\nad {target}"
    ) == [["https://one.example/x/a", target]]


@pytest.mark.parametrize(
    "answer",
    [
        "< 302",
        "< 300\n< Location: https://two.example/",
        "< 304\n< Location: https://two.example/",
        "< 200\n< Location: https://two.example/",
        "< 302\n< Location:",
        "< 302\n< Location: https://two.example/\n< Location: https://three.example/",
        "< 302\n< Location: https://two.example/\n< Location:",
    ],
)
def test_what_leads_nowhere(answer: str) -> None:
    assert hops(f"ad https://one.example/\n{answer}\n{SOURCE}\n\nad https://two.example/") == []


@pytest.mark.parametrize(
    "other",
    [
        "> Attribution-Reporting-Eligible: trigger, event-source",
        "> Sec-Fetch-Dest: script",
        "> Referer: https://else.example/",
        "> User-Agent: Chrome/141.0",
        "@ 0.05",
    ],
)
def test_requests_that_only_have_the_url_in_common(other: str) -> None:
    (chain,) = hops(
        f"ad https://one.example/\n< 302\n< Location: https://two.example/\n{SOURCE}\n\n"
        f"ad https://two.example/\n{other}"
    )
    assert chain == ["https://one.example/"]


def test_a_chain_loses_its_referer_but_not_its_way_at_an_http_hop() -> None:
    (card,) = cards(
        f"{PAGE}click https://one.example/\n< 302\n< Location: http://two.example/\n{SOURCE}\n\n"
        f"click http://two.example/\n> Referer:\n< 302\n< Location: https://three.example/\n{SOURCE}"
        f"\n\nclick https://three.example/\n> Referer:\n{SOURCE}"
    )
    assert [[row.verdict for row in hop.registrations] for hop in card.hops] == [
        [Verdict.REGISTERED],
        [Verdict.IGNORED],
        [Verdict.REGISTERED],
    ]
    assert [finding.rule.code for finding in card.findings] == ["CHN008"]


def test_an_image_redirected_to_http_goes_on_over_https() -> None:
    assert hops(
        f"ad https://one.example/\n< 302\n< Location: http://two.example/b\n{SOURCE}\n\n"
        f"ad https://two.example/b\n{SOURCE}"
    ) == [["https://one.example/", "https://two.example/b"]]


def test_identical_chains_at_once_keep_their_hops_apart() -> None:
    chain = f"ad https://one.example/\n< 302\n< Location: https://two.example/\n{SOURCE}\n\n"
    found = cards(PAGE + chain + chain + "ad https://two.example/\n\nad https://two.example/")
    assert [len(card.hops) for card in found] == [2, 2]
    assert [[finding.rule.code for finding in card.findings] for card in found] == [["CHN007"], []]


def test_chains_that_differ_in_eligible_only_are_told_apart() -> None:
    grease = ("> Attribution-Reporting-Eligible: trigger, event-source", "")
    text = "".join(
        f"ad https://one.example/\n{line}\n< 302\n< Location: https://two.example/\n{SOURCE}\n\n"
        for line in grease
    ).replace("\n\n<", "\n<")
    found = cards(f"{PAGE}{text}ad https://two.example/\n\nad https://two.example/\n{grease[0]}")
    assert [[hop.flow_id for hop in card.hops] for card in found] == [
        ["flow-2", "flow-5"],
        ["flow-3", "flow-4"],
    ]
    assert not any(card.findings for card in found)


def test_a_loop_is_followed_to_the_limit_of_twenty_redirects() -> None:
    text = "\n\n".join(
        f"ad https://one.example/\n< 302\n< Location: https://one.example/\n{TRIGGER}"
        for _ in range(21)
    )
    found = registrations(PAGE + text)
    assert [about.verdict for about in found] == [Verdict.REGISTERED] * 20 + [Verdict.IGNORED]
    assert [about.hop for about in found] == list(range(1, 22))
    assert found[-1].findings[0].rule.code == "RSP035"
    (card,) = cards(PAGE + text)
    assert {finding.rule.code for finding in card.findings} == {"CHN002", "CHN004", "CHN005"}


@pytest.mark.parametrize(
    ("kind", "page", "lost"),
    [
        ("background", "https://pub.example/", True),
        ("click-background", "https://pub.example/", True),
        ("script", "https://pub.example/", True),
        ("ad", "https://pub.example/", False),
        ("click", "https://pub.example/", False),
        ("background", "http://localhost/", False),
    ],
)
def test_mixed_content_breaks_the_chain(kind: str, page: str, lost: bool) -> None:
    found = registrations(
        f"page {page}\n\n"
        f"{kind} https://one.example/\n< 302\n< Location: http://two.example/\n{SOURCE}\n\n"
        f"{kind} http://two.example/\n< 302\n< Location: https://three.example/\n{SOURCE}\n\n"
        f"{kind} https://three.example/\n{SOURCE}"
    )
    codes = [{finding.rule.code for finding in about.findings} for about in found]
    assert ["RSP034" in of_hop for of_hop in codes] == [lost] * 3


@pytest.mark.parametrize(
    ("kind", "scheme", "registers"),
    [
        # As Chromium 138 does; each was played twice.
        *[
            (kind, scheme, scheme in {"ftp", "mailto", "intent", "ws"})
            for kind in ("ad", "background", "click")
            for scheme in (
                *("ftp", "mailto", "intent", "ws"),
                *("data", "about", "blob", "file", "filesystem", "chrome"),
            )
        ],
        ("ad", "javascript", True),
        ("background", "javascript", True),
        ("click", "javascript", False),
    ],
)
def test_redirects_that_are_never_followed(kind: str, scheme: str, *, registers: bool) -> None:
    found = entries(
        f"page https://pub.example/\n\n{kind} https://one.example/\n< 302\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}\n'
        f"< Location: {scheme}:x"
    )
    about, *again = (e.about for e in found if isinstance(e.about, Registration))
    assert len(again) == (registers and kind == "click")
    assert about.verdict is (Verdict.REGISTERED if registers else Verdict.IGNORED)
    assert ("RSP050" in {finding.rule.code for finding in about.findings}) is not registers
    (card,) = (e.about for e in found if isinstance(e.about, ChainCard))
    assert card.ended.startswith(
        f"broke off at hop 1: Chrome does not follow a redirect to {scheme}:"
    )
    twice = ["CHN002"] if again else []
    assert [finding.rule.code for finding in card.findings] == [*twice, "CHN015"]


@pytest.mark.parametrize("kind", ["ad", "background", "click"])
@pytest.mark.parametrize(
    ("url", "follows"),
    [
        ("https://two.example:6000/", False),
        ("http://two.example:10080/", False),
        ("//me@two.example:1?a", False),
        ("https://two.example:4190/", True),
        ("https://two.example:6001/", True),
        ("https://two.example:443/", True),
        ("/there:6000/", True),
        ("https://[::6000]/", True),
        ("https://me:6000@two.example/", True),
    ],
)
def test_some_ports_are_closed_to_browsers(kind: str, url: str, *, follows: bool) -> None:
    (card,) = cards(
        f"page http://localhost/\n\n{kind} https://one.example/\n< 302\n< Location: {url}\n{SOURCE}"
    )
    assert (card.findings[-1].rule.code == "CHN004") is follows
    assert (card.findings[-1].rule.code == "CHN015") is not follows


@pytest.mark.parametrize(
    ("request_line", "location", "lost"),
    [
        ("> Sec-Fetch-Mode: same-origin", "https://two.example/", True),
        ("> Sec-Fetch-Mode: same-origin", "/there", False),
        ("> Sec-Fetch-Mode: cors", "https://two.example/", False),
        ("> Sec-Fetch-Dest: report", "/there", True),
    ],
)
def test_requests_that_do_not_follow(request_line: str, location: str, *, lost: bool) -> None:
    (about,) = registrations(
        f"{PAGE}fetch https://pub.example/\n{request_line}\n> Sec-Fetch-Site: same-origin\n"
        f"< 302\n< Location: {location}\n{TRIGGER}"
    )
    refused = [f.certainty for f in about.findings if f.rule.code == "RSP050"]
    assert refused == ([Certainty.CERTAIN] if lost else [])
    assert (about.verdict is Verdict.IGNORED) is lost


def test_a_redirect_that_was_upgraded_after_all_is_followed() -> None:
    first = f"script https://one.example/\n< 302\n< Location: http://two.example/\n{SOURCE}"
    (alone,) = registrations(PAGE + first)
    assert alone.findings[0].rule.code == "RSP034"
    found = registrations(f"{PAGE}{first}\n\nscript https://two.example/\n{SOURCE}")
    assert [about.verdict for about in found] == [Verdict.REGISTERED] * 2
    # Asked for over http it is no proof of that.
    found = registrations(f"{PAGE}{first}\n\nscript http://two.example/\n{SOURCE}")
    assert [about.verdict for about in found] == [Verdict.IGNORED] * 2


@pytest.mark.parametrize(
    ("kind", "location", "certainty"),
    [
        ("ad", "https://two.example/", Certainty.LIKELY),
        ("background", "https://two.example/", Certainty.LIKELY),
        # Nothing more was to come of these.
        ("ad", "mailto:x", Certainty.CERTAIN),
        ("click", "https://two.example/", Certainty.CERTAIN),
    ],
)
def test_a_redirect_that_nobody_followed_may_have_been_forbidden(
    kind: str, location: str, certainty: Certainty
) -> None:
    first = f"{kind} https://one.example/\n< 302\n< Location: {location}\n{SOURCE}"
    (about,) = registrations(PAGE + first)
    assert (about.verdict, about.certainty) == (Verdict.REGISTERED, certainty)
    found = registrations(f"{PAGE}{first}\n\n{kind} https://two.example/\n{SOURCE}")
    assert {each.certainty for each in found} == {Certainty.CERTAIN}


NOWHERE = ("https://", "http://[", "//", "https://exa%mple/", "https://h:99999/", "foo://a b/")
ALL = ("ad", "script", "background", "click", "click-background")


@pytest.mark.parametrize(
    ("kind", "location", "lost"),
    [
        # As Chromium 138 does; fixtures/flows/redirects_nowhere has most of them.
        *[(kind, location, Certainty.CERTAIN) for kind in ALL for location in NOWHERE],
        *[("ad", f"{scheme}://[", Certainty.LIKELY) for scheme in ("ftp", "ws", "wss")],
        *[(kind, "devtools://devtools/x", Certainty.CERTAIN) for kind in ALL],
        *[(kind, "chrome-untrusted://x/", Certainty.CERTAIN) for kind in ALL],
        *[
            (kind, location, lost)
            for location in ("view-source:https://two.example/", "chrome-error://x/")
            for kind, lost in (
                ("ad", Certainty.CERTAIN),
                ("click", Certainty.CERTAIN),
                ("background", None),
            )
        ],
        ("ad", "https://me:secret@two.example/", Certainty.LIKELY),
        ("ad", "https://@two.example/", None),
        ("background", "https://me@two.example/", None),
        ("click", "https://me@two.example/", None),
    ],
)
def test_redirects_that_are_refused(kind: str, location: str, lost: Certainty | None) -> None:
    (about,) = registrations(
        f"{PAGE}{kind} https://one.example/\n< 302\n< Location: {location}\n{SOURCE}"
    )
    refused = [f.certainty for f in about.findings if f.rule.code == "RSP050"]
    assert refused == ([] if lost is None else [lost])
    assert about.verdict is (Verdict.REGISTERED if lost is None else Verdict.IGNORED)
    if lost is not None:
        assert about.certainty is lost


def test_what_is_no_url_ends_the_chain_and_is_named_as_it_stands() -> None:
    (card,) = cards(f"{PAGE}ad https://one.example/\n< 302\n< Location: https://[\n{SOURCE}")
    assert card.ended == "broke off at hop 1: Chrome does not follow a redirect to https://["
    assert [finding.rule.code for finding in card.findings] == ["CHN015"]


def test_a_fetch_may_outlive_its_page_and_so_pass() -> None:
    (about,) = registrations(
        f"{PAGE}fetch https://one.example/\n> Attribution-Reporting-Eligible: event-source\n"
        f"< 302\n< Location: view-source:https://two.example/\n{SOURCE}"
    )
    assert (about.verdict, about.certainty) == (Verdict.IGNORED, Certainty.LIKELY)


def test_a_password_that_was_no_obstacle_after_all() -> None:
    found = registrations(
        f"{PAGE}ad https://one.example/\n< 302\n< Location: https://me@two.example/\n{SOURCE}\n\n"
        f"ad https://two.example/\n{SOURCE}"
    )
    assert [about.verdict for about in found] == [Verdict.REGISTERED] * 2


def test_a_request_belongs_to_the_chain_that_was_not_refused() -> None:
    found = registrations(
        f"{PAGE}ad https://one.example/\n< 302\n< Location: https://me@three.example/\n{SOURCE}\n\n"
        f"ad https://two.example/\n< 302\n< Location: https://three.example/\n{SOURCE}\n\n"
        "ad https://three.example/"
    )
    assert [about.verdict for about in found] == [Verdict.IGNORED, Verdict.REGISTERED]


@pytest.mark.parametrize("status", [200, 302])
def test_locations_that_differ_lose_the_answer(status: int) -> None:
    one, two = "< Location: https://two.example/\n", "< Location: https://three.example/\n"
    for lines, verdict in ((one + two, Verdict.IGNORED), (one + one, Verdict.REGISTERED)):
        (about,) = registrations(f"{PAGE}ad https://one.example/\n< {status}\n{lines}{SOURCE}")
        assert about.verdict is verdict


@pytest.mark.parametrize("location", ["", " "])
def test_an_empty_location_is_no_redirect(location: str) -> None:
    found = entries(f"{PAGE}ad https://one.example/\n< 302\n< Location: {location}\n{SOURCE}")
    (about,) = (e.about for e in found if isinstance(e.about, Registration))
    assert about.verdict is Verdict.REGISTERED
    assert not any(finding.rule.code == "RSP050" for finding in about.findings)


def test_nothing_waits_for_a_redirect_that_is_never_followed() -> None:
    session = Session()
    for exchange in exchanges(
        "page https://pub.example/\n\nad https://one.example/\n< 302\n< Location: javascript:x"
    ):
        session.recorded(exchange)
    (card,) = (e.about for e in session.timeline if isinstance(e.about, ChainCard))
    assert "waiting" not in card.totals


def test_hops_before_the_mixed_content_keep_what_they_registered() -> None:
    found = registrations(
        f"{PAGE}background https://one.example/\n< 302\n< Location: https://two.example/\n{SOURCE}"
        f"\n\nbackground https://two.example/\n< 302\n< Location: http://three.example/\n{SOURCE}"
    )
    assert [about.verdict for about in found] == [Verdict.REGISTERED, Verdict.IGNORED]


def test_a_redirect_to_this_machine_is_no_mixed_content() -> None:
    (about,) = registrations(
        f"{PAGE}background https://one.example/\n< 302\n< Location: http://localhost/\n{SOURCE}"
    )
    assert about.verdict is Verdict.REGISTERED


def test_without_a_known_page_an_eligible_request_is_taken_to_be_from_https() -> None:
    (about,) = registrations(
        f"background https://one.example/\n< 302\n< Location: http://two.example/\n{SOURCE}"
    )
    assert about.findings[0].rule.code == "RSP034"


def waiting(chains: Chains, count: int) -> None:
    text = "\n\n".join(
        f"image https://one.example/{n}\n< 302\n< Location: https://two.example/"
        for n in range(count)
    )
    for exchange in exchanges(text):
        chain = chains.join(exchange, read_request(exchange), NO_PAGE)
        chains.answered(chain, 1, exchange)


def test_the_chains_that_wait_are_limited_in_number() -> None:
    chains = Chains(limit=3, seconds=60)
    waiting(chains, 10)
    assert (len(chains), chains.dropped) == (3, 7)
    assert chains.expects("https://two.example/")
    assert not chains.expects("https://one.example/")


def test_and_in_age() -> None:
    chains = Chains(limit=100, seconds=0.25)
    waiting(chains, 10)
    overdue = chains.expire(1_800_000_001.0)
    assert len(overdue) == 7
    assert all(chain.given_up for chain in overdue)
    assert len(chains) == 3
    assert len(chains.finish()) == 3
    assert not chains.expects("https://two.example/")


def test_exchanges_without_times_are_joined_all_the_same() -> None:
    from ara_inspector.records import replace  # noqa: PLC0415 - only here

    chains = Chains(limit=10, seconds=60)
    one, two = (
        replace(exchange, started=None, answered=None)
        for exchange in exchanges(
            "ad https://one.example/\n< 302\n< Location: https://two.example/\n\nad https://two.example/"
        )
    )
    first = chains.join(one, read_request(one), NO_PAGE)
    chains.answered(first, 1, one)
    assert chains.join(two, read_request(two), NO_PAGE) is first
    assert chains.number(first) == chains.number(first) == 1


def test_a_click_that_has_left_its_page_is_not_held_up_by_it() -> None:
    found = registrations(
        f"{PAGE}click-background https://one.example/\n< 302\n< Location: https://two.example/\n"
        f"{SOURCE}\n\nclick https://shop.example/\n\n"
        "click-background https://two.example/\n> Referer: https://pub.example/\n"
        f"< 302\n< Location: http://three.example/\n{SOURCE}\n\n"
        f"click-background http://three.example/\n> Referer:\n{SOURCE}"
    )
    assert [about.verdict for about in found] == [
        Verdict.REGISTERED,
        Verdict.REGISTERED,
        Verdict.IGNORED,
    ]
    assert found[-1].issue == "UntrustworthyReportingOrigin"


def test_until_it_goes_on_it_is_taken_to_be_broken_off() -> None:
    found = registrations(
        f"{PAGE}click-background https://one.example/\n< 302\n< Location: https://two.example/\n"
        f"{SOURCE}\n\nclick https://shop.example/\n\n"
        "click-background https://two.example/\n> Referer: https://pub.example/\n"
        f"< 302\n< Location: http://three.example/\n{SOURCE}"
    )
    assert [about.verdict for about in found] == [Verdict.REGISTERED, Verdict.IGNORED]
    assert found[-1].findings[0].rule.code == "RSP034"


def test_a_content_policy_holds_even_then() -> None:
    found = registrations(
        "page https://pub.example/\n"
        "< Content-Security-Policy: connect-src https://one.example https://two.example\n\n"
        f"click-background https://one.example/\n< 302\n< Location: https://two.example/\n{SOURCE}"
        "\n\nclick https://shop.example/\n\n"
        "click-background https://two.example/\n> Referer: https://pub.example/\n"
        f"< 302\n< Location: https://three.example/\n{SOURCE}"
    )
    assert [about.verdict for about in found] == [Verdict.REGISTERED, Verdict.IGNORED]
    assert found[-1].findings[0].rule.code == "RSP047"


def asked(url: str, grease: str, *lines: str) -> str:
    return "\n".join((f"cors {url}", f"> Attribution-Reporting-Eligible: {grease}", *lines))


OWN = asked(
    "https://pub.example/a",
    "trigger, event-source",
    "< 302",
    "< Location: https://two.example/",
    SOURCE,
)
AFRESH = "event-source=navigation-source, trigger"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"{OWN}\n\n{asked('https://two.example/', AFRESH)}", 2),
        (f"{OWN}\n\n{asked('https://two.example/', 'trigger')}", 1),
        (f"{OWN}\n\n{asked('https://two.example/', AFRESH, '> Sec-Fetch-Mode: no-cors')}", 1),
        (f"{OWN}\n> Sec-Fetch-Site: cross-site\n\n{asked('https://two.example/', AFRESH)}", 1),
        (
            (
                f"{OWN}\n> Sec-Fetch-Site: cross-site\n\npreflight https://two.example/\n\n"
                f"{asked('https://two.example/', AFRESH)}"
            ),
            2,
        ),
    ],
)
def test_a_cors_request_that_leaves_its_origin_is_made_anew(text: str, count: int) -> None:
    ((first, *rest),) = hops(text)
    assert first == "https://pub.example/a"
    assert len(rest) == count - 1


def test_a_cors_request_whose_method_changes_is_made_anew() -> None:
    first = "\n".join(
        (
            asked("https://one.example/", "trigger, event-source"),
            "< 302\n< Location: https://two.example/",
            SOURCE,
        )
    )
    posted, *rest = exchanges(f"{PAGE}{first}\n\n{asked('https://two.example/', AFRESH)}")
    session = Session()
    for exchange in (posted, replace(rest[0], method="POST"), *rest[1:]):
        session.recorded(exchange)
    session.finish()
    (card,) = [entry.about for entry in session.timeline if isinstance(entry.about, ChainCard)]
    assert [hop.url for hop in card.hops] == ["https://one.example/", "https://two.example/"]


def test_a_preflight_is_no_hop() -> None:
    assert hops(
        f"cors https://one.example/\n< 302\n< Location: https://two.example/\n{TRIGGER}\n\n"
        f"preflight https://two.example/\n\ncors https://two.example/\n{TRIGGER}"
    ) == [["https://one.example/", "https://two.example/"]]


@pytest.mark.parametrize(
    ("first", "later", "joined"),
    [
        ("https://pub.example/news?x", "https://pub.example/", True),
        ("https://pub.example/news?x", "https://pub.example/news", False),
        ("https://pub.example/", "https://pub.example/news", False),
        ("", "https://pub.example/", False),
    ],
)
def test_referer_is_cut_where_a_chain_leaves_the_origin_of_the_page(
    first: str, later: str, *, joined: bool
) -> None:
    (chain,) = hops(
        f"ad https://pub.example/a\n> Referer: {first}\n< 302\n< Location: https://two.example/\n"
        f"{SOURCE}\n\nad https://two.example/\n> Referer: {later}"
    )
    assert len(chain) == 1 + joined


def test_a_redirect_that_is_followed_was_not_against_a_policy() -> None:
    policy = "< Content-Security-Policy: img-src https://one.example"
    first = f"ad https://one.example/\n< 302\n< Location: https://two.example/\n{SOURCE}"
    frame = f"frame https://pub.example/frame\n{policy}"
    lost = registrations(f"{PAGE}{frame}\n\n{first}")
    assert [about.verdict for about in lost] == [Verdict.IGNORED]
    found = registrations(f"{PAGE}{frame}\n\n{first}\n\nad https://two.example/\n{SOURCE}")
    assert [about.verdict for about in found] == [Verdict.REGISTERED] * 2
