"""Single values of a registration: typed reading with the findings that go with it.

May live here: what several fields share - integers, 64-bit and 128-bit strings, sets of
strings and choices. Every reader takes a decoded JSON value and the path it stands at, and always
gives a value of its type: where the value is broken it reports to the `Reader` and gives a
stand-in, which nobody keeps because the registration is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.findings import Finding, Rule, Severity, Words
from ara_inspector.spec.constants import INT64_MAX, INT64_MIN, UINT64_MAX
from ara_inspector.spec.json_text import type_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from ara_inspector.findings import Param, Path

ABSENT: Final[Any] = object()
"""What `dict.get` gives for a field that is not there (null is there, and wrong)."""
UINT64_DIGITS: Final = 20
WRONG_TYPE = Rule(
    "REG001",
    "wrong-type",
    Severity.ERROR,
    "must be of type {wanted}, but is of type {found}",
    "parsing-json-fields",
)
NOT_AN_INTEGER = Rule(
    "REG005",
    "not-an-integer",
    Severity.ERROR,
    "{number} is not a whole number",
)
OUT_OF_RANGE = Rule(
    "REG006",
    "out-of-range",
    Severity.ERROR,
    "{number} is not within {minimum} to {maximum}",
)
BELOW_MINIMUM = Rule(
    "REG007",
    "below-minimum",
    Severity.ERROR,
    "{number} is below the minimum of {minimum}",
)
NOT_UINT64 = Rule(
    "REG008",
    "not-uint64",
    Severity.ERROR,
    "{text} is not a decimal string from 0 to 18446744073709551615",
    "parse-an-optional-64-bit-unsigned-integer",
)
NOT_INT64 = Rule(
    "REG009",
    "not-int64",
    Severity.ERROR,
    "{text} is not a decimal string from -9223372036854775808 to 9223372036854775807",
    "parse-an-optional-64-bit-signed-integer",
)
NUMBER_FOR_STRING = Rule(
    "REG010",
    "number-for-string",
    Severity.ERROR,
    "must be a string: write {written} instead of the number {number}",
    "parsing-json-fields",
)
STRING_FOR_NUMBER = Rule(
    "REG011",
    "string-for-number",
    Severity.ERROR,
    "must be a number: write {written} instead of the string {text}",
)
STRING_FOR_BOOLEAN = Rule(
    "REG012",
    "string-for-boolean",
    Severity.ERROR,
    "must be a boolean: write {written} instead of the string {text}",
)
STRING_FOR_LIST = Rule(
    "REG013",
    "string-for-list",
    Severity.ERROR,
    "must be a list: write [{text}] instead of {text}",
)
OBJECT_FOR_LIST = Rule(
    "REG031",
    "object-for-list",
    Severity.ERROR,
    "must be a list: write the object in brackets, [{{...}}]",
)
NOT_HEX128 = Rule(
    "REG014",
    "not-hex128",
    Severity.ERROR,
    "{text} is not 0x followed by a hexadecimal number of up to 128 bits",
    "parsing-aggregation-key-piece",
)
TOO_MANY = Rule(
    "REG015",
    "too-many-entries",
    Severity.ERROR,
    "has {count} entries, but Chrome takes at most {maximum}",
)
EMPTY_LIST = Rule(
    "REG016",
    "empty-list",
    Severity.ERROR,
    "must not be empty",
)
TOO_LONG = Rule(
    "REG017",
    "too-long",
    Severity.ERROR,
    "{text} is {count} bytes long in UTF-8, but Chrome takes at most {maximum}",
)
REPEATED_ENTRY = Rule(
    "REG018",
    "repeated-entry",
    Severity.WARNING,
    "{entry} is in the list already and counts once",
)
NOT_DISTINCT = Rule(
    "REG019",
    "not-distinct",
    Severity.ERROR,
    "{entry} is in the list already, and each entry may be given only once",
)
RESERVED_KEY = Rule(
    "REG020",
    "reserved-key",
    Severity.ERROR,
    "the key {key} is reserved",
)
NOT_A_CHOICE = Rule(
    "REG021",
    "not-a-choice",
    Severity.ERROR,
    "{text} is none of {choices} (case matters)",
)
DEPENDS_ON_BROKEN = Rule(
    "REG022",
    "depends-on-broken",
    Severity.ERROR,
    "cannot be judged, because {field} is broken",
)

_UINT: Final = re.compile(r"\+?[0-9]+")
_INT: Final = re.compile(r"[+-]?[0-9]+")
_HEX128: Final = re.compile(r"0[xX]0*[0-9A-Fa-f]{1,32}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")


class Reader:
    """Collects the findings of one header while its parts are read.

    `failures` counts what breaks the part being read, softened or not: who needs to know
    whether a part is good compares the count before and after.
    """

    __slots__ = ("failures", "findings", "softened")

    def __init__(self) -> None:
        self.failures = 0
        self.findings: list[Finding] = []
        self.softened: Severity | None = None

    def report(self, rule: Rule, path: Path, **params: Param) -> None:
        """Note that `rule` applies at `path`."""
        softened = None
        if rule.severity is Severity.ERROR:
            self.failures += 1
            softened = self.softened
        self.findings.append(Finding(rule, path, params, softened))

    def wrong_type(self, value: object, path: Path, wanted: str) -> None:
        """Report a value of the wrong JSON type."""
        self.report(WRONG_TYPE, path, wanted=Words(wanted), found=type_name(value))


def boolean(reader: Reader, value: object, path: Path) -> bool:
    """A JSON boolean."""
    if type(value) is bool:
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        written = value.lower() == "true"
        reader.report(STRING_FOR_BOOLEAN, path, text=value, written=written)
    else:
        reader.wrong_type(value, path, "boolean")
    return False


def string(reader: Reader, value: object, path: Path) -> str:
    """A JSON string."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        reader.report(NUMBER_FOR_STRING, path, number=value, written=str(value))
    else:
        reader.wrong_type(value, path, "string")
    return ""


