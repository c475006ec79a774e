"""The OpenAPI document with what really is there: ids of things, and for each operation a request that is right.

Whoever makes up requests from it reaches more than refusals: what is wrong in one of them is wrong in one place.
"""

import copy
import json
from typing import Any
from uuid import UUID

from tests.support.house import House
from tests.support.requesting import IDS, Filler, Operation, Place, body_schema, operations

NOTHING = Place("", "")
NOBODYS_ID = str(UUID(int=7))

WORDS = {
    "/api/v1/flows/": "webchat",
    "/api/v1/flow-connections/": "billing",
    "/api/v1/dispositions/": "other-silent",
    "/api/v1/skills/": "roaming",
    "/api/v1/insight/figures/": "handled_today",
    "/api/v1/widget/looks/": 1,
}
"""Names in paths that are no ids: where the path begins → the name."""


def described(house: House, ids: dict[str, str], right: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """``ids`` by kind, as ``IDS`` has them; ``right`` says of some operations what the body or the query has to be."""
    document = copy.deepcopy(house.app.openapi())
    _known_ids(document, "", ids)
    for operation in operations(house):
        described_one = document["paths"][operation.path][operation.method]
        fill = Filler(house, operation, ids, NOTHING, "")
        known = right.get(operation.name, {})
        for parameter in described_one.get("parameters", []):
            _example(parameter, operation, known, fill)
        if body_schema(operation) is not None:
            made = fill.body()
            elsewhere = {parameter["name"] for parameter in described_one.get("parameters", [])}
            more = {name: value for name, value in known.items() if name not in elsewhere}
            body = {**made, **more} if isinstance(made, dict) else made
            described_one["requestBody"]["content"]["application/json"]["example"] = body
    return document


def _example(parameter: dict[str, Any], operation: Operation, known: dict[str, Any], fill: Filler) -> None:
    name = parameter["name"]
    if name in known:
        parameter["example"] = known[name]
        if parameter["in"] == "path":
            parameter["schema"] = {"type": "string", "enum": [known[name], NOBODYS_ID]}
    elif parameter["in"] == "path":
        is_id = "uuid" in json.dumps(operation.parameters("path")[name]) or name in IDS
        word = next((one for start, one in WORDS.items() if operation.path.startswith(start)), None)
        parameter["example"] = fill.id_at("path", name) if is_id else word


def _known_ids(part: Any, name: str, ids: dict[str, str]) -> None:
    """An id is one that is there or one that is not, wherever one belongs."""
    if isinstance(part, list):
        for one in part:
            _known_ids(one, name, ids)
    elif isinstance(part, dict):
        if part.get("format") == "uuid" and IDS.get(name) in ids:
            part.clear()
            part |= {"type": "string", "enum": [ids[IDS[name]], NOBODYS_ID]}
        named = part.get("name") if "in" in part else None
        for key, one in part.items():
            inside = key if key not in ("items", "anyOf", "oneOf", "allOf", "schema") else name
            _known_ids(one, named if isinstance(named, str) and key == "schema" else inside, ids)
