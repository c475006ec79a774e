"""Whoever is signed in to one centre reaches nothing of another, whatever role they have and wherever an id may stand.

The operations are read from the OpenAPI document. Each id that one takes, in the path, the query or the body, is once
that of something that really is there in the other centre, while all else is the caller's own and right: so what is
refused is refused because of that id. An operation with an id that nobody has said the meaning of fails this test.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import insert

from careline.kernel.ids import new_id
from careline.kernel.tenancy import system_actor
from careline.modules.contact.telephony.models import RecordingRow
from careline.modules.directory.customers.views import Brand, NewBillingAccount, NewCustomer, NewSubscription, PayKind
from careline.modules.directory.identity.permissions import BUILT_IN_ROLES
from careline.modules.directory.identity.views import NewUser, TenantView
from tests.support.house import PASSWORD, STRANGER, Browser, House
from tests.support.waiting import until

IDS = {
    "agent_id": "agent",
    "assignee_id": "agent",
    "calendar_id": "calendar",
    "case_id": "case",
    "conversation_id": "conversation",
    "contact_point_id": "contact_point",
    "customer_id": "customer",
    "interaction_id": "interaction",
    "offer_id": "offer",
    "note_id": "note",
    "org_unit_id": "unit",
    "parent_id": "unit",
    "party_id": "party",
    "people_to": "unit",
    "post_id": "post",
    "queue_id": "queue",
    "queue_ids": "queue",
    "recording_id": "recording",
    "reply_id": "reply",
    "role_id": "role",
    "session_id": "session",
    "subscription_id": "subscription",
    "tag_id": "tag",
    "unit": "unit",
    "unit_id": "unit",
    "user_id": "user",
}
"""What the ids are of, by the name of the parameter or field."""

SEEDED = {
    "calendar": "business_calendar",
    "contact_point": "contact_point",
    "note": "customer_note",
    "party": "party",
    "queue": "routing_queue",
    "reply": "quick_reply",
    "tag": "customer_tag",
}
"""What the demo brings: kind → table."""

MADE_BY_THE_CALLER = {"client_id"}
"""Ids that name nothing which is there already."""

RIGHT: dict[str, dict[str, Any]] = {
    "conversations_write_note": {"mentions": []},
    "customers_add_contact_point": {"value": "13900008888"},
    "customers_change": {"language": "zh-CN"},
    "customers_reveal": {"what": "msisdn"},
    "identity_change_user": {"locale": "zh-CN", "version": 1},
    "identity_create_user": {"login": "newcomer", "locale": "zh-CN"},
    "supervision_set_state": {"reason": None},
    "quick-replies_change": {"language": "zh-CN"},
    "quick-replies_change_own": {"language": "zh-CN"},
    "surveys_rate": {"score": 1},
}
"""Values of bodies that a schema does not say."""

NOBODYS = frozenset(
    {"case-assignee-unknown", "contact-not-waiting", "customer-not-found"}
    | {"interaction-not-found", "no-transfer", "offer-gone", "queue-unknown"}
)
"""Refusals that say of an id what 404 says: there is no such thing here."""

OWN_TESTS = {
    "conversations_send_file": "tests/modules/contact/conversations",
    "hours_change_calendar": "tests/modules/core",
    "routing_appoint": "tests/modules/core/routing",
    "routing_change_agent": "tests/modules/core/routing",
    "routing_change_queue": "tests/modules/core/routing",
    "routing_make_queue": "tests/modules/core/routing",
}
"""Operations whose bodies mean more than a schema says: where another tenant's ids are tried."""

QUIET_FLOW = {
    "start": "person",
    "safety": "end",
    "steps": {
        "person": {"kind": "enqueue", "queue": "tariff", "next": "end", "lost": "end"},
        "end": {"kind": "hang_up"},
    },
}


@dataclass
class Place:
    """Where an operation takes an id."""

    where: str
    name: str


@dataclass
class Operation:
    method: str
    path: str
    document: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.document["operationId"])

    def parameters(self, where: str) -> dict[str, bool]:
        """Name → whether it is an id."""
        found = [one for one in self.document.get("parameters", []) if one["in"] == where]
        return {one["name"]: "uuid" in json.dumps(one["schema"]) for one in found}


def operations(house: House) -> list[Operation]:
    paths = house.app.openapi()["paths"]
    return [Operation(method, path, one) for path, ways in paths.items() for method, one in ways.items()]


