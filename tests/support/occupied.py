"""One of every kind of thing that a centre keeps, really there."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import insert

from careline.kernel.ids import new_id
from careline.kernel.tenancy import system_actor
from careline.modules.contact.telephony.models import RecordingRow
from careline.modules.directory.customers.models import PasswordFormRow
from careline.modules.directory.customers.views import Brand, NewBillingAccount, NewCustomer, NewSubscription, PayKind
from careline.modules.directory.identity.views import NewUser, TenantView
from tests.support.house import Browser, House
from tests.support.pictures import png
from tests.support.requesting import CALENDAR
from tests.support.waiting import until

SEEDED = {
    "contact_point": "contact_point",
    "data_request": "data_request",
    "note": "customer_note",
    "party": "party",
    "queue": "routing_queue",
    "reply": "quick_reply",
    "tag": "customer_tag",
}
"""What the demo brings: kind → table."""

LIFETIME = timedelta(minutes=5)

NUMBERS = ("13900009999", "13900009998")
"""The lines of the customer and of their twin."""

OWN_NUMBERS = {"demo": "95501", "demo2": "95502"}
"""What a centre is called at: no two have one."""

QUIET_FLOW = {
    "start": "person",
    "safety": "end",
    "steps": {
        "person": {"kind": "enqueue", "queue": "tariff", "next": "end", "lost": "end"},
        "end": {"kind": "hang_up"},
    },
}


async def organised(house: House, tenant: TenantView) -> dict[str, str]:
    """Something of each kind that the directory keeps; the department has somebody in it."""
    identity, actor = house.careline.identity.facade, system_actor(tenant.id)
    root = (await identity.org_units(tenant.id))[0]
    unit = await identity.add_org_unit(actor, root.id, "有人的组")
    user = await identity.create_user(actor, NewUser(login="somebody", display_name="某人", org_unit_id=unit.id))
    post = await identity.add_post(actor, "某岗", "")
    role = (await identity.roles(tenant.id))[0]
    async with house.careline.database.transaction(tenant.id) as tx:
        called = await house.careline.telephony.facade.add_number(tx, OWN_NUMBERS[tenant.code], "hotline")
    found = {"unit": unit.id, "number": called.id, "user": user.id, "post": post.id, "role": role.id}
    account = NewBillingAccount(name="主账户", pay_kind=PayKind.POSTPAID)
    made = []
    for number in NUMBERS:
        line = NewSubscription(msisdn=number, brand=Brand.EASY_OWN, plan="19 元")
        new = NewCustomer(name="某客户", since=date(2019, 5, 1), accounts=(account,), subscriptions=(line,))
        made.append(await house.careline.customers.facade.register(actor, new))
    # Not the supervisor, whose desk takes chats over and no calls.
    found |= {
        "agent": next(one.id for one in await house.careline.people.facade.agents(tenant.id) if one.capacity["voice"])
    }
    found |= {"customer": made[0].id, "subscription": made[0].subscriptions[0].id, "twin": made[1].id}
    return {kind: str(one) for kind, one in found.items()}


async def kept(keeper: Browser) -> dict[str, str]:
    """Something of each kind that whoever keeps the machinery makes over HTTP."""
    expires = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    account = {"name": "报表程序", "permissions": {"insight:view": "tenant"}, "expires_at": expires}
    made = {
        "calendar": await keeper.ask("POST", "/api/v1/calendars", json=CALENDAR),
        "desk": await keeper.ask("POST", "/api/v1/desks", json={"name": "某专席", "queues": [], "kinds": []}),
        "account": await keeper.ask("POST", "/api/v1/service-accounts", json=account),
        "picture": await keeper.ask("POST", "/api/v1/widget/pictures", content=png(8, 8)),
    }
    assert all(answer.is_success for answer in made.values()), {kind: one.text for kind, one in made.items()}
    found = {kind: answer.json() for kind, answer in made.items()}
    return {kind: str(one.get("id") or one["account"]["id"]) for kind, one in found.items()}


async def taken_out(auditor: Browser) -> dict[str, str]:
    """What an auditor asked for, to be taken."""
    asked = await auditor.ask("POST", "/api/v1/audit/extracts", json={"action": "tenant.founded"})
    return {"extract": asked.json()["id"]}


async def admitted(send: Callable[[], Awaitable[httpx.Response]]) -> Any:
    """What a newcomer is answered; on a machine that is busy with other tests they are turned away for a while."""

    async def answered() -> Any:
        answer = await send()
        assert answer.status_code in (201, 503), answer.text
        return answer.json() if answer.is_success else None

    return await until(answered, within=60, every=0.2)


async def chatted(
    house: House, tenant: TenantView, keeper: Browser, agent: Browser, tokens: list[str] | None = None
) -> dict[str, str]:
    """A chat that an agent took, with a file that the customer sent, whose token is put to the ``tokens``."""
    for method, path, body in (
        ("PUT", "/api/v1/flows/webchat/draft", {"definition": QUIET_FLOW, "revision": 1}),
        ("POST", "/api/v1/flows/webchat/publish", {"revision": 2}),
    ):
        assert (await keeper.ask(method, path, json=body)).is_success
    ready = {"chosen": "ready", "reason": None}
    assert (await agent.ask("PUT", "/api/v1/agent-state", json=ready)).is_success
    async with house.nobody() as guest:
        who = {"tenant": tenant.code, "locale": "zh-CN", "msisdn": NUMBERS[0]}
        entered = await guest.post("/api/v1/visitor", json=who)
        guest.headers["Authorization"] = f"Bearer {entered.json()['token']}"
        if tokens is not None:
            tokens.append(entered.json()["token"])
        words = {"client_id": str(uuid4()), "text": "在吗"}
        said = await admitted(lambda: guest.post("/api/v1/visitor/messages", json=words))
        query = {"client_id": str(uuid4()), "name": "a.png"}
        sent = await admitted(lambda: guest.post("/api/v1/visitor/files", params=query, content=png(2, 2)))

    async def offered() -> Any:
        return next(iter((await agent.ask("GET", "/api/v1/inbox")).json()["offers"]), None)

    offer = await until(offered)
    taken = await agent.ask("POST", f"/api/v1/offers/{offer['id']}/accept", json={"token": offer["token"]})
    assert taken.is_success
    return {
        "interaction": said["interaction_id"],
        "conversation": said["conversation_id"],
        "offer": offer["id"],
        "file": sent["attachment"]["id"],
    }


async def occupied(house: House, tokens: list[str] | None = None) -> dict[str, str]:
    """Something of every kind in demo, as people there make it: a chat that an agent took, a case, a recording."""
    keeper, agent = await house.sign_in("sysadmin"), await house.sign_in("8025")
    found = {**await organised(house, house.tenant), **await kept(keeper)}
    found |= await chatted(house, house.tenant, keeper, agent, tokens)
    found |= await taken_out(await house.sign_in("auditor"))
    about = {"type": "fault", "title": "宽带不通", "text": "周一起", "interaction_id": found["interaction"]}
    case = (await agent.ask("POST", "/api/v1/cases", json=about)).json()
    sessions = (await agent.http.get("/api/v1/sessions")).json()["items"]
    there = house.ids_of(house.tenant.id)
    form = await asked(house, UUID(found["interaction"]), there["subscription"][0], UUID(agent.user_id))
    return {
        **{kind: str(there[table][0]) for kind, table in SEEDED.items()},
        **found,
        "other_queue": str(there["routing_queue"][1]),
        "password_form": str(form),
        "case": case["id"],
        "session": sessions[0]["id"],
        "recording": str(await recorded(house, UUID(found["interaction"]))),
    }


async def asked(house: House, interaction_id: UUID, subscription_id: UUID, agent_id: UUID) -> UUID:
    """A form for a service password that is open."""
    form_id = new_id()
    async with house.careline.database.transaction(house.tenant.id) as tx:
        values = {"id": form_id, "tenant_id": house.tenant.id, "interaction_id": interaction_id, "tries": 0}
        values |= {"subscription_id": subscription_id, "purpose": "enter", "asked_by": agent_id}
        await tx.execute(insert(PasswordFormRow).values(**values, asked_at=tx.now, expires_at=tx.now + LIFETIME))
    return form_id


async def recorded(house: House, call_id: UUID) -> UUID:
    recording_id = new_id()
    async with house.careline.database.transaction(house.tenant.id) as tx:
        await tx.execute(
            insert(RecordingRow).values(
                id=recording_id,
                tenant_id=house.tenant.id,
                call_id=call_id,
                state="done",
                started_at=tx.now,
                ended_at=tx.now,
            )
        )
    return recording_id
