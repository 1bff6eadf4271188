"""Every recorded source and trigger, judged as a real Chrome 138 and the reference did."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.findings import Finding, Severity
from ara_inspector.spec.constants import SOURCE_DEBUG_TYPES, TRIGGER_DEBUG_TYPES
from ara_inspector.spec.effective import Source, SourceType, Trigger
from ara_inspector.spec.json_text import DUPLICATE_KEY
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ara_inspector.spec.reading import Reading

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "conformance" / "headers.jsonl"
EXACT_DOUBLE = 2**53

# Chrome's name of its first error, after the field: the rules that say the same.
SAYS_THE_SAME = {
    "not parseable": r"JSN",
    "not a dictionary": r"JSN005",
    "missing": r"REG002",
    "key too long": r"REG017",
    "reserved key": r"REG020",
    "duplicate": r"REG019",
    "too many": r"REG015",
    "not a trustworthy site": r"REG02[3456]",
    "a list entry is not a trustworthy site": r"REG02[3456]",
    "wrong type / empty / too many": r"REG001|REG015|REG016",
    "both window and windows given": r"SRC009",
    "invalid for the matching mode": r"SRC010",
    "end not after start": r"SRC008",
    "invalid lookback window": r"REG0(01|05|07|11)",
    "invalid lookback window (list)": r"REG0(01|05|07|11)",
    "wrong type": r"REG0(01|13|31)",
    "not a valid dictionary": r"REG0(01|15|31)",
    "not allowed with this aggregatable_source_registration_time": r"TRG00[56]|REG022",
}
ANYTHING = r"REG|SRC|TRG"
FILTER_FIELDS = {"filters", "not_filters"}


@dataclass(frozen=True)
class Case:
    """One recorded header and how we read it."""

    line: dict[str, Any]
    reading: Reading[Source] | Reading[Trigger]

    @property
    def chrome_stores(self) -> bool:
        chrome = self.line["chrome"]
        return bool(chrome["parsed"]) and not str(chrome["result"]).startswith("exceeds")

    def findings(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.reading.findings if finding.severity is severity]

    def __str__(self) -> str:
        return f"{self.line['id']} {self.line['input'][:300]}"


@dataclass(frozen=True)
class Difference:
    """An explained difference, as the file tells it."""

    name: str
    reason: str
    input: re.Pattern[str]
    differs: frozenset[str]
    paths: re.Pattern[str]
    rule: str | None

    def explains(self, case: Case, how: str, path: list[Any], rule: str | None = None) -> bool:
        return (
            how in self.differs
            and self.input.search(case.line["input"]) is not None
            and self.paths.search(".".join(map(str, path))) is not None
            and (self.rule is None or self.rule == rule)
        )


def read(line: dict[str, Any]) -> Case:
    if line["kind"] == "trigger":
        return Case(line, read_trigger(line["input"]))
    return Case(line, read_source(line["input"], SourceType(line["source_type"])))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    if not CORPUS.exists():
        pytest.skip("the recorded headers are not here")
    with CORPUS.open(encoding="utf-8") as lines:
        recorded = [json.loads(line) for line in lines]
    return [read(line) for line in recorded if line["kind"] in {"source", "trigger"}]


@pytest.fixture(scope="module")
def differences() -> list[Difference]:
    entries = tomllib.loads((ROOT / "fixtures" / "conformance_differences.toml").read_text())
    return [
        Difference(
            name=entry["name"],
            reason=entry["reason"],
            input=re.compile(entry["input"]),
            differs=frozenset(entry["differs"]),
            paths=re.compile(entry.get("paths", "")),
            rule=entry.get("rule"),
        )
        for entry in entries["difference"]
    ]


@pytest.fixture(scope="module")
def score() -> Iterator[Counter[str]]:
    counts: Counter[str] = Counter()
    yield counts
    print(*(f"{name}: {count}" for name, count in sorted(counts.items())), sep="\n")  # noqa: T201 - the score is asked for


def agreed(cases: list[Case], score: Counter[str], name: str, test: Callable[[Case], bool]) -> None:
    wrong = [str(case) for case in cases if not test(case)]
    score[f"{name}, of {len(cases)}"] = len(cases) - len(wrong)
    assert not wrong, "\n".join(wrong[:10])


def test_stored_or_not(cases: list[Case], score: Counter[str]) -> None:
    agreed(cases, score, "ok as Chrome", lambda case: case.reading.ok == case.chrome_stores)


def test_parsed_or_not(cases: list[Case], score: Counter[str]) -> None:
    agreed(
        cases,
        score,
        "parsed as Chrome",
        lambda case: (case.reading.value is not None) == case.line["chrome"]["parsed"],
    )


def says_the_same(finding: Finding, chrome_error: str) -> bool:
    field, _, problem = chrome_error.partition(": ")
    if re.match(SAYS_THE_SAME.get(problem, ANYTHING), finding.rule.code) is None:
        return False
    if not finding.path:
        return field in {"json", "root"} or finding.rule.code == "SRC009"
    if field == "filters":
        return not FILTER_FIELDS.isdisjoint(finding.path)
    if finding.rule.code == "SRC010":
        return field == "trigger_data"
    return finding.path[0] == field


def test_first_error_of_chrome_is_among_ours(cases: list[Case], score: Counter[str]) -> None:
    refused = [case for case in cases if case.line["chrome"]["first_error"] is not None]
    agreed(
        refused,
        score,
        "first error of Chrome found",
        lambda case: any(
            says_the_same(finding, case.line["chrome"]["first_error"])
            for finding in case.findings(Severity.ERROR)
        ),
    )


STORAGE_RULES = {
    "exceedsMaxTriggerStateCardinality": "SRC014",
    "exceedsMaxChannelCapacity": "SRC015",
    "exceedsMaxEventStatesLimit": "SRC016",
    "exceedsMaxScopesChannelCapacity": "SRC017",
}


def test_reasons_not_to_store(cases: list[Case], score: Counter[str]) -> None:
    refused = [case for case in cases if case.line["chrome"]["result"] in STORAGE_RULES]
    agreed(
        refused,
        score,
        "storage refusals of Chrome found",
        lambda case: any(
            finding.rule.code == STORAGE_RULES[case.line["chrome"]["result"]]
            for finding in case.findings(Severity.ERROR)
        ),
    )


def unexplained_paths(
    case: Case, severity: Severity, reference: list[list[Any]], differences: list[Difference]
) -> list[Any]:
    # A repeated key and what is wrong with its value have one path; the reference tells the latter.
    findings = sorted(case.findings(severity), key=lambda finding: finding.rule is DUPLICATE_KEY)
    left = Counter(json.dumps(path) for path in reference)
    extra = []
    for finding in findings:
        path = json.dumps(finding.path)
        if left[path]:
            left[path] -= 1
        else:
            extra.append(finding)
    unexplained: list[Any] = [
        (finding.rule.code, finding.path)
        for finding in extra
        if not any(
            difference.explains(case, "extra", list(finding.path), finding.rule.code)
            for difference in differences
        )
    ]
    unexplained += [
        path
        for path in map(json.loads, left.elements())
        if not any(difference.explains(case, "missing", path) for difference in differences)
    ]
    return unexplained


def test_error_paths(cases: list[Case], differences: list[Difference], score: Counter[str]) -> None:
    both = [case for case in cases if not case.reading.ok and not case.line["reference"]["ok"]]
    agreed(
        both,
        score,
        "error paths as the reference, or explained",
        lambda case: (
            not unexplained_paths(
                case, Severity.ERROR, case.line["reference"]["errors"], differences
            )
        ),
    )
    score["error paths exactly as the reference"] = sum(
        not unexplained_paths(case, Severity.ERROR, case.line["reference"]["errors"], [])
        for case in both
    )


def test_warning_paths(
    cases: list[Case], differences: list[Difference], score: Counter[str]
) -> None:
    same = [case for case in cases if case.reading.ok == case.line["reference"]["ok"]]
    agreed(
        same,
        score,
        "warning paths as the reference, or explained",
        lambda case: (
            not unexplained_paths(
                case, Severity.WARNING, case.line["reference"]["warnings"], differences
            )
        ),
    )
    score["warning paths exactly as the reference"] = sum(
        not unexplained_paths(case, Severity.WARNING, case.line["reference"]["warnings"], [])
        for case in same
    )


def normal(value: Any) -> Any:
    """JSON in which sets compare as sets and numbers as JavaScript's doubles."""
    if isinstance(value, dict):
        return {key: normal(member) for key, member in value.items()}
    if isinstance(value, list):
        items = [normal(item) for item in value]
        if all(isinstance(item, (str, int, float)) for item in items):
            return sorted(items, key=str)
        return items
    if isinstance(value, int) and abs(value) > EXACT_DOUBLE:
        return float(value)
    return value


