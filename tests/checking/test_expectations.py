"""Holding captures against expectations: what is met, what is missing, and how it is told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from ara_inspector.checking.expectation_file import read_expectations
from ara_inspector.checking.expectations import Comparison, Count, compare
from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.records import replace
from ara_inspector.registrations import Kind
from ara_inspector.views.expectation import Judged
from inspections import (
    BOTH,
    KEYED,
    PUB,
    SHOP,
    TRAFFIC,
    failures,
    inspected,
    source,
    trigger,
    verbose,
)

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows"
STORIES = sorted((Path(__file__).parents[3] / "shared/attribution/stories").glob("*.flows"))
CLICK = """
[[registrations]]
name = "the click on news.example"
kind = "source"
source_type = "navigation"
site = "https://news.example"
destination = "https://shop.example"
reporting_origins = ["https://a.example", "https://b.example"]
"""
PURCHASE = """
[[registrations]]
name = "the purchase"
kind = "trigger"
site = "https://shop.example"
reporting_origin = "https://r1.example"
"""


def missed(text: str) -> list[str]:
    return failures(text, inspected(TRAFFIC))


@pytest.mark.parametrize(
    "text",
    [
        "",
        CLICK,
        '[[registrations]]\nverdict = "rejected"\nkind = "trigger"\ncount = 1',
        '[[registrations]]\nkind = "source"\nat_most = 2',
        '[[registrations]]\nkind = "os-source"\ncount = 0',
        '[[reports]]\nkind = "event-level"\nreporting_origin = "https://a.example"',
        '[[reports]]\nstanding = "seen-but-unexplained"',
        '[findings]\nnone_of = ["HDR", "SRC001"]\nerrors = 5\nwarnings = 9',
    ],
)
def test_what_holds(text: str) -> None:
    assert missed(text) == []


MISSING = """\
"the click on news.example": at least 1 registration expected, 0 found
  - kind = source
  - source_type = navigation
  - site = https://news.example
  - destination = https://shop.example
  - verdict = registered (unless said otherwise)
  - reporting_origin = https://d.example
  + #2 reporting_origin = https://a.example
  + #4 reporting_origin = https://b.example (SRC004)"""
TOO_MANY = """\
exactly 1 registration expected, 2 found
  - kind = source
  - verdict = registered (unless said otherwise)
  = #2
  = #4"""


def test_what_is_missing_is_shown_beside_what_comes_closest() -> None:
    assert missed(CLICK.replace("https://b.example", "https://d.example")) == [MISSING]


def test_too_many_are_numbered() -> None:
    assert missed('[[registrations]]\nkind = "source"\ncount = 1') == [TOO_MANY]


def test_nothing_of_the_kind() -> None:
    assert failures('[[reports]]\nkind = "verbose"', inspected("")) == [
        (
            "at least 1 report expected, 0 found\n  - kind = verbose\n"
            "  - standing = seen (unless said otherwise)\n"
            "  + no report of kind verbose in this capture"
        )
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[registrations]]\nkind = "trigger"', "no trigger"),
        ('[[registrations]]\nevent_level = "attributed"', "no trigger"),
        ('[[registrations]]\nresult = "attributed"', "no trigger"),
        ('[[registrations]]\nsource.site = "https://a.example"', "no trigger"),
        ('[[registrations]]\nresult = "success"', "no source or trigger"),
        ("[[registrations]]", "no registration"),
        ("[[reports]]", "no report"),
    ],
)
def test_what_is_of_another_kind_is_not_offered(text: str, told: str) -> None:
    other = inspected(PUB + source() if "trigger" in told and "or" not in told else "")
    (failed,) = failures(text, other, other)
    assert failed.split("\n")[-1] == f"  + {told} in these captures"


def test_no_capture_at_all() -> None:
    assert failures('[[reports]]\nkind = "verbose"\ncount = 0') == []


def test_findings_that_must_not_be() -> None:
    (text,) = missed('[findings]\nnone_of = ["SRC004"]')
    head, line = text.split("\n")
    assert head == "findings: none of SRC004 expected, 1 found"
    assert line.startswith("  + #4 SRC004 expiry-clamped at expiry")


