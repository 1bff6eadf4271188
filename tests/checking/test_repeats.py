"""A capture that holds the same flows twice."""

from __future__ import annotations

from pathlib import Path

from ara_inspector.checking.inspection import inspect_capture
from ara_inspector.checking.repeats import Repeats
from ara_inspector.records import replace
from exchanges import exchanges

SESSION = Path(__file__).parents[2] / "fixtures" / "flows" / "realistic_session.flows"


def test_the_same_flows_again_change_nothing_but_are_told(tmp_path: Path) -> None:
    twice = tmp_path / "twice.flows"
    twice.write_bytes(SESSION.read_bytes() * 2)
    once, again = inspect_capture(SESSION), inspect_capture(twice)
    assert again.timeline == once.timeline
    assert again.summary() == once.summary()
    assert again.remarks == ("47 exchanges repeat the flow id of an earlier one and were left out",)
    assert once.remarks == ()


def test_a_flow_that_was_saved_too_early_is_no_repetition() -> None:
    (whole,) = exchanges("ad https://a.example/")
    repeats = Repeats()
    assert not repeats.has(replace(whole, status=None))
    assert not repeats.has(whole)
    assert not repeats.count
    assert repeats.has(whole)
    assert repeats.remarks == ("1 exchange repeats the flow id of an earlier one and was left out",)


def test_an_exchange_that_failed_is_over() -> None:
    (failed,) = exchanges("ad https://a.example/\n! no route")
    repeats = Repeats()
    assert not repeats.has(failed)
    assert repeats.has(failed)


def test_not_all_are_remembered_for_ever() -> None:
    repeats = Repeats(kept=1)
    first, second = exchanges("ad https://a.example/\n\nad https://b.example/")
    assert not repeats.has(first)
    assert not repeats.has(second)
    assert not repeats.has(second)
    assert repeats.has(first)
