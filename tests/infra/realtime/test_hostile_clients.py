"""Whatever one client sends, it is cut off with a code that says why, and the others go on as if it were not there."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode

from tests.infra.realtime.test_endpoint import World, close_code, received, send, world
from tests.support.waiting import PATIENCE_S

pytestmark = pytest.mark.slow

Deed = Callable[[ClientConnection], Awaitable[None]]

DEEP = 20_000
"""Levels; deeper than any parser that calls itself may go."""


def says(frame: str | bytes) -> Deed:
    async def deed(client: ClientConnection) -> None:
        await client.send(frame)

    return deed


async def floods_with_pings(client: ClientConnection) -> None:
    for _ in range(2_000):
        await send(client, t="ping")


async def floods_with_topics(client: ClientConnection) -> None:
    for number in range(2_000):
        await send(client, t="sub", topic=f"cases:{number}", **{"from": None})


async def floods_with_commands(client: ClientConnection) -> None:
    for number in range(2_000):
        await send(client, t="cmd", id=str(number), name="x", data={})


async def sends_one_in_pieces_without_end(client: ClientConnection) -> None:
    async def pieces() -> object:
        for _ in range(1_000):
            yield "x" * 1_000

    await client.send(pieces())  # type: ignore[arg-type]


async def breaks_the_protocol(client: ClientConnection) -> None:
    client.transport.write(bytes([0x80 | Opcode.TEXT, 0x05]) + b"naked")  # a client's frames are masked


@pytest.mark.parametrize(
    ("deed", "codes"),
    [
        pytest.param(says("nonsense"), {4400}, id="no-json"),
        pytest.param(says("[" * DEEP), {4400, 4413}, id="deep-arrays"),
        pytest.param(says('{"t":"cmd","id":"1","name":"x","data":' + '{"a":' * 3_000), {4400, 4413}, id="deep-data"),
        pytest.param(says('{"t":"dance"}'), {4400}, id="unknown-frame"),
        pytest.param(says('{"t":"sub","topic":7}'), {4400}, id="wrong-type"),
        pytest.param(says('{"t":"sub","topic":"cases","from":' + "9" * 5_000 + "}"), {4400}, id="huge-number"),
        pytest.param(says('{"t":"hello","v":1}'), {4400}, id="hello-twice"),
        pytest.param(says(b"\x00" * 100), {4400}, id="binary"),
        pytest.param(says("x" * 1_000_000), {4413, 1009}, id="oversized"),
        pytest.param(sends_one_in_pieces_without_end, {4413, 1009}, id="oversized-in-pieces"),
        pytest.param(breaks_the_protocol, {1002}, id="unmasked"),
        pytest.param(floods_with_pings, {4429}, id="flood-of-pings"),
        pytest.param(floods_with_topics, {4429}, id="flood-of-topics"),
        pytest.param(floods_with_commands, {4429}, id="flood-of-commands"),
    ],
)
async def test_who_misbehaves_is_cut_off_and_others_go_on(deed: Deed, codes: set[int]) -> None:
    async with world() as here, here.joined() as good:
        await send(good, t="sub", topic="cases", **{"from": None})
        assert (await received(good))["t"] == "subbed"
        async with here.joined() as bad:
            misbehaving = asyncio.create_task(misbehaves(bad, deed))
            for number in range(50):
                here.publish({"n": number})
                assert (await received(good))["data"] == {"n": number}
            assert await ended(bad) in codes
            await misbehaving
        await here.followers(1)
        await send(good, t="ping")
        assert await received(good) == {"t": "pong"}


async def test_a_hundred_at_once_do_not_take_the_others_along() -> None:
    async with world(connections_per_actor=200) as here, here.joined() as good:
        await send(good, t="sub", topic="cases", **{"from": None})
        assert (await received(good))["t"] == "subbed"
        codes = await asyncio.gather(*(one_of_many(here, number) for number in range(100)))
        assert set(codes) <= {4400, 4413, 1009}
        here.publish({"n": "after"})
        assert (await received(good))["data"] == {"n": "after"}


async def one_of_many(here: World, number: int) -> int | None:
    async with here.joined() as bad:
        await misbehaves(bad, says(("{", "x" * 100_000, json.dumps({"t": number}))[number % 3]))
        return await close_code(bad)


async def misbehaves(client: ClientConnection, deed: Deed) -> None:
    with suppress(ConnectionClosed):  # cut off in the middle of it
        await deed(client)


async def ended(client: ClientConnection) -> int | None:
    """The code that the server gave; what it said before is of no interest."""
    async with asyncio.timeout(PATIENCE_S):
        try:
            while True:
                await client.recv()
        except ConnectionClosed:
            return client.close_code
