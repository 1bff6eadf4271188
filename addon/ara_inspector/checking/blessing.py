"""Expectations written from a good capture, for a user to read, trim and keep.

May live here: the file's text. Only what registered is expected; what was found is allowed as
often as it was, and no more.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from ara_inspector.checking.expectations import values_of_registration, values_of_report
from ara_inspector.findings import Severity, Verdict, printable
from ara_inspector.reports import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ara_inspector.timeline import Entry

HEAD = """\
# What this capture must hold: `ara-inspector check CAPTURE --expect THIS_FILE`.
# Written by `--bless`; trim it to what the test is about.
"""


def blessing(entries: Iterable[Entry]) -> str:
    """The text of a file that the capture with these entries fulfils."""
    entries = list(entries)
    found = [values for entry in entries if (values := values_of_registration(entry))]
    registered = [values for values in found if values["verdict"] == Verdict.REGISTERED]
    groups: dict[tuple[tuple[str, str], ...], dict[str, None]] = {}
    for values in registered:
        origin = values.pop("reporting_origin", None)
        del values["verdict"]
        # A file names one destination; any of them identifies the source.
        if "destination" in values:
            values["destination"] = values["destination"].split(", ")[0]
        if origin is not None:
            groups.setdefault(tuple(values.items()), {})[origin] = None
    parts = [HEAD]
    for key, origins in groups.items():
        parts.append(_table("[[registrations]]", {**dict(key), "reporting_origins": list(origins)}))
    reports = Counter(
        (values["kind"], values["reporting_origin"])
        for entry in entries
        if (values := values_of_report(entry)) and values["kind"] != ReportKind.PUBLIC_KEYS
    )
    for kind, origin in reports:
        parts.append(_table("[[reports]]", {"kind": kind, "reporting_origin": origin}))
    severities = Counter(finding.severity for entry in entries for finding in entry.findings)
    limits = {"errors": severities[Severity.ERROR], "warnings": severities[Severity.WARNING]}
    return "\n".join([*parts, _table("[findings]", limits)])


def _table(title: str, values: Mapping[str, str | int | list[str]]) -> str:
    return "\n".join([title, *(f"{name} = {_value(value)}" for name, value in values.items()), ""])


def _value(value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    # A JSON string of printable characters is a TOML string as it stands.
    return (
        json.dumps(printable(value), ensure_ascii=False) if isinstance(value, str) else str(value)
    )
