from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING

from ara_inspector.views import packing
from ara_inspector.views.packing import SHORT, Pack, batches

if TYPE_CHECKING:
    import pytest


def texts_of(pack: Pack) -> list[str]:
    return [gzip.decompress(base64.b64decode(line)).decode() for line in str(pack).split("\n")]


def test_a_piece_is_found_by_its_number() -> None:
    pack = Pack()
    assert [pack.put("first"), pack.put(""), pack.put("<third>\nline ☃")] == [0, 1, 2]
    assert texts_of(pack) == ["first", "", "<third>\nline ☃"]


def test_the_same_is_packed_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def packed(now: float) -> str:
        monkeypatch.setattr("time.time", lambda: now)
        pack = Pack()
        pack.put("text" * 1_000)
        return str(pack)

    assert packed(1.0) == packed(1_800_000_000.0)


def test_no_character_of_it_means_anything_to_a_browser() -> None:
    pack = Pack()
    for number in range(50):
        pack.put("<>&'\"" * number + "".join(map(chr, range(number, 600, 1 + number))))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n"
    assert set(str(pack)) <= set(alphabet)


def test_a_short_text_is_no_piece() -> None:
    pack = Pack()
    assert pack.part("x" * SHORT) == "x" * SHORT
    assert pack.part("y" * (SHORT + 1)) == 0
    assert texts_of(pack) == ["y" * (SHORT + 1)]


def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PIECE", 1_500)
    pack = Pack()
    text = "".join(map(str, range(1_200)))
    *numbers, rest = pack.cut(text)
    assert numbers == [0, 1]
    assert "".join([*texts_of(pack), str(rest)]) == text
    assert pack.cut("") == []


def test_texts_are_gathered_until_a_piece_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PIECE", 5)
    items = [(1, "aa"), (2, "bbb"), (3, "c"), (4, "dddddddd"), (5, "e")]
    assert list(batches(items)) == [([1, 2], "aa,bbb"), ([3, 4], "c,dddddddd"), ([5], "e")]
    assert list(batches(items[:2])) == [([1, 2], "aa,bbb")]
    assert list(batches([])) == []