def fields(schema: dict[str, Any], house: House) -> Iterator[str]:
    """The names of all fields that are ids, however deep."""
    if "$ref" in schema:
        yield from fields(house.app.openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], house)
    for choice in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(choice, []):
            yield from fields(one, house)
    for name, one in schema.get("properties", {}).items():
        text = json.dumps({key: one.get(key) for key in ("format", "anyOf", "items")})
        if '"uuid"' in text:
            yield name
        yield from fields(one, house)
    if "items" in schema:
        yield from fields(schema["items"], house)


ELSEWHERE = {
    "account_id": "test_service_accounts.py",
    "after": "a place in a list, which shows only what one may list",
    "desk_id": "tests/modules/core/routing",
    "file_id": "tests/modules/contact/conversations",
    "join": "tests/modules/core/routing",
    "mentions": "tests/modules/contact/conversations",
    "overflow_to": "tests/modules/core/routing",
    "picture": "tests/modules/contact/conversations",
    "picture_id": "tests/modules/contact/conversations",
    "queues": "tests/modules/core/routing",
}
"""Ids of things that take more to make than this walk can: where another tenant's are tried."""


def places(house: House, operation: Operation) -> list[Place]:
    if operation.name in OWN_TESTS:
        return []
    found = [Place("path", name) for name, is_id in operation.parameters("path").items() if is_id]
    found += [Place("query", name) for name, is_id in operation.parameters("query").items() if is_id]
    found += [Place("body", name) for name in fields(body_schema(operation) or {}, house)]
    if operation.name == "customers_reveal":
        # `what` chooses what is shown; the others' ids are not looked at.
        found = [place for place in found if place.name not in ("contact_point_id", "party_id")]
    return [place for place in found if place.name not in MADE_BY_THE_CALLER | ELSEWHERE.keys()]


def body_schema(operation: Operation) -> dict[str, Any] | None:
    content = operation.document.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


class Filler:
    """Makes a request that is right but for one id."""

    def __init__(self, house: House, operation: Operation, own: dict[str, str], wrong: Place, foreign: str) -> None:
        self.house, self.operation, self.own, self.wrong, self.foreign = house, operation, own, wrong, foreign

    def id_at(self, where: str, name: str) -> str:
        if (where, name) == (self.wrong.where, self.wrong.name):
            return self.foreign
        return self.own.get(IDS.get(name, ""), str(uuid4()))

    def path(self) -> str:
        path = self.operation.path
        for name, is_id in self.operation.parameters("path").items():
            path = path.replace("{" + name + "}", self.id_at("path", name) if is_id else "webchat")
        if self.wrong.where == "query":
            path += f"?{self.wrong.name}={self.foreign}"
        elif "version" in self.operation.parameters("query"):
            path += "?version=1"
        return path

    def body(self) -> Any:
        schema = body_schema(self.operation)
        if schema is None:
            return None
        made = self.value(schema, "")
        return {**made, **RIGHT.get(self.operation.name, {})} if isinstance(made, dict) else made

    def value(self, schema: dict[str, Any], name: str) -> Any:
        if "$ref" in schema:
            components = self.house.app.openapi()["components"]["schemas"]
            return self.value(components[schema["$ref"].rpartition("/")[2]], name)
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self.value(next(one for one in schema[choice] if one.get("type") != "null"), name)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        match schema.get("type"):
            case "object":
                return {field: self.value(one, field) for field, one in schema.get("properties", {}).items()}
            case "array":
                return [self.value(schema.get("items", {}), name)]
            case "string" if schema.get("format") == "uuid":
                return self.id_at("body", name)
            case "string":
                return "x" * max(schema.get("minLength", 1), 1)
            case kind:
                return {"integer": schema.get("minimum", 1), "number": 1, "boolean": True}.get(kind or "")


