"""The case files of `fixtures/headers/<kind>/*.toml`, and running one.

A file is a list of `[[case]]` tables:

    name = "what the case shows"
    input = '''{"destination": "https://shop.example"}'''
    source_type = "event"                # sources only
    encoding = "latin-1"                 # optional: sent in this one, read as UTF-8 all the same
    fill = 200000                        # optional: bytes the input has once its … is letters
    findings = [["SRC012", "expiry"]]    # code, then path; exact, in document order
    messages = ["..."]                   # optional: what the findings say, in the same order
    softened = ["warning"]               # optional: the findings' severities, in the same order
    ok = false                           # optional; default: no finding is an error
    effective = '''...'''                # optional: JSON for source and trigger, else the text;
                                         # of an object only the members given are compared
    parsed = false                       # optional: whether there is an effective value at all
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, effective_json, read_header

if TYPE_CHECKING:
    from ara_inspector.spec.reading import Reading

HEADERS = Path(__file__).parents[1] / "fixtures" / "headers"
FIELDS = {
    "name",
    "input",
    "source_type",
    "encoding",
    "fill",
    "findings",
    "messages",
    "softened",
    "ok",
    "effective",
    "parsed",
}


@dataclass(frozen=True)
class Case:
    """One input and what is expected of it."""

    kind: HeaderKind
    file: str
    table: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.kind}/{self.file}: {self.table['name']}"

    @property
    def source_type(self) -> SourceType | None:
        word = self.table.get("source_type")
        return None if word is None else SourceType(word)

    def read(self) -> Reading[Any]:
        given = self.table["input"]
        text = filled(given, self.table["fill"]) if "fill" in self.table else given
        sent = text.encode(self.table.get("encoding", "utf-8"))
        return read_header(self.kind, sent.decode("utf-8", "surrogateescape"), self.source_type)


def filled(text: str, size: int) -> str:
    """`text` with its … replaced by so many letters that it has `size` bytes."""
    return text.replace("…", "a" * (size - len(text.replace("…", "").encode())))


def cases(*kinds: HeaderKind) -> list[Case]:
    """Every case of `kinds` (default: all), in file order."""
    found = []
    for kind in kinds or HeaderKind:
        for file in sorted((HEADERS / kind).glob("*.toml")):
            for table in tomllib.loads(file.read_text("utf-8"))["case"]:
                assert table.keys() <= FIELDS, f"{file}: {table.keys() - FIELDS}"
                found.append(Case(kind, file.stem, table))
    names = [str(case) for case in found]
    assert len(names) == len(set(names)), "two cases of one name"
    return found


def check(case: Case) -> None:
    """Read the case's input and compare everything the case says."""
    table = case.table
    reading = case.read()
    findings = reading.findings
    assert [[f.rule.code, *f.path] for f in findings] == table["findings"]
    if "messages" in table:
        assert [f.message for f in findings] == table["messages"]
    if "softened" in table:
        assert [f.severity for f in findings] == table["softened"]
    assert reading.ok == table.get("ok", not any(f.severity == "error" for f in findings))
    if "parsed" in table:
        assert (reading.value is not None) == table["parsed"]
    if "effective" in table:
        assert reading.value is not None
        effective = effective_json(reading.value)
        if isinstance(effective, str):
            assert effective == table["effective"]
        else:
            wanted = json.loads(table["effective"])
            assert {key: effective.get(key) for key in wanted} == wanted
    if reading.value is not None:
        again = effective_json(reading.value)
        text = again if isinstance(again, str) else json.dumps(again)
        second = read_header(case.kind, text, case.source_type)
        assert second.value == reading.value, "reading the effective value gives another"
