"""Entries as CSV, a row each, for a spreadsheet.

May live here: the columns, and what keeps a spreadsheet from running a cell. A value that
begins like a formula (`=`, `+`, `-`, `@`, tab, carriage return) gets a quote before it: the
spreadsheet then shows it as text. Wire text is escaped like everywhere, so no cell has a line
end in it.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Severity, printable
from ara_inspector.registrations import Registration
from ara_inspector.views import words
from ara_inspector.views.cells import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.timeline import Entry
    from ara_inspector.views.told import Told

COLUMNS: Final = (
    "capture",
    "entry",
    "time",
    "kind",
    "reporting_origin",
    "what",
    "verdict",
    "certainty",
    "site",
    "route",
    "attribution",
    "url",
    "status",
    "chain",
    "hop",
    "severity",
    "codes",
    "findings",
    "flow_id",
)
DAMAGE: Final = "damage"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
LONGEST: Final = 32_000
"""Characters of a cell; spreadsheets cut at 32,767."""


def csv_text(captures: Iterable[tuple[str, Told]], damages: Iterable[tuple[str, str]] = ()) -> str:
    """All entries of all captures under one header line; lines end as RFC 4180 has them.

    Last, a line of kind `damage` for each capture (by name) that could not be read to its end.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, quoting=csv.QUOTE_MINIMAL)
    writer.writeheader()
    for name, told in captures:
        for entry in told.timeline:
            row = {"capture": name, **_row(entry)}
            writer.writerow({column: cell(row[column]) for column in COLUMNS})
    for name, damage in damages:
        row = {"capture": name, "kind": DAMAGE, "severity": Severity.ERROR, "findings": damage}
        writer.writerow({column: cell(row.get(column, "")) for column in COLUMNS})
    return out.getvalue()


def cell(text: str) -> str:
    """`text` as a cell that is shown and never run."""
    # The test comes first: escaping turns a tab into a harmless backslash.
    dangerous = text.startswith(FORMULA)
    safe = printable(text)
    if len(safe) > LONGEST:
        safe = f"{safe[:LONGEST]}... ({len(safe):,} characters)"
    return f"'{safe}" if dangerous else safe


def _row(entry: Entry) -> dict[str, str]:
    about = entry.about
    cells = cells_of(entry, zero=None)
    registration = about if isinstance(about, Registration) else None
    return {
        "entry": str(entry.number),
        "time": "" if entry.time is None else _iso(entry.time),
        "kind": entry.kind.value,
        "reporting_origin": entry.reporting_origin or "",
        "what": cells.what,
        "verdict": str(entry.verdict or ""),
        "certainty": str(registration.certainty) if registration else "",
        "site": (registration.context_site.value or "") if registration else "",
        "route": cells.route,
        "attribution": cells.outcome,
        "url": str(getattr(about, "url", "") or ""),
        "status": str(getattr(about, "status", "") or ""),
        "chain": str(getattr(about, "chain", "")),
        "hop": str(getattr(about, "hop", "")),
        "severity": str(entry.severity or ""),
        "codes": words.codes_of(entry.findings, notes=True),
        "findings": "; ".join(map(words.sentence_of, entry.findings)),
        "flow_id": str(getattr(about, "flow_id", "") or ""),
    }


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")
