"""Answers the page never gets. The table of bodies is what Chromium 138 did with each."""

from __future__ import annotations

import pytest

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.session import Session
from exchanges import exchanges, registrations

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
AD = "ad https://r.example/"
CORS = "cors https://r.example/\n> Attribution-Reporting-Eligible: event-source"
CREDENTIALS = "> Sec-Fetch-Storage-Access: active"
ALLOW = "< Access-Control-Allow-Origin: "
ALLOW_CREDENTIALS = "< Access-Control-Allow-Credentials: true"
CORP = "< Cross-Origin-Resource-Policy: "
TYPE = "< Content-Type: "
NOSNIFF = "< X-Content-Type-Options: nosniff"
OWN = "https://pub.example"
CERTAIN, LIKELY = Certainty.CERTAIN, Certainty.LIKELY


@pytest.mark.parametrize(
    ("lines", "code", "certainty"),
    [
        ((CORS,), "RSP040", CERTAIN),
        ((CORS, f"{ALLOW}{OWN}"), None, CERTAIN),
        ((CORS, f"{ALLOW}*"), None, LIKELY),
        ((CORS, f"{ALLOW}https://a.example"), "RSP040", CERTAIN),
        ((CORS, f"{ALLOW}*", f"{ALLOW}*"), "RSP040", CERTAIN),
        ((CORS, CREDENTIALS, f"{ALLOW}*"), "RSP040", CERTAIN),
        ((CORS, CREDENTIALS, f"{ALLOW}{OWN}"), "RSP040", CERTAIN),
        ((CORS, CREDENTIALS, f"{ALLOW}{OWN}", ALLOW_CREDENTIALS), None, CERTAIN),
        ((CORS, CREDENTIALS, f"{ALLOW}{OWN}", *[ALLOW_CREDENTIALS] * 2), "RSP040", CERTAIN),
        ((CORS, "> Cookie: a=b", f"{ALLOW}*"), "RSP040", LIKELY),
        ((CORS, "> Origin: null", f"{ALLOW}{OWN}"), "RSP040", CERTAIN),
        ((CORS, "> Origin:", f"{ALLOW}{OWN}"), None, CERTAIN),
        ((CORS, "> Origin:", "> Referer:", f"{ALLOW}null"), None, CERTAIN),
        ((CORS.replace("r.example", "pub.example"),), None, CERTAIN),
        ((AD, f"{CORP}same-origin"), "RSP041", CERTAIN),
        ((AD, f"{CORP}same-site"), "RSP041", CERTAIN),
        ((AD, f"{CORP}cross-origin"), None, CERTAIN),
        ((AD, f"{CORP}same-origin", f"{CORP}same-origin"), None, CERTAIN),
        ((AD, f"{CORP}same-origin", f"{CORP}cross-origin"), None, CERTAIN),
        ((AD, f"{CORP}SAME-ORIGIN"), None, CERTAIN),
        ((f"{AD}", "> Sec-Fetch-Site: same-site", f"{CORP}same-site"), None, CERTAIN),
        ((f"{AD}", "> Sec-Fetch-Site: same-site", f"{CORP}same-origin"), "RSP041", CERTAIN),
        (("ad https://pub.example/", f"{CORP}same-origin"), None, CERTAIN),
        ((AD, "> Sec-Fetch-Mode: same-origin", f"{TYPE}text/html", "= <p>"), None, CERTAIN),
        ((AD, "> Sec-Fetch-Site: same-site", f"{TYPE}text/html", "= <p>"), "RSP042", CERTAIN),
        (("click https://r.example/", f"{TYPE}text/html", "= <p>"), None, CERTAIN),
        (("ad https://pub.example/x", f"{TYPE}text/html", "= <p>"), None, CERTAIN),
        ((AD, "< 302", "< Location: mailto:x", f"{TYPE}text/html", "= <p>"), None, CERTAIN),
    ],
)
def test_blocked(lines: tuple[str, ...], code: str | None, certainty: Certainty) -> None:
    (about,) = registrations(PAGE + "\n".join((*lines, SOURCE)))
    assert about.verdict is (Verdict.IGNORED if code else Verdict.REGISTERED)
    assert about.certainty is certainty
    assert code is None or about.findings[0].rule.code == code


