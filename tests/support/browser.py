"""Chromium for tests: use the fixture ``chromium`` for an ``async_playwright`` launch with our executable.

Playwright's own Node needs a library that a bare machine lacks, so its driver runs on the Node that builds ``ui/``.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.support.waiting import PATIENCE_S
from tools.provision.node import node_folder

ROOT = Path(__file__).parents[2]
EXECUTABLE = ROOT / ".tools/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, where Chromium's sandbox refuses to start
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
)

expect.set_options(timeout=1000 * PATIENCE_S)
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node_folder() / "bin/node"))


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A headless browser that is closed after the test; its microphone hears a tone, and no one is asked for it."""
    assert EXECUTABLE.is_file(), "Chromium is not there: run `make tools`"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=list(ARGUMENTS))
        yield browser
        await browser.close()
