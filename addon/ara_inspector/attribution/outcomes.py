"""What can be told about the fate of a source or trigger: the ATT rules.

May live here: the rules only; `outcome_findings` says which result each is told for. Refusals
a header shows by itself (channel capacity, event states) have their rules in `spec`.
"""

from __future__ import annotations

from ara_inspector.findings import Rule, Severity

SOURCE_NOISED = Rule(
    "ATT001",
    "source-noised",
    Severity.WARNING,
    "the browser answers at random for this source: its event-level reports are invented",
    "obtain-a-randomized-source-response",
)
SOURCE_STORAGE_FULL = Rule(
    "ATT002",
    "source-storage-full",
    Severity.ERROR,
    "not stored: the page's origin has {given} stored sources already; the limit is {wanted}",
    "max-pending-sources-per-source-origin",
)
UNEXPIRED_DESTINATIONS = Rule(
    "ATT003",
    "unexpired-destination-limit",
    Severity.ERROR,
    "not stored: with it, unexpired sources of this page and reporting site would cover {given} "
    "destinations; the limit is {wanted}, and its destination_limit_priority is too low to push "
    "others out",
    "max-destinations-covered-by-unexpired-sources",
)
SOURCE_REPORTING_ORIGINS = Rule(
    "ATT004",
    "source-reporting-origin-limit",
    Severity.ERROR,
    "not stored: it would be reporting origin number {given} for this page and destination "
    "within 30 days; the limit is {wanted}; debug reports say success",
    "max-source-reporting-origins-per-rate-limit-window",
)
DESTINATIONS_PER_MINUTE = Rule(
    "ATT005",
    "destinations-per-minute",
    Severity.ERROR,
    "not stored: {given} destinations of this page and reporting site within a minute; the limit "
    "is {wanted}",
    "destination-rate-limit-window",
)
DESTINATIONS_PER_MINUTE_TOTAL = Rule(
    "ATT006",
    "destinations-per-minute-over-all-sites",
    Severity.ERROR,
    "not stored: {given} destinations of this page within a minute over all reporting sites; the "
    "limit is {wanted}; debug reports say success",
    "max-destinations-per-rate-limit-window",
)
DESTINATIONS_PER_DAY = Rule(
    "ATT007",
    "destinations-per-day",
    Severity.ERROR,
    "not stored: {given} destinations of this page and reporting site within a day; the limit is "
    "{wanted}",
    "max-destinations-per-source-reporting-site-per-day",
)
SECOND_REPORTING_ORIGIN = Rule(
    "ATT008",
    "second-reporting-origin",
    Severity.ERROR,
    "not stored: {other} of the same reporting site registered on this page's site within a day",
    "max-source-reporting-origins-per-source-reporting-site",
)
SOURCES_DELETED = Rule(
    "ATT010",
    "other-sources-deleted",
    Severity.NOTE,
    "the browser deletes {count} other stored {sources} of this reporting origin and destination",
    "trigger-attribution",
)
SOURCES_REMOVED_BY_SCOPES = Rule(
    "ATT011",
    "sources-removed-by-scopes",
    Severity.NOTE,
    "its attribution scopes remove {count} stored {sources}",
    "remove-or-update-sources-for-attribution-scopes",
)
SOURCES_PUSHED_OUT = Rule(
    "ATT012",
    "sources-pushed-out",
    Severity.WARNING,
    "its destinations push out {count} stored {sources}: too many would be covered",
    "delete-sources-for-unexpired-destination-limit",
)
NOTHING_TO_REPORT = Rule(
    "ATT020",
    "nothing-to-report",
    Severity.WARNING,
    "the trigger has neither event_trigger_data nor aggregatable data: the browser does nothing",
    "trigger-attribution",
)
NO_MATCHING_SOURCE = Rule(
    "ATT021",
    "no-matching-source",
    Severity.WARNING,
    "no stored source of {reporting_origin} for {destination} matches",
    "find-matching-sources",
)
FILTERS_DO_NOT_MATCH = Rule(
    "ATT022",
    "filters-do-not-match",
    Severity.WARNING,
    "the chosen source's filter data does not match the trigger's top-level filters: {mismatch}",
    "trigger-attribution",
)
ATTRIBUTION_LIMIT = Rule(
    "ATT023",
    "attribution-limit",
    Severity.WARNING,
    "no {level} report: {given} attributions for this page, destination and reporting site "
    "within 30 days; the limit is {wanted}",
    "max-attributions-per-rate-limit-window",
)
ATTRIBUTION_REPORTING_ORIGINS = Rule(
    "ATT024",
    "attribution-reporting-origin-limit",
    Severity.WARNING,
    "no {level} report: it would be reporting origin number {given} for this page and "
    "destination within 30 days; the limit is {wanted}",
    "max-attribution-reporting-origins-per-rate-limit-window",
)
REPORT_STORAGE_FULL = Rule(
    "ATT025",
    "report-storage-full",
    Severity.WARNING,
    "no {level} report: {given} reports for the destination are pending; the limit is {wanted}",
    "max-event-level-reports-per-attribution-destination",
)
EVENT_NOISE = Rule(
    "ATT030",
    "event-level-noise",
    Severity.WARNING,
    "no real event-level report: the browser answered at random for the source",
    "trigger-event-level-attribution",
)
NO_MATCHING_CONFIGURATION = Rule(
    "ATT031",
    "no-matching-event-configuration",
    Severity.WARNING,
    "no event-level report: the filters of no event_trigger_data entry match ({tried} tried)",
    "trigger-event-level-attribution",
)
EVENT_DEDUPLICATED = Rule(
    "ATT032",
    "event-level-deduplicated",
    Severity.NOTE,
    "no event-level report: the source has had one with deduplication key {key}",
    "trigger-event-level-attribution",
)
NO_MATCHING_TRIGGER_DATA = Rule(
    "ATT033",
    "no-matching-trigger-data",
    Severity.WARNING,
    "no event-level report: the source does not have trigger data {given}",
    "find-matching-trigger-data",
)
EVENT_WINDOW_NOT_STARTED = Rule(
    "ATT034",
    "event-report-window-not-started",
    Severity.WARNING,
    "no event-level report: {given} s after the source, and the first window begins at {wanted} s",
    "trigger-event-level-attribution",
)
EVENT_WINDOW_PASSED = Rule(
    "ATT035",
    "event-report-window-passed",
    Severity.WARNING,
    "no event-level report: {given} s after the source, and the last window ends at {wanted} s",
    "trigger-event-level-attribution",
)
EVENT_REPORTS_USED_UP = Rule(
    "ATT036",
    "event-level-reports-used-up",
    Severity.NOTE,
    "no event-level report: {given} of {wanted} are made, and none of them can be replaced",
    "maybe-replace-event-level-report",
)
PRIORITY_TOO_LOW = Rule(
    "ATT037",
    "event-level-priority-too-low",
    Severity.NOTE,
    "no event-level report: all are made, and the priority {given} is not above {wanted}, the "
    "lowest among them",
    "maybe-replace-event-level-report",
)
REPORT_REPLACED = Rule(
    "ATT038",
    "event-level-report-replaced",
    Severity.NOTE,
    "its event-level report takes the place of a pending one of lower priority",
    "maybe-replace-event-level-report",
)
AGGREGATABLE_WINDOW_PASSED = Rule(
    "ATT040",
    "aggregatable-report-window-passed",
    Severity.WARNING,
    "no aggregatable report: {given} s after the source, and its window ends at {wanted} s",
    "trigger-aggregatable-attribution",
)
AGGREGATABLE_DEDUPLICATED = Rule(
    "ATT041",
    "aggregatable-deduplicated",
    Severity.NOTE,
    "no aggregatable report: the source has had one with deduplication key {key}",
    "trigger-aggregatable-attribution",
)
NO_CONTRIBUTIONS = Rule(
    "ATT042",
    "no-contributions",
    Severity.WARNING,
    "no aggregatable report: no value is given for a key of the source ({keys})",
    "create-aggregatable-contributions",
)
AGGREGATABLE_REPORTS_USED_UP = Rule(
    "ATT043",
    "aggregatable-reports-used-up",
    Severity.WARNING,
    "no aggregatable report: the source has made {given}; the limit is {wanted}",
    "max-aggregatable-reports-per-source",
)
BUDGET_USED_UP = Rule(
    "ATT044",
    "aggregatable-budget-used-up",
    Severity.WARNING,
    "no aggregatable report: it needs {wanted} of the source's budget, and {given} are left",
    "check-if-an-attribution-source-can-create-aggregatable-contributions",
)
NAMED_BUDGET_USED_UP = Rule(
    "ATT045",
    "named-budget-used-up",
    Severity.WARNING,
    "no aggregatable report: it needs {wanted} of the budget {name}, and {given} are left",
    "check-if-an-attribution-source-can-create-aggregatable-contributions-for-matched-budget-name",
)
NEXT_WILL_NOT_FIT = Rule(
    "ATT046",
    "next-report-will-not-fit",
    Severity.NOTE,
    "it took {required} of the source's aggregatable budget, {left} are left: the next one like "
    "it gets no report",
    "check-if-an-attribution-source-can-create-aggregatable-contributions",
)
