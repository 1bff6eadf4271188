"""Changed copies, the names of fields, and what the garbage collector need not look at."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest
from msgspec import Struct

import ara_inspector
from ara_inspector.exchange import Exchange
from ara_inspector.records import field_names, replace
from ara_inspector.spec.effective import AggregatableValue, AggregatableValues, FilterPair

EXCHANGE = Exchange(
    flow_id="1", method="GET", url="https://a.example/", request_lines=(), started=None
)


def test_a_copy_differs_in_what_is_changed() -> None:
    changed = replace(EXCHANGE, method="POST", status=200)
    assert (changed.method, changed.status) == ("POST", 200)
    assert replace(changed, method="GET", status=None) == EXCHANGE != changed


def test_a_field_that_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        replace(EXCHANGE, verb="POST")  # type: ignore[call-arg] # what is tested


def test_records_do_not_change_in_place() -> None:
    with pytest.raises(AttributeError):
        EXCHANGE.method = "POST"  # type: ignore[misc] # what is tested


def test_a_record_and_its_class_name_the_fields_in_their_order() -> None:
    value = AggregatableValue(value=1, filtering_id=2)
    assert field_names(value) == field_names(AggregatableValue) == ("value", "filtering_id")
    assert field_names(AggregatableValues) == (*field_names(FilterPair), "values")


def _records() -> list[type[Struct]]:
    for module in walk_packages(ara_inspector.__path__, "ara_inspector."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    kinds, found = list(Struct.__subclasses__()), []
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("ara_inspector."):
            found.append(kind)
    return found


def test_only_what_may_change_is_looked_at_by_the_garbage_collector() -> None:
    # What never changes is made after all it refers to, and so is in no circle.
    records = _records()
    assert len(records) > 100
    assert {kind.__struct_config__.frozen for kind in records} == {True, False}
    assert [
        kind.__name__
        for kind in records
        if kind.__struct_config__.gc is kind.__struct_config__.frozen
    ] == []
