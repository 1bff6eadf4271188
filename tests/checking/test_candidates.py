"""What captures offer to expectations: words under keys, and how sure they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from ara_inspector.attribution.ledger import Standing
from ara_inspector.checking.candidates import candidates
from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.checking.keys import FATE_KEYS
from ara_inspector.findings import Certainty
from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.views.selection import Selection, read_filter
from inspections import BOTH, KEYED, PUB, SHOP, inspected, offered, source, trigger, verbose

FLOWS = Path(__file__).parents[2] / "fixtures" / "flows"
DEBUG = ', "debug_reporting": true'


def words(what: str, text: str, key: str, place: int = -1) -> tuple[str, ...]:
    return offered(what, text)[place].values[key].words


def test_a_source_that_is_stored() -> None:
    (one,) = offered("registration", PUB + source())
    assert one.values["result"].words == ("stored", "success")
    assert one.shown("result") == "success"
    assert one.doubt == "the sources seen in this capture, an inferred page"
    assert one.doubtful == {"result"}


def test_a_source_that_noise_took() -> None:
    text = PUB + source(DEBUG) + verbose("source-noised")
    assert words("registration", text, "result") == ("stored", "successNoised")


def test_a_source_that_is_refused() -> None:
    found = candidates("registration", [inspect_capture(FLOWS / "origins_of_one_site.flows")])
    refused = next(one for one in found if "refused" in one.values["result"].words)
    assert refused.values["result"].words == ("reportingOriginsPerSiteLimitReached", "refused")
    assert (refused.doubt, refused.doubtful) == ("", frozenset())


def test_a_trigger_at_both_levels() -> None:
    text = PUB + source(KEYED) + SHOP + trigger(BOTH)
    (_, one) = offered("registration", text)
    assert one.values["event_level"].words == ("attributed", "success")
    assert one.values["aggregatable"].words == ("attributed", "success")
    assert one.values["result"].words == ("attributed", "success")
    assert one.shown("result") == "event-level success, aggregatable success"
    assert one.doubtful == set(FATE_KEYS)
    assert one.shown("source.site") == "https://pub.example (#2)"
    assert one.values["source.source_type"].words == ("event",)
    assert one.values["source.destination"].words == ("https://shop.example",)


def test_a_trigger_attributed_at_one_level_is_attributed() -> None:
    text = PUB + source() + SHOP + trigger(BOTH)
    (_, one) = offered("registration", text)
    assert one.values["aggregatable"].words == ("noHistograms", "notAttributed")
    assert one.values["result"].words == ("attributed", "success", "noHistograms")


def test_a_trigger_without_a_source() -> None:
    (one,) = offered("registration", SHOP + trigger())
    assert one.values["event_level"].words == ("noMatchingSources", "notAttributed")
    assert one.values["result"].words == ("noMatchingSources", "notRegistered", "notAttributed")
    assert one.shown("source.site") == "none"
    assert one.differs_in({"kind": "trigger", "source.site": "https://pub.example"}) == [
        "source.site"
    ]


def test_a_source_that_is_not_shown_is_not_known() -> None:
    inspection = inspected(PUB + source() + SHOP + trigger())
    only = inspection.selected(Selection(read_filter("kind:trigger")))
    (one,) = candidates("registration", [only])
    assert one.shown("source.site") == "unknown"
    assert one.values["result"].words[0] == "attributed"


def test_what_is_not_processed_has_no_fate() -> None:
    (one,) = offered("registration", PUB + source(', "expiry": {}'))
    assert one.values["verdict"].words == ("rejected",)
    assert one.shown("result") == "unknown"
    assert one.codes


def test_a_fate_nobody_can_tell_is_none() -> None:
    inspection = inspected(PUB + source())
    (entry,) = (e for e in inspection.timeline if isinstance(e.about, Registration))
    assert entry.fate is not None
    fate = replace(entry.fate, certainty=Certainty.UNKNOWN, ground="too late")
    (one,) = candidates(
        "registration", [replace(inspection, timeline=(replace(entry, fate=fate),))]
    )
    assert "result" not in one.values
    assert one.shown("result") == "unknown, too late"
    assert (one.doubt, one.doubtful) == ("", frozenset())


# -- where the browser says otherwise


@pytest.mark.parametrize(
    ("types", "wanted"),
    [
        (("source-storage-limit",), ("insufficientSourceCapacity", "refused")),
        (
            ("source-destination-rate-limit",),
            ("destinationReportingLimitReached", "destinationBothLimitsReached", "refused"),
        ),
    ],
)
def test_a_source_the_browser_refused(types: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    text = PUB + source(DEBUG) + verbose(*types)
    assert words("registration", text, "result") == wanted


def test_a_source_of_which_the_browser_says_nothing_we_know() -> None:
    (one,) = offered("registration", PUB + source(DEBUG) + verbose("source-unknown-error"))
    assert "result" not in one.values


@pytest.mark.parametrize(
    ("members", "types", "event_level", "aggregatable"),
    [
        (BOTH, ("trigger-event-deduplicated",), "deduplicated", "attributed"),
        (BOTH, ("trigger-aggregate-insufficient-budget",), "attributed", "insufficientBudget"),
        (BOTH, ("trigger-no-matching-source",), "noMatchingSources", "noMatchingSources"),
        (
            '"event_trigger_data": [{}], "debug_reporting": true',
            ("trigger-event-deduplicated",),
            "deduplicated",
            "notRegistered",
        ),
        (
            BOTH.replace("event_trigger_data", "x"),
            ("trigger-aggregate-deduplicated",),
            "notRegistered",
            "deduplicated",
        ),
    ],
)
def test_a_trigger_the_browser_tells_otherwise(
    members: str, types: tuple[str, ...], event_level: str, aggregatable: str
) -> None:
    text = PUB + source(KEYED) + SHOP + trigger(members) + verbose(*types)
    (_, one) = offered("registration", text)
    assert one.values["event_level"].words[0] == event_level
    assert one.values["aggregatable"].words[0] == aggregatable
    # To which source, the browser does not say.
    assert one.shown("source.site") == "unknown"


def test_a_trigger_of_which_the_browser_says_nothing_we_know() -> None:
    text = PUB + source(KEYED) + SHOP + trigger(BOTH) + verbose("trigger-unknown-error")
    (_, one) = offered("registration", text)
    assert "result" not in one.values


# -- reports


def test_reports_that_were_seen() -> None:
    found = candidates("report", [inspect_capture(FLOWS / "realistic_session.flows")])
    standings = {one.values["standing"].words for one in found}
    assert standings == {("seen", "expected", "expected-and-seen"), ("seen",)}
    apart = {one.shown("kind") for one in found if one.values["standing"].words == ("seen",)}
    # What the ledger does not enter: keys are no report, a header's errors no fate.
    assert apart == {"verbose", "public-keys"}


def test_a_report_that_is_still_out() -> None:
    (one,) = offered("report", PUB + source() + SHOP + trigger())
    assert one.place == "a report of #2 and #3"
    assert one.values["kind"].words == ("event-level",)
    assert one.values["standing"].words == ("expected", "expected-and-not-yet-due")
    assert one.shown("standing").startswith("expected-and-not-yet-due (due 2027-")
    assert one.shown("delivery") == "not seen"
    assert one.doubtful == {"standing"}
    assert "the sources seen in this capture" in one.doubt


def test_a_report_that_should_have_come() -> None:
    text = PUB + source() + SHOP + trigger() + "\npage https://shop.example/later\n@ 9000000\n"
    assert Standing.OVERDUE in words("report", text, "standing")


def test_reports_of_what_is_not_shown_are_left_out() -> None:
    inspection = inspected(PUB + source() + SHOP + trigger())
    assert not candidates("report", [inspection.selected(Selection(read_filter("kind:report")))])
    (one,) = candidates("report", [inspection.selected(Selection(read_filter("kind:trigger")))])
    assert one.place == "a report of #3"


def test_entries_of_several_captures_are_named_by_them() -> None:
    captures = [inspected(PUB + source(), name) for name in ("a.flows", "b\x1b.flows")]
    assert [one.place for one in candidates("registration", captures)] == [
        "a.flows #2",
        "b\\x1b.flows #2",
    ]
