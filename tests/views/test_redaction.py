"""No value of the wire that stands for somebody is left, in no format; what is said stays."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import Inspection, inspect_capture
from ara_inspector.checking.redacting import redacting
from ara_inspector.checking.rendering import Check, Format, render
from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.views.document import document
from ara_inspector.views.harmless import FIELDS
from ara_inspector.views.redaction import redacted
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout
from exchanges import watched
from unpacked import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry
    from ara_inspector.views.told import Told

FLOWS = sorted((Path(__file__).parents[2] / "fixtures" / "flows").glob("*.flows"))
KEY = b"a key of the tests"
SHORTEST = 6
"""Characters: a pseudonym may well hold a shorter value by chance."""
SECRET_KEYS = re.compile(
    r'"(?:source_event_id|debug_key|source_debug_key|trigger_debug_key|report_id|'
    r'trigger_context_id|deduplication_key|key_piece|flow_id)": "([^"]*)"'
)

# Each header on several lines here, on one on the wire.
HOSTILE = r"""
page https://news.example/user/8812345/profile?session=SessionSecret1

ad https://joe:hunter2secret@a.example/p/ab12cd34ef?uid=UserSecret99&empty&
    plain=%41lice%20Secret
> Cookie: uid=CookieSecret5; ar_debug=1
< Set-Cookie: uid=CookieSecret6
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example/?
    p=PathSecret1","source_event_id":"7700770077","debug_key":"8800880088","filter_data":{
    "customer":["FilterSecret1","value"],"value":["FilterSecret2"]},"aggregation_keys":{
    "campaign":"0xabcdef1234"},"attribution_scopes":{"limit":3,"values":["ScopeSecret1"]},
    "priority":"123456789","own":{"email":"joe@secret.example"}}

