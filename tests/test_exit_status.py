from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from mitmproxy import ctx, exceptions, options
from mitmproxy.test import taddons
from mitmproxy.tools.dump import DumpMaster

from ara_inspector.exit_status import FAILED, SPOILT, ExitStatus, Last
from ara_inspector.findings import Severity
from ara_inspector.records import replace
from ara_inspector.showing import Showing
from exchanges import entries

if TYPE_CHECKING:
    from ara_inspector.timeline import Entry

BROKEN = "ad https://a.example/\n< Attribution-Reporting-Register-Source: {}"
CLEAN = BROKEN.replace("{}", '{"destination":"https://shop.example"}')


def reason(
    fail_on: str, *told: tuple[list[Entry], list[Entry]], ara_filter: str = ""
) -> str | None:
    showing = Showing()
    status = ExitStatus(showing)
    with taddons.context(showing, status) as context:
        context.configure(showing, ara_filter=ara_filter)
        context.configure(status, ara_fail_on=fail_on)
        for all_of_them, shown in told:
            status.tell(all_of_them, shown)
        assert status.status == (FAILED if status.reason else 0)
        return status.reason


def test_a_finding_that_is_shown_fails() -> None:
    broken = entries(BROKEN)
    told = reason("error", (broken, broken))
    assert told is not None
    assert re.fullmatch(r"\d findings that fail ara_fail_on=error: #\d( #\d)*", told)
    assert not reason("error", (broken, []))
    assert not reason("never", (broken, broken))


def test_a_revision_takes_it_back() -> None:
    broken, clean = entries(BROKEN), entries(CLEAN)
    assert not reason("error", (broken, broken), (clean, clean))
    assert reason("error", (clean, clean), (broken, broken))
    assert not reason("error", (broken, broken), (broken, []))


def test_of_an_entry_told_twice_at_once_the_last_counts() -> None:
    broken = entries(BROKEN)
    clean = [replace(entry, revision=1) for entry in entries(CLEAN)]
    assert [e.number for e in clean] == [e.number for e in broken]
    once = reason("error", (broken, broken))
    again = [replace(entry, revision=1) for entry in broken]
    assert reason("error", (broken + again, broken + again)) == once
    assert not reason("error", (broken + clean, broken + clean))
    # What is not shown any more does not fail by what it was before.
    assert not reason("error", (broken + again, broken))


def test_few_of_many_are_named() -> None:
    (one,) = (entry for entry in entries(BROKEN) if entry.severity is Severity.ERROR)
    many = [replace(one, number=number) for number in range(1, 10)]
    told = reason("error", (many, many))
    assert told is not None
    assert told.endswith(": #1 #2 #3 #4 #5 #6 #7 #8 ...")


@pytest.mark.parametrize(
    "ara_filter", ["origin:typo.example", "-origin:a.example", "kind:report", "nowhere"]
)
def test_a_filter_that_looks_at_nothing_fails(ara_filter: str) -> None:
    clean = entries(CLEAN)
    told = reason("error", (clean, []), ara_filter=ara_filter)
    assert told == (
        f"the filter {ara_filter} matches none of {len(clean)} entries: nothing was checked"
    )
    assert not reason("never", (clean, []), ara_filter=ara_filter)
    # There was nothing to look at.
    assert not reason("error", ara_filter=ara_filter)
    one = clean[:1]
    told = reason("error", (one, []), ara_filter=ara_filter)
    assert told is not None
    assert "none of 1 entry:" in told


@pytest.mark.parametrize("ara_filter", ["severity:error", "code:SRC", "origin:a.example code:SRC"])
def test_a_filter_for_what_is_not_found_has_looked(ara_filter: str) -> None:
    assert not reason("error", (entries(CLEAN), []), ara_filter=ara_filter)


def test_other_values_are_refused() -> None:
    with pytest.raises(exceptions.OptionsError, match="ara_fail_on is one of error, warning"):
        reason("fatal")


@pytest.fixture
async def master() -> DumpMaster:
    return DumpMaster(options.Options(), with_termlog=False, with_dumper=False)


async def test_the_last_addon_ends_mitmdump_and_only_mitmdump(
    master: DumpMaster, capsys: pytest.CaptureFixture[str]
) -> None:
    showing = Showing()
    status = ExitStatus(showing)
    with taddons.context(showing, status) as context:
        context.configure(status, ara_fail_on="error")
        status.running()
        assert context.master.addons.get(Last.name) is None
    status = ExitStatus(showing)
    ctx.master, ctx.options = master, master.options
    master.addons.add(showing, status)
    status.running()
    # Each addon costs something for each flow: without need there is none.
    assert master.addons.get(Last.name) is None
    master.options.update(ara_fail_on="error")
    status.running()
    last = master.addons.get(Last.name)
    assert master.addons.chain[-1] is last
    last.done()
    assert capsys.readouterr().err == ""
    broken = entries(BROKEN)
    status.tell(broken, broken)
    with pytest.raises(SystemExit) as end:
        last.done()
    assert end.value.code == FAILED == 3
    assert capsys.readouterr().err == f"ara-inspector: {status.reason}\n"


async def test_what_is_spoilt_ends_it_too(master: DumpMaster) -> None:
    ctx.master, ctx.options = master, master.options
    showing = Showing()
    status = ExitStatus(showing)
    master.addons.add(showing, status)
    status.spoil()
    assert master.addons.get(Last.name) is None
    status.running()
    with pytest.raises(SystemExit) as end:
        master.addons.get(Last.name).done()
    assert end.value.code == SPOILT == 1
    status.spoil()
    assert sum(isinstance(addon, Last) for addon in master.addons.chain) == 1
