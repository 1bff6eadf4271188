"""The real mitmdump in a process of its own, on recordings: what it prints, writes and returns."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy.io import FlowReader

if TYPE_CHECKING:
    from mitmproxy.flow import Flow

ROOT = Path(__file__).parents[1]
FLOWS = ROOT / "fixtures" / "flows" / "realistic_session.flows"
SCRIPTS = {
    "clone": ROOT / "addon" / "attribution_reporting.py",
    "package": ROOT / "addon" / "ara_inspector" / "script.py",
}


def mitmdump(
    *words: str | Path, script: str = "package", encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    code = "from mitmproxy.tools.main import mitmdump; mitmdump()"
    path = [str(ROOT / "addon")] if script == "package" else []
    return subprocess.run(
        [sys.executable, "-c", code, "-s", SCRIPTS[script], "-n", "-r", FLOWS, *words],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env={
            **os.environ,
            "COLUMNS": "80",
            "PYTHONIOENCODING": encoding,
            "PYTHONPATH": os.pathsep.join(path),
        },
    )


def saved_flows(saved: Path) -> list[Flow]:
    with saved.open("rb") as stream:
        return list(FlowReader(stream).stream())


def comments(saved: Path) -> list[str]:
    return [flow.comment for flow in saved_flows(saved)]


def test_a_recording_that_is_written_anew_gets_the_comments(tmp_path: Path) -> None:
    saved = tmp_path / "out.flows"
    done = mitmdump("-q", "-w", saved)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == mitmdump("-q").stdout
    told = [comment for comment in comments(saved) if comment]
    assert len(told) == 29
    assert told[0].startswith("#2 registered source (event)")
    # What is judged by what comes later is there as well.
    assert any("ATT021" in comment for comment in told)
    for flow in saved_flows(saved):
        if flow.comment:
            assert flow.comment.startswith(f"#{flow.metadata['ara_entry']} ")


def test_other_scripts_may_forget_to_close_their_files(tmp_path: Path) -> None:
    written, script = tmp_path / "written", tmp_path / "careless.py"
    script.write_text(
        "class Careless:\n"
        f"    def __init__(self): self.file = open({str(written)!r}, 'w')\n"
        "    def response(self, flow): self.file.write('a flow\\n')\n"
        "addons = [Careless()]\n"
    )
    assert mitmdump("-q", "-s", script).returncode == 0
    # Python writes what they have not when it clears them away at its end.
    flows = len(saved_flows(FLOWS))
    assert written.read_text() == "a flow\n" * flows


def test_of_a_recording_that_is_written_anew_only_the_flows_chosen_count(tmp_path: Path) -> None:
    saved = tmp_path / "out.flows"
    chosen = "~d px.cinder.example"
    done = mitmdump("-q", "-w", saved, "--set", f"readfile_filter={chosen}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == mitmdump("-q", "--set", f"readfile_filter={chosen}").stdout
    told = [comment for comment in comments(saved) if comment]
    assert len(told) == 6


def test_without_marks_nothing_is_read_ahead(tmp_path: Path) -> None:
    saved = tmp_path / "out.flows"
    done = mitmdump("-q", "-w", saved, "--set", "ara_mark=false")
    assert done.stdout == mitmdump("-q").stdout
    assert not any(comments(saved))


def test_what_cannot_be_read_ahead_is_said_and_told_all_the_same(tmp_path: Path) -> None:
    har = ROOT / "fixtures" / "har" / "realistic_session.har"
    done = mitmdump("-w", tmp_path / "out.flows", "-r", har)
    assert "-w gets no comments of ours" in done.stdout + done.stderr
    assert "12 registrations" in done.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_quiet_leaves_the_table_alone(script: str) -> None:
    done = mitmdump("-q", script=script)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Attribution Reporting timeline\n12 registrations: 11 registered")
    assert "\x1b" not in done.stdout


def test_a_terminal_that_is_not_utf_8_gets_what_it_can_show() -> None:
    done = mitmdump("-q", encoding="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u2026" in done.stdout


@pytest.mark.parametrize("detail", ["0", "3"])
def test_live_lines_stand_among_mitmdumps_own(detail: str) -> None:
    done = mitmdump("--flow-detail", detail)
    assert done.returncode == 0
    live, _, table = done.stdout.partition("\nAttribution Reporting timeline\n")
    assert "12 registrations" in table
    lines = [line for line in live.splitlines() if "SRC004" in line and "registered" in line]
    assert len(lines) >= 1
    assert ("GET https://" in live) is (detail == "3")


def test_what_is_shown_in_full_is_what_the_timeline_says() -> None:
    done = mitmdump("--flow-detail", "3")
    assert "Not in the timeline" not in done.stdout
    assert "RPT040" not in done.stdout
    # As an entry of the table, and in the account of its flow.
    assert re.search(r"^ 34  \S+  trigger         registered", done.stdout, re.MULTILINE)
    assert "    #34  REGISTERED  trigger  for pixel.cinder.example\n" in done.stdout


def test_where_that_cannot_be_only_what_is_certain_is_shown() -> None:
    har = ROOT / "fixtures" / "har" / "realistic_session.har"
    done = mitmdump("--flow-detail", "3", "-r", har, "--set", "ara_live=false")
    assert done.stdout.count("--flow-detail shows of each flow only what it tells by itself") == 1
    shown, _, _ = done.stdout.partition("\nAttribution Reporting timeline\n")
    assert "SOURCE (EVENT)  for px.cinder.example" in shown
    assert not re.search(r"^    #\d+  ", shown, re.MULTILINE)
    for guess in ("RPT040", "RPT041", "CHAIN c", "gazette.example?"):
        assert guess not in shown.partition("Not in the timeline")[2]


def test_everything_at_once_and_the_exit_status(tmp_path: Path) -> None:
    timeline, har, saved = (tmp_path / name for name in ("new/t.jsonl", "out.har", "out.flows"))
    done = mitmdump(
        "-q", "-w", saved, "--set", f"hardump={har}", "--set", f"ara_timeline={timeline}",
        "--set", "ara_fail_on=error", "--set", "ara_group_by=chain", "--set", "ara_time=absolute",
    )  # fmt: skip
    assert done.returncode == 3
    assert re.fullmatch(r"ara-inspector: 2 findings that fail ara_fail_on=error: #5\n", done.stderr)
    assert "\nchain c2  " in done.stdout
    assert " 02:37:54." in done.stdout
    # Neither the HAR nor the flow file is robbed of its last moment.
    assert len(json.loads(har.read_text())["log"]["entries"]) == 47
    assert len(saved_flows(saved)) == 47
    told = [json.loads(line) for line in timeline.read_text().splitlines()]
    latest = {entry["number"]: entry for entry in told}
    assert {entry["schema"] for entry in told} == {"ara-inspector/entry/1"}
    verdicts = [entry["verdict"] for entry in latest.values() if "registration" in entry]
    assert verdicts.count("registered") == 11
    assert any(entry["revision"] for entry in told)


def test_what_is_filtered_out_fails_nothing_and_is_not_written(tmp_path: Path) -> None:
    timeline = tmp_path / "t.jsonl"
    timeline.write_text("kept\n")
    done = mitmdump(
        "-q", "--set", f"ara_timeline=+{timeline}", "--set", "ara_fail_on=error",
        "--set", "ara_filter=-verdict:rejected kind:source", "--set", "ara_table=false",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    first, *lines = timeline.read_text().splitlines()
    assert first == "kept"
    assert {json.loads(line)["registration"]["kind"] for line in lines} == {"source"}


@pytest.mark.parametrize("keep", ["true", "false"])
def test_a_page_that_goes_with_the_recording_is_said(keep: str, tmp_path: Path) -> None:
    ends = tmp_path / "ends.py"
    ends.write_text("from mitmproxy import ctx\ndef running(): ctx.master.shutdown()\n")
    quick = ("--set", "ara_table=false", "--set", "termlog_verbosity=warn", "--flow-detail", "0")
    shown = ("--set", "ara_live=false", "--set", f"keepserving={keep}", "--set", "ara_page=0")
    done = mitmdump(*quick, *shown, "-s", ends)
    assert done.returncode == 0
    told = [line for line in done.stdout.splitlines() if "ara_page: " in line]
    assert len(told) == (0 if keep == "true" else 1)
    assert all(line.endswith("--set keepserving=true keeps it") for line in told)


def test_a_filter_that_looks_at_nothing_is_no_success() -> None:
    done = mitmdump(
        "-q", "--set", "ara_fail_on=error", "--set", "ara_filter=origin:typo.example",
        "--set", "ara_table=false",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "ara-inspector: the filter origin:typo.example matches none of 35 entries: "
        "nothing was checked\n"
    )


def test_a_timeline_that_is_not_written_is_no_success(tmp_path: Path) -> None:
    har = tmp_path / "out.har"
    done = mitmdump("-q", "--set", "ara_timeline=/dev/full", "--set", f"hardump={har}")
    assert done.returncode == 1
    told, _, table = done.stdout.partition("\n")
    assert told.endswith(
        " ara_timeline: No space left on device; the timeline is not written any more"
    )
    assert table.startswith("Attribution Reporting timeline\n12 registrations")
    assert len(json.loads(har.read_text())["log"]["entries"]) == 47


def test_the_values_an_option_can_have_are_told_as_they_are_written() -> None:
    told = " ".join(mitmdump("--options").stdout.replace("\n#", "").split())
    assert "Valid values are 'origin', 'site', 'page', 'chain'." in told
    assert "Valid values are 'error', 'warning', 'never'." in told


@pytest.mark.parametrize("quiet", [(), ("-q",)])
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("ara_timeline=/proc/none/t.jsonl", "ara_timeline: /proc/none/t.jsonl cannot be written"),
        ("ara_fail_on=fatal", "ara_fail_on is one of error, warning, never, not 'fatal'"),
        ("ara_filter=kind:click", "ara_filter: kind:click: kind is one of registration"),
        ("ara_live=no", 'ara_live=no: boolean must be "true", "false"'),
        ("ara_fial_on=error", "ara_fial_on: no such option; did you mean ara_fail_on?"),
    ],
)
def test_an_option_that_cannot_be_used_stops_the_start(
    setting: str, message: str, quiet: tuple[str, ...]
) -> None:
    done = mitmdump(*quiet, "--set", setting)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len(lines) == (1 if quiet else 2)  # the other one: Loading script
    assert message in lines[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("tool", ["web", "console"])
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("ara_live=no", 'ara_live=no: boolean must be "true", "false"'),
        ("ara_page=http", "ara_page is a port from 0 to 65535, not 'http'"),
    ],
)
def test_so_it_does_in_the_interactive_tools(tool: str, setting: str, message: str) -> None:
    words = [sys.executable, "-m", "ara_inspector", tool, "-n", "--set", setting]
    master, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (40, 120))
    try:
        done = subprocess.run(
            [*words, *(("--no-web-open-browser",) if tool == "web" else ())],
            stdin=terminal,
            stdout=subprocess.PIPE if tool == "web" else terminal,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
            env={**os.environ, "TERM": "xterm"},
        )
    finally:
        os.close(terminal)
        os.close(master)
    assert done.returncode == 1
    told = (done.stdout or b"") + done.stderr
    assert message in told.decode()
    assert b"Traceback" not in told