def test_effective_values_as_the_reference(
    cases: list[Case], differences: list[Difference], score: Counter[str]
) -> None:
    both = [
        case
        for case in cases
        if case.reading.value is not None and case.line["reference"]["effective"] is not None
    ]

    def same(case: Case) -> bool:
        assert case.reading.value is not None
        ours = normal(case.reading.value.to_json())
        theirs = normal(case.line["reference"]["effective"])
        return all(
            ours.get(field) == theirs.get(field)
            or any(difference.explains(case, "effective", [field]) for difference in differences)
            for field in ours.keys() | theirs.keys()
        )

    agreed(both, score, "effective values as the reference, or explained", same)


def in_chromes_words(value: Source | Trigger, source_type: str | None) -> dict[str, Any]:
    """An effective value as the DevTools protocol tells it."""
    told = source_in_chromes_words(value, source_type) if isinstance(value, Source) else {}
    if isinstance(value, Trigger):
        told = trigger_in_chromes_words(value)
    if value.debug_key is not None:
        told["debugKey"] = str(value.debug_key)
    told["debugReporting"] = value.debug_reporting
    types = SOURCE_DEBUG_TYPES if isinstance(value, Source) else TRIGGER_DEBUG_TYPES
    debugging = value.aggregatable_debug_reporting
    if debugging is None:
        told["aggregatableDebugReportingConfig"] = {"keyPiece": "0x0", "debugData": []}
    else:
        told["aggregatableDebugReportingConfig"] = {
            "keyPiece": hex(debugging.key_piece),
            "debugData": [
                {"keyPiece": hex(datum.key_piece), "value": datum.value, "types": [*known]}
                for datum in debugging.debug_data
                if (known := sorted(types.intersection(datum.types)))
            ],
        }
    if isinstance(value, Source):
        budget = value.aggregatable_debug_reporting
        told["aggregatableDebugReportingConfig"]["budget"] = budget.budget if budget else 0
    return told


