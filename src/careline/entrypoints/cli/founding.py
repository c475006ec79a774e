"""A centre as it begins: with what its first chat needs to reach somebody and to be ended."""

from typing import Any

from careline.bootstrap import Careline
from careline.kernel.tenancy import system_actor
from careline.modules.core.routing.views import Media
from careline.modules.directory.identity.views import NewTenant, TenantView

FIRST_CODES = (
    ("inquiry", "业务咨询", "Inquiry", None),
    ("request", "业务办理", "Service request", None),
    ("fault", "故障报修", "Fault report", None),
    ("complaint", "投诉与建议", "Complaint or suggestion", None),
    ("other", "其他", "Other", None),
    ("no-business", "无业务（误拨、静音、骚扰）", "No business (wrong number, silence, nuisance)", None),
)
"""Disposition codes, without one of which no contact can be ended; the studio renames, divides and retires them."""


FIRST_QUEUE = ("general", "综合服务")
"""Code and name. It asks for no skill, so every agent serves it; the studio changes it and adds others."""


def _text(chinese: str, english: str) -> dict[str, str]:
    return {"zh-CN": chinese, "en": english}


FIRST_CHAT: dict[str, Any] = {
    "start": "welcome",
    "safety": "person",
    "steps": {
        "welcome": {
            "kind": "say",
            "title": _text("自动应答", "Automatic reply"),
            "text": _text(
                "您好，我是自动应答。正在为您转接人工，您可以先写下要问的事。",
                "Hello, this is an automatic reply. A person will be with you; you can write already.",
            ),
            "next": "person",
        },
        "person": {
            "kind": "enqueue",
            "title": _text("转人工", "To a person"),
            "queue": FIRST_QUEUE[0],
            "next": "end",
            "lost": "end",
            "overflow": "message",
            "closed": "message",
            "message": "message",
        },
        "message": {
            "kind": "take_message",
            "title": _text("请客户留言", "Asked to leave a message"),
            "queue": FIRST_QUEUE[0],
            "text": _text(
                "很抱歉，现在没有客服能马上回复您。请在下面留言，我们会用您留下的方式联系您。",
                "Sorry, nobody can answer you just now. Please leave a message below and we will get back to you.",
            ),
            "consent": _text(
                "我同意用所留的联系方式回复这条留言。",
                "I agree to be contacted this way about this message.",
            ),
            "reminder": _text(
                "现在没有客服在线。请填写下面的留言，写好后我们会联系您。",
                "Nobody is here just now. Please use the form below, and we will get back to you.",
            ),
            "next": "end",
            "otherwise": "nothing-left",
        },
        "nothing-left": {
            "kind": "hang_up",
            "text": _text("没有收到您的留言。您可以随时再来。", "No message reached us. Come back at any time."),
        },
        "end": {"kind": "hang_up"},
    },
}
"""What every chat is led through until somebody says otherwise: without a flow nobody is ever reached."""


async def found(careline: Careline, new: NewTenant) -> TenantView:
    """Make a centre. Raises what ``Identity.found_tenant`` does."""
    tenant = await careline.identity.facade.found_tenant(new)
    code, name = FIRST_QUEUE
    async with careline.database.transaction(tenant.id) as tx:
        await careline.conversations.facade.provide_dispositions(tx, FIRST_CODES)
        await careline.routing.facade.add_queue(
            tx, code=code, name=name, media=[Media.VOICE, Media.CHAT, Media.MESSAGE], needs=[]
        )
    actor, flows = system_actor(tenant.id), careline.flows.facade
    await flows.create(actor, "webchat", "会话", FIRST_CHAT, entry_channel="webchat")
    await flows.publish(actor, "webchat")
    return tenant