async def organised(house: House, tenant: TenantView) -> dict[str, str]:
    """Something of each kind that the directory keeps; the department has somebody in it."""
    identity, actor = house.careline.identity.facade, system_actor(tenant.id)
    root = (await identity.org_units(tenant.id))[0]
    unit = await identity.add_org_unit(actor, root.id, "有人的组")
    user = await identity.create_user(actor, NewUser(login="somebody", display_name="某人", org_unit_id=unit.id))
    post = await identity.add_post(actor, "某岗", "")
    role = (await identity.roles(tenant.id))[0]
    found = {"unit": unit.id, "user": user.id, "post": post.id, "role": role.id}
    account = NewBillingAccount(name="主账户", pay_kind=PayKind.POSTPAID)
    line = NewSubscription(msisdn="13900009999", brand=Brand.EASY_OWN, plan="19 元")
    new = NewCustomer(name="某客户", since=date(2019, 5, 1), accounts=(account,), subscriptions=(line,))
    customer = await house.careline.customers.facade.register(actor, new)
    found |= {"agent": (await house.careline.people.facade.agents(tenant.id))[0].id}
    found |= {"customer": customer.id, "subscription": customer.subscriptions[0].id}
    return {kind: str(one) for kind, one in found.items()}


async def occupied(house: House) -> dict[str, str]:
    """Something of every kind in demo, as people there make it: a chat that an agent took, a case, a recording."""
    keeper, agent = await house.sign_in("sysadmin"), await house.sign_in("8025")
    for method, path, body in (
        ("PUT", "/api/v1/flows/webchat/draft", {"definition": QUIET_FLOW}),
        ("POST", "/api/v1/flows/webchat/publish", None),
    ):
        assert (await keeper.ask(method, path, json=body)).is_success
    ready = {"chosen": "ready", "reason": None}
    assert (await agent.ask("PUT", "/api/v1/agent-state", json=ready)).is_success
    async with house.nobody() as guest:
        entered = await guest.post("/api/v1/visitor", json={"tenant": "demo", "locale": "zh-CN"})
        guest.headers["Authorization"] = f"Bearer {entered.json()['token']}"
        said = (await guest.post("/api/v1/visitor/messages", json={"client_id": str(uuid4()), "text": "在吗"})).json()

    async def offered() -> Any:
        return next(iter((await agent.ask("GET", "/api/v1/inbox")).json()["offers"]), None)

    offer = await until(offered)
    taken = await agent.ask("POST", f"/api/v1/offers/{offer['id']}/accept", json={"token": offer["token"]})
    assert taken.is_success
    about = {"type": "fault", "title": "宽带不通", "text": "周一起", "interaction_id": said["interaction_id"]}
    case = (await agent.ask("POST", "/api/v1/cases", json=about)).json()
    sessions = (await agent.http.get("/api/v1/sessions")).json()["items"]
    there = house.ids_of(house.tenant.id)
    return {
        **await organised(house, house.tenant),
        **{kind: str(there[table][0]) for kind, table in SEEDED.items()},
        "interaction": said["interaction_id"],
        "conversation": said["conversation_id"],
        "offer": offer["id"],
        "case": case["id"],
        "session": sessions[0]["id"],
        "recording": str(await recorded(house, UUID(said["interaction_id"]))),
    }


async def recorded(house: House, call_id: UUID) -> UUID:
    recording_id = new_id()
    async with house.careline.database.transaction(house.tenant.id) as tx:
        await tx.execute(
            insert(RecordingRow).values(
                id=recording_id,
                tenant_id=house.tenant.id,
                call_id=call_id,
                state="done",
                file="a.wav",
                started_at=tx.now,
                ended_at=tx.now,
            )
        )
    return recording_id


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
    return {**await organised(house, house.other), "case": case.json()["id"]}


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
                answer = await browser.ask(operation.method, fill.path(), json=fill.body(), headers=bearer)
                if answer.status_code not in (403, 404) and answer.json().get("code") not in NOBODYS:
                    reached.append(told(who, operation, place, answer))
                walked += 1
    assert reached == []
    assert walked > 30 * len(everyone)
    assert house.rows_of(house.tenant.id) == before


async def test_with_ones_own_ids_the_same_requests_pass(house: House) -> None:
    """Else the walk above might be refused for something else than the id."""
    everything = await house.sign_in(STRANGER, tenant="demo2")
    own = await own_things(house, everything)
    reached = []
    for operation in operations(house):
        for place in places(house, operation):
            if place.where == "path" and IDS[place.name] in own and operation.method == "get":
                fill = Filler(house, operation, own, place, own[IDS[place.name]])
                answer = await everything.ask(operation.method, fill.path(), json=fill.body())
                assert answer.status_code == 200, told("everything", operation, place, answer)
                reached.append(operation.name)
    assert len(reached) >= 2


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
