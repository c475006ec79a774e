"""Names and words that would do something in a page that took them for more, and the trap that tells of it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page

from tests.e2e.running import RunningCentre, Staff

NAME = "=<img src=x onerror=struck=1>\u202eab\u200b👩\u200d👧"
"""Shown, it stands there letter for letter; but for what would turn its line around, which no name keeps."""

OF_A_QUEUE = ("media", "target", "target_seconds", "ring_seconds", "wrap_up_seconds", "rules")
"""What a queue takes over from another."""

SHOWN_NAME = NAME.replace("\u202e", "")

WORDS = (
    "=cmd|' /C calc'!A0 <script>struck=1</script><svg onload=\"struck=1\"> [看这里](javascript:struck=1) "
    f"javascript:struck=1 **粗** \u202egnp.exe {'很长' * 300} {{{{7*7}}}} &lt;b&gt;"
)

ZALGO = "".join(f"{letter}{''.join(map(chr, range(0x0300, 0x0312)))}" for letter in "zal")
"""Letters that reach beyond their line, up and down."""


def worst_name(length: int) -> str:
    """A name of so many characters: markup, quotes, what turns a line, emoji, and a word without an end."""
    return f"\u202e{NAME}'\"`&amp;{ZALGO[:10]}\u2066👩\u200d👧\u200d👦{'W' * length}"[:length]


OWN_FAILURE = re.compile(r"(?:Type|Reference|Range)Error\b")
"""How the console begins when what React caught is told: the page goes on, with a part of it gone."""

TURNS = "[\u202a-\u202e\u2066-\u2069]"
"""What turns the words around it; in the name of a window or a tab it would reach beyond the page."""

SPRUNG = """[...document.querySelectorAll('*')]
    .flatMap((one) => [one, ...(one.shadowRoot?.querySelectorAll('*') ?? [])])
    .filter((one) => one.matches('img[src="x"], svg[onload], a[href^="javascript:" i]'))
    .length + (window.struck ?? 0)"""


@asynccontextmanager
async def trapped(context: BrowserContext) -> AsyncIterator[None]:
    """Fails when a page of this browser opened a dialog, its policy had to stop anything, or our own code failed."""
    found: list[str] = []

    async def opened(dialog: Dialog) -> None:
        found.append(f"a dialog: {dialog.message}")
        await dialog.dismiss()

    def stopped(what: str) -> None:
        found.append(what)

    def told(message: ConsoleMessage) -> None:
        if message.type == "error" and OWN_FAILURE.match(message.text):
            found.append(f"{message.page and message.page.url}: {message.text[:500]}")

    context.on("dialog", opened)
    context.on("console", told)
    await context.expose_function("sprang", stopped)
    await context.add_init_script(
        "document.addEventListener('securitypolicyviolation', "
        "({violatedDirective, blockedURI}) => sprang(`${violatedDirective} stopped ${blockedURI}`))"
    )
    yield
    assert not found, found


async def unsprung(page: Page) -> None:
    """Nothing that was said or named has become a part of this page, or run in it."""
    assert await page.evaluate(SPRUNG) == 0, page.url
    assert not re.search(TURNS, await page.title()), page.url


async def named(centre: RunningCentre) -> None:
    """One of each kind of thing that has a name, with a bad one; nobody is in the queue, so that nothing goes there."""
    async with Staff(centre, "8001") as chief, Staff(centre, "sysadmin") as keeper, Staff(centre, "secadmin") as guard:
        root = (await keeper.get("/org-units"))["items"][0]["id"]
        reply = {"group": NAME[:30], "title": NAME, "text": WORDS, "language": "zh-CN"}
        case = {"type": "fault", "title": NAME, "text": WORDS, "customer_id": None, "interaction_id": None}
        other = (await keeper.get("/queues"))["items"][0]
        queue = {key: other[key] for key in OF_A_QUEUE}
        queue |= {"code": "bad-name", "name": NAME, "needs": [{"skill": "bad_name", "level": 5}]}
        calendar = {"name": NAME, "time_zone": "Asia/Shanghai", "weekly": [[]] * 7, "exceptions": []}
        code: dict[str, Any] = {"code": "bad-name", "parent": None, "name": NAME, "name_en": NAME, "queue_ids": []}
        for who, path, body in (
            (chief, "/cases", case),
            (keeper, "/quick-replies", reply),
            (keeper, "/calendars", calendar),
            (keeper, "/desks", {"name": NAME, "queues": [], "kinds": []}),
            (keeper, "/skills", {"code": "bad_name", "name": NAME}),
            (keeper, "/queues", queue),
            (keeper, "/dispositions", code),
            (chief, "/customer-tags", {"name": "<b>标签</b>\u202ea"}),
            (keeper, "/posts", {"name": NAME, "duties": NAME}),
            (keeper, "/org-units", {"parent_id": root, "name": NAME}),
            (keeper, "/users", {"login": "bad.name", "display_name": NAME, "locale": "zh-CN", "org_unit_id": root}),
            (guard, "/roles", {"code": "bad_name", "name": NAME, "permissions": {}}),
        ):
            answer = await who.http.post(path, json=body)
            assert answer.is_success, f"{path}: {answer.text}"
        customers = await chief.get("/customers")
        noted = await chief.http.post(f"/customers/{customers['items'][0]['id']}/notes", json={"text": WORDS[:500]})
        assert noted.is_success, noted.text
