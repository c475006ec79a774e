"""The application is killed again and again amid twenty chats of the reference client: what was acknowledged is there.

The clients do what docs/guides/chat-protocol.md tells every client to do, and nothing more.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

import pytest

from tests.e2e.running import TENANT, RunningCentre
from tests.support.chat_client import ChatClient
from tests.support.waiting import PATIENCE_S, until

pytestmark = pytest.mark.slow

TALKERS, KILLS = 20, 3
FEW, MANY = 20, 60
"""Messages of all together between everybody's next and the kill; how many is left to chance."""


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with RunningCentre(tmp_path / "var", voice="off") as running:
        yield running


class Talker:
    """A visitor who says one thing after another, and listens."""

    def __init__(self, centre: RunningCentre, name: str) -> None:
        self._name = name
        self._client = ChatClient(centre.address, tenant=TENANT, name=name)
        self.acknowledged: list[str] = []

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *why: object) -> None:
        await self._client.__aexit__(*why)

    async def talk_on(self, stop: asyncio.Event) -> None:
        """Until told to stop, and until the last word was heard; the first one makes the conversation."""
        await self._say()
        async with self._client.listening():
            while not stop.is_set():
                await self._say()
                await asyncio.sleep(0.1)
            last = max(self._client.messages)
            await self._client.until(lambda: self._client.complete_to >= last, seconds=PATIENCE_S)

    async def has_lost_nothing(self, centre: RunningCentre) -> None:
        """What was acknowledged is stored once and in order, and what is stored was heard as it is."""
        heard = dict(self._client.messages)
        async with ChatClient(centre.address, tenant=TENANT, token=self._client.token) as later:
            await later.catch_up()
            stored = dict(sorted(later.messages.items()))
        assert [one["text"] for one in stored.values() if one["author"] == "customer"] == self.acknowledged
        assert list(stored) == list(range(1, len(stored) + 1))
        assert {seq: heard[seq] for seq in stored if seq <= self._client.complete_to} == {
            seq: one for seq, one in stored.items() if seq <= self._client.complete_to
        }
        assert self._client.complete_to >= max(seq for seq, one in stored.items() if one["author"] == "customer")

    async def _say(self) -> None:
        text = f"{self._name}第{len(self.acknowledged)}句"
        await self._client.say(text)
        self.acknowledged.append(text)


async def test_twenty_reference_clients_lose_nothing(centre: RunningCentre) -> None:
    chance, stop = random.Random(20), asyncio.Event()
    async with AsyncExitStack() as stack:
        talkers = [await stack.enter_async_context(Talker(centre, f"访客{place}")) for place in range(TALKERS)]
        async with asyncio.TaskGroup() as talking:
            for talker in talkers:
                talking.create_task(talker.talk_on(stop))
            for _ in range(KILLS):
                await more_is_said(talkers, chance.randint(FEW, MANY))
                await asyncio.to_thread(centre.kill)
                await asyncio.to_thread(centre.start)
            await more_is_said(talkers, 0)
            stop.set()
        for talker in talkers:
            await talker.has_lost_nothing(centre)
    assert "Traceback" not in centre.said


async def more_is_said(talkers: list[Talker], further: int) -> None:
    """Wait until everybody has said one thing more, and all together so many further ones."""
    before = [len(talker.acknowledged) for talker in talkers]

    def so_much() -> bool:
        now = [len(talker.acknowledged) for talker in talkers]
        return all(now > then for now, then in zip(now, before, strict=True))

    await until(so_much, "message of everybody", within=2 * PATIENCE_S)
    wanted = sum(len(talker.acknowledged) for talker in talkers) + further
    await until(lambda: sum(len(talker.acknowledged) for talker in talkers) >= wanted, "further messages")
