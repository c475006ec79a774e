"""A small SIP phone (RFC 3261 over UDP) that a test plays step by step: it calls, is called, and talks.

It knows what a test needs: INVITE both ways, CANCEL, BYE, A-law, RFC 4733 keys. Loopback loses nothing, so it sends
nothing twice of its own accord, and answers what is sent to it twice.
"""

import asyncio
import contextlib
import re
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from tests.support.waiting import PATIENCE_S
from tests.voice.support.rtp import RtpVoice


@dataclass
class Message:
    """A SIP message: its first line, its headers in order, its body."""

    start: str
    headers: list[tuple[str, str]]
    body: str = ""

    @property
    def is_request(self) -> bool:
        return not self.start.startswith("SIP/2.0")

    @property
    def method(self) -> str:
        return self.start.split(" ", 1)[0] if self.is_request else self.get("CSeq").split()[1]

    @property
    def status(self) -> int:
        return 0 if self.is_request else int(self.start.split()[1])

    def get(self, name: str) -> str:
        """The first header of a name; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name: str) -> list[tuple[str, str]]:
        """Every header of a name."""
        return [(key, value) for key, value in self.headers if key.lower() == name.lower()]


def parse(data: bytes) -> Message:
    """Read a message."""
    head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    lines = head.split("\r\n")
    headers = [(line.split(":", 1)[0].strip(), line.split(":", 1)[1].strip()) for line in lines[1:] if ":" in line]
    return Message(lines[0], headers, body)


def render(start: str, headers: list[tuple[str, str]], body: str = "") -> bytes:
    """Write a message."""
    content = body.encode()
    lines = [start, *(f"{key}: {value}" for key, value in headers)]
    if body:
        lines.append("Content-Type: application/sdp")
    lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@dataclass
class Ring:
    """What the phone shows while it rings."""

    caller_number: str
    caller_name: str
    call_ref: str


@dataclass
class _Dialog:
    """One call. ``local`` and ``remote`` are From/To values with tags; ``route`` is where requests go."""

    call_id: str
    local: str
    remote: str
    target: str
    sequence: int = 1
    invite: Message | None = None
    branch: str = ""
    answered: bool = False
    responded: bytes = b""
    """What their INVITE was answered last."""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    statuses: list[int] = field(default_factory=list)


def _is_again(request: Message, first: Message | None) -> bool:
    """Whether this is the request that came before, sent once more (RFC 3261 §17.2.3), and no new one in its call."""
    return first is not None and all(request.get(name) == first.get(name) for name in ("Via", "CSeq"))


class Phone(asyncio.DatagramProtocol):
    """A phone with one line. ``hertz`` is the tone it says; 0 for silence."""

    def __init__(self, server: tuple[str, int], *, name: str = "phone", hertz: float = 0) -> None:
        self.name = name
        self.voice = RtpVoice(hertz)
        self.host, self.port = "127.0.0.1", 0
        self._server = server
        self._media_port = 0
        self._transport: asyncio.DatagramTransport | None = None
        self._dialog: _Dialog | None = None
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Take ports."""
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((self.host, 0))
        one.setblocking(False)
        self.port = one.getsockname()[1]
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, sock=one)
        self._transport = transport
        self._media_port = await self.voice.open()

    async def close(self) -> None:
        """Hang up if need be and let the ports go."""
        if self._dialog is not None and not self._dialog.over.is_set():
            await self.hang_up()
        await self.vanish()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def vanish(self) -> None:
        """Be gone without a word, as a phone that lost its network."""
        self._dialog = None
        await self.voice.close()
        if self._transport is not None:
            self._transport.close()

    @property
    def uri(self) -> str:
        """Where it can be called."""
        return f"sip:{self.name}@{self.host}:{self.port}"

    @property
    def is_over(self) -> bool:
        """Whether the call ended, whoever ended it."""
        return self._call().over.is_set()

    # -- what a person does --------------------------------------------------------------------------------

    async def dial(self, number: str, *, caller_number: str | None, extra: list[tuple[str, str]] | None = None) -> None:
        """Call; returns at once. A caller without a number is anonymous (RFC 3323)."""
        user = caller_number or "anonymous"
        host = self.host if caller_number else "anonymous.invalid"
        own = f"<sip:{user}@{host}>;tag={secrets.token_hex(4)}"
        target = f"sip:{number}@{self._server[0]}:{self._server[1]}"
        dialog = self._dialog = _Dialog(secrets.token_hex(8), own, f"<{target}>", target)
        dialog.branch = f"z9hG4bK{secrets.token_hex(8)}"
        headers = [*self._headers(dialog, "INVITE", dialog.branch), *(extra or [])]
        self._send(render(f"INVITE {target} SIP/2.0", headers, self._sdp()))

    async def until_status(self, least: int, within: float = PATIENCE_S) -> int:
        """Wait for an answer of at least this status to our INVITE and return it."""
        dialog = self._call()
        await self._until(lambda: any(one >= least for one in dialog.statuses), f"status {least}", within)
        return max(dialog.statuses)

    async def rings(self, within: float = PATIENCE_S) -> Ring:
        """Wait until somebody calls."""
        await self._until(
            lambda: self._dialog is not None and self._dialog.invite is not None and not self._dialog.over.is_set(),
            "a call",
            within,
        )
        invite = self._call().invite
        assert invite is not None
        shown = re.match(r'(?:"?([^"<]*?)"?\s*)?<sips?:([^@>]*)@', invite.get("From"))
        assert shown is not None, invite.get("From")
        number = re.sub(r"%([0-9A-Fa-f]{2})", lambda hit: chr(int(hit[1], 16)), shown[2])
        return Ring(number, shown[1] or "", invite.get("X-Call-Ref"))

    async def answer(self) -> None:
        """Pick up what rings."""
        dialog = self._call()
        assert dialog.invite is not None
        dialog.answered = True
        self._respond(dialog.invite, "200 OK", self._sdp())
        self._talk(dialog.invite.body)

    async def decline(self, status: str = "603 Decline") -> None:
        """Reject what rings."""
        dialog = self._call()
        assert dialog.invite is not None
        self._respond(dialog.invite, status)
        dialog.over.set()

    async def press(self, keys: str) -> None:
        """Press keys."""
        await self.voice.press(keys)

    async def hang_up(self) -> None:
        """BYE after the answer, CANCEL before it (or a rejection, of a call to us)."""
        dialog = self._call()
        if dialog.over.is_set():
            return
        if dialog.answered:
            self._bye(dialog)
        elif dialog.invite is not None:
            await self.decline()
        else:
            self._send(render(f"CANCEL {dialog.target} SIP/2.0", self._headers(dialog, "CANCEL", dialog.branch)))
            with contextlib.suppress(AssertionError):
                await self.until_status(200)
            if self._call().answered:  # at the same moment: the call is there all the same
                self._bye(dialog)
        await asyncio.sleep(0.02)

    async def until_over(self, within: float = PATIENCE_S) -> None:
        """Wait until the other side ended the call."""
        await self._until(self._call().over.is_set, "the end", within)

    # -- what the wire brings ------------------------------------------------------------------------------

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        message = parse(data)
        task = asyncio.create_task(self._received(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _received(self, message: Message) -> None:
        if message.is_request:
            self._asked(message)
        else:
            self._answered(message)
        async with self._changed:
            self._changed.notify_all()

    def _asked(self, request: Message) -> None:
        dialog = self._dialog
        same = dialog is not None and dialog.call_id == request.get("Call-ID")
        if request.method == "INVITE" and not same:
            if dialog is not None and not dialog.over.is_set():
                self._respond(request, "486 Busy Here")
                return
            contact = re.search(r"<([^>]+)>", request.get("Contact"))
            self._dialog = _Dialog(
                request.get("Call-ID"),
                f"{request.get('To')};tag={secrets.token_hex(4)}",
                request.get("From"),
                contact[1] if contact else "",
                invite=request,
            )
            self._respond(request, "180 Ringing")
        elif request.method == "INVITE" and dialog is not None and _is_again(request, dialog.invite):
            self._send(dialog.responded)  # an answer that was late: asked anew, it is no other one
        elif request.method == "INVITE" and dialog is not None:
            self._respond(request, "200 OK", self._sdp())
            self._talk(request.body)
        elif request.method == "CANCEL" and same and dialog is not None and dialog.invite is not None:
            self._respond(request, "200 OK")
            self._respond(dialog.invite, "487 Request Terminated")
            dialog.over.set()
        elif request.method == "BYE":
            self._respond(request, "200 OK")
            if same and dialog is not None:
                dialog.over.set()
        elif request.method != "ACK":
            self._respond(request, "200 OK")

    def _answered(self, response: Message) -> None:
        dialog = self._dialog
        if dialog is None or response.method != "INVITE" or response.get("Call-ID") != dialog.call_id:
            return
        dialog.statuses.append(response.status)
        if response.status < 200:
            if response.body:
                self._talk(response.body)
            return
        dialog.remote = response.get("To")
        contact = re.search(r"<([^>]+)>", response.get("Contact"))
        branch = dialog.branch
        if response.status < 300:
            dialog.target = contact[1] if contact else dialog.target
            branch = f"z9hG4bK{secrets.token_hex(8)}"
            dialog.answered = True
            self._talk(response.body)
        else:
            dialog.over.set()
        self._send(render(f"ACK {dialog.target} SIP/2.0", self._headers(dialog, "ACK", branch)))

    # -- inside --------------------------------------------------------------------------------------------

    def _bye(self, dialog: _Dialog) -> None:
        dialog.sequence += 1
        branch = f"z9hG4bK{secrets.token_hex(8)}"
        self._send(render(f"BYE {dialog.target} SIP/2.0", self._headers(dialog, "BYE", branch)))
        dialog.over.set()

    def _call(self) -> _Dialog:
        assert self._dialog is not None, f"{self.name} has no call"
        return self._dialog

    async def _until(self, true: Callable[[], bool], what: str, within: float) -> None:
        async with self._changed:
            try:
                async with asyncio.timeout(within):
                    await self._changed.wait_for(true)
            except TimeoutError:
                dialog = self._dialog
                told = dialog.statuses if dialog else "no call"
                raise AssertionError(f"{self.name}: no {what} within {within} s ({told})") from None

    def _headers(self, dialog: _Dialog, method: str, branch: str) -> list[tuple[str, str]]:
        to = dialog.remote if method != "CANCEL" else dialog.remote.split(";tag=")[0]
        return [
            ("Via", f"SIP/2.0/UDP {self.host}:{self.port};branch={branch}"),
            ("Max-Forwards", "70"),
            ("From", dialog.local),
            ("To", to),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{dialog.sequence} {method}"),
            ("Contact", f"<{self.uri}>"),
        ]

    def _respond(self, request: Message, status: str, body: str = "") -> None:
        to = request.get("To")
        if ";tag=" not in to and self._dialog is not None and self._dialog.call_id == request.get("Call-ID"):
            to = self._dialog.local
        headers = [*request.all("Via"), *request.all("Record-Route")]
        headers += [("From", request.get("From")), ("To", to), ("Call-ID", request.get("Call-ID"))]
        headers += [("CSeq", request.get("CSeq")), ("Contact", f"<{self.uri}>")]
        response = render(f"SIP/2.0 {status}", headers, body)
        if self._dialog is not None and request is self._dialog.invite:
            self._dialog.responded = response
        self._send(response)

    def _talk(self, body: str) -> None:
        host = re.search(r"^c=IN IP4 (\S+)", body, re.M)
        port = re.search(r"^m=audio (\d+)", body, re.M)
        if host and port:
            self.voice.start((host[1], int(port[1])))

    def _sdp(self) -> str:
        lines = ["v=0", f"o=phone 1 1 IN IP4 {self.host}", "s=-", f"c=IN IP4 {self.host}", "t=0 0"]
        lines += [f"m=audio {self._media_port} RTP/AVP 8 101", "a=rtpmap:8 PCMA/8000"]
        lines += ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv", ""]
        return "\r\n".join(lines)

    def _send(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.sendto(data, self._server)
