"""A session with a secret in every place that a request, an answer or a report has."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from ara_inspector.checking.gate import FailOn, Gate
from ara_inspector.checking.inspection import Inspection
from ara_inspector.checking.redacting import redacting
from ara_inspector.checking.rendering import Check, Format, render
from ara_inspector.exchange import Exchange
from ara_inspector.session import Session
from ara_inspector.views.document import document
from ara_inspector.views.harmless import FIELDS
from ara_inspector.views.scenario_export import scenario_of
from ara_inspector.views.style import Style
from ara_inspector.views.table import TableLayout
from unpacked import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = "Attribution-Reporting-Register-Source"
TRIGGER = "Attribution-Reporting-Register-Trigger"
WELL_KNOWN = "https://ad.example/.well-known/attribution-reporting/"


class Secrets:
    """Words of small letters, each of them for one place, and where it was put."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        number = len(self.places)
        word = "secret" + "".join(chr(ord("a") + number // 26**n % 26) for n in range(4)) + "alice"
        self.places[word] = place
        return word

    def left_in(self, text: str) -> set[str]:
        """The places of the secrets in a text."""
        found = re.findall(r"secret[a-z]{4}alice", text.lower())
        return {self.places[word] for word in found}


def lines(headers: dict[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


class Traffic:
    """Makes the exchanges."""

    def __init__(self, secret: Callable[[str], str]) -> None:
        self.secret = secret
        self._number = 0

    def one(
        self, url: str, request: dict[str, str], answer: dict[str, str], **more: Any
    ) -> Exchange:
        self._number += 1
        started = 1_800_000_000.0 + self._number / 10
        given: dict[str, Any] = {
            "method": "GET", "status": 200, "started": started, "answered": started + 0.01,
        } | more  # fmt: skip
        return Exchange(
            flow_id=self.secret("flow id") if not self._number % 7 else f"flow-{self._number}",
            url=url,
            request_lines=lines(request),
            response_lines=lines(answer),
            **given,
        )

    def page(self, host: str, **answer: str) -> Exchange:
        path = f"{self.secret('page path')}?{self.secret('page query')}"
        request = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
        return self.one(f"https://{host}/{path}", request, {"content-type": "text/html"} | answer)

    def ad(self, host: str, answer: dict[str, str], **more: Any) -> Exchange:
        request = {
            "attribution-reporting-eligible": "event-source, trigger",
            "attribution-reporting-support": "web",
            "sec-fetch-dest": "image",
            "sec-fetch-mode": "no-cors",
            "referer": f"https://{host}/{self.secret('referer')}?{self.secret('referer query')}",
            "cookie": self.secret("cookie"),
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/138.0.0.0 Safari/537.36 {self.secret('user agent')}",
        } | more.pop("request", {})
        url = f"https://ad.example/{self.secret('path')}/{self.secret('path')}.gif"
        url += f"?{self.secret('query name')}={self.secret('query value')}"
        return self.one(url, request, {"set-cookie": self.secret("set-cookie")} | answer, **more)

    def header(self, name: str, value: object, host: str = "news.example", **more: Any) -> Exchange:
        text = value if isinstance(value, str) else json.dumps(value)
        return self.ad(host, {name: text}, **more)

    def report(self, end: str, body: object, **more: Any) -> Exchange:
        text = body if isinstance(body, str) else json.dumps(body)
        request = {
            "content-type": "application/json",
            "origin": f"https://{self.secret('report origin')}.example",
        }
        more = {"method": "POST", "request_body": text.encode()} | more
        return self.one(WELL_KNOWN + end, request, {}, **more)


def forms(secret: Callable[[str], str], place: str) -> Iterator[object]:
    """A secret as each kind of JSON."""
    yield secret(f"{place} as text")
    yield [secret(f"{place} in a list")]
    yield {secret(f"{place} as a name"): secret(f"{place} below a name")}
    yield {secret(f"{place} as a name"): [secret(f"{place} in a list below a name")]}
    yield [{secret(f"{place} as a name in a list"): "0x1"}]
    yield f"https://shop.example/{secret(f'{place} in a path')}?{secret(f'{place} in a query')}"
    yield f"two words {secret(f'{place} in a phrase')}, and more"


def good(secret: Callable[[str], str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A source and a trigger that are attributed."""
    key, named, budget = secret("key"), secret("filter"), secret("budget")
    value, scope = secret("filter value"), secret("scope")
    source = {
        "destination": "https://shop.example",
        "filter_data": {named: [value, secret("other filter value")]},
        "aggregation_keys": {key: "0x1", secret("unused key"): "0x2"},
        "named_budgets": {budget: 5},
        "attribution_scopes": {"limit": 3, "values": [scope]},
        "debug_reporting": True,
        "debug_key": "5",
    }
    trigger = {
        "filters": [{named: [value], secret("filter without data"): [secret("its value")]}],
        "not_filters": [{named: [secret("negated value")]}],
        "event_trigger_data": [{"filters": {named: [value]}, "deduplication_key": "7"}],
        "aggregatable_trigger_data": [{"source_keys": [key, secret("source key")]}],
        "aggregatable_values": [{"values": {key: 900}, "filters": {named: [value]}}],
        "named_budgets": [{"name": budget}],
        "attribution_scopes": [scope],
        "trigger_context_id": secret("context id"),
        "debug_reporting": True,
    }
    return source, trigger


def traffic(secret: Callable[[str], str]) -> Iterator[Exchange]:
    make = Traffic(secret)
    source, trigger = good(secret)
    shop = "shop.example"
    yield make.page("news.example")
    yield make.header(SOURCE, source)
    for name in sorted(FIELDS):
        for header in (SOURCE, TRIGGER):
            for form in forms(secret, name):
                yield make.header(header, {"destination": "https://shop.example", name: form})
    for broken in ("{0}", '{{"destination":"{0}', "{{destination:{0}}}", '"{0}"', '{{"a":1}} {0}'):
        yield make.header(SOURCE, broken.format(secret("broken header")))
    yield from structured(make, source)
    yield from chain(make, source)
    yield make.page(shop)
    yield make.header(TRIGGER, trigger, shop)
    yield make.header(TRIGGER, trigger, shop)
    yield make.header(TRIGGER, trigger | {"filters": [{"a": [secret("unmatched")]}]}, shop)
    yield from reports(make)
    yield make.page(
        "blocked.example",
        **{
            "permissions-policy": f'attribution-reporting=("https://{secret("policy")}.example")',
            "content-security-policy": f"img-src https://{secret('CSP')}.example/{secret('CSP')}",
        },
    )
    yield make.header(SOURCE, source, "blocked.example")


def structured(make: Traffic, source: dict[str, Any]) -> Iterator[Exchange]:
    """The headers that are no JSON, and those beside them."""
    secret = make.secret
    for kind in ("OS-Source", "OS-Trigger"):
        for text in (
            '"https://os.example/{0}?{0}={0}"', '"{0}"', "{0}", '"https://os.example/";{0}={0}',
            '"https://os.example/";debug-reporting={0}',
        ):  # fmt: skip
            name = f"Attribution-Reporting-Register-{kind}"
            yield make.header(name, text.format(secret(f"{kind} {text}")))
    for name in ("Eligible", "Support"):
        text = f"event-source, {secret(name)}={secret(f'{name} value')};{secret(f'{name} name')}=1"
        request = {f"attribution-reporting-{name.lower()}": text}
        yield make.header(SOURCE, source, request=request)
        yield make.header(SOURCE, source, request=dict.fromkeys(request, secret(f"all of {name}")))
    for name in ("Info", "Redirect", "Nothing", secret("header")):
        text = f"preferred-platform={secret(name)}, {secret(name)}"
        yield make.ad("news.example", {SOURCE: "{}", f"Attribution-Reporting-{name}": text})
    for name in ("access-control-allow-origin", "cross-origin-resource-policy", "content-type"):
        for mode in ("cors", "no-cors"):
            request = {"sec-fetch-mode": mode, "origin": "https://news.example"}
            yield make.ad("news.example", {SOURCE: "{}", name: secret(name)}, request=request)
    yield make.header(SOURCE, source, method=secret("method"))
    yield make.header(SOURCE, source, error=secret("error after the headers"))
    yield make.ad("news.example", {}, status=None, error=secret("error"))
    for end in ("https://{0}.example/", "http://ad.example/{0}?{0}", "/{0}", "{0}:{0}"):
        place = end.format(secret(f"redirect to {end}"))
        yield make.ad("news.example", {SOURCE: json.dumps(source), "location": place}, status=302)


def reports(make: Traffic) -> Iterator[Exchange]:
    """What a browser sends, and what it does not."""
    secret = make.secret
    for end in ("report-event-attribution", "report-aggregate-attribution", "debug/verbose"):
        for name in sorted(FIELDS):
            for form in forms(secret, f"report {name}"):
                body: object = {name: form, "attribution_destination": "https://shop.example"}
                if end == "debug/verbose":
                    body = [{"type": "source-success", "body": body}, {"type": form, "body": form}]
                yield make.report(end, body)
        yield make.report(end, secret("report that is no JSON"))
        yield make.report(end, {}, status=None, error=secret("report error"))
        yield make.report(end, {}, status=302)
    error = {"context_site": "https://news.example", "header": SOURCE}
    quoted = json.dumps({"filter_data": {secret("quoted name"): [secret("quoted value")]}})
    yield make.report(
        "debug/verbose", [{"type": "header-parsing-error", "body": error | {"value": quoted}}]
    )
    yield make.report(secret("report path"), {})


def chain(make: Traffic, source: dict[str, Any]) -> Iterator[Exchange]:
    """Two reporters, then a request that fails."""
    secret = make.secret
    second, third = (f"https://{name}.example/{secret('hop path')}" for name in ("two", "three"))
    answer = {SOURCE: json.dumps(source)}
    method = secret("method")
    yield make.ad("news.example", answer | {"location": second}, status=302, method=method)
    request = {
        "attribution-reporting-eligible": "event-source, trigger",
        "sec-fetch-dest": "image",
        "sec-fetch-mode": "no-cors",
        "referer": "https://news.example/",
    }
    more = {"status": 302, "method": method}
    yield make.one(second, request, answer | {"location": third}, **more)
    yield make.one(third, request, {}, status=None, error=secret("hop error"), method=method)


@cache
def poisoned() -> tuple[Secrets, Inspection]:
    secrets = Secrets()
    session = Session()
    for exchange in traffic(secrets):
        session.recorded(exchange)
    session.finish()
    return secrets, Inspection("capture", tuple(session.timeline), session.summary())


@cache
def safe() -> Inspection:
    (made,), _ = redacting([poisoned()[1]], b"a key")
    return made


@pytest.mark.parametrize("kind", Format)
def test_no_secret_is_left(kind: Format) -> None:
    check = Check([safe()], TableLayout(200, Style.PLAIN), Gate(FailOn.WARNING))
    text = render(check, kind)
    if kind is Format.HTML:
        text = "\n".join([text, *pieces(text)])
    assert poisoned()[0].left_in(text) == set()


def test_no_secret_is_left_in_a_scenario() -> None:
    assert poisoned()[0].left_in(json.dumps(scenario_of(safe()))) == set()


def test_the_secrets_are_there_to_be_found() -> None:
    secrets, plain = poisoned()
    found = secrets.left_in(json.dumps(document(plain)))
    assert len(found) > 700
    assert {"path", "page path", "filter value", "report origin"} <= found
    assert {"method", "hop error", "hop path", "error after the headers"} <= found


def test_what_it_is_about_stays() -> None:
    plain, redacted = poisoned()[1], safe()
    assert len(redacted.timeline) == len(plain.timeline)
    for was, now in zip(plain.timeline, redacted.timeline, strict=True):
        assert (now.kind, now.verdict, now.severity) == (was.kind, was.verdict, was.severity)
        assert now.reporting_origin == was.reporting_origin
        assert [each.rule for each in now.findings] == [each.rule for each in was.findings]
