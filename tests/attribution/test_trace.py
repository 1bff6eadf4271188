from __future__ import annotations

import pytest

from ara_inspector.attribution.results import EventLevelResult
from ara_inspector.attribution.trace import Check, Checks, RefusalError, Verdict


def test_checks_are_recorded_until_one_fails() -> None:
    checks = Checks("s")
    checks.require("first", True, EventLevelResult.DEDUPLICATED, given=1, wanted=2)
    checks.note("second", Verdict.UNDECIDABLE)
    with pytest.raises(RefusalError) as refused:
        checks.require("third", False, EventLevelResult.DEDUPLICATED)
    assert refused.value.result is EventLevelResult.DEDUPLICATED
    assert checks.made == (
        Check("first", Verdict.PASSED, 1, 2, "s"),
        Check("second", Verdict.UNDECIDABLE, None, None, "s"),
        Check("third", Verdict.FAILED, None, None, "s"),
    )
