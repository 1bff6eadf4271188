"""One response at a time: what registers, what does not, and by which rule.

The names in brackets are the scenarios in which Chromium 138 was seen to do so.
"""

from __future__ import annotations

import pytest

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.registrations import Kind, RequestKind
from ara_inspector.spec.effective import Source, SourceType
from exchanges import registrations

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
TRIGGER = '< Attribution-Reporting-Register-Trigger: {"event_trigger_data": []}'
OS_SOURCE = '< Attribution-Reporting-Register-OS-Source: "https://os.example/"'
OS_TRIGGER = '< Attribution-Reporting-Register-OS-Trigger: "https://os.example/"'
ELIGIBLE = "> Attribution-Reporting-Eligible:"
INFO = "< Attribution-Reporting-Info:"
SUPPORT = "> Attribution-Reporting-Support:"
REGISTERED, REJECTED, IGNORED = Verdict.REGISTERED, Verdict.REJECTED, Verdict.IGNORED
CERTAIN, LIKELY = Certainty.CERTAIN, Certainty.LIKELY


def paragraph(*lines: str) -> str:
    return PAGE + "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "text", "verdict", "certainty", "rule"),
    [
        ("img_empty_source", ("ad https://r.example/", SOURCE), REGISTERED, CERTAIN, None),
        ("img_empty_trigger", ("ad https://r.example/", TRIGGER), REGISTERED, CERTAIN, None),
        ("script", ("script https://r.example/", SOURCE), REGISTERED, CERTAIN, None),
        ("img_1url_nosrc", ("background https://r.example/", SOURCE), REGISTERED, CERTAIN, None),
        ("a_empty_click", ("click https://r.example/", SOURCE), REGISTERED, CERTAIN, None),
        (
            "fetch_es1_te0",
            ("fetch https://r.example/", f"{ELIGIBLE} not-trigger, event-source", SOURCE),
            REGISTERED,
            CERTAIN,
            None,
        ),
        (
            "grease: values and parameters mean nothing",
            ("fetch https://r.example/", f"{ELIGIBLE} event-source=trigger;trigger", TRIGGER),
            IGNORED,
            CERTAIN,
            "RSP010",
        ),
        (
            "fetch_es0_te0: an empty header",
            ("fetch https://r.example/", f"{ELIGIBLE} not-trigger", SOURCE),
            IGNORED,
            CERTAIN,
            "RSP008",
        ),
        ("fetch_post", ("beacon https://r.example/", TRIGGER), REGISTERED, LIKELY, "RSP039"),
        ("img_srconly", ("image https://r.example/", TRIGGER), REGISTERED, LIKELY, "RSP039"),
        (
            "xhr_plain_trigger",
            ("cors https://r.example/", TRIGGER, "< Access-Control-Allow-Origin: *"),
            REGISTERED,
            LIKELY,
            "RSP039",
        ),
        ("srconly source", ("image https://r.example/", SOURCE), IGNORED, CERTAIN, "RSP008"),
        (
            "os_trigger_srconly",
            ("image https://r.example/", OS_TRIGGER),
            IGNORED,
            CERTAIN,
            "RSP024",
        ),
        ("a_noattr_click", ("link https://r.example/", SOURCE), IGNORED, CERTAIN, "RSP012"),
        ("nav_location_assign", ("goto https://r.example/", SOURCE), IGNORED, CERTAIN, "RSP013"),
        (
            "a plain frame",
            ("frame https://r.example/", SOURCE),
            IGNORED,
            CERTAIN,
            "RSP012",
        ),
        ("r2, a frame", ("frame https://r.example/", TRIGGER), IGNORED, CERTAIN, "RSP014"),
        (
            "r12, an object",
            ("frame https://r.example/", "> Sec-Fetch-Dest: object", TRIGGER),
            IGNORED,
            CERTAIN,
            "RSP014",
        ),
        ("page_itself_trigger", ("page https://r.example/", TRIGGER), IGNORED, CERTAIN, "RSP014"),
        (
            "nav_in_iframe_self",
            ("frame https://r.example/", f"{ELIGIBLE} navigation-source", SOURCE),
            IGNORED,
            CERTAIN,
            "RSP015",
        ),
        ("nav_landing_trigger", ("click https://r.example/", TRIGGER), IGNORED, CERTAIN, "RSP010"),
        (
            "nav os trigger",
            ("click https://r.example/", OS_TRIGGER),
            IGNORED,
            CERTAIN,
            "RSP011",
        ),
        (
            "chain_empty_header_middle",
            ("ad https://r.example/", "< Attribution-Reporting-Register-Source:"),
            REJECTED,
            CERTAIN,
            "RSP029",
        ),
        (
            "chain_dup_comma",
            ("ad https://r.example/", f'{SOURCE}, {{"destination": "https://a.example"}}'),
            REJECTED,
            CERTAIN,
            "RSP029",
        ),
        ("header twice", ("ad https://r.example/", TRIGGER, TRIGGER), REJECTED, CERTAIN, "RSP030"),
        ("status_204", ("ad https://r.example/", "< 204", SOURCE), REGISTERED, CERTAIN, None),
        ("status_304", ("ad https://r.example/", "< 304", SOURCE), REGISTERED, CERTAIN, None),
        ("st_nav: 304", ("click https://r.example/", "< 304", SOURCE), IGNORED, CERTAIN, "RSP061"),
        (
            "st_nav: 304 with a Location",
            ("click https://r.example/", "< 304", "< Location: https://shop.example/", SOURCE),
            IGNORED,
            CERTAIN,
            "RSP061",
        ),
        ("st_nav: 407", ("click https://r.example/", "< 407", SOURCE), IGNORED, CERTAIN, "RSP060"),
        ("st_img: 407", ("ad https://r.example/", "< 407", SOURCE), IGNORED, CERTAIN, "RSP060"),
        (
            "st_img: 407 to a request without Eligible",
            ("image https://r.example/", "< 407", TRIGGER),
            IGNORED,
            CERTAIN,
            "RSP060",
        ),
        ("status_404", ("ad https://r.example/", "< 404", SOURCE), REGISTERED, CERTAIN, "RSP043"),
        (
            "status_500_nav",
            ("click https://r.example/", "< 500", SOURCE),
            REGISTERED,
            CERTAIN,
            "RSP043",
        ),
        ("info_empty", ("ad https://r.example/", SOURCE, f"{INFO} "), REGISTERED, CERTAIN, None),
        (
            "info_two_lines",
            ("ad https://r.example/", SOURCE, f"{INFO} report-header-errors", f"{INFO} foo=bar"),
            REGISTERED,
            CERTAIN,
            "HDR010",
        ),
        (
            "info_rhe_string",
            ("ad https://r.example/", SOURCE, f'{INFO} report-header-errors="yes"'),
            IGNORED,
            CERTAIN,
            "RSP017",
        ),
        ("os_source_img", ("ad https://r.example/", OS_SOURCE), IGNORED, CERTAIN, "RSP023"),
        (
            "an operating system that registers",
            ("ad https://r.example/", f"{SUPPORT} web, os", OS_SOURCE),
            REGISTERED,
            LIKELY,
            None,
        ),
        (
            "no registrar",
            ("ad https://r.example/", f"{SUPPORT} not-web", TRIGGER),
            IGNORED,
            CERTAIN,
            "RSP027",
        ),
        (
            "info_invalid_not_eligible: looked at before eligibility",
            ("image https://r.example/", SOURCE, f"{INFO} !!"),
            IGNORED,
            CERTAIN,
            "RSP017",
        ),
        (
            "a navigation that is not eligible is not looked at",
            ("link https://r.example/", SOURCE, f"{INFO} !!"),
            IGNORED,
            CERTAIN,
            "RSP012",
        ),
        (
            "prefer_web_no_web_header",
            ("ad https://r.example/", OS_SOURCE, f"{INFO} preferred-platform=web"),
            IGNORED,
            CERTAIN,
            "RSP019",
        ),
        (
            "prefer_os_no_os_header",
            ("ad https://r.example/", TRIGGER, f"{INFO} preferred-platform=os"),
            IGNORED,
            CERTAIN,
            "RSP022",
        ),
        (
            "attribution_reporting_redirect",
            (
                "ad https://r.example/",
                SOURCE,
                "< Attribution-Reporting-Redirect: https://a.example/",
            ),
            REGISTERED,
            CERTAIN,
            "RSP036",
        ),
        ("preflight", ("preflight https://r.example/", SOURCE), IGNORED, CERTAIN, "RSP001"),
        (
            "report_sets_cookie_and_registers",
            ("report https://r.example/.well-known/attribution-reporting/debug/verbose", SOURCE),
            IGNORED,
            CERTAIN,
            "RSP002",
        ),
        (
            "not a browser's Eligible",
            ("ad https://r.example/", f"{ELIGIBLE} ((", SOURCE),
            Verdict.UNKNOWN,
            Certainty.UNKNOWN,
            "RSP045",
        ),
        (
            "a client without a name",
            ("image https://r.example/", "> User-Agent:", TRIGGER),
            REGISTERED,
            Certainty.UNKNOWN,
            "RSP039",
        ),
        (
            "a header of 100 kB",
            ("ad https://r.example/", f"{SOURCE}<100,000 spaces>x", "< 200"),
            REJECTED,
            CERTAIN,
            "RSP029",
        ),
        (
            "a header of 200 kB",
            ("ad https://r.example/", f"{SOURCE}<200,000 spaces>x"),
            IGNORED,
            LIKELY,
            "RSP046",
        ),
    ],
)
def test_one_header(
    name: str, text: tuple[str, ...], verdict: Verdict, certainty: Certainty, rule: str | None
) -> None:
    about = registrations(paragraph(*text))[-1]
    assert (about.verdict, about.certainty) == (verdict, certainty), name
    codes = [finding.rule.code for finding in about.findings]
    assert rule is None or rule in codes
    if verdict in {IGNORED, REJECTED}:
        assert codes[0] == rule


