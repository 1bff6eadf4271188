"""Attribution-Reporting-Eligible: which registrations a request's answer may carry.

May live here: reading that one request header, and the rules for dictionaries of which only
the keys count (Attribution-Reporting-Support is the other one). Chrome adds noise on purpose
("grease"): values, parameters and `not-...` keys change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Finding, Rule, Severity
from ara_inspector.spec.effective import Effective
from ara_inspector.spec.reading import Reading
from ara_inspector.spec.structured import read_dictionary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ara_inspector.spec.structured import Member

ANCHOR: Final = "attribution-reporting-eligible"
GREASE_ANCHOR: Final = "obtain-a-dictionary-structured-header-value"
NAVIGATION_SOURCE: Final = "navigation-source"
EVENT_SOURCE: Final = "event-source"
TRIGGER: Final = "trigger"

VALUE_IGNORED: Final = Rule(
    "ELG001",
    "dictionary-value-ignored",
    Severity.WARNING,
    "the value of {key} means nothing: that the key is there is what counts",
    GREASE_ANCHOR,
)
PARAMETERS_IGNORED: Final = Rule(
    "ELG002",
    "dictionary-parameters-ignored",
    Severity.WARNING,
    "the parameters of {key} mean nothing",
    GREASE_ANCHOR,
)
KEY_UNKNOWN: Final = Rule(
    "ELG003",
    "dictionary-key-unknown",
    Severity.WARNING,
    "the key {key} means nothing here",
    GREASE_ANCHOR,
)
KEYS_EXCLUSIVE: Final = Rule(
    "ELG004",
    "eligible-keys-exclusive",
    Severity.ERROR,
    "navigation-source excludes {key}: no request is eligible for both",
    ANCHOR,
)


class Eligible(Effective, frozen=True, kw_only=True):
    """What the answer may register."""

    navigation_source: bool
    event_source: bool
    trigger: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """The header's keys that are present."""
        given = {
            NAVIGATION_SOURCE: self.navigation_source,
            EVENT_SOURCE: self.event_source,
            TRIGGER: self.trigger,
        }
        return tuple(key for key, present in given.items() if present)


def read_eligible(text: str) -> Reading[Eligible]:
    """https://wicg.github.io/attribution-reporting-api/#attribution-reporting-eligible ."""
    parsed = read_dictionary(text, like_the_validator=True)
    if isinstance(parsed, Finding):
        return Reading(None, (parsed,))
    members, findings = parsed
    findings += noise(members, (NAVIGATION_SOURCE, EVENT_SOURCE, TRIGGER))
    excluded = [key for key in (EVENT_SOURCE, TRIGGER) if key in members]
    if NAVIGATION_SOURCE in members and excluded:
        return Reading(None, (KEYS_EXCLUSIVE.at(key=excluded[0]), *findings))
    value = Eligible(
        navigation_source=NAVIGATION_SOURCE in members,
        event_source=EVENT_SOURCE in members,
        trigger=TRIGGER in members,
    )
    return Reading(value, tuple(findings))


def serialize_eligible(value: Eligible) -> str:
    """The header without noise."""
    return ", ".join(value.keys)


NOISE: Final = frozenset({VALUE_IGNORED, PARAMETERS_IGNORED, KEY_UNKNOWN})
"""What `noise` finds."""


def noise(members: Mapping[str, Member], known: Sequence[str]) -> list[Finding]:
    """Everything in `members` besides the bare presence of `known` keys, in document order."""
    findings = []
    for key, member in members.items():
        if key not in known:
            findings.append(KEY_UNKNOWN.at((key,), key=key))
            continue
        if member.value is not True:
            findings.append(VALUE_IGNORED.at((key,), key=key))
        if member.params:
            findings.append(PARAMETERS_IGNORED.at((key,), key=key))
    return findings
