"""What a request's body may hold is all named: a field that nobody knows is refused, in every body of every route.

Who misspells a field, or sends one that an older version took, is told which; otherwise it would be left out in silence
and the rest be done. Read from the document of the interface, so a new route is walked as soon as it is there.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.house import House

DOCUMENT: dict[str, Any] = json.loads(Path("ui/openapi.json").read_text(encoding="utf-8"))
"""The build fails when it is not the one of this code (``test_api_client``)."""

_DEFINED = ("PUT /api/v1/flows/{code}/draft", "POST /api/v1/flows", "POST /api/v1/flow-files")
FREE = frozenset(
    {f"{operation}: {field}" for operation in _DEFINED for field in ("definition", "drawing")}
    | {"POST /api/v1/flow-check: definition", "POST /api/v1/flow-simulations: definition"}
)
"""Objects whose fields are checked further in: a flow's own rules name what they do not know, and a drawing is the
editor's."""


def objects(
    schema: dict[str, Any], way: str, within: frozenset[str] = frozenset()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object that a body is or holds, with the way to it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in within:
            yield from objects(DOCUMENT["components"]["schemas"][name], way, within | {name})
        return
    for part in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for one in schema.get(part, ()):
            yield from objects(one, way, within)
    if isinstance(schema.get("items"), dict):
        yield from objects(schema["items"], f"{way}[]", within)
    if schema.get("type") == "object":
        yield way, schema
        if isinstance(schema.get("additionalProperties"), dict):
            yield from objects(schema["additionalProperties"], f"{way}.*", within)
        for name, one in schema.get("properties", {}).items():
            yield from objects(one, f"{way}.{name}" if ": " in way else f"{way}: {name}", within)


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                if kind.endswith("json"):
                    yield f"{method.upper()} {path}", content["schema"]


def open_ones() -> list[str]:
    """The objects that take whatever is sent."""
    found = []
    for operation, schema in bodies():
        found += [way for way, one in objects(schema, operation) if one.get("additionalProperties", True) is True]
    return found


def test_every_object_in_a_body_names_its_fields() -> None:
    assert len(list(bodies())) > 80
    assert set(open_ones()) == FREE


async def test_a_field_that_nobody_knows_is_refused_by_its_name_and_nothing_is_done(house: House) -> None:
    """Of a body that was complete otherwise, by the one who may send it."""
    people, before = await house.sign_in("sysadmin"), house.rows_of(house.tenant.id)
    wanted = {"login": "9001", "display_name": "陈", "is_admin": True}
    refused = await people.ask("POST", "/api/v1/users", json=wanted)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "field-invalid", "is_admin")
    assert refused.json()["params"]["reason"] == "extra-forbidden"
    assert house.rows_of(house.tenant.id)["user_account"] == before["user_account"]
