"""The commands as the console calls them: by their text, with completion, and what they answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from mitmproxy import exceptions
from mitmproxy.log import ALERT
from mitmproxy.test import taddons, tflow
from mitmproxy.tools.console.keymap import Keymap

from ara_inspector.console import CONTEXTS, KEYS, STILL, ConsoleCommands
from ara_inspector.session import Session
from ara_inspector.views.by_flow import EntriesByFlow
from exchanges import exchanges, watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRAFFIC = """
page https://news.example/

ad https://a.example/
< 302
< Location: https://b.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}

ad https://b.example/
< Attribution-Reporting-Register-Source: {"destination":7}
"""


@pytest.fixture
def commands() -> ConsoleCommands:
    session = watched(TRAFFIC)
    by_flow = EntriesByFlow(session.timeline)
    by_flow.tell(session.timeline)
    return ConsoleCommands(lambda: session, by_flow.of)


@pytest.fixture
def context(commands: ConsoleCommands) -> Iterator[taddons.context]:
    with taddons.context(commands) as made:
        yield made


def ask(context: taddons.context, text: str) -> list[str]:
    answer: list[str] = context.master.commands.execute(text)
    # The data viewer takes nothing but a list.
    assert type(answer) is list
    assert not any("\n" in line for line in answer)
    return answer


def test_the_timeline(context: taddons.context) -> None:
    assert ask(context, "ara.timeline")[0] == "Attribution Reporting timeline"
    shown = "\n".join(ask(context, "ara.timeline kind:source verdict:rejected"))
    assert "https://b.example" in shown
    assert "https://a.example" not in shown


def test_a_filter_that_cannot_be_read_is_a_command_error(context: taddons.context) -> None:
    with pytest.raises(exceptions.CommandError, match="kind:click: kind is one of"):
        ask(context, "ara.timeline kind:click")
    with pytest.raises(exceptions.CommandError, match="no rule's code begins with 'RC004'"):
        ask(context, "ara.findings code:RC004")


def test_chains(context: taddons.context) -> None:
    assert ask(context, "ara.chains")[0].startswith("chain c1  2 reporters")
    assert ask(context, "ara.chains origin:c.example") == ["no redirect chains yet"]


def test_findings_worst_first(context: taddons.context) -> None:
    lines = ask(context, "ara.findings")
    assert lines[0].startswith("error   #4")
    assert [line.split()[0] for line in lines] == sorted(
        (line.split()[0] for line in lines), key=["error", "warning", "note"].index
    )
    assert ask(context, "ara.findings origin:c.example") == ["nothing was found"]


def test_everything_about_a_flow(commands: ConsoleCommands) -> None:
    flow = tflow.tflow()
    assert commands.flow([flow]) == ["no Attribution Reporting in this flow"]
    flow.id = "flow-2"
    assert any("Attribution-Reporting-Register-Source" in line for line in commands.flow([flow]))


def test_explain(context: taddons.context) -> None:
    assert ask(context, "ara.explain SRC004")[0] == "# SRC004 expiry-clamped"
    assert ask(context, "ara.explain source-success")
    assert ask(context, "ara.explain expiry-clamped")[0] == "# SRC004 expiry-clamped"
    assert {"SRC004", "expiry-clamped", "source-success"} <= set(ask(context, "ara.codes"))


def test_what_is_not_there_cannot_be_explained(
    context: taddons.context, commands: ConsoleCommands
) -> None:
    with pytest.raises(exceptions.CommandError):
        ask(context, "ara.explain SRC999")
    with pytest.raises(exceptions.CommandError, match="SRC999: no such rule"):
        commands.explain("SRC999")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            """ara.validate source-event '{"destination":"https://a.example","expiry":5}'""",
            ["Attribution-Reporting-Register-Source: valid", '  "expiry": 86400,'],
        ),
        (
            """ara.validate trigger '{"filters":3}'""",
            ["Attribution-Reporting-Register-Trigger: not valid"],
        ),
        (
            """ara.validate os-source '"https://a.example/x"'""",
            ["Attribution-Reporting-Register-OS-Source: valid", '"https://a.example/x"'],
        ),
    ],
)
def test_validate(context: taddons.context, text: str, lines: list[str]) -> None:
    assert set(lines) <= set(ask(context, text))


def test_what_can_be_completed(context: taddons.context) -> None:
    assert "source-navigation" in ask(context, "ara.kinds")
    assert "junit" in ask(context, "ara.formats")
    _, remaining = context.master.commands.parse_partial("ara.export ")
    assert [str(each) for each in remaining][:2] == ["kind", "path"]


def test_export(context: taddons.context, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    place = tmp_path / "out.json"
    with caplog.at_level(ALERT):
        context.master.commands.execute(f"ara.export json {place} kind:source")
    assert caplog.messages == [f"Timeline written to {place} as json: 2 entries."]
    value: dict[str, Any] = json.loads(place.read_text())
    assert [each["verdict"] for each in value["registrations"]] == ["registered", "rejected"]
    with pytest.raises(exceptions.CommandError, match="Is a directory"):
        context.master.commands.execute(f"ara.export json {tmp_path}")


def test_keys_are_bound_in_the_console_and_only_there(
    commands: ConsoleCommands, context: taddons.context
) -> None:
    commands.running()
    master: Any = context.master
    master.keymap = Keymap(master)
    commands.running()
    for key, (text, _) in KEYS.items():
        for where in CONTEXTS:
            assert master.keymap.get(where, key).command == text


@pytest.mark.parametrize("screen", [104, 200])  # a table has 80 columns at least
@pytest.mark.parametrize(
    "text",
    [
        "ara.timeline",
        "ara.chains",
        "ara.findings",
        "ara.explain SRC004",
        f"""ara.validate source-event '{{"destination":"https://a.example/{"x" * 200}"}}'""",
    ],
)
def test_everything_is_as_wide_as_the_viewer(
    context: taddons.context, text: str, screen: int
) -> None:
    on_a_screen(context, screen)
    assert max(map(len, ask(context, text))) <= screen * 8 // 10 - 2


def test_a_flow_is_as_wide_as_the_viewer(
    context: taddons.context, commands: ConsoleCommands
) -> None:
    flow = tflow.tflow()
    flow.id = "flow-2"
    widths = []
    for screen in (60, 100, 200):
        on_a_screen(context, screen)
        widths.append(max(map(len, commands.flow([flow]))))
    assert widths[0] <= 46
    assert widths[0] < widths[1] <= 78
    assert widths[1] < widths[2] <= 158


def on_a_screen(context: taddons.context, columns: int) -> None:
    class Screen:
        def get_cols_rows(self) -> tuple[int, int]:
            return columns, 50

    master: Any = context.master
    master.ui = Screen()


def test_the_timeline_says_that_attribution_waits() -> None:
    session = Session()
    for exchange in exchanges(TRAFFIC):
        session.recorded(exchange)
    waiting = ConsoleCommands(lambda: session, EntriesByFlow(session.timeline).of)
    with taddons.context(waiting) as context:
        assert ask(context, "ara.timeline")[-1] == STILL
        session.settle()
        assert not session.is_waiting
        assert STILL not in ask(context, "ara.timeline")
