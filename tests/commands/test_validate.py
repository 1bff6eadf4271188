from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from ara_inspector.cli import main

SOURCE = '{"destination":"https://shop.example","expiry":10}'
EVENT = ["--kind", "source", "--source-type", "event"]


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


class FailingDisk(io.BytesIO):
    def read(self, _size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_source_without_its_type_is_told_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--kind", "source", SOURCE]) == 2
    assert capsys.readouterr().err == (
        "ara-inspector validate: a source has a source type, say which: "
        "--source-type navigation or --source-type event\n"
    )


def test_standard_input_that_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(FailingDisk()))
    assert main(["validate", "--kind", "trigger"]) == 2
    assert "standard input cannot be read: Input/output error" in capsys.readouterr().err


def test_findings_a_line_each_and_the_effective_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *EVENT, SOURCE]) == 0
    head, _, *rest = capsys.readouterr().out.splitlines()
    assert head == "Attribution-Reporting-Register-Source (event): valid"
    assert any(line.startswith("warning ") and line.endswith(" [at expiry]") for line in rest)
    effective = json.loads("\n".join(rest[rest.index("effective value:") + 1 :]))
    assert effective["expiry"] == 86400


@pytest.mark.parametrize("form", ["text", "marked"])
def test_findings_are_broken_at_the_terminals_width(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["validate", *EVENT, "--format", form, '{"destination": "shop.example"}']) == 1
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    (first,) = (at for at, line in enumerate(lines) if "error REG024" in line)
    begins = len(lines[first]) - len(lines[first].lstrip())
    assert lines[first + 1].startswith(" " * (begins + 2))


def test_the_value_is_not_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    long = f'"{"a" * 50}": 1'
    main(["validate", *EVENT, "--format", "marked", f'{{"destination": 7, {long}}}'])
    assert f"  {long}" in capsys.readouterr().out.splitlines()


def test_exit_status_one_where_it_is_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--kind", "info", "preferred-platform=ios"]) == 1
    assert capsys.readouterr().out == (
        "Attribution-Reporting-Info: invalid\n\n"
        'error ELG011 preferred-platform is web or os, in lower case, not "ios"'
        " [at preferred-platform]\n\n"
    )


def test_exit_status_one_where_it_is_read_but_not_stored(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = '{"destination":"https://shop.example","max_event_level_reports":20}'
    assert main(["validate", *EVENT, text]) == 1
    out = capsys.readouterr().out
    assert ": valid, but Chrome does not store it\n" in out
    assert "effective value:" in out


def test_nothing_found_is_nothing_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--kind", "support", "web"]) == 0
    assert capsys.readouterr().out == (
        "Attribution-Reporting-Support: valid\n\neffective value:\nweb\n"
    )


def test_standard_input_and_the_whole_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"attribution-reporting-info:  report-header-errors\r\n")
    assert main(["validate"]) == 0
    assert capsys.readouterr().out.startswith("Attribution-Reporting-Info: valid\n")


def test_bytes_that_are_no_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b'{"destination":"\xff\x1b[31m"}')
    assert main(["validate", "--kind", "trigger"]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    out.encode()


def test_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *EVENT, "--format", "marked", SOURCE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index('  "expiry": 10') + 1].startswith("            ~^ warning ")
    assert main(["validate", "--kind", "eligible", "--format", "marked", "trigger=1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index("trigger=1") + 1].startswith("~~~~~~~~^ warning ELG001 ")


def test_a_terminal_gets_marks_and_colour(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["validate", "--kind", "info", "preferred-platform=ios"]) == 1
    out = capsys.readouterr().out
    assert "\x1b[31m~~~~~~~~~~~~~~~~~~~~~^\x1b[0m" in out
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["validate", "--kind", "info", "preferred-platform=ios"]) == 1
    out = capsys.readouterr().out
    assert "\n~~~~~~~~~~~~~~~~~~~~~^ error" in out
    assert "\x1b" not in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *EVENT, "--format", "json", SOURCE]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert found["id"] is None
    assert [issue["path"] for issue in found["warnings"]] == [["expiry"]]


def test_a_source_type_says_that_it_is_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--source-type", "navigation", SOURCE]) == 0
    assert "Register-Source (navigation)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["web"], "say which header it is"),
        (["--kind", "source", SOURCE], "source type"),
        (["Attribution-Reporting-Nothing: 1"], "not the header"),
        (["--kind", "info", "Attribution-Reporting-Support: web"], "not the header"),
        (["--jsonl", "{}"], "standard input alone"),
    ],
)
def test_unusable_arguments(words: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *words]) == 2
    captured = capsys.readouterr()
    assert why in captured.err
    assert captured.out == ""


def test_nothing_to_judge(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert main(["validate", "--kind", "info"]) == 2
    assert "give a header" in capsys.readouterr().err


def test_fix_prints_the_header_and_tells_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    text = '{"destination":"shop.example","source_event_id":5,"nothing":1}'
    assert main(["validate", *EVENT, "--fix", text]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "destination": "https://shop.example",
        "source_event_id": "5",
        "nothing": 1,
    }
    assert "[at nothing]" in err
    assert "shop.example" not in err
    assert "note" not in err


def test_fix_leaves_what_it_cannot_set_right(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b'{"destination":"\xff\x1b"')
    assert main(["validate", *EVENT, "--fix"]) == 1
    out, err = capsysbinary.readouterr()
    assert out == b'{"destination":"\xff\x1b"\n'
    assert err.startswith(b"error JSN")
    feed(monkeypatch, b'{"destination":"\xff\x1b"')
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["validate", *EVENT, "--fix"]) == 1
    assert capsysbinary.readouterr().out == b'{"destination":"\\udcff\\x1b"\n'


