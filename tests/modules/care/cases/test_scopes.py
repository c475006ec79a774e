"""A case is whose holds it and whose opened it: who reaches those people reaches it, in lists and topics too."""

import json
from typing import Any
from uuid import UUID

from careline.infra.realtime.connection import Connection, Principal
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.care.cases.live import CaseTopics
from careline.modules.directory.identity.views import NewRole, NewUser, OrgUnitChange, UserChange
from tests.support.house import PASSWORD, Browser, House

FAULT = {"type": "fault", "title": "宽带不通", "text": "周一起"}


async def worker(house: House, login: str, unit: UUID, scope: str) -> Browser:
    identity, system = house.careline.identity.facade, system_actor(house.tenant.id)
    held = {"case:read": scope, "case:write": scope}
    role = await identity.create_role(system, NewRole(code=f"r_{login}", name=login, permissions=held))
    wanted = NewUser(login=login, display_name=login, password=PASSWORD, roles=(role.code,), org_unit_id=unit)
    await identity.create_user(system, wanted)
    return await house.sign_in(login)


async def opened(browser: Browser) -> str:
    made = await browser.ask("POST", "/api/v1/cases", json=FAULT)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def listed(browser: Browser, **query: str) -> set[str]:
    return {one["id"] for one in (await browser.http.get("/api/v1/cases", params=query)).json()["items"]}


def principal(house: House, browser: Browser) -> Any:
    actor = Actor(
        tenant_id=house.tenant.id,
        kind=ActorKind.USER,
        id=UUID(browser.user_id),
        permissions=frozenset(browser.session["permissions"]),
    )
    return Principal(actor=actor)


async def test_a_department_sees_its_cases_and_one_person_ones_own(house: House) -> None:
    identity, system = house.careline.identity.facade, system_actor(house.tenant.id)
    root = (await identity.org_units(house.tenant.id))[0]
    unit = await identity.add_org_unit(system, root.id, "一部")
    below = await identity.add_org_unit(system, unit.id, "一部一组")
    head = await worker(house, "head", unit.id, "department")
    mate = await worker(house, "mate", below.id, "own")
    other = await worker(house, "other", below.id, "own")
    agent = await house.sign_in("8025")
    mine, theirs, far = await opened(mate), await opened(other), await opened(agent)

    assert await listed(mate) == {mine}
    assert await listed(head) == {mine, theirs}
    assert await listed(head, q="宽带", assignee="none") == {mine, theirs}
    assert {mine, theirs, far} <= await listed(agent)
    for browser, case, status in ((mate, mine, 200), (mate, theirs, 403), (head, theirs, 200), (head, far, 403)):
        assert (await browser.http.get(f"/api/v1/cases/{case}")).status_code == status

    given = {"assignee_id": agent.user_id, "version": 1}
    beyond = await head.ask("POST", f"/api/v1/cases/{mine}/assign", json=given)
    assert (beyond.status_code, beyond.json()["code"]) == (403, "outside-your-scope")
    assert (await agent.ask("POST", f"/api/v1/cases/{mine}/assign", json=given)).status_code == 200
    assert mine in await listed(mate), "who opened it keeps seeing it"
    assert (await mate.http.get("/api/v1/assignees")).json()["items"] == []

    topics = CaseTopics(house.careline.live.hub, house.careline.cases.facade)
    assert await topics.may_follow_one(principal(house, head), f"case:{theirs}")
    assert not await topics.may_follow_one(principal(house, head), f"case:{far}")
    assert not await topics.may_follow_one(principal(house, mate), f"case:{theirs}")


async def test_who_follows_a_case_hears_it_no_longer_than_they_reach_it(house: House) -> None:
    """Assigned away, its holder in another department, the department elsewhere: the topic ends where the case does."""
    identity, system, hub = house.careline.identity.facade, system_actor(house.tenant.id), house.careline.hub
    root = (await identity.org_units(house.tenant.id))[0]
    unit, elsewhere = [await identity.add_org_unit(system, root.id, name) for name in ("二部", "三部")]
    below = await identity.add_org_unit(system, unit.id, "二部一组")
    head, mate = await worker(house, "head", unit.id, "department"), await worker(house, "mate", below.id, "own")

    async def follows(case: str) -> Connection:
        connection = hub.connect(principal(house, head))
        assert connection is not None
        await hub.handle(connection, json.dumps({"t": "sub", "topic": f"case:{case}", "from": None}))
        assert connection.topics == {f"case:{case}"}
        return connection

    case = await opened(mate)
    line = await follows(case)
    await identity.change_user(system, UUID(mate.user_id), UserChange(org_unit_id=elsewhere.id))
    await house.careline.bus.settled()
    assert line.topics == set()

    await identity.change_user(system, UUID(mate.user_id), UserChange(org_unit_id=below.id))
    line = await follows(case)
    await identity.change_org_unit(system, below.id, OrgUnitChange(parent_id=elsewhere.id), version=1)
    await house.careline.bus.settled()
    assert line.topics == set()
