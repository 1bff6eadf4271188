"""The API's allowlist in Permissions-Policy."""

from __future__ import annotations

import pytest

from ara_inspector.registrations.policy import read_policy

OWN = "https://a.example"
OTHER = "https://b.example"


@pytest.mark.parametrize(
    ("lines", "itself", "other"),
    [
        (["attribution-reporting=()"], False, False),
        (["attribution-reporting=(self)"], True, False),
        (["attribution-reporting=self"], True, False),
        (["attribution-reporting=*"], True, True),
        (["attribution-reporting=(*)"], True, True),
        (['attribution-reporting=("https://b.example")'], False, True),
        (['attribution-reporting=(self "https://b.example/")'], True, True),
        (['attribution-reporting=(5 "https://c.example")'], False, False),
        (["geolocation=()"], True, True),
        (["geolocation=()", "attribution-reporting=()"], False, False),
        (["what?!"], True, True),
        ([], True, True),
    ],
)
def test_allowlist(lines: list[str], itself: bool, other: bool) -> None:
    allowlist = read_policy(lines)
    assert allowlist.allows(OWN, OWN) is itself
    assert allowlist.allows(OTHER, OWN) is other


def test_an_opaque_origin_is_nobody() -> None:
    assert not read_policy(["attribution-reporting=(self)"]).allows(None, None)