BACK = "> Sec-Fetch-Site: cross-site"
HTML = (f"{TYPE}text/html", "= <p>")


@pytest.mark.parametrize(
    ("url", "lines", "code", "certainty"),
    [
        (f"{OWN}/x", (f"{CORP}same-origin",), None, CERTAIN),
        (f"{OWN}/x", (f"{CORP}same-site",), None, CERTAIN),
        (f"{OWN}/x", HTML, None, CERTAIN),
        ("https://sub.pub.example/", (f"{CORP}same-site",), None, CERTAIN),
        ("https://sub.pub.example/", (f"{CORP}same-origin",), "RSP041", CERTAIN),
        ("https://sub.pub.example/", HTML, "RSP042", CERTAIN),
        ("https://two.example/", (f"{CORP}same-site",), "RSP041", CERTAIN),
        ("https://sub.pub.example/", ("> Referer:", f"{CORP}same-site"), None, LIKELY),
        ("https://two.example/", ("> Referer:", f"{CORP}same-site"), "RSP041", LIKELY),
        ("https://two.example/", ("> Referer:", *HTML), "RSP042", LIKELY),
    ],
)
def test_a_redirect_back_to_the_page_is_its_own_again(
    url: str, lines: tuple[str, ...], code: str | None, certainty: Certainty
) -> None:
    hidden = [line for line in lines if line == "> Referer:"]
    first = "\n".join((AD, *hidden, "< 302", f"< Location: {url}"))
    second = "\n".join((f"ad {url}", BACK, *lines, SOURCE))
    (about,) = registrations(f"{PAGE}{first}\n\n{second}")
    assert about.verdict is (Verdict.IGNORED if code else Verdict.REGISTERED)
    assert about.certainty is certainty
    assert code is None or about.findings[0].rule.code == code


STYLE = "image https://r.example/\n> Sec-Fetch-Dest: style"


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ((STYLE, NOSNIFF, f"{TYPE}text/javascript"), True),
        ((STYLE, NOSNIFF), True),
        ((STYLE, f"{NOSNIFF}, x", f"{TYPE}image/gif", "< 404"), True),
        ((STYLE.replace("r.example", "pub.example"), NOSNIFF, f"{TYPE}image/gif"), True),
        ((f"{STYLE}\n> Sec-Fetch-Mode: cors", NOSNIFF, f"{TYPE}image/gif", f"{ALLOW}*"), True),
        ((STYLE, NOSNIFF, f"{TYPE}text/css; charset=utf-8"), False),
        ((STYLE, NOSNIFF.replace("nosniff", "x, nosniff"), f"{TYPE}image/gif"), False),
        ((STYLE, f"{TYPE}image/gif"), False),
        ((STYLE, NOSNIFF, "< 302", "< Location: https://two.example/"), False),
        (("script https://r.example/", NOSNIFF, f"{TYPE}image/gif"), False),
    ],
)
def test_a_stylesheet_of_another_type(lines: tuple[str, ...], *, refused: bool) -> None:
    trigger = "< Attribution-Reporting-Register-Trigger: {}"
    (about,) = registrations(PAGE + "\n".join((*lines, trigger)))
    assert about.verdict is (Verdict.IGNORED if refused else Verdict.REGISTERED)
    assert not refused or about.findings[0].rule.code == "RSP071"


@pytest.mark.parametrize(
    ("lines", "name", "code"),
    [
        ((AD, f"{CORP}same-origin"), b"cross-origin-resource-policy", "RSP041"),
        ((CORS, f"{ALLOW}{OWN}"), b"access-control-allow-origin", None),
        (
            (CORS, CREDENTIALS, f"{ALLOW}{OWN}", ALLOW_CREDENTIALS),
            b"access-control-allow-credentials",
            None,
        ),
    ],
)
def test_blanks_around_a_value_are_no_part_of_it(
    lines: tuple[str, ...], name: bytes, code: str | None
) -> None:
    session = Session()
    page, asked = exchanges(PAGE + "\n".join((*lines, SOURCE)))
    session.recorded(page)
    padded = tuple(
        (key, b" \t" + value + b" " if key.lower() == name else value)
        for key, value in asked.response_lines
    )
    told = session.recorded(replace(asked, response_lines=padded))
    (about,) = (entry.about for entry in told if isinstance(entry.about, Registration))
    assert about.verdict is (Verdict.IGNORED if code else Verdict.REGISTERED)
    assert code is None or about.findings[0].rule.code == code


