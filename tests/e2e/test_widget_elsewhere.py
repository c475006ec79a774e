"""The widget on a page of another site, in a real browser: works where the origin is named, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.network import on_a_train
from tests.e2e.running import TENANT, RunningCentre
from tests.e2e.trap import WORDS, unsprung
from tests.support.pictures import png

pytestmark = [pytest.mark.voice, pytest.mark.browser]


@asynccontextmanager
async def page_with_widget(centre: RunningCentre, port: int) -> AsyncIterator[str]:
    """Somebody else's site with the one line in its page; its address."""
    html = (
        f'<!doctype html><title>Shop</title><script src="{centre.address}/widget.js" data-tenant="{TENANT}"></script>'
    )
    # As docs/guides/chat-widget.md says, and nothing besides.
    policy = (
        f"default-src 'none'; script-src {centre.address}; img-src {centre.address}; media-src {centre.address} blob:; "
        f"connect-src {centre.address} {centre.address.replace('http', 'ws', 1)}"
    )
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/html", f"Content-Length: {len(html)}", "Connection: close"]
    head = "\r\n".join([*lines, f"Content-Security-Policy: {policy}", "", ""])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write((head + html).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_named_site_has_the_chat_with_all_that_is_told(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(locale="zh-CN")
    page = await context.new_page()
    async with page_with_widget(centre, centre.site_port) as address:
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        await page.goto(address)
        await page.get_by_role("button", name="在线客服").click()
        await page.get_by_label("写消息").fill(WORDS)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("已送达")
        await expect(page.get_by_role("log")).to_contain_text(WORDS)
        await unsprung(page)
        await expect(page.get_by_role("log")).to_contain_text("我是自动应答")
        await through_tunnels(page)
        await shows_and_speaks(page)
        assert set(sockets) == {f"ws://127.0.0.1:{centre.http_port}/rt/v1"}
        assert await context.cookies() == []
        await page.get_by_role("button", name="结束").click()
        await page.get_by_role("button", name="确定结束").click()
        await expect(page.get_by_role("log")).to_contain_text("您已结束这次服务")
    await context.close()


async def through_tunnels(page: Page) -> None:
    """On a slow network that comes and goes, all is said once and in order, and what is half written stays."""
    said = ["进隧道了", "又出来了", "听得见吗"]
    async with on_a_train(page):
        for text in said:
            await page.get_by_label("写消息").fill(text)
            await page.keyboard.press("Enter")
        await page.get_by_label("写消息").fill("写到一半")
        await expect(page.locator("careline-chat .log .mine").last).to_contain_text(said[-1])
    await expect(page.get_by_text("恢复后自动发出")).to_have_count(0, timeout=45_000)
    shown = (await page.get_by_role("log").inner_text()).splitlines()
    assert [line for line in shown if line in said] == said
    await expect(page.get_by_label("写消息")).to_have_value("写到一半")


async def shows_and_speaks(page: Page) -> None:
    """A picture, and a few words into a microphone, with the second script that this needs."""
    chooser = page.locator("careline-chat input[type=file]")
    await chooser.set_input_files({"name": "套餐.png", "mimeType": "image/png", "buffer": png(64, 48)})
    await page.wait_for_function(
        "() => [...document.querySelector('careline-chat').shadowRoot.querySelectorAll('.log img')]"
        ".some(one => one.naturalWidth === 64)"
    )
    await page.get_by_role("button", name="语音消息", exact=True).click()
    await page.get_by_role("button", name="录好了").wait_for()
    await page.wait_for_timeout(1000)
    await page.get_by_role("button", name="录好了").click()
    await page.locator("careline-chat .voice").get_by_role("button", name="播放").click()
    await page.locator("careline-chat .voice").get_by_role("button", name="发送").click()
    await page.get_by_role("log").get_by_role("button", name="播放").click()
    # While it plays the button would say so, which on a busy machine may be over before anybody looks.
    await page.wait_for_function(
        "() => [...document.querySelector('careline-chat').shadowRoot.querySelectorAll('.log audio')]"
        ".some(one => one.currentTime > 0.2)"
    )


async def test_another_site_is_told_no_and_learns_nothing(centre: RunningCentre, chromium: Browser) -> None:
    context = await chromium.new_context(locale="zh-CN")
    page = await context.new_page()
    async with page_with_widget(centre, 0) as address:
        await page.goto(address)
        await page.get_by_role("button", name="在线客服").click()
        await page.get_by_label("写消息").fill("套餐怎么换")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("恢复后自动发出")
        stolen = await page.evaluate(
            "url => fetch(url, {credentials: 'include'}).then(answer => answer.text(), () => 'refused')",
            f"{centre.api}/session",
        )
        assert stolen == "refused"
    await context.close()