@pytest.mark.parametrize(
    ("name", "lines", "verdicts"),
    [
        ("both_on_img", ("ad https://r.example/", SOURCE, TRIGGER), (IGNORED, IGNORED)),
        (
            "both_invalid",
            (
                "ad https://r.example/",
                "< Attribution-Reporting-Register-Source: {",
                "< Attribution-Reporting-Register-Trigger: {",
            ),
            (IGNORED, IGNORED),
        ),
        (
            "both_on_source_only",
            ("fetch https://r.example/", f"{ELIGIBLE} event-source", SOURCE, TRIGGER),
            (REGISTERED, IGNORED),
        ),
        (
            "both_on_trigger_only",
            ("fetch https://r.example/", f"{ELIGIBLE} trigger", SOURCE, TRIGGER),
            (IGNORED, REGISTERED),
        ),
        ("img_srconly_both", ("image https://r.example/", SOURCE, TRIGGER), (IGNORED, REGISTERED)),
        ("both on a click", ("click https://r.example/", SOURCE, TRIGGER), (REGISTERED, IGNORED)),
        ("an OS header counts", ("ad https://r.example/", SOURCE, OS_TRIGGER), (IGNORED, IGNORED)),
        ("web_and_os_source", ("ad https://r.example/", SOURCE, OS_SOURCE), (IGNORED, IGNORED)),
        (
            "web_and_os_source_prefer_web",
            ("ad https://r.example/", SOURCE, OS_SOURCE, f"{INFO} preferred-platform=web"),
            (REGISTERED, IGNORED),
        ),
        (
            "web_and_os_trigger_prefer_os",
            ("ad https://r.example/", TRIGGER, OS_TRIGGER, f"{INFO} preferred-platform=os"),
            (REGISTERED, IGNORED),
        ),
        (
            "prefer_os where there is one",
            (
                "ad https://r.example/",
                f"{SUPPORT} web, os",
                TRIGGER,
                OS_TRIGGER,
                f"{INFO} preferred-platform=os",
            ),
            (IGNORED, REGISTERED),
        ),
    ],
)
def test_two_headers(name: str, lines: tuple[str, ...], verdicts: tuple[Verdict, ...]) -> None:
    found = registrations(paragraph(*lines))
    assert tuple(about.verdict for about in found) == verdicts, name


