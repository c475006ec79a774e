"""One centre for all tests that leave it running; every test leaves its agents offline and its lines empty."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from careline.bootstrap import Careline
from tests.e2e.running import RunningCentre
from tests.voice.support.application import demo_with_voice


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
