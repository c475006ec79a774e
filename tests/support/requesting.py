"""Requests as the OpenAPI document describes them, right but for what a test wants to be wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support.house import House

IDS = {
    "absorbed_id": "twin",
    "agent_id": "agent",
    "assignee_id": "agent",
    "calendar_id": "calendar",
    "case_id": "case",
    "conversation_id": "conversation",
    "contact_point_id": "contact_point",
    "customer_id": "customer",
    "form_id": "password_form",
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

MADE_BY_THE_CALLER = {"client_id"}
"""Ids that name nothing which is there already."""

RIGHT: dict[str, dict[str, Any]] = {
    "conversations_write_note": {"mentions": []},
    "customers_add_contact_point": {"value": "13900008888"},
    "customers_change": {"language": "zh-CN"},
    "customers_merge": {"language": "zh-CN"},
    "customers_reveal": {"what": "msisdn"},
    "letterbox_leave": {"reach": "13812346021", "consent": True},
    "identity_change_user": {"locale": "zh-CN", "version": 1},
    "identity_create_user": {"login": "newcomer", "locale": "zh-CN"},
    "supervision_set_state": {"reason": None},
    "quick-replies_change": {"language": "zh-CN"},
    "quick-replies_change_own": {"language": "zh-CN"},
    "surveys_rate": {"score": 1},
    "visitor_fill_password": {"password": "738629"},
}
"""Values of bodies that a schema does not say."""


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
        if "absorbed_id" in self.operation.parameters("query"):
            path += f"?absorbed_id={self.id_at('query', 'absorbed_id')}"
        elif self.wrong.where == "query":
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
