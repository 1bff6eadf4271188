"""Attribution-Reporting-Register-OS-Source and -OS-Trigger: URLs for the operating system.

May live here: reading these two headers, which have one form. The browser hands the URLs to
Android and never learns what becomes of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ada_url
import http_sf

from ara_inspector.findings import Finding, Rule, Severity
from ara_inspector.spec.effective import Effective
from ara_inspector.spec.reading import Reading
from ara_inspector.spec.structured import read_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ara_inspector.spec.structured import Member

ANCHOR: Final = "get-os-registrations-from-a-header-value"
DEBUG_REPORTING: Final = "debug-reporting"
REPORTING: Final = f";{DEBUG_REPORTING}"
SILENT: Final = f";{DEBUG_REPORTING}=?0"

NOT_A_STRING: Final = Rule(
    "OSR001",
    "os-registration-not-a-string",
    Severity.WARNING,
    'item {index} is dropped: it is not a string; write the URL in double quotes ("https://...")',
    ANCHOR,
)
URL_INVALID: Final = Rule(
    "OSR002",
    "os-registration-url-invalid",
    Severity.WARNING,
    "item {index} is dropped: {url} is not an absolute URL",
    ANCHOR,
)
DEBUG_REPORTING_NOT_A_BOOLEAN: Final = Rule(
    "OSR003",
    "os-debug-reporting-not-a-boolean",
    Severity.WARNING,
    "debug-reporting of item {index} is taken as false: write it bare, or as ?1 or ?0",
    ANCHOR,
)
PARAMETER_UNKNOWN: Final = Rule(
    "OSR004",
    "os-parameter-unknown",
    Severity.WARNING,
    "the parameter {name} of item {index} means nothing",
    ANCHOR,
)
NOTHING_LEFT: Final = Rule(
    "OSR005",
    "os-registration-empty",
    Severity.NOTE,
    "no URL is left: nothing goes to the operating system",
    ANCHOR,
)


class OsRegistration(Effective, frozen=True, kw_only=True):
    """https://wicg.github.io/attribution-reporting-api/#os-registration ."""

    url: str
    """Serialized by the URL parser."""
    debug_reporting: bool = False


def read_os_registrations(text: str) -> Reading[tuple[OsRegistration, ...]]:
    """`get OS registrations from a header value`.

    https://wicg.github.io/attribution-reporting-api/#get-os-registrations-from-a-header-value
    """
    members = read_list(text)
    if isinstance(members, Finding):
        return Reading(None, (members,))
    findings: list[Finding] = []
    registrations = []
    for index, member in enumerate(members):
        registration = _registration(index, member, findings)
        if registration is not None:
            registrations.append(registration)
    if not registrations:
        findings.insert(0, NOTHING_LEFT.at())
    return Reading(tuple(registrations), tuple(findings))


def serialize_os_registrations(registrations: Iterable[OsRegistration]) -> str:
    """The header with the default of each item written out; empty for none."""
    return ", ".join(
        http_sf.ser(registration.url) + (REPORTING if registration.debug_reporting else SILENT)
        for registration in registrations
    )


def _registration(index: int, member: Member, findings: list[Finding]) -> OsRegistration | None:
    if not isinstance(member.value, str):
        findings.append(NOT_A_STRING.at((index,), index=index))
        return None
    try:
        url = ada_url.URL(member.value).href
    except ValueError:
        findings.append(URL_INVALID.at((index,), index=index, url=member.value))
        return None
    debug_reporting = False
    for name, value in member.params.items():
        if name != DEBUG_REPORTING:
            findings.append(PARAMETER_UNKNOWN.at((index, name), index=index, name=name))
        elif isinstance(value, bool):
            debug_reporting = value
        else:
            findings.append(DEBUG_REPORTING_NOT_A_BOOLEAN.at((index, name), index=index))
    return OsRegistration(url=url, debug_reporting=debug_reporting)
