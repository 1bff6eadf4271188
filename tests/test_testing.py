"""Assertions on a capture, and the fixture as a user's own pytest run sees it."""

from __future__ import annotations

import os
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

from ara_inspector import testing
from ara_inspector.checking.tables import ExpectationError
from ara_inspector.flows import CaptureError
from ara_inspector.testing import Capture, inspect

ROOT = Path(__file__).parents[1]
FLOWS = ROOT / "fixtures" / "flows"
CHAIN = FLOWS / "chain_of_three_reporters.flows"


@pytest.fixture(scope="module")
def session() -> Capture:
    return inspect(FLOWS / "realistic_session.flows")


def test_three_lines() -> None:
    capture = inspect(CHAIN)
    capture.assert_registers(kind="source", count=3)
    capture.assert_clean()


def test_help_is_there() -> None:
    assert "assert_registers" in pydoc.plain(pydoc.render_doc(testing))


def test_what_a_capture_holds(session: Capture) -> None:
    assert len(session.registrations) == 12
    assert {report.kind.value for report in session.reports} > {"event-level", "verbose"}
    assert "SRC004" in {finding.rule.code for finding in session.findings}
    assert str(session).startswith("Attribution Reporting timeline\n")


def test_what_is_not_registered_fails_with_what_comes_closest(session: Capture) -> None:
    with pytest.raises(AssertionError) as error:
        session.assert_registers(
            name="the click",
            source_type="navigation",
            reporting_origins=["https://px.cinder.example", "https://go.relay.example"],
        )
    assert str(error.value).startswith(
        f'{FLOWS / "realistic_session.flows"}: "the click": at least 1 registration expected, '
        "0 found\n"
        "  - source_type = navigation\n"
        "  - verdict = registered (unless said otherwise)\n"
        "  - reporting_origin = https://go.relay.example\n"
        "  + #"
    )


def test_reports(session: Capture) -> None:
    session.assert_reports(kind="event-level", reporting_origin="https://v.orbit.example")
    with pytest.raises(AssertionError, match="exactly 0 reports expected"):
        session.assert_reports(kind="event-level", count=0)


def test_what_is_attributed_in_one_line(session: Capture) -> None:
    session.assert_attributed(count=3)
    session.assert_attributed(
        site="https://runfast.example",
        reporting_origin="https://track.bright.example",
        event_level="attributed",
        aggregatable="attributed",
        source={"site": "https://gazette.example", "source_type": "navigation"},
    )
    session.assert_attributed(
        reporting_origin="https://pixel.cinder.example", result="no matching sources", count=1
    )
    session.assert_registers(kind="source", result="stored", count=7)
    with pytest.raises(AssertionError, match=r"\+ #34 result = event-level noMatchingSources,"):
        session.assert_attributed(reporting_origin="https://pixel.cinder.example")


def test_reports_that_are_expected(session: Capture) -> None:
    session.assert_reports(kind="event-level", standing="expected", count=3)
    session.assert_reports(standing="overdue", count=0)
    with pytest.raises(ExpectationError, match=r"^assert_reports standing: 'late' is not known"):
        session.assert_reports(standing="late")


def test_what_becomes_of_a_source_is_not_asked_of_a_trigger(session: Capture) -> None:
    with pytest.raises(ExpectationError, match=r"^assert_attributed result: 'stored' is nothing"):
        session.assert_attributed(result="stored")


def test_findings(session: Capture) -> None:
    with pytest.raises(
        AssertionError, match=r"session\.flows: findings:\n  \+ #\d+ RSP029 .*\n  \+ #\d+ REG010"
    ):
        session.assert_clean()
    session.assert_clean(ignore=["RSP029", "REG010"])
    session.assert_clean(ignore=["rsp", "number-for-string"])
    with pytest.raises(ValueError, match="no rule's code begins with 'NOPE'"):
        session.assert_clean(ignore=["NOPE"])
    with pytest.raises(AssertionError, match="SRC004"):
        session.assert_clean("warning", ignore=["RSP029", "REG010"])


def test_a_file_of_expectations(session: Capture, tmp_path: Path) -> None:
    path = tmp_path / "expected.toml"
    path.write_text('[[registrations]]\nverdict = "rejected"\ncount = 1\n')
    session.assert_expected(path)
    with pytest.raises(AssertionError, match="exactly 1 registration expected, 0 found"):
        inspect(CHAIN).assert_expected(path)
    written = tmp_path / "expected.yaml"
    written.write_text("registrations:\n  - verdict: rejected\n    count: 1\n")
    session.assert_expected(written)
    with pytest.raises(AssertionError, match="exactly 1 registration expected, 0 found"):
        inspect(CHAIN).assert_expected(written)


def test_a_misspelt_key_is_no_failed_expectation(session: Capture) -> None:
    with pytest.raises(ExpectationError, match="assert_registers: 'origin' is not known"):
        session.assert_registers(origin="https://a.example")


def test_half_a_capture_is_none(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.flows"
    damaged.write_bytes(CHAIN.read_bytes()[:-100])
    with pytest.raises(CaptureError, match="damaged after flow"):
        inspect(damaged)


USER_TEST = """
def test_good(ara_capture):
    ara_capture("run.flows").assert_registers(kind="source", count=3)

def test_bad(ara_capture):
    ara_capture("run.flows").assert_attributed(site="https://shop.example")
"""


def test_the_fixture_in_a_project_that_asked_for_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["ara_inspector.pytest_plugin"]\n')
    (tmp_path / "test_user.py").write_text(USER_TEST)
    (tmp_path / "run.flows").write_bytes(CHAIN.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        check=False,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "addon")},
    )
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "run.flows: at least 1 registration expected, 0 found" in done.stdout
    assert "Attribution Reporting timeline" in done.stdout
    # The way into our own code is of no interest to the user.
    assert "testing.py" not in done.stdout
