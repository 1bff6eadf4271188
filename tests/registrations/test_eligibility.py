"""The registrar rules, where no exchange shows them."""

from __future__ import annotations

import pytest

from ara_inspector.registrations import Kind
from ara_inspector.registrations.eligibility import choose_registrar
from ara_inspector.spec.support import Support

WEB, OS = Kind.TRIGGER, Kind.OS_TRIGGER


@pytest.mark.parametrize(
    ("given", "info", "support", "used", "codes"),
    [
        ({WEB}, None, None, WEB, {}),
        ({OS}, None, None, None, {OS: "RSP024"}),
        ({WEB}, None, Support(web=False, os=True), None, {WEB: "RSP026"}),
        ({OS}, None, Support(web=True, os=True), OS, {}),
        ({WEB, OS}, "preferred-platform=web", Support(web=False, os=True), OS, {WEB: "RSP026"}),
        ({WEB, OS}, "preferred-platform=web", Support(web=True, os=True), WEB, {OS: "RSP028"}),
        ({OS}, "preferred-platform=web", Support(web=True, os=True), None, {OS: "RSP020"}),
        ({WEB}, "preferred-platform=os", Support(web=True, os=True), None, {WEB: "RSP022"}),
        (set(), None, None, None, {}),
        ({Kind.SOURCE}, None, None, None, {}),
    ],
)
def test_registrar(
    given: set[Kind],
    info: str | None,
    support: Support | None,
    used: Kind | None,
    codes: dict[Kind, str],
) -> None:
    choice = choose_registrar(WEB, OS, given, info, support)
    assert choice.used is used
    assert {kind: finding.rule.code for kind, finding in choice.reasons.items()} == codes
