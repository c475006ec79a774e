"""The demo's queues, numbers and flows."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from msgspec import structs

from careline.bootstrap import Careline
from careline.entrypoints.demo.dispositions import DISPOSITIONS
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import system_actor
from careline.modules.contact.flows.views import in_both
from careline.modules.core.hours.views import Calendar, Span, official_days
from careline.modules.core.routing.views import Media, Overflow, QueueRules, Relaxation, Strategy
from careline.modules.directory.identity.views import TenantView

NUMBER = "10086"

ALL = (Media.VOICE, Media.CHAT, Media.MESSAGE)
QUEUES: tuple[tuple[str, str, Sequence[Media], tuple[tuple[str, int], ...], QueueRules], ...] = (
    ("broadband", "宽带报障", ALL, (("broadband_fault", 1),), QueueRules(max_wait_s=900)),
    ("tariff", "套餐与资费", ALL, (("tariff", 1),), QueueRules(max_wait_s=900, max_waiting=200)),
    ("roaming", "国际漫游", ALL, (("roaming", 1),), QueueRules(max_wait_s=900)),
    (
        "complaint",
        "投诉专席",
        ALL,
        (("complaint", 1),),
        QueueRules(preferred_wait_s=20, relaxation=(Relaxation(after_s=180, drop=("complaint",)),)),
    ),
    (
        "global-link",
        "全球通专席",
        ALL,
        (("global_link", 1),),
        QueueRules(strategy=Strategy.LAST_AGENT, max_wait_s=180),
    ),
    (
        "enterprise",
        "集团客户",
        ALL,
        (("tariff", 3),),
        QueueRules(strategy=Strategy.ROUND_ROBIN, max_wait_s=300, overflow=Overflow.MESSAGE),
    ),
)
"""Code, name, media, the skills with the least proficiency, and how it is served."""

OVERFLOW = {"global-link": "tariff"}
"""Where such a queue sends whom it cannot keep."""

_MORNING, _AFTERNOON = Span(start=8 * 60 + 30, end=12 * 60), Span(start=13 * 60 + 30, end=18 * 60)
_WORKED: tuple[Span, ...] = (_MORNING, _AFTERNOON)
WORKDAYS = Calendar(time_zone="Asia/Shanghai", weekly=(*[_WORKED] * 5, (), ()), exceptions=official_days("CN", 2026))
HOURS = "集团客户服务时间"
OFFICE_HOURS = "enterprise"
"""The queue that has them; the others are open day and night."""

QUICK_REPLIES = (
    ("问候", "开场白", "{surname}先生/女士您好，我是客服 {number}，很高兴为您服务。"),
    ("问候", "请稍等", "请您稍等，我正在为您查询，大约需要 {几分钟}。"),
    ("问候", "结束语", "感谢您使用{tenant}，祝您生活愉快，再见！"),
    ("资费", "套餐说明", "您现在的套餐是 {套餐名}，每月 {金额} 元，含 {流量} GB 流量和 {通话} 分钟通话。"),
    ("资费", "流量超出", "您本月套餐流量已用完，超出部分按 5 元/GB 收取，可以开通「流量用完即停」。"),
    ("报障", "重启光猫", "请您把光猫断电 30 秒再通电，等指示灯稳定后再试一下，我在这里等您。"),
    ("报障", "上门预约", "已为您登记上门检修，师傅会在 {时间} 之前电话联系您，请保持手机畅通。"),
    ("转接", "转接说明", "这个问题需要 {queue} 的同事处理，我这就为您转接，前面说的不用重复。"),
)


HOTLINE: dict[str, Any] = {
    "start": "welcome",
    "safety": "sorry",
    "steps": {
        "welcome": {
            "kind": "say",
            "title": in_both("听录音告知", "Recording announced"),
            "text": in_both(
                "您好，欢迎致电一零零八六。为保证服务质量，通话将被录音。",
                "Welcome to 10086. This call will be recorded to keep our service good.",
            ),
            "announces": "recording",
            "next": "brand",
        },
        "brand": {
            "kind": "condition",
            "fact": "customer.brand",
            "is_one_of": ["global_link"],
            "then": "premium",
            "otherwise": "menu",
        },
        "menu": {
            "kind": "menu",
            "title": in_both("选择业务", "Choice of business"),
            "text": in_both(
                "宽带报障请按一，套餐与资费请按二，国际漫游请按三，投诉请按四，人工服务请按零。",
                "For broadband press 1, for charges 2, for roaming 3, to complain 4, for a person 0.",
            ),
            "wrong": in_both("没有这个选项。", "There is no such choice."),
            "choices": {
                "1": "broadband",
                "2": "tariff",
                "3": "roaming",
                "4": "complaint",
                "0": "tariff",
            },
            "otherwise": "tariff",
        },
        **{
            step: {
                "kind": "enqueue",
                "title": in_both(f"{name}，转人工", f"{step}, to a person"),
                "queue": queue,
                "record": True,
                "priority": priority,
                "text": in_both("正在为您转接人工，请稍候。", "We are connecting you to a person."),
                "next": "rate",
                "lost": "again",
                "overflow": "busy",
                "closed": "closed",
            }
            for step, name, queue, priority in (
                ("premium", "全球通", "global-link", 2),
                ("broadband", "宽带报障", "broadband", 0),
                ("tariff", "套餐与资费", "tariff", 0),
                ("roaming", "国际漫游", "roaming", 0),
                ("complaint", "投诉", "complaint", 1),
            )
        },
        "again": {
            "kind": "enqueue",
            "queue": "tariff",
            "record": True,
            "priority": 5,
            "text": in_both(
                "很抱歉，通话中断了，正在为您重新接通。", "Sorry, you were cut off. We are connecting you again."
            ),
            "next": "rate",
            "lost": "sorry",
            "overflow": "busy",
            "closed": "closed",
        },
        "rate": {
            "kind": "rate",
            "title": in_both("评分", "Rating"),
            "text": in_both(
                "请对本次服务评分，一到五分，五分为非常满意。", "Please rate our service from 1 to 5, where 5 is best."
            ),
            "thanks": in_both("感谢您的评价。", "Thank you for your rating."),
            "next": "bye",
        },
        "bye": {"kind": "hang_up", "text": in_both("感谢您的来电，再见。", "Thank you for calling. Good-bye.")},
        "busy": {
            "kind": "hang_up",
            "title": in_both("人多，未接通", "Too many callers"),
            "text": in_both(
                "很抱歉，现在来电较多，暂时无法接通人工，请稍后再拨。",
                "Sorry, too many are calling just now. Please call again later.",
            ),
        },
        "closed": {
            "kind": "hang_up",
            "title": in_both("非服务时间", "Outside the hours"),
            "text": in_both(
                "您好，现在不是人工服务时间，请在服务时间内再拨。",
                "Hello, nobody is here at this hour. Please call again within our hours.",
            ),
        },
        "sorry": {
            "kind": "hang_up",
            "text": in_both(
                "很抱歉，暂时无法为您接通，请稍后再拨。", "Sorry, we cannot connect you now. Please call later."
            ),
        },
    },
}

CONSENT = in_both(
    "我同意用所留的联系方式回复这条留言。联系方式只用于回复，最多保存 180 天。",
    "I agree to be contacted this way about this message. It is used for nothing else and kept for at most 180 days.",
)
"""Under the form for a message."""

CHAT_QUEUES = (("person", "套餐与资费", "tariff"), ("enterprise", "集团客户", "enterprise"))
"""Step, name and queue of what a chat may be led to."""


def take_message(name: str, queue: str) -> dict[str, Any]:
    """The step for whom the queue cannot keep: outside its hours, or when too many wait."""
    return {
        "kind": "take_message",
        "title": in_both(f"{name}，请客户留言", "Asked to leave a message"),
        "queue": queue,
        "text": in_both(
            "很抱歉，现在没有客服能马上回复您。请在下面留言，我们会用您留下的方式联系您。",
            "Sorry, nobody can answer you just now. Please leave a message below and we will get back to you.",
        ),
        "consent": CONSENT,
        "reminder": in_both(
            "现在没有客服在线。请填写下面的留言，写好后我们会联系您。",
            "Nobody is here just now. Please use the form below, and we will get back to you.",
        ),
        "next": "end",
        "otherwise": "nothing-left",
    }


WEBCHAT: dict[str, Any] = {
    "start": "welcome",
    "safety": "person",
    "steps": {
        "welcome": {
            "kind": "say",
            "title": in_both("自动应答", "Automatic reply"),
            "text": in_both(
                "您好，我是自动应答。正在为您转接人工，您可以先写下要问的事。",
                "Hello, this is an automatic reply. A person will be with you; you can write already.",
            ),
            "next": "brand",
        },
        "brand": {
            "kind": "condition",
            "fact": "customer.brand",
            "is_one_of": ["enterprise"],
            "then": "enterprise",
            "otherwise": "person",
        },
        **{
            step: {
                "kind": "enqueue",
                "title": in_both(f"{name}，转人工", f"{step}, to a person"),
                "queue": queue,
                "next": "end",
                "lost": "end",
                "overflow": f"{step}-message",
                "closed": f"{step}-message",
                "message": f"{step}-message",
            }
            for step, name, queue in CHAT_QUEUES
        },
        **{f"{step}-message": take_message(name, queue) for step, name, queue in CHAT_QUEUES},
        "nothing-left": {
            "kind": "hang_up",
            "title": in_both("没有留言", "No message left"),
            "text": in_both(
                "没有收到您的留言。您可以随时再来，或拨打热线 10086。",
                "No message reached us. Come back at any time, or call 10086.",
            ),
        },
        "end": {"kind": "hang_up"},
    },
}


async def seed(careline: Careline, tenant: TenantView) -> None:
    """Make what is missing."""
    actor = system_actor(tenant.id)
    # The shard is not opened for this: whoever opens it takes it from the server that runs, which then decides nothing.
    if not await careline.routing.facade.stored_queues(tenant.id):
        known = {calendar.name: calendar for calendar in await careline.hours.facade.calendars(tenant.id)}
        calendar = known.get(HOURS) or await careline.hours.facade.make(actor, HOURS, WORKDAYS)
        async with careline.database.transaction(tenant.id) as tx:
            made: dict[str, UUID] = {}
            # Those that others overflow into come first.
            for code, name, media, needs, rules in sorted(QUEUES, key=lambda queue: queue[0] in OVERFLOW):
                if code in OVERFLOW:
                    to = made[OVERFLOW[code]]
                    rules = structs.replace(rules, overflow=Overflow.QUEUE, overflow_to=to)
                if code == OFFICE_HOURS:
                    rules = structs.replace(rules, calendar_id=calendar.id)
                made[code] = await careline.routing.facade.add_queue(
                    tx, code=code, name=name, media=media, needs=needs, rules=rules
                )
            await careline.conversations.facade.provide_dispositions(tx, DISPOSITIONS)
            await careline.conversations.facade.provide_quick_replies(tx, QUICK_REPLIES)
            await careline.telephony.facade.add_number(tx, NUMBER, "hotline")
    for code, name, definition, channel in (
        ("hotline", "10086 热线", HOTLINE, None),
        ("webchat", "会话", WEBCHAT, "webchat"),
    ):
        # Made and published apart: who died in between left a draft that nobody else would publish.
        with suppress(Conflict):
            await careline.flows.facade.create(actor, code, name, definition, entry_channel=channel)
        if not await careline.flows.facade.is_published(tenant.id, code):
            await careline.flows.facade.publish(actor, code)
