"""The signalling of a browser phone (SIP over WebSocket, RFC 7118) without its media: registers, rings, declines."""

import asyncio
import hashlib
import re
import secrets

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.support.waiting import PATIENCE_S
from tests.voice.support.phone import Message, parse, render

_HOST = "phone.invalid"


class WebPhone:
    """Speaks over a WebSocket that the test opened. ``asked`` holds the requests that came."""

    def __init__(self, socket: ClientConnection, endpoint: str, secret: str, *, shown: str | None = None) -> None:
        self.endpoint, self._secret, self._shown = endpoint, secret, shown or endpoint
        self.asked: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._socket = socket
        self._call_id = secrets.token_hex(8)
        self._tag = secrets.token_hex(4)
        self._sequence = 0
        self._reading = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Leave."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._socket.close()

    async def register(self, expires: int = 60) -> int:
        """Register with digest; returns the last status."""
        return await self._with_digest("REGISTER", "sip:127.0.0.1", [("Expires", str(expires))])

    async def invite(self, number: str) -> int:
        """Call a number, without media worth the name; returns the first final or provisional status above 100."""
        return await self._with_digest("INVITE", f"sip:{number}@127.0.0.1", [], _SDP)

    async def respond(self, request: Message, status: str) -> None:
        """Answer a request."""
        to = f"{request.get('To')};tag={self._tag}"
        headers = [*request.all("Via"), ("From", request.get("From")), ("To", to)]
        headers += [("Call-ID", request.get("Call-ID")), ("CSeq", request.get("CSeq"))]
        await self._socket.send(render(f"SIP/2.0 {status}", headers).decode())

    async def _with_digest(self, method: str, uri: str, extra: list[tuple[str, str]], body: str = "") -> int:
        answer = await self._ask(method, uri, extra, body)
        if answer.status == 401:
            challenge = answer.get("WWW-Authenticate")
            found = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge.removeprefix("Digest ")))
            answer = await self._ask(method, uri, [*extra, ("Authorization", self._digest(method, uri, found))], body)
        return answer.status

    async def _ask(self, method: str, uri: str, extra: list[tuple[str, str]], body: str) -> Message:
        self._sequence += 1
        own = f"sip:{self._shown}@127.0.0.1"
        headers = [
            ("Via", f"SIP/2.0/WS {_HOST};branch=z9hG4bK{secrets.token_hex(6)}"),
            ("Max-Forwards", "70"),
            ("From", f"<{own}>;tag={self._tag}"),
            ("To", f"<{own if method == 'REGISTER' else uri}>"),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._sequence} {method}"),
            ("Contact", f"<sip:{self.endpoint}@{_HOST};transport=ws>"),
            *extra,
        ]
        await self._socket.send(render(f"{method} {uri} SIP/2.0", headers, body).decode())
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = await self._answers.get()
                if answer.status > 100 and answer.get("CSeq") == f"{self._sequence} {method}":
                    return answer

    def _digest(self, method: str, uri: str, challenge: dict[str, str]) -> str:
        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        cnonce = secrets.token_hex(4)
        first = md5(f"{self.endpoint}:{challenge['realm']}:{self._secret}")
        second = md5(f"{method}:{uri}")
        response = md5(f"{first}:{challenge['nonce']}:00000001:{cnonce}:auth:{second}")
        parts = {"username": self.endpoint, "realm": challenge["realm"], "nonce": challenge["nonce"], "uri": uri}
        parts |= {"response": response, "cnonce": cnonce, "opaque": challenge.get("opaque", "")}
        quoted = ", ".join(f'{key}="{value}"' for key, value in parts.items())
        return f"Digest {quoted}, algorithm=MD5, qop=auth, nc=00000001"

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                message = parse(frame.encode() if isinstance(frame, str) else frame)
                await (self.asked if message.is_request else self._answers).put(message)
        except ConnectionClosed:
            return


_SDP = "\r\n".join(
    [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 8 101",
        "c=IN IP4 127.0.0.1",
        "a=mid:0",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
        "a=fingerprint:sha-256 " + ":".join(["AB"] * 32),
        "a=setup:actpass",
        "a=rtcp-mux",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=sendrecv",
        "",
    ]
)