def test_what_a_registration_tells() -> None:
    (about,) = registrations(
        "page https://www.pub.example/a\n\n"
        "ad https://r.example:8443/x\n"
        '< attribution-reporting-REGISTER-source: {"destination": "https://www.shop.example"}'
    )
    assert about.kind is Kind.SOURCE
    assert about.header == "Attribution-Reporting-Register-Source"
    assert about.source_type is SourceType.EVENT
    assert about.reporting_origin == "https://r.example:8443"
    assert about.context_site.value == "https://pub.example"
    assert about.context_site.origin == "https://www.pub.example"
    assert about.context_site.certainty is LIKELY
    assert about.request is RequestKind.ELEMENT
    assert about.eligible
    assert about.eligibility == ("event-source", "trigger")
    assert (about.chain, about.hop, about.status) == (1, 1, 200)
    assert about.issue is None
    assert isinstance(about.effective, Source)
    assert about.effective.destination == ("https://shop.example",)


def test_the_issue_is_that_of_the_deciding_rule() -> None:
    (about,) = registrations(paragraph("image https://r.example/", SOURCE))
    assert about.issue == "SourceIgnored"
    assert not about.eligible
    assert about.eligibility is None
    assert about.source_type is None


def test_a_header_of_a_navigation_that_was_not_eligible_is_read_as_one_of_a_navigation() -> None:
    (about,) = registrations(paragraph("link https://r.example/", SOURCE))
    assert isinstance(about.effective, Source)
    assert len(about.effective.trigger_data) == 8


