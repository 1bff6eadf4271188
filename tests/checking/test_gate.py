from __future__ import annotations

import pytest

from ara_inspector.checking.baseline import fingerprint
from ara_inspector.checking.gate import FailOn, Gate
from exchanges import entries

TRAFFIC = """
ad https://a.example/
< Attribution-Reporting-Register-Source: {"destination":7}

ad https://b.example/
< Attribution-Reporting-Register-Source: {"destination":"https://shop.example","expiry":"1"}
"""


@pytest.mark.parametrize(
    ("fail_on", "severities"),
    [
        (FailOn.ERROR, {"error"}),
        (FailOn.WARNING, {"error", "warning"}),
        (FailOn.NEVER, set()),
    ],
)
def test_what_fails(fail_on: FailOn, severities: set[str]) -> None:
    failing = Gate(fail_on).failures(entries(TRAFFIC))
    assert {finding.severity.value for _, finding in failing} == severities


def test_what_is_known_does_not_fail() -> None:
    names = {fingerprint(e, f) for e in entries(TRAFFIC) for f in e.findings}
    gate = Gate(FailOn.WARNING, frozenset(names))
    assert not list(gate.failures(entries(TRAFFIC)))
    assert not Gate().is_known(*next(Gate().failures(entries(TRAFFIC))))
