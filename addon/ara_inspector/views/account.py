"""One entry, or everything about one flow, told in full as plain text.

May live here: what the contentview and the console's `ara.flow` show. The short wordings come from
`words`; nothing is judged. All wire text is escaped; line ends are ours.
"""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Final

from ara_inspector.browser import BrowserAccount
from ara_inspector.chains import ActionCard, ChainCard, SilentHop
from ara_inspector.context import ContextNews
from ara_inspector.findings import printable
from ara_inspector.registrations import Registration
from ara_inspector.reports import Report
from ara_inspector.timeline import Note
from ara_inspector.views import words
from ara_inspector.views.document import registration_output, report_output
from ara_inspector.views.fates import STANDINGS, told_in_full
from ara_inspector.views.help_texts import sections_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ara_inspector.findings import Finding
    from ara_inspector.timeline import Entry

WIDTH: Final = 96
INDENT: Final = 4
"""Columns that what was sent stands further in than the rest."""
LABEL: Final = 18
"""Columns of a fact's name."""
RAW_SHOWN: Final = 20_000
"""Characters of a header or body that are shown."""
EXPLAINED: Final = ("What the browser does", "Use instead")
"""Sections of a rule's page that stand below a finding."""
OF_ONE_FLOW: Final = frozenset({"HDR", "JSN", "REG", "SRC", "TRG", "OSR", "ELG", "RPT"})
"""Families of the rules that look at headers and bodies; the others look at what is around."""


def flow_text(entries: Iterable[Entry], width: int = WIDTH + INDENT) -> str:
    """Everything about one flow: its registrations and reports, then chains, then user actions.

    Facts and what was sent are as wide as `width`; the sentences of findings are left to whoever
    shows them.
    """
    entries = list(entries)
    own = [entry for entry in entries if not isinstance(entry.about, ChainCard | ActionCard)]
    cards = [entry.about for entry in entries if isinstance(entry.about, ChainCard)]
    actions = [entry for entry in entries if isinstance(entry.about, ActionCard)]
    parts = [entry_text(entry, width) for entry in own]
    parts += ["\n".join((chain_text(card), *_findings(card.findings))) for card in cards]
    parts += [entry_text(entry, width) for entry in actions]
    return "\n\n".join(parts)


def entry_text(entry: Entry, width: int = WIDTH + INDENT) -> str:
    """One entry in full, each finding with its rule's help."""
    lines = [_headline(entry), *_body(entry, width), *_attribution(entry, width)]
    lines += _findings(entry.findings)
    lines += _payload(entry, width)
    return "\n".join(lines)


def alone_text(entries: Iterable[Entry]) -> str:
    """What a flow tells for certain, of entries that were made without what stands around it.

    Numbers, sites, chains, verdicts, fates and what reports go back to would be guesses.
    """
    width = WIDTH + INDENT
    told = (
        "\n".join([*_alone(entry, width), *_own_findings(entry), *_payload(entry, width)])
        for entry in entries
    )
    return "\n\n".join(filter(None, told))


def chain_text(card: ChainCard) -> str:
    """A chain as a line of hops with their flow ids."""
    lines = [f"CHAIN c{card.number}  {printable(card.totals)}"]
    for hop in card.hops:
        came = ", ".join(f"{r.kind} {r.verdict} (#{r.entry})" for r in hop.registrations)
        spent = "" if hop.milliseconds is None else f"  {hop.milliseconds:.0f} ms"
        where = words.host(hop.reporting_origin or hop.url)
        status = words.UNTOLD if hop.status is None else hop.status
        lines.append(f"  {hop.number}. {where}  {status}  {came or 'nothing'}{spent}")
        lines.append(f"     flow {printable(hop.flow_id)}")
    lines.append(f"  {printable(card.ended)}")
    return "\n".join(lines)


def _headline(entry: Entry) -> str:
    about = entry.about
    if isinstance(about, Registration):
        return (
            f"#{entry.number}  {words.verdict_of(about).upper()}  {words.what_of(about)}  "
            f"for {words.host(words.reporter_of(entry) or words.UNTOLD)}"
        )
    return f"#{entry.number}  {entry.kind.value.upper()}"


def _alone(entry: Entry, width: int) -> Iterator[str]:
    about = entry.about
    match about:
        case Registration():
            yield f"{words.what_of(about).upper()}  for {words.host(entry.reporting_origin or '')}"
        case SilentHop():
            yield "NOTHING REGISTERED"
            could = ", ".join(about.eligibility) or "nothing"
            yield from _fact(width, "eligible for", could)
        case Report():
            yield "REPORT"
            yield from _report(about, width)


def _own_findings(entry: Entry) -> Iterator[str]:
    """The findings that need nothing but the flow."""
    yield from _findings(f for f in entry.about.findings if f.rule.code[:3] in OF_ONE_FLOW)