ad https://a.example/broken?uid=UserSecret99
< Attribution-Reporting-Register-Source: {"source_event_id":"9900990099x",
    "debug_key":66006600,"filter_data":{"customer":"FilterSecret1

ad https://a.example/wrong
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example",
    "source_event_id":5500550055,"filter_data":{"customer":["FilterSecret3",7]},
    "event_report_window":"UserSecret99"}

page https://shop.example/thanks?order=OrderSecret1

ad https://a.example/conv?order=OrderSecret1
< Attribution-Reporting-Register-Trigger: {"trigger_context_id":"ContextSecret1",
    "debug_key":"3300330033","event_trigger_data":[{"trigger_data":"3",
    "deduplication_key":"2200220022","filters":{"customer":["FilterSecret1"]}}],
    "aggregatable_trigger_data":[{"key_piece":"0x4400440044","source_keys":["campaign"]}],
    "aggregatable_values":{"campaign":32768}}

ad https://a.example/os
< Attribution-Reporting-Register-OS-Source: "https://os.example/r?u=OsSecret12",
     "https://os.example/OsSecret345678"

report https://a.example/.well-known/attribution-reporting/debug/verbose
= [{"type":"header-parsing-error","body":{"context_site":"https://news.example",
    "header":"Attribution-Reporting-Register-Source","value":"{
    \"source_event_id\":\"9900990099x\",\"debug_key\":66006600,\"filter_data\":{
    \"customer\":\"FilterSecret1"}},{"type":"UnknownType77","body":{"who":"BodySecret1",
    "escaped":"\u0042odySecret2"}}]

report https://a.example/.well-known/attribution-reporting/report-aggregate-attribution
= {"aggregation_service_payloads":[{"key_id":"KeySecret1234",
    "payload":"UGF5bG9hZFNlY3JldDEyMzQ="}],"trigger_context_id":"ContextSecret1",
    "shared_info":"{\"api\":\"attribution-reporting\",\"report_id\":\"ReportSecret12\",
    \"scheduled_report_time\":\"1800000000\"}"}
""".replace("\n    ", "")
SECRETS = [
    "SessionSecret1", "8812345", "hunter2secret", "ab12cd34ef", "UserSecret99", "Alice Secret",
    "lice%20Secret", "CookieSecret", "PathSecret1", "7700770077", "8800880088", "FilterSecret",
    "abcdef1234", "ScopeSecret1", "joe@secret", "9900990099", "66006600", "5500550055",
    "OrderSecret1", "ContextSecret1", "3300330033", "2200220022", "4400440044", "OsSecret",
    "BodySecret", "KeySecret", "UGF5bG9", "ReportSecret",
]  # fmt: skip


def render_as(kind: Format, inspection: Inspection) -> str:
    made = redacted(inspection, KEY)
    safe = Inspection("capture", made.timeline, made.told)
    layout = TableLayout(200, Style.PLAIN)
    return render(Check([safe], layout, Gate(FailOn.WARNING)), kind)


def hostile() -> Inspection:
    session = watched(HOSTILE)
    return Inspection("capture", tuple(session.timeline), session.summary())


@pytest.mark.parametrize("kind", Format)
def test_nothing_is_left_of_what_stands_for_somebody(kind: Format) -> None:
    text = render_as(kind, hostile())
    if kind is Format.HTML:
        text = "\n".join([text, *pieces(text)])
    assert [secret for secret in SECRETS if secret.lower() in text.lower()] == []


@pytest.mark.parametrize("look", ["document", "saved report"])
def test_the_secrets_are_there_to_be_found(look: str) -> None:
    if look == "document":
        text = json.dumps(document(hostile()))
    else:
        check = Check([hostile()], TableLayout(200, Style.PLAIN), Gate())
        text = "\n".join(pieces(render(check, Format.HTML)))
    gone = {
        "CookieSecret",
        "lice%20Secret",
        "Alice Secret",
        "BodySecret",
        "SessionSecret1",
    }
    assert [secret for secret in SECRETS if secret not in text and secret not in gone] == []


def test_what_the_findings_say_stays() -> None:
    plain, safe = hostile(), redacted(hostile(), KEY)
    for entry, other in zip(plain.timeline, safe.timeline, strict=True):
        assert other.verdict == entry.verdict
        assert other.reporting_origin == entry.reporting_origin
        assert [f.rule for f in other.findings] == [f.rule for f in entry.findings]
        assert [len(f.path) for f in other.findings] == [len(f.path) for f in entry.findings]
    first = next(e.about for e in safe.timeline if isinstance(e.about, Registration))
    raw = json.loads(first.raw)
    assert re.fullmatch(r"https://shop.example/\?redacted-\w+=redacted-\w+", raw["destination"])
    paths = {step for entry in safe.timeline for f in entry.findings for step in f.path}
    assert {"destination", "source_event_id", "filter_data"} <= paths
    assert raw["priority"] == "123456789"
    assert raw["attribution_scopes"]["limit"] == 3
    assert re.fullmatch(r"\d{15}", raw["source_event_id"])
    assert [name.startswith("redacted-") for name in raw["filter_data"]] == [True, True]
    (unknown,) = raw.keys() - FIELDS
    messages = [f.message for f in next(iter(named(safe, "REG003"))).findings]
    assert f'Chrome knows no field "{unknown}" here and ignores it' in messages


def test_the_same_value_has_the_same_pseudonym_everywhere() -> None:
    made = redacted(hostile(), KEY)
    sources = [e.about for e in made.timeline if isinstance(e.about, Registration)]
    first, trigger = sources[0], next(each for each in sources if each.kind.value == "trigger")
    effective: Any = first.effective
    assert json.loads(first.raw)["source_event_id"] == str(effective.source_event_id)
    ((name, values),) = json.loads(trigger.raw)["event_trigger_data"][0]["filters"].items()
    assert values == json.loads(first.raw)["filter_data"][name][:1]
    assert effective.filter_data[name][0] == values[0]
    (key,) = effective.aggregation_keys
    assert json.loads(trigger.raw)["aggregatable_trigger_data"][0]["source_keys"] == [key]
    assert redacted(hostile(), KEY).timeline == made.timeline
    assert redacted(hostile(), b"another key").timeline != made.timeline


def test_the_page_keeps_its_host_alone() -> None:
    traffic = """
page https://news.example/it's/8812345/PrivatePart-of-a-very-long-path/news?q=1

page https://shop.example/basket

ad https://a.example/conv
< Attribution-Reporting-Register-Trigger: {"event_trigger_data":[{}]}

page https://news.example/it's/8812345/PrivatePart-of-a-very-long-path/news?q=2

ad https://a.example/8812345
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}
"""
    session = watched(traffic)
    plain = Inspection("capture", tuple(session.timeline), session.summary())
    shop, news = (each["context_site"] for each in document(redacted(plain, KEY))["registrations"])
    assert re.fullmatch(r"https://shop.example/redacted-\w+", shop["page"])
    host, its, user, private, name = news["page"].removeprefix("https://").split("/")
    assert host == "news.example"
    assert re.fullmatch(r"\d{15}", user)
    assert all(part.startswith("redacted-") for part in (its, private, name))
    # The same as in every other URL, so that what is grouped by page stays together.
    safe = [e.about for e in redacted(plain, KEY).timeline if isinstance(e.about, Registration)]
    assert safe[1].url == f"https://a.example/{user}"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_recordings_keep_no_id_and_their_fingerprints(path: Path) -> None:
    plain = inspect_capture(path)
    (safe,), named = redacting([plain], KEY)
    assert names(plain.timeline, fingerprint) == names(safe.timeline, named)
    before = json.dumps(document(plain))
    after = json.dumps(document(safe))
    secrets = {value for value in SECRET_KEYS.findall(before) if len(value) >= SHORTEST}
    secrets |= {value for value in queries(before) if len(value) >= SHORTEST}
    assert [value for value in secrets if value in after] == []


def names(timeline: tuple[Entry, ...], named: Callable[[Entry, Finding], str]) -> list[str]:
    return [named(entry, finding) for entry in timeline for finding in entry.findings]


def named(told: Told, code: str) -> Iterator[Entry]:
    """The entries with findings of a rule."""
    return (entry for entry in told.timeline if code in {f.rule.code for f in entry.findings})


def test_what_the_api_itself_says_stays() -> None:
    capture = inspect_capture(FLOWS[0].parent / "realistic_session.flows")
    (safe,), _ = redacting([capture], KEY)
    told = document(safe)
    ends = {report["url"].partition(".well-known/")[2] for report in told["reports"]}
    assert "attribution-reporting/debug/report-aggregate-attribution" in ends
    assert "aggregation-service/v1/public-keys" in ends
    messages = {finding["message"] for finding in told["findings"]}
    assert (
        "7776000 seconds (90 days) is outside 86400 to 2592000 (1 to 30 days): Chrome keeps 2592000"
        in messages
    )
    (explained,) = (f["message"] for f in told["findings"] if f["code"] == "RPT045")
    assert re.search(r'write "\d{15}" instead of the number \d{15}', explained)
    assert told["summary"] == document(capture)["summary"]
    hosts = {site["value"] for each in told["registrations"] if (site := each["context_site"])}
    assert hosts == {"https://gazette.example", "https://runfast.example"}


def test_a_host_that_takes_no_part_goes() -> None:
    traffic = """
