"""Every page that the router knows, light and dark and on a phone, as axe-core reads it: nothing serious or critical,
and nothing that is named or said on it does anything.

The list is the router's own: a page that is added is looked at, and fails here when nobody who is named may see it.
"""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from playwright.async_api import Browser, Error, Page, Response, WebSocket, expect

from tests.e2e.axe import a_page, looked_at, still
from tests.e2e.desk import sign_in
from tests.e2e.running import RunningCentre, Staff
from tests.e2e.trap import SHOWN_NAME, named, unsprung

Visit = Callable[[Page, str, str], Awaitable[None]]

pytestmark = [pytest.mark.voice, pytest.mark.browser]

SEEN_BY = {
    "": "8001",
    "/desk": "8027",
    "/studio": "sysadmin",
    "/studio/customer-tags": "8001",
    "/studio/data-requests": "secadmin",
    "/studio/sealed-cases": "privacy",
    "/studio/sign-in": "secadmin",
    "/studio/audit": "auditor",
}
"""Where a path begins → who sees such pages; the longest beginning counts."""

ONE_OF = {
    "/customers/$customerId": "/customers",
    "/cases/$caseId": "/cases",
    "/studio/queues/$queueId": "/queues",
    "/studio/hours/$calendarId": "/calendars",
    "/studio/numbers/$numberId": "/numbers",
    "/studio/flows/$code": "/flows",
}
"""Pages about one thing → where there is a list of them."""

OF_TWO = {"/customers/$customerId/merge": "/customer-duplicates"}
"""Pages about two customers → where there is a list of pairs."""

OPENED = {"/studio/audit": "?entry=1"}
"""What stands open on a page, beside it."""

NAMED = {
    "/cases",
    "/floor",
    "/floor/wall",
    "/studio/desks",
    "/studio/dispositions",
    "/studio/hours",
    "/studio/organisation",
    "/studio/queues",
    "/studio/quick-replies",
    "/studio/roles",
    "/studio/skills",
    "/studio/users",
}
"""Pages on which one of the bad names stands."""

LEAD_ELSEWHERE = {"/", "/studio"}
WITHOUT_A_LINK = "/invitation/look"
"""What the page of invitations asks for; nobody comes with one here."""

INVITED = {"tenant_code": "demo", "tenant_name": SHOWN_NAME, "login": "bad.name", "display_name": SHOWN_NAME}
"""What it would be told with one."""

ENGLISH = """localStorage.setItem('careline.locale', JSON.stringify('en'))"""
OWN_NAME = "中文"
"""What the language calls itself, wherever it can be chosen."""
CHINESE = re.compile("[\u4e00-\u9fff]+")
WORDS_SHOWN = """[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility()).flatMap((one) => [
    ...[...one.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ textContent }) => textContent),
    ...['aria-label', 'placeholder', 'title', 'alt'].map((name) => one.getAttribute(name) ?? '')])"""

NOTHING_OF_THEIR_OWN = {"/account", "/desk", "/floor/wall", "/welcome"}
"""Pages that show what every page knows, that are told by the live connection, or that are for who comes by a link."""
NOT_THE_SESSION = re.compile("/api/v1/(?!session)")
FAILED = {"code": "internal-error", "title": "Internal Server Error", "status": 500, "params": {}}

WAYS = (("wide", "light"), ("phone", "dark"))
"""Both sizes and both colours; what a size changes is one thing, what a colour changes another."""
OWN_COLOURS = {"/floor/wall": (("wide", "dark"), ("phone", "dark"))}


async def test_no_page_has_grave_findings(centre: RunningCentre, chromium: Browser) -> None:
    await named(centre)
    async with a_page(chromium) as page:
        await page.goto(f"{centre.address}/sign-in")
        await page.locator("#password").wait_for()
        paths: list[str] = await page.evaluate("Object.keys(__TSR_ROUTER__.routesByPath)")
        assert len(paths) > len(ONE_OF) + len(SEEN_BY)
        await looked_at(page, "sign-in", WAYS)
        await page.route(f"**{WITHOUT_A_LINK}", lambda route: route.fulfill(json=INVITED))
        await page.evaluate("__TSR_ROUTER__.navigate({ href: '/welcome#a-link' })")
        await expect(page.get_by_label("再填一遍")).to_be_visible()
        await looked_at(page, "choose-a-password", WAYS)
        await unsprung(page)
    await every_page(centre, chromium, paths, read)


