"""Attribution-Reporting-Info: which registrar to prefer, whether to report broken headers.

May live here: reading that one response header. An invalid one costs every registration of
its response, web and OS alike.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import http_sf

from ara_inspector.findings import Finding, Rule, Severity
from ara_inspector.spec.effective import Effective
from ara_inspector.spec.eligible import KEY_UNKNOWN, PARAMETERS_IGNORED
from ara_inspector.spec.reading import Reading
from ara_inspector.spec.structured import read_dictionary

if TYPE_CHECKING:
    from ara_inspector.spec.structured import Member

ANCHOR: Final = "get-registration-info-from-a-header-list"
ISSUE: Final = "InvalidInfoHeader"
PREFERRED_PLATFORM: Final = "preferred-platform"
REPORT_HEADER_ERRORS: Final = "report-header-errors"

PLATFORM_NOT_A_TOKEN: Final = Rule(
    "ELG010",
    "info-platform-not-a-token",
    Severity.ERROR,
    "preferred-platform takes a bare word: preferred-platform=web or preferred-platform=os",
    ANCHOR,
    ISSUE,
)
PLATFORM_UNKNOWN: Final = Rule(
    "ELG011",
    "info-platform-unknown",
    Severity.ERROR,
    "preferred-platform is web or os, in lower case, not {platform}",
    ANCHOR,
    ISSUE,
)
REPORT_NOT_A_BOOLEAN: Final = Rule(
    "ELG012",
    "info-report-header-errors-not-a-boolean",
    Severity.ERROR,
    "report-header-errors is given bare, or as ?1 or ?0",
    ANCHOR,
    ISSUE,
)


class PreferredPlatform(StrEnum):
    """https://wicg.github.io/attribution-reporting-api/#registrar ."""

    OS = "os"
    WEB = "web"


INFOS_KEPT: Final = 64
"""Values read last: most answers have none, the others of a server the same."""
PLATFORMS: Final = frozenset(platform.value for platform in PreferredPlatform)


class Info(Effective, frozen=True, kw_only=True):
    """https://wicg.github.io/attribution-reporting-api/#registration-info ."""

    preferred_platform: PreferredPlatform | None = None
    report_header_errors: bool = False


@lru_cache(INFOS_KEPT)
def read_info(text: str) -> Reading[Info]:
    """`get registration info from a header list`, for the header's one joined value.

    https://wicg.github.io/attribution-reporting-api/#get-registration-info-from-a-header-list
    """
    parsed = read_dictionary(text)
    if isinstance(parsed, Finding):
        return Reading(None, (parsed,))
    members, findings = parsed
    platform: PreferredPlatform | None = None
    report = False
    for key, member in members.items():
        if key == PREFERRED_PLATFORM:
            wrong = _platform_fault(member)
            platform = None if wrong else PreferredPlatform(str(member.value))
        elif key == REPORT_HEADER_ERRORS:
            wrong = None if isinstance(member.value, bool) else REPORT_NOT_A_BOOLEAN.at((key,))
            report = member.value is True
        else:
            wrong = KEY_UNKNOWN.at((key,), key=key)
        if wrong:
            findings.append(wrong)
        elif member.params:
            findings.append(PARAMETERS_IGNORED.at((key,), key=key))
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Reading(None, tuple(findings))
    value = Info(preferred_platform=platform, report_header_errors=report)
    return Reading(value, tuple(findings))


def serialize_info(value: Info) -> str:
    """The header with its default written out."""
    members: dict[str, http_sf.Token | bool] = {}
    if value.preferred_platform is not None:
        members[PREFERRED_PLATFORM] = http_sf.Token(value.preferred_platform.value)
    members[REPORT_HEADER_ERRORS] = value.report_header_errors
    return http_sf.ser({key: (member, {}) for key, member in members.items()})


def _platform_fault(member: Member) -> Finding | None:
    if not isinstance(member.value, http_sf.Token):
        return PLATFORM_NOT_A_TOKEN.at((PREFERRED_PLATFORM,))
    if str(member.value) not in PLATFORMS:
        return PLATFORM_UNKNOWN.at((PREFERRED_PLATFORM,), platform=str(member.value))
    return None
