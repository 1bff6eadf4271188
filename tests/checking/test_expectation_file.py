"""Reading a file of expectations: what it may say, and where it says what it may not."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import jsonschema
import pytest

from ara_inspector.checking.expectation_file import (
    expected,
    read_expectation_file,
    read_expectations,
)
from ara_inspector.checking.expectation_schema import expectation_schema
from ara_inspector.checking.expectations import Count, Expected
from ara_inspector.checking.keys import FATE_KEYS, KEYS, Form
from ara_inspector.checking.tables import ExpectationError, Place
from ara_inspector.findings import Severity
from ara_inspector.records import replace
from ara_inspector.registrations import Kind

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
# The form of a file, all of it.
[[registrations]]
name = "the click"
kind = "source"
source_type = "navigation"
site = "https://news.example"
destination = "https://shop.example"
reporting_origins = ["https://a.example", "https://b.example:8443"]
result = "stored"
count = 2

[[registrations]]
kind = "trigger"
site = "https://shop.example"
reporting_origin = "https://a.example"
verdict = "registered"
event_level = "attributed"
aggregatable = "insufficientBudget"
source.site = "https://news.example"
source.source_type = "event"
source.destination = "https://shop.example"

[[ reports ]]  # spaces do no harm
kind = "event-level"
reporting_origin = "https://a.example"
delivery = "accepted"
standing = "expected"
at_least = 1
at_most = 3

[findings]
none_of = ["ATT", "src001", "expiry-clamped"]
errors = 0
warnings = 2
"""


def test_a_whole_file() -> None:
    read = read_expectations(WHOLE)
    click, again, purchase, report = read.expected
    assert click == Expected(
        "registration",
        "the click",
        {
            "kind": "source",
            "source_type": "navigation",
            "site": "https://news.example",
            "destination": "https://shop.example",
            "result": "stored",
            "verdict": "registered",
            "reporting_origin": "https://a.example",
        },
        Count(2, 2),
        2,
        frozenset({"verdict"}),
    )
    wanted = {**click.wanted, "reporting_origin": "https://b.example:8443"}
    assert again == replace(click, wanted=wanted)
    assert purchase.line == 12
    assert {k: v for k, v in purchase.wanted.items() if k in FATE_KEYS} == {
        "event_level": "attributed",
        "aggregatable": "insufficientBudget",
        "source.site": "https://news.example",
        "source.source_type": "event",
        "source.destination": "https://shop.example",
    }
    assert (report.count, report.line, report.wanted["standing"]) == (Count(1, 3), 23, "expected")
    assert read.none_of == ("ATT", "SRC001", "SRC004")
    assert read.limits == {Severity.ERROR: 0, Severity.WARNING: 2}
    assert read.findings_line == 31
    assert len(read) == 4 + 3 + 2


def one(table: str, what: str = "registrations") -> Expected:
    (read,) = read_expectations(f"[[{what}]]\n{table}").expected
    return read


def test_what_goes_without_saying() -> None:
    assert one("").wanted == {"verdict": "registered"}
    assert one("").assumed == {"verdict"}
    assert one('verdict = "registered"').assumed == frozenset()
    assert one("", "reports").wanted == {"standing": "seen"}
    assert one("").count == Count(1, None)
    assert one("at_most = 4").count == Count(0, 4)
    assert read_expectations("").expected == ()


@pytest.mark.parametrize("key", ["site", "destination", "reporting_origin", "source.site"])
@pytest.mark.parametrize(
    "text",
    ["https://shop.example", "https://shop.example/", "shop.example", "HTTPS://Shop.Example"],
)
def test_origins_as_people_write_them(key: str, text: str) -> None:
    assert one(f'{key} = "{text}"').wanted[key] == "https://shop.example"


@pytest.mark.parametrize(
    "text",
    ["noMatchingSources", "no matching sources", "no-matching-sources", "NO_MATCHING_SOURCES"],
)
def test_result_words_as_tables_show_them(text: str) -> None:
    assert one(f'event_level = "{text}"').wanted["event_level"] == "noMatchingSources"


