"""What a customer could not send, in a real browser: whose it stays, how long, and how often it is tried."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.e2e.running import TENANT, RunningCentre
from tests.e2e.test_widget_elsewhere import page_with_widget
from tests.support.pictures import png
from tests.support.waiting import until

pytestmark = [pytest.mark.voice, pytest.mark.browser]

SOON = 30_000
FILES = "**/api/v1/visitor/files?*"
WORDS = "**/api/v1/visitor/messages"
SECRET = "我的身份证在抽屉里"
OLDER = """hours => {
  for (const key of Object.keys(localStorage).filter(one => one.startsWith('careline.visitor.outbox.'))) {
    const entry = JSON.parse(localStorage.getItem(key));
    entry.at = new Date(Date.parse(entry.at) - hours * 3600000).toISOString();
    localStorage.setItem(key, JSON.stringify(entry));
  }
}"""
"""As if so many hours had passed since it was written."""
NO_TOKEN = """tenant => {
  const key = `careline.visitor.${tenant}`;
  localStorage.setItem(key, JSON.stringify({...JSON.parse(localStorage.getItem(key)), token: 'of-last-week'}));
}"""
KEPT = """async () => {
  const answer = asked => new Promise(done => { asked.onsuccess = () => done(asked.result); });
  const opened = await answer(indexedDB.open('careline.files'));
  const keys = await answer(opened.transaction('careline.files').objectStore('careline.files').getAllKeys());
  opened.close();
  return [...keys, ...Object.keys(localStorage).filter(one => one.startsWith('careline.visitor.outbox.'))];
}"""
LISTENERS = """(() => {
  window.asking = 0;
  for (const [name, change] of [['addEventListener', 1], ['removeEventListener', -1]]) {
    const real = window[name];
    window[name] = function (kind, ...rest) {
      if (kind === 'beforeunload') window.asking += change;
      return real.call(this, kind, ...rest);
    };
  }
})()"""


@pytest.fixture
async def visitors(centre: RunningCentre) -> AsyncIterator[set[str]]:
    """What customers prove with who they are. Their chats end, so that no other test's agent is offered one."""
    proofs: set[str] = set()
    yield proofs
    async with httpx.AsyncClient(base_url=f"{centre.address}/api/v1") as http:
        for proof in proofs:
            await http.post("/visitor/end", headers={"Authorization": proof})


def meet(context: BrowserContext, visitors: set[str]) -> None:
    """Learn who writes in a browser."""

    def proved(request: Request) -> None:
        if (proof := request.headers.get("authorization")) is not None:
            visitors.add(proof)

    context.on("request", proved)


async def chat(chromium: Browser, centre: RunningCentre, visitors: set[str]) -> Page:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    meet(context, visitors)
    page = await context.new_page()
    page.set_default_timeout(SOON)
    await page.goto(f"{centre.address}/chat/{TENANT}")
    await page.get_by_role("button", name="不填，直接问").click()
    return page


async def write(page: Page, text: str) -> None:
    await page.get_by_label("写消息").fill(text)
    await page.keyboard.press("Enter")


async def lost(page: Page) -> None:
    """Nothing that is sent gets through. A browser that is said to be offline may still send what it had begun."""
    for address in (FILES, WORDS):
        await page.context.route(address, lambda route: route.abort())


async def found(page: Page) -> None:
    for address in (FILES, WORDS):
        await page.context.unroute(address)


async def choose(page: Page, *names: str) -> None:
    files = [{"name": name, "mimeType": "image/png", "buffer": png(64, 48)} for name in names]
    await page.locator("input[type=file]").first.set_input_files(files)  # type: ignore[arg-type]


