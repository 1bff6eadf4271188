"""Stable stand-ins for values nobody else shall see, and where they stand inside text.

May live here: making a pseudonym (keyed hash), and replacing values in URLs, in header text and
in sentences. What stays is told by `harmless`, which value of an entry is which by `redaction`.
"""

from __future__ import annotations

import hmac
import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from ara_inspector.spec.vendor import AGGREGATION_COORDINATOR_ORIGINS
from ara_inspector.views.harmless import (
    PLACES,
    SITES,
    WELL_KNOWN,
    WORDS,
    is_harmless,
    is_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK: Final = "redacted-"
"""Begins every pseudonym that is not a number."""
LOWEST: Final = 100_000_000_000_000
"""Numbers become 15-digit numbers: JSON can hold them exactly, and two are hardly ever the same."""
SPAN: Final = 9 * LOWEST
SHORTEST: Final = 4
"""Characters of a value that is looked for in sentences; a shorter one says too little."""

DEEPEST: Final = 20
"""Levels of a header whose names are looked at: the API has fewer, and hostile ones thousands."""
NOWHERE: Final = ("",)

DIGITS_OF_ID: Final = 4
LENGTH_OF_ID: Final = 6

URL: Final = re.compile(
    r"(?P<origin>[a-zA-Z][a-zA-Z0-9+.-]{0,15}://[^\s/?#\"'<>\\,]*)(?P<rest>[^\s\"'<>\\]*)"
)
SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,15}")
WORD: Final = re.compile(r"[\w%]+")
TOKEN: Final = re.compile(r"[^\s=;,?*()&|\\]*\w[^\s=;,?*()&|\\]*")
"""Words of structured fields, and of text that should have been JSON."""
DIGITS: Final = re.compile(r"[+-]?\d+")
HEX: Final = re.compile(r"0[xX][0-9a-fA-F]+")
PIECE: Final = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*"?)|(?P<mark>[{}\[\],:])'
    r"|(?P<bare>[a-zA-Z][a-zA-Z0-9+.-]{0,15}://[^\s\"'<>\\{}\[\],]*|[^\s\"{}\[\],:]+)"
)


class Pseudonyms:
    """Makes the same pseudonym of the same value, as long as the key is the same."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._made: set[str] = set()
        self._compound: dict[str, list[str]] = {}
        self.vocabulary: set[str] = set()
        """Words of our own sentences: never replaced in them."""
        self._hosts: set[str] = set()
        """Hosts that are told: those of reporting origins, sites and requests."""
        self._hosts |= {_host(origin) for origin in AGGREGATION_COORDINATOR_ORIGINS}

    def number(self, value: int) -> int:
        """A number in the place of `value`."""
        made = LOWEST + int.from_bytes(self._hash(str(value))[:8]) % SPAN
        self._remember(str(value), str(made))
        return made

    def of(self, value: str) -> str:
        """A word in the place of `value`; a number stays a number."""
        if not value or value in self._made or value.lower() in self._hosts:
            return value
        if DIGITS.fullmatch(value) and len(value) < SHORTEST * 10:
            made = str(self.number(int(value)))
        elif HEX.fullmatch(value):
            made = hex(self.number(int(value, 16)))
        else:
            made = MARK + self._hash(value).hex()[:10]
            self._made.add(made)
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

    def forget_hosts(self) -> None:
        """Leave hosts that are told in sentences, though they were met where they are none."""
        for host in self._hosts & self._known.keys():
            del self._known[host]
        for word, values in self._compound.items():
            self._compound[word] = [value for value in values if value in self._known]

    def is_known(self, number: int) -> bool:
        """Whether this number was replaced somewhere, and is long enough to be an id."""
        return str(number) in self._known

    def name(self, name: str, above: Sequence[str | int]) -> str:
        """The name of a member of what stands at `above` in a header or report."""
        own = is_name(name, above) or (name in WORDS and not above)
        return name if own else self.of(name)

    def leaf(self, value: str | int, path: Sequence[str | int]) -> str | int:
        """A value of a JSON header or report under the names of `path`."""
        if is_harmless(value, path):
            return value
        if isinstance(value, int):
            return self.number(value)
        if not URL.match(value):
            return self.of(value)
        holder = next((step for step in reversed(path) if isinstance(step, str)), None)
        return self.place(value) if holder in SITES else self.url(value)

    def place(self, url: str) -> str:
        """`url` where it says who takes part: its host is told, here and everywhere."""
        if match := URL.match(url):
            self._hosts.add(_host(match["origin"]))
        return self.url(url)

    def url(self, url: str) -> str:
        """`url` with its host, if that is told; all else but the API's own paths is replaced."""
        match = URL.match(url)
        if match is None:
            scheme, colon, rest = url.partition(":")
            told = bool(colon) and SCHEME.fullmatch(scheme) is not None
            return f"{scheme}:{self._path(rest)}" if told else self._path(url)
        origin, rest = match["origin"], url[match.end("origin") :]
        scheme, _, authority = origin.partition("://")
        user, at, where = authority.rpartition("@")
        host = where if _host(origin) in self._hosts else self.of(where)
        return f"{scheme}://{self.of(user) if at else ''}{at}{host}{self._path(rest)}"

    def _path(self, text: str) -> str:
        """What follows the origin of a URL."""
        path, mark, query = text.partition("#")[0].partition("?")
        own = PLACES if path.startswith(WELL_KNOWN) else frozenset[str]()
        parts = [part if part in own else self._encoded(part) for part in path.split("/")]
        pairs = [self._pair(pair) for pair in query.split("&")] if mark else []
        return "/".join(parts) + mark + "&".join(pairs)

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return f"{self._encoded(name)}{equals}{self._encoded(value)}"

    def _encoded(self, text: str) -> str:
        """A piece of a URL: it is met decoded as well, as a parameter's value elsewhere."""
        made = self.of(unquote_plus(text))
        self._remember(text, made)
        return made

    def header(self, text: str) -> str:
        """A header's value or a report's body as sent: values replaced, the form kept."""
        return PIECE.sub(_Walk(self, text), text)

    def given(self, text: str) -> str:
        """A piece of a header, report or URL that a finding quotes by itself."""
        if text in self._known or text in WORDS or text in self._hosts:
            return self._known.get(text, text)
        if URL.match(text):
            return self.url(text)
        if text.startswith("/"):
            return self._path(text)
        if PIECE.fullmatch(text) and not text.startswith('"'):
            return self.bare(text)
        return self.header(text) if WORD.search(text) else text

    def bare(self, token: str) -> str:
        """Text without quotes: words of the API stay."""
        if URL.match(token):
            return self.url(token)
        return TOKEN.sub(lambda word: word[0] if word[0] in WORDS else self.of(word[0]), token)

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