POLICY = "< Permissions-Policy: attribution-reporting="
FRAME = "\n\nframe https://frame.example/"


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        (f"page https://pub.example/\n{POLICY}()", "RSP003"),
        ("page http://pub.example/", "RSP004"),
        (f"page https://pub.example/\n{POLICY}(self){FRAME}", "RSP003"),
        ("page https://pub.example/\n< Feature-Policy: attribution-reporting 'none'", "RSP003"),
        (f"page https://pub.example/\n< Feature-Policy: attribution-reporting{FRAME}", "RSP003"),
        (f"page https://pub.example/{FRAME}\n{POLICY}()", "RSP003"),
        (f"page http://pub.example/{FRAME}", "RSP004"),
    ],
)
def test_pages_where_nothing_registers(head: str, rule: str) -> None:
    (about,) = registrations(f"{head}\n\nimage https://r.example/\n{TRIGGER}")
    assert about.verdict is IGNORED
    assert about.certainty is LIKELY
    assert about.findings[0].rule.code == rule


@pytest.mark.parametrize(
    "head",
    [
        "page http://localhost:8888/",
        "page http://127.0.0.1/",
        "page https://pub.example/\n< Permissions-Policy: geolocation=()",
        "page https://pub.example/\n< Feature-Policy: geolocation 'none'",
        "page https://pub.example/\n\nframe https://frame.example/",
    ],
)
def test_pages_where_triggers_register(head: str) -> None:
    (about,) = registrations(f"{head}\n\nimage https://r.example/\n{TRIGGER}")
    assert about.verdict is REGISTERED


def test_an_eligible_header_shows_that_the_page_may() -> None:
    (about,) = registrations(
        "page https://pub.example/\n< Permissions-Policy: attribution-reporting=()\n\n"
        f"ad https://r.example/\n{SOURCE}"
    )
    assert about.verdict is REGISTERED


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (("click http://r.example/", SOURCE), "RSP006"),
        (("link http://r.example/", SOURCE), "RSP005"),
        (("image http://r.example/", TRIGGER), "RSP005"),
    ],
)
def test_http_reporting_origins(lines: tuple[str, ...], rule: str) -> None:
    (about,) = registrations("page http://localhost/\n\n" + "\n".join(lines))
    assert about.verdict is IGNORED
    assert about.findings[0].rule.code == rule


def test_local_reporting_origins_are_fine() -> None:
    (about,) = registrations(f"page http://localhost:1/\n\nad http://localhost:2/\n{SOURCE}")
    assert about.verdict is REGISTERED
    assert about.reporting_origin == "http://localhost:2"


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/152.0.0.0 Safari/537.36",
        "curl/8.0",
    ],
)
def test_leftover_headers(agent: str) -> None:
    (about,) = registrations(
        paragraph("image https://r.example/", f"> User-Agent: {agent}", TRIGGER)
    )
    assert about.verdict is IGNORED
    assert about.certainty is LIKELY
    assert about.findings[0].rule.code == "RSP037"


