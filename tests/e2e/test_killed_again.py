"""The application is killed again and again amid twenty chats of the reference client: what was acknowledged is there.

The clients do what docs/guides/chat-protocol.md tells every client to do, and nothing more. At each kill some of them
have said what is stored and never hear that it is: who gave it another name at the next try would have it stored twice.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

import httpx
import pytest

from tests.e2e.running import TENANT, RunningCentre
from tests.support.chat_client import ChatClient
from tests.support.waiting import PATIENCE_S, until

pytestmark = pytest.mark.slow

TALKERS, KILLS = 20, 3
FEW, MANY = 20, 60
"""Messages of all together between everybody's next and the kill; how many is left to chance."""
UNHEARD = 5
"""Messages at most that are stored and unanswered at a kill; how many is left to chance, but one at least."""
CREATED = 201


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with RunningCentre(tmp_path / "var", voice="off") as running:
        yield running


class Network:
    """What lies between the visitors and the application; it may bring messages there, and no answer back."""

    def __init__(self) -> None:
        self.unheard = 0
        self._answers = asyncio.Event()
        self._answers.set()

    def bring_no_answers(self) -> None:
        """From now on: who is told that a new message is stored does not hear it."""
        self.unheard = 0
        self._answers.clear()

    def bring_answers(self) -> None:
        """Who waited for one sees the connection end."""
        self._answers.set()

    async def carried(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        """The answer, when it comes through."""
        is_stored = request.url.path == "/api/v1/visitor/messages" and answer.status_code == CREATED
        if self._answers.is_set() or not is_stored:
            return answer
        await answer.aclose()
        self.unheard += 1
        await self._answers.wait()
        raise httpx.ReadError("the application died before it answered", request=request)


class Line(httpx.AsyncHTTPTransport):
    """One visitor's way through the network."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._network.carried(request, await super().handle_async_request(request))


class Talker:
    """A visitor who says one thing after another, and listens."""

    def __init__(self, centre: RunningCentre, network: Network, name: str) -> None:
        self._name = name
        self._client = ChatClient(centre.address, tenant=TENANT, name=name, transport=Line(network))
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
    chance, stop, network = random.Random(20), asyncio.Event(), Network()
    async with AsyncExitStack() as stack:
        names = [f"访客{place}" for place in range(TALKERS)]
        talkers = [await stack.enter_async_context(Talker(centre, network, name)) for name in names]
        async with asyncio.TaskGroup() as talking:
            for talker in talkers:
                talking.create_task(talker.talk_on(stop))
            for _ in range(KILLS):
                await more_is_said(talkers, chance.randint(FEW, MANY))
                await some_is_unheard(network, chance.randint(1, UNHEARD))
                await asyncio.to_thread(centre.kill)
                network.bring_answers()
                await asyncio.to_thread(centre.start)
            await more_is_said(talkers, 0)
            stop.set()
        for talker in talkers:
            await talker.has_lost_nothing(centre)
    assert "Traceback" not in centre.said


async def some_is_unheard(network: Network, wanted: int) -> None:
    """Wait until so many messages are stored whose senders do not know it."""
    network.bring_no_answers()
    await until(lambda: network.unheard >= wanted, "messages that are stored and unanswered")


async def more_is_said(talkers: list[Talker], further: int) -> None:
    """Wait until everybody has said one thing more, and all together so many further ones."""
    before = [len(talker.acknowledged) for talker in talkers]

    def so_much() -> bool:
        now = [len(talker.acknowledged) for talker in talkers]
        return all(now > then for now, then in zip(now, before, strict=True))

    await until(so_much, "message of everybody", within=2 * PATIENCE_S)
    wanted = sum(len(talker.acknowledged) for talker in talkers) + further
    await until(lambda: sum(len(talker.acknowledged) for talker in talkers) >= wanted, "further messages")
