"""One centre for all tests that leave it running; every test leaves its agents offline and its lines empty.

A test that fails says what the centre wrote last.
"""

from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from careline.bootstrap import Careline
from tests.e2e.running import RunningCentre
from tests.voice.support.application import demo_with_voice

LAST_WORDS = 10_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    for running in getattr(item, "funcargs", {}).values():
        if report.failed and isinstance(running, RunningCentre):
            report.sections.append(("what the centre wrote last", running.said[-LAST_WORDS:]))
    return report


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """The running application, voice ready."""
    with RunningCentre(tmp_path_factory.mktemp("centre") / "var") as running:
        yield running


@pytest.fixture
def own_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """A running application that the test may kill."""
    with RunningCentre(tmp_path_factory.mktemp("centre") / "var") as running:
        yield running


@pytest.fixture
async def careline(tmp_path: Path) -> AsyncIterator[Careline]:
    """The demo with voice in this process."""
    async with demo_with_voice(tmp_path) as careline:
        yield careline
