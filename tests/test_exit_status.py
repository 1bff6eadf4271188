from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mitmproxy import exceptions, options
from mitmproxy.test import taddons
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.exit_status import FAILED, ExitStatus, Last
from exchanges import entries

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry

BROKEN = "ad https://a.example/\n< Attribution-Reporting-Register-Source: {}"
CLEAN = BROKEN.replace("{}", '{"destination":"https://shop.example"}')


def failed(fail_on: str, *told: tuple[list[Entry], list[Entry]]) -> bool:
    status = ExitStatus()
    with taddons.context(status) as context:
        context.configure(status, ara_fail_on=fail_on)
        for all_of_them, shown in told:
            status.tell(all_of_them, shown)
    return status.failed


def test_a_finding_that_is_shown_fails() -> None:
    broken = entries(BROKEN)
    assert failed("error", (broken, broken))
    assert not failed("error", (broken, []))
    assert not failed("never", (broken, broken))


def test_a_revision_takes_it_back() -> None:
    broken, clean = entries(BROKEN), entries(CLEAN)
    assert not failed("error", (broken, broken), (clean, clean))
    assert failed("error", (clean, clean), (broken, broken))
    assert not failed("error", (broken, broken), (broken, []))


def test_other_values_are_refused() -> None:
    with pytest.raises(exceptions.OptionsError, match="ara_fail_on is one of error, warning"):
        failed("fatal")


async def test_the_last_addon_ends_mitmdump_and_only_mitmdump() -> None:
    status = ExitStatus()
    with taddons.context(status) as context:
        context.configure(status, ara_fail_on="error")
        status.running()
        assert context.master.addons.get(Last.name) is None
    status = ExitStatus()
    master = DumpMaster(options.Options(), with_termlog=False, with_dumper=False)
    master.addons.add(status)
    status.running()
    # Each addon costs something for each flow: without need there is none.
    assert master.addons.get(Last.name) is None
    master.options.update(ara_fail_on="error")
    status.running()
    last = master.addons.get(Last.name)
    assert master.addons.chain[-1] is last
    last.done()
    broken = entries(BROKEN)
    status.tell(broken, broken)
    with pytest.raises(SystemExit) as end:
        last.done()
    assert end.value.code == FAILED == 3