def integer(
    reader: Reader, value: object, path: Path, minimum: int, maximum: int | None = None
) -> int:
    """A JSON number without a fraction (2.0 is one) from `minimum` to `maximum`."""
    if type(value) is float:
        if not value.is_integer():
            reader.report(NOT_AN_INTEGER, path, number=value)
            return minimum
        value = int(value)
    if type(value) is not int:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            reader.report(STRING_FOR_NUMBER, path, text=value, written=int(value))
        else:
            reader.wrong_type(value, path, "number")
        return minimum
    if minimum <= value and (maximum is None or value <= maximum):
        return value
    shown = value if -UINT64_MAX <= value <= UINT64_MAX else float(value)
    if maximum is None:
        reader.report(BELOW_MINIMUM, path, number=shown, minimum=minimum)
    else:
        reader.report(OUT_OF_RANGE, path, number=shown, minimum=minimum, maximum=maximum)
    return minimum


def uint64(reader: Reader, value: object, path: Path) -> int:
    """A decimal string that fits 64 bits; Chrome takes leading zeros and a leading plus.

    https://wicg.github.io/attribution-reporting-api/#parse-an-optional-64-bit-unsigned-integer
    """
    if isinstance(value, str):
        if len(value) < UINT64_DIGITS and value.isdigit() and value.isascii():
            return int(value)
        if _UINT.fullmatch(value):
            number = _decimal(value)
            if number <= UINT64_MAX:
                return number
        reader.report(NOT_UINT64, path, text=value)
    elif type(value) is int and value >= 0:
        reader.report(NUMBER_FOR_STRING, path, number=value, written=str(value))
    else:
        reader.wrong_type(value, path, "string")
    return 0


