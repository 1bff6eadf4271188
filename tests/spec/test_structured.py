from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ara_inspector.findings import Severity
from ara_inspector.spec.headers import HeaderKind, effective_json, read_header
from ara_inspector.spec.structured import read_dictionary, read_list
from header_cases import Case, cases, check

if TYPE_CHECKING:
    from collections.abc import Sequence

STRUCTURED = [kind for kind in HeaderKind if kind not in {HeaderKind.SOURCE, HeaderKind.TRIGGER}]

PIECES: Sequence[str] = [
    *("event-source", "trigger", "web", "os", "preferred-platform", "debug-reporting", "x"),
    *(",", ", ", ";", "=", '"', "\\", "(", ")", "?1", "@1", ":YQ==:", "%", "1.5", "-", " "),
    *("\t", "é", "\udce9", "\x00", "https://os.example/", "A"),
]
"""Lone surrogates are how undecodable bytes arrive."""


@pytest.mark.parametrize("case", cases(*STRUCTURED), ids=str)
def test_case(case: Case) -> None:
    check(case)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_read_or_refused_at_a_place(text: str) -> None:
    for kind in STRUCTURED:
        reading = read_header(kind, text, None)
        errors = [f for f in reading.findings if f.severity is Severity.ERROR]
        assert (reading.value is None) == bool(errors)
        for finding in reading.findings:
            assert finding.message.isprintable()
            position = finding.params.get("position")
            assert position is None or (isinstance(position, int) and 0 <= position <= len(text))
        if reading.value is not None:
            again = effective_json(reading.value)
            assert isinstance(again, str)
            assert read_header(kind, again, None).value == reading.value


@pytest.mark.parametrize("text", ['a="', "é", "a, ", '"é', 'a="é', "%"])
def test_positions_lie_within_the_text(text: str) -> None:
    for read in (read_dictionary, read_list):
        found = read(text)
        assert isinstance(found, list | tuple) or int(str(found.params["position"])) <= len(text)