async def test_the_next_one_at_this_computer_sends_nothing_of_the_one_before(
    centre: RunningCentre, chromium: Browser, visitors: set[str]
) -> None:
    page = await chat(chromium, centre, visitors)
    await write(page, "你好")
    await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
    await lost(page)
    await write(page, SECRET)
    await choose(page, "身份证.png")
    await expect(page.get_by_text("恢复后自动发出").first).to_be_visible(timeout=SOON)
    await until(lambda: page.evaluate(f"({KEPT})().then(keys => keys.length === 3)"))
    await page.evaluate(OLDER, 1)
    await page.evaluate(NO_TOKEN, TENANT)
    await page.goto("about:blank")
    sent: list[tuple[str, str]] = []
    page.on("request", lambda one: sent.append((one.post_data or "", one.headers.get("authorization", ""))))
    await found(page)
    await page.goto(f"{centre.address}/chat/{TENANT}")
    await page.get_by_role("button", name="不填，直接问").click()
    await write(page, "我是后来的")
    await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
    await expect(page.get_by_role("log")).to_contain_text("2 条消息没发出去")
    assert SECRET not in await page.locator("body").inner_text()
    assert any("我是后来的" in body for body, _ in sent)
    # It may be tried as whom it was written by, who is not known any more.
    assert {token for body, token in sent if SECRET in body} <= {"Bearer of-last-week"}
    await until(lambda: page.evaluate(f"({KEPT})().then(keys => keys.length === 0)"))
    await page.get_by_role("button", name="知道了").click()
    await expect(page.get_by_text("没发出去")).to_have_count(0)
    await page.context.close()


async def somebody_else(page: Page, centre: RunningCentre) -> Page:
    """Another person at the same computer, who begins in a tab of their own."""
    tab = await page.context.new_page()
    await tab.goto(f"{centre.address}/chat/{TENANT}")
    await tab.get_by_role("button", name="不填，直接问").click()
    await expect(tab.get_by_label("写消息")).to_be_visible(timeout=SOON)
    return tab


async def test_an_answer_that_comes_when_somebody_else_is_there_is_shown_to_nobody(
    centre: RunningCentre, chromium: Browser, visitors: set[str]
) -> None:
    page = await chat(chromium, centre, visitors)
    await write(page, "你好")
    await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
    stored, gate = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        stored.set()
        await gate.wait()
        await route.fulfill(response=answer)

    await page.route(WORDS, late, times=1)
    await page.get_by_label("写消息").fill(SECRET)
    # Nothing tells the page of it before the answer does.
    await page.route("**/api/v1/visitor/messages?*", lambda route: route.abort())
    await page.keyboard.press("Enter")
    await stored.wait()
    await page.evaluate("tenant => localStorage.removeItem(`careline.visitor.${tenant}`)", TENANT)
    tab = await somebody_else(page, centre)
    await expect(page.get_by_text("你好")).to_have_count(0, timeout=SOON)
    async with page.expect_response(WORDS):
        gate.set()
    await page.unroute("**/api/v1/visitor/messages?*")
    await write(tab, "我是后来的")
    await expect(page.get_by_role("log")).to_contain_text("我是后来的", timeout=SOON)
    await write(page, "还有一句")
    await expect(tab.get_by_role("log")).to_contain_text("还有一句", timeout=SOON)
    for one in (page, tab):
        assert SECRET not in await one.locator("body").inner_text()
    await page.context.close()


async def test_whom_the_server_has_forgotten_in_the_middle_leaves_nothing_to_who_comes_next(
    centre: RunningCentre, chromium: Browser, visitors: set[str]
) -> None:
    page = await chat(chromium, centre, visitors)
    await write(page, "你好")
    await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
    sent: list[tuple[str, str]] = []
    page.on("request", lambda one: sent.append((one.post_data or "", one.headers.get("authorization", ""))))
    gone = '{"code": "not-signed-in", "title": "", "params": {}}'
    await page.route(WORDS, lambda route: route.fulfill(status=401, content_type="application/problem+json", body=gone))
    await page.route("**/api/v1/visitor", lambda route: route.abort())
    await write(page, SECRET)
    await expect(page.get_by_text("恢复后自动发出").first).to_be_visible(timeout=SOON)
    tab = await somebody_else(page, centre)
    await expect(page.get_by_text(SECRET)).to_have_count(0, timeout=SOON)
    await page.unroute(WORDS)
    await page.unroute("**/api/v1/visitor")
    await write(page, "还有一句")
    await expect(tab.get_by_role("log")).to_contain_text("还有一句", timeout=SOON)
    for one in (page, tab):
        assert SECRET not in await one.locator("body").inner_text()
    assert len({token for body, token in sent if SECRET in body}) == 1, "as whom it was written by, and nobody else"
    await until(lambda: page.evaluate(f"({KEPT})().then(keys => keys.length === 0)"))
    await page.context.close()


