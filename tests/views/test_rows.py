from __future__ import annotations

import json

import pytest

from ara_inspector.records import replace
from ara_inspector.timeline import EntryKind, Note
from ara_inspector.views.fates import told_in_full
from ara_inspector.views.rows import DOTS, ROUTE, SEARCHED, in_full, row_of, why_of
from exchanges import watched
from fake_session import ZERO, a_session, chain, many, source

SMALL = 1_000
"""Bytes of a row of an ordinary registration."""


def rows() -> dict[int, dict[str, object]]:
    return {entry.number: row_of(entry) for entry in a_session().timeline}


def test_a_row_of_a_registration() -> None:
    row = rows()[2]
    text = row.pop("text")
    assert row == {
        "number": 2,
        "revision": 0,
        "kind": "registration",
        "time": ZERO + 1,
        "verdict": "registered",
        "origin": "https://a.example",
        "severity": "warning",
        "flow": "flow-1",
        "what": "source (event)",
        "registers": "source",
        "route": "news.example? > shop.example",
        "place": "c1:1",
        "codes": [("SRC004", "warning")],
        "warnings": 1,
        "site": "https://news.example",
        "page": "https://www.news.example",
        "chains": [1],
    }
    assert isinstance(text, str)
    for part in ("#2", "flow-1", "/imp?id=1", '"source_event_id":"17"', "expiry-clamped"):
        assert part in text


def test_rows_lead_from_one_entry_to_another() -> None:
    made = rows()
    assert made[3]["chains"] == made[6]["chains"] == made[7]["chains"] == [1]
    assert made[6]["dots"] == ["registered", "", "rejected"]
    assert made[9]["causes"] == [8]
    assert made[6]["origins"] == ["https://a.example", "https://b.example", "https://c.example"]
    assert made[8]["sure"] is False
    assert "sure" not in made[2]


def test_members_without_a_value_are_left_out() -> None:
    assert not any(value in (None, "", []) for row in rows().values() for value in row.values())
    assert "time" not in rows()[11]
    assert "causes" not in rows()[10]


def test_codes_come_worst_first_and_once() -> None:
    raw = '{"destination": 7, "expiry": "99999999", "source_event_id": 1, "priority": 1, "x": 1}'
    session = a_session()
    entry = session.timeline.add(EntryKind.REGISTRATION, source(raw), ZERO)
    codes = row_of(entry)["codes"]
    order = ["error", "warning", "note"]
    assert [severity for _, severity in codes] == sorted(
        (severity for _, severity in codes), key=order.index
    )
    assert len({code for code, _ in codes}) == len(codes) > 2


def test_a_search_finds_text_in_any_case_of_letters_and_hops() -> None:
    session = a_session()
    entry = session.timeline.add(
        EntryKind.REGISTRATION, source('{"destination":"https://SHOP.example"}'), ZERO
    )
    assert "https://shop.example" in row_of(entry)["text"]
    assert "https://b.example/next" in str(rows()[6]["text"])


def test_findings_are_counted_each() -> None:
    session = a_session()
    raw = '{"destination":"https://shop.example","priority":1,"source_event_id":2}'
    row = row_of(session.timeline.add(EntryKind.REGISTRATION, source(raw), ZERO))
    assert row["errors"] == 2
    assert row["codes"] == [("REG010", "error")]
    assert "warnings" not in row


def test_where_there_is_no_reporting_origin_its_row_shows_what_there_is() -> None:
    about = source(url="https://not a host/x?y", reporting_origin=None)
    row = row_of(a_session().timeline.add(EntryKind.REGISTRATION, about, ZERO))
    assert row["reporter"] == "https://not a host"
    assert "origin" not in row
    assert not any("reporter" in row for row in rows().values())


def test_what_is_searched_reads_as_it_is_shown() -> None:
    session = a_session()
    about = source('{"destination":"https://\u202ex.example"}', url="https://a.example/\x1b[31m")
    entry = session.timeline.add(EntryKind.REGISTRATION, about, ZERO)
    text = str(row_of(entry)["text"])
    assert r"https://a.example/\x1b[31m" in text
    assert r"\u202ex.example" in text
    assert text.replace("\n", "").isprintable()


def test_rows_stay_small() -> None:
    (entry,) = many(1).timeline
    assert len(json.dumps(row_of(entry))) < SMALL
    session = a_session()
    long = session.timeline.add(EntryKind.REGISTRATION, source("{" + "x" * 5_000_000), ZERO)
    assert len(json.dumps(row_of(long))) < SEARCHED + SMALL
    note = Note("flow-9", ZERO, "https://a.example/" + "x" * 3_000_000, None, ())
    told = row_of(session.timeline.add(EntryKind.NOTE, note, ZERO))
    assert len(json.dumps(told)) < 2 * SEARCHED + SMALL
    assert told["route"] == note.url[:ROUTE] + "…"
    card = chain()
    hops = session.timeline.add(EntryKind.CHAIN, replace(card, hops=card.hops * 100), ZERO)
    assert len(row_of(hops)["dots"]) == DOTS


def test_a_registration_comes_with_what_became_of_it() -> None:
    session = watched(
        "page https://pub.example/\n\nad https://r1.example/i\n"
        '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}\n\n'
        "page https://shop.example/\n\nad https://r1.example/c\n"
        '< Attribution-Reporting-Register-Trigger: {"event_trigger_data": [{}]}\n'
    )
    stored, trigger = (entry for entry in session.timeline if entry.fate is not None)
    assert row_of(stored)["route"] == "pub.example? > shop.example"
    assert row_of(stored)["page"] == "https://pub.example/"
    assert row_of(trigger)["route"] == f"success (#{stored.number}): shop.example? > data 0"
    assert trigger.fate is not None
    assert in_full(trigger)["why"] == why_of(trigger) == list(told_in_full(trigger.fate))


@pytest.mark.parametrize("number", range(1, 12))
def test_an_entry_in_full_is_its_document(number: int) -> None:
    entry = a_session().timeline.get(number)
    assert entry is not None
    shown = in_full(entry)
    assert shown["entry"]["number"] == number
    assert shown["entry"]["kind"] in shown["entry"]
    assert shown["why"] == []