def test_of_a_whole_family_notes_may_be() -> None:
    capture = inspect_capture(FLOWS / "reports_event_level.flows")
    codes = {f.rule.code: f.severity.value for entry in capture.timeline for f in entry.findings}
    assert codes["ATT050"] == codes["ATT032"] == "note"
    assert failures('[findings]\nnone_of = ["ATT"]', capture) == []
    (text,) = failures('[findings]\nnone_of = ["ATT050"]', capture)
    assert "ATT050 local-testing-mode" in text


def test_that_no_attribution_error_happened() -> None:
    (text,) = failures('[findings]\nnone_of = ["ATT"]', inspected(SHOP + trigger()))
    assert text.startswith("findings: none of ATT expected, 1 found\n  + #2 ATT021")
    assert failures('[findings]\nnone_of = ["ATT"]', inspected(PUB + source())) == []


def test_more_findings_than_allowed() -> None:
    (text,) = missed("[findings]\nwarnings = 0")
    head, *lines = text.split("\n")
    assert head == f"findings: at most 0 warnings expected, {len(lines)} found"
    assert any("SRC004" in line for line in lines)
    (text,) = failures("[findings]\nerrors = 1", *[inspected(TRAFFIC)] * 2)
    assert text.startswith("findings: at most 1 error expected, ")
    assert "  + a.flows #" in text


# -- what becomes of registrations


@pytest.mark.parametrize(
    "asked",
    [
        'result = "attributed"',
        'event_level = "attributed"\naggregatable = "attributed"',
        'event_level = "success"\nsource.site = "https://pub.example"',
        'source.source_type = "event"\nsource.destination = "https://shop.example"',
        'result = "no matching sources"\ncount = 0',
        'result = "notAttributed"\nat_most = 0',
    ],
)
def test_a_trigger_is_attributed(asked: str) -> None:
    capture = inspected(PUB + source(KEYED) + SHOP + trigger(BOTH))
    assert failures(PURCHASE + asked, capture) == []


OTHERWISE = """\
"the purchase": at least 1 registration expected, 0 found
  - kind = trigger
  - site = https://shop.example
  - reporting_origin = https://r1.example
  - result = attributed
  - source.site = https://pub.example
  - verdict = registered (unless said otherwise)
  + #2 result = event-level noMatchingSources, aggregatable notRegistered, source.site = none \
(ATT021) - only likely: the sources seen in this capture, an inferred page"""
ANOTHER = """\
"the purchase": at least 1 registration expected, 0 found
  - kind = trigger
  - site = https://shop.example
  - reporting_origin = https://r1.example
  - event_level = attributed
  - source.site = https://news.example
  - verdict = registered (unless said otherwise)
  + #3 source.site = https://pub.example (#2) - only likely: the sources seen in this capture, \
an inferred page"""


def test_a_trigger_is_not_attributed_as_expected() -> None:
    asked = 'result = "attributed"\nsource.site = "https://pub.example"'
    assert failures(PURCHASE + asked, inspected(SHOP + trigger())) == [OTHERWISE]
    asked = 'event_level = "attributed"\nsource.site = "https://news.example"'
    assert failures(PURCHASE + asked, inspected(PUB + source() + SHOP + trigger())) == [ANOTHER]


