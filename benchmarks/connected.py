"""What a centre with thousands of connected customers carries: their messages to agents, and their coming back at once.

The server is a process of its own with everything a message passes, from HTTP to the screens that follow a
conversation. Every customer has a conversation and follows it over a WebSocket; some write without pause, and a few
watchers follow theirs as agents do. The yardstick has as many connections: Starlette alone, which passes on what it
is told, to the customer's own line and to a watcher as ours does, and keeps nothing.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

from benchmarks.chat import TEXT
from benchmarks.harness import Figure, Report, compare, interleave, note, print_figure
from benchmarks.sockets import Line, Speaker, served

LIMIT_S = 400
ROUNDS = 5
SECONDS = 3.0
CUSTOMERS = 5_000
BUSY = 64
OVERLOAD = 4 * BUSY
"""Enough to keep twice as many waiting as saturate it: at ``BUSY`` the server is never idle."""
AT_ONCE = 500
WATCHED = 64
"""So many conversations a watcher follows."""
LATE_MS = 1_000.0


@dataclass
class Carried:
    """What arrived at the watcher in one round: waits from the customer's sending, in ms, and how many were in time.

    ``server_s`` and ``clients_s`` are the processor's seconds that the server and this process took for it.
    """

    waits: list[float] = field(default_factory=list)
    server_s: float = 0.0
    clients_s: float = 0.0

    def rate(self) -> float:
        return len(self.waits) / SECONDS

    def good(self) -> float:
        return sum(wait < LATE_MS for wait in self.waits) / SECONDS

    def percentile(self, which: int) -> float:
        return quantiles(self.waits, n=100)[which - 1]

    def server_us(self) -> float:
        return self.server_s * 1e6 / len(self.waits)

    def clients_us(self) -> float:
        return self.clients_s * 1e6 / len(self.waits)


class Side:
    """One server with its connections; ``words`` is what each says first, the watchers' after the customers'."""

    def __init__(
        self, pid: int, port: int, path: str, tokens: Sequence[str], words: list[list[dict[str, Any]]]
    ) -> None:
        self._pid, self._port, self._path, self._tokens = pid, port, path, tokens
        self._words = words
        self._lines: list[Line] = []
        self._began: dict[str, float] = {}
        self._carried = Carried()

    async def open(self) -> float:
        """Connect everybody at once, as after a cut; the seconds until the last one follows."""
        began = time.perf_counter()
        words = iter(enumerate(self._words))
        lines: dict[int, Line] = {}

        async def connect() -> None:
            for number, said in words:
                lines[number] = await Line.to(self._port, said, self._heard if number >= CUSTOMERS else None)
                await lines[number].ready

        await asyncio.gather(*(connect() for _ in range(AT_ONCE)))
        self._lines = [lines[number] for number in range(len(self._words))]
        return time.perf_counter() - began

    async def cut(self) -> None:
        """Everybody is gone."""
        for line in self._lines:
            line.cut()
        await asyncio.sleep(0.5)

    async def storm(self) -> float:
        """Cut everybody, and have everybody come back from where they were."""
        await self.cut()
        for said, line in zip(self._words, self._lines, strict=True):
            for word in said[1:]:
                word["from"] = line.position
        return await self.open()

    async def busy(self, customers: int) -> Carried:
        """So many write for a while; what reached the watcher until then."""
        self._carried, self._began = Carried(), {}
        server, clients = self._server_s(), time.process_time()
        until = time.perf_counter() + SECONDS
        await asyncio.gather(*(self._writes(token, until) for token in self._tokens[:customers]))
        self._carried.server_s = self._server_s() - server
        self._carried.clients_s = time.process_time() - clients
        return self._carried

    def memory_mb(self) -> float:
        """What the server holds in memory."""
        status = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def _server_s(self) -> float:
        """The processor's seconds of the server, all of its threads; in Linux, ns stand first in ``schedstat``."""
        threads = Path(f"/proc/{self._pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e9

    async def _writes(self, token: str, until: float) -> None:
        speaker = await Speaker.to(self._port, self._path, token)
        while (now := time.perf_counter()) < until:
            client_id = str(uuid4())
            self._began[client_id] = now
            await speaker.say(TEXT, client_id)
        await speaker.close()

    def _heard(self, told: dict[str, Any]) -> None:
        said = told.get("data", told)
        began = self._began.pop(said.get("client_id", ""), None)
        if began is not None:
            self._carried.waits.append((time.perf_counter() - began) * 1000)


def run(report: Report) -> None:
    """Connect everybody to both, then measure in turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack, asyncio.Runner() as runner:
        note(f"connected: {CUSTOMERS} customers begin a conversation")
        ours = stack.enter_context(_careline(Path(folder)))
        relay = stack.enter_context(_relay())
        for side in (ours, relay):
            runner.run(side.open())
        for figure in _measured(runner, ours, relay):
            report(figure)
        for side in (ours, relay):
            runner.run(side.cut())


def _measured(runner: asyncio.Runner, ours: Side, relay: Side) -> Iterator[Figure]:
    beside = "Starlette alone, which keeps nothing"
    rounds: dict[tuple[str, int], list[Carried]] = {}

    def busy(name: str, side: Side, customers: int) -> float:
        rounds.setdefault((name, customers), []).append(runner.run(side.busy(customers)))
        return 0.0

    note(f"connected: {ROUNDS} rounds of {SECONDS:g} s for each of four contenders")
    contenders = {
        f"{name}-{customers}": lambda name=name, side=side, customers=customers: busy(name, side, customers)
        for name, side in (("ours", ours), ("relay", relay))
        for customers in (BUSY, OVERLOAD)
    }
    interleave(contenders, ROUNDS)
    ours_busy, relay_busy = rounds["ours", BUSY], rounds["relay", BUSY]
    end = f".customers_{CUSTOMERS}"
    yield compare(
        f"connected.messages_per_s{end}",
        "messages/s",
        [one.rate() for one in ours_busy],
        beside,
        [one.rate() for one in relay_busy],
    )
    for which in (50, 99):
        yield compare(
            f"connected.customer_to_agent_p{which}_ms{end}",
            "ms",
            [one.percentile(which) for one in ours_busy],
            beside,
            [one.percentile(which) for one in relay_busy],
        )
    for figure, cost in (("server", Carried.server_us), ("clients", Carried.clients_us)):
        ours_us, relay_us = [cost(one) for one in ours_busy], [cost(one) for one in relay_busy]
        yield compare(f"connected.{figure}_cpu_us_per_message{end}", "µs", ours_us, beside, relay_us)
    ours_over, relay_over = rounds["ours", OVERLOAD], rounds["relay", OVERLOAD]
    yield compare(
        f"connected.goodput_share.writers_{OVERLOAD}",
        f"of what {BUSY} writers get through",
        [over.good() / usual.rate() for over, usual in zip(ours_over, ours_busy, strict=True)],
        beside,
        [over.good() / usual.rate() for over, usual in zip(relay_over, relay_busy, strict=True)],
    )
    yield compare(f"connected.memory_mb{end}", "MB", [ours.memory_mb()], beside, [relay.memory_mb()])
    note("connected: everybody is cut and comes back")
    storms = interleave({"ours": lambda: runner.run(ours.storm()), "relay": lambda: runner.run(relay.storm())}, 3)
    yield compare(f"connected.back_after_s{end}", "s", storms["ours"], beside, storms["relay"])


@contextmanager
def _careline(folder: Path) -> Iterator[Side]:
    with served("tests.support.chat_server", str(folder), str(CUSTOMERS)) as (server, said):
        hello: list[list[dict[str, Any]]] = [
            [{"t": "hello", "v": 1, "visitor": token}, {"t": "sub", "topic": f"conversation:{conversation}"}]
            for token, conversation in said["visitors"]
        ]
        watched = [{"t": "sub", "topic": f"conversation:{conversation}"} for _, conversation in said["visitors"]]
        watcher: dict[str, Any] = {"t": "hello", "v": 1, "visitor": said["watcher"]}
        hello += [[watcher, *watched[at : at + WATCHED]] for at in range(0, OVERLOAD, WATCHED)]
        tokens = [token for token, _ in said["visitors"]]
        yield Side(server.pid, said["port"], "/api/v1/visitor/messages", tokens, hello)


@contextmanager
def _relay() -> Iterator[Side]:
    with served("tests.support.relay_server") as (server, said):
        names = [str(number) for number in range(CUSTOMERS)]
        hello: list[list[dict[str, Any]]] = [*([{"name": name}] for name in names), [{"watch": True}]]
        yield Side(server.pid, said["port"], "/say", names, hello)


if __name__ == "__main__":
    run(print_figure)