page https://news.example/

report https://a.example/.well-known/attribution-reporting/debug/verbose
> Origin: https://secret.example
= []

ad https://a.example/
< Attribution-Reporting-Register-Source: {"destination":"shop.example","own":"https://own.example"}

ad https://a.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example"}
"""
    session = watched(traffic)
    plain = Inspection("capture", tuple(session.timeline), session.summary())
    text = json.dumps(document(redacted(plain, KEY)))
    assert "secret.example" in json.dumps(document(plain))
    assert "secret.example" not in text
    assert "own.example" not in text
    # It takes part further on: what is told there is no secret elsewhere.
    assert '"shop.example\\" has no scheme' in text


def test_a_capture_is_called_by_its_file_alone() -> None:
    plain = hostile()
    place = "/home/somebody/a.flows"
    damaged = replace(plain, name=place, damage=f"{place} breaks off", skipped=(f"{place}: 1",))
    relative = replace(plain, name="recordings/a.flows")
    (one, two), _ = redacting([damaged, relative], KEY)
    assert (one.name, one.damage, one.skipped) == ("a.flows", "a.flows breaks off", ("a.flows: 1",))
    assert (two.name, two.damage) == ("recordings/a.flows", None)
    assert one.redacted


def queries(text: str) -> set[str]:
    values = set(re.findall(r'[?&][\w-]+=([^&"\\#]+)', text))
    return {value for value in values if f"://{value}." not in text}