STRICT = "page https://pub.example/\n< Cross-Origin-Embedder-Policy: require-corp\n\n"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((AD,), "RSP062"),
        ((AD, "> Sec-Fetch-Site: same-site"), "RSP062"),
        ((AD, f"{CORP}none"), "RSP062"),
        ((AD, f"{CORP}cross-origin", f"{CORP}cross-origin"), "RSP062"),
        ((AD, "< 302", "< Location: https://two.example/"), "RSP062"),
        (("background https://r.example/",), "RSP062"),
        (("click-background https://r.example/",), "RSP062"),
        ((AD, "> Referer:"), "RSP062"),
        ((AD, f"{CORP}same-origin"), "RSP041"),
        ((AD, f"{CORP}cross-origin"), None),
        ((AD, "> Sec-Fetch-Site: same-site", f"{CORP}same-site"), None),
        (("ad https://pub.example/",), None),
        ((CORS, f"{ALLOW}{OWN}"), None),
        (("click https://r.example/",), None),
        ((AD, "> Referer: https://else.example/"), None),
    ],
)
def test_a_page_may_require_a_policy_of_answers(lines: tuple[str, ...], code: str | None) -> None:
    (about,) = registrations(STRICT + "\n".join((*lines, SOURCE)))
    assert about.verdict is (Verdict.IGNORED if code else Verdict.REGISTERED)
    assert code is None or about.findings[0].rule.code == code
    assert code != "RSP062" or about.certainty is LIKELY


@pytest.mark.parametrize("kind", ["text/html", "image/gif", "text/javascript", "x/y", "text/plain"])
@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<html>", True),
        ("  <HTML", True),
        ("<!DOCTYPE html>x", True),
        ("<p>x", True),
        ("<b>x", True),
        ("<a href=x>", True),
        ("<br>", True),
        ("<h1>x", True),
        ("<h2>x", False),
        ("<img src=x>", False),
        ("<span>x", False),
        ("<!-- a --><html>", False),
        ("<?xml version='1.0'?><a/>", True),
        ('{"a": 1}', True),
        ("{}", False),
        ("[1]", False),
        (")]}'", True),
        ("for(;;);{}", True),
        ("%PDF-1.4", False),
        ("just words", False),
        ("GIF89a<html>", False),
    ],
)
def test_the_body_decides_under_any_type(kind: str, body: str, blocks: bool) -> None:
    (about,) = registrations(f"{PAGE}{AD}\n{TYPE}{kind}\n{SOURCE}\n= {body}")
    assert about.verdict is (Verdict.IGNORED if blocks else Verdict.REGISTERED)
    assert about.certainty is CERTAIN


@pytest.mark.parametrize(
    ("lines", "blocks"),
    [
        ((f"{TYPE}text/css", "= <html>"), False),
        ((f"{TYPE}image/svg+xml", "= <html>"), False),
        ((f"{TYPE}audio/mpeg", "= <html>"), False),
        ((f"{TYPE}video/mp4", "= <html>"), False),
        ((f"{TYPE}text/vtt", "= <html>"), False),
        (("= <html>",), False),
        ((f"{TYPE}nonsense", "= <html>"), False),
        ((f"{TYPE}application/zip", "= x"), True),
        ((f"{TYPE}application/pdf", "= x"), True),
        ((f"{TYPE}text/csv", "= x"), True),
        ((f"{TYPE}text/event-stream", "= x"), True),
        ((f"{TYPE}text/html", NOSNIFF, "= just words"), True),
        ((f"{TYPE}text/html", NOSNIFF), True),
        ((f"{TYPE}TEXT/HTML; charset=utf-8", NOSNIFF, "< 204"), True),
        ((f"{TYPE}application/json", NOSNIFF), True),
        ((f"{TYPE}text/plain", NOSNIFF, "= ok"), True),
        ((f"{TYPE}image/gif", NOSNIFF, "= ok"), False),
        ((f"{TYPE}text/javascript", NOSNIFF, "= var a"), False),
        ((f"{TYPE}text/html", f"{TYPE}image/gif", NOSNIFF, "= just words"), False),
        ((f"{TYPE}image/gif", f"{TYPE}text/html", NOSNIFF, "= just words"), True),
        ((f"{TYPE}image/gif, text/html, */*", NOSNIFF, "= just words"), True),
        ((f"{TYPE}text/html", "< 204"), False),
        ((f"{TYPE}text/html", "< 404"), False),
        ((f"{TYPE}text/html",), False),
    ],
)
def test_types_that_pass_and_types_that_do_not(lines: tuple[str, ...], blocks: bool) -> None:
    (about,) = registrations(PAGE + "\n".join((AD, SOURCE, *lines)))
    assert about.verdict is (Verdict.IGNORED if blocks else Verdict.REGISTERED)
    assert about.certainty is CERTAIN


