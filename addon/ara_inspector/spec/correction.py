"""A registration written as it was meant, where the mistake is one of the usual ones.

May live here: turning findings that say how to write it right into the corrected header.
Nothing is guessed beyond what those findings say; a value that is merely out of range, or a
field that is missing, stays as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.spec.destinations import BARE_HOST, HTTP_FOR_HTTPS, MORE_THAN_SITE
from ara_inspector.spec.fields import MISSPELLED_FIELD
from ara_inspector.spec.json_text import parse
from ara_inspector.spec.source import read_source
from ara_inspector.spec.trigger import read_trigger
from ara_inspector.spec.values import (
    NOT_A_CHOICE,
    NUMBER_FOR_STRING,
    OBJECT_FOR_LIST,
    STRING_FOR_BOOLEAN,
    STRING_FOR_LIST,
    STRING_FOR_NUMBER,
)

if TYPE_CHECKING:
    from ara_inspector.findings import Finding, Path
    from ara_inspector.spec.effective import Source, SourceType, Trigger
    from ara_inspector.spec.reading import Reading

ROUNDS: Final = 4
"""Setting one thing right can show the next mistake: a misspelled field is read only then."""

_WRITTEN: Final = frozenset(
    rule.code
    for rule in (
        NUMBER_FOR_STRING,
        STRING_FOR_NUMBER,
        STRING_FOR_BOOLEAN,
        BARE_HOST,
        HTTP_FOR_HTTPS,
    )
)
"""Rules whose findings carry the right value as `written`."""


def corrected(text: str, source_type: SourceType | None) -> str | None:
    """The header `text` with its usual mistakes set right, None where there are none.

    `source_type` is that of the source the header registers, None for a trigger.
    """
    better = _corrected(text, source_type, renaming=True)
    if better is None or _reading(better, source_type).ok:
        return better
    # A field Chrome ignored under its wrong name may be wrong in itself under the right one:
    # names stay as they are if that alone gives a registration.
    plainer = _corrected(text, source_type, renaming=False)
    if _reading(text if plainer is None else plainer, source_type).ok:
        return plainer
    return better


def _corrected(text: str, source_type: SourceType | None, *, renaming: bool) -> str | None:
    root = parse(text).root
    if root is None:
        return None
    changed = False
    for _ in range(ROUNDS):
        findings = _reading(json.dumps(root), source_type).findings
        # From the end, so that a renamed field does not move the ones still to come.
        set_right = [
            _correct(root, finding)
            for finding in reversed(findings)
            if renaming or finding.rule.code != MISSPELLED_FIELD.code
        ]
        if True not in set_right:
            break
        changed = True
    return json.dumps(root) if changed else None


def _reading(text: str, source_type: SourceType | None) -> Reading[Source] | Reading[Trigger]:
    return read_trigger(text) if source_type is None else read_source(text, source_type)


def _correct(root: dict[str, Any], finding: Finding) -> bool:
    code = finding.rule.code
    params = finding.params
    if code in _WRITTEN:
        _put(root, finding.path, params["written"])
    elif code == MORE_THAN_SITE.code:
        _put(root, finding.path, params["site"])
    elif code == STRING_FOR_LIST.code:
        _put(root, finding.path, [params["text"]])
    elif code == OBJECT_FOR_LIST.code:
        parent = _parent(root, finding.path)
        parent[finding.path[-1]] = [parent[finding.path[-1]]]
    elif code == NOT_A_CHOICE.code:
        return _put_choice(root, finding)
    elif code == MISSPELLED_FIELD.code:
        return _rename(_parent(root, finding.path), params["field"], params["meant"])
    else:
        return False
    return True


def _put_choice(root: dict[str, Any], finding: Finding) -> bool:
    word = str(finding.params["text"]).strip().lower()
    if word not in str(finding.params["choices"]).split(", "):
        return False
    _put(root, finding.path, word)
    return True


def _rename(members: dict[str, Any], field: Any, meant: Any) -> bool:
    if meant in members:
        return False
    renamed = {meant if key == field else key: member for key, member in members.items()}
    members.clear()
    members.update(renamed)
    return True


def _put(root: dict[str, Any], path: Path, value: Any) -> None:
    _parent(root, path)[path[-1]] = value


def _parent(root: dict[str, Any], path: Path) -> Any:
    parent: Any = root
    for part in path[:-1]:
        parent = parent[part]
    return parent
