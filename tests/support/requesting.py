"""Requests as the OpenAPI document describes them, right but for what a test wants to be wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.support.house import House
from tests.support.pictures import png

IDS = {
    "absorbed_id": "twin",
    "account_id": "account",
    "agent_id": "agent",
    "assignee_id": "agent",
    "calendar_id": "calendar",
    "number_id": "number",
    "case_id": "case",
    "conversation_id": "conversation",
    "contact_point_id": "contact_point",
    "customer_id": "customer",
    "form_id": "password_form",
    "desk_id": "desk",
    "extract_id": "extract",
    "file_id": "file",
    "data_request_id": "data_request",
    "interaction_id": "interaction",
    "join": "other_queue",
    "mentions": "agent",
    "offer_id": "offer",
    "overflow_to": "other_queue",
    "note_id": "note",
    "org_unit_id": "unit",
    "other_id": "twin",
    "parent_id": "unit",
    "party_id": "party",
    "people_to": "unit",
    "picture": "picture",
    "picture_id": "picture",
    "post_id": "post",
    "queue_id": "queue",
    "queue_ids": "queue",
    "queues": "queue",
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

MADE_BY_THE_CALLER = {"client_id"}
"""Ids that name nothing which is there already."""

ASKED = {"version": "1", "name": "a.png", "tenant": "demo2"}
"""Values of queries that have to be there."""

QUEUE = {
    "name": "某队列",
    "media": ["chat"],
    "needs": [],
    "target": 0.8,
    "target_seconds": 20,
    "ring_seconds": 20,
    "wrap_up_seconds": 30,
    "rules": {
        "priority_step_s": 60,
        "relaxation": [{"after_s": 30, "lower_by": 0, "drop": []}],
        "preferred_wait_s": 0,
        "max_waiting": 5,
        "max_wait_s": 600,
        "overflow": "queue",
        "closed": False,
        "decline_pause_s": 60,
        "set_aside_s": None,
    },
}
"""All of a queue but the ids of its calendar and of other queues."""

CALENDAR = {"name": "某日历", "time_zone": "Asia/Shanghai", "weekly": [[]] * 7, "exceptions": []}
LED = {"name": "某号码", "entry_flow": "hotline"}
NUMBER_RULES = [{"flow": "hotline", "when": "open", "prefixes": ["138"], "levels": ["gold"]}]
SEATED = {"capacity": {"chat": 3}, "skills": {}, "active": True}

RIGHT: dict[str, dict[str, Any]] = {
    "hours_change_calendar": {**CALENDAR, "version": 1},
    "hours_make_calendar": CALENDAR,
    "conversations_transfer": {"queue": None},
    "routing_appoint": {**SEATED, "number": "9777"},
    "routing_change_agent": {**SEATED, "version": 1},
    "routing_change_desk": {"name": "某专席", "kinds": [], "version": 1},
    "routing_change_queue": {**QUEUE, "version": 1},
    "routing_set_media_rules": {"message_interrupted_by": ["voice"], "message_beside_after_s": 600},
    "routing_make_desk": {"name": "又一专席", "kinds": []},
    "routing_make_queue": {**QUEUE, "code": "another"},
    "customers_add_contact_point": {"value": "13900008888"},
    "customers_change": {"language": "zh-CN"},
    "customers_merge": {"language": "zh-CN"},
    "privacy_set_data_request_rules": {"version": 0},
    "customers_reveal": {"what": "msisdn"},
    "letterbox_leave": {"reach": "13812346021", "consent": True},
    "letterbox_put_off": {"until": (datetime.now(UTC) + timedelta(days=2)).isoformat()},
    "identity_change_user": {"locale": "zh-CN", "version": 1},
    "identity_create_user": {"login": "newcomer", "locale": "zh-CN"},
    "supervision_set_state": {"reason": None},
    "quick-replies_change": {"language": "zh-CN"},
    "quick-replies_change_own": {"language": "zh-CN"},
    "telephony_change_number": {**LED, "rules": NUMBER_RULES, "version": 1},
    "telephony_make_number": {**LED, "number": "95560", "rules": NUMBER_RULES},
    "surveys_rate": {"score": 1},
    "visitor_fill_password": {"password": "738629"},
}
"""Values of bodies that a schema does not say; in an object or a list of equal length they go where they belong."""


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


def body_schema(operation: Operation) -> dict[str, Any] | None:
    content = operation.document.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


def put_right(made: Any, right: Any) -> Any:
    """What was made up with what is known instead, however deep; ids that were put in stay."""
    if isinstance(made, dict) and isinstance(right, dict):
        return {**made, **{name: put_right(made.get(name), one) for name, one in right.items()}}
    if isinstance(made, list) and isinstance(right, list) and len(made) == len(right):
        return [put_right(*pair) for pair in zip(made, right, strict=True)]
    return right


def binary(operation: Operation) -> bool:
    """Whether the body is a file."""
    return "application/octet-stream" in operation.document.get("requestBody", {}).get("content", {})


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
        query = {self.wrong.name: self.foreign} if self.wrong.where == "query" else {}
        for name in self.operation.parameters("query"):
            if name in ("absorbed_id", "client_id"):
                query.setdefault(name, self.id_at("query", name))
            elif name in ASKED:
                query[name] = ASKED[name]
        return f"{path}?{urlencode(query)}" if query else path

    def request(self) -> dict[str, Any]:
        """The body as ``Browser.ask`` takes it."""
        return {"content": png(2, 2)} if binary(self.operation) else {"json": self.body()}

    def body(self) -> Any:
        schema = body_schema(self.operation)
        if schema is None:
            return None
        made = self.value(schema, "")
        return put_right(made, RIGHT.get(self.operation.name, {})) if isinstance(made, dict) else made

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