def test_tables_written_inline_or_below_one_another() -> None:
    (read,) = read_expectations('registrations = [{ source = { site = "a.example" } }]').expected
    assert (read.wanted["source.site"], read.line) == ("https://a.example", 1)
    below = '[[registrations]]\nkind = "trigger"\n[registrations.source]\nsite = "a.example"'
    assert read_expectations(below).expected[0].wanted["source.site"] == "https://a.example"


REGISTRATION = "[[registrations]]\n"
WRONG = [
    ("[", "it is not TOML: "),
    ("- kind: source", "it is not TOML: "),
    (
        "\n[[registration]]",
        (
            "line 2: 'registration' is not known, did you mean 'registrations'? - there "
            "are findings, registrations, reports"
        ),
    ),
    ("registrations = 1", "line 1: registrations: write [[registrations]], a table for each"),
    ("findings = 1", "line 1: findings: write [findings], one table"),
    (
        f'\n{REGISTRATION}\n{REGISTRATION}kind = "source"\nreult = "stored"',
        "line 6: [[registrations]] 2: 'reult' is not known, did you mean 'result'?",
    ),
    (REGISTRATION + "kind = 1", "line 2: [[registrations]] 1 kind: a string is wanted"),
    (
        REGISTRATION + 'kind = "click"',
        "line 2: [[registrations]] 1 kind: 'click' is not known - there are source, trigger, os-",
    ),
    (
        REGISTRATION + '"event_level" = "noMatchingSorces"',
        (
            "line 2: [[registrations]] 1 event_level: 'noMatchingSorces' is not known, did you "
            "mean 'noMatchingSources'? - there are attributed, notAttributed, success"
        ),
    ),
    (
        REGISTRATION + 'result = "stored"\nkind = "trigger"',
        (
            "line 2: [[registrations]] 1 result: 'stored' is nothing that becomes of a trigger - "
            "there are attributed"
        ),
    ),
    (
        REGISTRATION + 'result = "stored"\nkind = "os-source"',
        (
            "line 2: [[registrations]] 1 result: only sources and triggers have it, not what is of "
            "kind os-source"
        ),
    ),
    (
        REGISTRATION + 'kind = "source"\naggregatable = "attributed"',
        "line 3: [[registrations]] 1 aggregatable: only triggers have it",
    ),
    (
        REGISTRATION + 'kind = "source"\nsource.site = "a.example"',
        "line 3: [[registrations]] 1 source.site: only triggers have it",
    ),
    (
        REGISTRATION + 'source = "https://news.example"',
        'line 2: [[registrations]] 1 source: write source.site = "https://news.example" for where',
    ),
    (
        REGISTRATION + 'kind = "trigger"\nsource.sit = "https://news.example"',
        (
            "line 3: [[registrations]] 1 source: 'sit' is not known, did you mean 'site'? - there "
            "are destination, site, source_type"
        ),
    ),
    (
        REGISTRATION + 'site = "https://www.news.example"',
        (
            "line 2: [[registrations]] 1 site: 'https://www.news.example' is an origin, its site "
            'is "https://news.example"'
        ),
    ),
    (
        REGISTRATION + 'reporting_origin = "https://a.example/click"',
        (
            "line 2: [[registrations]] 1 reporting_origin: 'https://a.example/click' has more than "
            'the origin: write "https://a.example"'
        ),
    ),
    (
        REGISTRATION + 'reporting_origins = ["https://"]',
        "line 2: [[registrations]] 1 reporting_origins: 'https://' is none: write it like",
    ),
    (REGISTRATION + "reporting_origins = []", "reporting_origins: the list is empty"),
    (
        REGISTRATION + 'reporting_origins = ["a.example"]\nreporting_origin = "b.example"',
        "reporting_origins: there is a reporting_origin already",
    ),
    (
        '[[reports]]\nreporting_origins = "x"',
        "line 2: [[reports]] 1 reporting_origins: a list of strings is wanted",
    ),
    ('[[reports]]\nsource.site = "x"', "line 2: [[reports]] 1: 'source' is not known"),
    (
        '[[reports]]\ndelivery = "acepted"',
        "delivery: 'acepted' is not known, did you mean 'accepted'?",
    ),
    ("[[reports]]\ncount = -1", "line 2: [[reports]] 1 count: a number, 0 or more, is wanted"),
    ("[[reports]]\ncount = true", "count: a number, 0 or more, is wanted"),
    ("[[reports]]\ncount = 1\nat_most = 2", "count: it says all: no at_least or at_most beside it"),
    ("[[reports]]\nat_least = 3\nat_most = 1", "line 3: [[reports]] 1 at_most: 1 is less than at"),
    (
        "[findings]\ncodes = []",
        "line 2: [findings]: 'codes' is not known - there are errors, none_",
    ),
    ('[findings]\nnone_of = "SRC"', "line 2: [findings] none_of: a list of strings is wanted"),
    (
        '[findings]\nnone_of = ["ATT0211"]',
        "none_of: no rule's code begins with 'ATT0211', did you mean 'ATT021'?",
    ),
    ('[findings]\nnone_of = ["X"]', "line 2: [findings] none_of: no rule's code begins with 'X'"),
    ('[findings]\nnone_of = ["REG010,X"]', "none_of: no rule's code begins with 'REG010,X'"),
    ('[findings]\nnone_of = [""]', "none_of: no rule's code begins with ''"),
    ('registrations = [{ kind = "x" }]', "line 1: [[registrations]] 1 kind: 'x' is not known"),
    ("[[reports]]\ncount = 0x" + "f" * 4000, "line 2: [[reports]] 1 count: a smaller number is w"),
    ("\n[[reports]]\ncount = " + "1" * 5000, "line 3: a number has too many digits"),
    ("[[reports]]\nkind = [\n" + "[" * 9000 + "]" * 9001, "line 3: it is nested too deeply"),
    ("# one\u2028line\n[[reports]]\nkind = 1", "line 3: [[reports]] 1 kind: a string is wanted"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_file_that_cannot_be_used_says_where(text: str, message: str) -> None:
    with pytest.raises(ExpectationError) as error:
        read_expectations(text)
    assert message in str(error.value)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[findings]\nnone_of = []\n"])
def test_a_file_without_any_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "expected.toml"
    path.write_text(text)
    with pytest.raises(ExpectationError, match=r"^nothing is expected in it$"):
        read_expectation_file(path)


def test_bytes_that_are_no_text_are_refused_where_they_are(tmp_path: Path) -> None:
    for name in ("expected.toml", "expected.yaml"):
        path = tmp_path / name
        path.write_bytes(b"# fine\n# also\nkind: \xff")
        with pytest.raises(ExpectationError, match=r"^line 3: it is not UTF-8 text$"):
            read_expectation_file(path)


def test_a_table_of_python_is_called_by_what_takes_it() -> None:
    with pytest.raises(ExpectationError, match=r"^assert_reports kind: a string is wanted$"):
        expected("report", {"kind": 7}, Place("assert_reports"))
    (read,) = expected("report", {"reporting_origins": ("a.example",)}, Place("assert_reports"))
    assert read.wanted["reporting_origin"] == "https://a.example"


# -- the schema says the same


def test_the_schema_takes_a_whole_file() -> None:
    schema = expectation_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(tomllib.loads(WHOLE.replace("src001", "SRC001")), schema)


@pytest.mark.parametrize(
    "table",
    [
        {"registration": []},
        {"registrations": [{"reult": "stored"}]},
        {"registrations": [{"event_level": "noMatchingSorces"}]},
        {"registrations": [{"source": "https://news.example"}]},
        {"registrations": [{"source": {"sit": "https://news.example"}}]},
        {"registrations": [{"reporting_origins": []}]},
        {"reports": [{"source": {}}]},
        {"reports": [{"count": -1}]},
        {"findings": {"codes": []}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(table: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(table, expectation_schema())


@pytest.mark.parametrize("what", KEYS)
def test_the_reader_takes_every_word_of_the_schema(what: str) -> None:
    for name, key in KEYS[what].items():
        assert bool(key.words) is (key.form is Form.WORD)
        for word in key.words:
            above, _, below = name.rpartition(".")
            table = {above: {below: word}} if above else {name: word}
            (read,) = expected(what, table, Place("x"))
            assert read.wanted[name] == word
        for kind, words in (key.kinds or {}).items():
            assert set(words) <= set(key.words)
            assert kind in set(Kind)
