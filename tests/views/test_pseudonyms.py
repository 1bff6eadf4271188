from __future__ import annotations

import re

import pytest

from ara_inspector.views.pseudonyms import Pseudonyms

NUMBER = r"[1-9]\d{14}"
WORD = "redacted-[0-9a-f]{10}"
NAME = f'"{WORD}"'


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(b"key")


@pytest.mark.parametrize(
    ("value", "made"),
    [
        ("12", NUMBER),
        ("0012", NUMBER),
        ("0xAF", "0x[0-9a-f]+"),
        ("someone@example.test", WORD),
        ("9" * 50, WORD),
        ("", ""),
    ],
)
def test_a_value_keeps_its_form(pseudonyms: Pseudonyms, value: str, made: str) -> None:
    assert re.fullmatch(made, pseudonyms.of(value))
    assert pseudonyms.of(value) == pseudonyms.of(value)


def test_a_word_that_is_one_already_stays(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.of(pseudonyms.of("someone")) == pseudonyms.of("someone")


def test_a_number_is_the_same_as_text_and_as_hexadecimal(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.of("345") == str(pseudonyms.number(345))
    assert int(pseudonyms.of("0x159"), 16) == pseudonyms.number(345)


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://a.example/", "https://a.example/"),
        ("https://a.example:1/pixel.gif", f"https://a.example:1/{WORD}"),
        ("https://u:p@a.example/x", f"https://{WORD}@a.example/{WORD}"),
        ("https://a.example/u/1234//", f"https://a.example/{WORD}/{NUMBER}//"),
        ("https://a.example?a=b&c=#f", rf"https://a.example\?{WORD}={WORD}&{WORD}="),
        ("https://a.example/?flag&12345=x", rf"https://a.example/\?{WORD}&{NUMBER}={WORD}"),
        ("https://A.example/%61b", f"https://A.example/{WORD}"),
        ("https://b.example/", f"https://{WORD}/"),
        ("https://[::1]:8/", f"https://{WORD}/"),
        ("no url but token123456", WORD),
        ("mailto:alice@corp.example", f"mailto:{WORD}"),
        ("/path?user=alice", rf"/{WORD}\?{WORD}={WORD}"),
        ("http:/path/alice", f"http:/{WORD}/{WORD}"),
        ("redacted-path", WORD + "(?<!redacted-path)"),
    ],
)
def test_urls_keep_the_hosts_that_are_told(pseudonyms: Pseudonyms, url: str, made: str) -> None:
    pseudonyms.place("https://a.example")
    assert re.fullmatch(made, pseudonyms.url(url))


def test_only_pseudonyms_made_here_stand_as_they_are(pseudonyms: Pseudonyms) -> None:
    made = pseudonyms.of("alice")
    assert pseudonyms.of(made) == made
    assert pseudonyms.of("redacted-alice") != "redacted-alice"


@pytest.mark.parametrize(
    "path",
    [
        ("destination",),
        ("filters", 0, "source_type", 0),
        ("trigger_data_matching",),
        ("debug_data", 0, "types", 0),
    ],
)
def test_a_number_where_words_are_wanted_is_replaced(
    pseudonyms: Pseudonyms, path: tuple[str | int, ...]
) -> None:
    assert pseudonyms.leaf("5551234567", path) != "5551234567"


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("attribution-reporting/debug/verbose", "attribution-reporting/debug/verbose"),
        ("attribution-reporting/debug/alice", f"attribution-reporting/debug/{WORD}"),
        ("aggregation-service/v1/public-keys", "aggregation-service/v1/public-keys"),
        ("other/alice?debug", rf"{WORD}/{WORD}\?{WORD}"),
    ],
)
def test_the_paths_of_the_api_stay(pseudonyms: Pseudonyms, path: str, made: str) -> None:
    assert re.fullmatch(
        f"https://a.example/.well-known/{made}",
        pseudonyms.place(f"https://a.example/.well-known/{path}"),
    )
    assert re.fullmatch(f"/.well-known/{made}", pseudonyms.given(f"/.well-known/{path}"))
    assert "debug" not in pseudonyms.given("/debug/verbose")


