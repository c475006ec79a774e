"""Pictures, voices and a chat to keep, between two real browsers and through a cut."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.axe import at_both_sizes
from tests.e2e.desk import ACCEPT, desk
from tests.e2e.running import TENANT, RunningCentre
from tests.support.pictures import png

pytestmark = [pytest.mark.voice, pytest.mark.browser]

AGENT = "8026"
SOON = 30_000
SEEN = "width => [...document.querySelectorAll('[role=log] img')].some(one => one.naturalWidth === width)"
"""Whether a picture of this width was fetched, opened and drawn."""
PICTURE_FIRST = """(log, words) => {
  const line = [...log.querySelectorAll('*')].findLast(one => one.textContent.trim() === words);
  return Boolean(log.querySelector('img').compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING);
}"""
FILES = "**/api/v1/visitor/files?*"


async def test_what_both_show_and_say(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    visitor = await context.new_page()
    visitor.set_default_timeout(SOON)
    await visitor.goto(f"{centre.address}/chat/{TENANT}")
    await visitor.get_by_role("button", name="不填，直接问").click()
    async with desk(chromium, centre, AGENT, phone=False) as agent:
        await visitor.get_by_label("写消息").fill("路由器的灯是红的")
        await visitor.keyboard.press("Enter")
        await agent.wait_for_selector(ACCEPT)
        await agent.keyboard.press("F2")
        await expect(agent.get_by_role("log")).to_contain_text("路由器的灯是红的", timeout=SOON)
        await picture_through_a_cut(context, visitor, agent)
        await picture_back(visitor, agent)
        await said_aloud(visitor, agent)
        await at_both_sizes(visitor, "chat-files")
        await at_both_sizes(agent, "desk-files")
        await refused(visitor)
        await visitor.get_by_role("button", name="结束", exact=True).click()
        await visitor.get_by_role("button", name="结束服务").click()
        await kept(visitor)
    await context.close()


async def choose(page: Page, name: str, content: bytes) -> None:
    """As if a file had been chosen on this page."""
    kind = "application/octet-stream"
    await page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": kind, "buffer": content})


async def picture_through_a_cut(context: BrowserContext, visitor: Page, agent: Page) -> None:
    """What was chosen without a network goes out when it is back, once, before the words that were said after it."""
    await context.set_offline(True)
    await choose(visitor, "红灯.png", png(64, 48))
    await visitor.get_by_label("写消息").fill("就是这个灯")
    await visitor.keyboard.press("Enter")
    await expect(visitor.get_by_text("恢复后自动发出").last).to_be_visible(timeout=SOON)
    # The pages come through, files do not yet.
    await context.route(FILES, lambda route: route.abort())
    await context.set_offline(False)
    await visitor.reload()
    await expect(visitor.get_by_text("恢复后自动发出").first).to_be_visible(timeout=SOON)
    await expect(visitor.get_by_text("就是这个灯")).to_have_count(1)
    assert "就是这个灯" not in await agent.get_by_role("log").inner_text()
    await context.unroute(FILES)
    await agent.wait_for_function(SEEN, arg=64)
    await visitor.wait_for_function(SEEN, arg=64)
    for page in (visitor, agent):
        await expect(page.get_by_role("log")).to_contain_text("就是这个灯", timeout=SOON)
        await expect(page.get_by_role("log").locator("img")).to_have_count(1)
        assert await page.get_by_role("log").evaluate(PICTURE_FIRST, "就是这个灯")
    await expect(visitor.get_by_role("progressbar")).to_have_count(0)


async def picture_back(visitor: Page, agent: Page) -> None:
    """The agent's, dropped where answers are written; opened in a page of its own, in which nothing runs."""
    await choose(agent, "接这个口.png", png(80, 60))
    await visitor.wait_for_function(SEEN, arg=80)
    async with visitor.context.expect_page() as opened:
        await visitor.get_by_label("打开图片「接这个口.png」").click()
    shown = await opened.value
    await shown.wait_for_url("**/files/**")
    answer = await shown.request.get(shown.url)
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    await shown.close()


async def said_aloud(visitor: Page, agent: Page) -> None:
    """Recorded, listened to, sent, and played at the other side."""
    await visitor.get_by_role("button", name="语音消息", exact=True).click()
    await visitor.get_by_role("button", name="录好了").wait_for()
    await visitor.wait_for_timeout(1200)
    await at_both_sizes(visitor, "chat-recording")
    await visitor.get_by_role("button", name="录好了").click()
    await visitor.get_by_role("button", name="发送语音").click()
    await agent.get_by_role("log").get_by_role("button", name="播放").click()
    playing = "(() => { const one = document.querySelector('[role=log] audio'); return one.currentTime > 0.2; })"
    await agent.wait_for_function(playing)


async def refused(visitor: Page) -> None:
    """A page is no picture, whatever it is called; it stays until somebody puts it away."""
    await choose(visitor, "photo.png", b"<html><script>alert(1)</script>")
    await expect(visitor.get_by_text("不能发这种文件")).to_be_visible(timeout=SOON)
    await visitor.get_by_role("button", name="取消 photo.png").click()
    await expect(visitor.get_by_text("不能发这种文件")).to_have_count(0)


async def kept(visitor: Page) -> None:
    """The chat as text: everything, in order."""
    async with visitor.expect_download() as saved:
        await visitor.get_by_role("button", name="文本").click()
    text = (await (await saved.value).path()).read_text(encoding="utf-8-sig")
    parts = ["您: 路由器的灯是红的", "您: [图片] 红灯.png", "您: 就是这个灯", "[图片] 接这个口.png", "您: [语音] 0:0"]
    places = [text.find(part) for part in parts]
    assert -1 not in places, text
    assert places == sorted(places), text
