"""Aggregatable reports go back to their registrations, their buckets to the key pieces."""

from __future__ import annotations

from typing import Any

import pytest

from ara_inspector.findings import Certainty
from ara_inspector.reports import ReportKind
from ara_inspector.reports.bodies import AggregatableReport
from ara_inspector.reports.links import BucketLink, Known, Link, Role
from ara_inspector.reports.links.aggregatable import link_aggregatable, link_debug
from ara_inspector.reports.links.pairs import Sent
from known_registrations import SHOP, report, source, trigger
from report_posts import COORDINATOR, aggregatable, encoded, payload, shared_info

KEYS = {"aggregation_keys": {"campaign": "0x159", "geo": "0x5"}}
VALUES: dict[str, Any] = {
    "aggregatable_trigger_data": [
        {"key_piece": "0x400", "source_keys": ["campaign"]},
        {"key_piece": "0xA80", "source_keys": ["geo", "missing"]},
    ],
    "aggregatable_values": {"campaign": 32768, "geo": {"value": 1664, "filtering_id": "3"}},
}
DEBUG: dict[str, Any] = {
    "aggregatable_debug_reporting": {
        "budget": 1024,
        "key_piece": "0x1",
        "debug_data": [
            {"types": ["source-success"], "key_piece": "0x2", "value": 65},
            {"types": ["unspecified"], "key_piece": "0x4", "value": 66},
        ],
    }
}
TRIGGER_DEBUG: dict[str, Any] = {
    "aggregatable_debug_reporting": {
        "key_piece": "0x10",
        "debug_data": [{"types": ["unspecified"], "key_piece": "0x20", "value": 67}],
    }
}


def body(*contributions: tuple[int, int, int], opened: bool = False, **info: Any) -> dict[str, Any]:
    """A report scheduled at 2100; with contributions or `opened` its payload is in clear."""
    fields = {"key_id": "k", "payload": encoded(b"sealed")}
    if contributions or opened:
        fields["debug_cleartext_payload"] = encoded(payload(*contributions))
    info = {"scheduled_report_time": "2100"} | info
    return aggregatable(aggregation_service_payloads=[fields], shared_info=shared_info(**info))


def links(
    value: dict[str, Any],
    *known: Known,
    kind: ReportKind = ReportKind.AGGREGATABLE,
    time: float | None = 2101.0,
) -> tuple[dict[Role, Link], tuple[BucketLink, ...]]:
    made = report("report-aggregate-attribution", value).body
    assert isinstance(made, AggregatableReport)
    debug = kind is ReportKind.AGGREGATABLE_DEBUG
    found, buckets = (link_debug if debug else link_aggregatable)(made, Sent(kind, time), known)
    return {link.role: link for link in found}, buckets


def test_a_sealed_report_has_likely_registrations() -> None:
    found, buckets = links(body(), source(1, KEYS), trigger(2, VALUES))
    assert buckets == ()
    assert found == {
        Role.SOURCE: Link(
            1, Role.SOURCE, Certainty.LIKELY, "same reporting origin and attribution_destination"
        ),
        Role.TRIGGER: Link(
            2,
            Role.TRIGGER,
            Certainty.LIKELY,
            "same reporting origin, attribution_destination and report time",
        ),
    }


@pytest.mark.parametrize(
    "other",
    [
        trigger(9),
        trigger(9, VALUES, site="https://other.example"),
        trigger(9, VALUES | {"trigger_context_id": "x"}),
        trigger(9, VALUES | {"aggregatable_source_registration_time": "include"}),
        trigger(9, VALUES | {"aggregation_coordinator_origin": COORDINATOR.replace("aws", "gcp")}),
        trigger(9, VALUES, time=1400.0),
        trigger(9, VALUES, time=2106.0),
        source(9, KEYS),
    ],
)
def test_a_trigger_that_cannot_be_it_is_none(other: Known) -> None:
    assert links(body(), source(1, KEYS), other, time=3000.0) == ({}, ())


@pytest.mark.parametrize(
    "other",
    [
        source(9),
        source(9, KEYS | {"destination": "https://other.example"}),
        source(9, KEYS, time=2500.0),
        source(9, KEYS, time=2090.0 - 31 * 86_400),
        source(9, KEYS | {"debug_key": "1"}),
    ],
)
def test_without_a_source_that_fits_it_may_be_a_null_report(other: Known) -> None:
    keyed = trigger(2, VALUES | {"debug_key": "2"})
    found, _ = links(body(), other, keyed, time=3000.0)
    assert set(found) == {Role.TRIGGER}


def test_the_context_id_points_out_the_trigger() -> None:
    value = body(scheduled_report_time="2000") | {"trigger_context_id": "c"}
    known = (
        source(1, KEYS),
        trigger(2, VALUES | {"trigger_context_id": "c"}),
        trigger(3, VALUES | {"trigger_context_id": "d"}),
    )
    found, _ = links(value, *known)
    assert (found[Role.TRIGGER].entry, found[Role.TRIGGER].certainty) == (2, Certainty.CERTAIN)
    assert "trigger_context_id" in found[Role.TRIGGER].ground
    late = body() | {"trigger_context_id": "c"}
    assert links(late, *known) == ({}, ())


def test_the_source_day_limits_the_sources() -> None:
    wants = trigger(2, VALUES | {"aggregatable_source_registration_time": "include"})
    today = source(1, KEYS)
    yesterday = source(3, KEYS, time=-10_000.0)
    found, _ = links(body(source_registration_time="0"), today, yesterday, wants)
    assert (found[Role.SOURCE].entry, found[Role.SOURCE].others) == (1, ())