def _body(entry: Entry, width: int) -> Iterator[str]:
    about = entry.about
    match about:
        case Registration():
            yield from _registration(about, width)
        case SilentHop():
            could = ", ".join(about.eligibility) or "nothing"
            yield from _fact(width, "nothing registered", f"could have been registered: {could}")
            yield from _fact(width, "chain", words.place_of(about.chain, about.hop))
        case Report():
            yield from _report(about, width)
            for link in entry.explanation.links if entry.explanation else ():
                yield from _fact(
                    width, link.role, f"#{link.entry}, {link.certainty}: {link.ground}"
                )
        case ContextNews():
            yield from _fact(width, "registration", f"#{about.entry}")
            yield from _fact(width, "proven site", words.host(about.proven))
            yield from _fact(width, "was taken for", words.host(about.inferred or words.UNTOLD))
        case BrowserAccount():
            yield from _fact(width, "browser", f"{about.name} {about.version or ''}".strip())
            yield from _fact(width, "API", about.sentence)
        case ChainCard():
            yield chain_text(about)
        case ActionCard():
            yield from _fact(width, "user action", about.sentence)
            yield from _fact(width, "flows", ", ".join(about.flow_ids))
        case Note():
            yield from _fact(width, "URL", about.url)


def _attribution(entry: Entry, width: int) -> Iterator[str]:
    """What a registration comes to and why, or where a report stands."""
    if entry.fate is not None:
        yield from ("", "  attribution:")
        yield from (f"    {line}" for line in told_in_full(entry.fate))
    if entry.standing is not None:
        of = ", ".join(f"#{number}" for number in entry.standing.registrations)
        yield from _fact(
            width, "ledger", STANDINGS[entry.standing.standing] + (of and f", of {of}")
        )


def _registration(about: Registration, width: int) -> Iterator[str]:
    yield from _fact(width, "because", f"{about.certainty}: {about.ground}")
    site = about.context_site
    yield from _fact(width, "site", f"{words.site_of(site)}  ({site.certainty}: {site.ground})")
    purpose = words.purpose_of(about)
    if purpose:
        yield from _fact(width, "for", purpose)
    yield from _fact(width, "request", about.request.value)
    could = "no Eligible header"
    if about.eligibility is not None:
        could = ", ".join(about.eligibility) or "nothing"
    yield from _fact(width, "eligible for", could)
    yield from _fact(width, "chain", words.place_of(about.chain, about.hop))
    if about.issue:
        yield from _fact(width, "DevTools issue", about.issue)


def _report(about: Report, width: int) -> Iterator[str]:
    delivery = about.delivery
    ended = filter(None, (delivery.outcome, delivery.status, delivery.error))
    yield from _fact(width, "report", f"{about.kind} to {words.host(about.reporting_origin)}")
    yield from _fact(width, "delivery", ", ".join(map(str, ended)))
    if delivery.location:
        yield from _fact(width, "redirected to", delivery.location)


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield from ("", *_finding(finding))


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  {finding.severity.value.upper()} {words.sentence_of(finding)}"
    sections = sections_of(finding.rule.code) or {}
    for title in EXPLAINED if sections else ():
        yield f"    {title}:"
        for line in sections[title].splitlines():
            if not line.startswith("```"):
                yield f"      {line}"
    yield f"    {finding.rule.url}"


def _payload(entry: Entry, width: int) -> Iterator[str]:
    about = entry.about
    if isinstance(about, Registration):
        effective = registration_output(about, entry.number).effective
        yield from ("", f"  {about.header}:", *_raw(about.raw, width))
        if effective is None:
            yield from ("", "  effective value: none, nothing is kept")
        else:
            yield from ("", "  effective value:", *_json(effective))
    elif isinstance(about, Report):
        body = report_output(about, entry.number).body
        decoded = ("", "  decoded:", *_json(body)) if body is not None else ()
        yield from ("", "  body:", *_raw(about.raw, width), *decoded)


def _raw(raw: str, width: int) -> list[str]:
    shown = printable(raw[:RAW_SHOWN])
    if len(raw) > RAW_SHOWN:
        shown += f"... ({len(raw):,} characters)"
    # Cut by length, not at blanks: what is shown must be what was sent.
    room = max(width - INDENT, 1)
    return [f"    {shown[at : at + room]}" for at in range(0, len(shown), room)] or ["    (empty)"]


def _json(value: object) -> list[str]:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return [f"    {printable(line)}" for line in text.splitlines()]


def _fact(width: int, name: str, text: str) -> list[str]:
    head = f"  {name:<{LABEL}}"
    return textwrap.wrap(
        printable(text),
        max(width - INDENT, len(head) + 1),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,
        break_long_words=False,
    ) or [head.rstrip()]
