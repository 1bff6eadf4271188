"""URLs inside a registration: attribution destinations and the aggregation coordinator.

May live here: reading those fields, with advice for the usual slips in writing a URL. Taking
URLs apart is the work of `urls`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Rule, Severity
from ara_inspector.spec.constants import MAX_DESTINATIONS
from ara_inspector.spec.fields import MISSING_FIELD
from ara_inspector.spec.urls import is_absolute, suitable_place
from ara_inspector.spec.values import ABSENT, EMPTY_LIST, REPEATED_ENTRY, TOO_MANY, Reader
from ara_inspector.spec.vendor import AGGREGATION_COORDINATOR_ORIGINS

if TYPE_CHECKING:
    from ara_inspector.findings import Path
    from ara_inspector.spec.urls import Place

NOT_A_URL = Rule(
    "REG023",
    "not-a-url",
    Severity.ERROR,
    "{text} is not an absolute URL",
    "parse-an-attribution-destination",
)
BARE_HOST = Rule(
    "REG024",
    "bare-host",
    Severity.ERROR,
    "{text} has no scheme: write {written}",
    "parse-an-attribution-destination",
)
HTTP_FOR_HTTPS = Rule(
    "REG025",
    "http-for-https",
    Severity.ERROR,
    "{text} is not potentially trustworthy: write {written}",
    "check-if-an-origin-is-suitable",
)
NOT_SUITABLE = Rule(
    "REG026",
    "not-suitable",
    Severity.ERROR,
    "{text} is neither https nor http to this machine",
    "check-if-an-origin-is-suitable",
)
MORE_THAN_ORIGIN = Rule(
    "REG027",
    "more-than-an-origin",
    Severity.WARNING,
    "only the origin {origin} of {text} counts",
)
NOT_A_COORDINATOR = Rule(
    "REG028",
    "not-a-coordinator",
    Severity.ERROR,
    "{text} is no aggregation coordinator Chrome knows: write {default} or {other}",
    "parse-an-aggregation-coordinator",
)
MORE_THAN_SITE = Rule(
    "SRC001",
    "more-than-a-site",
    Severity.WARNING,
    "only the site {site} of {text} counts: all its sub-domains, ports and pages match",
    "parse-an-attribution-destination",
)
PUBLIC_SUFFIX = Rule(
    "SRC002",
    "public-suffix",
    Severity.WARNING,
    "{host} is a public suffix or a single label: sub-domains of it do not match",
    "parse-an-attribution-destination",
)

_HOST: Final = re.compile(
    r"(?P<host>localhost|(?:[\w-]{1,63}\.){1,20}[\w-]{2,63})\.?(?P<port>:[0-9]{1,5})?"
    r"(?:[/?#].*)?",
    re.DOTALL,
)
_LONGEST_BARE_HOST: Final = 2048


def destinations(reader: Reader, value: object, path: Path) -> tuple[str, ...]:
    """The sites a source is for, as Chrome keeps them: distinct and sorted.

    https://wicg.github.io/attribution-reporting-api/#parse-attribution-destinations
    """
    if isinstance(value, str):
        site = _destination(reader, value, path)
        return () if site is None else (site,)
    if value is ABSENT:
        reader.report(MISSING_FIELD, path, field="destination")
        return ()
    if not isinstance(value, list):
        reader.wrong_type(value, path, "string or list")
        return ()
    if not value:
        reader.report(EMPTY_LIST, path)
        return ()
    failures = reader.failures
    sites: set[str] = set()
    for index, entry in enumerate(value):
        if not isinstance(entry, str):
            reader.wrong_type(entry, (*path, index), "string")
            continue
        site = _destination(reader, entry, (*path, index))
        if site is None:
            continue
        if site in sites:
            reader.report(REPEATED_ENTRY, (*path, index), entry=site)
        sites.add(site)
    if len(sites) > MAX_DESTINATIONS and reader.failures == failures:
        reader.report(TOO_MANY, path, count=len(sites), maximum=MAX_DESTINATIONS)
    return tuple(sorted(sites))


def _destination(reader: Reader, text: str, path: Path) -> str | None:
    found = _suitable(reader, text, path)
    if found is None:
        return None
    if not found.is_bare_site:
        reader.report(MORE_THAN_SITE, path, site=found.site, text=text)
    if found.is_public_suffix:
        reader.report(PUBLIC_SUFFIX, path, host=found.site.partition("://")[2])
    return found.site


def coordinator(reader: Reader, value: object, path: Path) -> str:
    """The origin of the aggregation coordinator.

    https://wicg.github.io/attribution-reporting-api/#parse-an-aggregation-coordinator
    """
    default = AGGREGATION_COORDINATOR_ORIGINS[0]
    if value is ABSENT:
        return default
    if not isinstance(value, str):
        reader.wrong_type(value, path, "string")
        return default
    if value in AGGREGATION_COORDINATOR_ORIGINS:
        return value
    found = _suitable(reader, value, path)
    if found is None:
        return default
    # The reference warns of the path even where the origin is refused.
    if not found.is_bare_origin:
        reader.report(MORE_THAN_ORIGIN, path, origin=found.origin, text=value)
    if found.origin not in AGGREGATION_COORDINATOR_ORIGINS:
        _, other = AGGREGATION_COORDINATOR_ORIGINS
        reader.report(NOT_A_COORDINATOR, path, text=value, default=default, other=other)
    return found.origin


def _suitable(reader: Reader, text: str, path: Path) -> Place | None:
    found = suitable_place(text)
    if found is not None:
        return found
    written = completed_url(text)
    if written is not None:
        rule = HTTP_FOR_HTTPS if text[:5].lower() == "http:" else BARE_HOST
        reader.report(rule, path, text=text, written=written)
    else:
        reader.report(NOT_SUITABLE if is_absolute(text) else NOT_A_URL, path, text=text)
    return None


def completed_url(text: str) -> str | None:
    """The https URL somebody meant who wrote an http one, or a host without a scheme."""
    if len(text) > _LONGEST_BARE_HOST:
        return None
    if _HOST.fullmatch(text):
        written = f"https://{text}"
    elif text[:7].lower() == "http://":
        written = f"https://{text[7:]}"
    else:
        return None
    return written if suitable_place(written) is not None else None