def without_body(*lines: str) -> tuple[Session, int]:
    session = Session()
    page, ad = exchanges(PAGE + "\n".join((AD, SOURCE, *lines)))
    session.recorded(page)
    told = session.headers(replace(ad, response_body=None))
    (number,) = (entry.number for entry in told if entry.verdict is not None)
    return session, number


@pytest.mark.parametrize(
    ("lines", "verdict", "certainty"),
    [
        ((f"{TYPE}text/html",), Verdict.IGNORED, LIKELY),
        ((f"{TYPE}text/html", "< Content-Length: 0"), Verdict.REGISTERED, LIKELY),
        ((f"{TYPE}text/html", NOSNIFF), Verdict.IGNORED, CERTAIN),
        ((f"{TYPE}image/gif",), Verdict.REGISTERED, LIKELY),
        ((f"{TYPE}text/css",), Verdict.REGISTERED, CERTAIN),
        ((), Verdict.REGISTERED, CERTAIN),
    ],
)
def test_before_the_body_is_known(
    lines: tuple[str, ...], verdict: Verdict, certainty: Certainty
) -> None:
    session, number = without_body(*lines)
    about = session.timeline.get(number)
    assert about is not None
    assert about.verdict is verdict
    assert getattr(about.about, "certainty", None) is certainty


def test_the_body_revises_the_verdict() -> None:
    session, number = without_body(f"{TYPE}text/html")
    _, ad = exchanges(f"{PAGE}{AD}\n{SOURCE}\n{TYPE}text/html\n= plain words")
    (entry,) = session.complete(ad)
    assert (entry.number, entry.verdict, entry.revision) == (number, Verdict.REGISTERED, 1)
    assert session.summary().verdicts == {"registered": 1}


def test_the_beginning_of_a_long_body_is_enough() -> None:
    session = Session()
    page, ad = exchanges(f"{PAGE}{AD}\n{SOURCE}\n{TYPE}image/gif\n= <html>")
    session.recorded(page)
    (entry,) = (e for e in session.headers(replace(ad, response_body=b"<p>" * 400)) if e.verdict)
    assert entry.verdict is Verdict.IGNORED


def test_what_comes_later_in_a_body_does_not_count() -> None:
    session = Session()
    page, ad = exchanges(f"{PAGE}{AD}\n{SOURCE}\n{TYPE}text/html\n= ")
    session.recorded(page)
    session.recorded(replace(ad, response_body=b" " * 1_024 + b"<html>"))
    assert session.summary().verdicts == {"registered": 1}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("= GIF89a\n! stream reset by client (CANCEL)", "RSP072"),
        ("= GIF89a\n! Client disconnected.", "RSP072"),
        ("! stream reset by client (CANCEL)", "RSP044"),
        ("= GIF89a\n! connection closed", "RSP044"),
    ],
)
def test_an_answer_nobody_waited_for(error: str, code: str) -> None:
    (about,) = registrations(f"{PAGE}{AD}\n{SOURCE}\n{error}")
    lost = code == "RSP072"
    assert about.verdict is (Verdict.IGNORED if lost else Verdict.REGISTERED)
    assert about.certainty is LIKELY
    assert about.findings[0].rule.code == code


@pytest.mark.parametrize("kind", ["image/gif", "text/html"])
def test_a_click_that_was_taken_back_is_one_whatever_its_answer_is(kind: str) -> None:
    click = f"click https://ads.example/c\n< Content-Type: {kind}\n{SOURCE}"
    (about,) = registrations(f"{PAGE}{click}\n= <p>\n! stream reset by client (CANCEL)")
    assert about.findings[0].rule.code == "RSP072"
