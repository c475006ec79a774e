"""Ports for servers that tests start, end and start again.

They lie below those that the system hands out by itself to whoever connects or asks for any port: what nobody holds
between two lives of a server, or between being chosen and being opened, then stays free.
"""

import random
import socket

FIRST, LAST = 12_000, 19_999
"""The media of calls begin above."""

_given: set[int] = set()


def free_port() -> int:
    """A port of loopback that is free for UDP and for TCP, and was not given to anybody in this process."""
    while True:
        port = random.randint(FIRST, LAST)
        if port not in _given and all(_is_free(port, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)):
            _given.add(port)
            return port


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