async def test_who_reads_english_is_told_in_chinese_what_is_stored_so_and_nothing_else(
    centre: RunningCentre, chromium: Browser
) -> None:
    stored: list[str] = []

    async def keep(answer: Response) -> None:
        if "/api/" in answer.url:
            with suppress(Error):  # of an answer whose page is gone
                stored.append(await answer.text())

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: stored.append(str(frame)))

    async def speaks_english(page: Page, path: str, address: str) -> None:
        page.on("response", keep)
        page.on("websocket", follow)
        await page.goto(f"{centre.address}{address}")
        await still(page)
        said = set(CHINESE.findall("\n".join(await page.evaluate(WORDS_SHOWN))))
        held = "\n".join(stored)
        assert [word for word in said if word not in held] in ([], [OWN_NAME]), f"{path} in English"
        page.remove_listener("response", keep)
        page.remove_listener("websocket", follow)

    await every_page(centre, chromium, await known_paths(centre, chromium), speaks_english, before=ENGLISH)


async def test_every_page_says_when_the_server_fails_and_is_whole_when_tried_again(
    centre: RunningCentre, chromium: Browser
) -> None:
    async def fails_and_heals(page: Page, path: str, address: str) -> None:
        if path in NOTHING_OF_THEIR_OWN:
            return
        await page.goto(f"{centre.address}/account")
        await still(page)
        await page.route(NOT_THE_SESSION, lambda route: route.fulfill(status=500, json=FAILED))
        # Without what opens in front of it, which would hold its button.
        where = path if path in OPENED else address
        await page.evaluate("(href) => __TSR_ROUTER__.navigate({ href })", where)
        retry = page.get_by_role("button", name="重试")
        await expect(retry.first).to_be_visible()
        await page.unroute(NOT_THE_SESSION)
        while await retry.count():
            await retry.first.click()
            await still(page)

    await every_page(centre, chromium, await known_paths(centre, chromium), fails_and_heals)


async def known_paths(centre: RunningCentre, chromium: Browser) -> list[str]:
    """Every path of the router."""
    async with a_page(chromium) as page:
        await page.goto(f"{centre.address}/sign-in")
        await page.locator("#password").wait_for()
        paths: list[str] = await page.evaluate("Object.keys(__TSR_ROUTER__.routesByPath)")
        return paths


async def every_page(
    centre: RunningCentre, chromium: Browser, paths: list[str], visit: Visit, *, before: str = ""
) -> None:
    """Visit each page that is for somebody who is signed in: in a window of who sees it, its path, and its address."""
    wanted = sorted(set(paths) - LEAD_ELSEWHERE - {"/sign-in"}, key=who_sees)
    for login in dict.fromkeys(who_sees(path) for path in wanted):
        async with a_page(chromium) as page, Staff(centre, login) as staff:
            await page.add_init_script(before)
            await sign_in(page, centre, login)
            for path in wanted:
                if who_sees(path) == login:
                    await visit(page, path, await place_of(staff, path))


def who_sees(path: str) -> str:
    """The account that looks at a page."""
    return SEEN_BY[max((start for start in SEEN_BY if path.startswith(start)), key=len)]


async def place_of(staff: Staff, path: str) -> str:
    """The address of a page; of a page about one thing, that of the first there is."""
    if path == "/floor/wall":
        queues = (await staff.get("/floor"))["queues"]
        return f"{path}?queues={max(queues, key=lambda queue: queue['name'] == SHOWN_NAME)['id']}"
    if "$" not in path:
        return path + OPENED.get(path, "")
    if path in OF_TWO:
        pair = (await staff.get(OF_TWO[path]))["items"][0]
        return f"{path.replace('$customerId', pair['one']['id'])}?with={pair['other']['id']}"
    first = (await staff.get(ONE_OF[path]))["items"][0]
    return f"{path[: path.index('$')]}{first.get('id', first.get('code'))}"


async def read(page: Page, path: str, address: str) -> None:
    """Go there as a link does, and look."""
    refused: list[str] = []

    def note(answer: Response) -> None:
        if answer.status in (403, 404, 422) and not answer.url.endswith(WITHOUT_A_LINK):
            refused.append(f"{answer.status} {answer.url}")

    page.on("response", note)
    await page.evaluate("(href) => __TSR_ROUTER__.navigate({ href })", address)
    await page.wait_for_url(f"**{address.partition('?')[0]}*")
    await page.wait_for_load_state("networkidle")
    name = path.strip("/").replace("/", "-").replace("$", "one-")
    await looked_at(page, name, OWN_COLOURS.get(path, WAYS))
    page.remove_listener("response", note)
    await unsprung(page)
    if path in NAMED:
        await expect(page.get_by_text(SHOWN_NAME).filter(visible=True).first).to_be_visible()
    assert not refused, f"{path} is not for {who_sees(path)}: {refused}"
