"""Fixtures: the bundle, a node for the whole session, a world around it for each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from careline.adapters.asterisk.bundle import AsteriskBundle, locate_bundle
from tests.voice.support.world import Node, RealWorld, plan_in, start_node

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def bundle() -> AsteriskBundle:
    """The Asterisk of this checkout; a test that needs it fails, saying how to get it, when it is not there."""
    return locate_bundle(ROOT / ".tools")


@pytest.fixture(scope="session")
def node(bundle: AsteriskBundle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node for all tests that leave it as they found it."""
    plan = plan_in(tmp_path_factory.mktemp("voice"))
    running = asyncio.run(start_node(plan, bundle))
    yield running
    asyncio.run(running.supervisor.stop())


@pytest.fixture
async def real_world(node: Node, tmp_path: Path) -> AsyncIterator[RealWorld]:
    """An engine on the session's node, with phones."""
    async with RealWorld(node, tmp_path) as world:
        yield world
