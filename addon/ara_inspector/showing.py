"""What of the timeline is shown beside mitmproxy, and how: the options for it.

May live here: declaring and reading `ara_filter`, `ara_ignore`, `ara_group_by` and `ara_time`.
What is filtered out is not printed, not written to `ara_timeline` and fails nothing; the page
and the marks of flows have filters of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mitmproxy import ctx, exceptions

from ara_inspector import rules
from ara_inspector.views.grouping import GroupBy
from ara_inspector.views.selection import FilterError, Selection, read_typed_filter
from ara_inspector.views.table import TableLayout

if TYPE_CHECKING:
    from mitmproxy.addonmanager import Loader

    from ara_inspector.views.style import Style
    from ara_inspector.views.told import Excerpt, Told

TIMES: Final = ("relative", "absolute")


class Showing:
    """The options, read and checked: mitmproxy itself does not enforce choices."""

    name = "attribution-showing"

    def __init__(self) -> None:
        self.selection = Selection()
        self._group_by = GroupBy.ORIGIN

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        loader.add_option(
            "ara_filter",
            str,
            "",
            "Show only these entries, and write only them to ara_timeline and count only them for "
            "ara_fail_on: terms such as kind:source verdict:rejected,ignored -code:SRC012 "
            "origin:adtech.example site:news.example severity:warning text.",
        )
        loader.add_option(
            "ara_ignore",
            Sequence[str],
            [],
            "Leave out the findings of these rules: codes, names or beginnings of codes (REG), "
            "also several with commas. May be given more than once.",
        )
        loader.add_option(
            "ara_group_by",
            str,
            GroupBy.ORIGIN.value,
            "Divide the timeline's tables by reporting origin, site, page or chain.",
            choices=[each.value for each in GroupBy],
        )
        loader.add_option(
            "ara_time",
            str,
            TIMES[0],
            "Tell times in the tables relative to the first entry, or absolute.",
            choices=TIMES,
        )

    def configure(self, updated: set[str]) -> None:
        """Read the options."""
        if updated & {"ara_filter", "ara_ignore"}:
            try:
                terms = read_typed_filter(ctx.options.ara_filter)
            except FilterError as error:
                raise exceptions.OptionsError(f"ara_filter: {error}") from error
            try:
                ignored = rules.codes_meant(ctx.options.ara_ignore)
            except rules.UnknownRuleError as error:
                raise exceptions.OptionsError(f"ara_ignore: {error}") from error
            self.selection = Selection(terms, ignored)
        if "ara_group_by" in updated:
            self._group_by = GroupBy(chosen("ara_group_by", tuple(GroupBy)))
        if "ara_time" in updated:
            chosen("ara_time", TIMES)

    def excerpt(self, told: Told) -> Excerpt:
        """What is shown of `told`."""
        return self.selection.excerpt(told)

    def layout(self, width: int | None, style: Style) -> TableLayout:
        """How a table of this width is laid out."""
        return TableLayout(width, style, self._group_by, ctx.options.ara_time == TIMES[1])


def chosen(option: str, choices: Sequence[str]) -> str:
    """The option's value, if it is one of `choices`. Raises OptionsError."""
    value: str = getattr(ctx.options, option)
    if value not in choices:
        raise exceptions.OptionsError(f"{option} is one of {', '.join(choices)}, not {value!r}")
    return value
