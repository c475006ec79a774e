"""How many messages of customers a second become durable, over HTTP, and how long one waits for its confirmation.

The server is a process of its own with everything a message passes: HTTP, the visitor's token, the transaction with
its event, the event bus and the topics of realtime. The customers are connections that send their next message as
soon as the last one was confirmed. The yardstick is the same rows written by ``sqlite3`` alone, in a loop, 64 messages
a commit as the server groups them at the most (for the wait: one message a commit), every commit on the disk.
"""

import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

from benchmarks.harness import Figure, Report, compare, interleave, note, print_figure
from careline.infra.database.sqlite import MAX_GROUP

LIMIT_S = 120
ROUNDS = 5
SECONDS = 2.5
CUSTOMERS = 64
ALONE = 4
TEXT = "宽带又断了，重启过光猫还是不行，麻烦帮我看看。"


@dataclass
class Heard:
    """The waits for confirmation of one round, in ms."""

    seconds: float = SECONDS
    waits: list[float] = field(default_factory=list)

    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def p99(self) -> float:
        return quantiles(self.waits, n=100)[98]


class Centre:
    """The server and its customers."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self._port = port
        self._tokens = tokens

    def busy(self, customers: int) -> Heard:
        """So many customers write for a while."""
        heard = Heard()
        asyncio.run(self._all(customers, heard))
        return heard

    async def _all(self, customers: int, heard: Heard) -> None:
        until = time.perf_counter() + heard.seconds
        await asyncio.gather(*(self._customer(token, until, heard) for token in self._tokens[:customers]))

    async def _customer(self, token: str, until: float, heard: Heard) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while (began := time.perf_counter()) < until:
            body = json.dumps({"client_id": str(uuid4()), "text": TEXT}).encode()
            writer.write(
                b"POST /api/v1/visitor/messages HTTP/1.1\r\nHost: careline\r\nContent-Type: application/json\r\n"
                b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (token.encode(), len(body), body)
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 201"):
                raise RuntimeError(f"a message was not stored: {head.splitlines()[0]!r}")
            length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            heard.waits.append((time.perf_counter() - began) * 1000)
        writer.close()


class Bare:
    """The least that storing the same rows costs: no HTTP, no checks, no waiting customers."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE conversation (id TEXT PRIMARY KEY, last_seq INTEGER)",
            "CREATE TABLE message (conversation_id TEXT, seq INTEGER, client_id TEXT, text TEXT, at TEXT, "
            "PRIMARY KEY (conversation_id, seq), UNIQUE (conversation_id, client_id))",
            "CREATE TABLE event_log (position INTEGER PRIMARY KEY, name TEXT, subject TEXT, payload TEXT)",
        ):
            self._connection.execute(statement)
        self._names = [uuid4().hex for _ in range(CUSTOMERS)]
        self._connection.executemany("INSERT INTO conversation VALUES (?, 0)", [(name,) for name in self._names])

    def busy(self, group: int) -> Heard:
        """Commits of so many messages, one after another."""
        heard = Heard()
        until = time.perf_counter() + heard.seconds
        while (began := time.perf_counter()) < until:
            self._connection.execute("BEGIN IMMEDIATE")
            for number in range(group):
                self._store(self._names[number % CUSTOMERS])
            self._connection.execute("COMMIT")
            heard.waits += [(time.perf_counter() - began) * 1000] * group
        return heard

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _store(self, conversation: str) -> None:
        run = self._connection.execute
        (seq,) = run(
            "UPDATE conversation SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq", (conversation,)
        ).fetchone()
        run("INSERT INTO message VALUES (?, ?, ?, ?, ?)", (conversation, seq, uuid4().hex, TEXT, "2026-01-01"))
        payload = json.dumps({"conversation_id": conversation, "seq": seq})
        run("INSERT INTO event_log (name, subject, payload) VALUES (?, ?, ?)", ("stored", conversation, payload))


def run(report: Report) -> None:
    """Measure with many customers at once, and with a few."""
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as centre:
        bare = Bare(Path(folder) / "bare.db")
        note(f"chat: {ROUNDS} rounds of {SECONDS:g} s for each of four contenders")
        centre.busy(CUSTOMERS)
        rates = interleave(
            {
                "careline": lambda: centre.busy(CUSTOMERS).rate(),
                "bare": lambda: bare.busy(MAX_GROUP).rate(),
            },
            ROUNDS,
        )
        waits = interleave(
            {"careline": lambda: centre.busy(ALONE).p99(), "bare": lambda: bare.busy(1).p99()},
            ROUNDS,
        )
        bare.close()
    for figure in _figures(rates, waits):
        report(figure)


def _figures(rates: dict[str, list[float]], waits: dict[str, list[float]]) -> Iterator[Figure]:
    grouped, single = f"sqlite3 alone, {MAX_GROUP} messages a commit", "sqlite3 alone, a commit for each message"
    yield compare("chat.durable_messages_per_s", "messages/s", rates["careline"], grouped, rates["bare"])
    yield compare(f"chat.durable_message_p99_ms.customers_{ALONE}", "ms", waits["careline"], single, waits["bare"])


@contextmanager
def _served(folder: Path) -> Iterator[Centre]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.chat_server", str(folder), str(CUSTOMERS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        said = json.loads(server.stdout.readline())
        yield Centre(said["port"], [token for token, _ in said["visitors"]])
    finally:
        server.stdin.close()
        server.wait(timeout=20)


if __name__ == "__main__":
    run(print_figure)
