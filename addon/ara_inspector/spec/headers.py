"""Every header of the API by its kind: one reader and one way to write the effective value.

May live here: the list of kinds and nothing that belongs to one of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from ara_inspector.spec.eligible import Eligible, read_eligible, serialize_eligible
from ara_inspector.spec.info import Info, read_info, serialize_info
from ara_inspector.spec.os_registration import read_os_registrations, serialize_os_registrations
from ara_inspector.spec.source import read_source
from ara_inspector.spec.support import Support, read_support, serialize_support
from ara_inspector.spec.trigger import read_trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from ara_inspector.spec.effective import Effective, SourceType
    from ara_inspector.spec.os_registration import OsRegistration
    from ara_inspector.spec.reading import Reading


class HeaderKind(StrEnum):
    """The headers that can be judged by themselves."""

    SOURCE = "source"
    TRIGGER = "trigger"
    OS_SOURCE = "os-source"
    OS_TRIGGER = "os-trigger"
    ELIGIBLE = "eligible"
    SUPPORT = "support"
    INFO = "info"

    @property
    def header(self) -> str:
        """The header's name as documentation writes it."""
        return NAMES[self]

    @property
    def is_json(self) -> bool:
        """Whether its value is JSON; the others are structured fields."""
        return self in {HeaderKind.SOURCE, HeaderKind.TRIGGER}


NAMES: Final = {
    HeaderKind.SOURCE: "Attribution-Reporting-Register-Source",
    HeaderKind.TRIGGER: "Attribution-Reporting-Register-Trigger",
    HeaderKind.OS_SOURCE: "Attribution-Reporting-Register-OS-Source",
    HeaderKind.OS_TRIGGER: "Attribution-Reporting-Register-OS-Trigger",
    HeaderKind.ELIGIBLE: "Attribution-Reporting-Eligible",
    HeaderKind.SUPPORT: "Attribution-Reporting-Support",
    HeaderKind.INFO: "Attribution-Reporting-Info",
}

READERS: Final[dict[HeaderKind, Callable[[str], Reading[Any]]]] = {
    HeaderKind.TRIGGER: read_trigger,
    HeaderKind.OS_SOURCE: read_os_registrations,
    HeaderKind.OS_TRIGGER: read_os_registrations,
    HeaderKind.ELIGIBLE: read_eligible,
    HeaderKind.SUPPORT: read_support,
    HeaderKind.INFO: read_info,
}


def read_header(kind: HeaderKind, text: str, source_type: SourceType | None) -> Reading[Any]:
    """`text` as a header of `kind`; sources, and only they, need a `source_type`."""
    if (source_type is None) == (kind is HeaderKind.SOURCE):
        raise ValueError("sources, and only they, have a source type")
    if source_type is not None:
        return read_source(text, source_type)
    return READERS[kind](text)


def effective_json(value: Effective | tuple[OsRegistration, ...]) -> dict[str, Any] | str:
    """An effective value as its header writes it: an object, or the text of a structured field."""
    match value:
        case tuple():
            return serialize_os_registrations(value)
        case Eligible():
            return serialize_eligible(value)
        case Support():
            return serialize_support(value)
        case Info():
            return serialize_info(value)
    return value.to_json()
