"""A process beside ours for work that may crash or hang: one piece of work at a time, each with an end in time.

What goes over the pipes is, both ways, two lengths (32 bits, least first), a JSON object and bytes.
"""

import asyncio
import contextlib
import logging
import os
import struct
from collections.abc import Sequence
from typing import Any

import msgspec

from careline.kernel.errors import PermanentFailure, TransientFailure

logger = logging.getLogger(__name__)

LENGTHS = struct.Struct("<II")
MOST_TOLD, MOST_BYTES = 1_048_576, 64 * 1_048_576


class Workshop:
    """The process is started when there is work, and again after it has died or was ended for taking too long."""

    def __init__(self, name: str, command: Sequence[str], *, limit_s: float) -> None:
        self._name = name
        self._command = tuple(command)
        self._limit_s = limit_s
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None

    async def ask(self, request: bytes, body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """What the process answers. Raises ``TransientFailure`` when it dies or takes too long, ``PermanentFailure``
        when it says that it cannot."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._limit_s):
                    told, data = await self._exchange(request, body)
            except TimeoutError:
                await self._end()
                raise TransientFailure(f"{self._name} took longer than {self._limit_s:.0f} s and was ended") from None
            except (OSError, EOFError, ValueError):
                code = await self._end()
                raise TransientFailure(f"the process of {self._name} ended ({code})") from None
            except asyncio.CancelledError:
                await asyncio.shield(self._end())  # its answer would be taken for the next one's
                raise
        if (refusal := told.get("refused")) is not None:
            raise PermanentFailure(f"{self._name}: {refusal}")
        return told, data

    async def close(self) -> None:
        """End the process."""
        await self._end()

    async def _exchange(self, request: bytes, body: bytes) -> tuple[dict[str, Any], bytes]:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # it may repeat what it is to say
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(LENGTHS.pack(len(request), len(body)) + request + body)
        await stdin.drain()
        said, many = LENGTHS.unpack(await stdout.readexactly(LENGTHS.size))
        if said > MOST_TOLD or many > MOST_BYTES:
            raise ValueError("more than was asked for")
        told = msgspec.json.decode(await stdout.readexactly(said), type=dict[str, Any])
        return told, await stdout.readexactly(many)

    async def _end(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        return await process.wait()
