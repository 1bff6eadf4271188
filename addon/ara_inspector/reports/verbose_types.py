"""Every debug type the browser can report, and what it gives away.

May live here: the table of types, and what a type says by its name. The long text of each type is
its page under `rules/verbose/`; reading a report that carries one is `body_readers`' work.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ara_inspector.findings import Verdict
from ara_inspector.reports.endpoints import ReportKind

if TYPE_CHECKING:
    from collections.abc import Mapping


class DebugSubject(StrEnum):
    """What a debug type is about."""

    SOURCE = "source"
    TRIGGER = "trigger"
    OS_SOURCE = "os-source"
    OS_TRIGGER = "os-trigger"
    HEADER = "header"
    """Either kind of registration; the report names the header."""


class BodyForm(StrEnum):
    """Which fields the body of a verbose debug datum has."""

    SOURCE = "source"
    SOURCE_LIMIT = "source and limit"
    TRIGGER = "trigger"
    ATTRIBUTED = "trigger and source"
    ATTRIBUTED_LIMIT = "trigger, source and limit"
    NAMED_BUDGET = "trigger, source, limit and name"
    REPORT = "event-level report"
    HEADER_ERROR = "header"
    OS = "os"


class Because(StrEnum):
    """On what ground the browser did what a type tells."""

    HEADER = "header"
    """For what the header itself says."""
    STATE = "state"
    """For what the browser already holds: earlier registrations, limits, budgets."""
    CHANCE = "chance"
    """Noise."""
    PASSED = "passed"
    """Nothing stood in the way, as far as it tells."""


class VerboseType(Struct, frozen=True, gc=False, kw_only=True):
    """One debug type.

    `verdict` is what it proves about the registration's header: processed and valid, or not.
    `results` are the words Chrome's own tools use for the same outcome, `masks` those of
    outcomes it is sent for as well, on purpose indistinguishable. `reported` is false for types
    that only aggregatable debug reports can carry.
    """

    name: str
    subject: DebugSubject
    form: BodyForm
    meaning: str
    because: Because
    verdict: Verdict = Verdict.REGISTERED
    results: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    reported: bool = True


_incapable = partial(
    VerboseType,
    subject=DebugSubject.SOURCE,
    form=BodyForm.SOURCE_LIMIT,
    because=Because.HEADER,
    verdict=Verdict.REJECTED,
)
"""A source whose own header asks for too much."""
_refused = partial(
    VerboseType,
    subject=DebugSubject.SOURCE,
    form=BodyForm.SOURCE_LIMIT,
    because=Because.STATE,
)
"""A valid source that met a limit."""
_trigger = partial(VerboseType, subject=DebugSubject.TRIGGER)

_TYPES: Final = (
    VerboseType(
        name="source-success",
        subject=DebugSubject.SOURCE,
        form=BodyForm.SOURCE,
        because=Because.PASSED,
        results=("success",),
        masks=("destinationGlobalLimitReached", "excessiveReportingOrigins"),
        meaning="the source was stored, or dropped by one of two limits it must not reveal",
    ),
    VerboseType(
        name="source-noised",
        subject=DebugSubject.SOURCE,
        form=BodyForm.SOURCE,
        because=Because.CHANCE,
        results=("successNoised",),
        masks=("destinationGlobalLimitReached", "excessiveReportingOrigins"),
        meaning="the source was stored, but its event-level reports will be made up at random",
    ),
    VerboseType(
        name="source-unknown-error",
        subject=DebugSubject.SOURCE,
        form=BodyForm.SOURCE,
        because=Because.STATE,
        results=("internalError",),
        meaning="the browser could not store the source for a reason of its own",
    ),
    _incapable(
        name="source-channel-capacity-limit",
        results=("exceedsMaxChannelCapacity",),
        meaning="the source could carry more bits through its event-level reports than allowed",
    ),
    _incapable(
        name="source-scopes-channel-capacity-limit",
        results=("exceedsMaxScopesChannelCapacity",),
        meaning="the attribution scopes let the source carry more bits than allowed",
    ),
    _incapable(
        name="source-trigger-state-cardinality-limit",
        results=("exceedsMaxTriggerStateCardinality",),
        meaning="the source has more possible outputs than a browser counts",
    ),
    _incapable(
        name="source-max-event-states-limit",
        results=("exceedsMaxEventStatesLimit",),
        meaning="an event source with scopes has more outputs than its max_event_states",
    ),
    _refused(
        name="source-destination-limit",
        results=("insufficientUniqueDestinationCapacity",),
        meaning="unexpired sources of this source site and reporting site already cover as many "
        "destinations as allowed, with a higher destination_limit_priority",
    ),
    _refused(
        name="source-destination-rate-limit",
        results=("destinationReportingLimitReached", "destinationBothLimitsReached"),
        meaning="too many destinations for this source site and reporting site in a minute",
    ),
    _refused(
        name="source-destination-per-day-rate-limit",
        results=("destinationPerDayReportingLimitReached",),
        meaning="too many destinations for this source site and reporting site in a day",
    ),
    _refused(
        name="source-reporting-origin-per-site-limit",
        results=("reportingOriginsPerSiteLimitReached",),
        meaning="another origin of the same reporting site registered a source on this source site "
        "within a day",
    ),
    _refused(
        name="source-storage-limit",
        results=("insufficientSourceCapacity",),
        meaning="the source origin already has as many pending sources as a browser keeps",
    ),
    _refused(
        name="source-destination-global-rate-limit",
        results=("destinationGlobalLimitReached",),
        meaning="too many destinations for this source site in a minute, by all reporters",
        reported=False,
    ),
    _refused(
        name="source-reporting-origin-limit",
        results=("excessiveReportingOrigins",),
        meaning="too many reporting origins have sources for this source site and destination",
        reported=False,
    ),
    VerboseType(
        name="source-destination-limit-replaced",
        subject=DebugSubject.SOURCE,
        form=BodyForm.SOURCE,
        because=Because.PASSED,
        results=("success",),
        meaning="the source was stored, and older ones were dropped to keep the limit of "
        "destinations",
        reported=False,
    ),
    _trigger(
        name="trigger-no-matching-source",
        form=BodyForm.TRIGGER,
        because=Because.STATE,
        results=("noMatchingSources",),
        meaning="no unexpired source of this reporting origin has this destination",
    ),
    _trigger(
        name="trigger-no-matching-filter-data",
        form=BodyForm.ATTRIBUTED,
        because=Because.HEADER,
        results=("noMatchingSourceFilterData",),
        meaning="the top-level filters do not match the source that won",
    ),
    _trigger(
        name="trigger-reporting-origin-limit",
        form=BodyForm.ATTRIBUTED_LIMIT,
        because=Because.STATE,
        results=("excessiveReportingOrigins",),
        meaning="too many reporting origins attributed this source site and destination in 30 days",
    ),
    _trigger(
        name="trigger-unknown-error",
        form=BodyForm.ATTRIBUTED,
        because=Because.STATE,
        results=("internalError",),
        meaning="the browser could not attribute the trigger for a reason of its own",
    ),
    _trigger(
        name="trigger-event-noise",
        form=BodyForm.ATTRIBUTED,
        because=Because.CHANCE,
        results=("falselyAttributedSource", "neverAttributedSource"),
        meaning="the source answers at random, so its real event-level reports are not made",
    ),
    _trigger(
        name="trigger-event-no-matching-configurations",
        form=BodyForm.ATTRIBUTED,
        because=Because.HEADER,
        results=("noMatchingConfigurations",),
        meaning="no entry of event_trigger_data matches the source's filter data",
    ),
    _trigger(
        name="trigger-event-no-matching-trigger-data",
        form=BodyForm.ATTRIBUTED,
        because=Because.HEADER,
        results=("noMatchingTriggerData",),
        meaning="the entry's trigger_data is none of the source's",
    ),
    _trigger(
        name="trigger-event-deduplicated",
        form=BodyForm.ATTRIBUTED,
        because=Because.STATE,
        results=("deduplicated",),
        meaning="an earlier trigger already reported this deduplication_key for the source",
    ),
    _trigger(
        name="trigger-event-report-window-not-started",
        form=BodyForm.ATTRIBUTED,
        because=Because.STATE,
        results=("reportWindowNotStarted",),
        meaning="the trigger came before the source's event_report_windows begin",
    ),
    _trigger(
        name="trigger-event-report-window-passed",
        form=BodyForm.ATTRIBUTED,
        because=Because.STATE,
        results=("reportWindowPassed",),
        meaning="the trigger came after the source's last event-level report window",
    ),
    _trigger(
        name="trigger-event-low-priority",
        form=BodyForm.REPORT,
        because=Because.STATE,
        results=("priorityTooLow",),
        meaning="the source's reports are used up and all pending ones are at least as important",
    ),
    _trigger(
        name="trigger-event-excessive-reports",
        form=BodyForm.REPORT,
        because=Because.STATE,
        results=("excessiveReports",),
        meaning="the source's reports are used up, and none is pending in this window",
    ),
    _trigger(
        name="trigger-event-attributions-per-source-destination-limit",
        form=BodyForm.ATTRIBUTED_LIMIT,
        because=Because.STATE,
        results=("excessiveAttributions",),
        meaning="too many event-level attributions for this pair of sites in 30 days",
    ),
    _trigger(
        name="trigger-event-storage-limit",
        form=BodyForm.ATTRIBUTED_LIMIT,
        because=Because.STATE,
        results=("noCapacityForAttributionDestination",),
        meaning="as many event-level reports as a browser keeps are pending for this destination",
    ),
    _trigger(
        name="trigger-aggregate-no-contributions",
        form=BodyForm.ATTRIBUTED,
        because=Because.HEADER,
        results=("noHistograms",),
        meaning="no contribution came out: no key of aggregatable_values is a key of the source",
    ),
    _trigger(
        name="trigger-aggregate-deduplicated",
        form=BodyForm.ATTRIBUTED,
        because=Because.STATE,
        results=("deduplicated",),
        meaning="an earlier trigger already used this aggregatable deduplication key",
    ),
    _trigger(
        name="trigger-aggregate-report-window-passed",
        form=BodyForm.ATTRIBUTED,
        because=Because.STATE,
        results=("reportWindowPassed",),
        meaning="the trigger came after the source's aggregatable_report_window",
    ),
    _trigger(
        name="trigger-aggregate-insufficient-budget",
        form=BodyForm.ATTRIBUTED_LIMIT,
        because=Because.STATE,
        results=("insufficientBudget",),
        meaning="the contributions do not fit into what is left of the source's budget of 65536",
    ),
    _trigger(
        name="trigger-aggregate-insufficient-named-budget",
        form=BodyForm.NAMED_BUDGET,
        because=Because.STATE,
        results=("insufficientNamedBudget",),
        meaning="the contributions do not fit into what is left of the named budget",
    ),
    _trigger(
        name="trigger-aggregate-excessive-reports",
        form=BodyForm.ATTRIBUTED_LIMIT,
        because=Because.STATE,
        results=("excessiveReports",),
        meaning="the source has made as many aggregatable reports as allowed",
    ),
    _trigger(
        name="trigger-aggregate-attributions-per-source-destination-limit",
        form=BodyForm.ATTRIBUTED_LIMIT,
        because=Because.STATE,
        results=("excessiveAttributions",),
        meaning="too many aggregatable attributions for this pair of sites in 30 days",
    ),
    _trigger(
        name="trigger-aggregate-storage-limit",
        form=BodyForm.ATTRIBUTED_LIMIT,
        because=Because.STATE,
        results=("noCapacityForAttributionDestination",),
        meaning="as many aggregatable reports as a browser keeps are pending for this destination",
    ),
    VerboseType(
        name="header-parsing-error",
        subject=DebugSubject.HEADER,
        form=BodyForm.HEADER_ERROR,
        because=Because.HEADER,
        verdict=Verdict.REJECTED,
        meaning="the header cannot be read as a registration; Chrome does not say why",
    ),
    VerboseType(
        name="os-source-delegated",
        subject=DebugSubject.OS_SOURCE,
        form=BodyForm.OS,
        because=Because.PASSED,
        meaning="the source was handed to the operating system",
    ),
    VerboseType(
        name="os-trigger-delegated",
        subject=DebugSubject.OS_TRIGGER,
        form=BodyForm.OS,
        because=Because.PASSED,
        meaning="the trigger was handed to the operating system",
    ),
)

VERBOSE_TYPES: Final[Mapping[str, VerboseType]] = {known.name: known for known in _TYPES}
"""By name: https://wicg.github.io/attribution-reporting-api/#attribution-debug-data-header ."""

EVENT_LEVEL_KINDS: Final = (ReportKind.EVENT_LEVEL, ReportKind.DEBUG_EVENT_LEVEL)
AGGREGATABLE_KINDS: Final = (ReportKind.AGGREGATABLE, ReportKind.DEBUG_AGGREGATABLE)
ATTRIBUTION_KINDS: Final = EVENT_LEVEL_KINDS + AGGREGATABLE_KINDS
"""The reports that attributing a trigger can cause."""


def kinds_refused(name: str) -> tuple[ReportKind, ...]:
    """The kinds of reports a trigger does not cause after a debug datum of this type.

    Empty where the name does not tell the level it is about.
    """
    if name.startswith("trigger-event-"):
        return EVENT_LEVEL_KINDS
    if name.startswith("trigger-aggregate-"):
        return AGGREGATABLE_KINDS
    return ATTRIBUTION_KINDS if name.startswith("trigger-no-matching-") else ()
