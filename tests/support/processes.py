"""Which tests share a process when the run is spread over several (``-n 2``).

What needs Asterisk and Chromium runs in one process, one test after the other: there is one node for all of them, and
calls of two tests at once would each be slower than callers wait. It begins first; of the rest whoever is free takes
the next file, the one with the most tests first. A single test that takes minutes would come last, when the others
have nothing left to do: it goes with those that begin.

Callers and browsers live by the clock, so all other tests give way to them: their process asks for the processors only
when nothing else does.
"""

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

REAL_PARTS = ("tests/contracts/", "tests/e2e/", "tests/voice/")

LONG = ("tests/entrypoints/web/test_hostile_requests.py",)

GIVES_WAY_BY = 5
_GAVE_WAY = pytest.StashKey[bool]()


class RealPartsTogether(LoadScopeScheduling):
    """One scope of what is named above, and one of each other file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "real parts" if file.startswith(REAL_PARTS + LONG) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> RealPartsTogether:
    """In place of those that ``--dist`` names: its groups are not heard of by pytest 9.2."""
    return RealPartsTogether(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Once for good: who is not root cannot go back, and what comes after the real parts is no such part."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    if alone or item.nodeid.startswith(REAL_PARTS + LONG) or item.config.stash.get(_GAVE_WAY, False):
        return
    item.config.stash[_GAVE_WAY] = True
    os.nice(GIVES_WAY_BY)
