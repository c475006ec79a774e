"""The protocol of the guide against a running server, with the reference client, and with clients that mean ill."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from careline.infra.http import UserSession, Visitor
from careline.infra.realtime.connection import Principal
from careline.infra.realtime.endpoint import realtime_endpoint
from careline.infra.web.app import prepare
from careline.kernel.errors import NotSignedIn
from careline.modules.contact.conversations.services.uploads import FileLimits
from careline.modules.contact.conversations.wiring import Limits
from tests.support.chat_client import ChatClient, Refused
from tests.support.contacts import Contacts
from tests.support.office import Office
from tests.support.pictures import jpeg, png
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S, until

PICTURE = png(40, 30)
VOICE = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(range(256)) * 700


class Known:
    """Visitors by their token; staff come another way."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts

    async def user(self, request: HTTPConnection) -> UserSession:
        raise NotSignedIn("not-signed-in")

    async def visitor(self, request: HTTPConnection) -> Visitor:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return await self._contacts.conversations.visitor_of(token)

    async def principal(self, _websocket: HTTPConnection, token: str | None) -> Principal:
        return Principal(actor=(await self._contacts.conversations.visitor_of(token or "")).actor)


class Running:
    """A centre that is served, and its people."""

    def __init__(self, contacts: Contacts, address: str) -> None:
        self.contacts = contacts
        self.host, _, port = address.partition(":")
        self.port = int(port)
        self.server = f"http://{address}"

    def client(self, **more: Any) -> ChatClient:
        return ChatClient(self.server, tenant="demo", **more)


