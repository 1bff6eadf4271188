"""Expectations in YAML: what the notation says, what it may not say, and where that stands."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ara_inspector.checking.expectation_file import read_expectations
from ara_inspector.checking.expectation_schema import expectation_schema
from ara_inspector.checking.expectations import Count, Expectations
from ara_inspector.checking.keys import KEYS
from ara_inspector.checking.tables import ExpectationError, Notation, notation_of
from ara_inspector.checking.yaml_tables import yaml_tables, yaml_text
from ara_inspector.findings import Severity
from ara_inspector.records import replace

WHOLE = """\
# The form of a file, all of it.
registrations:
  - name: "the click: \\u0061 long one"
    kind: source
    source_type: 'navigation'
    site: https://news.example
    destination: https://shop.example
    reporting_origins:
      - https://a.example
      - https://b.example:8443
    result: stored
    count: 2

  - kind: trigger
    reporting_origin: https://a.example
    event_level: no matching sources
    source:
      site: https://news.example
      source_type: event
reports:
  - {kind: event-level, standing: expected, at_least: +1, at_most: 0x3}
findings:
  none_of: [ATT, SRC001]
  errors: 0
  warnings: 0o17
"""


def read(text: str) -> Expectations:
    return read_expectations(text, Notation.YAML)


def test_a_whole_file() -> None:
    whole = read(WHOLE)
    click, again, purchase, report = whole.expected
    assert (click.name, click.count, click.line) == ("the click: a long one", Count(2, 2), 3)
    wanted = {**click.wanted, "reporting_origin": "https://b.example:8443"}
    assert again == replace(click, wanted=wanted)
    assert purchase.wanted == {
        "kind": "trigger",
        "reporting_origin": "https://a.example",
        "verdict": "registered",
        "event_level": "noMatchingSources",
        "source.site": "https://news.example",
        "source.source_type": "event",
    }
    assert (purchase.line, report.line, report.count) == (14, 21, Count(1, 3))
    assert whole.none_of == ("ATT", "SRC001")
    assert whole.limits == {Severity.ERROR: 0, Severity.WARNING: 15}
    assert whole.findings_line == 23


def test_the_schema_takes_a_whole_file() -> None:
    tables = dict(yaml_tables(WHOLE.replace("no matching sources", "noMatchingSources")).value)
    jsonschema.validate(tables, expectation_schema())


@pytest.mark.parametrize("text", ["", "# nothing", "---\n", "~", "\ufeff# a byte order mark\n"])
def test_nothing_is_no_expectation(text: str) -> None:
    assert len(read(text)) == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("12:30:45", "12:30:45"),
        ("2026-01-01", "2026-01-01"),
        ("TRUE", True),
        ("false", False),
        ("012", 12),
        ("-3", -3),
        ("0o17", 15),
        ("0xfF", 255),
        ("1.5", None),
        ("1e3", None),
        (".inf", None),
        ("null", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|-\n  1", "1"),
    ],
)
def test_words_are_read_by_the_core_schema(text: str, value: object) -> None:
    found = yaml_tables(f"a: {text}").value["a"]
    assert found == value
    assert type(found) is type(value)


WRONG = [
    ("[", "it is not YAML: while parsing a flow node, expected the node content"),
    ("\n\ta: b", "it is not YAML: while scanning for the next token, found character"),
    ("a: b: c", "it is not YAML: mapping values are not allowed here (at line 1, column 5)"),
    ("\nx\0", "it is not YAML: the character U+0000 may not stand in it (at line 2)"),
    ('a: 1\nb: "\\U00110000"', "it is not YAML: it cannot be read from line 2 on"),
    ("%YAML 1.3\n---\n", "it is not YAML: it cannot be read from line 1 on"),
    ("%YAML 1.1\n---\na: 1", "line 2: YAML 1.2 is read, no other version"),
    ('\na: "\\ud800"', "line 2: half of a character is escaped"),
    ("a: &x b\nc: *x", "line 2: *x: aliases are not read, write it out"),
    ("? *x\n: b", "line 1: *x: aliases are not read"),
    ("a: 1\nb: !!python/object:os.system x", "line 2: tag:yaml.org,2002:python/object:os.system:"),
    ("a: 1\nb: !!map {}", "line 2: tag:yaml.org,2002:map: tags are not read"),
    ("? !!str a\n: b", "line 1: tag:yaml.org,2002:str: tags are not read"),
    ("a: 1\n---\nb: 1", "line 2: a second document begins, one is wanted"),
    ("- 1", "line 1: a table is wanted"),
    ("text", "line 1: a table is wanted"),
    ("? [a]\n: b", "line 1: a key is a word, no list and no table"),
    ("reports: []\n\nreports: []", "line 3: 'reports' is there twice, first on line 1"),
    ("reports:\n  - kind: a\n    kind: b", "line 3: 'kind' is there twice, first on line 2"),
    ("[" * 100_000, "line 1: it is nested too deeply"),
    ("a: 1\nb: " + "{a: " * 100_000, "line 2: it is nested too deeply"),
    ("\nregistration: []", "line 2: 'registration' is not known, did you mean 'regis"),
    ("<<: {}", "line 1: '<<' is not known"),
    ("\nregistrations:", "line 2: registrations: write a list, a table for each"),
    ("registrations: [1]", "line 1: registrations: write a list, a table for each"),
    ("\nfindings:", "line 2: findings: write findings, one table"),
    ("findings:\n  errors: 1\n  notes: 1", "line 3: findings: 'notes' is not known"),
    ("findings:\n  errors: 1.5", "line 2: findings errors: a number, 0 or more, is wanted"),
    (
        "registrations:\n  - kind: source\n    reult: stored",
        "line 3: registrations 1: 'reult' is not known, did you mean 'result'?",
    ),
    (
        "registrations:\n  - kind: source\n  - kind: sourc",
        "line 3: registrations 2 kind: 'sourc' is not known, did you mean 'source'?",
    ),
    (
        "registrations:\n  - source:\n      site: a.example\n      sit: b.example",
        "line 4: registrations 1 source: 'sit' is not known, did you mean 'site'?",
    ),
    (
        "registrations:\n  - source:\n      site: https://a.example/x",
        "line 3: registrations 1 source.site: 'https://a.example/x' has more than the origin",
    ),
    (
        "registrations:\n  - kind: trigger\n    source: a.example",
        'line 3: registrations 1 source: write source: {site: "https://news.example"} for where',
    ),
    ("reports:\n  - count: yes", "line 2: reports 1 count: a number, 0 or more, is wanted"),
    (f"reports:\n  - count: {'9' * 5000}", "line 2: reports 1 count: a number, 0 or more, is"),
    ("reports:\n  - count: 0xffffffffffffffff", "line 2: reports 1 count: a smaller number is w"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=range(len(WRONG)))
def test_a_file_that_cannot_be_used_says_where(text: str, message: str) -> None:
    with pytest.raises(ExpectationError) as error:
        read(text)
    assert message in str(error.value)
    assert str(error.value).isprintable()


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(ExpectationError, match=r"^line 2: \*a0: aliases are not read"):
        read("\n".join(lines))


PIECES = [
    *("%YAML 1.1\n", "%TAG ! !\n", "---", "...", "&a ", "*a", "!", "!<", "<<: ", "? ", ": ", "- "),
    *("|", ">", "|9", "[", "]", "{", "}", '"', "'", "\\U00110000", "\\ud800", "\\", "#", ",", "@"),
    *("\t", "\r", "\n", "\x85", "\u2028", "\ufeff", "\0", "\x1b", "\udc80", "=", "[[", "]]", "'''"),
    *("0x", "9" * 5000, "1979-99-99", "kind", "source", "registrations", "\U0001f4a9"),
]


def refused(text: str, notation: Notation) -> str:
    """Why the text is none, if so."""
    try:
        read_expectations(text, notation)
    except ExpectationError as error:
        return str(error)
    return ""


@given(
    text=st.lists(st.sampled_from([*PIECES, *WHOLE.splitlines(keepends=True)])).map("".join)
    | st.text(),
    notation=st.sampled_from(Notation),
)
@example(text="a" + "\\ud800", notation=Notation.YAML)
def test_any_text_is_read_or_refused_where_it_is_wrong(text: str, notation: Notation) -> None:
    said = refused(text, notation)
    assert said.isprintable()
    assert not said or "line " in said or "at end of document" in said


@given(cuts=st.lists(st.tuples(st.integers(0, len(WHOLE)), st.sampled_from(PIECES)), max_size=4))
def test_a_damaged_file_is_read_or_refused_where_it_is_wrong(cuts: list[tuple[int, str]]) -> None:
    text = WHOLE
    for at, piece in cuts:
        text = text[:at] + piece + text[at:]
    said = refused(text, Notation.YAML)
    assert said.isprintable()
    assert not said or "line " in said


# -- writing


def test_the_form_of_what_is_written() -> None:
    table: dict[str, Any] = {
        "kind": "trigger",
        "site": "https://shop.example",
        "source.site": "https://news.example",
        "source.source_type": "event",
        "reporting_origins": ["https://a.example", 'odd: "\u202e'],
    }
    text = yaml_text({"registrations": [table, {"kind": "null"}], "findings": {"errors": 0}})
    assert text == (
        "registrations:\n"
        "  - kind: trigger\n"
        '    site: "https://shop.example"\n'
        "    source:\n"
        '      site: "https://news.example"\n'
        "      source_type: event\n"
        '    reporting_origins: ["https://a.example", "odd: \\"\\\\u202e"]\n'
        '  - kind: "null"\n'
        "findings:\n"
        "  errors: 0\n"
    )


@pytest.mark.parametrize("what", KEYS)
def test_every_word_there_is_is_read_as_it_was_written(what: str) -> None:
    for name, key in KEYS[what].items():
        for word in key.words:
            (expected,) = read(yaml_text({f"{what}s": [{name: word}]})).expected
            assert expected.wanted[name] == word


@given(st.text().filter(str.isprintable))
def test_any_readable_text_is_read_as_it_was_written(text: str) -> None:
    assert yaml_tables(yaml_text({"findings": {"none_of": [text]}})).value["findings"] == {
        "none_of": [text]
    }


# -- which notation


@pytest.mark.parametrize(
    ("name", "notation"),
    [
        ("a.toml", Notation.TOML),
        ("a.yaml", Notation.YAML),
        ("x/a.yml", Notation.YAML),
        ("A.YML", Notation.YAML),
        ("yaml", Notation.TOML),
        ("-", Notation.TOML),
    ],
)
def test_the_name_of_a_file_says_what_it_is_written_in(name: str, notation: Notation) -> None:
    assert notation_of(name) is notation


def test_only_who_has_such_a_file_loads_the_library() -> None:
    program = (
        "import sys; from ara_inspector.checking.expectation_file import read_expectations; "
        "read_expectations(''); sys.exit('ruamel.yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0
