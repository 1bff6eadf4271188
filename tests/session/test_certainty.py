"""How sure a fate is, where the scenarios of other tests cannot lead."""

from __future__ import annotations

from ara_inspector.attribution.fates import Agreement, SourceFate, Told
from ara_inspector.attribution.results import SourceResult
from ara_inspector.findings import Certainty
from ara_inspector.records import replace
from ara_inspector.registrations import Registration
from ara_inspector.session.certainty import weighed
from exchanges import watched

SOURCE = """
page https://pub.example/

ad https://r1.example/i
< Attribution-Reporting-Register-Source: {"destination": "https://shop.example"}
"""


def certainty(result: SourceResult, debug_type: str) -> Certainty:
    """Of a refused source, after a report of its own that agrees."""
    (entry,) = (each for each in watched(SOURCE).timeline if isinstance(each.fate, SourceFate))
    fate, about = entry.fate, entry.about
    assert isinstance(fate, SourceFate)
    assert isinstance(about, Registration)
    told = Told(Agreement.CONFIRMED, (debug_type,), Certainty.CERTAIN, "f", 9)
    refused = replace(fate, result=result, told=told)
    return weighed(refused, about, proven=False, noise=0).certainty


def test_a_report_proves_a_refusal_that_it_names() -> None:
    limit = SourceResult.INSUFFICIENT_SOURCE_CAPACITY
    assert certainty(limit, "source-storage-limit") is Certainty.CERTAIN


def test_a_report_of_success_proves_no_refusal_that_is_hidden_behind_it() -> None:
    for hidden in (
        SourceResult.DESTINATION_GLOBAL_LIMIT_REACHED,
        SourceResult.EXCESSIVE_REPORTING_ORIGINS,
    ):
        assert certainty(hidden, "source-success") is Certainty.LIKELY
