"""The phone of the tests: what is sent to it twice is one call, and what crosses on the wire leaves no call behind."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from tests.support.waiting import PATIENCE_S
from tests.voice.support.phone import Message, Phone, parse, render


class Wire:
    """The other side, message by message."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)

    def send(self, phone: Phone, message: bytes) -> None:
        self.socket.sendto(message, ("127.0.0.1", phone.port))

    async def heard(self) -> Message:
        """The next message from the phone."""
        async with asyncio.timeout(PATIENCE_S):
            return parse(await asyncio.get_running_loop().sock_recv(self.socket, 65_536))


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    yield wire
    wire.socket.close()


@pytest.fixture
async def phone(wire: Wire) -> AsyncIterator[Phone]:
    phone = Phone(wire.socket.getsockname())
    await phone.open()
    yield phone
    await phone.vanish()


def request(method: str, *, sequence: int = 1, branch: str = "z9hG4bK1") -> bytes:
    headers = [
        ("Via", f"SIP/2.0/UDP 127.0.0.1:9;branch={branch}"),
        ("From", "<sip:13800138000@127.0.0.1>;tag=theirs"),
        ("To", "<sip:phone@127.0.0.1>"),
        ("Call-ID", "one"),
        ("CSeq", f"{sequence} {method}"),
        ("Contact", "<sip:127.0.0.1:9>"),
    ]
    return render(f"{method} sip:phone@127.0.0.1 SIP/2.0", headers)


def answer_to(asked: Message, status: str) -> bytes:
    kept = [(name, asked.get(name)) for name in ("Via", "From", "Call-ID", "CSeq")]
    return render(f"SIP/2.0 {status}", [*kept, ("To", f"{asked.get('To')};tag=theirs"), ("Contact", "<sip:x@x>")])


async def test_a_call_that_is_announced_again_is_not_answered_by_that(phone: Phone, wire: Wire) -> None:
    """Whoever has no answer within half a second says it once more (RFC 3261 §17.1.1.2), also to a slow machine."""
    for _ in range(2):
        wire.send(phone, request("INVITE"))
        assert (await wire.heard()).status == 180
    await phone.answer()
    first = await wire.heard()
    wire.send(phone, request("INVITE"))
    again = await wire.heard()
    assert (first.status, first.body != "") == (200, True)
    assert again == first
    wire.send(phone, request("INVITE", sequence=2, branch="z9hG4bK2"))
    assert (await wire.heard()).status == 200


async def test_a_rejected_call_stays_rejected(phone: Phone, wire: Wire) -> None:
    wire.send(phone, request("INVITE"))
    assert (await wire.heard()).status == 180
    await phone.decline()
    assert (await wire.heard()).status == 603
    wire.send(phone, request("INVITE"))
    assert (await wire.heard()).status == 603


async def test_who_gives_up_while_they_are_answered_hangs_up(phone: Phone, wire: Wire) -> None:
    await phone.dial("10086", caller_number="13800138000")
    invite = await wire.heard()
    giving_up = asyncio.create_task(phone.hang_up())
    assert (await wire.heard()).method == "CANCEL"
    wire.send(phone, answer_to(invite, "200 OK"))
    assert [(await wire.heard()).method for _ in range(2)] == ["ACK", "BYE"]
    await giving_up
    assert phone.is_over
