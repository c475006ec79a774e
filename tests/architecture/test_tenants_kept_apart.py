"""Whoever is signed in to one centre reaches nothing of another, whatever role they have and wherever an id may stand.

The operations are read from the OpenAPI document. Each id that one takes, in the path, the query or the body, is once
that of something that really is there in the other centre, while all else is the caller's own and right: so what is
refused is refused because of that id. An operation with an id that nobody has said the meaning of fails this test.
"""

import httpx

from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.permissions import BUILT_IN_ROLES
from careline.modules.directory.identity.views import NewUser
from tests.support.house import PASSWORD, STRANGER, Browser, House
from tests.support.occupied import QUIET_FLOW, chatted, kept, occupied, organised, taken_out
from tests.support.requesting import (
    IDS,
    MADE_BY_THE_CALLER,
    QUEUE,
    Filler,
    Operation,
    Place,
    body_schema,
    fields,
    operations,
)

NOBODYS = frozenset(
    {"case-assignee-unknown", "contact-not-waiting", "contact-over", "customer-not-found"}
    | {"interaction-not-found", "mentioned-unknown", "no-transfer", "offer-gone", "queue-unknown"}
    | {"calendar-unknown", "data-request-other-contact", "desk-unknown", "picture-not-found"}
)
"""Refusals that say of an id what 404 says: there is no such thing here."""

PLACES = {"after": "a place in a list, which shows only what one may list"}
"""Ids that name where to go on and nothing that is done something with."""


PLAIN_RULES = {
    "strategy": "longest-idle",
    "priority_step_s": 60,
    "relaxation": [],
    "preferred_wait_s": 0,
    "max_waiting": None,
    "max_wait_s": None,
    "overflow": "goodbye",
    "overflow_to": None,
    "calendar_id": None,
    "closed": False,
    "decline_pause_s": 60,
    "set_aside_s": None,
}


def places(house: House, operation: Operation) -> list[Place]:
    found = [Place("path", name) for name, is_id in operation.parameters("path").items() if is_id]
    found += [Place("query", name) for name, is_id in operation.parameters("query").items() if is_id]
    found += [Place("body", name) for name in fields(body_schema(operation) or {}, house)]
    if operation.name == "customers_reveal":
        # `what` chooses what is shown; the others' ids are not looked at.
        found = [place for place in found if place.name not in ("contact_point_id", "party_id")]
    return [place for place in found if place.name not in MADE_BY_THE_CALLER | PLACES.keys()]


async def callers(house: House) -> dict[str, Browser]:
    """One of demo2 for each built-in role, and one who may do everything."""
    actor = system_actor(house.other.id)
    found = {"everything": await house.sign_in(STRANGER, tenant="demo2")}
    for role in BUILT_IN_ROLES:
        login = role.code.replace("_", ".")
        wanted = NewUser(login=login, display_name=role.name, password=PASSWORD, roles=(role.code,))
        await house.careline.identity.facade.create_user(actor, wanted)
        found[role.code] = await house.sign_in(login, tenant="demo2")
    return found


async def own_things(house: House, everything: Browser) -> dict[str, str]:
    case = await everything.ask("POST", "/api/v1/cases", json={"type": "fault", "title": "自己的", "text": "自己的"})
    assert case.status_code == 201, case.text
    found = {**await organised(house, house.other), **await kept(everything), "case": case.json()["id"]}
    for kind, code in (("queue", "tariff"), ("other_queue", "later")):
        queue = {**QUEUE, "code": code, "rules": PLAIN_RULES}
        made = await everything.ask("POST", "/api/v1/queues", json=queue)
        assert made.status_code == 201, made.text
        found[kind] = made.json()["id"]
    flows, keeper = house.careline.flows.facade, system_actor(house.other.id)
    await flows.create(keeper, "webchat", "网页客服", QUIET_FLOW, entry_channel="webchat")
    await flows.create(keeper, "hotline", "热线", QUIET_FLOW)
    await flows.publish(keeper, "hotline")
    await house.careline.bus.settled()  # routing knows the queues
    found |= await taken_out(everything)
    return found | await chatted(house, house.other, everything, everything)


def test_every_id_that_an_operation_takes_is_known(house: House) -> None:
    unknown = [
        f"{operation.method} {operation.path}: {place.name} ({place.where})"
        for operation in operations(house)
        for place in places(house, operation)
        if place.name not in IDS
    ]

    assert unknown == [], "say in IDS of what these ids are, and make one in `occupied`"


async def test_nothing_of_another_centre_is_reached_by_its_ids(house: House) -> None:
    foreign = await occupied(house)
    assert set(IDS.values()) == foreign.keys(), "something of every kind is really there"
    everyone = await callers(house)
    own = await own_things(house, everyone["everything"])
    async with house.nobody() as guest:
        token = (await guest.post("/api/v1/visitor", json={"tenant": "demo2", "locale": "zh-CN"})).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    await house.careline.bus.settled()  # figures of what was just made are still written
    before, walked, reached = house.rows_of(house.tenant.id), 0, []
    for who, browser in everyone.items():
        for operation in operations(house):
            for place in places(house, operation):
                fill = Filler(house, operation, own, place, foreign[IDS[place.name]])
                answer = await browser.ask(operation.method, fill.path(), **fill.request(), headers=bearer)
                if answer.status_code not in (403, 404) and answer.json().get("code") not in NOBODYS:
                    reached.append(told(who, operation, place, answer))
                walked += 1
    assert not reached, "\n".join(reached)
    assert walked > 30 * len(everyone)
    assert house.rows_of(house.tenant.id) == before


async def test_with_ones_own_ids_the_same_requests_pass(house: House) -> None:
    """Else the walk above might be refused for something else than the id."""
    everything = await house.sign_in(STRANGER, tenant="demo2")
    own = await own_things(house, everything)
    reached = []
    for operation in operations(house):
        for place in places(house, operation):
            named = [name for name, is_id in operation.parameters("path").items() if is_id]
            whole = all(IDS.get(name) in own for name in named)
            customers = operation.path.startswith("/api/v1/visitor/")
            if place.where == "path" and whole and operation.method == "get" and not customers:
                fill = Filler(house, operation, own, place, own[IDS[place.name]])
                answer = await everything.ask(operation.method, fill.path(), **fill.request())
                assert answer.status_code == 200, told("everything", operation, place, answer)
                reached.append(operation.name)
    assert len(reached) >= 20


def told(who: str, operation: Operation, place: Place, answer: httpx.Response) -> str:
    said = f"{who}: {operation.method} {operation.path} with another centre's {place.name} in the {place.where}"
    return f"{said}: {answer.status_code} {answer.text[:300]}"


def test_a_place_is_found_wherever_it_is() -> None:
    """The walk is as good as its eye for ids."""
    schema = {
        "properties": {
            "a": {"format": "uuid", "type": "string"},
            "b": {"anyOf": [{"format": "uuid", "type": "string"}, {"type": "null"}]},
            "c": {"items": {"format": "uuid", "type": "string"}, "type": "array"},
            "d": {"type": "array", "items": {"properties": {"e": {"format": "uuid"}}}},
            "f": {"type": "string"},
        }
    }

    found = list(fields(schema, None))  # type: ignore[arg-type]
    assert {"a", "b", "c", "e"} <= set(found)
    assert "f" not in found
