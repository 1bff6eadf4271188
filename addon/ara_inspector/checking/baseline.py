"""What was found before, so that a run fails only on what is new.

May live here: the name of a finding that survives a re-recording of the same test, and the file
of such names. Ids, times and numbers are normalised away: what stays is the rule, what it is
about, where, and on whose page.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from ara_inspector.findings import Severity, printable
from ara_inspector.registrations import Registration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry

SCHEMA: Final = "ara-inspector/baseline/1"
ANY: Final = "*"
IDENTIFYING: Final = re.compile(r"\d{2,}|[0-9a-fA-F]{8,}|%[0-9a-fA-F]{2}|[\w-]{20,}")
"""A path segment or name with this in it differs from run to run, or from user to user."""


class BaselineError(ValueError):
    """A file that is no baseline; the message says why."""


def fingerprint(entry: Entry, finding: Finding) -> str:
    """The finding's name: the same for the same thing in another recording."""
    about = entry.about
    parts = [finding.rule.code, finding.severity.value]
    if isinstance(about, Registration):
        parts.append(about.kind.value)
        if about.source_type is not None:
            parts.append(f"({about.source_type})")
        parts.append(url_pattern(about.url))
        if about.context_site.value is not None:
            parts.append(f"on {about.context_site.value}")
    else:
        hops = getattr(about, "hops", ())
        url = getattr(about, "url", None) or (hops[0].url if hops else None)
        parts += [entry.kind.value, url_pattern(url) if url else entry.reporting_origin or ""]
    path = ".".join(ANY if isinstance(step, int) else step for step in finding.path)
    if path:
        parts.append(f"at {path}")
    return printable(" ".join(filter(None, parts)))


def url_pattern(url: str) -> str:
    """`url` without what differs from run to run: ids in the path, the query's values."""
    try:
        parts = urlsplit(url)
        names = sorted(
            {
                ANY if IDENTIFYING.search(name) else name
                for name, _ in parse_qsl(parts.query, keep_blank_values=True)
            }
        )
    except ValueError:
        return ANY
    path = "/".join(
        ANY if IDENTIFYING.search(segment) else segment for segment in parts.path.split("/")
    )
    return f"{parts.scheme}://{parts.netloc}{path}" + (f"?{'&'.join(names)}" if names else "")


def baseline_text(
    entries: Iterable[Entry], named: Callable[[Entry, Finding], str] = fingerprint
) -> str:
    """The baseline of everything worse than a note, sorted: it belongs under version control."""
    names = {
        named(entry, finding)
        for entry in entries
        for finding in entry.findings
        if finding.severity is not Severity.NOTE
    }
    return json.dumps({"schema": SCHEMA, "findings": sorted(names)}, indent=2) + "\n"


def read_baseline(text: str) -> frozenset[str]:
    """The names in a baseline. Raises `BaselineError`."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BaselineError(f"it is not JSON: {error}") from error
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != SCHEMA:
        raise BaselineError(f'its "schema" is not {SCHEMA}: `check --save-baseline` writes one')
    names = value.get("findings")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BaselineError('its "findings" is not a list of strings')
    return frozenset(names)
