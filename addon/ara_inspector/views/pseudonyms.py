"""Stable stand-ins for values nobody else shall see, and where they stand inside text.

May live here: making a pseudonym (keyed hash), and replacing values in URLs, in header text and
in sentences. Which value of an entry is which is decided in `redaction`.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import fields
from typing import Final
from urllib.parse import unquote_plus

from ara_inspector.spec.effective import Source, Trigger

MARK: Final = "redacted-"
"""Begins every pseudonym that is not a number."""
LOWEST: Final = 100_000_000_000_000
"""Numbers become 15-digit numbers: JSON can hold them exactly, and two are hardly ever the same."""
SPAN: Final = 9 * LOWEST
SHORTEST: Final = 4
"""Characters of a value that is looked for in sentences; a shorter one says too little."""

DIGITS_OF_ID: Final = 4
LENGTH_OF_ID: Final = 6

IDENTIFYING: Final = re.compile(r"\d{2,}|[0-9a-fA-F]{8,}|%[0-9a-fA-F]{2}|[\w-]{20,}")
"""A path segment or name with this in it differs from run to run, or from user to user."""
URL: Final = re.compile(
    r"(?P<origin>[a-zA-Z][a-zA-Z0-9+.-]{0,15}://[^\s/?#\"'<>\\]*)(?P<rest>[^\s\"'<>\\]*)"
)
WORD: Final = re.compile(r"[\w%]+")
DIGITS: Final = re.compile(r"[+-]?\d+")
HEX: Final = re.compile(r"0[xX][0-9a-fA-F]+")
PIECE: Final = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*"?)|(?P<mark>[{}\[\],:])|(?P<bare>[^\s"{}\[\],:]+)'
)

KEPT: Final = frozenset(
    {
        *(field.name for model in (Source, Trigger) for field in fields(model)),
        "_lookback_window",
        "api",
        "attribution_destination",
        "budget",
        "context_site",
        "debug_mode",
        "destination",
        "end_times",
        "event_report_window",
        "filtering_id",
        "header",
        "limit",
        "name",
        "max_event_states",
        "priority",
        "randomized_trigger_rate",
        "reporting_origin",
        "scheduled_report_time",
        "source_destination_limit",
        "source_keys",
        "source_registration_time",
        "source_site",
        "source_type",
        "start_time",
        "trigger_data",
        "type",
        "types",
        "value",
        "version",
    }
) - {"source_event_id", "debug_key", "trigger_context_id", "attribution_scopes"}
"""Keys whose values say what the API does, and nothing about who it is done to."""
FREE: Final = frozenset({"filter_data", "filters", "not_filters", "aggregation_keys"})
"""Keys below which every name is the ad-tech's own, so that none can be known as harmless."""
NAMING: Final = frozenset({"source_keys", "name"})
"""Keys whose values are names the ad-tech gave to keys and budgets."""
PLAIN: Final = re.compile(
    r"[a-z]+(?:-[a-z]+)*|Attribution-Reporting-[A-Za-z-]+|[+-]?[0-9]+(?:\.[0-9]+)?"
)
"""What stands below a kept key when it is what the API wants there: a word of it, a number."""
COUNTED: Final = frozenset({"values", "aggregatable_values", "named_budgets"})
"""Keys below which small numbers are contributions."""
CONTRIBUTION: Final = 65_536