def test_fix_of_a_structured_header(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--kind", "info", "--fix", "report-header-errors"]) == 0
    assert capsys.readouterr().out == "report-header-errors\n"


def streamed(
    lines: list[bytes], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    feed(monkeypatch, b"\n".join(lines))
    status = main(["validate", "--jsonl"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_stream_of_headers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        {"id": "a", "kind": "source", "source_type": "event", "input": SOURCE},
        {"id": 2, "kind": "trigger", "source_type": None, "input": "{}"},
        {"id": None, "kind": "info", "input": "\udcff"},
    ]
    lines = [json.dumps(line).encode() for line in asked]
    status, answers = streamed([*lines[:1], b"", *lines[1:]], monkeypatch, capsys)
    assert status == 0
    assert [answer["id"] for answer in answers] == ["a", 2, None]
    assert [answer["ok"] for answer in answers] == [True, True, False]
    assert answers[0]["effective"]["expiry"] == 86400
    assert answers[2]["errors"][0]["code"] == "HDR020"


@pytest.mark.parametrize(
    ("line", "identity", "why"),
    [
        (b"not json", None, "line 1: "),
        (b"\xff", None, "line 1: "),
        (b"[" * 100_000, None, "line 1: "),
        (b'{"id": 1' + b"0" * 5000 + b"}", None, "line 1: "),
        (b"[]", None, "an object is wanted"),
        (b'{"id": 1e999, "kind": "info", "input": ""}', None, "JSON compliant"),
        (b'{"id": 7}', 7, "kind is one of source, trigger"),
        (b'{"id": 7, "kind": ["info"], "input": ""}', 7, "kind is one of"),
        (b'{"id": 7, "kind": "info", "input": 1}', 7, "a string"),
        (b'{"id": 7, "kind": "source", "input": "{}"}', 7, "source type"),
        (b'{"id": 7, "kind": "source", "source_type": {}, "input": "{}"}', 7, "source type"),
    ],
)
def test_a_line_that_cannot_be_used_is_answered_and_passed_over(
    line: bytes,
    identity: object,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = b'{"id": "good", "kind": "info", "input": ""}'
    status, answers = streamed([line, good], monkeypatch, capsys)
    assert status == 2
    assert answers[0]["id"] == identity
    assert why in answers[0]["unusable"]
    assert answers[1]["id"] == "good"
    assert answers[1]["ok"]


def test_each_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ara_inspector", "validate", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            question = {"id": number, "kind": "support", "input": "web"}
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait() == 0


@pytest.mark.parametrize("library", ["mitmproxy", "tornado", "tabulate", "publicsuffixlist.update"])
def test_heavy_libraries_are_not_loaded(library: str) -> None:
    program = (
        "import sys; from ara_inspector.cli import main; "
        "main(['validate', '--kind', 'info', '']); "
        f"sys.exit({library!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_gravest_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    text = '{"destination":"https://shop.example","max_event_level_reports":3,"expiry":10,"a":1}'
    assert main(["validate", *EVENT, text]) == 0
    out = capsys.readouterr().out
    severities = [line.split()[0] for line in out.splitlines() if " [at " in line or "note" in line]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert severities[-1] == "note"


def test_a_valid_header_that_comes_to_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--kind", "os-trigger", '"nowhere"']) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "Attribution-Reporting-Register-OS-Trigger: valid, but nothing is left of it\n"
    )
    assert main(["validate", "--kind", "trigger", "{}"]) == 0
    assert "note ATT020 the trigger has neither" in capsys.readouterr().out
    assert main(["validate", "--kind", "trigger", "--format", "json", "{}"]) == 0
    assert "ATT020" not in capsys.readouterr().out
    assert main(["validate", "--kind", "trigger", '{"event_trigger_data":[{}]}']) == 0
    assert "ATT020" not in capsys.readouterr().out


def test_what_is_missing_is_asked_for_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", SOURCE]) == 2
    err = capsys.readouterr().err
    assert "--kind" in err
    assert "--source-type navigation or event" in err


def test_a_pasted_response(capsys: pytest.CaptureFixture[str]) -> None:
    info = "Attribution-Reporting-Info: report-header-errors"
    trigger = "attribution-reporting-register-trigger: {}"
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    assert main(["validate", f"{head}{info}\r\n\r\n<html>a\nb"]) == 0
    assert capsys.readouterr().out.startswith("Attribution-Reporting-Info: valid\n")
    assert main(["validate", f"{head}{trigger}\n{info}"]) == 2
    err = capsys.readouterr().err
    assert "one header at a time: there are attribution-reporting-register-trigger, Attr" in err
    assert main(["validate", "--kind", "info", f"{head}{trigger}\n{info}"]) == 0
    assert main(["validate", "--kind", "trigger", f"{head}X: 1"]) == 1
