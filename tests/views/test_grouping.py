from __future__ import annotations

import pytest

from ara_inspector.records import replace
from ara_inspector.session import Session
from ara_inspector.views.grouping import GroupBy, grouped
from exchanges import entries, exchanges

TRAFFIC = """
page https://www.news.example/story?from=mail

ad https://a.example/imp
< 302
< Location: https://b.example/silent
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example",\
"source_event_id":"7","debug_reporting":true}

ad https://b.example/silent

report https://a.example/.well-known/attribution-reporting/report-event-attribution
= {"attribution_destination":"https://shop.example","source_event_id":"1","trigger_data":"0"}

report https://a.example/.well-known/attribution-reporting/debug/verbose
= [{"type":"source-success","body":{"source_site":"https://news.example",\
"source_event_id":"7","attribution_destination":"https://shop.example"}}]

report https://a.example/.well-known/attribution-reporting/debug/verbose
= []
"""


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        (GroupBy.ORIGIN, {"https://a.example": 4, "https://b.example": 1}),
        (GroupBy.SITE, {"https://news.example": 3, "https://shop.example": 1, "site not known": 1}),
        (
            GroupBy.PAGE,
            {
                "https://www.news.example/story": 3,
                "https://shop.example": 1,
                "page not known": 1,
            },
        ),
        (GroupBy.CHAIN, {"chain c1": 3, "no chain": 2}),
    ],
)
def test_groups(by: GroupBy, groups: dict[str, int]) -> None:
    made = grouped(entries(TRAFFIC), by)
    assert {title: len(rows) for title, rows in made.items()} == groups


@pytest.mark.parametrize(
    ("url", "group"),
    [
        ("https://not a\x1b host.example/x?y", "https://not a\x1b host.example"),
        ("what:ever?y", "what:ever"),
    ],
)
def test_without_an_origin_there_is_what_the_url_says(url: str, group: str) -> None:
    session = Session()
    page, ad = exchanges(
        "page https://news.example/\n\nad https://a.example/\n"
        "< Attribution-Reporting-Register-Source: {}"
    )
    session.recorded(page)
    session.recorded(replace(ad, url=url))
    assert list(grouped(session.timeline, GroupBy.ORIGIN)) == [group]


def test_a_report_that_no_registration_made_belongs_where_its_body_says() -> None:
    found = entries(
        "report https://a.example/.well-known/attribution-reporting/debug/verbose\n"
        '= [{"type":"header-parsing-error","body":{"context_site":"https://news.example",'
        '"header":"Attribution-Reporting-Register-Source","value":"{"}}]'
    )
    assert list(grouped(found, GroupBy.SITE)) == ["https://news.example"]
