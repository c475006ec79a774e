"""What one voice node is: its plan (from settings) and its keys (made once, kept in the node's folder)."""

import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from careline.kernel.errors import Invalid

MAX_CALLS = 500
"""Callers that one node takes at once before it refuses politely."""


class Trunk(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier's line into the node, known by the addresses it calls from (``addresses`` as IP or IP/prefix).

    With ``asserts_identity`` the caller's number is the one in P-Asserted-Identity (RFC 3325) when there is one.
    """

    name: str
    addresses: tuple[str, ...]
    asserts_identity: bool = False


DEMO_TRUNK = Trunk(name="demo", addresses=("127.0.0.1",))
"""In the demo whoever calls from this machine is a carrier; the caller's number is the one in From."""

PHONE_TRUNK = "phone"
"""The trunk's name of calls made by browser phones of callers."""


class NodePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A voice node as it shall be. ``sip_host`` is the address that trunks reach; loopback unless there are any.

    ``announcements`` are sound files for callers that nobody can serve: ``recovering``, ``sorry``, ``busy``; for those
    left out a tone is played. ``hold_seconds`` is how long a caller waits for the application to come back,
    ``longest_call_seconds`` when a call is ended whatever it does.
    """

    name: str
    folder: Path
    sip_port: int
    sip_host: str = "127.0.0.1"
    rtp_ports: tuple[int, int] = (10000, 20000)
    trunks: tuple[Trunk, ...] = ()
    max_calls: int = MAX_CALLS
    announcements: Mapping[str, Path] = {}
    hold_seconds: int = 60
    longest_call_seconds: int = 4 * 3600

    def __post_init__(self) -> None:
        if not self.name.replace("-", "").isalnum() or not self.name.isascii():
            raise Invalid("voice-node-name", field="name", value=self.name)
        low, high = self.rtp_ports
        if not 1024 <= low < high <= 65535:
            raise Invalid("voice-rtp-ports", field="rtp_ports", low=low, high=high)


class NodeKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Where a node listens on loopback and with what secrets; written with mode 0600."""

    http_port: int
    ami_port: int
    ari_user: str
    ari_password: str
    ami_user: str
    ami_secret: str

    @property
    def ari_url(self) -> str:
        """Base of the node's HTTP server."""
        return f"http://127.0.0.1:{self.http_port}"


class NodeAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a node is spoken to. Without ``ami_port`` nothing can be recorded."""

    ari_url: str
    ari_user: str
    ari_password: str
    ami_host: str = "127.0.0.1"
    ami_port: int | None = None
    ami_user: str = ""
    ami_secret: str = ""

    @classmethod
    def at(cls, url: str) -> "NodeAddress":
        """A node that somebody else runs: ``http://user:password@host:8088``, and for recordings an AMI user in the
        query: ``?ami=user:secret@host:5038``. Raises ``Invalid`` when a part is missing."""
        parts = urlsplit(url)
        ami = urlsplit("//" + parse_qs(parts.query).get("ami", [""])[0])
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.username or not parts.password:
            raise Invalid("asterisk-url", field="CARELINE_ASTERISK_URL", form="http://user:password@host:8088")
        return cls(
            ari_url=f"{parts.scheme}://{parts.hostname}:{parts.port or 8088}{parts.path.rstrip('/')}",
            ari_user=unquote(parts.username),
            ari_password=unquote(parts.password),
            ami_host=ami.hostname or parts.hostname,
            ami_port=(ami.port or 5038) if ami.username else None,
            ami_user=unquote(ami.username or ""),
            ami_secret=unquote(ami.password or ""),
        )

    @classmethod
    def of(cls, keys: NodeKeys) -> "NodeAddress":
        """The address of a node of our own."""
        return cls(
            ari_url=keys.ari_url,
            ari_user=keys.ari_user,
            ari_password=keys.ari_password,
            ami_port=keys.ami_port,
            ami_user=keys.ami_user,
            ami_secret=keys.ami_secret,
        )


def keys_path(folder: Path) -> Path:
    """Where a node's keys lie."""
    return folder / "keys.json"


def read_keys(folder: Path) -> NodeKeys | None:
    """The keys of a node that was set up before; None when there are none that can be read."""
    try:
        return msgspec.json.decode(keys_path(folder).read_bytes(), type=NodeKeys)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def make_keys() -> NodeKeys:
    """New secrets and two ports that are free now."""
    http_port, ami_port = free_ports(2)
    return NodeKeys(
        http_port=http_port,
        ami_port=ami_port,
        ari_user="careline",
        ari_password=secrets.token_urlsafe(32),
        ami_user="recorder",
        ami_secret=secrets.token_urlsafe(32),
    )


def write_keys(folder: Path, keys: NodeKeys) -> None:
    """Keep the keys, readable by their owner only."""
    write_private(keys_path(folder), msgspec.json.encode(keys))


def write_private(path: Path, content: bytes) -> None:
    """Write a file with mode 0600, in one step, so that no reader sees half of it."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


def free_ports(count: int) -> list[int]:
    """TCP ports of loopback that nobody listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def port_is_free(port: int, *, host: str = "127.0.0.1", udp: bool = False) -> bool:
    """Whether a port can be bound now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as one:
        if not udp:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError:
            return False
    return True
