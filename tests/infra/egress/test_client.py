"""Egress: hosts of the list only, at the address that was looked up, with an end in time and size."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from careline.infra.egress import client as egress_client
from careline.infra.egress.client import SIZE_LIMIT, AnswerUnreadable, Egress, Host
from careline.kernel.errors import PermanentFailure, TransientFailure
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S

asked: list[str] = []


def site() -> FastAPI:
    app = FastAPI()

    @app.get("/here")
    async def here(request: Request) -> dict[str, str]:
        asked.append(request.headers["host"])
        return {"host": request.headers["host"]}

    @app.get("/away")
    async def away() -> Response:
        return RedirectResponse("http://169.254.169.254/latest/meta-data", 302)

    @app.get("/long")
    async def long() -> Response:
        async def more() -> AsyncIterator[bytes]:
            for _ in range(1 + SIZE_LIMIT // 65_536):
                yield b"x" * 65_536

        return StreamingResponse(more())

    @app.get("/packed")
    async def packed(encoding: str, size: int) -> Response:
        body = gzip.compress(b"x" * size) if encoding == "gzip" else b"x" * size
        return Response(body, headers={"content-encoding": encoding})

    @app.get("/cut")
    async def cut() -> Response:
        return Response(gzip.compress(b"x" * 4000)[:-12], headers={"content-encoding": "gzip"}, status_code=404)

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(0.3)

    @app.get("/silent")
    async def silent() -> None:
        await asyncio.sleep(60)

    return app


def resolves(*addresses: str) -> egress_client.Resolve:
    async def resolver(_name: str, _port: int) -> list[str]:
        return list(addresses)

    return resolver


def one_host(port: int, *, private: bool = True, scheme: str = "http") -> Host:
    return Host(name="idp.example.com", port=port, scheme=scheme, private=private)


async def test_the_name_is_asked_at_the_address_that_was_looked_up() -> None:
    async with serving(site()) as place:
        port = int(place.rpartition(":")[2])
        egress = Egress((one_host(port),), resolver=resolves("127.0.0.1"))
        answer = await egress.get(f"http://idp.example.com:{port}/here?x=1")
    assert (answer.status, answer.body) == (200, f'{{"host":"idp.example.com:{port}"}}'.encode())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.5",
        "2002:7f00:1::",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
async def test_a_private_address_is_not_asked_unless_its_host_was_named(address: str) -> None:
    egress = Egress((one_host(443, private=False, scheme="https"),), resolver=resolves(address))
    with pytest.raises(PermanentFailure, match="private network"):
        await egress.get("https://idp.example.com/x")


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example.com/",
        "http://idp.example.com/",
        "https://idp.example.com:8443/",
        "https://idp.example.com@evil.example/",
        "https://user:pass@idp.example.com/",
        "https://idp.example.com.evil.example/",
        "file:///etc/passwd",
        "gopher://idp.example.com/",
        "//idp.example.com/",
        "https://[::1/",
        "https://idp.example.com:99999/",
        "",
    ],
)
async def test_only_hosts_of_the_list_are_asked(url: str) -> None:
    async def never(_name: str, _port: int) -> list[str]:
        raise AssertionError("it must not even be looked up")

    egress = Egress((one_host(443, scheme="https"),), resolver=never)
    with pytest.raises(PermanentFailure):
        await egress.get(url)


async def test_redirects_are_not_followed_and_long_answers_are_cut() -> None:
    async with serving(site()) as place:
        port = int(place.rpartition(":")[2])
        egress = Egress((one_host(port),), resolver=resolves("127.0.0.1"))
        assert (await egress.get(f"http://idp.example.com:{port}/away")).status == 302
        with pytest.raises(PermanentFailure, match=str(SIZE_LIMIT)):
            await egress.get(f"http://idp.example.com:{port}/long")


async def test_what_comes_packed_is_bounded_before_and_after(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[int] = []
    real = zlib.decompressobj

    class Counting:
        """zlib, with an eye on how much it makes at once."""

        def __init__(self, wbits: int) -> None:
            self._real = real(wbits=wbits)

        @property
        def eof(self) -> bool:
            return self._real.eof

        def decompress(self, data: bytes, max_length: int = 0) -> bytes:
            made = self._real.decompress(data, max_length)
            unpacked.append(len(made))
            return made

    monkeypatch.setattr("careline.infra.egress.client.zlib.decompressobj", Counting)
    async with serving(site()) as place:
        port = int(place.rpartition(":")[2])
        egress = Egress((one_host(port),), resolver=resolves("127.0.0.1"))
        url = f"http://idp.example.com:{port}/packed"
        assert (await egress.get(f"{url}?encoding=gzip&size=4000")).body == b"x" * 4000
        size = 64 * 1024 * 1024
        with pytest.raises(AnswerUnreadable, match=str(SIZE_LIMIT)):
            await egress.get(f"{url}?encoding=gzip&size={size}")
        assert max(unpacked) <= SIZE_LIMIT + 1, "no more is unpacked than may be"
        with pytest.raises(AnswerUnreadable, match="nobody asked for"):
            await egress.get(f"{url}?encoding=br&size=10")
        with pytest.raises(AnswerUnreadable, match="unpacked") as refused:
            await egress.get(f"http://idp.example.com:{port}/cut")
        assert refused.value.status == 404


async def test_who_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_client, "TIMEOUT_S", 0.2)
    async with serving(site()) as place:
        port = int(place.rpartition(":")[2])
        egress = Egress((one_host(port),), resolver=resolves("127.0.0.1"))
        with pytest.raises(TransientFailure):
            await egress.get(f"http://idp.example.com:{port}/silent")


async def test_who_may_take_longer_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress_client, "TIMEOUT_S", 0.05)
    async with serving(site()) as place:
        port = int(place.rpartition(":")[2])
        egress = Egress((one_host(port),), resolver=resolves("127.0.0.1"), timeout_s=PATIENCE_S)
        assert (await egress.get(f"http://idp.example.com:{port}/slow")).status == 200


async def test_nobody_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for addresses in (("127.0.0.1",), ()):
        with pytest.raises(TransientFailure):
            await Egress((one_host(port),), resolver=resolves(*addresses)).get(f"http://idp.example.com:{port}/")


async def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with serving(site()) as place:
        port = int(place.rpartition(":")[2])
        egress = Egress((one_host(port),), resolver=resolves("127.0.0.1"))
        assert (await egress.get(f"http://idp.example.com:{port}/here")).status == 200