class RoughNetwork(httpx.AsyncHTTPTransport):
    """Loses what is sent, or its answer, and brings it twice, also long after: as it chances, the same each time."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._chance = random.Random(seed)
        self._seen: list[httpx.Request] = []
        self.late: list[asyncio.Task[None]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/visitor/messages") or request.method != "POST":
            return await super().handle_async_request(request)
        self._seen.append(request)
        match self._chance.randrange(6):
            case 0:
                raise httpx.ConnectError("lost on the way")
            case 1:
                await (await super().handle_async_request(request)).aread()
                raise httpx.ReadError("the answer was lost")
            case 2:
                self.late.append(asyncio.create_task(self._again(request)))
            case 3:
                self.late.append(asyncio.create_task(self._again(self._chance.choice(self._seen))))
        return await super().handle_async_request(request)

    async def _again(self, request: httpx.Request) -> None:
        with suppress(httpx.TransportError):
            await (await super().handle_async_request(request)).aread()


@pytest.fixture
async def running(office: Office, tmp_path: object) -> AsyncIterator[Running]:
    limits = Limits(speaking_burst=10_000, sending_burst=50, places_round_s=0, files=FileLimits(stall_s=1))
    contacts = Contacts(office, tmp_path, limits)  # type: ignore[arg-type]
    await contacts.start()
    known = Known(contacts)
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(contacts.module.router(), prefix="/api/v1")
    app.router.routes.append(contacts.module.files)
    app.router.routes.append(realtime_endpoint(contacts.hub, known.principal, contacts.clock))
    prepare(app, known, file_paths="/api/v1/visitor/files")
    async with office.doors(contacts.router()) as contacts.doors, serving(app) as address:
        yield Running(contacts, address)
        await contacts.hub.close()
    await contacts.stop()


async def test_a_chat_from_the_first_word_to_a_picture_and_a_voice(running: Running) -> None:
    agent = await running.contacts.agent()
    async with running.client(name="李辉") as chat:
        first = await chat.say("宽带断了")
        async with chat.listening():
            await chat.until(lambda: chat.state == "flow")
            interaction = await running.contacts.interaction(UUID(first["interaction_id"]))
            await running.contacts.asks_for_a_person(interaction)
            await running.contacts.accepts(agent)
            await chat.until(lambda: chat.state == "chatting")
            base = f"/conversations/{interaction.conversation_id}"
            await running.contacts.replies(agent, interaction.conversation_id, "拍张照片给我")
            picture = await chat.send_file("路由器.png", PICTURE)
            voice = await chat.send_file("", VOICE, duration_ms=1500)
            assert (await running.contacts.sends(agent, jpeg(9, 9), name="接口.jpg", path=base)).status_code == 201
            await chat.until(lambda: "接口.jpg" in chat.texts)
        assert chat.texts == ["宽带断了", "拍张照片给我", "路由器.png", "sound.webm", "接口.jpg"]
        assert [await chat.file(one) for one in (picture, voice)] == [PICTURE, VOICE]


async def test_the_same_conversation_on_a_second_device_and_through_cuts(running: Running) -> None:
    async with running.client() as phone:
        await phone.say("1")
        async with running.client(token=phone.token or "") as tablet, phone.listening(), tablet.listening():
            for number in range(2, 30):
                sender = (phone, tablet)[number % 2]
                if number % 5 == 0:
                    await sender.send_file(str(number), PICTURE)
                else:
                    await sender.say(str(number))
                if number % 7 == 0 and sender.line is not None:
                    sender.line.transport.abort()
            for device in (phone, tablet):
                await device.until(lambda device=device: len(device.texts) == 29)  # type: ignore[misc]
            said = [text.removesuffix(".png") for text in phone.texts]
            assert said == [str(number) for number in range(1, 30)]
            assert tablet.messages == phone.messages


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_the_network_loses_doubles_and_delays_each_message_is_there_once_in_order(
    running: Running, seed: int
) -> None:
    networks = [RoughNetwork(2 * seed), RoughNetwork(2 * seed + 1)]
    said = {device: [f"{device} {number}" for number in range(25)] for device in ("phone", "tablet")}
    async with running.client(transport=networks[0]) as phone:
        await phone.say("begin")
        async with running.client(token=phone.token, transport=networks[1]) as tablet, phone.listening():

            async def says(client: ChatClient, texts: list[str]) -> None:
                for text in texts:
                    await client.say(text)
                    if client.line is not None and len(client.messages) % 5 == 0:
                        client.line.transport.abort()

            await asyncio.gather(says(phone, said["phone"]), says(tablet, said["tablet"]))
            await asyncio.gather(*networks[0].late, *networks[1].late)
            await phone.until(lambda: len(phone.texts) == 51)
            await tablet.catch_up()
    assert sum(len(network.late) for network in networks) > 3, "it was rough"
    assert tablet.messages == phone.messages
    assert sorted(phone.messages) == list(range(1, 52))
    for device, texts in said.items():
        assert [text for text in phone.texts if text.startswith(device)] == texts


async def test_marks_are_told_and_what_is_unknown_ends_nothing(running: Running) -> None:
    agent = await running.contacts.agent()
    async with running.client() as chat:
        first = await chat.say("在吗")
        interaction = await running.contacts.interaction(UUID(first["interaction_id"]))
        await running.contacts.asks_for_a_person(interaction)
        await running.contacts.accepts(agent)
        base = f"/conversations/{interaction.conversation_id}"
        async with chat.listening():
            await chat.until(lambda: chat.state == "chatting")
            assert (await running.contacts.doors.post(agent, f"{base}/read", {"seq": 1})).status_code == 204
            assert (await running.contacts.doors.post(agent, f"{base}/typing", None)).status_code == 204
            await chat.until(lambda: chat.agent_read == 1 and chat.agent_typed == 1)
            await chat.read(1)
            await chat.typing()
            await chat.end()
            await chat.until(lambda: chat.state == "ended")
        hello = {"t": "hello", "v": 1, "visitor": chat.token, "colour": "blue"}
        async with connect(f"ws://{running.host}:{running.port}/rt/v1") as line:
            for frame in (
                hello,
                {"t": "cmd", "id": "1", "name": "sing", "data": {}},
                {"t": "sub", "topic": "weather:1"},
                {"t": "ping", "loud": True},
            ):
                await line.send(json.dumps(frame))
            answers = [json.loads(await line.recv()) for _ in range(4)]
        assert [one["t"] for one in answers] == ["welcome", "err", "err", "pong"]
        assert (answers[1]["id"], answers[1]["code"]) == ("1", "command-unknown")
        assert (answers[2]["id"], answers[2]["topic"]) == (None, "weather:1")


async def test_a_file_that_is_cut_off_and_sent_again_is_there_once(running: Running) -> None:
    async with running.client() as chat:
        await chat.say("看图")
        name = str(uuid4())
        for length in (10, len(VOICE) // 2, len(VOICE) - 1):
            await half_a_file(running, chat, name, VOICE[:length], len(VOICE))
        await until(lambda: running.contacts.on_disk() == [], "end of what was cut off")
        assert (await chat.send_file("", VOICE, duration_ms=900, client_id=name))["seq"] == 2
        assert (await chat.send_file("", VOICE, duration_ms=900, client_id=name))["seq"] == 2
        await until(lambda: len(running.contacts.on_disk()) == 1, "end of what was cut off, beside the one file")


async def half_a_file(running: Running, chat: ChatClient, name: str, content: bytes, told: int) -> None:
    """A body that ends before its length, as on a train into a tunnel."""
    reader, writer = await asyncio.open_connection(running.host, running.port)
    writer.write(head(chat, name, f"Content-Length: {told}") + content)
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.transport.abort()
    with suppress(ConnectionError):
        await reader.read()


def head(chat: ChatClient, name: str, *more: str) -> bytes:
    lines = [
        f"POST /api/v1/visitor/files?client_id={name}&name=x HTTP/1.1",
        "Host: careline.test",
        f"Authorization: Bearer {chat.token}",
        *more,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def answered(running: Running, request: bytes) -> bytes:
    """What a raw request is told, until the server ends the connection."""
    reader, writer = await asyncio.open_connection(running.host, running.port)
    writer.write(request)
    with suppress(ConnectionError):
        await writer.drain()
    told = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE_S):
            while b"}" not in told and (part := await reader.read(65_536)):
                told += part
    writer.close()
    return told


async def test_uploads_that_mean_ill_are_cut_off_and_others_go_on(running: Running) -> None:
    async with running.client() as good, running.client() as ill:
        await good.say("在")
        stalled = await answered(running, head(ill, str(uuid4()), "Content-Length: 5000") + PICTURE[:20])
        assert b" 408 " in stalled
        assert b"upload-stalled" in stalled
        told_too_much = await answered(running, head(ill, str(uuid4()), "Content-Length: 99999999999"))
        assert b" 413 " in told_too_much
        endless = head(ill, str(uuid4()), "Transfer-Encoding: chunked")
        endless += (b"100000\r\n" + b"\x00" * 0x100000 + b"\r\n") * 11
        assert b" 413 " in await answered(running, endless)
        negative = await answered(running, head(ill, str(uuid4()), "Content-Length: -5") + b"x")
        assert b" 400 " in negative or negative == b""
        both = head(ill, str(uuid4()), "Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n"
        assert b"HTTP/1.1 2" not in await answered(running, both)
        lines = [asyncio.create_task(answered(running, head(ill, str(uuid4()), "Content-Length: 9"))) for _ in range(9)]
        assert (await good.send_file("a.png", PICTURE))["seq"] == 2
        assert any(b" 429 " in one for one in await asyncio.gather(*lines))
        with pytest.raises(Refused, match="file-type-refused"):
            await good.send_file("a.svg", b"<svg onload='alert(1)'/>")
        await until(lambda: len(running.contacts.on_disk()) == 1, "end of what was cut off, beside the one file")


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["{"], 4400),
        ([json.dumps({"t": "hello", "v": 2})], 4400),
        ([json.dumps({"t": "hello", "v": 1, "visitor": "nobody"})], 4401),
        (["hello", json.dumps({"t": "sub", "topic": "x" * 20_000})], 4413),
        (["hello", json.dumps({"t": "what"})], 4400),
        (["hello", *[json.dumps({"t": "ping"})] * 400], 4429),
    ],
)
async def test_lines_that_mean_ill_are_cut_off_with_a_code_and_others_go_on(
    running: Running, frames: list[str], code: int
) -> None:
    async with running.client() as good, running.client() as ill:
        await good.say("1")
        async with good.listening():
            await good.until(lambda: good.state == "flow")
            hello = json.dumps({"t": "hello", "v": 1, "visitor": ill.token})
            async with connect(f"ws://{running.host}:{running.port}/rt/v1") as line:
                with suppress(ConnectionClosed):
                    for frame in frames:
                        await line.send(hello if frame == "hello" else frame)
                with suppress(ConnectionClosed):
                    async with asyncio.timeout(PATIENCE_S):
                        while True:
                            await line.recv()
                assert line.close_code == code
            async with running.client(token=good.token or "") as tablet:
                await tablet.say("2")
            await good.until(lambda: good.texts == ["1", "2"])


async def test_paths_that_mean_ill_lead_nowhere(running: Running) -> None:
    async with running.client() as chat:
        await chat.send_file("a.png", PICTURE)
        for path in ("/files/", "/files/../keys/files.key", "/files/%2e%2e%2fkeys%2ffiles.key", "/files/" + "A" * 8000):
            with socket.create_connection((running.host, running.port)) as raw:
                raw.settimeout(PATIENCE_S)
                raw.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                assert (await asyncio.to_thread(raw.recv, 4096)).split()[1] in (b"404", b"400")


async def test_another_clients_file_is_not_there(running: Running) -> None:
    async with running.client() as mine, running.client() as theirs:
        message = await mine.send_file("a.png", PICTURE)
        await theirs.say("x")
        with pytest.raises(Refused, match="file-not-found"):
            await theirs.file(message)


async def test_a_line_that_is_cut_or_refused_before_it_stands_is_tried_again() -> None:
    """As when the server is killed amid a handshake, and as long as it is not ready again."""
    tries = 0

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        await reader.readuntil(b"\r\n\r\n")
        tries += 1
        if tries % 2:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        chat = ChatClient(f"http://{host}:{port}", tenant="demo", token="known")
        async with chat.listening():
            await until(lambda: tries > 2, "third try")
