"""Bodies as Chrome writes them are read whole; anything else becomes findings, never an error."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ara_inspector.reports.bodies import (
    AggregatableReport,
    Contribution,
    EventLevelReport,
    Payload,
    PublicKey,
    VerboseDatum,
    VerboseReport,
)
from ara_inspector.reports.body_fields import MAX_FINDINGS, Notes
from ara_inspector.reports.body_readers import (
    MAX_ITEMS,
    read_aggregatable,
    read_event_level,
    read_public_keys,
    read_verbose,
)
from ara_inspector.reports.decryption import SUITE
from ara_inspector.reports.endpoints import Endpoint, ReportKind
from ara_inspector.spec.effective import SourceType
from report_posts import COORDINATOR, ORIGIN, UUID, aggregatable, encoded, event_level, payload
from report_posts import shared_info as info

type Found = list[tuple[str, tuple[str | int, ...]]]
KEY = bytes(range(32))


def found(notes: Notes) -> Found:
    return [(finding.rule.code, finding.path) for finding in notes.findings]


def event(value: Any) -> tuple[EventLevelReport | None, Found]:
    notes = Notes()
    return read_event_level(value, notes), found(notes)


def aggregate(
    value: Any,
    kind: ReportKind = ReportKind.AGGREGATABLE,
    keys: dict[str, bytes] | None = None,
) -> tuple[AggregatableReport | None, Found]:
    notes = Notes()
    endpoint = Endpoint(kind, ORIGIN, "")
    return read_aggregatable(value, endpoint, keys or {}, notes), found(notes)


def verbose(value: Any) -> tuple[VerboseReport | None, Found]:
    notes = Notes()
    return read_verbose(value, notes), found(notes)


def test_an_event_level_report_is_read_whole() -> None:
    report, findings = event(event_level(source_debug_key="1", trigger_debug_key="2"))
    assert findings == []
    assert report == EventLevelReport(
        attribution_destination=("https://shop.example",),
        randomized_trigger_rate=0.0000025,
        report_id=UUID,
        scheduled_report_time=3592000,
        source_event_id=123,
        source_type=SourceType.EVENT,
        trigger_data=1,
        source_debug_key=1,
        trigger_debug_key=2,
    )
    assert report.to_json()["source_event_id"] == "123"


def test_several_destinations_are_a_list() -> None:
    report, findings = event(
        event_level(attribution_destination=["https://a.test", "https://b.test"])
    )
    assert findings == []
    assert report is not None
    assert report.attribution_destination == ("https://a.test", "https://b.test")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("attribution_destination", ["https://a.test"]),
        ("attribution_destination", ["https://a.test", 5]),
        ("attribution_destination", "shop.example"),
        ("attribution_destination", "https://shop.example/"),
        ("randomized_trigger_rate", "0.5"),
        ("randomized_trigger_rate", True),
        ("randomized_trigger_rate", 1.5),
        ("report_id", "1"),
        ("report_id", 5),
        ("scheduled_report_time", 3592000),
        ("source_event_id", "18446744073709551616"),
        ("source_event_id", "+1"),
        ("source_event_id", "01"),
        ("source_event_id", ""),
        ("source_type", "click"),
        ("source_type", ["event"]),
        ("source_type", {}),
        ("trigger_data", None),
        ("trigger_debug_key", 1),
    ],
)
def test_a_field_with_another_value_is_found_and_left_out(name: str, value: Any) -> None:
    report, findings = event({**event_level(), name: value})
    assert findings == [("RPT005", (name,))]
    assert report is not None
    assert getattr(report, name) is None


def test_missing_and_unknown_fields_are_found() -> None:
    report, findings = event(event_level(report_id=None, extra=1))
    assert findings == [("RPT006", ()), ("RPT007", ("extra",))]
    assert report is not None
    assert report.source_event_id == 123


@pytest.mark.parametrize("value", [None, [], "x", 5, 0.5, True])
def test_a_body_of_another_type_gives_nothing(value: Any) -> None:
    assert event(value) == (None, [("RPT005", ())])
    assert aggregate(value) == (None, [("RPT005", ())])


def test_findings_of_one_report_are_bounded() -> None:
    _, findings = event({f"f{number}": 1 for number in range(10_000)})
    assert len(findings) == MAX_FINDINGS


def test_an_aggregatable_report_is_read_whole() -> None:
    report, findings = aggregate(
        aggregatable(
            shared_info=info(debug_mode="enabled", source_registration_time="0"),
            source_debug_key="1",
            trigger_debug_key="2",
            trigger_context_id="ctx",
        )
    )
    assert findings == []
    assert report is not None
    assert report.aggregation_coordinator_origin == COORDINATOR
    assert report.payloads == (Payload(key_id="k", size=6),)
    assert report.histogram is None
    assert report.trigger_context_id == "ctx"
    shared = report.shared_info
    assert shared is not None
    assert (shared.report_id, shared.debug_mode) == (UUID, "enabled")
    assert (shared.scheduled_report_time, shared.source_registration_time) == (1000, 0)


def test_a_debug_report_has_its_own_api_and_no_debug_keys() -> None:
    body = aggregatable(shared_info=info(api="attribution-reporting-debug"))
    assert aggregate(body, ReportKind.AGGREGATABLE_DEBUG)[1] == []
    assert aggregate(body)[1] == [("RPT005", ("shared_info", "api"))]
    keyed = body | {"source_debug_key": "1"}
    assert aggregate(keyed, ReportKind.AGGREGATABLE_DEBUG)[1] == [("RPT007", ("source_debug_key",))]


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"shared_info": 5}, [("RPT005", ("shared_info",))]),
        ({"shared_info": "{"}, [("RPT004", ("shared_info",)), ("RPT005", ("shared_info",))]),
        ({"shared_info": "[]"}, [("RPT005", ("shared_info",))]),
        ({"shared_info": None}, [("RPT006", ())]),
        (
            {"shared_info": info(reporting_origin="https://r2.example")},
            [("RPT008", ("shared_info", "reporting_origin"))],
        ),
        ({"shared_info": info(reporting_origin=None)}, [("RPT006", ("shared_info",))]),
        ({"aggregation_service_payloads": []}, [("RPT005", ("aggregation_service_payloads",))]),
        ({"aggregation_service_payloads": {}}, [("RPT005", ("aggregation_service_payloads",))]),
        ({"aggregation_service_payloads": None}, [("RPT006", ())]),
        ({"aggregation_service_payloads": [5]}, [("RPT005", ("aggregation_service_payloads", 0))]),
        (
            {"aggregation_service_payloads": [{"key_id": "k", "payload": "\u00e9"}]},
            [("RPT005", ("aggregation_service_payloads", 0, "payload"))],
        ),
        (
            {"aggregation_service_payloads": [{"key_id": "", "payload": 5}]},
            [
                ("RPT005", ("aggregation_service_payloads", 0, "key_id")),
                ("RPT005", ("aggregation_service_payloads", 0, "payload")),
            ],
        ),
    ],
)
def test_what_is_wrong_in_an_aggregatable_report_is_found(
    changes: dict[str, Any], findings: Found
) -> None:
    report, seen = aggregate(aggregatable(**changes))
    assert seen == findings
    assert report is not None


PLACE = ("aggregation_service_payloads", 0)


def with_payload(**fields: str) -> dict[str, Any]:
    base = {"key_id": "k", "payload": encoded(b"sealed")}
    return aggregatable(aggregation_service_payloads=[base | fields])


def test_the_cleartext_payload_is_decoded() -> None:
    clear = encoded(payload((0x159, 32768, 0)))
    report, findings = aggregate(with_payload(debug_cleartext_payload=clear))
    assert findings == []
    assert report is not None
    assert report.histogram is not None
    assert report.histogram.contributions == (
        Contribution(bucket=0x159, value=32768, filtering_id=0),
    )
    assert report.to_json()["payloads"][0]["cleartext"]["contributions"] == [
        {"bucket": "0x159", "value": 32768, "filtering_id": "0"}
    ]


def test_an_undecodable_payload_is_found() -> None:
    report, findings = aggregate(with_payload(debug_cleartext_payload=encoded(b"\xff")))
    assert findings == [("RPT009", (*PLACE, "debug_cleartext_payload"))]
    assert report is not None
    assert report.histogram is None


def test_a_null_report_is_noted() -> None:
    clear = encoded(payload())
    assert aggregate(with_payload(debug_cleartext_payload=clear))[1] == [("RPT013", ())]


def sealed(plaintext: bytes) -> str:
    public = X25519PrivateKey.from_private_bytes(KEY).public_key()
    return encoded(SUITE.encrypt(plaintext, public, b"aggregation_service" + info().encode()))


def test_a_private_key_opens_the_payload() -> None:
    clear = payload((1, 2, 3))
    body = with_payload(payload=sealed(clear), debug_cleartext_payload=encoded(clear))
    report, findings = aggregate(body, keys={"k": KEY})
    assert findings == []
    assert report is not None
    opened = report.payloads[0]
    assert opened.decrypted is not None
    assert opened.decrypted == opened.cleartext == opened.histogram


@pytest.mark.parametrize(
    ("fields", "keys", "code"),
    [
        ({"payload": sealed(payload((1, 2, 3)))}, {"other": KEY}, "RPT011"),
        ({"payload": sealed(payload((1, 2, 3)))}, {"k": bytes(32)}, "RPT010"),
        ({"payload": sealed(b"\xff")}, {"k": KEY}, "RPT009"),
    ],
)
def test_what_stops_decryption_is_found(
    fields: dict[str, str], keys: dict[str, bytes], code: str
) -> None:
    report, findings = aggregate(with_payload(**fields), keys=keys)
    assert findings == [(code, (*PLACE, "payload"))]
    assert report is not None
    assert report.payloads[0].decrypted is None


def test_a_cleartext_that_differs_is_found() -> None:
    body = with_payload(
        payload=sealed(payload((1, 2, 3))), debug_cleartext_payload=encoded(payload((1, 2, 4)))
    )
    report, findings = aggregate(body, keys={"k": KEY})
    assert findings == [("RPT012", (*PLACE, "debug_cleartext_payload"))]
    assert report is not None
    assert report.histogram is not None
    assert report.histogram.contributions[0].filtering_id == 3


SOURCE = {
    "attribution_destination": "https://shop.example",
    "source_event_id": "123",
    "source_site": "https://pub.example",
}


def datum(name: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": name, "body": body}]


def test_a_verbose_report_may_have_several_data() -> None:
    report, findings = verbose(
        datum("trigger-event-deduplicated", SOURCE)
        + datum(
            "trigger-aggregate-insufficient-named-budget", SOURCE | {"limit": "10", "name": "b"}
        )
    )
    assert findings == []
    assert report is not None
    first, second = report.data
    assert first == VerboseDatum(
        type="trigger-event-deduplicated",
        attribution_destination=("https://shop.example",),
        source_event_id=123,
        source_site="https://pub.example",
    )
    assert (second.limit, second.name) == ("10", "b")
    assert (first.destinations, first.event_id) == (("https://shop.example",), 123)


@pytest.mark.parametrize(("wire", "read"), [("100", "100"), (6.5, "6.5"), (11, "11")])
def test_a_limit_is_text_or_number(wire: str | float, read: str) -> None:
    report, findings = verbose(datum("source-channel-capacity-limit", SOURCE | {"limit": wire}))
    assert findings == []
    assert report is not None
    assert report.data[0].limit == read


@pytest.mark.parametrize("wire", [True, "many", -1, 1e30, None, []])
def test_a_limit_is_a_number_at_all(wire: Any) -> None:
    report, findings = verbose(datum("source-channel-capacity-limit", SOURCE | {"limit": wire}))
    assert findings == [("RPT005", (0, "body", "limit"))]
    assert report is not None
    assert report.data[0].limit is None


def test_a_type_that_carries_a_report_has_one_inside() -> None:
    report, findings = verbose(datum("trigger-event-low-priority", event_level()))
    assert findings == []
    assert report is not None
    inside = report.data[0]
    assert inside.report is not None
    assert inside.report.trigger_data == 1
    assert (inside.destinations, inside.event_id) == (("https://shop.example",), 123)
    assert verbose(datum("trigger-event-low-priority", {}))[1] == [("RPT006", (0, "body"))] * 7


def test_a_header_error_quotes_the_header() -> None:
    body = {"context_site": "https://pub.example", "header": "X", "value": "", "error": {"m": 1}}
    report, findings = verbose(datum("header-parsing-error", body))
    assert findings == []
    assert report is not None
    assert report.data[0].value == ""
    assert report.data[0].destinations == ()


def test_an_unknown_type_is_noted_and_read_as_far_as_known() -> None:
    report, findings = verbose(datum("source-new-limit", SOURCE | {"limit": "3", "new": 1}))
    assert findings == [("RPT014", (0, "type")), ("RPT007", (0, "body", "new"))]
    assert report is not None
    assert report.data[0].source_site == "https://pub.example"


@pytest.mark.parametrize(
    ("value", "findings"),
    [
        ({}, [("RPT005", ())]),
        ([], [("RPT005", ())]),
        ([5], [("RPT005", (0,))]),
        ([{}], [("RPT006", (0,)), ("RPT006", (0,))]),
        (
            [{"type": 5, "body": []}],
            [("RPT005", (0, "type")), ("RPT005", (0, "body"))],
        ),
        (
            datum("header-parsing-error", {"context_site": "x", "header": "", "value": 5}),
            [
                ("RPT005", (0, "body", "context_site")),
                ("RPT005", (0, "body", "header")),
                ("RPT005", (0, "body", "value")),
            ],
        ),
    ],
)
def test_what_is_wrong_in_a_verbose_report_is_found(value: Any, findings: Found) -> None:
    assert verbose(value)[1] == findings


def test_only_so_many_items_are_read() -> None:
    report, _ = verbose([{}] * (MAX_ITEMS + 5))
    assert report is not None
    assert len(report.data) == MAX_ITEMS


def test_keys_are_read() -> None:
    notes = Notes()
    keys = read_public_keys({"keys": [{"id": "a", "key": encoded(bytes(32))}]}, notes)
    assert keys is not None
    assert keys.keys == (PublicKey(id="a", size=32),)
    assert found(notes) == []


@pytest.mark.parametrize(
    ("value", "findings"),
    [
        ([], [("RPT005", ())]),
        ({}, [("RPT005", ())]),
        ({"keys": {}}, [("RPT005", ())]),
        ({"keys": []}, [("RPT006", ("keys",))]),
        ({"keys": [5]}, [("RPT005", ("keys", 0))]),
        ({"keys": [{"id": "a"}]}, [("RPT006", ("keys", 0))]),
        (
            {"keys": [{"id": "a", "key": encoded(bytes(31))}]},
            [("RPT005", ("keys", 0, "key"))],
        ),
        ({"keys": [{"id": "a", "key": "-"}]}, [("RPT005", ("keys", 0, "key"))]),
    ],
)
def test_what_is_wrong_with_keys_is_found(value: Any, findings: Found) -> None:
    notes = Notes()
    read_public_keys(value, notes)
    assert found(notes) == findings
