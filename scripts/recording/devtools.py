"""The Chrome DevTools protocol over one WebSocket: calls, and events by session."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    Listener = Callable[[str, dict[str, Any], str | None], None]

PATIENCE = 30
LARGEST_MESSAGE = 100 * 1024 * 1024


class DevToolsError(Exception):
    """The browser refused a call, or is gone."""


class DevTools:
    """One connection to a browser. Sessions are of the flat kind: an id beside each message."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._last_id = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Have `listener(method, params, session)` called for each event from now on."""
        self._listeners.append(listener)

    def ignore(self, listener: Listener) -> None:
        """Stop calling it."""
        self._listeners.remove(listener)

    async def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Call a method and wait for its result."""
        return await asyncio.wait_for(self.send(method, session, **params), PATIENCE)

    def send(
        self, method: str, session: str | None = None, **params: Any
    ) -> asyncio.Future[dict[str, Any]]:
        """Call a method; the result may be waited for or not."""
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting any more when a page is closed amid its last calls.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._answers[self._last_id] = answer
        self._socket.write_message(json.dumps(message))
        return answer

    async def pump(self) -> None:
        """Hand out messages until the browser closes the connection."""
        while (text := await self._socket.read_message()) is not None:
            message = json.loads(text)
            if "id" in message:
                self._settle(message)
            else:
                for listener in tuple(self._listeners):
                    listener(message["method"], message["params"], message.get("sessionId"))
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(DevToolsError("The browser closed the connection."))

    def _settle(self, message: dict[str, Any]) -> None:
        answer = self._answers.pop(message["id"])
        if answer.done():
            return
        if "error" in message:
            answer.set_exception(DevToolsError(message["error"]["message"]))
        else:
            answer.set_result(message["result"])


@asynccontextmanager
async def devtools(address: str) -> AsyncIterator[DevTools]:
    """Connect to a browser's `ws://` address."""
    socket = await websocket_connect(address, max_message_size=LARGEST_MESSAGE)
    connection = DevTools(socket)
    pump = asyncio.create_task(connection.pump())
    try:
        yield connection
    finally:
        socket.close()
        await pump
