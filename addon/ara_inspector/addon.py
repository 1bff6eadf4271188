"""The mitmproxy addon: hooks and options, nothing that judges.

May live here: what mitmproxy calls. Each hook hands an exchange to the session and the entries
it gives back to the views. A hook never raises, changes or delays a flow: what goes wrong in
here is reported once and the proxying goes on.
"""

from __future__ import annotations

import atexit
import gc
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakMethod, WeakValueDictionary

from mitmproxy import contentviews, ctx, exceptions, hooks, http

from ara_inspector.backlog import Backlog
from ara_inspector.console import ConsoleCommands
from ara_inspector.exchange import Exchange, time_of
from ara_inspector.exit_status import ExitStatus
from ara_inspector.flows import REORDERED, exchange_of
from ara_inspector.guard import Guards
from ara_inspector.interest import Interest
from ara_inspector.pause import Pause
from ara_inspector.printing import Printing
from ara_inspector.reading_ahead import is_dumping, is_saving, read_ahead
from ara_inspector.reports.decryption import KeyFileError, read_keys
from ara_inspector.request_order import BATCH
from ara_inspector.serving import Serving
from ara_inspector.session import Session, Stage
from ara_inspector.showing import Showing
from ara_inspector.sink import ReportSink
from ara_inspector.starting import Start
from ara_inspector.timeline_file import TimelineFile
from ara_inspector.views.by_flow import EntriesByFlow
from ara_inspector.views.contentview import AttributionContentview
from ara_inspector.views.marks import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mitmproxy.addonmanager import Loader
    from mitmproxy.flow import Flow

    from ara_inspector.backlog import Waiting
    from ara_inspector.timeline import Entry

PAUSE: Final = 1.0
"""Seconds without news after which what still waits for more traffic is attributed."""
UNDER_WAY: Final = 10_000
"""Live flows of interest remembered until they end, beyond what any proxy has at a time."""
LIVE_HOOKS: Final = frozenset({"responseheaders", "response", "error"})
"""Wanted once a flow is live: a recorded one has its answer from the start."""
SINK_HOOKS: Final = frozenset({"request"})
"""Wanted where reports are answered in the place of their servers."""


