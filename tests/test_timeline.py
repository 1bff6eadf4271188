"""Numbered entries, bounded, revised in place."""

from __future__ import annotations

import pytest

from ara_inspector.archive import BLOCK, OPEN, Archive
from ara_inspector.attribution.fates import Fate
from ara_inspector.findings import Rule, Severity
from ara_inspector.records import replace
from ara_inspector.timeline import RECENT, Entry, EntryKind, Note, Timeline
from exchanges import of_kind

RULE = Rule("TST001", "a-test", Severity.WARNING, "a test")


def note(name: str) -> Note:
    return Note(name, None, f"https://{name}.example/", None, (RULE.at(),))


def test_entries_are_numbered_from_one() -> None:
    timeline = Timeline(10)
    first = timeline.add(EntryKind.NOTE, note("a"), 1.0)
    second = timeline.add(EntryKind.NOTE, note("b"), 2.0, "https://b.example")
    assert [first.number, second.number, len(timeline)] == [1, 2, 2]
    assert list(timeline) == of_kind(timeline, EntryKind.NOTE) == [first, second]
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
    told = timeline.settle(1, fate=Fate(ground="kept"))
    assert told is not None
    assert timeline.settle(1, fate=Fate(ground="kept")) is None
    assert timeline.get(1) == told


def filled(limit: int, number: int) -> Timeline:
    timeline = Timeline(limit)
    for each in range(1, number + 1):
        timeline.add(EntryKind.NOTE, note(f"n{each}"), float(each))
    return timeline


@pytest.mark.parametrize("limit", [RECENT - 1, RECENT + BLOCK - 1, RECENT + BLOCK, RECENT * 2])
def test_old_entries_are_packed_and_nothing_shows_it(limit: int) -> None:
    number = 3 * RECENT
    timeline = filled(limit, number)
    plain = [
        Entry(each, float(each), EntryKind.NOTE, None, note(f"n{each}"))
        for each in range(1, number + 1)
    ]
    kept = plain[number - limit :]
    assert list(timeline) == kept
    assert [timeline.get(entry.number) for entry in plain] == [None] * (number - limit) + kept
    assert (len(timeline), timeline.dropped) == (limit, number - limit)
    assert timeline.get(0) is None
    assert timeline.get(number + 1) is None


def test_a_packed_entry_can_be_revised_any_time() -> None:
    timeline = filled(50_000, 3 * RECENT)
    blocks = 2 * RECENT // BLOCK
    assert blocks > OPEN
    for turn in ("once", "again"):
        for block in range(blocks):
            assert timeline.revise(block * BLOCK + 5, note(f"{turn} {block}")) is not None
    told = [timeline.get(block * BLOCK + 5) for block in range(blocks)]
    assert [entry and (entry.about, entry.revision) for entry in told] == [
        (note(f"again {block}"), 2) for block in range(blocks)
    ]
    by_number = {entry.number: entry for entry in timeline}
    assert [by_number[block * BLOCK + 5] for block in range(blocks)] == told
    assert by_number[6].about == note("n6")
    assert timeline.settle(6, fate=Fate(ground="late")) is not None


def test_what_is_iterated_is_how_things_stood() -> None:
    timeline = filled(3 * RECENT, 3 * RECENT)
    entries = iter(timeline)
    for name in range(2 * BLOCK):
        timeline.add(EntryKind.NOTE, note(f"later {name}"), None)
    timeline.revise(RECENT, note("later"))
    assert [entry.number for entry in entries] == list(range(1, 3 * RECENT + 1))


def test_what_is_packed_is_small() -> None:
    entries = list(filled(BLOCK, BLOCK))
    archive = Archive()
    archive.add(entries)
    (packed,) = archive.blocks()
    assert list(packed) == entries
    archive.put(replace(entries[3], time=None))
    archive.drop_oldest()
    assert archive.get(4) is None
    assert not list(archive.blocks())


def test_text_that_is_no_unicode_is_packed_too() -> None:
    timeline = Timeline(50_000)
    odd = Note("a\udcff", None, "https://a.example/\udce9", None, (RULE.at((), x="\ud800"),))
    timeline.add(EntryKind.NOTE, odd, None)
    for each in range(RECENT + BLOCK):
        timeline.add(EntryKind.NOTE, note(f"n{each}"), None)
    first = timeline.get(1)
    assert first is not None
    assert first.about == odd
