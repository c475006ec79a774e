"""The frames of ``/rt/v1``: JSON text over one WebSocket (docs/adr/0007-realtime.md)."""

import enum
from datetime import datetime
from typing import Annotated, Any

import msgspec

from careline.kernel.errors import Param

PROTOCOL = 1


class CloseCode(enum.IntEnum):
    """Why the server ends a connection. The 44xx ones mirror the HTTP status of the same meaning."""

    GOING_AWAY = 1001
    RESTART = 1012
    BAD_FRAME = 4400
    NOT_SIGNED_IN = 4401
    REFUSED = 4403
    TOO_SLOW = 4408
    TOO_LARGE = 4413
    FLOODING = 4429


TopicName = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z_]{0,31}(:[0-9A-Za-z-]{1,64})?\Z")]
"""``prefix`` or ``prefix:id``; the prefix decides who checks permission."""

_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Hello(msgspec.Struct, tag_field="t", tag="hello", frozen=True):
    """The first frame. Staff are known by their cookie, a customer by the ``visitor`` token."""

    v: int
    visitor: Annotated[str, msgspec.Meta(max_length=2048)] | None = None


class Sub(msgspec.Struct, tag_field="t", tag="sub", frozen=True, kw_only=True, rename={"after": "from"}):
    """Follow a topic, from the position after which frames were missed, or from now on."""

    topic: TopicName
    after: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class Unsub(msgspec.Struct, tag_field="t", tag="unsub", frozen=True):
    """Follow a topic no longer."""

    topic: TopicName


class Cmd(msgspec.Struct, tag_field="t", tag="cmd", frozen=True):
    """A small command whose loss would not matter much (typing, read). ``id`` is the client's, for the answer."""

    id: _Short
    name: _Short
    data: msgspec.Raw = msgspec.Raw(b"null")


class Ping(msgspec.Struct, tag_field="t", tag="ping", frozen=True):
    """A sign of life, answered by ``pong``."""


ClientFrame = Hello | Sub | Unsub | Cmd | Ping

_decoder = msgspec.json.Decoder[ClientFrame](ClientFrame)
_encoder = msgspec.json.Encoder()


class BadFrame(Exception):
    """What came is not a frame of this protocol; the text is for the log and holds nothing of the frame's content."""


def decode(text: str) -> ClientFrame:
    """Read what a client sent; raises ``BadFrame``."""
    try:
        frame: ClientFrame = _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise BadFrame(type(error).__name__) from None
    return frame


class _Event(msgspec.Struct, tag_field="t", tag="ev", frozen=True):
    topic: str
    position: str
    name: str
    data: Any
    at: datetime


def event(topic: str, position: str, name: str, data: object, at: datetime) -> bytes:
    """A frame of a topic, encoded; made once for all who follow it."""
    return _encoder.encode(_Event(topic, position, name, data, at))


def welcome(epoch: str, heartbeat_s: float) -> str:
    """The answer to ``hello``: which run of the server this is, and how often it wants a sign of life."""
    return _text({"t": "welcome", "epoch": epoch, "heartbeat_s": heartbeat_s})


def subbed(topic: str, position: str) -> str:
    """The topic is followed; frames missed since ``from`` come next, then live ones."""
    return _text({"t": "subbed", "topic": topic, "position": position})


def reset(topic: str, position: str) -> str:
    """The topic is followed from ``position`` on, but what was missed is gone: fetch it over HTTP."""
    return _text({"t": "reset", "topic": topic, "position": position})


def ok(frame_id: str, data: object) -> str:
    """A command was done."""
    return _text({"t": "ok", "id": frame_id, "data": data})


def err(frame_id: str, code: str, params: dict[str, Param]) -> str:
    """A command was refused; ``code`` is the translation key."""
    return _text({"t": "err", "id": frame_id, "code": code, "params": params})


def topic_err(topic: str, code: str) -> str:
    """A topic may not be followed; the connection stays."""
    return _text({"t": "err", "id": None, "topic": topic, "code": code, "params": {"topic": topic}})


def pong() -> str:
    """The answer to ``ping``."""
    return '{"t":"pong"}'


def _text(frame: dict[str, object]) -> str:
    return _encoder.encode(frame).decode()