class AttributionInspector:
    """Watches the traffic, logs each registration as it comes, prints the timeline at the end."""

    name = "attribution"

    def __init__(self) -> None:
        self._session = Session()
        self._showing = Showing()
        self._printing = Printing(self._showing)
        self._status = ExitStatus(self._showing)
        self._file = TimelineFile(self._status.spoil)
        self._backlog = Backlog(self._take)
        self._interest = Interest()
        self._taken: set[str] = set()
        self._unanswered: set[str] = set()
        self._under_way: set[str] = set()
        self._ahead: set[str] | None = None
        self._pause = Pause(self._paused)
        self._guard = Guards()
        self._by_flow = EntriesByFlow(self._session.timeline, is_there=self._is_there)
        self._sink = ReportSink()
        self._commands = ConsoleCommands(lambda: self.session, self._entries_of)
        self._serving = Serving(lambda: self.session, self._guard)
        # Not `addons`: mitmproxy would look at each of them for each event of each flow.
        self.companions = (
            self._sink,
            self._showing,
            self._printing,
            self._file,
            self._status,
            self._commands,
            self._serving,
        )
        # mitmweb and the console keep their flows; beside mitmdump they go, and need no mark.
        self._flows: WeakValueDictionary[str, Flow] = WeakValueDictionary()
        self._running = False
        self._script: dict[str, object] | None = None
        self._live = False

    def become(self, script: dict[str, object]) -> None:
        """Give the module that mitmproxy loads as a script our name and hooks.

        Its `addons` would do as well, but those mitmproxy looks through for each event of each
        flow: 2 microseconds a flow, where our own look at one without ARA headers takes 5. And
        hooks are there once they are wanted: a recording is spared 3 microseconds a flow.
        """
        found = {hook: getattr(self, hook, None) for hook in hooks.all_hooks}
        start = Start(self)
        found |= {"load": start.load, "configure": start.configure}
        script |= {"name": self.name} | {
            hook: found[hook]
            for hook in found
            if found[hook] and hook not in LIVE_HOOKS | SINK_HOOKS
        }
        self._script = script
        # By a weak reference: a script that is loaded anew lets the old one go.
        atexit.register(_call, WeakMethod(self._forget))

    def _offer(self, wanted: Iterable[str]) -> None:
        """Have mitmproxy call these hooks from now on."""
        if self._script is not None:
            self._script |= {hook: getattr(self, hook) for hook in wanted}

    @property
    def session(self) -> Session:
        """The session, with all that was live so far gone through."""
        self._backlog.go_through_live()
        return self._session

    def _entries_of(self, flow_id: str) -> tuple[Entry, ...]:
        """What there is about a flow, with all that was live so far gone through."""
        with self._guard("judging"):
            self._backlog.go_through_live()
        return self._by_flow.of(flow_id)

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        loader.add_option(
            "ara_mark", bool, True, "Set comment, mark and metadata of flows that have entries."
        )
        loader.add_option(
            "ara_keys", str, "", "Open encrypted reports with the private keys in this JSON file."
        )
        contentviews.add(AttributionContentview(self._entries_of))
        self._companions_do("load", loader)
        ctx.master.commands.collect_commands(self._commands)

    def configure(self, updated: set[str]) -> None:
        """Check the options that mitmproxy cannot check."""
        self._companions_do("configure", updated)
        if self._sink.is_asked_for:
            self._offer(SINK_HOOKS)
        if "ara_keys" in updated and ctx.options.ara_keys:
            self._session.keys = _keys_in(ctx.options.ara_keys)

    def running(self) -> None:
        """Begin: all that starts the proxy is loaded."""
        self._running = True
        # Python looks through all there is each time it collects garbage in full, and the proxy
        # waits for it. What is loaded by now stays, and need not be looked through before the end.
        gc.freeze()
        self._companions_do("running")

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Take a recorded flow whole; note the start of a live page or frame."""
        try:
            if not flow.live:
                self._replayed(flow)
                return
            if not self._live:
                self._live = True
                self._offer(LIVE_HOOKS)
            if flow.is_replay == "request":
                self._ask_again(flow.id)
            if self._interest.in_request(flow.request):
                self._note(flow, Stage.REQUEST)
        except Exception as error:  # noqa: BLE001 - whatever it is, the flow goes on
            self._guard("requestheaders").report(error)

    def request(self, flow: http.HTTPFlow) -> None:
        """Answer a report in the place of its server, where that is asked for."""
        if self._sink.is_asked_for and flow.live:
            with self._guard("sink"):
                self._sink.request(flow)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Note a live answer: its body may never end."""
        if not flow.live or flow.response is None:
            return
        try:
            if self._interest.in_answer(flow) or flow.id in self._under_way:
                self._note(flow, Stage.HEADERS)
            else:
                self._session.passed(flow.response.timestamp_start)
        except Exception as error:  # noqa: BLE001 - as above
            self._guard("responseheaders").report(error)

    def response(self, flow: http.HTTPFlow) -> None:
        """Note what only a whole answer has: reports, sniffed content."""
        # The body makes nothing interesting that was not so by its headers.
        if flow.live and flow.id in self._under_way:
            with self._guard("response"):
                self._note(flow, Stage.END)

    def error(self, flow: http.HTTPFlow) -> None:
        """Note that an answer broke off or never came."""
        with self._guard("error"):
            # One that was killed is no longer live.
            if flow.id in self._under_way or (flow.live and self._interest.in_flow(flow)):
                self._note(flow, Stage.END)

    def done(self) -> None:
        """Go through what is held back and print the timeline."""
        with self._guard("done"):
            self._backlog.go_through()
            self._tell(self._session.finish())
            self._printing.table(self._session)
        self._backlog.cancel()
        self._pause.cancel()
        self._companions_do("done")
        # At its end Python clears away what others forgot to close, and with it writes what their
        # files have not: it has to see all there is.
        gc.unfreeze()

    def _is_there(self, flow_id: str) -> bool:
        """Whether mitmproxy still has the flow, or will have it."""
        return flow_id in self._flows or flow_id in (self._ahead or ())

    def _forget(self) -> None:
        """Nobody asks any more: what is gone Python need not look through at its end."""
        self._session = Session()
        self._by_flow = EntriesByFlow(self._session.timeline)

    def _companions_do(self, hook: str, *arguments: object) -> None:
        for companion in self.companions:
            function = getattr(companion, hook, None)
            if function is not None:
                function(*arguments)

    def _replayed(self, flow: http.HTTPFlow) -> None:
        """Hold a recorded flow back until those that started before it have been read."""
        taken = self._taken
        if flow.id in taken:
            return
        if len(taken) > REORDERED:
            taken.clear()
        again = flow.id in self._unanswered
        if flow.response is not None or flow.error is not None:
            taken.add(flow.id)
        elif len(self._unanswered) < UNDER_WAY:
            # Saved before its answer came: it may stand there again, with the answer.
            self._unanswered.add(flow.id)
        if not self._interest.in_flow(flow):
            if not again:
                self._session.passed(time_of(flow.request.data.timestamp_start))
            return
        self._flows[flow.id] = flow
        if self._ahead is None:
            self._ahead = set()
            self._read_ahead(self._ahead)
        if flow.id in self._ahead:
            self._mark([flow.id])
            return
        self._backlog.push(exchange_of(flow))

    def _ask_again(self, flow_id: str) -> None:
        """Have the answer to a replayed request judged as if it were the browser's own."""
        self._backlog.go_through_live()
        self._session.asked_again(flow_id)
        self._by_flow.forget(flow_id)

    def _read_ahead(self, ids: set[str]) -> None:
        """Judge a recording that is written anew or shown; note what flows it has."""
        for exchanges in batched(read_ahead(), BATCH):
            ids.update(exchange.flow_id for exchange in exchanges)
            self._take([(exchange, Stage.END) for exchange in exchanges])
        if ids:
            self._tell(self._session.finish())

    def _note(self, flow: http.HTTPFlow, stage: Stage) -> None:
        self._flows[flow.id] = flow
        self._backlog.note(flow, stage)
        if stage is not Stage.END:
            if len(self._under_way) > UNDER_WAY:
                self._under_way.clear()
            self._under_way.add(flow.id)
            return
        self._under_way.discard(flow.id)
        if is_saving() or is_dumping():
            # The flow is about to be written or shown: it is to say what we say of it.
            self._backlog.go_through_live()

    def _take(self, due: Iterable[Waiting]) -> None:
        entries: list[Entry] = []
        for one, stage in due:
            with self._guard("judging"):
                exchange = one if isinstance(one, Exchange) else exchange_of(one)
                match stage:
                    case Stage.REQUEST:
                        entries += self._session.requested(exchange)
                    case Stage.HEADERS:
                        entries += self._session.headers(exchange)
                    case Stage.END:
                        entries += self._session.complete(exchange)
        self._tell(entries)

    def _tell(self, entries: Sequence[Entry]) -> None:
        if entries:
            shown = tuple(self._showing.selection.of(entries))
            with self._guard("log"):
                self._printing.tell(shown)
            with self._guard("timeline"):
                self._file.tell(shown)
            with self._guard("fail_on"):
                self._status.tell(entries, shown)
            self._serving.tell(entries)
            with self._guard("marks"):
                self._mark(self._by_flow.tell(entries))
            if self._running:
                # What still waits for more traffic is attributed when none comes for a while.
                self._pause.put_off(PAUSE)

    def _paused(self) -> None:
        with self._guard("pause"):
            self._tell(self._session.settle())

    def _mark(self, flow_ids: Iterable[str]) -> None:
        """Bring comment, mark and metadata of these flows up to date."""
        if not ctx.options.ara_mark:
            return
        found = [flow for flow_id in flow_ids if (flow := self._flows.get(flow_id)) is not None]
        changed = [flow for flow in found if mark(flow, self._by_flow.of(flow.id))]
        if changed:
            ctx.master.addons.trigger(hooks.UpdateHook(changed))


def _call(method: WeakMethod[Callable[[], None]]) -> None:
    found = method()
    if found is not None:
        found()


def _keys_in(path: str) -> Mapping[str, bytes]:
    try:
        return read_keys(Path(path).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise exceptions.OptionsError(f"ara_keys: {path}: {error.strerror}") from error
    except (UnicodeError, KeyFileError) as error:
        raise exceptions.OptionsError(f"ara_keys: {path}: {error}") from error
