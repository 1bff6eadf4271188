from __future__ import annotations

from ara_inspector.timeline import Entry, EntryKind, Note, Timeline
from ara_inspector.views.by_flow import SEEN_THROUGH, EntriesByFlow, flows_of
from fake_session import a_session


def test_a_flow_has_its_own_entries_and_the_chain_it_is_in() -> None:
    session = a_session()
    index = EntriesByFlow(session.timeline)
    index.tell(session.timeline)
    assert [entry.kind.value for entry in index.of("flow-1")] == ["registration", "chain", "action"]
    assert [entry.kind.value for entry in index.of("flow-2")] == ["silent", "chain"]
    assert index.of("flow-unknown") == ()


def test_telling_names_the_flows_once_and_a_revision_changes_nothing() -> None:
    session = a_session()
    index = EntriesByFlow(session.timeline)
    entries = list(session.timeline)
    assert index.tell(entries[1:3] + entries[5:6]) == ["flow-1", "flow-2", "flow-5"]
    index.tell(entries[1:3])
    assert [entry.number for entry in index.of("flow-1")] == [2, 6]


def test_an_entry_about_no_flow_has_none() -> None:
    browser, context = a_session().timeline.get(1), a_session().timeline.get(10)
    assert browser is not None
    assert context is not None
    assert flows_of(browser) == flows_of(context) == ()


def test_the_oldest_flows_are_forgotten() -> None:
    session = a_session()
    index = EntriesByFlow(session.timeline, limit=1)
    index.tell(list(session.timeline)[1:3])
    assert index.of("flow-1") == ()
    assert index.of("flow-2") != ()


def test_what_the_timeline_dropped_is_gone() -> None:
    session = a_session()
    index = EntriesByFlow(Timeline(10))
    index.tell(session.timeline)
    assert index.of("flow-1") == ()


def test_flows_that_are_gone_are_neither_noted_nor_kept() -> None:
    session, there = a_session(), {"flow-1", "flow-2"}
    index = EntriesByFlow(session.timeline, is_there=there.__contains__)
    assert index.tell(session.timeline) == ["flow-1", "flow-2"]
    assert index.of("flow-5") == ()
    there |= {f"flow {n}" for n in range(SEEN_THROUGH)}
    there.remove("flow-2")
    index.tell(_notes(SEEN_THROUGH))
    assert index.of("flow-1") != ()
    assert index.of("flow-2") == ()


def _notes(number: int) -> list[Entry]:
    notes = (Note(f"flow {n}", None, "https://a.example/", None, ()) for n in range(number))
    return [Entry(n, None, EntryKind.NOTE, None, note) for n, note in enumerate(notes, 1)]
