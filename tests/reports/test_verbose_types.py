"""The table of debug types is the specification's list, and agrees with what Chrome sent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ara_inspector.findings import Verdict
from ara_inspector.reports import VERBOSE_TYPES, VerboseType
from ara_inspector.reports.verbose_types import (
    AGGREGATABLE_KINDS,
    ATTRIBUTION_KINDS,
    EVENT_LEVEL_KINDS,
    BodyForm,
    DebugSubject,
    kinds_refused,
)

SHARED = Path(__file__).parents[3] / "shared"
RESULTS = SHARED / "attribution"
NOT_IN_VERBOSE = {
    "source-destination-global-rate-limit",
    "source-destination-limit-replaced",
    "source-reporting-origin-limit",
}


def test_the_table_has_every_type_of_the_specification() -> None:
    assert len(VERBOSE_TYPES) == 40
    assert {name for name, known in VERBOSE_TYPES.items() if not known.reported} == NOT_IN_VERBOSE


@pytest.mark.parametrize("known", VERBOSE_TYPES.values(), ids=VERBOSE_TYPES)
def test_a_type_says_what_it_is_about_by_its_name(known: VerboseType) -> None:
    first = known.name.partition("-")[0]
    assert (
        known.subject
        is {
            "source": DebugSubject.SOURCE,
            "trigger": DebugSubject.TRIGGER,
            "header": DebugSubject.HEADER,
            "os": DebugSubject("-".join(known.name.split("-")[:2]))
            if first == "os"
            else DebugSubject.HEADER,
        }[first]
    )
    assert ("limit" in known.form.value) == (
        known.name.endswith(("-limit", "-budget", "aggregate-excessive-reports"))
    )
    assert re.fullmatch(r"[a-z].*[a-z0-9]", known.meaning)


def test_only_what_the_header_says_makes_a_registration_invalid() -> None:
    assert {name for name, known in VERBOSE_TYPES.items() if known.verdict is Verdict.REJECTED} == {
        "header-parsing-error",
        "source-channel-capacity-limit",
        "source-max-event-states-limit",
        "source-scopes-channel-capacity-limit",
        "source-trigger-state-cardinality-limit",
    }


@pytest.mark.skipif(not RESULTS.exists(), reason="the recorded scenarios are not here")
@pytest.mark.parametrize("name", ["hand.jsonl", "hand2.jsonl", "attribution_dev3.jsonl"])
def test_chromes_result_words_are_those_of_the_table(name: str) -> None:
    compared = 0
    for line in (RESULTS / name).read_text().splitlines():
        scenario = json.loads(line)
        results = {result["step"]: result for result in scenario["results"]}
        for report in scenario["reports"]:
            if report["kind"] != "verbose" or report.get("step") not in results:
                continue
            result = results[report["step"]]
            for datum in report["body"]:
                known = VERBOSE_TYPES[datum["type"]]
                level = "aggregatable" if "-aggregate-" in known.name else "event_level"
                words = {result.get("result"), result.get(level)}
                if level == "event_level" and "-event-" not in known.name:
                    words.add(result.get("aggregatable"))
                if known.form is not BodyForm.HEADER_ERROR:
                    assert words & {*known.results, *known.masks}, (scenario["name"], datum)
                    compared += 1
    print(f"{name}: {compared} verbose data compared with Chrome's results")  # noqa: T201 - score
    assert compared


def test_a_type_of_a_trigger_says_by_its_name_which_reports_do_not_come() -> None:
    assert kinds_refused("trigger-event-noise") == EVENT_LEVEL_KINDS
    assert kinds_refused("trigger-aggregate-deduplicated") == AGGREGATABLE_KINDS
    assert kinds_refused("trigger-no-matching-source") == ATTRIBUTION_KINDS
    assert kinds_refused("trigger-reporting-origin-limit") == ()