def source_in_chromes_words(source: Source, source_type: str | None) -> dict[str, Any]:
    told = {
        "expiry": source.expiry,
        "triggerData": [*source.trigger_data],
        "eventReportWindows": {
            "start": source.event_report_windows.start_time,
            "ends": [*source.event_report_windows.end_times],
        },
        "aggregatableReportWindow": source.aggregatable_report_window,
        "type": source_type,
        "destinationSites": [*source.destination],
        "eventId": str(source.source_event_id),
        "priority": str(source.priority),
        "filterData": filter_values(source.filter_data),
        "aggregationKeys": sorted(
            ({"key": key, "value": hex(piece)} for key, piece in source.aggregation_keys.items()),
            key=lambda entry: entry["key"],
        ),
        "triggerDataMatching": source.trigger_data_matching.value,
        "destinationLimitPriority": str(source.destination_limit_priority),
        "maxEventLevelReports": source.max_event_level_reports,
        "namedBudgets": sorted(
            ({"name": name, "budget": budget} for name, budget in source.named_budgets.items()),
            key=lambda entry: str(entry["name"]),
        ),
        "eventLevelEpsilon": source.event_level_epsilon,
    }
    if source.attribution_scopes is not None:
        told["scopesData"] = {
            "values": [*source.attribution_scopes.values],
            "limit": source.attribution_scopes.limit,
            "maxEventStates": source.attribution_scopes.max_event_states,
        }
    return told