def int64(reader: Reader, value: object, path: Path) -> int:
    """A decimal string that fits 64 bits with a sign.

    https://wicg.github.io/attribution-reporting-api/#parse-an-optional-64-bit-signed-integer
    """
    if isinstance(value, str):
        if _INT.fullmatch(value):
            number = -_decimal(value[1:]) if value[0] == "-" else _decimal(value)
            if INT64_MIN <= number <= INT64_MAX:
                return number
        reader.report(NOT_INT64, path, text=value)
    elif type(value) is int:
        reader.report(NUMBER_FOR_STRING, path, number=value, written=str(value))
    else:
        reader.wrong_type(value, path, "string")
    return 0


def unsigned(text: str) -> int | None:
    """The number a string of decimal digits stands for, cut above 64 bits; None if it is none."""
    return _decimal(text) if _UINT.fullmatch(text) else None


def _decimal(digits: str) -> int:
    # `int` takes quadratic time, and refuses beyond 4,300 digits.
    if len(digits) > UINT64_DIGITS:
        digits = digits.lstrip("+0") or "0"
        if len(digits) > UINT64_DIGITS:
            return UINT64_MAX + 1
    return int(digits)


def hex128(reader: Reader, value: object, path: Path) -> int:
    """A key piece; Chrome takes any number of leading zeros, the specification 32 digits.

    https://wicg.github.io/attribution-reporting-api/#parsing-aggregation-key-piece
    """
    if isinstance(value, str):
        if _HEX128.fullmatch(value):
            return int(value, 16)
        reader.report(NOT_HEX128, path, text=value)
    elif type(value) is int and value >= 0:
        reader.report(NUMBER_FOR_STRING, path, number=value, written=hex(value))
    else:
        reader.wrong_type(value, path, "string")
    return 0


def choice(reader: Reader, value: object, path: Path, choices: Collection[str]) -> str:
    """One of a few words."""
    if isinstance(value, str):
        if value in choices:
            return value
        reader.report(NOT_A_CHOICE, path, text=value, choices=Words(", ".join(choices)))
    else:
        reader.wrong_type(value, path, "string")
    return next(iter(choices))


def short_enough(reader: Reader, text: str, path: Path, maximum: int) -> bool:
    """Whether `text` is at most `maximum` bytes of UTF-8, which is how Chrome counts."""
    if len(text) <= maximum:
        if text.isascii():
            return True
        count = len(text.encode())
        if count <= maximum:
            return True
    else:
        count = len(text.encode())
    reader.report(TOO_LONG, path, text=text, count=count, maximum=maximum)
    return False


def listed(reader: Reader, value: object, path: Path) -> list[Any]:
    """A JSON list."""
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        reader.report(STRING_FOR_LIST, path, text=value)
    elif isinstance(value, dict):
        reader.report(OBJECT_FOR_LIST, path)
    else:
        reader.wrong_type(value, path, "list")
    return []


def mapped(reader: Reader, value: object, path: Path, *, most: int | None = None) -> dict[str, Any]:
    """A JSON object; none of it where it has more than `most` members."""
    if not isinstance(value, dict):
        reader.wrong_type(value, path, "object")
    elif most is not None and len(value) > most:
        reader.report(TOO_MANY, path, count=len(value), maximum=most)
    else:
        return value
    return {}


def string_set(
    reader: Reader,
    value: object,
    path: Path,
    *,
    longest: int | None = None,
    most: int | None = None,
) -> tuple[str, ...]:
    """A list of strings as the set Chrome makes of it: without repetition, sorted."""
    entries: dict[str, None] = {}
    failures = reader.failures
    for index, entry in enumerate(listed(reader, value, path)):
        if type(entry) is not str:
            string(reader, entry, (*path, index))
        elif longest is not None and not short_enough(reader, entry, (*path, index), longest):
            continue
        elif entry in entries:
            reader.report(REPEATED_ENTRY, (*path, index), entry=entry)
        else:
            entries[entry] = None
    if most is not None and len(entries) > most and reader.failures == failures:
        reader.report(TOO_MANY, path, count=len(entries), maximum=most)
    return tuple(sorted(entries)) if len(entries) > 1 else tuple(entries)
