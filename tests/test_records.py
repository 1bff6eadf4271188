"""Changed copies and the names of fields, of records and of models alike."""

from __future__ import annotations

import pytest

from ara_inspector.exchange import Exchange
from ara_inspector.records import field_names, replace
from ara_inspector.spec.effective import AggregatableValue

VALUES = (
    (
        Exchange(
            flow_id="1", method="GET", url="https://a.example/", request_lines=(), started=None
        ),
        "method",
        "POST",
    ),
    (AggregatableValue(value=1, filtering_id=2), "value", 3),
)
either = pytest.mark.parametrize(("value", "name", "new"), VALUES, ids=("record", "model"))


@either
def test_a_copy_differs_in_what_is_changed(value: object, name: str, new: object) -> None:
    changed = replace(value, **{name: new})  # type: ignore[type-var]
    assert type(changed) is type(value)
    for each in field_names(value):
        assert getattr(changed, each) == (new if each == name else getattr(value, each))


@either
def test_a_field_that_is_not_there_cannot_be_changed(value: object, name: str, new: object) -> None:
    with pytest.raises(TypeError):
        replace(value, **{f"{name}_": new})  # type: ignore[type-var]


@either
def test_neither_changes_in_place(value: object, name: str, new: object) -> None:
    with pytest.raises(AttributeError):
        setattr(value, name, new)


@either
def test_a_class_names_the_fields_of_its_values(value: object, name: str, new: object) -> None:
    assert name in field_names(value) == field_names(type(value))
    assert new not in field_names(value)
