"""One hotline over SQLite, with a voice engine that the test plays."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock
from tests.support.fake_voice import FakePhone, FakeVoice
from tests.support.hotline import Hotline


@pytest.fixture
def voice(clock: FakeClock) -> FakeVoice:
    return FakeVoice(clock=clock)


@pytest.fixture
async def centre(sqlite_url: str, clock: FakeClock) -> AsyncIterator[Centre]:
    database = Database(sqlite_url, clock)
    people = StaticPeople()
    people.add("8021")
    people.add("8022")
    centre = Centre(database, clock, people, TenantId(new_id()))
    yield centre
    await centre.stop()
    await database.close()


@pytest.fixture
async def hotline(centre: Centre, voice: FakeVoice, tmp_path: Path) -> Hotline:
    hotline = Hotline(centre, voice, tmp_path / "recordings")
    await centre.start()
    await hotline.add_number()
    return await hotline.start()


@pytest.fixture
def phone(voice: FakeVoice) -> FakePhone:
    return voice.phone("agent-test-8021")
