"""Argon2id (RFC 9106), away from the event loop and never too much of it at once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from careline.kernel.errors import TooMany
from careline.modules.directory.identity.views import PasswordCost

T = TypeVar("T")

MAX_WAITING = 64
"""Passwords that may wait to be hashed. More is an attack, and each would hold its 64 MiB for longer."""


class Passwords:
    """Hashes and checks passwords in threads of its own, ``threads`` at once."""

    def __init__(self, cost: PasswordCost, *, threads: int = 2) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=Type.ID
        )
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="argon2")
        self._waiting = 0
        # Made at once: the first unknown login must not take twice as long as a known one.
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """A new hash with a salt of its own."""
        return await self._run(lambda: self._hash(password))

    async def check(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. Without a stored hash it is checked against nobody's, in the same time."""
        return await self._run(lambda: self._check(stored, password))

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise TooMany("too-many-attempts", retry_after=1)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_bytes(password))

    def _check(self, stored: str | None, password: str) -> bool:
        try:
            self._hasher.verify(stored or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
