"""A centre as it begins: with what its first chat needs to reach somebody and to be ended."""

from typing import Annotated, Any

import typer

from careline.bootstrap import Careline
from careline.infra.database.transaction import Transaction
from careline.modules.contact.flows.views import in_both
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


CHANNEL = "webchat"

FIRST_CHAT: dict[str, Any] = {
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
            "next": "person",
        },
        "person": {
            "kind": "enqueue",
            "title": in_both("转人工", "To a person"),
            "queue": FIRST_QUEUE[0],
            "next": "end",
            "lost": "end",
            "overflow": "message",
            "closed": "message",
            "message": "message",
        },
        "message": {
            "kind": "take_message",
            "title": in_both("请客户留言", "Asked to leave a message"),
            "queue": FIRST_QUEUE[0],
            "text": in_both(
                "很抱歉，现在没有客服能马上回复您。请在下面留言，我们会用您留下的方式联系您。",
                "Sorry, nobody can answer you just now. Please leave a message below and we will get back to you.",
            ),
            "consent": in_both(
                "我同意用所留的联系方式回复这条留言。",
                "I agree to be contacted this way about this message.",
            ),
            "reminder": in_both(
                "现在没有客服在线。请填写下面的留言，写好后我们会联系您。",
                "Nobody is here just now. Please use the form below, and we will get back to you.",
            ),
            "next": "end",
            "otherwise": "nothing-left",
        },
        "nothing-left": {
            "kind": "hang_up",
            "text": in_both("没有收到您的留言。您可以随时再来。", "No message reached us. Come back at any time."),
        },
        "end": {"kind": "hang_up"},
    },
}
"""What every chat is led through until somebody says otherwise: without a flow nobody is ever reached."""


CALL_FLOW = "hotline"
FIRST_CALL: dict[str, Any] = {
    "start": "welcome",
    "safety": "person",
    "steps": {
        "welcome": {
            "kind": "say",
            "title": in_both("欢迎", "Welcome"),
            "text": in_both("您好，正在为您转接人工，请稍候。", "Hello. Please hold for a person."),
            "next": "person",
        },
        "person": {
            "kind": "enqueue",
            "title": in_both("转人工", "To a person"),
            "queue": FIRST_QUEUE[0],
            "next": "end",
            "lost": "end",
            "overflow": "nobody",
            "closed": "nobody",
        },
        "nobody": {
            "kind": "hang_up",
            "title": in_both("无人接听", "Nobody there"),
            "text": in_both(
                "很抱歉，现在没有客服能接听您的电话，请稍后再拨。再见。",
                "Sorry, nobody can take your call just now. Please call again later. Goodbye.",
            ),
        },
        "end": {"kind": "hang_up"},
    },
}
"""What a call is led through on a number that leads to ``hotline``; no number does before somebody says which."""


Number = Annotated[str | None, typer.Option(help="A number that customers call, such as 4008800123.")]


def how_it_is_called(number: str | None) -> str:
    """What to say of the number of a centre that was just made."""
    if number is None:
        return "It has no telephone number yet: its system administrator gives it one in the studio, under Numbers."
    return f"Calls to {number} lead to its flow hotline as soon as a trunk brings them."


async def found(careline: Careline, new: NewTenant, *, number: str | None = None) -> TenantView:
    """Make a centre, whole or not at all, with a number that leads to its first call flow when one is given.

    Raises what ``Identity.found_tenant`` does, and ``Invalid`` or ``Conflict`` for a number that it cannot have.
    """
    normal = None if number is None else await careline.telephony.facade.check_free(number)

    async def beside(tx: Transaction) -> None:
        await _bring(careline, tx)
        if normal is not None:
            await careline.telephony.facade.add_number(tx, normal, CALL_FLOW)

    return await careline.identity.facade.found_tenant(new, beside=beside)


async def complete(careline: Careline, tenant: TenantView, *, number: str | None = None) -> list[str]:
    """Bring what a centre needs and has not, and touch nothing that is there; what was done, a line each.

    Raises ``Invalid`` or ``Conflict`` for a number that it has not and cannot have.
    """
    telephony = careline.telephony.facade
    normal = None if number is None else careline.customers.facade.normal_number(number) or number
    if normal is not None and normal not in await telephony.numbers(tenant.id):
        normal = await telephony.check_free(normal)
    else:
        normal = None
    async with careline.database.transaction(tenant.id) as tx:
        said = await _bring(careline, tx)
        if normal is not None:
            await telephony.add_number(tx, normal, CALL_FLOW)
            said.append(f"The number {normal}: leads to the flow {CALL_FLOW}.")
        return said


async def _bring(careline: Careline, tx: Transaction) -> list[str]:
    said = []
    if await careline.conversations.facade.provide_dispositions(tx, FIRST_CODES):
        said.append("Disposition codes: made.")
    is_led = await careline.flows.facade.is_led(tx, CHANNEL)
    queues = {queue.code: queue for queue in await careline.routing.facade.queues_in(tx)}
    (code, name), media = FIRST_QUEUE, [Media.VOICE, Media.CHAT, Media.MESSAGE]
    if code in queues and not is_led and not {Media.CHAT, Media.MESSAGE} <= set(queues[code].media):
        return [*said, f"No flow leads chats, and the queue {code} does not take chats and messages: set it first."]
    makes = code not in queues and not (queues and is_led)
    if makes:
        await careline.routing.facade.add_queue(tx, code=code, name=name, media=media, needs=[])
        said.append(f"The queue {code}: made.")
    led = await careline.flows.facade.provide(tx, "webchat", "会话", FIRST_CHAT, entry_channel=CHANNEL)
    if led == "made":
        said.append("The chat flow webchat: in force.")
    elif led == "draft":
        said.append("No flow leads chats, and the flow webchat is another one or a draft: publish it in the studio.")
    takes_calls = makes or (code in queues and Media.VOICE in queues[code].media)
    if takes_calls and await careline.flows.facade.provide_calls(tx, CALL_FLOW, "热线", FIRST_CALL):
        said.append(f"The call flow {CALL_FLOW}: in force.")
    return said