def test_what_is_no_url_takes_no_part(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.place("alice12345") == pseudonyms.of("alice12345")


def test_a_value_met_decoded_is_the_same(pseudonyms: Pseudonyms) -> None:
    pseudonyms.place("https://a.example/%61lice%20b?q=alice+b")
    assert pseudonyms.text("it is alice b") == f"it is {pseudonyms.of('alice b')}"


def test_a_host_that_is_told_is_told_in_sentences(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.of("a.example").startswith("redacted-")
    assert "redacted-" in pseudonyms.text("seen on a.example")
    pseudonyms.place("https://a.example")
    pseudonyms.forget_hosts()
    assert pseudonyms.text("seen on a.example") == "seen on a.example"
    assert pseudonyms.of("A.example") == "A.example"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ('{"expiry":"604800","debug_key":"1"}', f'{{"expiry":"604800","debug_key":"{NUMBER}"}}'),
        ('{"expiry": 604800, "x": [17, true]}', f'{{"expiry": 604800, {NAME}: [{NUMBER}, true]}}'),
        ('{"expiry":"secret words"}', f'{{"expiry":"{WORD}"}}'),
        ('{"expiry":"secret"}', f'{{"expiry":"{WORD}"}}'),
        ('{"expiry":77123456789}', f'{{"expiry":{NUMBER}}}'),
        ('{"own":{"expiry":"9"}}', f'{{{NAME}:{{"expiry":"9"}}}}'),
        ('{"filter_data":{"expiry":["5"]}}', f'{{"filter_data":{{{NAME}:["{NUMBER}"]}}}}'),
        ('{"filters":{"_lookback_window":5}}', '{"filters":{"_lookback_window":5}}'),
        ('{"filters":[{"source_type":["event"]}]}', '{"filters":[{"source_type":["event"]}]}'),
        ('{"aggregatable_values":{"k":9}}', f'{{"aggregatable_values":{{{NAME}:9}}}}'),
        (
            '{"aggregatable_values":[{"values":{"value":{"value":9,"filtering_id":"3"}}}]}',
            (
                f'{{"aggregatable_values":[{{"values":{{{NAME}:'
                f'{{"value":9,"filtering_id":"{NUMBER}"}}}}}}]}}'
            ),
        ),
        ('{"aggregatable_values":{"k":70000}}', f'{{"aggregatable_values":{{{NAME}:{NUMBER}}}}}'),
        ('{"named_budgets":{"b":9}}', f'{{"named_budgets":{{{NAME}:9}}}}'),
        ('{"named_budgets":[{"name":"9"}]}', f'{{"named_budgets":[{{"name":"{NUMBER}"}}]}}'),
        (
            '{"attribution_scopes":{"limit":3,"values":["9"]}}',
            f'{{"attribution_scopes":{{"limit":3,"values":["{NUMBER}"]}}}}',
        ),
        ('{"source_keys":["k","k12345"]}', f'{{"source_keys":["{WORD}","{WORD}"]}}'),
        ('{"x":"\\u0061bc"}', f'{{{NAME}:"{WORD}"}}'),
        ('{"value":"{\\"x\\":\\"y\\"}"}', f'{{"value":"{{\\"{WORD}\\":\\"{WORD}\\"}}"}}'),
        ('{"value":"{\\"debug_key\\":\\"12', f'{{"value":"{{\\"debug_key\\":\\"{NUMBER}'),
        ('{"x":"abcd\\', f'{{{NAME}:"{WORD}\\'),
        ('}],"x":"y"', f'}}],{NAME}:"{WORD}"'),
        ("{destination:https://a.example/x}", f"{{{WORD}:https://a.example/{WORD}}}"),
        ("event-source, trigger;x=y, (a", f"event-source, trigger;{WORD}={WORD}, ({WORD}"),
        ("not json secret99999", f"{WORD} {WORD} {WORD}"),
        ('{"expiry":"\\u12","filter_data":{"\\x', f'{{"expiry":"{WORD}","filter_data":{{"{WORD}'),
    ],
)
def test_headers_keep_their_form(pseudonyms: Pseudonyms, text: str, made: str) -> None:
    pseudonyms.place("https://a.example")
    shown = re.sub(WORD, "WORD", re.sub(rf"\b{NUMBER}\b", "NUMBER", pseudonyms.header(text)))
    assert shown == made.replace(WORD, "WORD").replace(NUMBER, "NUMBER")


def test_what_is_nested_too_deep_is_no_word_of_the_api(pseudonyms: Pseudonyms) -> None:
    depth = 100_000
    text = '{"expiry":' * depth + '"5"' + "}" * depth
    made = pseudonyms.header(text)
    assert re.search(f'"expiry":"{NUMBER}"', made)
    assert made.count('"expiry":') == depth


def test_sentences_lose_what_was_met_elsewhere(pseudonyms: Pseudonyms) -> None:
    pseudonyms.vocabulary.add("source")
    for value in ("alice", "two words", "abc", "source", "two words more"):
        pseudonyms.of(value)
    made = pseudonyms.text("source alice: abc, two words more! two words, two lines")
    assert re.fullmatch(f"source {WORD}: abc, {WORD}! {WORD}, two lines", made)
    assert not pseudonyms.is_known(1234)
    pseudonyms.number(1234)
    assert pseudonyms.is_known(1234)
