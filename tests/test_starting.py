"""Options that cannot be used, as a script of mitmproxy meets them while it starts."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from mitmproxy import exceptions
from mitmproxy.test import taddons

from ara_inspector.addon import AttributionInspector

if TYPE_CHECKING:
    from collections.abc import Iterator


class Script:
    """The inspector as the namespace of a script: mitmproxy calls what stands in it."""

    def __init__(self) -> None:
        AttributionInspector().become(vars(self))


@pytest.fixture
def context() -> Iterator[taddons.context]:
    with taddons.context() as made:
        yield made


async def problems(context: taddons.context, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What a start with the options given so far logs as errors."""
    script = Script()
    with caplog.at_level(logging.INFO):
        context.master.addons.add(script)
        script.configure(context.options.keys())  # type: ignore[attr-defined]
        await asyncio.sleep(0)
    assert not any(record.exc_info for record in caplog.records)
    return [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ara_live=no", 'ara_live=no: boolean must be "true", "false", or have the value omitted'),
        ("ara_filter", "ara_filter: a value is wanted"),
        ("ara_fail_on=bogus", "ara_fail_on is one of error, warning, never, not 'bogus'"),
        ("ara_fial_on=error", "ara_fial_on: no such option; did you mean ara_fail_on?"),
        ("ara_zzzzzzzz=error", "ara_zzzzzzzz: no such option"),
    ],
)
async def test_what_cannot_be_used_is_one_line_and_an_error(
    context: taddons.context, caplog: pytest.LogCaptureFixture, given: str, told: str
) -> None:
    context.options.set(given, defer=True)
    (line,) = await problems(context, caplog)
    assert line.startswith(told)


async def test_a_value_given_twice(
    context: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    context.options.set("ara_live=true", "ara_live=false", defer=True)
    (line,) = await problems(context, caplog)
    assert line.startswith("ara_live=true, ara_live=false: Received multiple values")


async def test_a_value_of_the_wrong_type_in_the_configuration_file(
    context: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    context.options.update_defer(ara_page=8090, ara_table=False)
    (line,) = await problems(context, caplog)
    assert line.startswith("ara_page=8090: Expected <class 'str'>")
    assert context.options.ara_table is False


async def test_what_can_be_used_is_set(
    context: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    context.options.set("ara_live=false", "ara_ignore=A", "ara_ignore=B", defer=True)
    context.options.set("other=1", defer=True)
    assert not await problems(context, caplog)
    assert context.options.ara_live is False
    assert context.options.ara_ignore == ["A", "B"]
    # Not ours: mitmproxy may know why.
    assert set(context.options.deferred) == {"other"}


async def test_a_value_of_another_script_does_not_end_ours(
    context: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    context.options.add_option("other", bool, True, "of a script that its value has ended")
    context.options.deferred["other"] = type("Words", (), {"val": ["no"]})()
    (line,) = await problems(context, caplog)
    assert line.startswith("other=no: boolean must be")
    assert context.options.ara_live is True


async def test_later_an_error_is_the_callers(
    context: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    assert not await problems(context, caplog)
    with pytest.raises(exceptions.OptionsError, match="ara_filter: who: is no filter"):
        context.options.update(ara_filter="who:me")
    assert context.options.ara_filter == ""
