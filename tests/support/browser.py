"""Chromium for tests: use the fixture ``chromium`` for an ``async_playwright`` launch with our executable.

What a page showed when its test failed is kept as a picture in ``artifacts/failed``.

Playwright's own Node needs a library that a bare machine lacks, so its driver runs on the Node that builds ``ui/``.
"""

import os
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Error, Page, async_playwright, expect

from tests.support.waiting import PATIENCE_S
from tools.provision.node import node_folder

ROOT = Path(__file__).parents[2]
EXECUTABLE = ROOT / ".tools/bin/chromium"
PICTURES = ROOT / "artifacts/failed"
_FAILED = pytest.StashKey[bool]()
ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, where Chromium's sandbox refuses to start
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    # What is clicked while it moves into its place may get the press and not the release.
    "--force-prefers-reduced-motion",
)

expect.set_options(timeout=1000 * PATIENCE_S)
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node_folder() / "bin/node"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@asynccontextmanager
async def pictured_if_it_fails(page: Page, name: str) -> AsyncIterator[None]:
    """What goes wrong while this lasts leaves a picture of the page as it was."""
    try:
        yield
    except BaseException:
        await picture(page, name)
        raise


async def picture(page: Page, name: str) -> None:
    """Of a page, if it still can be taken."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with suppress(Error):
        await page.screenshot(path=PICTURES / f"{name}.png", timeout=5000)
        print(f"{name}: {page.url}")


@pytest.fixture
async def chromium(request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """A headless browser that is closed after the test; its microphone hears a tone, and no one is asked for it."""
    assert EXECUTABLE.is_file(), "Chromium is not there: run `make tools`"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=list(ARGUMENTS))
        yield browser
        if request.node.stash.get(_FAILED, False):
            pages = [page for context in browser.contexts for page in context.pages]
            for number, page in enumerate(pages):
                await picture(page, f"{request.node.name}-{number}")
        await browser.close()
