"""The fixtures of the suites that run on real parts as well."""

from pathlib import Path

import pytest

from tests.support.voice_world import FakeWorld, VoiceWorld
from tests.voice.support.nodes import bundle, node, real_world

__all__ = ["bundle", "node", "real_world"]


@pytest.fixture(params=["fake", pytest.param("asterisk", marks=pytest.mark.voice)])
def world(request: pytest.FixtureRequest) -> VoiceWorld:
    found: VoiceWorld = request.getfixturevalue("fake_world" if request.param == "fake" else "real_world")
    return found


@pytest.fixture
async def fake_world(tmp_path: Path) -> FakeWorld:
    world = FakeWorld(tmp_path)
    await world.start()
    return world
