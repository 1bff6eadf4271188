"""Playing scenarios and writing what came of them: flow file, truth, HAR."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recording.chromium import CACHE, BrowserError
from recording.measured import rewrite
from recording.proxy import ProxyError, mitmdump
from recording.scenarios import SCENARIOS
from recording.stage import Stage, stage
from recording.witness import outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recording.scenario import Scenario

FIXTURES = Path(__file__).parents[2] / "fixtures"
STATE = CACHE / "mitmproxy"
WITH_HAR = {"realistic_session"}
ATTEMPTS = 2


@dataclass(frozen=True)
class Played:
    """What came of a scenario."""

    truth: dict[str, Any]
    """The browser's account, in the form of a truth file."""
    printed: str
    """All that mitmdump printed."""


class RecordingError(Exception):
    """The browser's account is not what the scenario says must come of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the scenarios named on the command line, or all of them."""
    parser = argparse.ArgumentParser(
        prog="scripts/record-fixtures",
        description="Record fixtures/flows anew from real browsers. See fixtures/README.md.",
    )
    parser.add_argument(
        "scenario", nargs="*", help=f"any of: {', '.join(SCENARIOS)}; all of them if none is named"
    )
    parser.add_argument("--into", type=Path, default=FIXTURES, help="default: fixtures/")
    options = parser.parse_args(arguments)
    unknown = set(options.scenario) - set(SCENARIOS)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    chosen = [SCENARIOS[name] for name in options.scenario or SCENARIOS]
    try:
        failures = asyncio.run(_record_all(chosen, options.into))
    except (BrowserError, ProxyError) as error:
        failures = [str(error)]
    rewrite(options.into)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


async def _record_all(scenarios: Sequence[Scenario], fixtures: Path) -> list[str]:
    failures = []
    in_order = sorted(scenarios, key=lambda scenario: scenario.browser)
    for browser, group in groupby(in_order, key=lambda scenario: scenario.browser):
        async with stage(browser) as here:
            for scenario in group:
                try:
                    await _record(here, scenario, fixtures)
                except RecordingError as error:
                    failures.append(str(error))
    return failures


async def _record(here: Stage, scenario: Scenario, fixtures: Path) -> None:
    flows = fixtures / "flows" / f"{scenario.name}.flows"
    with tempfile.TemporaryDirectory() as name:
        new = Path(name) / flows.name
        for _ in range(ATTEMPTS):
            new.unlink(missing_ok=True)
            truth = (await played(here, scenario, new)).truth
            if outcome(truth) == scenario.outcome:
                break
            print(f"{scenario.name}: {outcome(truth)}, again", file=sys.stderr)
        else:
            raise RecordingError(
                f"{scenario.name}: {outcome(truth)}, not {scenario.outcome}; not recorded:\n"
                + "\n".join(_told(truth))
            )
        flows.parent.mkdir(parents=True, exist_ok=True)
        flows.write_bytes(new.read_bytes())
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    flows.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
    if scenario.name in WITH_HAR:
        _export_har(flows, fixtures / "har" / f"{scenario.name}.har")
    print(f"{scenario.name}: {outcome(truth)}, {flows.stat().st_size // 1024} KB")


async def played(
    here: Stage, scenario: Scenario, flows: Path, arguments: Sequence[str] = ()
) -> Played:
    """Play a scenario through a mitmdump of its own, with further `arguments` for mitmdump.

    That is all a live test needs: load the addon under test with `arguments`, then compare what
    it printed or wrote with the browser's account, and with a replay of `flows`.
    """
    async with mitmdump(scenario, STATE, flows=flows, arguments=arguments) as proxy:
        witness = await here.play(scenario, proxy.address)
    return Played(witness.truth(scenario, flows), "".join(proxy.lines))


def _told(truth: dict[str, Any]) -> list[str]:
    """The browser's account in a few lines, to see what is missing or too much."""
    return [
        *(f"  source {source}" for source in truth["sources"]),
        *(f"  trigger {told['event_level']}, {told['aggregatable']}" for told in truth["triggers"]),
        *(f"  report {told['url']} {told['body'][:200]}" for told in truth["reports_on_wire"]),
        *(f"  issue {issue}" for issue in truth["issues"]),
    ]


def _export_har(flows: Path, har: Path) -> None:
    """Write the HAR with mitmproxy's own exporter."""
    har.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            str(Path(sys.executable).with_name("mitmdump")),
            *("-q", "-n", "-r", str(flows), "--set", f"hardump={har}"),
            *("--set", f"confdir={STATE}"),
        ],
        check=True,
    )
