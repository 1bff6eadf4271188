"""What runs the fenced blocks of help pages: the block's kind gives the function.

A stage whose rules need more than one header's value adds its kind to `RUNNERS`: a function
from the block's text to the findings it gives.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, read_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ara_inspector.findings import Finding


def header_findings(kind: HeaderKind, source_type: SourceType | None, text: str) -> list[Finding]:
    return list(read_header(kind, text, source_type).findings)


RUNNERS: dict[str, Callable[[str], Iterable[Finding]]] = {
    kind: partial(header_findings, kind, None)
    for kind in HeaderKind
    if kind is not HeaderKind.SOURCE
} | {
    f"source {source_type}": partial(header_findings, HeaderKind.SOURCE, source_type)
    for source_type in SourceType
}
