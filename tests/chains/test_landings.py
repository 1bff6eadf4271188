"""Pages that move on by themselves."""

from __future__ import annotations

import pytest

from exchanges import findings

PAGE = "page https://pub.example/\n\n"
SOURCE = '< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}'
CLICK = f"click https://click.example/\n{SOURCE}\n\n"
REDIRECTED = (
    f"click https://click.example/\n< 302\n< Location: https://shop.example/\n{SOURCE}\n\n"
    "click https://shop.example/\n\n"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{CLICK}goto https://shop.example/", True),
        (f"{CLICK}link https://shop.example/", False),
        (f"{CLICK}goto https://shop.example/\n@ 20", False),
        (f"{CLICK}goto https://shop.example/\n> Referer:", False),
        (f"{CLICK}goto https://shop.example/\n> Referer: https://else.example/", False),
        (f"{CLICK}goto https://shop.example/\n> User-Agent: Chrome/141.0", False),
        (f"{CLICK}frame https://shop.example/", False),
        (f"{CLICK}click https://shop.example/\n> Sec-Fetch-User:", False),
        (f"{REDIRECTED}goto https://shop.example/next", True),
        (f"{REDIRECTED}goto https://x.example/\n> Referer: https://click.example/", False),
        ("link https://click.example/\n\ngoto https://shop.example/", False),
    ],
)
def test_moving_on_is_not_a_hop(text: str, told: bool) -> None:
    assert ("CHN013" in {finding.rule.code for finding in findings(PAGE + text)}) is told
