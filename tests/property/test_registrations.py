"""Any text on the wire: what reading sources and triggers promises for all of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import example, given
from hypothesis import strategies as st

from ara_inspector.findings import Severity
from ara_inspector.spec.constants import SOURCE_DEBUG_TYPES
from ara_inspector.spec.correction import corrected
from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.json_text import parse
from ara_inspector.spec.source import FIELDS as SOURCE_FIELDS
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import FIELDS as TRIGGER_FIELDS
from ara_inspector.spec.trigger import read_trigger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ara_inspector.findings import Finding, Path
    from ara_inspector.spec.effective import Source, Trigger
    from ara_inspector.spec.reading import Reading

FIELDS = sorted(
    SOURCE_FIELDS
    | TRIGGER_FIELDS
    | {"budget", "deduplication_key", "end_times", "filtering_id", "key_piece", "limit", "name"}
    | {"source_keys", "source_type", "start_time", "types", "value", "values", "_lookback_window"}
    | {"debug_data", "max_event_states", "aggregation_coordinator_origin"}
)
texts = st.one_of(
    st.sampled_from(["0", "1", "+5", "-1", "18446744073709551615", "0x1", "0xffff", "a", "b", ""]),
    st.sampled_from(["event", "navigation", "exact", "include", "true", *SOURCE_DEBUG_TYPES]),
    st.sampled_from(["https://shop.example", "https://a.b.co.uk/x", "http://x.test", "a.test"]),
    st.sampled_from(["https://publickeyservice.msmt.aws.privacysandboxservices.com", "https://x"]),
    st.text(max_size=30),
)
numbers = st.one_of(
    st.integers(-2, 70_000),
    st.sampled_from([86400, 3600, 2592000, 1e300, -0.0, 0.5]),
    st.integers(),
)
leaves = st.one_of(st.none(), st.booleans(), numbers, texts)
keys = st.one_of(st.sampled_from(FIELDS), st.sampled_from(["a", "b"]), st.text(max_size=5))
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
filters = st.dictionaries(
    st.sampled_from(["a", "b", "source_type"]), st.lists(texts, max_size=3), max_size=2
)
good_fields = {
    "aggregatable_deduplication_keys": st.just([{"deduplication_key": "1"}, {}]),
    "aggregatable_trigger_data": st.just([{"key_piece": "0x1", "source_keys": ["a", "b"]}]),
    "aggregatable_values": st.sampled_from([{"a": 1}, [{"values": {"b": {"value": 2}}}], {}]),
    "aggregation_keys": st.dictionaries(st.sampled_from("abc"), st.just("0xF"), max_size=2),
    "attribution_scopes": st.just({"limit": 2, "values": ["a"]}) | st.just(["b", "a"]),
    "debug_key": texts,
    "debug_reporting": st.booleans(),
    "destination_limit_priority": st.integers(-9, 9).map(str),
    "event_level_epsilon": st.floats(0, 14),
    "event_report_windows": st.just({"end_times": [3600, 86400.0]}),
    "event_trigger_data": st.lists(filters.map(lambda f: {"filters": f, "priority": "1"})),
    "expiry": st.integers(0, 10**7) | st.integers(0, 10**30).map(float),
    "filter_data": st.dictionaries(st.sampled_from("ab"), st.lists(texts, max_size=3)),
    "filters": filters | st.lists(filters, max_size=3),
    "max_event_level_reports": st.integers(0, 20),
    "named_budgets": st.sampled_from([{"a": 5}, [{"name": "a"}, {}]]),
    "priority": st.integers(-(2**63), 2**63 - 1).map(str),
    "source_event_id": st.integers(0, 2**64 - 1).map(str),
    "trigger_context_id": st.text(max_size=20),
    "trigger_data": st.integers(0, 8).map(lambda size: list(range(size))),
}
registrations = st.builds(
    lambda good, free: {"destination": "https://shop.example"} | good | free,
    st.fixed_dictionaries({}, optional=good_fields),
    st.dictionaries(keys, values, max_size=3) | st.just({}),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A registration's text with a few characters taken out, put in or repeated."""
    text = json.dumps(draw(registrations), ensure_ascii=draw(st.booleans()))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(start + 12, len(text))))
        put = draw(
            st.sampled_from(["", text[start:end] * 2, '"', "{", "]", ",", "\\", "\udce9", "9e"])
        )
        text = text[:start] + put + text[end:]
    return text


