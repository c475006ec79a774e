"""Keys of a caller on a real Asterisk: none in time, wrong ones, one too many, and secret ones, found nowhere."""

from pathlib import Path
from typing import Any

import pytest

from careline.bootstrap import Careline
from careline.infra.database.log import Cursor, read_after
from careline.kernel.tenancy import system_actor
from careline.modules.contact.flows.events import StepTaken
from tests.support.waiting import until
from tests.voice.support.application import server_of
from tests.voice.support.phone import Phone

pytestmark = pytest.mark.voice

CALLED, CALLER = "10011", "16036419034"
PIN = "738629415"


def said(text: str) -> dict[str, str]:
    return {"zh-CN": text}


def keys(text: str, **more: Any) -> dict[str, Any]:
    """Six digits, with time for a slow machine."""
    asked = {"kind": "collect", "text": said(text), "min_length": 6, "max_length": 6, "into": "number"}
    return {**asked, "timeout_s": 60, "between_s": 60, **more}


STEPS: dict[str, Any] = {
    "late": keys("请输入卡号。", timeout_s=1, attempts=1, next="bye", otherwise="number"),
    "number": keys("请再输入卡号。", wrong=said("位数不对。"), next="told", otherwise="bye"),
    "told": {"kind": "say", "text": said("您输入的是{number|digits}。"), "next": "pin"},
    "pin": keys("请输入服务密码。", into="pin", max_length=9, secret=True, next="check", otherwise="bye"),
    "check": {"kind": "business_call", "connection": "none", "body": {"pin": "{pin}"}, "ok": "bye", "not_ok": "menu"},
    "menu": {
        "kind": "menu",
        "text": said("结束请按一。"),
        "wrong": said("没有这个选项。"),
        "choices": {"1": "bye", "#": "menu"},
        "otherwise": "menu",
        "timeout_s": 60,
    },
    "bye": {"kind": "hang_up"},
}
FLOW = {"start": "late", "safety": "bye", "steps": STEPS}


async def test_keys_late_wrong_and_secret(careline: Careline) -> None:
    tenant = await careline.identity.facade.tenant_by_code("demo")
    assert tenant is not None
    actor = system_actor(tenant.id)
    await careline.flows.facade.create(actor, "keys", "按键", FLOW)
    await careline.flows.facade.publish(actor, "keys")
    async with careline.database.transaction(tenant.id) as tx:
        await careline.telephony.facade.add_number(tx, CALLED, "keys")
    prompts = careline.settings.data / "prompts"
    before = len(list(prompts.glob("*.wav")))

    async def spoken(count: int) -> None:
        """Until so many sentences were rendered, each when it is first said."""
        await until(lambda: len(list(prompts.glob("*.wav"))) >= before + count, f"{count} sentences", within=60)

    async with Phone(server_of(careline), name="caller") as caller:
        await caller.open()
        await caller.dial(CALLED, caller_number=CALLER)
        await spoken(2)
        await caller.press("12#")
        await spoken(3)
        await caller.press("123456#")
        await spoken(5)
        await caller.press(f"{PIN}#")
        await spoken(6)
        await caller.press("9")
        await spoken(7)
        await caller.press("1")
        await caller.until_over(within=60)
    await until(lambda: not careline.flows.facade.running())

    assert await journey(careline) == [
        ("late", "otherwise"),
        ("number", "next"),
        ("told", "next"),
        ("pin", "next"),
        ("check", "not_ok"),
        ("menu", "1"),
        ("bye", "end"),
    ]
    found = [file for file in everything(careline.settings.data) if PIN.encode() in file.read_bytes()]
    assert found == [], "a secret is in no database, no log of ours or of Asterisk, and no sound"


async def journey(careline: Careline) -> list[tuple[str, str]]:
    async with careline.database.system_reading() as reading:
        entries = await read_after(reading, Cursor(), limit=1000, names=[StepTaken.name])
    taken = [entry.recorded.event for entry in entries if entry.recorded is not None]
    return [(one.step, one.way) for one in taken if isinstance(one, StepTaken) and one.flow_code == "keys"]


def everything(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
