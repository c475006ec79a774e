"""Readings of the embedded database that go to a thread once, as a whole.

A reading hands each of its steps to a thread and back, so one of six statements waits some twenty times until somebody
turns to it: on a busy machine that is most of what it takes. A glance hands over nothing, and everybody waits for it.
A question is between the two: several statements of which none is long.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Engine

from careline.infra.database.glances import KEPT, SqliteGlances
from careline.infra.database.transaction import Reading

Answer = TypeVar("Answer")
Question = Callable[[Reading], Coroutine[Any, Any, Answer]]


class SqliteQuestions:
    """Answers questions in threads, each on a snapshot of its own and on a connection that can do nothing but read."""

    def __init__(self, engine: Engine) -> None:
        self._glances = SqliteGlances(engine)
        self._threads = ThreadPoolExecutor(KEPT, "questions")

    async def answer(self, question: Question[Answer], reading: Callable[[Any], Reading]) -> Answer:
        """What the question comes to. ``reading`` makes one of a connection."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, question, reading)

    async def close(self) -> None:
        """Let what is asked be answered, and close what is open."""
        await asyncio.to_thread(self._threads.shutdown)
        self._glances.close()

    def _answer(self, question: Question[Answer], reading: Callable[[Any], Reading]) -> Answer:
        with self._glances.one() as connection:
            return _at_once(question(reading(connection)))


def _at_once(work: Coroutine[Any, Any, Answer]) -> Answer:
    """The result of what waits for nothing: on a connection of this thread, statements are run where they stand."""
    try:
        work.send(None)
    except StopIteration as done:
        result: Answer = done.value
        return result
    work.close()
    raise RuntimeError("a question awaits nothing but the database")
