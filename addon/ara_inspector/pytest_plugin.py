"""The fixture `ara_capture`, for tests about recordings that lie beside them.

May live here: the fixture. It is no entry point: pytest would load it in every run of whoever
has the inspector installed. A project that wants it says so in its top `conftest.py`:

    pytest_plugins = ["ara_inspector.pytest_plugin"]
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from ara_inspector.testing import inspect

if TYPE_CHECKING:
    from collections.abc import Callable

    from ara_inspector.testing import Capture


@pytest.fixture
def ara_capture(request: pytest.FixtureRequest) -> Callable[[str], Capture]:
    """Goes through a recording whose path is relative to the test's file.

    The timeline is printed: pytest shows it where the test fails.
    """

    def load(name: str) -> Capture:
        capture = inspect(request.path.parent / name)
        sys.stdout.write(f"{name}\n{capture}")
        return capture

    return load
