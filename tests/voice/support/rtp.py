"""The voice of a test phone: A-law over RTP in packets of 20 ms, keys after RFC 4733."""

import asyncio
import contextlib
import random
import socket
import struct

from tests.voice.support.tones import from_alaw, to_alaw, tone

PACKET = 160
KEYS = "0123456789*#"
_EVENT_TYPE = 101


class RtpVoice(asyncio.DatagramProtocol):
    """Sends a tone (or silence) once ``start`` was called, and keeps what it hears in ``heard``.

    ``keys_heard`` are the keys that came as telephone events, in order.
    """

    def __init__(self, hertz: float) -> None:
        self.hertz = hertz
        self.heard: list[int] = []
        self.packets = 0
        self.keys_heard = ""
        self._event_at: int | None = None
        self._peer: tuple[str, int] | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._sending: asyncio.Task[None] | None = None
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._sequence = random.randrange(1 << 15)
        self._stamp = random.randrange(1 << 30)
        self._source = random.randrange(1 << 32)
        self._sample = 0

    async def open(self) -> int:
        """Take a port and return it."""
        loop = asyncio.get_running_loop()
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        one.setblocking(False)
        transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=one)
        self._transport = transport
        return int(one.getsockname()[1])

    def start(self, peer: tuple[str, int]) -> None:
        """Talk to an address."""
        self._peer = peer
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Fall silent."""
        if self._sending is not None:
            self._sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sending
        if self._transport is not None:
            self._transport.close()

    async def press(self, keys: str) -> None:
        """Press keys one after another, 80 ms each with a pause of 60 ms."""
        for key in keys:
            self._keys.put_nowait(key)
        while not self._keys.empty():
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if len(data) > 12 and data[1] & 0x7F == 8:
            self.packets += 1
            self.heard.extend(from_alaw(data[12:]))
        elif len(data) > 12 and data[1] & 0x7F == _EVENT_TYPE:
            # All packets of one event carry the moment of its beginning (RFC 4733 §2.1).
            began = int.from_bytes(data[4:8])
            if began != self._event_at:
                self.keys_heard += KEYS[data[12]]
            self._event_at = began

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            if self._keys.empty():
                samples = tone(self.hertz, PACKET / 8000, start=self._sample) if self.hertz else [0] * PACKET
                self._sample += PACKET
                self._packet(8, to_alaw(samples))
                self._stamp += PACKET
                due += 0.02
                await asyncio.sleep(max(0.0, due - loop.time()))
            else:
                await self._key(KEYS.index(self._keys.get_nowait()))
                due = loop.time()

    async def _key(self, code: int) -> None:
        for turn in range(1, 8):
            last = turn > 4
            duration = PACKET * min(turn, 4)
            self._packet(_EVENT_TYPE, struct.pack("!BBH", code, 0x8A if last else 0x0A, duration))
            await asyncio.sleep(0 if last and turn < 7 else 0.02)
        self._stamp += PACKET * 7
        await asyncio.sleep(0.06)

    def _packet(self, kind: int, payload: bytes) -> None:
        assert self._transport is not None
        self._sequence = (self._sequence + 1) & 0xFFFF
        head = struct.pack("!BBHII", 0x80, kind, self._sequence, self._stamp & 0xFFFFFFFF, self._source)
        self._transport.sendto(head + payload, self._peer)
