"""What was said on each topic lately, so that a client that was cut off can hear the rest.

A position is ``<epoch>:<offset>``. The epoch is one run of the process; the offset counts the frames of all topics
together, so a position is never used twice, even when a topic was forgotten and begins anew.
"""

from collections import OrderedDict, deque

import msgspec

from careline.kernel.tenancy import TenantId

Key = tuple[TenantId, str]


class Frame(msgspec.Struct, frozen=True):
    """One encoded frame of a topic. A ``coalesced`` one makes the earlier ones of its name worthless."""

    offset: int
    topic: str
    name: str
    encoded: bytes
    """Kept as it goes over the wire: with one Chinese character in it, text takes twice as much."""
    coalesced: bool

    @property
    def text(self) -> str:
        """The frame as it is sent."""
        return self.encoded.decode()


class _Memory:
    """The frames kept of one topic; each one after ``floor`` is here, but for coalesced ones that were overtaken."""

    __slots__ = ("floor", "latest", "ring", "size")

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self.ring: deque[Frame] = deque()
        self.latest: dict[str, Frame] = {}
        self.size = 0

    def frames(self) -> list[Frame]:
        if not self.latest:
            return list(self.ring)
        return sorted((*self.ring, *self.latest.values()), key=lambda frame: frame.offset)


class TopicMemory:
    """Bounded: ``per_topic`` frames of one topic and ``total_size`` bytes of all together.

    When the whole is full, the topic that was silent for longest is forgotten first.
    """

    def __init__(self, epoch: str, *, per_topic: int, total_size: int) -> None:
        self.epoch = epoch
        self.offset = 0
        self.size = 0
        self._per_topic = per_topic
        self._total_size = total_size
        self._topics: OrderedDict[Key, _Memory] = OrderedDict()
        # No topic that is unknown here has frames after this offset.
        self._forgotten = 0

    def position(self, offset: int | None = None) -> str:
        """The token for an offset; for the present one unless told."""
        return f"{self.epoch}:{self.offset if offset is None else offset}"

    def next_offset(self) -> int:
        """Count on for a new frame."""
        self.offset += 1
        return self.offset

    def keep(self, key: Key, frame: Frame) -> None:
        """Remember a frame of a topic, and forget what has no room any more."""
        memory = self._topics.get(key)
        if memory is None:
            memory = self._topics[key] = _Memory(self._forgotten)
        self._topics.move_to_end(key)
        if frame.coalesced:
            overtaken = memory.latest.pop(frame.name, None)
            if overtaken is not None:
                self._resize(memory, -len(overtaken.encoded))
            memory.latest[frame.name] = frame
        else:
            memory.ring.append(frame)
            if len(memory.ring) > self._per_topic:
                oldest = memory.ring.popleft()
                memory.floor = oldest.offset
                self._resize(memory, -len(oldest.encoded))
        self._resize(memory, len(frame.encoded))
        while self.size > self._total_size:
            self._forget_oldest()

    def missed(self, key: Key, position: str) -> list[Frame] | None:
        """The frames after a position, oldest first; None when some of them are gone, or it is of another run."""
        epoch, _, text = position.partition(":")
        if epoch != self.epoch or not text.isascii() or not text.isdigit() or len(text) > 18:
            return None
        after = int(text)
        memory = self._topics.get(key)
        floor = self._forgotten if memory is None else memory.floor
        if not floor <= after <= self.offset:
            return None
        return [] if memory is None else [frame for frame in memory.frames() if frame.offset > after]

    def forget(self, key: Key) -> None:
        """Let nobody resume a topic from before now."""
        memory = self._topics.get(key)
        if memory is not None:
            memory.ring.clear()
            memory.latest.clear()
            memory.floor = self.offset
            self._resize(memory, -memory.size)

    def _resize(self, memory: _Memory, change: int) -> None:
        memory.size += change
        self.size += change

    def _forget_oldest(self) -> None:
        _, memory = self._topics.popitem(last=False)
        self.size -= memory.size
        frames = memory.frames()
        self._forgotten = max(self._forgotten, frames[-1].offset if frames else memory.floor)
