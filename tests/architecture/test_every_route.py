"""Every route there is, and every one there will be: closed to strangers, to the unsigned, and to other tenants.

Routes are read from the application itself, so a new one is walked as soon as it is mounted.
"""

import itertools
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from careline.infra.http import AccessKind, MarkedRoute, marked_routes
from tests.support.house import STRANGER, Browser, House

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REFUSED = frozenset({400, 401, 403, 404, 405, 409, 410, 422, 429})
DEMO = "/api/v1/demo-phone"
"""Only there in the demo, whose made-up customers it offers to everybody on the machine to be called as."""
DEMO_MESSAGES = f"{DEMO}/messages"
"""Only there in the demo: the codes that one of those customers was sent."""

INVITED = frozenset({"/api/v1/invitation", "/api/v1/invitation/look"})
"""Whoever has the link has no password yet."""

LOOK = frozenset({"/api/v1/visitor/look", "/api/v1/visitor/look/pictures/{picture_id}"})
"""How the page and the widget of a tenant look, before anybody is there to have a token."""

PROVIDER = frozenset(f"/api/v1/session/external{place}" for place in ("", "/begin", "/back"))
"""Away to another provider to sign in, and back."""

OPEN = (
    INVITED
    | LOOK
    | PROVIDER
    | {
        "/api/v1/session",
        "/api/v1/visitor",
        "/api/v1/visitor/service",
        "/api/v1/visitor/opening",
        DEMO,
        DEMO_MESSAGES,
        "/healthz",
        "/readyz",
    }
)
"""What everybody may ask; a new one is put here on purpose or not at all."""

IDS_A_TABLE = 2


def operations(house: House) -> Iterator[tuple[str, MarkedRoute]]:
    for route in marked_routes(house.app):
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            yield method, route


def parameters(house: House, path: str, method: str) -> dict[str, bool]:
    """Name of each parameter in the path → whether it is an id."""
    found = house.app.openapi()["paths"][path][method.lower()].get("parameters", [])
    return {one["name"]: one["schema"].get("format") == "uuid" for one in found if one["in"] == "path"}


def body_for(house: House, path: str, method: str, ids: Iterator[str]) -> Any:
    """A body that fits the schema, with somebody else's id wherever an id belongs; None when there is no body."""
    document = house.app.openapi()
    wanted = document["paths"][path][method.lower()].get("requestBody")
    if wanted is None:
        return None
    schema = wanted["content"].get("application/json", {}).get("schema")
    return None if schema is None else example(schema, document, ids)


def example(schema: dict[str, Any], document: dict[str, Any], ids: Iterator[str]) -> Any:
    if "$ref" in schema:
        return example(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, ids)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example(next(one for one in schema[choice] if one.get("type") != "null"), document, ids)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object":
        return {name: example(one, document, ids) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}), document, ids)]
    if kind == "string":
        if schema.get("format") == "uuid":
            return next(ids)
        return "x" * max(schema.get("minLength", 1), 1)
    return {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True}.get(kind or "")


def foreign_ids(house: House) -> list[str]:
    """Some ids of every kind of thing that the tenant demo has."""
    return [str(one) for ids in house.ids_of(house.tenant.id).values() for one in ids[:IDS_A_TABLE]]


def markers(house: House) -> list[str]:
    """What no answer to somebody of another tenant may hold: ids and names of demo."""
    return [*foreign_ids(house), str(house.tenant.id), "陈晓岚", "王小敏", "13812346021", "16038126021"]


def filled(path: str, names: dict[str, bool], one: str) -> str:
    for name in names:
        path = path.replace("{" + name + "}", one)
    return path


async def visitor_of(house: House, tenant: str) -> str | None:
    """A visitor token of a tenant, when visitors are served at all."""
    async with house.nobody() as http:
        answer = await http.post("/api/v1/visitor", json={"tenant": tenant, "locale": "zh-CN"})
    return str(answer.json()["token"]) if answer.status_code == 201 else None


def test_every_route_says_once_who_may_use_it(house: House) -> None:
    wrong = [route.path for route in marked_routes(house.app) if len(route.access) != 1]

    assert wrong == []


def test_what_is_open_to_everybody_is_known(house: House) -> None:
    public = {route.path for route in marked_routes(house.app) if route.access[0].kind is AccessKind.PUBLIC}

    assert public <= OPEN


