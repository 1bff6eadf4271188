"""Answers the page never gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.session import Session
from exchanges import exchanges, registrations

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
ELIGIBLE = "> Attribution-Reporting-Eligible: event-source"
ALLOW = "< Access-Control-Allow-Origin: "
CORP = "< Cross-Origin-Resource-Policy: "
TYPE = "< Content-Type: "
CERTAIN, LIKELY = Certainty.CERTAIN, Certainty.LIKELY


@pytest.mark.parametrize(
    ("lines", "code", "certainty"),
    [
        # CORS
        (("cors https://r.example/", ELIGIBLE), "RSP040", CERTAIN),
        (("cors https://r.example/", ELIGIBLE, ALLOW + "*"), None, CERTAIN),
        (
            (
                "cors https://r.example/",
                ELIGIBLE,
                ALLOW + "https://a.example",
            ),
            "RSP040",
            CERTAIN,
        ),
        (
            (
                "cors https://r.example/",
                ELIGIBLE,
                ALLOW + "*",
                ALLOW + "*",
            ),
            "RSP040",
            CERTAIN,
        ),
        (
            (
                "cors https://r.example/",
                ELIGIBLE,
                "> Cookie: a=b",
                ALLOW + "*",
            ),
            "RSP040",
            LIKELY,
        ),
        (
            (
                "cors https://r.example/",
                ELIGIBLE,
                "> Origin:",
                ALLOW + "null",
            ),
            "RSP040",
            CERTAIN,
        ),
        (
            (
                "cors https://r.example/",
                ELIGIBLE,
                "> Origin:",
                "> Referer:",
                ALLOW + "null",
            ),
            None,
            CERTAIN,
        ),
        (("cors https://pub.example/x", ELIGIBLE), None, CERTAIN),
        # CORP
        (
            ("ad https://r.example/", CORP + "same-origin"),
            "RSP041",
            CERTAIN,
        ),
        (("ad https://r.example/", CORP + "same-site"), "RSP041", CERTAIN),
        (("ad https://x.pub.example/", CORP + "same-site"), None, CERTAIN),
        (
            ("ad https://pub.example/x", CORP + "same-origin"),
            None,
            CERTAIN,
        ),
        # ORB
        (("ad https://r.example/", TYPE + "text/html", "= <html>x"), "RSP042", CERTAIN),
        (
            (
                "ad https://r.example/",
                TYPE + "TEXT/HTML; charset=utf-8",
                "= <!-- --> <p>x",
            ),
            "RSP042",
            CERTAIN,
        ),
        (("ad https://r.example/", TYPE + "text/html"), None, CERTAIN),
        (("ad https://r.example/", TYPE + "text/html", "= hello"), None, LIKELY),
        (("ad https://r.example/", TYPE + "text/html", "= GIF89a..."), None, CERTAIN),
        (
            (
                "ad https://r.example/",
                TYPE + "text/html",
                "< X-Content-Type-Options: nosniff",
                "= hello",
            ),
            "RSP042",
            LIKELY,
        ),
        (("ad https://r.example/", TYPE + "text/html", "< 204"), None, CERTAIN),
        (
            (
                "ad https://r.example/",
                TYPE + "text/html",
                "< 302",
                "< Location: /x",
                "= <p>",
            ),
            None,
            CERTAIN,
        ),
        (
            ("ad https://r.example/", TYPE + "text/html", "< Content-Length: 0", "= <p>"),
            None,
            LIKELY,
        ),
        (("ad https://r.example/", TYPE + "text/plain", "= ok"), None, CERTAIN),
        (("ad https://r.example/", TYPE + "text/plain", "= <p>"), "RSP042", LIKELY),
        (("ad https://r.example/", TYPE + "application/json", "= {}"), None, LIKELY),
        (
            ("ad https://r.example/", TYPE + "application/json", '= {"a": 1}'),
            "RSP042",
            LIKELY,
        ),
        (("ad https://r.example/", TYPE + "application/pdf", "= x"), "RSP042", LIKELY),
        (("ad https://r.example/", TYPE + "text/css", "= <p>"), None, CERTAIN),
        (
            ("ad https://r.example/", TYPE + "application/atom+xml", "= <?xml"),
            "RSP042",
            CERTAIN,
        ),
        (("ad https://r.example/", TYPE + "nonsense", "= <p>"), None, CERTAIN),
        (("click https://r.example/", TYPE + "text/html", "= <html>"), None, CERTAIN),
        (("ad https://pub.example/x", TYPE + "text/html", "= <html>"), None, CERTAIN),
        (
            ("ad https://r.example/", "> Sec-Fetch-Mode: same-origin", TYPE + "text/html"),
            None,
            CERTAIN,
        ),
    ],
)
def test_blocked(lines: tuple[str, ...], code: str | None, certainty: Certainty) -> None:
    (about,) = registrations(PAGE + "\n".join((*lines, SOURCE)))
    assert about.verdict is (Verdict.IGNORED if code else Verdict.REGISTERED)
    assert about.certainty is certainty
    assert code is None or about.findings[0].rule.code == code


def test_until_the_body_is_known_html_is_only_likely_to_be_blocked() -> None:
    page, ad = exchanges(
        f"{PAGE}ad https://r.example/\n{SOURCE}\n< Content-Type: text/html\n= plain words"
    )
    session = Session()
    session.recorded(page)
    (first,) = [e for e in session.headers(replace(ad, response_body=None)) if e.verdict]
    assert (first.verdict, first.revision) == (Verdict.IGNORED, 0)
    (second,) = session.complete(ad)
    assert (second.number, second.verdict, second.revision) == (
        first.number,
        Verdict.REGISTERED,
        1,
    )
    assert session.summary().verdicts == {"registered": 1}


def test_an_image_whose_body_was_not_kept_registers_likely() -> None:
    page, ad = exchanges(f"{PAGE}ad https://r.example/\n{SOURCE}\n< Content-Type: image/png")
    session = Session()
    session.recorded(page)
    session.recorded(replace(ad, response_body=None))
    (about,) = [entry for entry in session.timeline if entry.verdict is not None]
    assert about.verdict is Verdict.REGISTERED
