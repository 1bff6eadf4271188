"""Numbered entries, bounded, revised in place."""

from __future__ import annotations

from ara_inspector.attribution.fates import Fate
from ara_inspector.findings import Rule, Severity
from ara_inspector.timeline import EntryKind, Note, Timeline

RULE = Rule("TST001", "a-test", Severity.WARNING, "a test")


def note(name: str) -> Note:
    return Note(name, None, f"https://{name}.example/", None, (RULE.at(),))


def test_entries_are_numbered_from_one() -> None:
    timeline = Timeline(10)
    first = timeline.add(EntryKind.NOTE, note("a"), 1.0)
    second = timeline.add(EntryKind.NOTE, note("b"), 2.0, "https://b.example")
    assert [first.number, second.number, len(timeline)] == [1, 2, 2]
    assert list(timeline) == list(timeline.of_kind(EntryKind.NOTE)) == [first, second]
    assert first.verdict is None
    assert first.severity is Severity.WARNING
    assert [finding.rule for finding in first.findings] == [RULE]


def test_a_revised_entry_keeps_its_number() -> None:
    timeline = Timeline(10)
    timeline.add(EntryKind.NOTE, note("a"), 1.0)
    assert timeline.revise(1, note("a")) is None
    revised = timeline.revise(1, note("b"))
    assert revised is not None
    assert (revised.number, revised.revision, timeline.get(1)) == (1, 1, revised)


def test_the_oldest_entries_are_dropped_and_counted() -> None:
    timeline = Timeline(2)
    for name in ("a", "b", "c"):
        timeline.add(EntryKind.NOTE, note(name), None)
    assert [entry.number for entry in timeline] == [2, 3]
    assert timeline.dropped == 1
    assert timeline.get(1) is None
    assert timeline.revise(1, note("d")) is None


def test_what_became_of_a_dropped_entry_is_told_nobody() -> None:
    timeline = Timeline(1)
    timeline.add(EntryKind.NOTE, note("a"), None)
    assert timeline.settle(7, fate=Fate(ground="gone")) is None
    timeline.slim(7)
    timeline.slim(1)
    told = timeline.settle(1, fate=Fate(ground="kept"))
    assert told is not None
    assert timeline.settle(1, fate=Fate(ground="kept")) is None
    timeline.slim(1)
    assert timeline.get(1) == told