def test_operations_have_names_of_their_own(house: House) -> None:
    document = house.app.openapi()
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("cookie", [None, "A" * 43, "junk", "' OR 1=1 --"])
async def test_without_a_session_nothing_is_open(house: House, cookie: str | None) -> None:
    before = house.rows_of(house.tenant.id)
    cookies = {} if cookie is None else {"Cookie": f"careline_session={cookie}"}
    async with house.nobody() as http:
        for method, route in operations(house):
            if route.access[0].kind is AccessKind.PUBLIC:
                continue
            names = parameters(house, route.path, method)
            body = body_for(house, route.path, method, itertools.repeat(str(uuid4())))
            for headers in (cookies, {**cookies, "Authorization": "Bearer junk"}):
                answer = await http.request(method, filled(route.path, names, str(uuid4())), json=body, headers=headers)
                assert answer.status_code == 401, f"{method} {route.path}: {answer.status_code} {answer.text}"
                assert answer.json()["code"] == "not-signed-in"

    assert house.rows_of(house.tenant.id) == before


async def test_what_changes_something_needs_the_csrf_token(house: House) -> None:
    browser = await house.sign_in(STRANGER, tenant="demo2")
    before = house.rows_of(house.other.id)
    for method, route in operations(house):
        if method not in UNSAFE or route.access[0].kind not in (AccessKind.PERMISSION, AccessKind.SIGNED_IN):
            continue
        path = filled(route.path, parameters(house, route.path, method), str(uuid4()))
        body = body_for(house, route.path, method, itertools.repeat(str(uuid4())))
        for headers in ({}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "%00'--"}):
            answer = await browser.http.request(method, path, json=body, headers=headers)
            assert answer.status_code == 403, f"{method} {path}: {answer.status_code} {answer.text}"
            assert answer.json()["code"] == "csrf-token-wrong"

    assert house.rows_of(house.other.id) == before


async def test_without_the_permission_every_route_is_closed(house: House) -> None:
    """The one who may do least of all: a user without any role."""
    identity = house.careline.identity.facade
    browser = await house.sign_in("8021")
    administrator = await house.sign_in("secadmin")
    nothing = {"grants": [], "version": 1}
    assert (await administrator.ask("PUT", f"/api/v1/users/{browser.user_id}/roles", json=nothing)).is_success
    assert await identity.role_codes(house.tenant.id, UUID(browser.user_id)) == []
    before = house.rows_of(house.tenant.id)
    for method, route in operations(house):
        if route.access[0].kind is not AccessKind.PERMISSION:
            continue
        path = filled(route.path, parameters(house, route.path, method), str(uuid4()))
        body = body_for(house, route.path, method, itertools.repeat(str(uuid4())))
        answer = await browser.ask(method, path, json=body)
        assert answer.status_code == 403, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.json()["params"] == {"permission": route.access[0].permission}

    assert house.rows_of(house.tenant.id) == before


async def test_every_route_is_closed_to_another_tenant(house: House) -> None:
    """With every permission in the own tenant and the other's ids: nothing found, nothing shown, nothing changed."""
    browser = await house.sign_in(STRANGER, tenant="demo2")
    token = await visitor_of(house, "demo2")
    ids = foreign_ids(house)
    assert len(ids) > 10
    before, secrets = house.rows_of(house.tenant.id), markers(house)
    walked = 0
    for method, route in operations(house):
        kind = route.access[0].kind
        shown_to_all = route.path == "/api/v1/session" or (method, route.path) == ("GET", DEMO)
        if shown_to_all or (kind is AccessKind.VISITOR and token is None):
            continue
        names = parameters(house, route.path, method)
        body = body_for(house, route.path, method, itertools.cycle(ids))
        bearer = {"Authorization": f"Bearer {token}"} if kind is AccessKind.VISITOR else {}
        for one in ids if names else ids[:1]:
            answer = await browser.ask(method, filled(route.path, names, one), json=body, headers=bearer)
            told = f"{method} {route.path} with {one}: {answer.status_code} {answer.text[:300]}"
            if any(names.values()):
                assert answer.status_code in REFUSED, told
            assert answer.status_code < 500, told
            sent = json.dumps(body, ensure_ascii=False) + one
            assert [secret for secret in secrets if secret in answer.text and secret not in sent] == [], told
            walked += 1
    assert walked > 30
    assert house.rows_of(house.tenant.id) == before


async def test_nothing_of_another_tenant_is_listed(house: House) -> None:
    browser: Browser = await house.sign_in(STRANGER, tenant="demo2")
    secrets = markers(house)
    for method, route in operations(house):
        if route.path == DEMO or route.access[0].kind is AccessKind.VISITOR:
            continue
        if method == "GET" and "{" not in route.path:
            answer = await browser.ask("GET", route.path)
            assert answer.status_code < 500, route.path
            assert [secret for secret in secrets if secret in answer.text] == [], route.path
