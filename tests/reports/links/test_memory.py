from __future__ import annotations

from ara_inspector.records import replace
from ara_inspector.registrations import Kind
from ara_inspector.reports.links import Memory, Role
from ara_inspector.reports.links.values import report_origins
from known_registrations import PUBLISHER, SHOP, a_source, a_trigger, registration, report

BODY = {"attribution_destination": SHOP, "source_event_id": "123", "source_site": PUBLISHER}
SUCCESS = report("debug/verbose", [{"type": "source-success", "body": BODY}])


def entries(memory: Memory) -> list[int]:
    return [link.entry for link in memory.explain(SUCCESS).links]


def test_registrations_are_found_by_the_origin_of_their_reports() -> None:
    memory = Memory(10)
    memory.remember(1, a_source(time=2000.0, origin="https://r2.example"))
    assert entries(memory) == []
    memory.remember(2, a_source(time=2000.0))
    assert entries(memory) == [2]
    assert len(memory) == 2


def test_what_a_report_takes_is_used() -> None:
    memory = Memory(10)
    memory.remember(1, a_source(time=2000.0))
    memory.remember(2, a_source(time=2000.01))
    assert [entries(memory) for _ in range(3)] == [[2], [1], [2]]


def test_a_source_is_not_used_up_by_its_triggers() -> None:
    memory = Memory(10)
    memory.remember(1, a_source(time=2000.0))
    memory.remember(2, a_trigger())
    deduplicated = report("debug/verbose", [{"type": "trigger-event-deduplicated", "body": BODY}])
    assert {link.role for link in memory.explain(deduplicated).links} == {
        Role.CAUSE,
        Role.SOURCE,
    }
    memory.remember(3, a_source(time=2000.01))
    assert [entries(memory) for _ in range(2)] == [[3], [1]]


def test_a_revised_registration_takes_the_place_of_the_old_one() -> None:
    memory = Memory(10)
    first = a_source(time=2000.0, site=None)
    memory.remember(1, first)
    entries(memory)
    memory.remember(1, replace(first, context_site=a_source().context_site))
    memory.remember(2, a_source(time=1999.9))
    # That it is used is kept, what it says is new.
    assert entries(memory) == [2]
    assert len(memory) == 2


def test_the_oldest_are_forgotten() -> None:
    memory = Memory(2)
    for entry in (1, 2, 3):
        memory.remember(entry, a_source(time=2000.0))
    memory.remember(4, a_source(origin=None))
    memory.remember(5, a_source(origin=None))
    assert (len(memory), memory.forgotten) == (2, 3)
    assert entries(memory) == []


def test_os_registrations_report_to_the_urls_they_name() -> None:
    value = '"https://os.example/a", "https://os.example/b", "https://os2.example:8443/"'
    made = registration(Kind.OS_SOURCE, value, site=PUBLISHER)
    assert set(report_origins(made)) == {"https://os.example", "https://os2.example:8443"}
    assert report_origins(replace(made, effective=None)) == ("https://r1.example",)