class Pseudonyms:
    """Makes the same pseudonym of the same value, as long as the key is the same."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._compound: dict[str, list[str]] = {}
        self.vocabulary: set[str] = set()
        """Words of our own sentences: never replaced in them."""

    def number(self, value: int) -> int:
        """A number in the place of `value`."""
        made = LOWEST + int.from_bytes(self._hash(str(value))[:8]) % SPAN
        self._remember(str(value), str(made))
        return made

    def of(self, value: str) -> str:
        """A word in the place of `value`; a number stays a number."""
        if not value or value.startswith(MARK):
            return value
        if DIGITS.fullmatch(value) and len(value) < SHORTEST * 10:
            made = str(self.number(int(value)))
        elif HEX.fullmatch(value):
            made = hex(self.number(int(value, 16)))
        else:
            made = MARK + self._hash(value).hex()[:10]
        self._remember(value, made)
        return made

    def _hash(self, value: str) -> bytes:
        return hmac.digest(self._key, value.encode("utf-8", "surrogatepass"), "sha256")

    def _remember(self, value: str, made: str) -> None:
        if len(value) < SHORTEST or value in self._known or value in self.vocabulary:
            return
        self._known[value] = made
        if not WORD.fullmatch(value) and (first := WORD.search(value)):
            self._compound.setdefault(first[0], []).append(value)

    def is_known(self, number: int) -> bool:
        """Whether this number was replaced somewhere, and is long enough to be an id."""
        return str(number) in self._known

    def leaf(self, value: str | int, path: tuple[str, ...]) -> str | int:
        """A value of a JSON header or report under the keys of `path`."""
        if self._stays(value, path):
            return self.url(value) if isinstance(value, str) and URL.match(value) else value
        if isinstance(value, str) and URL.match(value):
            return self.url(value)
        return self.number(value) if isinstance(value, int) else self.of(value)

    def _stays(self, value: str | int, path: tuple[str, ...]) -> bool:
        if path and path[-1] == "_lookback_window":
            return True
        if any(key in FREE for key in path):
            return False
        if isinstance(value, int) and any(key in COUNTED for key in path):
            return value <= CONTRIBUTION
        if not path or path[-1] not in KEPT:
            return False
        if isinstance(value, int) or path[-1] in NAMING:
            return isinstance(value, int) or not IDENTIFYING.search(value)
        return PLAIN.fullmatch(value) is not None or URL.match(value) is not None

    def url(self, url: str) -> str:
        """`url` with its host and plain path; ids in the path, query and user replaced."""
        match = URL.match(url)
        if match is None:
            return self.text(url)
        origin, rest = match["origin"], url[match.end("origin") :]
        scheme, _, authority = origin.partition("://")
        user, at, host = authority.rpartition("@")
        path, mark, query = rest.partition("#")[0].partition("?")
        parts = [self._segment(part) for part in path.split("/")]
        pairs = [self._pair(pair) for pair in query.split("&")] if mark else []
        kept = f"{scheme}://{self.of(user) if at else ''}{at}{host}"
        return kept + "/".join(parts) + mark + "&".join(pairs)

    def _segment(self, segment: str) -> str:
        return self.of(segment) if IDENTIFYING.search(segment) else segment

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        if not equals:
            return self.of(name)
        plain = unquote_plus(value)
        made = self.of(plain)
        # It is met decoded as well: in a parameter's value elsewhere.
        self._remember(value, made)
        return f"{self._segment(name)}={made}"

    def header(self, text: str) -> str:
        """A header's value or a report's body as sent: values replaced, the form kept."""
        return PIECE.sub(_Walk(self, text), text)

    def text(self, text: str) -> str:
        """A sentence: URLs in it, values met elsewhere, and whatever looks like an id."""
        done = []
        start = 0
        for match in URL.finditer(text):
            done += [self._words(text[start : match.start()]), self.url(match[0])]
            start = match.end()
        return "".join([*done, self._words(text[start:])])

    def _words(self, text: str) -> str:
        done = []
        place = 0
        for match in WORD.finditer(text):
            if match.start() < place:
                continue
            done.append(text[place : match.start()])
            found = self._met(text, match)
            done.append(self._known.get(found) or self._like_id(found))
            place = match.start() + len(found)
        return "".join([*done, text[place:]])

    def _met(self, text: str, match: re.Match[str]) -> str:
        """The longest value met elsewhere that begins at this word, or the word."""
        values = self._compound.get(match[0], ())
        met = [v for v in values if text.startswith(v, match.start())]
        return max(met, key=len, default=match[0])

    def _like_id(self, word: str) -> str:
        """What a sentence has at hand and looks like an id is replaced unmet."""
        digits = sum(map(str.isdigit, word))
        if digits < DIGITS_OF_ID or len(word) < LENGTH_OF_ID or word in self.vocabulary:
            return word
        return self.of(word)


class _Walk:
    """Goes through the tokens of a header and knows the keys above each."""

    def __init__(self, pseudonyms: Pseudonyms, text: str) -> None:
        self._pseudonyms = pseudonyms
        self._text = text
        self._keys: list[str | None] = [None]

    def __call__(self, match: re.Match[str]) -> str:
        token = match[0]
        if match["mark"]:
            self._mark(token)
            return token
        if match["string"]:
            return self._string(token, match.end())
        if DIGITS.fullmatch(token) and len(token) < SHORTEST * 10:
            return str(self._pseudonyms.leaf(int(token), self._path))
        return self._pseudonyms.text(token)

    def _string(self, token: str, end: int) -> str:
        closed = len(token) > 1 and token.endswith('"')
        inner = token[1:-1] if closed else token[1:]
        if self._is_key(end):
            self._keys[-1] = inner
            return token
        value = _unescaped(inner)
        # A report quotes the header it is about: JSON inside a string.
        quoting = '"' in value
        made = self._pseudonyms.header(value) if quoting else self._leaf(value)
        if made == value:
            return token
        written = json.dumps(made, ensure_ascii=False)
        return written if closed else written[:-1]

    def _leaf(self, value: str) -> str:
        return str(self._pseudonyms.leaf(value, self._path))

    @property
    def _path(self) -> tuple[str, ...]:
        return tuple(key for key in self._keys if key is not None)

    def _mark(self, mark: str) -> None:
        if mark in "{[":
            self._keys.append(None)
        elif mark in "}]":
            if len(self._keys) > 1:
                self._keys.pop()
        elif mark == "," and self._in_object():
            self._keys[-1] = None

    def _in_object(self) -> bool:
        return self._keys[-1] is not None

    def _is_key(self, end: int) -> bool:
        return self._text[end : end + 40].lstrip().startswith(":")


def _unescaped(inner: str) -> str:
    """What stands between the quotes, as it is meant; of a string cut short, as good as it goes."""
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner.replace('\\"', '"')
