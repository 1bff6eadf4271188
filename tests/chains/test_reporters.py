"""Reporting origins across flows."""

from __future__ import annotations

import pytest

from ara_inspector.chains import Reporters
from ara_inspector.findings import Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import UNKNOWN_SITE, Registration
from ara_inspector.spec.effective import Source
from exchanges import registrations

PAGE = "page https://pub.example/\n\n"
SHOP = "page https://shop.example/\n\n"
TRIGGER = '< Attribution-Reporting-Register-Trigger: {"event_trigger_data": []}'


def source(reporter: str, destination: str = "https://shop.example", *lines: str) -> str:
    value = f'{{"destination": "{destination}"}}'
    text = f"ad https://{reporter}/\n< Attribution-Reporting-Register-Source: {value}"
    return "\n".join((text, *lines)) + "\n\n"


def trigger(reporter: str) -> str:
    return f"image https://{reporter}/\n{TRIGGER}\n\n"


def codes(about: Registration) -> set[str]:
    return {f.rule.code for f in about.findings if f.rule.code.startswith("CHN")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (source("imp.ads.example") + source("track.ads.example"), {"CHN003"}),
        (source("ads.example") + source("ads.example"), set()),
        (source("imp.ads.example") + source("other.example"), set()),
        (source("imp.ads.example") + SHOP + source("track.ads.example"), set()),
        (
            source("imp.ads.example") + source("track.ads.example", "https://a.example", "@ 86500"),
            set(),
        ),
        (
            source("imp.ads.example", "https://shop.example", "< Content-Type: text/html", "= <p>")
            + source("track.ads.example"),
            set(),
        ),
    ],
)
def test_one_origin_of_a_reporting_site_for_each_source_site(text: str, expected: set[str]) -> None:
    about = registrations(PAGE + text)[-1]
    assert codes(about) == expected
    assert about.verdict is Verdict.REGISTERED


def test_the_warning_names_the_entry_that_came_first() -> None:
    about = registrations(PAGE + source("imp.ads.example") + source("track.ads.example"))[-1]
    (finding,) = [f for f in about.findings if f.rule.code == "CHN003"]
    assert finding.params["entry"] == 2
    assert 'https://imp.ads.example" came first (#2)' in finding.message
    assert finding.params["first"] == "https://imp.ads.example"


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (source("ads.example"), set()),
        (source("imp.ads.example"), {"CHN010"}),
        (source("ads.example", "https://shopp.example"), {"CHN011"}),
        (source("ads.example", "https://sohp.example"), {"CHN011"}),
        (source("ads.example", "https://elsewhere.example"), set()),
        (source("ads.example", "https://st0r.example"), set()),
        (source("else.example"), set()),
        ("", set()),
        (source("imp.ads.example") + source("ads.example"), set()),
    ],
)
def test_near_misses_of_triggers(sources: str, expected: set[str]) -> None:
    about = registrations(PAGE + sources + SHOP + trigger("ads.example"))[-1]
    assert codes(about) == expected


def test_the_scheme_is_part_of_the_destination() -> None:
    text = source("ads.example", "http://localhost") + "page https://localhost/\n\n"
    assert codes(registrations(PAGE + text + trigger("ads.example"))[-1]) == {"CHN012"}


def test_nothing_is_compared_without_a_site_or_for_the_operating_system() -> None:
    (about,) = registrations(source("ads.example"))
    assert about.context_site == UNKNOWN_SITE
    assert codes(about) == set()
    (about,) = registrations(trigger("ads.example"))
    assert codes(about) == set()
    (about,) = registrations(
        f"{PAGE}ad https://r.example/\n> Attribution-Reporting-Support: os\n"
        '< Attribution-Reporting-Register-OS-Source: "https://os.example/"'
    )
    assert codes(about) == set()


def test_what_is_not_registered_is_not_compared() -> None:
    (about,) = registrations(PAGE + source("ads.example"))
    reporters = Reporters(10)
    assert reporters.compare(replace(about, verdict=Verdict.REJECTED), 1) == ()
    assert reporters.compare(replace(about, reporting_origin=None), 1) == ()
    assert len(reporters) == 0


def test_the_oldest_are_forgotten() -> None:
    text = "".join(source(f"r{n}.s{n % 4}.example") for n in range(12))
    reporters = Reporters(3)
    for about in registrations(PAGE + text):
        reporters.compare(about, 1)
    assert len(reporters) == 6
    assert reporters.dropped == 18


def test_of_a_site_only_the_oldest_origin_is_forgotten() -> None:
    reporters = Reporters(2)
    text = source("one.ads.example") + source("two.ads.example") + source("else.example")
    for about in registrations(PAGE + text):
        reporters.compare(about, 1)
    (conversion,) = registrations(SHOP + trigger("three.ads.example"))
    (finding,) = reporters.compare(conversion, 1)
    assert finding.params["other"] == "https://two.ads.example"


def test_and_so_are_the_oldest_destinations() -> None:
    reporters = Reporters(3)
    (about,) = registrations(PAGE + source("ads.example"))
    assert about.effective is not None
    for n in range(300):
        effective = about.effective
        assert isinstance(effective, Source)
        reporters.compare(
            replace(
                about,
                effective=replace(effective, destination=(f"https://{n}.example",)),
            ),
            n,
        )
    (conversion,) = registrations("page https://5.example/\n\n" + trigger("ads.example"))
    assert {f.rule.code for f in reporters.compare(conversion, 1)} <= {"CHN011"}


def test_forgetting_what_did_not_count() -> None:
    reporters = Reporters(10)
    (first,) = registrations(PAGE + source("imp.ads.example"))
    (second,) = registrations(PAGE + source("track.ads.example"))
    reporters.compare(first, 1)
    reporters.forget(first, 1)
    assert reporters.compare(second, 2) == ()
    reporters.forget(second, 3)
    assert [f.rule.code for f in reporters.compare(first, 1)] == ["CHN003"]
