"""Options of the test run: what is opt-in, and how shown outputs are brought up to date."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

# In CI the same examples every time: what lands does not hang on luck. New ones are looked for
# wherever people work, and many by `pytest tests/property --hypothesis-profile=long`.
# A slow or busy machine is no failure.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", patient, derandomize=True)
settings.register_profile("here", patient)
settings.register_profile("long", patient, max_examples=3_000)
settings.load_profile("ci" if "CI" in os.environ else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--browser", action="store_true", help="also run the tests that drive a real browser"
    )
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write outputs shown in README and in fixtures/golden anew instead of comparing",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    if not config.getoption("--browser"):
        reason = pytest.mark.skip(reason="drives a real browser: run with --browser")
        for item in items:
            if item.get_closest_marker("browser") is not None:
                item.add_marker(reason)