def test_the_one_that_was_meant_comes_first() -> None:
    session = inspect_capture(FLOWS / "realistic_session.flows")
    text = PURCHASE.replace("shop", "runfast").replace("r1", "pixel.cinder")
    (failed,) = failures(text + 'result = "attributed"\nsource.source_type = "event"', session)
    closest = [line.split()[1] for line in failed.split("\n") if line.startswith("  + ")]
    assert closest == ["#34", "#21", "#25"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("origins_of_one_site", 'kind = "source"\nresult = "refused"\ncount = 1'),
        ("origins_of_one_site", 'kind = "source"\nresult = "reportingOriginsPerSiteLimitReached"'),
        ("realistic_session", 'kind = "source"\nresult = "stored"\ncount = 7'),
        ("realistic_session", 'aggregatable = "attributed"\ncount = 1'),
        ("realistic_session", 'event_level = "attributed"\nsource.source_type = "navigation"'),
        ("reports_event_level", 'event_level = "deduplicated"\ncount = 1'),
        ("reports_verbose", 'event_level = "noMatchingTriggerData"'),
        ("reports_verbose", 'result = "noMatchingSourceFilterData"\nat_most = 1\nat_least = 1'),
        ("reports_aggregatable", 'event_level = "notRegistered"\naggregatable = "attributed"'),
    ],
)
def test_what_a_real_chrome_made_of_it(name: str, asked: str) -> None:
    capture = inspect_capture(FLOWS / f"{name}.flows")
    assert failures(f"[[registrations]]\n{asked}", capture) == []


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_chromes_own_results_are_met(path: Path) -> None:
    truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
    capture = inspect_capture(path)
    results: Counter[tuple[tuple[str, str], ...]] = Counter()
    for each in truth["results"]:
        kind = {"source": Kind.SOURCE, "trigger": Kind.TRIGGER}[each["kind"]]
        names = ("result",) if kind is Kind.SOURCE else ("event_level", "aggregatable")
        results[("kind", kind.value), *((name, each[name]) for name in names)] += 1
    tables = [
        "\n".join(["[[registrations]]", *(f'{k} = "{v}"' for k, v in keys), f"count = {number}"])
        for keys, number in results.items()
    ]
    assert tables
    assert failures("\n".join(tables), capture) == []


# -- reports expected and seen


def test_reports_that_are_expected() -> None:
    text = PUB + source(KEYED) + SHOP + trigger(BOTH)
    expected = '[[reports]]\nkind = "event-level"\nstanding = "expected"\ncount = 1'
    assert failures(expected, inspected(text)) == []
    (failed,) = failures('[[reports]]\nkind = "event-level"', inspected(text))
    head, _, _, closest, *_ = failed.split("\n")
    assert head == "at least 1 report expected, 0 found"
    due = "  + a report of #2 and #3 standing = expected-and-not-yet-due (due "
    assert closest.startswith(due)


def test_reports_that_are_expected_and_were_seen() -> None:
    session = inspect_capture(FLOWS / "realistic_session.flows")
    for standing in ("expected", "seen", "expected-and-seen"):
        text = f'[[reports]]\nkind = "event-level"\nstanding = "{standing}"\ncount = 3'
        assert failures(text, session) == []
    (text,) = failures('[[reports]]\nkind = "event-level"\nstanding = "overdue"', session)
    assert "  + #24 standing = expected-and-seen" in text


# -- what is only likely


def test_what_is_met_by_what_is_only_likely_says_so() -> None:
    capture = inspected(PUB + source() + SHOP + trigger())
    text = PURCHASE + 'result = "attributed"\n[[reports]]\nstanding = "expected"'
    made = compare(read_expectations(text), [capture])
    assert str(made) == (
        "expectations: all 2 are met\n"
        "  only likely: #3, a report of #2 and #3 "
        "(the sources seen in this capture, an inferred page)"
    )


def test_what_asks_for_no_fate_rests_on_none() -> None:
    made = compare(read_expectations(PURCHASE), [inspected(PUB + source() + SHOP + trigger())])
    assert str(made) == "expectations: the only one is met"


def test_that_something_is_not_can_be_likely_too() -> None:
    text = PURCHASE + 'event_level = "deduplicated"\ncount = 0'
    made = compare(read_expectations(text), [inspected(PUB + source() + SHOP + trigger())])
    assert made.unmet == ()
    assert list(made.likely.values()) == [("#3",)]
    at_least = PURCHASE + 'event_level = "attributed"'
    two = inspected(PUB + source() + SHOP + trigger() + trigger())
    assert list(compare(read_expectations(at_least), [two]).likely.values()) == [("#3",)]


def test_what_is_certain_is_not_called_likely() -> None:
    capture = inspect_capture(FLOWS / "origins_of_one_site.flows")
    text = '[[registrations]]\nkind = "source"\nresult = "refused"'
    assert compare(read_expectations(text), [capture]).likely == {}


