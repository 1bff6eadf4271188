"""The browser's own account of what it registered, from DevTools events to a truth file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

from recording.answers import REPORT_PATH
from recording.scenario import Outcome, Scenario

if TYPE_CHECKING:
    from pathlib import Path

STORED = "Storage.attributionReporting"


class Witness:
    """Collects the events of one scenario.

    DevTools tells each page of a browser context about all registrations of that context, so
    registrations are heard in the first page's session only; issues belong to one page or frame.
    """

    def __init__(self, browser: str, session: str) -> None:
        self.browser = browser
        self.sources: list[dict[str, Any]] = []
        self.triggers: list[dict[str, Any]] = []
        self.reports_sent: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self._session = session

    def hear(self, method: str, params: dict[str, Any], session: str | None) -> None:
        """Take note of one DevTools event."""
        if method == "Audits.issueAdded":
            self._hear_issue(params["issue"]["details"])
        elif session != self._session:
            return
        elif method == f"{STORED}SourceRegistered":
            self.sources.append(_source(params["registration"], params["result"]))
        elif method == f"{STORED}TriggerRegistered":
            self.triggers.append(
                {
                    "event_level": params["eventLevel"],
                    "aggregatable": params["aggregatable"],
                    "registration": params["registration"],
                }
            )
        elif method == f"{STORED}ReportSent":
            self.reports_sent.append(params)

    def _hear_issue(self, details: dict[str, Any]) -> None:
        issue = details.get("attributionReportingIssueDetails")
        if issue is not None:
            self.issues.append(
                {
                    "type": issue["violationType"],
                    "url": issue.get("request", {}).get("url"),
                    "param": issue.get("invalidParameter"),
                }
            )

    def truth(self, scenario: Scenario, flows: Path) -> dict[str, Any]:
        """What goes beside the flow file."""
        return {
            "name": scenario.name,
            "browser": self.browser,
            "note": scenario.note,
            "sources": self.sources,
            "triggers": self.triggers,
            "reports_sent": self.reports_sent,
            "issues": self.issues,
            "reports_on_wire": reports_on_wire(flows),
        }


def outcome(truth: dict[str, Any]) -> Outcome:
    """The numbers of a truth file."""
    return Outcome(
        sources=len(truth["sources"]),
        triggers=len(truth["triggers"]),
        reports=len(truth["reports_on_wire"]),
        issues=len(truth["issues"]),
    )


def reports_on_wire(path: Path) -> list[dict[str, str]]:
    """Every report in a flow file, as it was posted."""
    with path.open("rb") as file:
        return [
            {"url": flow.request.pretty_url, "body": flow.request.get_text(strict=False) or ""}
            for flow in FlowReader(file).stream()
            if isinstance(flow, HTTPFlow)
            and flow.request.method == "POST"
            and flow.request.path.startswith(REPORT_PATH)
        ]


def _source(registration: dict[str, Any], result: str) -> dict[str, Any]:
    return {
        "type": registration["type"],
        "source_origin": registration["sourceOrigin"],
        "reporting_origin": registration["reportingOrigin"],
        "destinations": registration["destinationSites"],
        "event_id": registration["eventId"],
        "result": result,
    }
