"""``python -m tests.infra.storage.killed FOLDER``: stores a file again and again, killed one line later each time.

Each try has a folder of its own, named by the number of lines, in which ``KEY`` holds ``OLD``. The last comes to its
end.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import FrameType
from typing import Any

from careline.infra.storage import folder as store_file
from careline.infra.storage.folder import FolderStore

KEY, OLD, NEW = "a/b.bin", b"old", b"new and longer"


async def content() -> AsyncIterator[bytes]:
    yield NEW[:3]
    yield NEW[3:]


def killer(lines: int) -> Callable[[FrameType, str, Any], Any]:
    """A trace function that kills this process before the line after so many lines of the store."""
    left = lines

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != store_file.__file__:
            return None
        if event == "line":
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
        return trace

    return trace


def main(folder: Path) -> None:
    lines, status = 0, 1
    while status:
        place = folder / str(lines)
        (place / KEY).parent.mkdir(parents=True)
        (place / KEY).write_bytes(OLD)
        child = os.fork()
        if child == 0:
            trace = killer(lines)
            threading.settrace(trace)
            sys.settrace(trace)
            asyncio.run(FolderStore(place).put(KEY, content()))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        lines += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
