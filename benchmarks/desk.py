"""How soon a freed agent sees the next contact, and how soon a supervisor the figure that it changed.

The server is a process of its own with everything on the way: HTTP, the transaction with its events, the shard that
decides, the bus, the hub, the WebSocket of each desk and of one floor. Chats wait all the time; one agent after the
other ends a chat, writes it up – from the sending of that on both are timed – and takes what comes next. Beside the
offer stands Starlette alone, which passes a word from HTTP to a WebSocket, and decides and keeps nothing.

A figure waits on purpose: facts are gathered before they are counted, and a screen is told so often and no oftener.
"""

import asyncio
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from benchmarks.harness import Figure, Report, compare, interleave, note, print_figure, rounded
from benchmarks.sockets import Heard, Knock, Line, Speaker, served
from careline.modules.insight.analytics.live import EVERY_S
from careline.modules.insight.analytics.services.projecting import GATHER_S

LIMIT_S = 240
ROUNDS = 5
SECONDS = 4.0
A_SECOND = 20
"""Contacts: what 6,000 agents handle who take five minutes for each."""
AGENTS = 60
SPARE = 40
PATIENCE_S = 10.0
ON_PURPOSE_MS = (GATHER_S + EVERY_S) * 1000


@dataclass
class Waits:
    """What one round found, in ms."""

    offers: list[float] = field(default_factory=list)
    figures: list[float] = field(default_factory=list)


class Desk:
    """An agent's screen: takes what is offered, and is free again when told."""

    def __init__(self, knock: Knock, headers: str) -> None:
        self._knock, self._headers = knock, headers
        self._offered: asyncio.Future[tuple[float, dict[str, Any]]] = asyncio.get_running_loop().create_future()
        self._interaction = ""

    def heard(self, told: dict[str, Any]) -> None:
        """What the WebSocket brings."""
        if told.get("name") == "offer.made" and not self._offered.done():
            self._offered.set_result((time.perf_counter(), told["data"]))

    async def take(self) -> float:
        """Accept what is offered, or will be; when the offer came."""
        came, offer = await asyncio.wait_for(self._offered, PATIENCE_S)
        self._offered = asyncio.get_running_loop().create_future()
        await self._knock.ask("POST", f"/api/v1/offers/{offer['id']}/accept", {"token": offer["token"]}, self._headers)
        self._interaction = offer["interaction_id"]
        return came

    async def end(self) -> None:
        """The chat is over; it is still to be written up."""
        await self._knock.ask("POST", f"/api/v1/interactions/{self._interaction}/end", {}, self._headers)

    async def write_up(self) -> None:
        """The agent is free from now on."""
        written = {"disposition": "other", "note": "", "draft": False}
        await self._knock.ask("PUT", f"/api/v1/interactions/{self._interaction}/wrap-up", written, self._headers)


