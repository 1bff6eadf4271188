from __future__ import annotations

import pytest

from ara_inspector.checking.expectations import Comparison
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import unreadable
from ara_inspector.checking.outcome import Failing, Outcome, outcome_of
from ara_inspector.flows import CaptureError
from ara_inspector.records import replace
from ara_inspector.views.expectation import Judged
from inspections import TRAFFIC, inspected

MET = Comparison((Judged("a"),))
UNMET = Comparison((Judged("a"), Judged("b", text="b is missing")))


@pytest.mark.parametrize(
    ("outcome", "status", "line"),
    [
        (Outcome(0), 0, "check passed: no finding at or above error"),
        (Outcome(1), 1, "check failed: 1 finding at or above error"),
        (Outcome(0, FailOn.WARNING), 0, "check passed: no finding at or above warning"),
        (Outcome(0, FailOn.NEVER), 0, "check passed: no finding fails it"),
        (
            Outcome(0, known=2),
            0,
            "check passed: no new finding at or above error; 2 known from the baseline",
        ),
        (
            Outcome(2, known=1_000),
            1,
            "check failed: 2 findings at or above error; 1,000 known from the baseline",
        ),
        (
            Outcome(0, comparison=MET),
            0,
            "check passed: no finding at or above error; expectations: the only one is met",
        ),
        (
            Outcome(0, FailOn.NEVER, comparison=MET),
            0,
            "check passed: expectations: the only one is met",
        ),
        (
            Outcome(0, comparison=UNMET),
            1,
            "check failed: no finding at or above error; expectations that are not met: 1 of 2",
        ),
        (
            Outcome(2, comparison=UNMET, broken=1),
            2,
            (
                "check incomplete: 1 capture that cannot be read to the end; "
                "2 findings at or above error; expectations that are not met: 1 of 2"
            ),
        ),
        (
            Outcome(0, broken=2, unchecked=True),
            2,
            (
                "check incomplete: 2 captures that cannot be read to the end; nothing was checked; "
                "no finding at or above error"
            ),
        ),
        (
            Outcome(0, unchecked=True),
            2,
            "check incomplete: nothing was checked; no finding at or above error",
        ),
        (
            Outcome(104, captures=167, failing_in=52, failing_captures=(Failing("a", "2 errors"),)),
            1,
            "a: 2 errors\ncheck failed: 104 findings at or above error in 52 of 167 captures",
        ),
    ],
)
def test_the_line_and_the_status_say_the_same(outcome: Outcome, status: int, line: str) -> None:
    assert outcome.status == status
    assert str(outcome) == line


def test_it_is_counted_over_all_captures() -> None:
    one = inspected(TRAFFIC, "one")
    two = replace(inspected(TRAFFIC, "two"), damage="two breaks off")
    failing = outcome_of([one], Gate()).failing
    assert failing > 0
    outcome = outcome_of([one, two], Gate(), UNMET, unchecked=True)
    assert (outcome.failing, outcome.failing_in, outcome.captures) == (2 * failing, 2, 2)
    assert (outcome.comparison, outcome.broken, outcome.unchecked) == (UNMET, 1, True)
    never = outcome_of([one], Gate(FailOn.NEVER))
    assert (never.failing, never.known, never.failing_captures) == (0, None, ())
    with_baseline = outcome_of([one], Gate(known=frozenset({"nothing"})))
    assert (with_baseline.failing, with_baseline.known) == (failing, 0)


def test_each_of_several_captures_that_fails_has_a_line() -> None:
    one = inspected(TRAFFIC, "one\n")
    two = replace(inspected("", "two"), damage="two breaks off")
    three = unreadable("three", CaptureError("three is empty"))
    lines = str(outcome_of([one, two, three, inspected("", "four")], Gate(FailOn.WARNING)))
    assert lines.split("\n") == [
        r"one\x0a: 2 errors, 5 warnings",
        "two: cannot be read to the end",
        "three: cannot be read",
        (
            "check incomplete: 2 captures that cannot be read to the end; "
            "7 findings at or above warning in 1 of 4 captures"
        ),
    ]
