"""A real Chromium through a real mitmdump with the addon: live tells what a replay tells.

Opt-in: `pytest --browser tests/live`, about a minute. Chromium 138 is fetched on first use, as by
`scripts/record-fixtures`; the scenario without the API wants Debian's chromium.
"""

from __future__ import annotations

import json
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from ara_inspector.flows import read_capture
from ara_inspector.session import Session
from ara_inspector.views.document import document
from chrome_account import NO_HEADER_TO_IGNORE, NOT_IN_THE_HEADERS, tally
from recording.record import played
from recording.scenarios import SCENARIOS
from recording.stage import stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from recording.scenario import Browser
    from recording.stage import Stage

ADDON = Path(__file__).parents[2] / "addon" / "attribution_reporting.py"
DOCUMENTING = Path(__file__).with_name("documenting.py")
IN_ORDER_OF_EVENTS = {"entry", "chain", "source", "seen", "registrations"}
"""Numbers are given as things are seen: live by answers, in a replay by requests."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage_of() -> AsyncIterator[Callable[[Browser], Awaitable[Stage]]]:
    """Each browser is started once, when its first scenario is played."""
    stages: dict[Browser, Stage] = {}
    async with AsyncExitStack() as open_stages:

        async def of(browser: Browser) -> Stage:
            if browser not in stages:
                stages[browser] = await open_stages.enter_async_context(stage(browser))
            return stages[browser]

        yield of


def replayed(flows: Path) -> dict[str, Any]:
    session = Session()
    for exchange in read_capture(flows):
        session.recorded(exchange)
    session.finish()
    made: dict[str, Any] = json.loads(json.dumps(document(session)))
    return made


def told(made: dict[str, Any]) -> dict[str, list[object]]:
    """What a document says, whatever the order it was found out in."""
    return {
        "registrations": in_one_order(unnumbered(about) for about in made["registrations"]),
        "silent": in_one_order(hop["flow_id"] for hop in made["silent"]),
        "chains": in_one_order(
            [
                (hop["flow_id"], hop["status"], [done["verdict"] for done in hop["registrations"]])
                for hop in card["hops"]
            ]
            for card in made["chains"]
        ),
        "reports": in_one_order(
            (about["flow_id"], about["kind"], about["delivery"], about["body"], len(about["links"]))
            for about in made["reports"]
        ),
        "notes": in_one_order(about["flow_id"] for about in made["notes"]),
    }


def unnumbered(value: Any) -> Any:
    """The same without the numbers of entries, here and further in."""
    match value:
        case dict():
            return {
                name: unnumbered(inner)
                for name, inner in value.items()
                if name not in IN_ORDER_OF_EVENTS
            }
        case list():
            return [unnumbered(inner) for inner in value]
        case str():
            return re.sub(r"#\d+", "#", value)
        case _:
            return value


def in_one_order(values: Any) -> list[object]:
    return sorted(values, key=repr)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_live_is_as_replayed_and_as_chrome_says(
    name: str, stage_of: Callable[[Browser], Awaitable[Stage]], tmp_path: Path
) -> None:
    flows = tmp_path / f"{name}.flows"
    made = tmp_path / "document.json"
    scenario = SCENARIOS[name]
    result = await played(
        await stage_of(scenario.browser),
        scenario,
        flows,
        ("-s", str(ADDON), "-s", str(DOCUMENTING), "--set", f"document_to={made}"),
    )
    assert "ara-inspector failed" not in result.printed
    assert "Traceback" not in result.printed
    assert told(json.loads(made.read_text("utf-8"))) == told(replayed(flows))

    flows.with_suffix(".json").write_text(json.dumps(result.truth), "utf-8")
    found = tally(flows)
    assert not found.missing
    assert len(found.invented) == (name in NOT_IN_THE_HEADERS)
    assert not found.unexplained
    if name not in NO_HEADER_TO_IGNORE:
        assert found.issues == found.chrome_issues
