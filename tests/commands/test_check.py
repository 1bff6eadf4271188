"""The command as a pipeline sees it: formats, files, standard output and error, exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from ara_inspector.cli import main
from ara_inspector.views.contract import DocumentOutput, DocumentsOutput, EntryOutput

FIXTURES = Path(__file__).parents[2] / "fixtures"
SESSION = FIXTURES / "flows" / "realistic_session.flows"
CLEAN = FIXTURES / "flows" / "chain_of_three_reporters.flows"
NONE = FIXTURES / "flows" / "no_ara_traffic.flows"
HAR = FIXTURES / "har" / "realistic_session.har"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def check(*words: str | Path) -> int:
    return main(["check", *map(str, words)])


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([CLEAN], 0),
        ([NONE], 0),
        ([SESSION], 1),
        ([SESSION, "--fail-on", "never"], 0),
        ([CLEAN, "--fail-on", "warning"], 0),
        ([SESSION, "--only", "track.bright.example"], 0),
        ([SESSION, "--only", "https://v.orbit.example"], 1),
        ([SESSION, "--ignore", "rsp029", "--ignore", "REG010"], 0),
        ([SESSION, "--ignore", "RSP029,number-for-string"], 0),
        ([SESSION, "--ignore", "RSP"], 1),
        ([SESSION, "--ignore", "RSP,REG"], 0),
        ([SESSION, "--filter=-verdict:rejected"], 0),
        ([SESSION, "--filter=-verdict:rejected", "--fail-on", "warning"], 1),
        ([CLEAN, SESSION], 1),
    ],
)
def test_exit_status(words: list[str | Path], status: int) -> None:
    assert check(*words) == status


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere.flows"], "nowhere.flows cannot be opened: No such file or directory"),
        ([FIXTURES], f"{FIXTURES} is a directory, not a capture"),
        ([__file__], f"{__file__} is neither a mitmproxy flow file nor a HAR"),
        (["nowhere/*.flows"], "nowhere/*.flows: no file matches"),
        ([CLEAN, "--filter", "kind:click"], "--filter: kind:click: kind is one of registration"),
        ([CLEAN, "--baseline", "none.json"], "none.json cannot be read: No such file"),
        ([CLEAN, "--baseline", __file__], "is no baseline: it is not JSON"),
        ([CLEAN, "--baseline", SESSION], f"{SESSION} is not UTF-8 text"),
        ([CLEAN, "--expect", SESSION], f"{SESSION}: line 1: it is not UTF-8 text"),
        ([CLEAN, "--expect", "none.yaml"], "none.yaml cannot be read: No such file"),
        ([CLEAN, "--expect", __file__], "it is not TOML"),
        ([CLEAN, "--filter=-code:NOPE"], "--filter: no rule's code begins with 'NOPE'"),
        ([CLEAN, "--ignore", "NOPE"], "--ignore: no rule's code begins with 'NOPE'"),
        ([CLEAN, "--ignore", "REG010,RSP02O"], "no rule's code begins with 'RSP02O', did you mean"),
        ([CLEAN, "--expect", os.devnull], f"{os.devnull}: nothing is expected in it"),
        ([CLEAN, "--bless", ""], "--bless: a path is wanted, or - for standard output"),
        ([CLEAN, "--save-baseline", ""], "--save-baseline: a path is wanted"),
        ([CLEAN, "--output", ""], "--output: a path is wanted, or - for standard output"),
        ([CLEAN, "--output", "no/such/folder/x"], "no/such/folder/x cannot be written: No such"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(
    words: list[str | Path], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(*words) == 2
    error = capsys.readouterr().err
    assert error.startswith("ara-inspector: ")
    assert message in error
    assert error.count("\n") == 1


def test_help_says_how_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        check("--help")
    told = " ".join(capsys.readouterr().out.split())
    assert "Exit status: 0 clean, 1 findings at or above --fail-on" in told
    assert told.count("may be given more than once") == 2


@pytest.mark.parametrize("option", ["--fail-on", "--format", "--group-by", "--time"])
def test_what_can_be_chosen_is_told_in_plain_words(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        check(CLEAN, option, "other")
    assert end.value.code == 2
    assert re.search(
        r"invalid choice: 'other' \(choose from '?[a-z]+'?(, '?[a-z]+'?)+\)",
        capsys.readouterr().err,
    )


def test_what_comes_before_the_damage_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.flows"
    damaged.write_bytes(SESSION.read_bytes()[:-200])
    assert check(damaged, "nowhere.flows", CLEAN) == 2
    told = capsys.readouterr()
    assert "12 registrations: 11 registered (2 likely), 1 rejected" in told.out
    assert "damaged after flow" in told.out
    assert f"=== {CLEAN}" in told.out
    assert "damaged after flow" in told.err
    assert "nowhere.flows cannot be opened" in told.err


@pytest.mark.parametrize(
    "words",
    [
        ["--only", "://"],
        ["--only", "nothing.example"],
        ["--filter", "origin:nothing.example"],
        ["--filter", "site:nothing.example severity:error"],
    ],
)
def test_a_selection_that_looks_at_nothing_checks_nothing(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(SESSION, *words) == 2
    told = capsys.readouterr()
    assert told.out.endswith(
        "\ncheck incomplete: nothing was checked; no finding at or above error\n"
    )
    assert told.err == (
        f"ara-inspector: nothing was checked: {' '.join(words)}: no entry is looked at\n"
    )


@pytest.mark.parametrize("words", [["severity:error"], ["verdict:rejected"], ["code:JSN"]])
def test_a_selection_that_finds_nothing_wrong_is_clean(words: list[str]) -> None:
    assert check(CLEAN, "--filter", *words) == 0


def test_what_one_capture_lacks_another_may_have() -> None:
    assert check(CLEAN, SESSION, "--only", "track.bright.example") == 0


def test_a_filter_knows_rules_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    check(SESSION, "--filter", "kind:registration code:number-for-string", "--format", "csv")
    assert len(capsys.readouterr().out.splitlines()) == 2


FORMATS = ("json", "jsonl", "junit", "sarif", "html", "csv", "table")


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_written_also_where_nothing_could_be_read(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.flows"
    empty.touch()
    written = tmp_path / "out"
    assert check(empty, "--format", form, "--output", written) == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"ara-inspector: {empty} is empty: nothing was recorded\n")
    text = written.read_text("utf-8")
    # A line of the timeline is an entry: there is none.
    assert ("is empty: nothing was recorded" in text) == (form != "jsonl")


def test_what_cannot_be_read_is_told_to_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, damaged = tmp_path / "empty.flows", tmp_path / "damaged.flows"
    empty.touch()
    damaged.write_bytes(SESSION.read_bytes()[:-200])
    made = {}
    for form in FORMATS:
        assert check(empty, damaged, CLEAN, "--format", form) == 2
        made[form] = capsys.readouterr().out
    value = json.loads(made["json"])
    jsonschema.validate(value, DocumentsOutput.model_json_schema(mode="serialization"))
    captures = [each["capture"] for each in value["documents"]]
    assert [(each["readable"], each["damage"] is None) for each in captures] == [
        (False, False), (True, False), (True, True),
    ]  # fmt: skip
    (run,) = json.loads(made["sarif"])["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert [note.partition(" is ")[2][:7] for note in notes] == ["empty: ", "damaged"]
    junit = ET.fromstring(made["junit"])  # noqa: S314 - our own output
    assert junit.attrib["errors"] == "2"
    assert [suite.attrib["errors"] for suite in junit] == ["1", "1", "0"]
    rows = list(csv.DictReader(io.StringIO(made["csv"])))
    assert [row["capture"] for row in rows if row["kind"] == "damage"] == [str(empty), str(damaged)]
    assert "=== " + str(empty) + "\n\n! " + str(empty) + " is empty" in made["table"]
    assert "\ncheck incomplete: 2 captures that cannot be read to the end; " in made["table"]


def test_the_document_tells_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tmp_path / "expected.toml"
    expected.write_text("[[reports]]\n\n[findings]\nerrors = 0\n")
    assert check(SESSION, "--expect", expected, "--format", "json") == 1
    value = json.loads(capsys.readouterr().out)
    jsonschema.validate(value, DocumentOutput.model_json_schema(mode="serialization"))
    assert [(each["line"], each["met"]) for each in value["expectations"]] == [
        (1, True), (3, False),
    ]  # fmt: skip
    assert check(SESSION, SESSION, "--expect", expected, "--format", "json") == 1
    value = json.loads(capsys.readouterr().out)
    jsonschema.validate(value, DocumentsOutput.model_json_schema(mode="serialization"))
    assert [each["met"] for each in value["expectations"]] == [True, False]


def test_patterns_are_expanded_here_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(FIXTURES / "flows" / "chain_*.flows", "--fail-on", "never") == 0
    assert capsys.readouterr().out.count("=== ") == 2


def test_a_file_whose_name_is_a_pattern(tmp_path: Path) -> None:
    odd = tmp_path / "run[1].flows"
    odd.write_bytes(CLEAN.read_bytes())
    assert check(odd) == 0


def test_one_capture_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    check(SESSION, "--format", "json")
    value = json.loads(capsys.readouterr().out)
    jsonschema.validate(value, DocumentOutput.model_json_schema(mode="serialization"))
    assert value["schema"] == "ara-inspector/document/1"
    assert value["capture"] == {
        "name": str(SESSION), "readable": True, "damage": None, "skipped": [], "lacks": [],
        "redacted": False,
    }  # fmt: skip
    assert len(value["registrations"]) == 12


def test_several_captures_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    check(CLEAN, HAR, "--format", "json")
    value = json.loads(capsys.readouterr().out)
    jsonschema.validate(value, DocumentsOutput.model_json_schema(mode="serialization"))
    assert [each["capture"]["name"] for each in value["documents"]] == [str(CLEAN), str(HAR)]
    assert value["documents"][1]["capture"]["lacks"] == ["connection", "header-lines"]


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    check(CLEAN, "--format", "jsonl")
    one = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    check(CLEAN, SESSION, "--format", "jsonl")
    several = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    schema = EntryOutput.model_json_schema(mode="serialization")
    validator = jsonschema.Draft202012Validator(schema)
    for entry in (*one, *several):
        validator.validate(entry)
    assert "capture" not in one[0]
    assert {entry["capture"] for entry in several} == {str(CLEAN), str(SESSION)}
    assert [entry["number"] for entry in one] == list(range(1, len(one) + 1))


def test_the_other_formats(tmp_path: Path) -> None:
    made = {}
    for kind in ("csv", "junit", "sarif", "html"):
        place = tmp_path / kind
        assert check(SESSION, "--format", kind, "--output", place) == 1
        made[kind] = place.read_text("utf-8")
    assert len(list(csv.DictReader(io.StringIO(made["csv"])))) > 30
    assert ET.fromstring(made["junit"]).attrib["failures"] == "1"  # noqa: S314 - our own output
    assert len(json.loads(made["sarif"])["runs"][0]["results"]) > 3
    assert made["html"].startswith("<!doctype html>")


def test_a_har_says_what_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    check(HAR)
    told = capsys.readouterr()
    assert "! the capture has no connection ids" in told.out
    assert f"ara-inspector: {HAR}: the capture has no connection ids" in told.err


def test_groups_and_times(capsys: pytest.CaptureFixture[str]) -> None:
    check(SESSION, "--group-by", "site", "--time", "absolute")
    out = capsys.readouterr().out
    assert "\nhttps://gazette.example  " in out
    assert "2026-" in out


def test_only_what_is_new_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = tmp_path / "baseline.json"
    assert check(SESSION, "--save-baseline", baseline) == 0
    assert check(SESSION, "--baseline", baseline, "--fail-on", "warning") == 0
    out = capsys.readouterr().out
    assert out.count("\ncheck passed: no finding fails it\n") == 1
    assert re.search(r"\ncheck passed: no new finding .*; [1-9]\d* known from the baseline\n$", out)
    assert check(HAR, "--baseline", baseline) == 0
    assert check(FIXTURES / "flows" / "header_twice.flows", "--baseline", baseline) == 1


def test_expectations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = tmp_path / "expected.toml"
    assert check(SESSION, "--bless", expected, "--fail-on", "never") == 0
    assert check(SESSION, "--expect", expected, "--fail-on", "never") == 0
    told = capsys.readouterr()
    assert re.search(r"\nexpectations: all \d\d are met\n  only likely: #2, ", told.out)
    (number,) = re.findall(r"\nexpectations: all (\d\d) are met", told.out)
    assert told.err == f"ara-inspector: {number} expectations written to {expected}\n"
    assert check(HAR, "--expect", expected, "--fail-on", "never") == 0
    capsys.readouterr()
    assert check(CLEAN, "--expect", expected, "--fail-on", "never") == 1
    told = capsys.readouterr()
    assert re.search(r"\nexpectations that are not met: \d\d of \d\d\n", told.out)
    assert re.search(r"\ncheck failed: expectations that are not met: \d\d of", told.out)
    assert told.err == ""
    assert check(CLEAN, "--expect", expected, "--fail-on", "never", "--format", "junit") == 1
    told = capsys.readouterr()
    assert 'classname="expectations"' in told.out
    assert "  - kind = source" in told.err


def test_a_blessed_capture_with_errors_is_as_it_was_blessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tmp_path / "expected.toml"
    check(SESSION, "--bless", expected)
    assert "\nerrors = 2\n" in expected.read_text()
    assert check(SESSION, "--expect", expected) == 0
    assert check(SESSION, "--expect", expected, "--format", "junit") == 0
    assert check(SESSION, "--expect", expected, "--fail-on", "error") == 1
    expected.write_text("[findings]\nerrors = 1\n")
    assert check(SESSION, "--expect", expected) == 1
    # Of errors it says nothing: they fail as ever.
    expected.write_text("[findings]\nwarnings = 9\n")
    assert check(SESSION, "--expect", expected) == 1
    assert check(CLEAN, "--expect", expected) == 0
    capsys.readouterr()


def test_what_is_met_is_said_beside_other_formats(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tmp_path / "expected.toml"
    expected.write_text('[[registrations]]\nevent_level = "attributed"\ncount = 3\n')
    assert check(SESSION, "--expect", expected, "--fail-on", "never", "--format", "json") == 0
    told = capsys.readouterr()
    json.loads(told.out)
    head, likely = told.err.splitlines()
    assert head == "ara-inspector: expectations: the only one is met"
    assert likely.startswith("  only likely: #27 (the sources seen in this capture, ")


def test_a_misspelt_expectation_is_no_failed_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tmp_path / "expected.toml"
    expected.write_text('\n[[registrations]]\nresult = "atributed"\n')
    assert check(SESSION, "--expect", expected) == 2
    error = capsys.readouterr().err
    wrong = (
        f"ara-inspector: {expected}: line 3: [[registrations]] 1 result: 'atributed' is not known"
    )
    assert error.startswith(f"{wrong}, did you mean 'attributed'?")


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_expectations_in_yaml(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tmp_path / f"expected{suffix}"
    assert check(SESSION, "--bless", expected, "--fail-on", "never") == 0
    assert "\nregistrations:\n  - kind: source\n" in expected.read_text()
    assert check(SESSION, "--expect", expected, "--fail-on", "never") == 0
    assert check(CLEAN, "--expect", expected, "--fail-on", "never") == 1
    told = capsys.readouterr()
    assert re.search(r"\nexpectations that are not met: \d\d of \d\d\n", told.out)
    expected.write_text("\nregistrations:\n  - kind: trigger\n    result: atributed\n")
    assert check(SESSION, "--expect", expected) == 2
    error = capsys.readouterr().err
    wrong = f"ara-inspector: {expected}: line 4: registrations 1 result: 'atributed' is not known"
    assert error.startswith(f"{wrong}, did you mean 'attributed'?")


def test_several_captures_are_expected_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tmp_path / "expected.toml"
    assert check(SESSION, CLEAN, "--bless", expected, "--fail-on", "never") == 0
    assert check(SESSION, CLEAN, "--expect", expected, "--fail-on", "never") == 0
    capsys.readouterr()
    assert check(CLEAN, CLEAN, "--expect", expected, "--fail-on", "never") == 1
    assert f"  + {CLEAN} #2 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "beginning"),
    [("--bless", "# What this capture must hold"), ("--save-baseline", '{\n  "schema"')],
)
@pytest.mark.parametrize("form", ["table", "csv"])
def test_what_other_runs_read_has_standard_output_for_itself(
    form: str, option: str, beginning: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(SESSION, "--format", form, option, "-", "--fail-on", "never") == 0
    told = capsys.readouterr()
    assert told.out.startswith(beginning)
    assert told.err.startswith({"table": "Attribution Reporting", "csv": "capture,"}[form])
    assert "written to" not in told.err
    assert not Path("-").exists()
    saved = tmp_path / "saved.toml"
    assert check(SESSION, "--output", tmp_path / "report", option, saved, "--fail-on", "never") == 0
    assert saved.read_text() == told.out


def test_what_was_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blessed, known = tmp_path / "a.yaml", tmp_path / "known.json"
    assert check(SESSION, "--bless", blessed, "--save-baseline", known) == 0
    assert capsys.readouterr().err == (
        f"ara-inspector: 22 expectations written to {blessed}\n"
        f"ara-inspector: 5 findings written to {known}\n"
    )


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--output", "-", "--bless", "-"], "--output and --bless"),
        (["--output", "-", "--save-baseline", "-"], "--output and --save-baseline"),
        (["--bless", "-", "--save-baseline", "-"], "--bless and --save-baseline"),
    ],
)
def test_standard_output_is_not_shared(
    words: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(CLEAN, *words) == 2
    told = capsys.readouterr()
    refused = f"ara-inspector: {named}: only one of them can have standard output\n"
    assert (told.out, told.err) == ("", refused)


def test_half_a_capture_is_no_good_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = tmp_path / "damaged.flows"
    damaged.write_bytes(SESSION.read_bytes()[:-200])
    blessed = tmp_path / "blessed.toml"
    assert check(damaged, CLEAN, "--bless", blessed) == 2
    assert not blessed.exists()
    assert f"{blessed} is not written: not every capture" in capsys.readouterr().err


def test_redaction_with_a_key_is_the_same_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    made = []
    for words in (["--redact-key", "k"], ["--redact-key", "k"], ["--redact"], ["--redact"]):
        check(SESSION, "--format", "json", *words)
        made.append(capsys.readouterr().out)
    assert made[0] == made[1]
    assert made[2] != made[3]
    assert '"source_event_id": "9102"' not in made[0]
    assert json.loads(made[0])["capture"]["redacted"] is True
    check(SESSION, "--redact")
    assert "! redacted: names and values of the ad-tech's own, paths and" in capsys.readouterr().out


def test_what_is_known_is_known_under_pseudonyms(tmp_path: Path) -> None:
    plain, redacted = tmp_path / "plain.json", tmp_path / "redacted.json"
    assert check(SESSION, "--save-baseline", plain) == 0
    assert check(SESSION, "--save-baseline", redacted, "--redact") == 0
    assert plain.read_text() == redacted.read_text()
    assert check(SESSION, "--baseline", plain, "--fail-on", "warning", "--redact") == 0
    plain.write_text(plain.read_text().replace("REG010", "REG011"))
    assert check(SESSION, "--baseline", plain, "--redact") == 1


def test_in_a_pipeline() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ara_inspector", "check", "-"],
        input=SESSION.read_bytes(),
        capture_output=True,
        check=False,
        # What an old terminal can show: nothing may fail on it.
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 1
    assert done.stderr == b""
    assert done.stdout.isascii()
    assert b"\x1b" not in done.stdout
    assert b"12 registrations: 11 registered (1 likely), 1 rejected" in done.stdout


def test_keys_open_encrypted_reports(capsys: pytest.CaptureFixture[str]) -> None:
    capture = FIXTURES / "flows" / "reports_aggregatable_filtering.flows"
    keys = FIXTURES / "keys" / "aggregation-service.test-key.json"
    check(capture, "--keys", keys, "--format", "json")
    (report,) = (
        report
        for report in json.loads(capsys.readouterr().out)["reports"]
        if report["kind"] == "aggregatable"
    )
    decrypted = report["body"]["payloads"][0]["decrypted"]["contributions"]
    assert {each["filtering_id"] for each in decrypted} == {"70000", "4000000000"}


def test_a_file_that_holds_no_key_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "keys.json"
    broken.write_text("{}")
    assert check(CLEAN, "--keys", broken) == 2
    assert check(CLEAN, "--keys", tmp_path / "none") == 2
    assert str(broken) in capsys.readouterr().err