def test_too_many_by_fates_that_are_only_likely() -> None:
    capture = inspected(PUB + source() + SHOP + trigger())
    (text,) = failures(PURCHASE + 'result = "attributed"\ncount = 0', capture)
    assert text.endswith(
        "\n  = #3 - only likely: the sources seen in this capture, an inferred page"
    )


def test_the_browser_makes_it_certain() -> None:
    text = PURCHASE + 'result = "no matching sources"'
    header = '"event_trigger_data": [{}], "debug_reporting": true'
    said = (
        verbose("trigger-no-matching-source")
        .replace('"source_event_id": "5", ', "")
        .replace(', "source_site": "https://pub.example"', "")
    )
    made = compare(read_expectations(text), [inspected(SHOP + trigger(header) + said)])
    assert (made.unmet, made.likely) == ((), {})


# -- how it is told


MET = Judged("a")
LIKELY = Judged("b", likely={"why": ("#1",)})


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (Comparison(), "expectations: the file has none"),
        (Comparison((MET,)), "expectations: the only one is met"),
        (Comparison((MET, MET, MET)), "expectations: all 3 are met"),
        (
            Comparison((Judged("a", 1, "a\n  b"), LIKELY, Judged("c", None, "c"))),
            "expectations that are not met: 2 of 3\n  only likely: #1 (why)\n\na\n  b\n\nc",
        ),
        (
            Comparison((Judged("a", likely={"a\x1b": tuple(f"#{n}" for n in range(12))}),)),
            (
                "expectations: the only one is met\n"
                "  only likely: #0, #1, #2, #3, #4, #5, #6, #7, #8, #9, 2 more (a\\x1b)"
            ),
        ),
        (
            Comparison((LIKELY, replace(LIKELY, likely={"why": ("#2", "#1"), "x": ("#1",)}))),
            "expectations: all 2 are met\n  only likely: #1, #2 (why)\n  only likely: #1 (x)",
        ),
    ],
)
def test_the_outcome_in_words(made: Comparison, text: str) -> None:
    assert str(made) == text


def test_an_expectation_is_the_same_whatever_was_found() -> None:
    text = f'\n{PURCHASE}result = "attributed"\n[findings]\nnone_of = ["ATT"]'
    first, second = (
        compare(read_expectations(text), [inspected(traffic)]).unmet
        for traffic in (SHOP + trigger(), SHOP + trigger() + trigger())
    )
    assert [each.text for each in first] != [each.text for each in second]
    assert [(each.about, each.line) for each in first] == [
        (each.about, each.line) for each in second
    ]
    assert [(each.about, each.line) for each in first] == [
        (
            (
                '"the purchase": at least 1 registration expected: kind = trigger, site = '
                "https://shop.example, reporting_origin = https://r1.example, result = attributed, "
                "verdict = registered"
            ),
            3,
        ),
        ("findings: none of ATT expected", 9),
    ]


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (Count(), "at least 1"),
        (Count(2, 2), "exactly 2"),
        (Count(0, 3), "at most 3"),
        (Count(1, 3), "1 to 3"),
    ],
)
def test_counts_in_words(count: Count, text: str) -> None:
    assert str(count) == text


def test_all_are_judged_in_the_order_of_the_file() -> None:
    text = f"""{PURCHASE}result = "attributed"
    [[reports]]
    [findings]
    none_of = ["SRC", "ATT"]
    errors = 0
    warnings = 1
    """
    made = compare(read_expectations(text), [inspected(SHOP + trigger())])
    assert [(each.about.partition(":")[0], each.is_met) for each in made.judged] == [
        ('"the purchase"', False),
        ("at least 1 report expected", False),
        ("findings", True),
        ("findings", False),
        ("findings", True),
        ("findings", True),
    ]
    assert [each.about for each in made.judged[-4:]] == [
        "findings: none of SRC expected",
        "findings: none of ATT expected",
        "findings: at most 0 errors expected",
        "findings: at most 1 warning expected",
    ]
    assert made.unmet == tuple(each for each in made.judged if each.text)