async def test_what_waited_for_half_a_day_goes_out_when_its_writer_says_so(
    centre: RunningCentre, chromium: Browser, visitors: set[str]
) -> None:
    page = await chat(chromium, centre, visitors)
    await write(page, "你好")
    await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
    await lost(page)
    await write(page, "昨天写的")
    await expect(page.get_by_text("恢复后自动发出", exact=True)).to_be_visible(timeout=SOON)
    await page.evaluate(OLDER, 13)
    await page.goto("about:blank")
    await found(page)
    await page.goto(f"{centre.address}/chat/{TENANT}")
    await expect(page.get_by_text("超过 12 小时没发出去")).to_be_visible(timeout=SOON)
    await page.get_by_role("button", name="重发").click()
    await expect(page.get_by_text("超过 12 小时没发出去")).to_have_count(0, timeout=SOON)
    await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
    await expect(page.get_by_text("昨天写的")).to_have_count(1)
    await page.context.close()


async def test_a_server_is_asked_again_when_it_wants_to_be_and_what_stands_behind_waits(
    centre: RunningCentre, chromium: Browser, visitors: set[str]
) -> None:
    page = await chat(chromium, centre, visitors)
    asked: list[float] = []

    async def later(route: Route) -> None:
        asked.append(float(await page.evaluate("Date.now()")))
        if len(asked) > 1:
            await route.continue_()
            return
        body = '{"code":"files-unavailable","title":"later","params":{}}'
        headers = {"Retry-After": "8", "Content-Type": "application/problem+json"}
        await route.fulfill(status=503, body=body, headers=headers)

    await page.route(FILES, later)
    await choose(page, "一.png", "二.png")
    await until(lambda: bool(asked))
    await expect(page.get_by_text("恢复后自动发出")).to_have_count(2, timeout=SOON)
    await expect(page.get_by_role("log")).not_to_contain_text("0%")
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.get_by_role("log").locator("img")).to_have_count(2, timeout=SOON)
    assert asked[1] - asked[0] >= 7_900
    await page.context.close()


async def test_files_wait_for_their_turn_and_only_one_shows_how_far_it_is(
    centre: RunningCentre, chromium: Browser, visitors: set[str]
) -> None:
    page = await chat(chromium, centre, visitors)
    held: list[Route] = []
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        held.append(route)
        await released.wait()
        await route.continue_()

    await page.route(FILES, hold)
    await choose(page, "一.png", "二.png", "三.png")
    await until(lambda: bool(held))
    await expect(page.get_by_text("等待发送")).to_have_count(2, timeout=SOON)
    await expect(page.get_by_role("progressbar")).to_have_count(1)
    released.set()
    await expect(page.get_by_role("log").locator("img")).to_have_count(3, timeout=SOON)
    await page.context.close()


async def test_a_page_with_the_widget_listens_for_its_end_only_while_a_file_would_be_lost(
    centre: RunningCentre, chromium: Browser, visitors: set[str]
) -> None:
    context = await chromium.new_context(locale="zh-CN")
    meet(context, visitors)
    await context.add_init_script(LISTENERS)
    page = await context.new_page()
    page.set_default_timeout(SOON)
    async with page_with_widget(centre, centre.site_port) as address:
        await page.goto(address)
        await page.get_by_role("button", name="在线客服").click()
        await write(page, "你好")
        await expect(page.get_by_role("log")).to_contain_text("已送达", timeout=SOON)
        assert await page.evaluate("window.asking") == 0
        # A browser that keeps nothing: what is chosen is on this page only.
        await page.evaluate("() => { IDBFactory.prototype.open = () => { throw new Error('full') }; }")
        await context.set_offline(True)
        chooser = page.locator("careline-chat input[type=file]")
        await chooser.set_input_files({"name": "一.png", "mimeType": "image/png", "buffer": png(64, 48)})
        await until(lambda: page.evaluate("window.asking === 1"))
        await context.set_offline(False)
        await page.evaluate("window.dispatchEvent(new Event('online'))")
        await until(lambda: page.evaluate("window.asking === 0"))
    await context.close()