def _host(origin: str) -> str:
    """The host of an origin, without user and port, as it is compared."""
    where = origin.partition("://")[2].rpartition("@")[2].lower()
    return where if where.endswith("]") else where.partition(":")[0]


class _Walk:
    """Goes through the tokens of a header and knows the names above each."""

    def __init__(self, pseudonyms: Pseudonyms, text: str) -> None:
        self._pseudonyms = pseudonyms
        self._text = text
        self._steps: list[str | int | None] = [None]
        """The way to where it is: names in objects, places in lists, None before a name."""

    def __call__(self, match: re.Match[str]) -> str:
        token = match[0]
        if match["mark"]:
            self._mark(token)
            return token
        if match["string"]:
            return self._string(token, match.end())
        if DIGITS.fullmatch(token) and len(token) < SHORTEST * 10:
            return str(self._pseudonyms.leaf(int(token), self._path))
        return self._pseudonyms.bare(token)

    def _string(self, token: str, end: int) -> str:
        closed = len(token) > 1 and token.endswith('"')
        inner = token[1:-1] if closed else token[1:]
        value = _unescaped(inner)
        if self._is_name(end):
            made = self._pseudonyms.name(value, self._above)
            self._steps[-1] = value
        else:
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
    def _path(self) -> tuple[str | int, ...]:
        if len(self._steps) > DEEPEST:
            return NOWHERE
        return tuple(step for step in self._steps if step is not None)

    @property
    def _above(self) -> tuple[str | int, ...]:
        """The way to the object whose member begins here."""
        path = self._path
        return path if self._steps[-1] is None else path[:-1]

    def _mark(self, mark: str) -> None:
        if mark in "{[":
            self._steps.append(None if mark == "{" else 0)
        elif mark in "}]":
            if len(self._steps) > 1:
                self._steps.pop()
        elif mark == ",":
            step = self._steps[-1]
            self._steps[-1] = step + 1 if isinstance(step, int) else None

    def _is_name(self, end: int) -> bool:
        return self._text[end : end + 40].lstrip().startswith(":")


def _unescaped(inner: str) -> str:
    """What stands between the quotes, as it is meant; of a string cut short, as good as it goes."""
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner.replace('\\"', '"')
