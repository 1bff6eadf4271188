"""The words of a registration."""

from __future__ import annotations

from ara_inspector.findings import Severity
from ara_inspector.registrations import Kind, worst
from exchanges import registrations


def test_kinds() -> None:
    assert [kind for kind in Kind if kind.is_source] == [Kind.SOURCE, Kind.OS_SOURCE]
    assert [kind for kind in Kind if kind.is_os] == [Kind.OS_SOURCE, Kind.OS_TRIGGER]
    assert Kind.OS_TRIGGER.header == "Attribution-Reporting-Register-OS-Trigger"


def test_the_worst_severity() -> None:
    (about,) = registrations(
        "image https://r.example/\n< Attribution-Reporting-Register-Source: {}"
    )
    assert about.severity is Severity.ERROR
    assert worst(()) is None
