"""Scenarios of reports: event-level, aggregatable, verbose, and their debug copies."""

from __future__ import annotations

from recording.answers import (
    Answer,
    page,
    pixel,
    redirect,
    source,
    tell_me_about_header_errors,
    trigger,
)
from recording.scenario import Click, Outcome, Scenario, Visit

NEWS = "https://www.news.example/"
SHOP = "https://shop.example"
IMPRESSION = "measure.example/impression"
CONVERSION = "measure.example/conversion"
LINK = page('<a attributionsrc href="https://measure.example/click">Shoes</a>')


def _view_then_buy(impression: Answer, conversion: Answer) -> dict[str, Answer]:
    return {
        "www.news.example/": page(f'<img attributionsrc src="https://{IMPRESSION}">'),
        IMPRESSION: impression,
        "shop.example/thanks": page(f'<img src="https://{CONVERSION}">'),
        CONVERSION: conversion,
    }


_VIEW_THEN_BUY = (Visit(NEWS), Visit(f"{SHOP}/thanks"))

REPORTS_EVENT_LEVEL = Scenario(
    "reports_event_level",
    "a click and a purchase: an event-level report with both debug keys and its debug copy, then"
    " a second purchase with the same deduplication key",
    (Visit(NEWS), Click("a"), Visit(f"{SHOP}/thanks"), Visit(f"{SHOP}/thanks-again")),
    {
        "www.news.example/": LINK,
        "measure.example/click": redirect(
            f"{SHOP}/landing",
            source(
                source_event_id="101",
                destination=SHOP,
                debug_key="1011",
                debug_reporting=True,
                filter_data={"product": ["shoes"]},
            ),
        ),
        "shop.example/landing": page("<h1>Shoes</h1>"),
        "shop.example/thanks": page(f'<img src="https://{CONVERSION}">'),
        "shop.example/thanks-again": page(f'<img src="https://{CONVERSION}">'),
        CONVERSION: pixel(
            trigger(
                event_trigger_data=[
                    {"trigger_data": "1", "filters": {"product": ["boots"]}},
                    {"trigger_data": "3", "priority": "10", "deduplication_key": "5001"},
                ],
                debug_key="1012",
                debug_reporting=True,
            )
        ),
    },
    Outcome(sources=1, triggers=2, reports=4),
)

REPORTS_OF_AN_APP_LINK = Scenario(
    "reports_of_an_app_link",
    "a click that a reporter sends on to an app store, then a purchase on the web: the source is"
    " stored twice and says so in two reports, the purchase counts for one of them",
    (Visit(NEWS), Click("a"), Visit(f"{SHOP}/thanks")),
    {
        "www.news.example/": LINK,
        "measure.example/click": redirect(
            "market://details?id=example.shop",
            source(
                source_event_id="191",
                destination=SHOP,
                debug_key="1911",
                debug_reporting=True,
            ),
        ),
        "shop.example/thanks": page(f'<img src="https://{CONVERSION}">'),
        CONVERSION: pixel(
            trigger(event_trigger_data=[{"trigger_data": "3"}], debug_key="1912"),
        ),
    },
    Outcome(sources=2, triggers=1, reports=4),
)

REPORTS_AGGREGATABLE = Scenario(
    "reports_aggregatable",
    "both sides have a debug key: the aggregatable report and its debug copy, encrypted for"
    " fixtures/keys and in clear text",
    _VIEW_THEN_BUY,
    _view_then_buy(
        pixel(
            source(
                source_event_id="111",
                destination=SHOP,
                debug_key="1111",
                aggregation_keys={"count": "0x159", "value": "0x5"},
                filter_data={"product": ["shoes"]},
            )
        ),
        pixel(
            trigger(
                debug_key="1112",
                aggregatable_trigger_data=[
                    {"key_piece": "0x400", "source_keys": ["count"]},
                    {
                        "key_piece": "0xa80",
                        "source_keys": ["value"],
                        "filters": {"product": ["shoes"]},
                    },
                ],
                aggregatable_values={"count": 32768, "value": 1664},
                aggregatable_source_registration_time="include",
            )
        ),
    ),
    Outcome(sources=1, triggers=1, reports=2),
)

REPORTS_AGGREGATABLE_FILTERING = Scenario(
    "reports_aggregatable_filtering",
    "trigger_context_id and filtering ids of four bytes; no debug key, so nothing in clear text",
    _VIEW_THEN_BUY,
    _view_then_buy(
        pixel(
            source(
                source_event_id="121",
                destination=SHOP,
                aggregation_keys={"count": "0x159", "value": "0x5"},
            )
        ),
        pixel(
            trigger(
                aggregatable_trigger_data=[
                    {"key_piece": "0x400", "source_keys": ["count", "value"]}
                ],
                aggregatable_values={
                    "count": {"value": 32768, "filtering_id": "70000"},
                    "value": {"value": 1664, "filtering_id": "4000000000"},
                },
                aggregatable_filtering_id_max_bytes=4,
                trigger_context_id="order-1042",
            )
        ),
    ),
    Outcome(sources=1, triggers=1, reports=1),
)

REPORTS_VERBOSE = Scenario(
    "reports_verbose",
    "verbose debug reports: a header that cannot be parsed, a trigger no source matches, filters"
    " that do not match, no trigger data that matches; and an aggregatable debug report",
    (Visit(NEWS), Visit(f"{SHOP}/thanks")),
    {
        "www.news.example/": page(
            '<img attributionsrc src="https://measure.example/impression">'
            '<img attributionsrc src="https://broken.example/impression">'
        ),
        IMPRESSION: pixel(
            source(
                source_event_id="131",
                destination=SHOP,
                debug_reporting=True,
                trigger_data_matching="exact",
                filter_data={"product": ["shoes"]},
                aggregatable_debug_reporting={
                    "budget": 1024,
                    "key_piece": "0x1",
                    "debug_data": [{"types": ["source-success"], "key_piece": "0x2", "value": 64}],
                },
            )
        ),
        "broken.example/impression": pixel(
            source(source_event_id=132, destination=SHOP), tell_me_about_header_errors()
        ),
        "shop.example/thanks": page(
            '<img src="https://stranger.example/conversion">'
            '<img src="https://measure.example/other-product">'
            '<img src="https://measure.example/other-data">'
        ),
        "stranger.example/conversion": pixel(
            trigger(event_trigger_data=[{"trigger_data": "0"}], debug_reporting=True)
        ),
        "measure.example/other-product": pixel(
            trigger(
                event_trigger_data=[{"trigger_data": "0"}],
                filters={"product": ["boots"]},
                debug_reporting=True,
            )
        ),
        "measure.example/other-data": pixel(
            trigger(event_trigger_data=[{"trigger_data": "7"}], debug_reporting=True)
        ),
    },
    Outcome(sources=1, triggers=3, reports=6, issues=1),
)

REPORTING = (
    REPORTS_EVENT_LEVEL,
    REPORTS_OF_AN_APP_LINK,
    REPORTS_AGGREGATABLE,
    REPORTS_AGGREGATABLE_FILTERING,
    REPORTS_VERBOSE,
)
