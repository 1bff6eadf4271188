"""Section `headers`: judging header values, and starting the command that does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, read_header
from benchmarks.measuring import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS: Final = Path(__file__).parents[3] / "shared" / "conformance" / "headers.jsonl"
STARTS: Final = 5

KEYS: Final = {f"key_{number}": [f"value_{number}_{n}" for n in range(20)] for number in range(50)}
PIECES: Final = {f"campaign_{number}": f"0x{number:x}" for number in range(20)}
SOURCE: Final = {
    "destination": "https://shop.example",
    "source_event_id": "12340873456",
    "expiry": "604800",
    "event_report_windows": {"end_times": [86400, 172800, 604800]},
    "priority": "100",
    "filter_data": {"campaign": ["summer", "autumn"], "product": ["123"]},
    "aggregation_keys": {"counts": "0x159", "value": "0x5"},
    "debug_key": "647775351539539",
}
TRIGGER: Final = {
    "event_trigger_data": [
        {"trigger_data": "2", "priority": "100", "deduplication_key": "7"},
        {"trigger_data": "1", "filters": {"campaign": ["summer"]}},
    ],
    "aggregatable_trigger_data": [{"key_piece": "0x400", "source_keys": ["counts", "value"]}],
    "aggregatable_values": {"counts": 32768, "value": 1664},
    "filters": {"product": ["123"]},
    "debug_key": "1115698977",
}
BROKEN_SOURCE: Final = {
    "destination": ["shop.example", "http://a.example", 1],
    "source_event_id": 12,
    "expiry": "soon",
    "priority": "1.5",
    "filter_data": {"source_type": ["x"], "k": "v"},
    "aggregation_keys": {"a": "159", "b": 5},
    "event_report_windows": {"end_times": [5, 4]},
    "trigger_data": [0, 0, -1],
    "max_event_level_reports": 21,
    "nothing": True,
}
BROKEN_TRIGGER: Final = {
    "event_trigger_data": [{"trigger_data": 2, "priority": 1}, 3],
    "aggregatable_trigger_data": {"key_piece": "0x400"},
    "aggregatable_values": {"counts": 65537, "value": "1"},
    "filters": {"product": "123"},
    "aggregatable_deduplication_keys": [{"deduplication_key": -1}],
    "trigger_context_id": 7,
}
LARGE_TRIGGER: Final = TRIGGER | {
    "aggregatable_trigger_data": [
        {"key_piece": piece, "source_keys": list(PIECES), "filters": {"k": values}}
        for piece, values in zip(PIECES.values(), KEYS.values(), strict=False)
    ],
    "aggregatable_values": [{"values": dict.fromkeys(PIECES, 100), "filters": KEYS}],
}
VALUES: Final[tuple[tuple[str, HeaderKind, dict[str, Any]], ...]] = (
    ("minimal", HeaderKind.SOURCE, {"destination": "https://shop.example"}),
    ("typical", HeaderKind.SOURCE, SOURCE),
    ("large", HeaderKind.SOURCE, SOURCE | {"filter_data": KEYS, "aggregation_keys": PIECES}),
    ("broken", HeaderKind.SOURCE, BROKEN_SOURCE),
    ("minimal", HeaderKind.TRIGGER, {}),
    ("typical", HeaderKind.TRIGGER, TRIGGER),
    ("large", HeaderKind.TRIGGER, LARGE_TRIGGER),
    ("broken", HeaderKind.TRIGGER, BROKEN_TRIGGER),
)
FIELDS: Final = (
    (HeaderKind.ELIGIBLE, "trigger=navigation-source, event-source"),
    (HeaderKind.SUPPORT, "web;os"),
    (HeaderKind.INFO, "preferred-platform=os, report-header-errors"),
    (HeaderKind.OS_SOURCE, '"https://os.example/register";debug-reporting'),
)
HOSTILE: Final = (
    (
        "100,000 unknown keys",
        HeaderKind.SOURCE,
        json.dumps(dict.fromkeys(map(str, range(100_000)))),
    ),
    ("nested 100,000 deep", HeaderKind.SOURCE, "[" * 100_000),
    ("a number of 1,000,000 digits", HeaderKind.TRIGGER, f'{{"debug_key":{"9" * 1_000_000}}}'),
    ("a string of 1,000,000 escapes", HeaderKind.TRIGGER, f'{{"a":"{"\\ud83d" * 166_667}"}}'),
    ("150,000 dictionary keys", HeaderKind.ELIGIBLE, ",".join(f"k{n}" for n in range(150_000))),
)


def headers() -> Iterator[str]:
    """Microseconds a header, the corpus, hostile values, the start of `validate`."""
    yield f"{'':24}{'bytes':>8}{'us':>10}{'x json.loads':>14}{'findings':>10}"
    for size, kind, value in VALUES:
        yield _row(f"{size} {kind}", kind, json.dumps(value, separators=(",", ":")))
    for kind, text in FIELDS:
        yield _row(str(kind), kind, text)
    yield ""
    yield from _hostile()
    yield ""
    yield from _corpus()
    yield _start()


def _source_type(kind: HeaderKind) -> SourceType | None:
    return SourceType.NAVIGATION if kind is HeaderKind.SOURCE else None


def _row(name: str, kind: HeaderKind, text: str) -> str:
    source_type = _source_type(kind)
    taken = microseconds(partial(read_header, kind, text, source_type))
    found = len(read_header(kind, text, source_type).findings)
    ratio = ""
    if kind in {HeaderKind.SOURCE, HeaderKind.TRIGGER}:
        ratio = f"{taken / microseconds(partial(json.loads, text)):.1f}"
    return f"{name:24}{len(text):8}{taken:10.1f}{ratio:>14}{found:10}"


def _hostile() -> Iterator[str]:
    for name, kind, text in HOSTILE:
        start = time.perf_counter()
        found = len(read_header(kind, text, _source_type(kind)).findings)
        taken = (time.perf_counter() - start) * 1000
        yield f"{name:32}{len(text):8} bytes{taken:8.0f} ms, {found} findings"


def _corpus() -> Iterator[str]:
    if not CORPUS.exists():
        return
    with CORPUS.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    asked = [
        (
            HeaderKind(row["kind"]),
            row["input"],
            SourceType(row["source_type"]) if row["kind"] == HeaderKind.SOURCE else None,
        )
        for row in rows
    ]
    taken = microseconds(lambda: [read_header(*each) for each in asked])
    yield f"the conformance corpus, {len(rows)} headers: {taken / 1000:.0f} ms"


def _start() -> str:
    """What importing the command takes, beyond starting Python."""
    bare, loaded = (
        min(_run(program) for _ in range(STARTS))
        for program in ("pass", "import ara_inspector.commands.validate")
    )
    return f"importing validate: {(loaded - bare) * 1000:.0f} ms"


def _run(program: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter() - start
