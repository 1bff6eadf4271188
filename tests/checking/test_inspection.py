from __future__ import annotations

from pathlib import Path

import pytest

from ara_inspector.checking.inspection import LACKS, inspect_capture, unreadable
from ara_inspector.flows import CaptureError
from ara_inspector.har import HAR_LACKS
from ara_inspector.timeline import EntryKind
from ara_inspector.views.selection import Selection, read_filter

FIXTURES = Path(__file__).parents[2] / "fixtures"
FLOWS = FIXTURES / "flows" / "chain_of_three_reporters.flows"


def test_a_capture_is_gone_through_to_its_end() -> None:
    shares: list[float] = []
    inspection = inspect_capture(FLOWS, shares.append)
    assert inspection.name == str(FLOWS)
    assert inspection.summary().verdicts["registered"] == 3
    assert inspection.remarks == ()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_har_says_what_it_lacks() -> None:
    inspection = inspect_capture(FIXTURES / "har" / "realistic_session.har")
    assert set(inspection.lacks) == HAR_LACKS <= set(LACKS)
    assert inspection.remarks[0].startswith("the capture has no connection ids")


def test_a_capture_that_breaks_off_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.flows"
    damaged.write_bytes(FLOWS.read_bytes()[:-100])
    inspection = inspect_capture(damaged)
    assert inspection.timeline
    assert inspection.damage is not None
    assert inspection.remarks == (inspection.damage,)
    assert "damaged after flow" in inspection.damage
    sentence = inspection.summary().sentence
    assert sentence.startswith("In the part that could be read: 2 registrations: 2 registered ")


def test_a_capture_that_breaks_off_before_its_first_registration(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.flows"
    # The first flow is a page, the second breaks off.
    data = FLOWS.read_bytes()
    damaged.write_bytes(data[: int(data.partition(b":")[0]) + 100])
    inspection = inspect_capture(damaged)
    assert inspection.summary().sentence == (
        "In the part that could be read: no Attribution Reporting traffic: no Eligible header, "
        "no Register header."
    )


def test_nothing_is_claimed_of_what_cannot_be_read(tmp_path: Path) -> None:
    inspection = unreadable(tmp_path / "none", CaptureError("it cannot be opened"))
    assert inspection.summary().sentence == (
        "The capture cannot be read: nothing is known of its traffic."
    )


def test_a_capture_of_which_nothing_can_be_read_raises(tmp_path: Path) -> None:
    with pytest.raises(CaptureError):
        inspect_capture(tmp_path / "none")


def test_selecting_leaves_the_summary() -> None:
    whole = inspect_capture(FLOWS)
    part = whole.selected(Selection(read_filter("kind:registration")))
    assert {entry.kind for entry in part.timeline} == {EntryKind.REGISTRATION}
    assert part.summary().verdicts == whole.summary().verdicts
    assert part.summary().sentence.endswith(" Filter kind:registration: 3 of 5 entries shown.")