def filter_values(values: Any) -> list[Any]:
    return sorted(
        ({"key": key, "values": [*entries]} for key, entries in values.items()),
        key=lambda entry: str(entry["key"]),
    )


def filter_pair(pair: Any) -> dict[str, Any]:
    return {"filters": filter_sets(pair.filters), "notFilters": filter_sets(pair.not_filters)}


def filter_sets(configs: Any) -> list[Any]:
    told = []
    for config in configs:
        entry: dict[str, Any] = {"filterValues": filter_values(config.values)}
        if config.lookback_window is not None:
            # The protocol cuts a duration of at most 64 bits down to 32, with a sign.
            seconds = min(config.lookback_window, 2**63 - 1) % 2**32
            entry["lookbackWindow"] = seconds - 2**32 if seconds >= 2**31 else seconds
        if config.values or config.lookback_window is not None:
            told.append(entry)
    return told


def trigger_in_chromes_words(trigger: Trigger) -> dict[str, Any]:
    told: dict[str, Any] = {
        "filters": filter_pair(trigger),
        "aggregatableDedupKeys": [
            {"filters": filter_pair(entry)}
            | (
                {}
                if entry.deduplication_key is None
                else {"dedupKey": str(entry.deduplication_key)}
            )
            for entry in trigger.aggregatable_deduplication_keys
        ],
        "eventTriggerData": [
            {
                "data": str(entry.trigger_data),
                "priority": str(entry.priority),
                "filters": filter_pair(entry),
            }
            | (
                {}
                if entry.deduplication_key is None
                else {"dedupKey": str(entry.deduplication_key)}
            )
            for entry in trigger.event_trigger_data
        ],
        "aggregatableTriggerData": [
            {
                "keyPiece": hex(entry.key_piece),
                "sourceKeys": [*entry.source_keys],
                "filters": filter_pair(entry),
            }
            for entry in trigger.aggregatable_trigger_data
        ],
        "aggregatableValues": [
            {
                "values": sorted(
                    (
                        {"key": key, "value": what.value, "filteringId": str(what.filtering_id)}
                        for key, what in entry.values.items()
                    ),
                    key=lambda told: str(told["key"]),
                ),
                "filters": filter_pair(entry),
            }
            for entry in trigger.aggregatable_values
            if entry.values
        ],
        "aggregatableFilteringIdMaxBytes": trigger.aggregatable_filtering_id_max_bytes,
        "sourceRegistrationTimeConfig": trigger.aggregatable_source_registration_time.value,
        "scopes": [*trigger.attribution_scopes],
        "namedBudgets": [
            {"filters": filter_pair(entry)} | ({} if entry.name is None else {"name": entry.name})
            for entry in trigger.named_budgets
        ],
    }
    if trigger.trigger_context_id is not None:
        told["triggerContextId"] = trigger.trigger_context_id
    return told


def chromes_registration(case: Case) -> dict[str, Any]:
    told = dict(case.line["chrome"]["registration"])
    # An origin is told only where the header names one: the value alone does not show that.
    told.pop("aggregationCoordinatorOrigin", None)
    debugging = dict(told["aggregatableDebugReportingConfig"])
    debugging.pop("aggregationCoordinatorOrigin", None)
    told["aggregatableDebugReportingConfig"] = debugging
    return told


def test_effective_values_as_chrome(cases: list[Case], score: Counter[str]) -> None:
    told = [case for case in cases if case.line["chrome"]["registration"] is not None]

    def same(case: Case) -> bool:
        assert case.reading.value is not None
        ours = in_chromes_words(case.reading.value, case.line.get("source_type"))
        return ours == chromes_registration(case)

    agreed(told, score, "effective values as Chrome", same)


def test_every_difference_is_seen(cases: list[Case], differences: list[Difference]) -> None:
    for difference in differences:
        assert any(difference.input.search(case.line["input"]) for case in cases), difference.name
