"""The one client for HTTP out of the house."""

import asyncio
import ipaddress
import socket
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from careline.kernel.errors import PermanentFailure, TransientFailure

TIMEOUT_S = 10.0
SIZE_LIMIT = 256 * 1024
"""Bytes of an answer, unless more is expected. What is asked for here is small; who sends more wants something else."""

Resolve = Callable[[str, int], Awaitable[list[str]]]


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A host that may be asked. ``private`` lets it lie in a private network or on this machine, also without TLS."""

    name: str
    port: int
    scheme: str = "https"
    private: bool = False


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back, whole."""

    status: int
    content_type: str
    body: bytes


async def resolve(name: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class TimedOut(TransientFailure):
    """Whoever was asked did not answer in time."""


class AnswerUnreadable(PermanentFailure):
    """What came back with this status is too long, or packed in a way that nobody asked for."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Egress:
    """Asks hosts of the list. Raises ``TransientFailure`` or ``PermanentFailure``, whose reasons hold no secret."""

    def __init__(
        self,
        hosts: tuple[Host, ...],
        *,
        resolver: Resolve = resolve,
        timeout_s: float | None = None,
        size_limit: int | None = None,
    ) -> None:
        self._hosts = {(host.scheme, host.name, host.port): host for host in hosts}
        self._resolve = resolver
        self._timeout_s = timeout_s
        self._size_limit = size_limit

    async def get(self, url: str) -> Answer:
        """Ask for a document."""
        return await self._send("GET", url)

    async def post_form(self, url: str, fields: Mapping[str, str], *, basic: tuple[str, str] | None = None) -> Answer:
        """Send a form; ``basic`` are name and password (RFC 7617)."""
        return await self._send("POST", url, data=dict(fields), auth=basic)

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
        """Send a body as it is, with headers of one's own."""
        return await self._send("POST", url, content=body, headers=dict(headers))

    async def request(self, method: str, url: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
        """Ask with any method, and a body where there is one."""
        return await self._send(method, url, content=body or None, headers=dict(headers))

    async def _send(self, method: str, url: str, **more: Any) -> Answer:
        import httpx  # an eighth of a second of every start, for what most centres never ask

        host, target = self._known(url)
        limit_s = self._timeout_s or TIMEOUT_S
        try:
            async with asyncio.timeout(limit_s):
                address = await self._address(host)
                return await self._exchange(method, host, address, target, **more)
        except (TimeoutError, httpx.TimeoutException):
            raise TimedOut(f"{host.name} did not answer within {limit_s:.0f} s") from None
        except (httpx.InvalidURL, httpx.LocalProtocolError, httpx.UnsupportedProtocol) as error:
            raise PermanentFailure(f"{host.name} cannot be asked so ({type(error).__name__})") from None
        except (httpx.HTTPError, OSError) as error:
            raise TransientFailure(f"{host.name} could not be reached ({type(error).__name__})") from None

    def _known(self, url: str) -> tuple[Host, str]:
        """The host of an address, and the path with its query. Raises ``PermanentFailure`` for one not on the list."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        except ValueError:
            raise PermanentFailure("that is no address") from None
        host = self._hosts.get((parts.scheme, (parts.hostname or "").lower(), port))
        if host is None or parts.username is not None or parts.password is not None:
            raise PermanentFailure(f"{parts.hostname or 'that address'} is not among the hosts that may be asked")
        return host, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    async def _address(self, host: Host) -> str:
        """The address to which the connection goes. It is not looked up again: a second answer could be another."""
        found = await self._resolve(host.name, host.port)
        for address in found:
            if host.private or _is_public(address):
                return address
        if found:
            raise PermanentFailure(f"{host.name} lies in a private network; name it as private if it should")
        raise TransientFailure(f"{host.name} has no address")

    async def _exchange(
        self, method: str, host: Host, address: str, target: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Answer:
        import httpx

        limit_s = self._timeout_s or TIMEOUT_S
        literal = f"[{address}]" if ":" in address else address
        default = host.port == {"https": 443, "http": 80}[host.scheme]
        named = host.name if default else f"{host.name}:{host.port}"
        # Nothing of what is asked for here is worth packing; an answer that is packed nevertheless is unpacked below.
        sent = {"Accept": "application/json", **(headers or {}), "Host": named, "Accept-Encoding": "identity"}
        most = self._size_limit or SIZE_LIMIT
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=limit_s) as client,
            client.stream(
                method,
                f"{host.scheme}://{literal}:{host.port}{target}",
                headers=sent,
                extensions={"sni_hostname": host.name},  # the certificate is the name's, not the address's
                **more,
            ) as response,
        ):
            try:
                unpacked = _Unpacked(response.headers.get("content-encoding", ""), most)
                async for chunk in response.aiter_raw():
                    unpacked.add(chunk)
                body = unpacked.whole()
            except _Unreadable as problem:
                raise AnswerUnreadable(response.status_code, f"{host.name} answered {problem}") from None
            kind = response.headers.get("content-type", "")
            return Answer(status=response.status_code, content_type=kind, body=body)


class _Unreadable(Exception):
    """What is wrong with an answer."""


class _Unpacked:
    """An answer as it comes, bounded both as it is sent and as it is unpacked."""

    def __init__(self, encoding: str, most: int) -> None:
        self._most = most
        self._sent = 0
        self._body = bytearray()
        packing = encoding.strip().lower()
        if packing not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise _Unreadable("in a packing that nobody asked for")
        # 32: gzip or zlib, whichever it is.
        self._packed = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS) if packing not in ("", "identity") else None

    def add(self, chunk: bytes) -> None:
        """What came next. Raises ``_Unreadable``."""
        self._sent += len(chunk)
        if self._sent > self._most:
            raise self._too_long()
        if self._packed is None:
            self._body += chunk
            return
        try:
            self._body += self._packed.decompress(chunk, self._most + 1 - len(self._body))
        except zlib.error:
            raise _Unreadable("what cannot be unpacked") from None
        if len(self._body) > self._most:
            raise self._too_long()

    def whole(self) -> bytes:
        """All of it, once there is no more. Raises ``_Unreadable``."""
        if self._packed is not None and self._sent and not self._packed.eof:
            raise _Unreadable("what cannot be unpacked")
        return bytes(self._body)

    def _too_long(self) -> _Unreadable:
        return _Unreadable(f"with more than {self._most} bytes")


def _is_public(address: str) -> bool:
    """Whether an address is one of the Internet: not ours, not a neighbour's, not reserved, not a group's."""
    known = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(known, ipaddress.IPv6Address):
        inside = known.ipv4_mapped or known.sixtofour
        if inside is not None:
            known = inside
    return known.is_global and not known.is_multicast
