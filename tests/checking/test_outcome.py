from __future__ import annotations

import pytest

from ara_inspector.checking.expectations import Comparison
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.outcome import Outcome, outcome_of
from ara_inspector.records import replace
from ara_inspector.views.expectation import Judged
from inspections import TRAFFIC, inspected

MET = Comparison((Judged("a"),))
UNMET = Comparison((Judged("a"), Judged("b", text="b is missing")))


@pytest.mark.parametrize(
    ("outcome", "status", "line"),
    [
        (Outcome(0), 0, "check passed: 0 findings that fail it"),
        (Outcome(1), 1, "check failed: 1 finding that fails it"),
        (
            Outcome(2, known=1_000),
            1,
            "check failed: 2 findings that fail it; 1,000 known from the baseline",
        ),
        (
            Outcome(0, comparison=MET),
            0,
            "check passed: 0 findings that fail it; expectations: the only one is met",
        ),
        (
            Outcome(0, comparison=UNMET),
            1,
            "check failed: 0 findings that fail it; expectations that are not met: 1 of 2",
        ),
        (
            Outcome(2, comparison=UNMET, broken=1),
            2,
            (
                "check incomplete: 1 capture that cannot be read to the end; "
                "2 findings that fail it; expectations that are not met: 1 of 2"
            ),
        ),
        (
            Outcome(0, broken=2, unchecked=True),
            2,
            (
                "check incomplete: 2 captures that cannot be read to the end; nothing was checked; "
                "0 findings that fail it"
            ),
        ),
        (
            Outcome(0, unchecked=True),
            2,
            "check incomplete: nothing was checked; 0 findings that fail it",
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
    assert outcome == Outcome(2 * failing, None, UNMET, 1, unchecked=True)
    assert outcome_of([one], Gate(FailOn.NEVER)) == Outcome(0)
    assert outcome_of([one], Gate(known=frozenset({"nothing"}))) == Outcome(failing, 0)
