from __future__ import annotations

import re

import pytest

from ara_inspector.views.pseudonyms import Pseudonyms

NUMBER = r"[1-9]\d{14}"
WORD = "redacted-[0-9a-f]{10}"


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
        ("https://a.example:1/pixel.gif", "https://a.example:1/pixel.gif"),
        ("https://u:p@a.example/x", f"https://{WORD}@a.example/x"),
        ("https://a.example/u/1234/x", f"https://a.example/u/{NUMBER}/x"),
        ("https://a.example?a=b&c=#f", rf"https://a.example\?a={WORD}&c="),
        ("https://a.example/?flag&12345=x", rf"https://a.example/\?{WORD}&{NUMBER}={WORD}"),
        ("no url but token123456", "no url but " + WORD),
    ],
)
def test_urls_keep_host_and_plain_path(pseudonyms: Pseudonyms, url: str, made: str) -> None:
    assert re.fullmatch(made, pseudonyms.url(url))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ('{"expiry":"604800","debug_key":"1"}', rf'{{"expiry":"604800","debug_key":"{NUMBER}"}}'),
        ('{"expiry": 604800, "x": [17, true]}', rf'{{"expiry": 604800, "x": \[{NUMBER}, true\]}}'),
        ('{"expiry":"secret words"}', rf'{{"expiry":"{WORD}"}}'),
        ('{"filter_data":{"expiry":["5"]}}', rf'{{"filter_data":{{"expiry":\["{NUMBER}"\]}}}}'),
        ('{"filters":{"_lookback_window":5}}', '{"filters":{"_lookback_window":5}}'),
        ('{"aggregatable_values":{"k":9}}', '{"aggregatable_values":{"k":9}}'),
        ('{"aggregatable_values":{"k":70000}}', rf'{{"aggregatable_values":{{"k":{NUMBER}}}}}'),
        ('{"source_keys":["k","k12345"]}', rf'{{"source_keys":\["k","{WORD}"\]}}'),
        ('{"x":"\\u0061bc"}', f'{{"x":"{WORD}"}}'),
        ('{"value":"{\\"x\\":\\"y\\"}"}', rf'{{"value":"{{\\"x\\":\\"{WORD}\\"}}"}}'),
        ('{"value":"{\\"debug_key\\":\\"12', rf'{{"value":"{{\\"debug_key\\":\\"{NUMBER}'),
        ('{"x":"abcd\\', rf'{{"x":"{WORD}\\'),
        ('}],"x":"y"', f'}}],"x":"{WORD}"'),
        ("not json secret99999", f"not json {WORD}"),
    ],
)
def test_headers_keep_their_form(pseudonyms: Pseudonyms, text: str, made: str) -> None:
    assert re.fullmatch(made, pseudonyms.header(text)), pseudonyms.header(text)


def test_sentences_lose_what_was_met_elsewhere(pseudonyms: Pseudonyms) -> None:
    pseudonyms.vocabulary.add("source")
    for value in ("alice", "two words", "abc", "source", "two words more"):
        pseudonyms.of(value)
    made = pseudonyms.text("source alice: abc, two words more! two words, two lines")
    assert re.fullmatch(f"source {WORD}: abc, {WORD}! {WORD}, two lines", made)
    assert not pseudonyms.is_known(1234)
    pseudonyms.number(1234)
    assert pseudonyms.is_known(1234)