class Centre:
    """The server with its desks and one floor."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said
        self._port = int(said["port"])
        self._desks: list[Desk] = []
        self._talking: asyncio.Queue[Desk] = asyncio.Queue()
        self._lines: list[Line] = []
        self._knocks: list[Knock] = []
        self._unseen: deque[float] = deque()
        self._handled = 0
        self._waits = Waits()

    async def open(self) -> None:
        """Everybody is at their screen."""
        _, name = self._said["supervisor"]
        await self._follow(name, "floor", self._floor)
        for agent_id, name in self._said["agents"]:
            headers = f"Cookie: careline_session={name}\r\nX-CSRF-Token: {self._said['csrf']}"
            self._knocks.append(await Knock.to(self._port))
            desk = Desk(self._knocks[-1], headers)
            await self._follow(name, f"agent:{agent_id}", desk.heard)
            self._desks.append(desk)

    async def close(self) -> None:
        """Everybody has gone."""
        for knock in self._knocks:
            await knock.close()
        await hang_up(self._lines)

    async def begin(self) -> None:
        """All take their first chat; they are ready by now."""
        for desk in self._desks:
            await desk.take()
            self._talking.put_nowait(desk)

    async def busy(self) -> Waits:
        """A contact after the other is ended, at an even pace."""
        self._waits = Waits()
        every, began = 1 / A_SECOND, time.perf_counter()
        turns = []
        for turn in range(round(SECONDS * A_SECOND)):
            await asyncio.sleep(max(0.0, began + turn * every - time.perf_counter()))
            turns.append(asyncio.create_task(self._next(await self._talking.get())))
        await asyncio.gather(*turns)
        async with asyncio.timeout(PATIENCE_S):
            while self._unseen:
                await asyncio.sleep(0.01)
        return self._waits

    async def _next(self, desk: Desk) -> None:
        await desk.end()
        began = time.perf_counter()
        self._unseen.append(began)
        await desk.write_up()
        self._waits.offers.append((await desk.take() - began) * 1000)
        self._talking.put_nowait(desk)

    def _floor(self, told: dict[str, Any]) -> None:
        if told.get("name") != "floor.changed":
            return
        (handled,) = (one["value"] for one in told["data"]["figures"] if one["code"] == "handled_today")
        now = time.perf_counter()
        for _ in range(min(int(handled or 0) - self._handled, len(self._unseen))):
            self._waits.figures.append((now - self._unseen.popleft()) * 1000)
            self._handled += 1

    async def _follow(self, name: str, topic: str, heard: Heard) -> None:
        words: list[dict[str, Any]] = [{"t": "hello", "v": 1, "visitor": name}, {"t": "sub", "topic": topic}]
        self._lines.append(await Line.to(self._port, words, heard))
        await self._lines[-1].ready


class Relay:
    """Starlette alone: one who speaks, and one who hears it."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._port = int(said["port"])
        self._began: dict[str, float] = {}
        self._waits: list[float] = []

    async def open(self) -> None:
        """Both are there."""
        self._speaker = await Speaker.to(self._port, "/say", "nobody")
        self._line = await Line.to(self._port, [{"name": "nobody"}], self._heard)
        await self._line.ready

    async def close(self) -> None:
        """Both have gone."""
        await self._speaker.close()
        await hang_up([self._line])

    async def busy(self) -> list[float]:
        """Words at the same pace."""
        self._waits = []
        for number in range(round(SECONDS * A_SECOND)):
            self._began[str(number)] = time.perf_counter()
            await self._speaker.say("在吗", str(number))
            await asyncio.sleep(1 / A_SECOND)
        return self._waits

    def _heard(self, told: dict[str, Any]) -> None:
        began = self._began.pop(told.get("client_id", ""), None)
        if began is not None:
            self._waits.append((time.perf_counter() - began) * 1000)


def run(report: Report) -> None:
    """All figures of the desk."""
    waiting = AGENTS + SPARE + round((ROUNDS + 1) * SECONDS * A_SECOND)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack, asyncio.Runner() as runner:
        note(f"desk: {waiting} chats begin to wait for {AGENTS} agents")
        server, said = stack.enter_context(served("tests.support.desk_server", folder, str(AGENTS), str(waiting)))
        _, relayed = stack.enter_context(served("tests.support.relay_server"))
        assert server.stdin is not None
        centre, relay = Centre(said), Relay(relayed)
        runner.run(centre.open())
        runner.run(relay.open())
        server.stdin.write("ready\n")
        server.stdin.flush()
        runner.run(centre.begin())
        note(f"desk: {ROUNDS} rounds of {SECONDS:g} s, {A_SECOND} contacts a second")
        runner.run(centre.busy())
        found: list[Waits] = []
        beside: list[list[float]] = []

        def ours() -> float:
            found.append(runner.run(centre.busy()))
            return 0.0

        def theirs() -> float:
            beside.append(runner.run(relay.busy()))
            return 0.0

        interleave({"desk": ours, "relay": theirs}, ROUNDS)
        runner.run(centre.close())
        runner.run(relay.close())
    for figure in _figures(found, beside):
        report(figure)


async def hang_up(lines: list[Line]) -> None:
    """Be gone, and let the event loop notice."""
    for line in lines:
        line.cut()
    await asyncio.sleep(0.05)


def _figures(found: list[Waits], beside: list[list[float]]) -> Iterator[Figure]:
    end = f"agents_{AGENTS}"
    alone = "Starlette alone, which decides nothing"
    for which in (50, 99):
        offers, relayed = (
            [_percentile(waits, which) for waits in side] for side in ([w.offers for w in found], beside)
        )
        yield compare(f"desk.free_to_offer_p{which}_ms.{end}", "ms", offers, alone, relayed)
    for which in (50, 99):
        lag = median(_percentile(waits.figures, which) for waits in found)
        yield Figure(
            name=f"desk.event_to_figure_p{which}_ms.{end}",
            value=rounded(lag),
            unit="ms",
            yardstick=f"what it waits on purpose at the most: {ON_PURPOSE_MS:g} ms",
            ratio=rounded(lag / ON_PURPOSE_MS),
            rounds=len(found),
        )


def _percentile(waits: list[float], which: int) -> float:
    return quantiles(waits, n=100, method="inclusive")[which - 1]


if __name__ == "__main__":
    run(print_figure)
