"""Whoever may do something with one's own, or in one's department, does it nowhere else in the centre.

The operations are read from the application: whatever asks for a permission that can be narrowed is tried by somebody
who holds it as narrow as it can be, with the ids of people and things of other departments. A new one is walked as soon
as it is mounted, and a permission that can be narrowed and is asked for by none is an empty promise.
"""

from collections.abc import Iterator

import httpx

from careline.infra.http import marked_routes
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.permissions import SCOPES, Scope
from careline.modules.directory.identity.views import NewRole, NewUser
from tests.support.house import PASSWORD, Browser, House
from tests.support.occupied import occupied
from tests.support.requesting import Filler, Operation, Place, operations

BELONGS = ("user", "agent", "case", "interaction", "recording")
"""What belongs to people, and so has somebody within whose reach it is."""

APART = {"role:grant": "guards"}
"""Permissions of another administrator than the rest: who holds them."""

NOBODYS = {
    "cases_open_case": "what comes into being is the caller's own",
    "supervision_leave": "one leaves where one is, and nowhere else",
    "supervision_move": "who waits is served by nobody yet",
}
"""Operations on nothing that belongs to anybody yet."""

TRACES = {"audit_entry", "audit_head", "audit_seal"}
"""What reading leaves."""

NOWHERE = Place("nowhere", "")


def narrowable(house: House) -> Iterator[tuple[Operation, str]]:
    """Operations with the permission that they ask for, where it can be narrower than the tenant."""
    asked = {
        (method.lower(), route.path): mark.permission
        for route in marked_routes(house.app)
        for method in route.methods
        for mark in route.access
    }
    for operation in operations(house):
        permission = asked[operation.method, operation.path]
        if permission in SCOPES:
            yield operation, permission


async def narrow(house: House, scope_of: dict[str, Scope]) -> dict[str, Browser]:
    """People of a department where nobody else is, who hold all that can be narrowed so narrow."""
    identity, system = house.careline.identity.facade, system_actor(house.tenant.id)
    root = (await identity.org_units(house.tenant.id))[0]
    unit = await identity.add_org_unit(system, root.id, f"别处 {len(await identity.org_units(house.tenant.id))}")
    found = {}
    for who in ("keeps", *APART.values()):
        code = f"{who}_{unit.id.hex[-12:]}"
        held = {one: scope.value for one, scope in scope_of.items() if APART.get(one, "keeps") == who}
        await identity.create_role(system, NewRole(code=code, name=code, permissions=held))
        wanted = NewUser(login=code, display_name=code, password=PASSWORD, roles=(code,), org_unit_id=unit.id)
        await identity.create_user(system, wanted)
        http = house.nobody()
        answer = await http.post("/api/v1/session", json={"tenant": "demo", "login": code, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        found[who] = Browser(http, answer.json())
    return found


def test_every_permission_that_can_be_narrowed_is_asked_for_somewhere(house: House) -> None:
    assert {permission for _, permission in narrowable(house)} == SCOPES.keys()


async def test_nothing_of_other_departments_is_reached(house: House) -> None:
    outside = await occupied(house)
    secret = {outside[kind] for kind in BELONGS}
    narrowest = {code: scopes[0] for code, scopes in SCOPES.items()}
    department = {code: Scope.DEPARTMENT for code, scopes in SCOPES.items() if Scope.DEPARTMENT in scopes}
    people = [await narrow(house, scope_of) for scope_of in (narrowest, department)]
    await house.careline.bus.settled()
    before = house.rows_of(house.tenant.id)
    walked, reached = 0, []
    for somebody in people:
        for operation, permission in narrowable(house):
            if operation.name in NOBODYS:
                continue
            browser = somebody[APART.get(permission, "keeps")]
            fill = Filler(house, operation, outside, NOWHERE, "")
            answer = await browser.ask(operation.method, fill.path(), **fill.request())
            walked += 1
            if not refused(answer) and not (operation.method == "get" and shows_none(answer, secret)):
                told = f"{answer.status_code} {answer.text[:200]}"
                reached.append(f"{permission}: {operation.method} {operation.path}: {told}")
    assert reached == []
    assert walked > 2 * len(SCOPES)
    await house.careline.bus.settled()
    after = house.rows_of(house.tenant.id)
    assert {table for table in after if after[table] != before[table]} <= TRACES


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and answer.json()["code"] == "outside-your-scope"


def shows_none(answer: httpx.Response, secret: set[str]) -> bool:
    return answer.status_code == 200 and not any(one in answer.text for one in secret)
