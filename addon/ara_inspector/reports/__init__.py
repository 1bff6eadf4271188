"""The browser's own requests: reports it sends, keys it fetches, and what caused each.

May live here: the names other stages use. `endpoints` tells a report by its address, `report`
reads one, `bodies` holds what it says, `verbose_types` what its debug types mean, `links` ties
it to registrations.
"""

from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.reports.report import Delivery, Outcome, Report, read_report
from ara_inspector.reports.verbose_types import VERBOSE_TYPES, VerboseType

__all__ = [
    "VERBOSE_TYPES",
    "Delivery",
    "Outcome",
    "Report",
    "ReportKind",
    "VerboseType",
    "read_report",
]