def test_what_a_browser_does_counts_more_than_its_name() -> None:
    found = registrations(
        paragraph(
            "ad https://r.example/",
            "> User-Agent: Chrome/152.0",
            SOURCE,
            "",
            "image https://r.example/t",
            "> User-Agent: Chrome/152.0",
            TRIGGER,
        )
    )
    assert [about.verdict for about in found] == [REGISTERED, REGISTERED]


def test_the_registrar_of_earlier_requests_holds_for_later_ones() -> None:
    found = registrations(
        paragraph(
            "ad https://r.example/",
            f"{SUPPORT} os",
            OS_SOURCE,
            "",
            "image https://r.example/t",
            OS_TRIGGER,
        )
    )
    assert [about.verdict for about in found] == [REGISTERED, REGISTERED]


def test_a_source_chrome_reads_and_refuses() -> None:
    states = (
        '{"destination": "https://a.example", "trigger_data": [0, 1, 2, 3, 4, 5, 6, 7],'
        ' "max_event_level_reports": 3}'
    )
    (about,) = registrations(
        paragraph("ad https://r.example/", f"< Attribution-Reporting-Register-Source: {states}")
    )
    assert about.verdict is REJECTED
    assert about.findings[0].rule.code == "RSP033"
    assert about.issue is None
    assert about.effective is not None


def test_an_answer_that_broke_off_registers_all_the_same() -> None:
    (about,) = registrations(paragraph("ad https://r.example/", SOURCE, "! the client went away"))
    assert (about.verdict, about.certainty) == (REGISTERED, LIKELY)
    assert "RSP044" in {finding.rule.code for finding in about.findings}


HINTS = '> Sec-CH-UA: "Chromium";v="138"'


@pytest.mark.parametrize(
    ("name", "lines", "worker"),
    [
        ("worker_script_trigger", ("image https://r.example/", "> Sec-Fetch-Dest: worker"), True),
        ("worklets", ("image https://r.example/", "> Sec-Fetch-Dest: audioworklet"), True),
        ("worklets", ("image https://r.example/", "> Sec-Fetch-Dest: paintworklet"), True),
        (
            "worker_fetch_api",
            ("fetch https://r.example/", f"{ELIGIBLE} trigger", f"{SUPPORT} "),
            True,
        ),
        ("worker_fetch", ("fetch https://r.example/",), True),
        ("fetch_plain", ("fetch https://r.example/", HINTS), False),
        ("img_srconly_trigger", ("image https://r.example/",), False),
    ],
)
def test_nothing_registers_in_workers(name: str, lines: tuple[str, ...], worker: bool) -> None:
    page = f"page https://pub.example/\n{HINTS}\n\n"
    (about,) = registrations(page + "\n".join((*lines, TRIGGER)))
    assert (about.verdict is IGNORED) is worker, name
    assert not worker or about.findings[0].rule.code == "RSP048"


def test_a_browser_without_client_hints_has_no_workers_by_that() -> None:
    (about,) = registrations(paragraph("fetch https://r.example/", TRIGGER))
    assert about.verdict is REGISTERED


def test_a_page_that_moves_on_by_itself_has_no_link_to_blame() -> None:
    found = registrations(
        paragraph("click https://r.example/", SOURCE, "", "goto https://two.example/", SOURCE)
    )
    assert [about.findings[0].rule.code for about in found[1:]] == ["RSP012"]


@pytest.mark.parametrize(
    ("site", "certainty"), [("none", LIKELY), ("same-site", LIKELY), ("cross-site", CERTAIN)]
)
def test_a_click_may_take_a_prefetched_answer(site: str, certainty: Certainty) -> None:
    (about,) = registrations(
        "page https://pub.example/\n\n"
        f"link https://pub.example/go\n> Sec-Purpose: prefetch\n> Sec-Fetch-Site: {site}\n"
        f"{SOURCE}"
    )
    assert (about.verdict, about.certainty) == (Verdict.IGNORED, certainty)
    assert about.findings[0].rule.code == "RSP012"
