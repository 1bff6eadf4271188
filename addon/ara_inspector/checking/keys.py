"""The words of an expectation file: its tables, their keys, and what may stand under each.

May live here: the vocabulary, what it implies, and nothing that reads, compares or writes. The
reader, the JSON Schema and what is written by `--bless` all take it from here, so that they cannot
disagree.

Result words are Chrome's own, as everywhere; beside them stand those that say the same for
several: `stored` and `refused` of a source, `attributed` and `notAttributed` of a trigger.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.attribution.ledger import Standing
from ara_inspector.attribution.results import AggregatableResult, EventLevelResult, SourceResult
from ara_inspector.findings import Severity, Verdict
from ara_inspector.records import replace
from ara_inspector.registrations import Kind
from ara_inspector.reports import Outcome, ReportKind
from ara_inspector.spec.effective import SourceType

if TYPE_CHECKING:
    from collections.abc import Mapping

STORED: Final = "stored"
REFUSED: Final = "refused"
ATTRIBUTED: Final = "attributed"
NOT_ATTRIBUTED: Final = "notAttributed"
SEEN: Final = "seen"
EXPECTED: Final = "expected"


class Form(StrEnum):
    """What kind of text stands under a key."""

    WORD = "word"
    ORIGIN = "origin"
    SITE = "site"


class Key(Struct, frozen=True, gc=False):
    """What may stand under one key."""

    about: str
    """What it asks for, in a sentence: the description in the JSON Schema."""
    form: Form = Form.WORD
    words: tuple[str, ...] = ()
    """All that may stand there, of a word."""
    kinds: Mapping[str, tuple[str, ...]] | None = None
    """The kinds of registration that have it, each with its words; None: every kind."""
    default: str | None = None


def _all(*lists: tuple[str, ...]) -> tuple[str, ...]:
    """The words of several lists, each once."""
    return tuple(dict.fromkeys(str(word) for words in lists for word in words))


EVENT_LEVEL_WORDS: Final = _all((ATTRIBUTED, NOT_ATTRIBUTED), tuple(EventLevelResult))
AGGREGATABLE_WORDS: Final = _all((ATTRIBUTED, NOT_ATTRIBUTED), tuple(AggregatableResult))
SOURCE_WORDS: Final = _all((STORED, REFUSED), tuple(SourceResult))
TRIGGER_WORDS: Final = _all(EVENT_LEVEL_WORDS, AGGREGATABLE_WORDS)

OF_SOURCE: Final = "source"
"""The key that asks, of a trigger, for the source it is attributed to."""
SOURCE_KEYS: Final[Mapping[str, Key]] = {
    "site": Key("where the source was registered", Form.SITE),
    "source_type": Key("its type", words=_all(tuple(SourceType))),
    "destination": Key("one of its destinations", Form.SITE),
}
"""What can be asked of that source."""

FATE_KEYS: Final[Mapping[str, Key]] = {
    "result": Key(
        "what becomes of it: of a source stored, refused or Chrome's word, of a trigger "
        "attributed, notAttributed or Chrome's word (at either level)",
        words=_all(SOURCE_WORDS, TRIGGER_WORDS),
        kinds={Kind.SOURCE: SOURCE_WORDS, Kind.TRIGGER: TRIGGER_WORDS},
    ),
    "event_level": Key(
        "what becomes of a trigger's event-level part",
        words=EVENT_LEVEL_WORDS,
        kinds={Kind.TRIGGER: EVENT_LEVEL_WORDS},
    ),
    "aggregatable": Key(
        "what becomes of a trigger's aggregatable part",
        words=AGGREGATABLE_WORDS,
        kinds={Kind.TRIGGER: AGGREGATABLE_WORDS},
    ),
    **{
        f"{OF_SOURCE}.{name}": replace(key, kinds={Kind.TRIGGER: key.words})
        for name, key in SOURCE_KEYS.items()
    },
}
"""What is asked of the simulated browser rather than of the wire: it can be only likely."""

REGISTRATION: Final[Mapping[str, Key]] = {
    "kind": Key("what is registered", words=_all(tuple(Kind))),
    "source_type": Key("the type of a source", words=_all(tuple(SourceType))),
    "site": Key("the site of the page it is registered on", Form.SITE),
    "destination": Key("one of the attribution destinations of a source", Form.SITE),
    "reporting_origin": Key("who registers it", Form.ORIGIN),
    "verdict": Key(
        "what the browser does with the header",
        words=_all(tuple(Verdict)),
        default=Verdict.REGISTERED.value,
    ),
    **FATE_KEYS,
}
REPORT: Final[Mapping[str, Key]] = {
    "kind": Key("what it is", words=_all(tuple(ReportKind))),
    "reporting_origin": Key("where it goes", Form.ORIGIN),
    "delivery": Key("how its delivery ended", words=_all(tuple(Outcome))),
    "standing": Key(
        "seen on the wire; expected of the browser, seen or not; or one of the ledger's words",
        words=_all((SEEN, EXPECTED), tuple(Standing)),
        default=SEEN,
    ),
}
KEYS: Final[Mapping[str, Mapping[str, Key]]] = {"registration": REGISTRATION, "report": REPORT}
"""The keys of each kind of table; a key with a dot is a key of the table before the dot."""


def kinds_of(what: str, wanted: Mapping[str, str]) -> frozenset[str]:
    """The kinds that can have all that is wanted; empty where it can be any."""
    if "kind" in wanted:
        return frozenset({wanted["kind"]})
    asked = [
        frozenset(kind for kind, known in key.kinds.items() if not known or wanted[name] in known)
        for name, key in KEYS[what].items()
        if name in wanted and key.kinds
    ]
    return frozenset.intersection(*asked) if asked else frozenset()


COUNTS: Final[Mapping[str, str]] = {
    "count": "exactly so many",
    "at_least": "so many or more; 1 where nothing is said",
    "at_most": "so many or fewer",
}
LIMITS: Final[Mapping[str, Severity]] = {"errors": Severity.ERROR, "warnings": Severity.WARNING}
NAME: Final = "name"
ORIGINS: Final = "reporting_origins"
NONE_OF: Final = "none_of"