def test_an_opened_payload_is_taken_apart() -> None:
    value = body((0x559, 32768, 0), (0xA85, 1664, 3))
    wrong = source(3, {"aggregation_keys": {"campaign": "0x1000", "geo": "0x5"}}, time=1500.0)
    found, buckets = links(value, source(1, KEYS), wrong, trigger(2, VALUES))
    assert found[Role.SOURCE].ground == (
        "same reporting origin, attribution_destination and buckets"
    )
    assert found[Role.SOURCE].certainty is Certainty.CERTAIN
    assert buckets == (
        BucketLink(0x559, 32768, "campaign", 1, 0x159, 2, (0x400,)),
        BucketLink(0xA85, 1664, "geo", 1, 0x5, 2, (0xA80,)),
    )


@pytest.mark.parametrize(
    "contribution", [(0x558, 32768, 0), (0x559, 1, 0), (0x559, 32768, 1), (0x159, 32768, 0)]
)
def test_a_bucket_nobody_registered_is_not_explained(contribution: tuple[int, int, int]) -> None:
    plain = [{"key_piece": "0x400", "source_keys": ["campaign"]}]
    known = (source(1, KEYS), trigger(2, VALUES | {"aggregatable_trigger_data": plain}))
    found, buckets = links(body(contribution), *known)
    expected = contribution == (0x159, 32768, 0)
    # Without the trigger's piece it is a bucket too: the piece's filters may not match.
    assert (bool(found), bool(buckets)) == (expected, expected)


def test_equal_buckets_come_of_different_keys() -> None:
    same = {"aggregation_keys": {"a": "0x1", "b": "0x1"}}
    values = {"aggregatable_values": {"a": 5, "b": 5}}
    _, buckets = links(body((1, 5, 0), (1, 5, 0)), source(1, same), trigger(2, values))
    assert [bucket.key for bucket in buckets] == ["a", "b"]


def test_a_null_report_has_no_source() -> None:
    found, buckets = links(body(opened=True), source(1, KEYS), trigger(2, VALUES))
    assert (set(found), buckets) == ({Role.TRIGGER}, ())


def test_debug_keys_point_out_both() -> None:
    value = body() | {"source_debug_key": "1", "trigger_debug_key": "2"}
    found, _ = links(
        value,
        source(1, KEYS | {"debug_key": "1"}),
        source(3, KEYS),
        trigger(2, VALUES | {"debug_key": "2"}),
        trigger(4, VALUES | {"debug_key": "3"}),
    )
    assert {role: (link.entry, link.certainty) for role, link in found.items()} == {
        Role.SOURCE: (1, Certainty.CERTAIN),
        Role.TRIGGER: (2, Certainty.CERTAIN),
    }
    assert "trigger_debug_key" in found[Role.TRIGGER].ground


def test_without_shared_info_nothing_is_known() -> None:
    value = aggregatable(shared_info=None)
    assert links(value, source(1, KEYS), trigger(2, VALUES)) == ({}, ())
    debug = ReportKind.AGGREGATABLE_DEBUG
    assert links(value, source(1, DEBUG), kind=debug) == ({}, ())


def debug_links(
    value: dict[str, Any], *known: Known, time: float = 2000.1
) -> tuple[dict[Role, Link], tuple[BucketLink, ...]]:
    return links(value, *known, kind=ReportKind.AGGREGATABLE_DEBUG, time=time)


def test_a_debug_report_goes_back_to_what_was_just_registered() -> None:
    known = (
        source(1, DEBUG, time=2000.0),
        source(2, time=2000.0),
        source(3, DEBUG | {"destination": "https://other.example"}, time=2000.0),
        source(4, DEBUG),
        trigger(5, TRIGGER_DEBUG, site="https://other.example"),
        trigger(6, {"aggregatable_debug_reporting": {"key_piece": "0x1"}}),
    )
    found, buckets = debug_links(body(scheduled_report_time="2000"), *known)
    assert buckets == ()
    assert (found[Role.CAUSE].entry, found[Role.CAUSE].certainty) == (1, Certainty.CERTAIN)


def test_a_debug_bucket_is_key_piece_or_debug_data() -> None:
    value = body((3, 65, 0), scheduled_report_time="2000")
    found, buckets = debug_links(value, source(1, DEBUG, time=2000.0))
    assert found[Role.CAUSE].entry == 1
    assert buckets == (BucketLink(3, 65, "source-success", 1, 1, None, (2,)),)


def test_a_triggers_debug_bucket_has_the_sources_piece_too() -> None:
    value = body((0x31, 67, 0), scheduled_report_time="2000")
    found, buckets = debug_links(value, source(1, DEBUG), source(2), trigger(3, TRIGGER_DEBUG))
    assert found[Role.CAUSE].entry == 3
    assert buckets == (BucketLink(0x31, 67, "unspecified", 1, 1, 3, (0x10, 0x20)),)
    alone = body((0x30, 67, 0), scheduled_report_time="2000")
    _, buckets = debug_links(alone, trigger(3, TRIGGER_DEBUG))
    assert buckets == (BucketLink(0x30, 67, "unspecified", None, None, 3, (0x10, 0x20)),)


def test_a_debug_bucket_nobody_registered_is_not_explained() -> None:
    value = body((0x1000, 67, 0), scheduled_report_time="2000")
    assert debug_links(value, source(1, DEBUG), trigger(3, TRIGGER_DEBUG)) == ({}, ())
    assert debug_links(value, source(1, DEBUG, time=2000.0)) == ({}, ())


def test_a_debug_report_without_time_is_found_by_what_it_says() -> None:
    value = body(scheduled_report_time=None)
    assert value["shared_info"].count("scheduled_report_time") == 0
    found, _ = debug_links(value, trigger(3, TRIGGER_DEBUG, site=SHOP))
    assert found[Role.CAUSE].entry == 3
