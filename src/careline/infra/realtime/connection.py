"""One client's end of the line: what waits to be sent to it, and how much it may send."""

import asyncio
import enum
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.realtime.frames import CloseCode
from careline.infra.realtime.topics import Frame
from careline.kernel.clock import Clock
from careline.kernel.tenancy import Actor, TenantId


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who is at the other end. ``session_id`` is what ``Hub.disconnect`` finds when that session ends.

    At ``expires_at`` the client is asked again who it is.
    """

    actor: Actor
    session_id: UUID | None = None
    expires_at: datetime | None = None

    def is_of(self, tenant_id: TenantId, *, actor_id: UUID | None, session_id: UUID | None) -> bool:
        """Whether this is that user or visitor, or is here by that session; None counts as any."""
        return (
            self.actor.tenant_id == tenant_id
            and actor_id in (None, self.actor.id)
            and session_id in (None, self.session_id)
        )


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of the hub; sizes in characters, that of what is kept in bytes, times in seconds."""

    kept_per_topic: int = 256
    kept_size: int = 64_000_000
    queued_frames: int = 512
    queued_size: int = 4_000_000
    frame_size: int = 16_384
    frames_per_second: float = 20
    frames_burst: int = 100
    topics: int = 200
    connections_per_actor: int = 20
    hello_s: float = 10
    heartbeat_s: float = 20
    closing_s: float = 5


class _Plain(enum.Enum):
    FRAME = enum.auto()


class Connection:
    """Frames go in from the hub at any rate, and out at the client's own; who is too slow is let go and may resume."""

    __slots__ = (
        "_clock",
        "_count",
        "_filled_at",
        "_limits",
        "_queue",
        "_size",
        "_tokens",
        "_wake",
        "closed",
        "lost",
        "principal",
        "topics",
    )

    def __init__(self, principal: Principal, clock: Clock, limits: Limits) -> None:
        self.principal = principal
        self.topics: set[str] = set()
        self.lost: set[str] = set()
        """What it followed, and may follow no more: its client will ask again, which is nothing to be told of."""
        self.closed: asyncio.Future[CloseCode] = asyncio.get_running_loop().create_future()
        self._clock = clock
        self._limits = limits
        self._queue: dict[object, str] = {}
        self._size = 0
        self._count = 0
        self._wake: Callable[[], None] | None = None
        self._tokens = float(limits.frames_burst)
        self._filled_at = clock.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether frames still reach it."""
        return not self.closed.done()

    @property
    def room(self) -> int:
        """For how many missed frames there is room. Half of the queue is left to answers and to what comes live."""
        return max(0, self._limits.queued_frames // 2 - len(self._queue))

    def close(self, code: CloseCode) -> None:
        """End it; what still waits is dropped, the client resumes from what it has seen."""
        if self.is_open:
            self._queue.clear()
            self._wake = None
            self.closed.set_result(code)

    def put(self, text: str) -> None:
        """Let a frame wait for its turn; closes the connection when too much waits already."""
        self._count += 1
        self._put((_Plain.FRAME, self._count), text)

    def put_frame(self, frame: Frame) -> None:
        """As ``put``; a coalesced frame that still waits is replaced, at the end, so that positions only grow."""
        if not frame.coalesced:
            self.put(frame.text)
            return
        key = (frame.topic, frame.name)
        overtaken = self._queue.pop(key, None)
        if overtaken is not None:
            self._size -= len(overtaken)
        self._put(key, frame.text)

    def listen(self, wake: Callable[[], None]) -> None:
        """Have ``wake`` called whenever something waits to be sent, now if something does."""
        self._wake = wake
        if self._queue:
            wake()

    def take(self) -> str | None:
        """The frame to send next; None when there is none."""
        if not self._queue:
            return None
        text = self._queue.pop(next(iter(self._queue)))
        self._size -= len(text)
        return text

    def may_send(self) -> bool:
        """Count one frame from the client; False when it sends too many."""
        now = self._clock.monotonic()
        filled = self._tokens + (now - self._filled_at) * self._limits.frames_per_second
        self._tokens = min(float(self._limits.frames_burst), filled)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _put(self, key: object, text: str) -> None:
        if not self.is_open:
            return
        self._queue[key] = text
        self._size += len(text)
        if len(self._queue) > self._limits.queued_frames or self._size > self._limits.queued_size:
            self.close(CloseCode.TOO_SLOW)
            return
        if self._wake is not None:
            self._wake()
