"""fixtures/MEASURED.md says what the recordings say."""

from __future__ import annotations

from pathlib import Path

from recording.blocking import BLOCKING
from recording.measured import DOCUMENT, PLACE, TABLES, measured, with_tables

FIXTURES = Path(__file__).parents[1] / "fixtures"
WRITTEN = (FIXTURES / DOCUMENT).read_text(encoding="utf-8")


def test_the_tables_are_those_of_the_recordings() -> None:
    assert with_tables(WRITTEN, FIXTURES / "flows") == WRITTEN


def test_each_table_has_its_place_and_each_recording_its_table() -> None:
    assert [name for _, name, _ in PLACE.findall(WRITTEN)] == list(TABLES)
    in_tables = [recording for table in TABLES.values() for recording in table.recordings]
    assert in_tables == [scenario.name for scenario in BLOCKING]


def test_each_cell_is_one_answer() -> None:
    for table in TABLES.values():
        answers = [
            answer
            for recording in table.recordings
            for answer in measured(FIXTURES / "flows" / f"{recording}.flows")
        ]
        assert len({(table.row(answer), table.column(answer)) for answer in answers}) == len(
            answers
        )


def test_the_types_that_are_said_to_pass_and_not_to_pass_are_these() -> None:
    told: dict[str, set[bool]] = {}
    for recording in TABLES["types"].recordings:
        for answer in measured(FIXTURES / "flows" / f"{recording}.flows"):
            told.setdefault(answer.kind, set()).add(answer.registers)

    assert {kind for kind, registers in told.items() if registers == {True}} == {
        *("", "nonsense", "text/css", "image/svg+xml", "text/vtt", "audio/mpeg", "video/mp4")
    }
    assert {kind for kind, registers in told.items() if registers == {False}} == {
        *("application/zip", "application/gzip", "application/pdf", "application/msword"),
        *("application/x-protobuf", "text/csv", "text/event-stream"),
    }