headers = st.one_of(
    mutated(),
    registrations.map(json.dumps),
    st.text(),
    st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")),
    values.map(json.dumps),
    st.lists(st.tuples(keys, values), max_size=4).map(
        lambda pairs: f"{{{','.join(f'{json.dumps(k)}:{json.dumps(v)}' for k, v in pairs)}}}"
    ),
)


def readings(text: str) -> Iterator[Reading[Source] | Reading[Trigger]]:
    for source_type in SourceType:
        yield read_source(text, source_type)
    yield read_trigger(text)


@given(headers)
def test_every_text_gets_a_verdict(text: str) -> None:
    for reading in readings(text):
        errors = [f for f in reading.findings if f.severity is Severity.ERROR]
        assert reading.ok == (not errors)
        assert reading.value is not None or errors
        for finding in reading.findings:
            assert finding.message.isprintable()


@given(headers)
def test_reading_what_is_kept_gives_the_same(text: str) -> None:
    for source_type in SourceType:
        kept = read_source(text, source_type).value
        if kept is not None:
            assert read_source(json.dumps(kept.to_json()), source_type).value == kept
    trigger = read_trigger(text).value
    if trigger is not None:
        assert read_trigger(json.dumps(trigger.to_json())).value == trigger


MISSING = -1
"""Stands for any key an object does not have: no key is a number, no index is negative."""


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every path of a document in its order; after an object comes what is missing in it."""
    yield path
    if isinstance(value, dict):
        for key, member in value.items():
            yield from places(member, (*path, key))
        yield (*path, MISSING)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def in_order(findings: tuple[Finding, ...], root: Any) -> bool:
    order: dict[Path, int] = {}
    for place, path in enumerate(places(root)):
        order.setdefault(path, place)
    known = [order.get(f.path, order.get((*f.path[:-1], MISSING), -1)) for f in findings]
    return known == sorted(known)


@given(mutated())
@example('{"destination":"https://a.test","aggregatable_trigger_data":[{"":null,"_x":null}]}')
@example('{"":1,"expiry":[]}')
def test_findings_come_in_document_order(text: str) -> None:
    root = parse(text).root
    if root is not None:
        for reading in readings(text):
            assert in_order(reading.findings, root)


@given(registrations, st.dictionaries(st.text(), values), st.randoms(use_true_random=False))
def test_unknown_fields_never_change_the_value(
    members: dict[str, Any], unknown: dict[str, Any], order: Any
) -> None:
    more = [(f"?{key}", value) for key, value in unknown.items()] + list(members.items())
    order.shuffle(more)
    for reading, again in zip(
        readings(json.dumps(members)), readings(json.dumps(dict(more))), strict=True
    ):
        assert reading.value == again.value


@given(registrations)
def test_white_space_and_escapes_never_change_the_reading(members: dict[str, Any]) -> None:
    plain = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    spaced = json.dumps(members, ensure_ascii=True, indent="\t")
    for reading, again in zip(readings(plain), readings(spaced), strict=True):
        assert reading == again


@given(headers)
def test_a_corrected_header_is_json_and_no_worse(text: str) -> None:
    for source_type in (*SourceType, None):
        better = corrected(text, source_type)
        if better is not None:
            assert parse(better).root is not None
            if source_type is None:
                assert read_trigger(better).ok or not read_trigger(text).ok
            else:
                assert read_source(better, source_type).ok or not read_source(text, source_type).ok
