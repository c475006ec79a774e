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


def new_id() -> UUID:
    """A new identifier, greater than every one that this process made before."""
    global _last_ms, _counter
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
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=(ms << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random)
