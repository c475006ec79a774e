"""The AMI link of the one user that may record: it logs in, starts and stops MixMonitor, and reads nothing.

AMI (Asterisk's manager interface) speaks lines of ``Key: value``, a block ends with an empty line.
"""

import asyncio
import logging
from collections.abc import Mapping

from careline.kernel.errors import PermanentFailure, TransientFailure

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 5.0
_MOST_LINES = 200

Block = dict[str, str]


class AmiLink:
    """One connection, made when it is first needed and made again when it broke."""

    def __init__(self, host: str, port: int, user: str, secret: str) -> None:
        self._host, self._port, self._user, self._secret = host, port, user, secret
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[Block]] = {}
        self._asked = 0
        self._making = asyncio.Lock()

    async def action(self, name: str, fields: Mapping[str, str]) -> Block:
        """Carry out an action; returns the answer, also when it says ``Error``."""
        async with self._making:
            if self._writer is None or self._writer.is_closing():
                await self._make()
        return await self._ask(name, fields)

    async def close(self) -> None:
        """Log off."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        self._drop("closed")

    async def _make(self) -> None:
        await self.close()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                reader, writer = await asyncio.open_connection(self._host, self._port)
                await reader.readline()  # the banner
        except (OSError, TimeoutError) as failure:
            raise TransientFailure(f"no AMI link to {self._host}:{self._port}: {failure}") from None
        self._writer = writer
        self._reading = asyncio.create_task(self._read(reader), name="ami read")
        answer = await self._ask("Login", {"Username": self._user, "Secret": self._secret, "Events": "off"})
        if answer.get("Response") != "Success":
            await self.close()
            raise PermanentFailure(f"AMI refused the recorder's login: {answer.get('Message', '')}")

    async def _ask(self, name: str, fields: Mapping[str, str]) -> Block:
        writer = self._writer
        if writer is None:
            raise TransientFailure("the AMI link is lost")
        self._asked += 1
        action_id = str(self._asked)
        lines = {"Action": name, "ActionID": action_id, **fields}
        for key, value in lines.items():
            if any(sign in value for sign in "\r\n\0"):
                raise PermanentFailure(f"AMI field {key} may not hold a line break")
        future: asyncio.Future[Block] = asyncio.get_running_loop().create_future()
        self._waiting[action_id] = future
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                writer.write(("".join(f"{key}: {value}\r\n" for key, value in lines.items()) + "\r\n").encode())
                await writer.drain()
                return await future
        except TimeoutError:
            self._drop("no answer")
            raise TransientFailure(f"Asterisk did not answer AMI {name} in time") from None
        except OSError as failure:
            self._drop(str(failure))
            raise TransientFailure(f"the AMI link is lost: {failure}") from None
        finally:
            self._waiting.pop(action_id, None)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        block: Block = {}
        try:
            while line := await reader.readline():
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                if text:
                    key, _, value = text.partition(":")
                    if len(block) < _MOST_LINES:
                        block[key.strip()] = value.strip()
                    continue
                future = self._waiting.get(block.get("ActionID", ""))
                if future is not None and not future.done() and "Response" in block:
                    future.set_result(block)
                block = {}
        except (OSError, ValueError) as failure:
            log.warning("AMI link broken: %s", failure)
        self._drop("closed by Asterisk")

    def _drop(self, reason: str) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(TransientFailure(f"the AMI link is lost: {reason}"))
