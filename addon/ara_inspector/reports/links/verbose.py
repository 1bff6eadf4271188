"""A verbose debug report to the registration the browser had just processed.

May live here: matching each kind of debug datum. A report is sent at once, so time counts; what
the datum says of source and trigger counts more.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from ara_inspector.findings import Verdict
from ara_inspector.registrations import Kind
from ara_inspector.reports.endpoints import ReportKind
from ara_inspector.reports.links.candidates import (
    before,
    is_prompt,
    site_agrees,
)
from ara_inspector.reports.links.values import Role
from ara_inspector.reports.links.weighing import Fit, best_link
from ara_inspector.reports.verbose_types import VERBOSE_TYPES, DebugSubject

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ara_inspector.reports.bodies import VerboseDatum
    from ara_inspector.reports.links.values import Known, Link
    from ara_inspector.spec.effective import Source, Trigger


def link_datum(datum: VerboseDatum, time: float | None, known: Sequence[Known]) -> tuple[Link, ...]:
    """The registration that caused a datum, and the source it names if a trigger caused it."""
    kind = VERBOSE_TYPES.get(datum.type or "")
    subject = kind.subject if kind is not None else _subject_by_name(datum.type or "")
    if subject is None:
        return ()
    earlier = before(known, time)
    cause = _cause(partial(FITS[subject], datum, time), earlier, time)
    if subject is DebugSubject.TRIGGER:
        return cause + link_named_source(datum, earlier)
    return cause


def _subject_by_name(name: str) -> DebugSubject | None:
    """What a type we do not know is about, by the manner in which they are named."""
    for subject in (DebugSubject.SOURCE, DebugSubject.TRIGGER):
        if name.startswith(f"{subject}-"):
            return subject
    return None


def _cause(
    fits_of: Callable[[list[Known]], list[Fit]], earlier: list[Known], time: float | None
) -> tuple[Link, ...]:
    """The best fit that no other report has taken, else one that registered again from a cache.

    Debug reports wait for nothing: where one fits in time, those long before do not count.
    """
    fits: list[Fit] = []
    for pool in ([each for each in earlier if is_prompt(each, time)], earlier):
        fits = fits_of(pool)
        fresh = [fit for fit in fits if ReportKind.VERBOSE not in fit.known.spent]
        link = best_link(fresh, Role.CAUSE, sure=True)
        if link is not None:
            return (link,)
    again = best_link(fits, Role.CAUSE, sure=False)
    return () if again is None else (again,)


def _rank(known: Known, time: float | None, agrees: bool | None) -> tuple[float, ...]:
    """Right site, a verdict that lets it report, at once, then the nearest in time."""
    distance = 0.0 if time is None else abs(time - known.moment)
    site = {True: 2.0, None: 1.0, False: 0.0}[agrees]
    told = known.verdict is not Verdict.IGNORED
    return site, float(told), float(is_prompt(known, time)), -distance


def _source_fits(datum: VerboseDatum, time: float | None, earlier: list[Known]) -> list[Fit]:
    fits = []
    for known in earlier:
        source = known.source
        if source is None or not _names(datum, source):
            continue
        agrees = None if datum.source_site is None else site_agrees(known, [datum.source_site])
        shared: tuple[str, ...] = ("reporting origin", "source_event_id", "attribution_destination")
        if source.debug_key is not None:
            shared += ("source_debug_key",)
        if agrees:
            shared += ("source site",)
        if is_prompt(known, time):
            shared += ("moment",)
        fits.append(Fit(known, shared, _rank(known, time, agrees)))
    return fits


def _names(datum: VerboseDatum, source: Source) -> bool:
    """Whether a datum about a source can be about this one."""
    return (
        datum.event_id == source.source_event_id
        and set(datum.destinations) == set(source.destination)
        and datum.source_debug_key in {None, source.debug_key}
        and source.debug_reporting
    )


def _trigger_fits(datum: VerboseDatum, time: float | None, earlier: list[Known]) -> list[Fit]:
    fits = []
    for known in earlier:
        trigger = known.trigger
        if trigger is None or not _possible(datum, trigger):
            continue
        agrees = site_agrees(known, datum.destinations)
        shared: tuple[str, ...] = ("reporting origin",)
        if agrees:
            shared += ("attribution_destination",)
        if _trigger_debug_key(datum) is not None:
            shared += ("trigger_debug_key",)
        if is_prompt(known, time):
            shared += ("moment",)
        fits.append(Fit(known, shared, _rank(known, time, agrees)))
    return fits


def _trigger_debug_key(datum: VerboseDatum) -> int | None:
    return datum.trigger_debug_key if datum.report is None else datum.report.trigger_debug_key


def _possible(datum: VerboseDatum, trigger: Trigger) -> bool:
    """Whether a trigger can have caused a datum: it wants reports, and has the part meant."""
    key = _trigger_debug_key(datum)
    if not trigger.debug_reporting or key not in {None, trigger.debug_key}:
        return False
    # A report inside shows both keys or none; everything else shows the trigger's.
    if datum.report is None and key != trigger.debug_key:
        return False
    name = datum.type or ""
    if name.startswith("trigger-event-"):
        return bool(trigger.event_trigger_data)
    if name.startswith("trigger-aggregate-"):
        return bool(trigger.aggregatable_trigger_data or trigger.aggregatable_values)
    return True


def link_named_source(datum: VerboseDatum, earlier: list[Known]) -> tuple[Link, ...]:
    """The source a datum about a trigger names, if it names one."""
    if datum.event_id is None:
        return ()
    key = datum.source_debug_key if datum.report is None else datum.report.source_debug_key
    fits = []
    for known in earlier:
        source = known.source
        if (
            source is None
            or source.source_event_id != datum.event_id
            or set(source.destination).isdisjoint(datum.destinations)
            or key not in {None, source.debug_key}
        ):
            continue
        agrees = None if datum.source_site is None else site_agrees(known, [datum.source_site])
        if agrees is False:
            continue
        shared: tuple[str, ...] = ("reporting origin", "source_event_id", "attribution_destination")
        if key is not None:
            shared += ("source_debug_key",)
        # The browser takes the highest priority, then the latest.
        rank = (float(agrees is not None), float(source.priority), known.moment)
        fits.append(Fit(known, shared, rank))
    link = best_link(fits, Role.SOURCE, sure=True)
    return () if link is None else (link,)


def _header_fits(datum: VerboseDatum, time: float | None, earlier: list[Known]) -> list[Fit]:
    fits = []
    for known in earlier:
        if known.kind.header.lower() != (datum.header or "").lower():
            continue
        if known.text != hash(datum.value):
            continue
        site = datum.context_site
        agrees = None if site is None else site_agrees(known, [site])
        shared = ("reporting origin", "header", "value")
        fits.append(Fit(known, shared, _rank(known, time, agrees)))
    return fits


def _os_fits(datum: VerboseDatum, time: float | None, earlier: list[Known]) -> list[Fit]:
    kind = Kind.OS_SOURCE if datum.type == "os-source-delegated" else Kind.OS_TRIGGER
    fits = []
    for known in earlier:
        if known.kind is kind and (datum.registration_url or "") in known.urls:
            site = datum.context_site
            agrees = None if site is None else site_agrees(known, [site])
            shared = ("reporting origin", "registration_url")
            fits.append(Fit(known, shared, _rank(known, time, agrees)))
    return fits


FITS: Final = {
    DebugSubject.SOURCE: _source_fits,
    DebugSubject.TRIGGER: _trigger_fits,
    DebugSubject.HEADER: _header_fits,
    DebugSubject.OS_SOURCE: _os_fits,
    DebugSubject.OS_TRIGGER: _os_fits,
}
