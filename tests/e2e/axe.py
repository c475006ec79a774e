"""axe-core's opinion of a page, once nothing on it moves any more."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from tests.e2e.trap import trapped
from tests.support.browser import ROOT, pictured_if_it_fails
from tests.support.waiting import PATIENCE_S

AXE = ROOT / "ui/node_modules/axe-core/axe.min.js"
SCREENS = ROOT / "artifacts/screens"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
GRAVE = ("serious", "critical")
STILL = """() => {
    const router = window.__TSR_ROUTER__
    const busy = router !== undefined
        && (router.state.status !== 'idle' || router.options.context.queries.isFetching() > 0)
    const still = !busy && document.querySelector('.ant-skeleton') === null && document.getAnimations()
        .every((one) => one.playState !== 'running' || one.effect?.getComputedTiming().endTime === Infinity)
    window.stillSeen = still ? (window.stillSeen ?? 0) + 1 : 0
    return window.stillSeen > 3
}"""
"""Nothing is being fetched, for several looks in a row (what has come may ask for more), and no transition is on its
way: an empty page has no findings, and a colour halfway is none."""
LOOK_EVERY_MS = 50


async def at_both_sizes(page: Page, name: str) -> None:
    """Look, and let axe look. What it finds is listed by page, rule and element."""
    await looked_at(page, name, ((size, "light") for size in SIZES))


async def looked_at(page: Page, name: str, ways: Iterable[tuple[str, str]]) -> None:
    """As ``at_both_sizes``, in some sizes and colours."""
    grave = []
    for size, colours in ways:
        width, height = SIZES[size]
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        await page.wait_for_function(f"() => document.documentElement.dataset.theme !== '{_OTHER[colours]}'")
        await still(page)
        way = f"{name}-{size}{'' if colours == 'light' else f'-{colours}'}"
        SCREENS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SCREENS / f"{way}.png")
        found = await findings(page)
        grave += [(way, one["id"], node["target"]) for one in found if one["impact"] in GRAVE for node in one["nodes"]]
        sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{way} scrolls sideways by {sideways} px"
    assert not grave, grave


async def still(page: Page) -> None:
    """Wait until nothing is being fetched and nothing moves."""
    await page.evaluate("window.stillSeen = 0")
    await page.wait_for_function(STILL, polling=LOOK_EVERY_MS)


_OTHER = {"light": "dark", "dark": "light"}


async def findings(page: Page) -> list[dict[str, Any]]:
    """What axe-core has against the page as it is."""
    assert AXE.is_file(), "axe-core is not there: run `make ui`"
    if not await page.evaluate("typeof axe !== 'undefined'"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)"
    )
    return found


@asynccontextmanager
async def a_page(browser: Browser) -> AsyncIterator[Page]:
    """A page of somebody who comes for the first time."""
    context = await browser.new_context(locale="zh-CN")
    try:
        async with trapped(context):
            page = await context.new_page()
            page.set_default_timeout(1000 * PATIENCE_S)
            async with pictured_if_it_fails(page, "page"):
                yield page
    finally:
        await context.close()
