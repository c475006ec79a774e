"""Identifiers: UUID version 7 (RFC 9562 §5.7), so that new rows land at the end of an index.

The 12 bits of ``rand_a`` hold a counter within the millisecond, so ids made in one process sort in the order
they were made (RFC 9562 §6.2, method 1).
"""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_ms = 0
_counter = 0
_chance = b""
_used = 0

_CHANCE_BYTES = 8 * 128
"""Random bytes are asked for in this portion: asking the system for eight takes longer than all the rest."""


def new_id() -> UUID:
    """A new identifier, greater than every one that this process made before."""
    global _last_ms, _counter, _chance, _used
    with _lock:
        ms = time.time_ns() // 1_000_000
        if ms > _last_ms:
            _last_ms, _counter = ms, int.from_bytes(os.urandom(2)) & 0x3FF
        else:
            # The clock stood still or went back: stay at the last millisecond and count on.
            _counter += 1
            if _counter > 0xFFF:
                _last_ms, _counter = _last_ms + 1, 0
        ms, counter = _last_ms, _counter
        if _used == len(_chance):
            _chance, _used = os.urandom(_CHANCE_BYTES), 0
        random = int.from_bytes(_chance[_used : _used + 8]) & ((1 << 62) - 1)
        _used += 8
    return UUID(int=(ms << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random)


def _forget_chance() -> None:
    """A forked process would make the ids of its parent."""
    global _chance, _used
    _chance, _used = b"", 0


os.register_at_fork(after_in_child=_forget_chance)
