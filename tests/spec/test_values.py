"""Single values: what is kept, what is found, and the stand-in for what is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.findings import Severity
from ara_inspector.spec import values
from ara_inspector.spec.values import Reader

if TYPE_CHECKING:
    from collections.abc import Callable


def codes(reader: Reader) -> list[str]:
    return [finding.rule.code for finding in reader.findings]


@pytest.mark.parametrize(
    ("read", "given", "kept"),
    [
        (values.uint64, "18446744073709551615", 2**64 - 1),
        (values.uint64, "+0000000000000000000000000000012", 12),
        (values.int64, "-9223372036854775808", -(2**63)),
        (values.hex128, "0X" + "0" * 500 + "fF", 255),
        (values.boolean, False, False),
        (values.string, "é", "é"),
        (values.listed, [1], [1]),
        (values.mapped, {"a": 1}, {"a": 1}),
    ],
)
def test_good(read: Callable[..., Any], given: object, kept: object) -> None:
    reader = Reader()
    assert read(reader, given, ("here",)) == kept
    assert reader.findings == []
    assert reader.failures == 0


@pytest.mark.parametrize(
    ("read", "given", "stand_in", "code"),
    [
        (values.uint64, "18446744073709551616", 0, "REG008"),
        (values.uint64, "9" * 100_000, 0, "REG008"),
        (values.int64, "-" + "9" * 100_000, 0, "REG009"),
        (values.hex128, "0x" + "f" * 33, 0, "REG014"),
        (values.boolean, "FALSE", False, "REG012"),
        (values.string, None, "", "REG001"),
        (values.listed, {}, [], "REG031"),
        (values.mapped, [], {}, "REG001"),
    ],
)
def test_broken(read: Callable[..., Any], given: object, stand_in: object, code: str) -> None:
    reader = Reader()
    assert read(reader, given, ("here",)) == stand_in
    assert codes(reader) == [code]
    assert reader.failures == 1
    assert reader.findings[0].path == ("here",)


def test_a_softened_error_is_a_warning() -> None:
    reader = Reader()
    reader.softened = Severity.WARNING
    values.uint64(reader, "x", ("debug_key",))
    reader.report(values.REPEATED_ENTRY, ("types",), entry="x")
    assert [finding.severity for finding in reader.findings] == ["warning", "warning"]
    assert [finding.softened for finding in reader.findings] == [Severity.WARNING, None]


@pytest.mark.parametrize(
    ("given", "number"), [("12", 12), ("+1", 1), ("", None), ("-1", None), ("9" * 30, 2**64)]
)
def test_unsigned(given: str, number: int | None) -> None:
    assert values.unsigned(given) == number


def test_sets_are_sorted_and_count_once() -> None:
    reader = Reader()
    assert values.string_set(reader, ["b", "é", "a", "b"], ()) == ("a", "b", "é")
    assert [(finding.rule.code, finding.path) for finding in reader.findings] == [("REG018", (3,))]
    assert reader.failures == 0


def test_lengths_are_those_of_utf_8() -> None:
    reader = Reader()
    assert values.short_enough(reader, "é" * 12, (), 25)
    assert not values.short_enough(reader, "é" * 13, (), 25)
    assert reader.findings[0].params["count"] == 26
