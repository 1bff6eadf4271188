"""Redacted captures that are still held against what was known of the plain ones.

May live here: putting redacted contents in the place of a capture's, and the names of findings
that a baseline has. Those are made of paths, and pseudonyms differ from run to run.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.records import replace
from ara_inspector.views.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ara_inspector.checking.inspection import Inspection
    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry


def redacting(
    inspections: Iterable[Inspection], key: bytes
) -> tuple[list[Inspection], Callable[[Entry, Finding], str]]:
    """The captures with pseudonyms made with `key`, and what names their findings as before."""
    plain = list(inspections)
    safe = [_safe(each, key) for each in plain]
    # By identity: two findings that look alike now may have been told apart.
    names = {
        id(after): fingerprint(entry, before)
        for was, now in zip(plain, safe, strict=True)
        for entry, changed in zip(was.timeline, now.timeline, strict=True)
        for before, after in zip(entry.findings, changed.findings, strict=True)
    }
    return safe, lambda _entry, finding: names[id(finding)]


def _safe(inspection: Inspection, key: bytes) -> Inspection:
    made = redacted(inspection, key)
    path = PurePath(inspection.name)
    # An absolute path begins with whose computer it is.
    name = path.name if path.is_absolute() else inspection.name
    damage = inspection.damage
    return replace(
        inspection,
        name=name,
        timeline=made.timeline,
        told=made.told,
        damage=None if damage is None else damage.replace(inspection.name, name),
        skipped=tuple(text.replace(inspection.name, name) for text in inspection.skipped),
        redacted=True,
    )
