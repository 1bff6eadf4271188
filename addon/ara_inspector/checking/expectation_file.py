"""Reading a file of expectations, told exactly where it is wrong.

May live here: from tables to `Expectations`. What the keys and words are is in `keys`, reading
the notations is the work of `toml_tables` and `yaml_tables`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ara_inspector import rules
from ara_inspector.checking.expectations import Count, Expectations, Expected
from ara_inspector.checking.keys import (
    COUNTS,
    KEYS,
    LIMITS,
    NAME,
    NONE_OF,
    OF_SOURCE,
    ORIGINS,
    Form,
)
from ara_inspector.checking.tables import (
    MOST_DIGITS,
    ExpectationError,
    Notation,
    Place,
    Tables,
    notation_of,
)
from ara_inspector.checking.toml_tables import toml_tables
from ara_inspector.checking.yaml_tables import yaml_tables
from ara_inspector.spec.urls import place as place_of_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ara_inspector.checking.keys import Key
    from ara_inspector.findings import Severity

LOOSE: Final = re.compile(r"[\s_-]+")
"""What result words are written with where people read them: `no matching sources`."""


def read_expectation_file(path: str | Path) -> Expectations:
    """The expectations of a file, in YAML or TOML by its name. Raises `ExpectationError`.

    A file without any is an error as well.
    """
    data = Path(path).expanduser().read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ExpectationError(f"line {line}: it is not UTF-8 text") from error
    expectations = read_expectations(text, notation_of(path))
    if not expectations:
        # Passing it would be a check that cannot fail.
        raise ExpectationError("nothing is expected in it")
    return expectations


def read_expectations(text: str, notation: Notation = Notation.TOML) -> Expectations:
    """The expectations of a text. Raises `ExpectationError`."""
    tables = (yaml_tables if notation is Notation.YAML else toml_tables)(text)
    value = tables.value
    _only(value, [*(f"{what}s" for what in KEYS), "findings"], tables.top)
    wanted: list[Expected] = []
    for what in KEYS:
        for table, place in _listed(tables, f"{what}s"):
            wanted += expected(what, table, place)
    findings = value.get("findings", {})
    at = tables.the("findings")
    if not isinstance(findings, dict):
        raise tables.error(f"write {at.text}, one table", "findings")
    none_of, limits = _findings(findings, at)
    return Expectations(tuple(wanted), none_of, limits, at.line)


def _listed(tables: Tables, name: str) -> Iterable[tuple[Mapping[str, Any], Place]]:
    listed = tables.value.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(table, dict) for table in listed):
        raise tables.error(tables.notation.several(name), name)
    return zip(listed, tables.each_of(name, len(listed)), strict=True)


def _findings(
    table: Mapping[str, Any], place: Place
) -> tuple[tuple[str, ...], Mapping[Severity, int]]:
    _only(table, [NONE_OF, *LIMITS], place)
    limits = {
        severity: _number(table[key], place, key)
        for key, severity in LIMITS.items()
        if key in table
    }
    codes = _texts(table.get(NONE_OF, []), place, NONE_OF)
    return tuple(_code(text, place) for text in codes), limits


def _code(text: str, place: Place) -> str:
    """A code, or the beginning of codes, of rules that there are."""
    try:
        return rules.beginning(text)
    except rules.UnknownRuleError as error:
        raise place.error(str(error), NONE_OF) from error


def expected(what: str, table: Mapping[str, Any], place: Place) -> list[Expected]:
    """What one table asks for, once for each of its origins. Raises `ExpectationError`."""
    keys = KEYS[what]
    flat = _flat(table, keys, place)
    wanted: dict[str, str] = {}
    for name, key in keys.items():
        if name in flat:
            # The kind stands first among the keys: what may stand under others hangs on it.
            _of_this_kind(wanted.get("kind"), key, place, name)
            wanted[name] = _value(flat[name], key, place, name, wanted.get("kind"))
    defaults = {name: key.default for name, key in keys.items() if key.default is not None}
    assumed = frozenset(defaults.keys() - wanted.keys())
    wanted |= {name: defaults[name] for name in keys if name in assumed}
    count = _count(flat, place)
    title = _text(flat.get(NAME, ""), place, NAME)
    if ORIGINS not in flat:
        return [Expected(what, title, wanted, count, place.line, assumed)]
    origins = _texts(flat[ORIGINS], place, ORIGINS)
    if not origins:
        raise place.error("the list is empty", ORIGINS)
    if "reporting_origin" in wanted:
        raise place.error("there is a reporting_origin already", ORIGINS)
    key = keys["reporting_origin"]
    values = [_value(origin, key, place, ORIGINS) for origin in origins]
    return [
        Expected(what, title, {**wanted, "reporting_origin": origin}, count, place.line, assumed)
        for origin in values
    ]


def _flat(table: Mapping[str, Any], keys: Mapping[str, Key], place: Place) -> dict[str, Any]:
    """The table with the keys of the table below it written with a dot, all of them known."""
    below = {name.partition(".")[2]: name for name in keys if "." in name}
    known = [name for name in keys if "." not in name]
    _only(table, [*known, *([OF_SOURCE] if below else []), ORIGINS, *COUNTS, NAME], place)
    flat = dict(table)
    if OF_SOURCE in flat:
        inner = flat.pop(OF_SOURCE)
        if not isinstance(inner, dict):
            raise place.error(
                f"write {place.notation.below(OF_SOURCE, 'site', 'https://news.example')} for "
                "where the source it is attributed to was registered",
                OF_SOURCE,
            )
        _only(inner, list(below), place, OF_SOURCE)
        flat |= {below[name]: value for name, value in inner.items()}
    return flat


def _value(value: Any, key: Key, place: Place, name: str, kind: str | None = None) -> str:
    text = _text(value, place, name)
    if key.form is Form.WORD:
        return _word(text, key, place, name, kind)
    found = place_of_url(text if "://" in text else f"https://{text}")
    if found is None:
        raise place.error(f'{text!r} is none: write it like "https://a.example"', name)
    if not found.is_bare_origin:
        raise place.error(f'{text!r} has more than the origin: write "{found.origin}"', name)
    if key.form is Form.SITE and not found.is_bare_site:
        raise place.error(f'{text!r} is an origin, its site is "{found.site}"', name)
    return found.origin


def _word(text: str, key: Key, place: Place, name: str, kind: str | None) -> str:
    """The word that is meant: `no matching sources` is noMatchingSources."""
    words = key.words if key.kinds is None or kind is None else key.kinds[kind]
    plain = {LOOSE.sub("", word).lower(): word for word in key.words}
    found = plain.get(LOOSE.sub("", text).lower())
    if found in words:
        return found
    wrong = f"{text!r} is not known"
    if found is not None:
        wrong = f"{found!r} is nothing that becomes of a {kind}"
    raise place.error(f"{wrong}{rules.hint(text, words)} - there are {', '.join(words)}", name)


def _of_this_kind(kind: str | None, key: Key, place: Place, name: str) -> None:
    """Refuse what can never be: a source that is attributed to another."""
    if kind is not None and key.kinds is not None and kind not in key.kinds:
        having = " and ".join(f"{each}s" for each in key.kinds)
        raise place.error(f"only {having} have it, not what is of kind {kind}", name)


def _count(table: Mapping[str, Any], place: Place) -> Count:
    numbers = {key: _number(table[key], place, key) for key in COUNTS if key in table}
    if "count" in numbers:
        if len(numbers) > 1:
            raise place.error("it says all: no at_least or at_most beside it", "count")
        return Count(numbers["count"], numbers["count"])
    at_most = numbers.get("at_most")
    count = Count(numbers.get("at_least", 1 if at_most is None else 0), at_most)
    if at_most is not None and count.at_least > at_most:
        raise place.error(f"{at_most} is less than at_least, {count.at_least}", "at_most")
    return count


def _only(table: Mapping[str, Any], known: list[str], place: Place, inside: str = "") -> None:
    for key in table:
        if key not in known:
            at = f"{inside}.{key}" if inside else key
            line = place.lines.get(at, place.lines.get(inside, place.line))
            shown = f"{place.text} {inside}".rstrip()
            hint, names = rules.hint(key, known), ", ".join(sorted(known))
            raise Place(shown, line).error(f"{key!r} is not known{hint} - there are {names}")


def _text(value: Any, place: Place, key: str) -> str:
    if not isinstance(value, str):
        raise place.error("a string is wanted", key)
    return value


def _texts(value: Any, place: Place, key: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise place.error("a list of strings is wanted", key)
    return tuple(value)


def _number(value: Any, place: Place, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise place.error("a number, 0 or more, is wanted", key)
    if value >= 10**MOST_DIGITS:
        raise place.error("a smaller number is wanted", key)
    return value
