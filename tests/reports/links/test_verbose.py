"""A verbose debug report goes back to the registration the browser had just processed."""

from __future__ import annotations

from typing import Any

import pytest

from ara_inspector.findings import Certainty, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import Kind
from ara_inspector.reports.bodies import VerboseReport
from ara_inspector.reports.links import Known, Link, Role
from ara_inspector.reports.links.verbose import link_datum
from known_registrations import PUBLISHER, SHOP, registration, report, source, trigger
from report_posts import event_level

SOURCE_BODY = {
    "attribution_destination": SHOP,
    "source_event_id": "123",
    "source_site": PUBLISHER,
}


def links(
    name: str, body: dict[str, Any], *known: Known, time: float | None = 2000.05
) -> dict[Role, Link]:
    made = report("debug/verbose", [{"type": name, "body": body}])
    assert isinstance(made.body, VerboseReport)
    return {link.role: link for link in link_datum(made.body.data[0], time, known)}


def test_a_source_is_found_by_what_the_report_says() -> None:
    found = links(
        "source-success",
        SOURCE_BODY,
        source(1, time=2000.0),
        source(2, {"source_event_id": "124"}, time=2000.0),
        source(3, {"destination": "https://other.example"}, time=2000.0),
        source(4, {"debug_reporting": False}, time=2000.0),
        trigger(5),
    )
    assert found == {
        Role.CAUSE: Link(
            1,
            Role.CAUSE,
            Certainty.CERTAIN,
            "same reporting origin, source_event_id, attribution_destination, source site"
            " and moment",
        )
    }


def test_a_debug_key_of_the_source_must_be_in_the_report() -> None:
    keyed = SOURCE_BODY | {"source_debug_key": "7"}
    one = source(1, {"debug_key": "7"}, time=2000.0)
    found = links("source-success", keyed, one, source(2, {"debug_key": "8"}, time=2000.0))
    assert found[Role.CAUSE].entry == 1
    assert "source_debug_key" in found[Role.CAUSE].ground
    assert links("source-success", keyed, source(1, time=2000.0)) == {}
    # Without debug permission (Chrome 131) no report shows the key.
    assert links("source-success", SOURCE_BODY, one)[Role.CAUSE].entry == 1


def test_of_equal_sources_the_nearest_in_time_counts() -> None:
    before, now = source(1, time=1000.0), source(2, time=2000.0)
    later = source(3, time=2000.7)
    found = links("source-success", SOURCE_BODY, before, now, later)[Role.CAUSE]
    # What is long past is not even a rival.
    assert (found.entry, found.certainty, found.others) == (2, Certainty.CERTAIN, ())
    twin = source(4, time=2000.01)
    rivals = links("source-success", SOURCE_BODY, now, twin)[Role.CAUSE]
    assert (rivals.entry, rivals.certainty, rivals.others) == (4, Certainty.LIKELY, (2,))
    assert rivals.ground.endswith("; the best of 2 that fit")


def test_a_registration_causes_one_verbose_report_unless_it_comes_from_a_cache() -> None:
    used = replace(source(1, time=2000.04), spent=frozenset({"verbose"}))
    fresh = source(2, time=2000.0)
    assert links("source-success", SOURCE_BODY, used, fresh)[Role.CAUSE].entry == 2
    again = links("source-success", SOURCE_BODY, used)[Role.CAUSE]
    assert (again.entry, again.certainty) == (1, Certainty.LIKELY)


def test_a_site_that_differs_is_the_last_choice() -> None:
    other = source(1, site="https://other.example", time=2000.04)
    unknown = source(2, site=None, time=2000.0)
    assert links("source-success", SOURCE_BODY, other, unknown)[Role.CAUSE].entry == 2
    assert links("source-success", SOURCE_BODY, other)[Role.CAUSE].entry == 1


def test_an_ignored_registration_is_the_last_choice() -> None:
    ignored = source(1, time=2000.04, verdict=Verdict.IGNORED)
    assert (
        links("source-success", SOURCE_BODY, ignored, source(2, time=2000))[Role.CAUSE].entry == 2
    )


def test_without_times_what_it_says_is_enough() -> None:
    found = links("source-success", SOURCE_BODY, source(1, time=None), time=None)[Role.CAUSE]
    assert (found.entry, found.certainty) == (1, Certainty.CERTAIN)
    assert "moment" not in found.ground


def test_a_trigger_is_found_by_site_and_moment_and_its_source_by_name() -> None:
    found = links(
        "trigger-event-deduplicated",
        SOURCE_BODY,
        source(1),
        source(2, site="https://other.example"),
        trigger(3, time=1500.0),
        trigger(4),
        trigger(5, {"debug_reporting": False}),
        trigger(6, {"event_trigger_data": []}),
    )
    assert found[Role.CAUSE].entry == 4
    assert found[Role.CAUSE].certainty is Certainty.CERTAIN
    assert found[Role.CAUSE].ground == "same reporting origin, attribution_destination and moment"
    assert found[Role.SOURCE].entry == 1
    assert found[Role.SOURCE].certainty is Certainty.CERTAIN


