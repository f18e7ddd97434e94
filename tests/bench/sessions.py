"""Sessions of Streamlit without a browser: the same WebSocket, the same messages, nothing drawn.

Twenty real browsers on two cores would measure the drawing of twenty pages, not the server. A session keeps
the state of its widgets as the page does, and names the fragment of the widget that changed.
"""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

TIMEOUT_SECONDS = 20
_RERUN = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")


@dataclass(frozen=True)
class Load:
    """What many sessions at once saw: seconds of each change, errors in words, bytes received."""

    seconds: tuple[float, ...]
    errors: tuple[str, ...]
    received: int

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(0.95 * len(self.seconds)))]


@dataclass
class Session:
    """One connection to a server: the widgets it was given, and their state."""

    socket: ClientConnection
    page: str
    query: dict[str, str]
    widgets: dict[str, WidgetState] = field(default_factory=dict)
    boxes: dict[str, tuple[str, tuple[str, ...], str]] = field(default_factory=dict)
    maps: dict[str, str] = field(default_factory=dict)
    script: str = ""
    received: int = 0
    clicks: int = 0

    async def run(self, fragment: str = "") -> float:
        """Ask for a run of the page (or of one fragment) and wait until it is finished; seconds."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string = urlencode(self.query)
        state.page_script_hash = self.script
        state.page_name = "" if self.script else self.page
        state.fragment_id = fragment
        state.widget_states.widgets.extend(self.widgets.values())
        start = perf_counter()
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not self._take(await self.socket.recv()):
                pass
        return perf_counter() - start

    async def choose(self, label: str, option: str) -> float:
        """Choose an option of the select box ``label``; seconds until the run is finished."""
        widget_id, _, fragment = self.boxes[label]
        self.widgets[widget_id] = WidgetState(id=widget_id, string_value=option)
        return await self.run(fragment)

    async def click_map(self, basin_code: str) -> float:
        """Click a basin on the map; seconds until the run is finished."""
        widget_id, fragment = next(iter(self.maps.items()))
        self.clicks += 1
        clicked = {
            "last_object_clicked_count": self.clicks,
            "last_active_drawing": {
                "type": "Feature",
                "properties": {"code": basin_code},
                "geometry": None,
            },
        }
        self.widgets[widget_id] = WidgetState(id=widget_id, json_value=json.dumps(clicked))
        return await self.run(fragment)

    def _take(self, payload: str | bytes) -> bool:
        assert isinstance(payload, bytes)
        self.received += len(payload)
        message = ForwardMsg.FromString(payload)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.script = message.new_session.page_script_hash
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            pairs = (p.partition("=") for p in message.page_info_changed.query_string.split("&") if p)
            self.query = {name: value for name, _, value in pairs}
        elif kind == "delta":
            self._take_delta(message)
        elif kind == "script_finished":
            return bool(message.script_finished != _RERUN)
        return False

    def _take_delta(self, message: ForwardMsg) -> None:
        element, fragment = message.delta.new_element, message.delta.fragment_id
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"the page shows an error: {element.exception.message}")
        if kind == "selectbox":
            box = element.selectbox
            self.boxes[box.label] = (box.id, tuple(box.options), fragment)
        elif kind == "component_instance":
            self.maps = {element.component_instance.id: fragment}


async def open_session(port: int, page: str, query: dict[str, str]) -> Session:
    """Connect and run the page once."""
    socket = await connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
    )
    session = Session(socket, page, dict(query))
    await session.run()
    return session


async def use_map_together(port: int, *, count: int, changes: int, think: float, seed: int = 1) -> Load:
    """``count`` sessions on the map, each with ``changes`` changes of indicator or basin, ``think`` s apart.

    Errors are returned, not raised: a session that ends early is a result.
    """
    seconds: list[float] = []
    errors: list[str] = []
    sessions: list[Session] = []

    async def visit(session: Session, draw: random.Random) -> None:
        codes = [f"AM{i:02d}" for i in range(1, 17)]
        previous = ""
        await asyncio.sleep(draw.uniform(0, think))
        for step in range(changes):
            try:
                if step % 3 == 2:
                    seconds.append(await session.click_map(draw.choice(codes)))
                else:
                    options = session.boxes["Indicateur"][1]
                    previous = draw.choice([o for o in options if o != previous])
                    seconds.append(await session.choose("Indicateur", previous))
            except Exception as error:  # noqa: BLE001 - whatever happened to a session is a result
                errors.append(f"{type(error).__name__}: {error}")
                return
            await asyncio.sleep(think)

    try:
        for _ in range(count):
            sessions.append(await open_session(port, "carte", {"lecture": "contexte"}))
        await asyncio.gather(*(visit(s, random.Random(seed + i)) for i, s in enumerate(sessions)))
    finally:
        for session in sessions:
            await session.socket.close()
    return Load(tuple(seconds), tuple(errors), sum(s.received for s in sessions))


async def hold_open(port: int, count: int) -> list[Session]:
    """Open ``count`` sessions on the map, one after the other, and leave them open."""
    return [await open_session(port, "carte", {}) for _ in range(count)]


async def rerun_seconds(port: int, page: str, count: int = 20) -> float:
    """Median seconds of a rerun of the whole page, from the request to its last message."""
    session = await open_session(port, page, {})
    for _ in range(5):
        await session.run()
    found = [await session.run() for _ in range(count)]
    await session.socket.close()
    return median(found)
