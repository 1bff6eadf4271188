"""Changed copies and the names of fields."""

from __future__ import annotations

import pytest

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