def test_of_several_sources_the_browser_takes_priority_then_the_latest() -> None:
    first = source(1, {"priority": "5"})
    found = links("trigger-event-deduplicated", SOURCE_BODY, first, source(2), trigger(3))
    assert found[Role.SOURCE].entry == 1
    found = links("trigger-event-deduplicated", SOURCE_BODY, source(1), source(2), trigger(3))
    assert (found[Role.SOURCE].entry, found[Role.SOURCE].others) == (2, (1,))


def test_debug_keys_point_out_trigger_and_source() -> None:
    body = SOURCE_BODY | {"source_debug_key": "1", "trigger_debug_key": "2"}
    found = links(
        "trigger-no-matching-filter-data",
        body,
        source(1, {"debug_key": "1"}),
        source(2, {"debug_key": "9"}),
        trigger(3, {"debug_key": "2"}, time=1995.0),
        trigger(4, {"debug_key": "9"}),
        trigger(5),
    )
    assert found[Role.CAUSE].entry == 3
    assert "trigger_debug_key" in found[Role.CAUSE].ground
    assert found[Role.SOURCE].entry == 1
    assert "source_debug_key" in found[Role.SOURCE].ground
    keyless = {name: value for name, value in body.items() if name != "trigger_debug_key"}
    assert Role.CAUSE not in links(
        "trigger-no-matching-filter-data", keyless, trigger(3, {"debug_key": "2"})
    )


def test_an_aggregatable_type_needs_a_trigger_with_aggregatable_data() -> None:
    values = {"aggregatable_values": {"k": 1}}
    found = links("trigger-aggregate-no-contributions", SOURCE_BODY, trigger(1), trigger(2, values))
    assert found[Role.CAUSE].entry == 2


def test_a_trigger_without_a_source_has_no_source() -> None:
    body = {"attribution_destination": SHOP}
    found = links("trigger-no-matching-source", body, source(1), trigger(2))
    assert set(found) == {Role.CAUSE}


def test_a_report_inside_names_the_source_too() -> None:
    body = event_level(source_debug_key="1", trigger_debug_key="2")
    found = links(
        "trigger-event-low-priority",
        body,
        source(1, {"debug_key": "1"}),
        source(2),
        trigger(3, {"debug_key": "2"}),
    )
    assert (found[Role.SOURCE].entry, found[Role.CAUSE].entry) == (1, 3)
    # Both keys or none: with one side only the report shows neither.
    plain = links("trigger-event-low-priority", event_level(), trigger(3, {"debug_key": "2"}))
    assert plain[Role.CAUSE].entry == 3


def header_body(
    value: str, header: str = "attribution-reporting-register-source"
) -> dict[str, str]:
    return {"context_site": PUBLISHER, "header": header, "value": value}


def test_a_header_error_quotes_the_very_header() -> None:
    broken = Known.of(1, registration(Kind.SOURCE, "{", site=PUBLISHER, time=2000.0))
    other = Known.of(2, registration(Kind.SOURCE, "{}", site=PUBLISHER, time=2000.0))
    same_text = Known.of(3, registration(Kind.TRIGGER, "{", site=PUBLISHER, time=2000.0))
    found = links("header-parsing-error", header_body("{"), broken, other, same_text)
    assert found[Role.CAUSE].entry == 1
    assert found[Role.CAUSE].ground == "same reporting origin, header and value"
    assert links("header-parsing-error", {"header": "x"}, broken) == {}
    bare = {"header": "attribution-reporting-register-source", "value": "{"}
    assert links("header-parsing-error", bare, broken)[Role.CAUSE].entry == 1


@pytest.mark.parametrize("site", [PUBLISHER, None])
def test_an_os_registration_is_found_by_its_url(site: str | None) -> None:
    url = "https://r1.example/os"
    body = {"registration_url": url} | ({"context_site": site} if site else {})
    os_source = Known.of(1, registration(Kind.OS_SOURCE, f'"{url}"', site=PUBLISHER, time=2000.0))
    os_trigger = Known.of(2, registration(Kind.OS_TRIGGER, f'"{url}"', site=PUBLISHER, time=2000.0))
    other = Known.of(3, registration(Kind.OS_SOURCE, '"https://r1.example/"', site=PUBLISHER))
    known = (os_source, os_trigger, other, source(4))
    assert links("os-source-delegated", body, *known)[Role.CAUSE].entry == 1
    assert links("os-trigger-delegated", body, *known)[Role.CAUSE].entry == 2


def test_a_new_type_is_linked_by_its_name() -> None:
    known = (source(1, time=2000.0), trigger(2))
    assert links("source-new-limit", SOURCE_BODY, *known)[Role.CAUSE].entry == 1
    assert links("trigger-new-limit", SOURCE_BODY, *known)[Role.CAUSE].entry == 2
    assert links("something-new", SOURCE_BODY, *known) == {}


def test_a_trigger_on_a_page_not_known_is_found_by_its_moment() -> None:
    found = links("trigger-event-deduplicated", SOURCE_BODY, trigger(1, site=None))
    assert found[Role.CAUSE].ground == "same reporting origin and moment"
