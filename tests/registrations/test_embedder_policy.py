"""Cross-Origin-Embedder-Policy, as Chromium 138 was measured to read it."""

from __future__ import annotations

import pytest

from ara_inspector.registrations.embedder_policy import requires_corp


@pytest.mark.parametrize(
    ("lines", "requires"),
    [
        (["require-corp"], True),
        (['require-corp; report-to="x"'], True),
        (['"require-corp"'], False),
        (["credentialless"], False),
        (["unsafe-none"], False),
        (["Require-Corp"], False),
        (["require-corp, require-corp"], False),
        (["require-corp", "unsafe-none"], False),
        (["(require-corp)"], False),
        (["require-corp;"], False),
        ([""], False),
    ],
)
def test_what_requires_a_policy_of_answers(lines: list[str], requires: bool) -> None:
    assert requires_corp(lines) is requires
