"""The case files of sources and triggers: what is found, and what is kept."""

from __future__ import annotations

import pytest

from ara_inspector.spec.headers import HeaderKind
from header_cases import Case, cases, check


@pytest.mark.parametrize("case", cases(HeaderKind.SOURCE, HeaderKind.TRIGGER), ids=str)
def test_case(case: Case) -> None:
    check(case)
