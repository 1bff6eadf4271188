"""Attribution-Reporting-Support: with whom a request's answer may register.

May live here: reading that one request header. Its noise rules are those of `eligible`.
"""

from __future__ import annotations

from ara_inspector.findings import Finding
from ara_inspector.spec.effective import Effective
from ara_inspector.spec.eligible import noise
from ara_inspector.spec.reading import Reading
from ara_inspector.spec.structured import read_dictionary


class Support(Effective, frozen=True, kw_only=True):
    """The registrars the browser offers."""

    web: bool
    os: bool


def read_support(text: str) -> Reading[Support]:
    """https://wicg.github.io/attribution-reporting-api/#attribution-reporting-support ."""
    parsed = read_dictionary(text, like_the_validator=True)
    if isinstance(parsed, Finding):
        return Reading(None, (parsed,))
    members, findings = parsed
    findings += noise(members, ("web", "os"))
    return Reading(Support(web="web" in members, os="os" in members), tuple(findings))


def serialize_support(value: Support) -> str:
    """The header without noise."""
    return ", ".join(key for key, present in (("web", value.web), ("os", value.os)) if present)
