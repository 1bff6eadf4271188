from __future__ import annotations

import csv
import io

import pytest

from ara_inspector.session import Session
from ara_inspector.views.csv_text import COLUMNS, LONGEST, cell, csv_text
from exchanges import watched

TRAFFIC = """
page https://news.example/

ad https://a.example/imp?id=7
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}
"""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_is_quoted(start: str) -> None:
    assert cell(f"{start}1+1").startswith("'")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("a=b", "a=b"),
        ("a\nb", "a\\x0ab"),
        ("\udc80\u202e", "\\udc80\\u202e"),
    ],
)
def test_other_cells_are_escaped_and_stay(text: str, shown: str) -> None:
    assert cell(text) == shown


def test_a_cell_is_no_longer_than_a_spreadsheet_takes() -> None:
    assert cell("x" * 40_000) == "x" * LONGEST + "... (40,000 characters)"


def test_damage_has_a_row_of_its_own() -> None:
    text = csv_text([("one", Session()), ("two", Session())], [("two", "=breaks off\x1b")])
    (row,) = csv.DictReader(io.StringIO(text))
    assert {name: value for name, value in row.items() if value} == {
        "capture": "two", "kind": "damage", "severity": "error", "findings": "'=breaks off\\x1b",
    }  # fmt: skip


def test_a_row_for_each_entry_under_one_header() -> None:
    session = watched(TRAFFIC)
    text = csv_text([("one", session), ("two", session)])
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 2 * len(session.timeline)
    row = next(r for r in rows if r["capture"] == "two" and r["kind"] == "registration")
    assert row["verdict"] == "registered"
    assert row["url"] == "https://a.example/imp?id=7"
    assert row["site"] == "https://news.example"
    assert (row["chain"], row["hop"], row["status"]) == ("1", "1", "200")
    assert row["time"] == "2027-01-15T08:00:00.150+00:00"
