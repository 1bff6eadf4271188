from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mitmproxy import exceptions
from mitmproxy.test import taddons

from ara_inspector.showing import Showing
from ara_inspector.views.grouping import GroupBy
from ara_inspector.views.style import Style
from exchanges import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

TRAFFIC = """
ad https://a.example/
< Attribution-Reporting-Register-Source: {}

ad https://b.example/
< Attribution-Reporting-Register-Trigger: {}
"""


@pytest.fixture
def showing() -> Showing:
    return Showing()


@pytest.fixture
def context(showing: Showing) -> Iterator[taddons.context]:
    with taddons.context(showing) as made:
        yield made


def test_everything_is_shown_by_default(showing: Showing, context: taddons.context) -> None:
    session = watched(TRAFFIC)
    assert showing.excerpt(session).timeline == tuple(session.timeline)
    assert showing.excerpt(session).summary() == session.summary()
    layout = showing.layout(100, Style.PLAIN)
    assert (layout.group_by, layout.absolute) == (GroupBy.ORIGIN, False)
    del context


def test_a_rule_that_there_is_not_cannot_be_ignored(
    showing: Showing, context: taddons.context
) -> None:
    with pytest.raises(
        exceptions.OptionsError, match="ara_ignore: no rule's code begins with 'NO'"
    ):
        context.configure(showing, ara_ignore=["REG010,NO"])


def test_the_options_are_read(showing: Showing, context: taddons.context) -> None:
    context.configure(
        showing,
        ara_filter="kind:source",
        ara_ignore=["rsp029"],
        ara_group_by="page",
        ara_time="absolute",
    )
    (entry,) = showing.excerpt(watched(TRAFFIC)).timeline
    assert entry.findings
    assert "RSP029" not in {finding.rule.code for finding in entry.findings}
    layout = showing.layout(100, Style.PLAIN)
    assert (layout.group_by, layout.absolute) == (GroupBy.PAGE, True)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"ara_filter": "who:me"}, "ara_filter: who: is no filter"),
        ({"ara_filter": "-code:SRC94"}, "ara_filter: no rule's code begins with 'SRC94'"),
        ({"ara_group_by": "day"}, "ara_group_by is one of origin, site, page, chain, not 'day'"),
        ({"ara_time": "utc"}, "ara_time is one of relative, absolute, not 'utc'"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(
    showing: Showing, context: taddons.context, option: dict[str, str], message: str
) -> None:
    with pytest.raises(exceptions.OptionsError, match=message):
        context.configure(showing, **option)
