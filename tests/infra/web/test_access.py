"""Who may call a route, and that every refusal is a problem that says enough and no more."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection

from careline.infra.database.failures import DatabaseUnreachable
from careline.infra.http import UserSession, Visitor, marked_routes, public, requires, signed_in, visitor
from careline.infra.web.app import prepare
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, TooMany
from careline.kernel.tenancy import Actor, ActorKind, TenantId

TENANT = TenantId(uuid4())
USER = UserSession(
    id=uuid4(),
    actor=Actor(tenant_id=TENANT, kind=ActorKind.USER, id=uuid4(), permissions=frozenset({"case:read"})),
    csrf_token="the-csrf-token",
)
VISITOR = Visitor(tenant_id=TENANT, id=uuid4())
COOKIE = {"Cookie": "careline_session=good"}
SECRET = "swordfish-7781"


class KnownOnes:
    """One user and one customer."""

    async def user(self, request: HTTPConnection) -> UserSession:
        if request.cookies.get("careline_session") != "good":
            raise NotSignedIn("not-signed-in")
        return USER

    async def visitor(self, request: HTTPConnection) -> Visitor:
        if request.headers.get("authorization") != "Bearer good":
            raise NotSignedIn("not-signed-in")
        return VISITOR


class Wanted(BaseModel):
    title: str = Field(min_length=1, max_length=5)
    parts: list[int] = []


ERRORS = {
    "invalid": Invalid("number-unknown", field="contact/phone", allowed="a-b"),
    "forbidden": Forbidden("not-yours"),
    "missing": NotFound("case-not-found"),
    "conflict": Conflict("case-changed", version=3),
    "many": TooMany("too-many-attempts", retry_after=2.2),
}


def make_router(changes: list[str]) -> APIRouter:
    router = APIRouter(prefix="/api/v1")

    @router.get("/cases")
    async def cases(actor: Annotated[Actor, requires("case:read")]) -> dict[str, str]:
        return {"who": actor.ref}

    @router.post("/cases")
    async def add_case(wanted: Wanted, actor: Annotated[Actor, requires("case:read")]) -> dict[str, str]:
        changes.append(wanted.title)
        return {"who": actor.ref}

    @router.post("/users", dependencies=[requires("user:manage")])
    async def add_user() -> None:
        changes.append("user")

    @router.get("/me")
    async def me(actor: Annotated[Actor, signed_in()]) -> dict[str, str]:
        return {"who": actor.ref}

    @router.post("/said")
    async def said(who: Annotated[Visitor, visitor()]) -> dict[str, str]:
        changes.append("said")
        return {"who": who.actor.ref}

    @router.post("/errors/{name}", dependencies=[public()])
    async def errors(name: str) -> None:
        raise ERRORS[name]

    @router.get("/number/{number}", dependencies=[public()])
    async def number(number: int, of: UUID) -> int:
        return number

    @router.post("/bug", dependencies=[public()])
    async def bug() -> None:
        raise RuntimeError(SECRET)

    @router.post("/away", dependencies=[public()])
    async def away() -> None:
        raise DatabaseUnreachable("Connection refused to 10.0.0.1")

    @router.post("/raw", dependencies=[public()])
    async def raw(request: Request) -> int:
        return len(await request.body())

    return router


@pytest.fixture
def changes() -> list[str]:
    return []


@pytest.fixture
def app(changes: list[str]) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None)
    prepare(app, KnownOnes(), body_limit=1000, frameable=("/widget",))
    app.include_router(make_router(changes))
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


def check_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["title"]


async def test_a_user_with_the_permission_may(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/cases", headers=COOKIE)

    assert answer.json() == {"who": USER.actor.ref}


async def test_a_customer_with_a_token_may(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/said", headers={"Authorization": "Bearer good"})

    assert answer.json() == {"who": f"customer:{VISITOR.id}"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/cases", {}, 401, "not-signed-in"),
        ("GET", "/cases", {"Cookie": "careline_session=bad"}, 401, "not-signed-in"),
        ("GET", "/cases", {"Authorization": "Bearer good"}, 401, "not-signed-in"),
        ("GET", "/me", {}, 401, "not-signed-in"),
        ("POST", "/said", {}, 401, "not-signed-in"),
        ("POST", "/said", COOKIE, 401, "not-signed-in"),
        ("POST", "/users", COOKIE | {"X-CSRF-Token": "the-csrf-token"}, 403, "permission-missing"),
        ("POST", "/cases", COOKIE, 403, "csrf-token-wrong"),
        ("POST", "/cases", COOKIE | {"X-CSRF-Token": ""}, 403, "csrf-token-wrong"),
        ("POST", "/cases", COOKIE | {"X-CSRF-Token": "the-csrf-tokem"}, 403, "csrf-token-wrong"),
        ("POST", "/cases", COOKIE | {"X-CSRF-Token": "\u00fc"}, 403, "csrf-token-wrong"),
    ],
)
async def test_a_refused_request_changes_nothing(
    client: httpx.AsyncClient,
    changes: list[str],
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = await client.request(method, f"/api/v1{path}", headers=raw, json={"title": "a"})

    check_problem(answer, status, code)
    assert changes == []
    assert (status == 401) == ("www-authenticate" in answer.headers)


async def test_an_unknown_caller_does_not_learn_what_a_route_takes(client: httpx.AsyncClient) -> None:
    check_problem(await client.post("/api/v1/cases", json={"wrong": 1}), 401, "not-signed-in")


async def test_the_missing_permission_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/users", headers=COOKIE | {"X-CSRF-Token": "the-csrf-token"})

    assert answer.json()["params"] == {"permission": "user:manage"}


@pytest.mark.parametrize("name", ERRORS)
async def test_a_refusal_of_a_module_keeps_its_code_params_and_field(client: httpx.AsyncClient, name: str) -> None:
    error = ERRORS[name]
    answer = await client.post(f"/api/v1/errors/{name}")

    check_problem(answer, error.status, error.code)
    assert (answer.json()["params"], answer.json()["field"]) == (error.params, error.field)
    assert answer.headers.get("retry-after") == ("3" if name == "many" else None)


async def test_a_wrong_body_names_each_field_and_repeats_nothing_of_it(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/api/v1/cases",
        headers=COOKIE | {"X-CSRF-Token": "the-csrf-token"},
        json={"title": SECRET, "parts": [1, SECRET]},
    )

    check_problem(answer, 422, "field-invalid")
    body = answer.json()
    assert body["field"] == "title"
    assert body["params"] == {"reason": "string-too-long", "max_length": 5}
    assert [error["field"] for error in body["errors"]] == ["title", "parts/1"]
    assert SECRET not in answer.text


async def test_a_wrong_path_and_query_name_the_parameter(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/number/x")

    check_problem(answer, 422, "field-invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["number", "of"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"title":"\\ud800"'])
async def test_a_body_that_is_not_json(client: httpx.AsyncClient, body: bytes) -> None:
    headers = COOKIE | {"X-CSRF-Token": "the-csrf-token", "Content-Type": "application/json"}
    answer = await client.post("/api/v1/cases", headers=headers, content=body)

    assert answer.status_code == 400
    assert answer.json()["code"] in ("body-not-json", "request-malformed")


async def test_what_does_not_exist(client: httpx.AsyncClient) -> None:
    check_problem(await client.get("/api/v1/nothing"), 404, "not-found")
    answer = await client.delete("/api/v1/me")
    check_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


async def test_our_own_failure_shows_nothing_but_the_id_of_the_log_line(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.post("/api/v1/bug", headers={"X-Request-Id": "0123-abcd"})

    check_problem(answer, 500, "internal-error")
    assert answer.json()["params"] == {"request_id": "0123-abcd"}
    assert answer.headers["x-request-id"] == "0123-abcd"
    assert SECRET not in answer.text
    assert [record.getMessage() for record in caplog.records] == ["POST /api/v1/bug failed"]


async def test_a_database_that_is_away_is_said_to_be_asked_again_soon(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/away")

    check_problem(answer, 503, "database-unavailable")
    assert answer.headers["retry-after"] == "5"
    assert "10.0.0.1" not in answer.text


@pytest.mark.parametrize("sent", ["", "short", "x" * 65, "new\u00edline-abcdef", "a b c d e f g h"])
async def test_a_request_id_that_could_spoil_the_log_is_replaced(client: httpx.AsyncClient, sent: str) -> None:
    answer = await client.get("/api/v1/me", headers=[(b"X-Request-Id", sent.encode())])

    assert UUID(answer.headers["x-request-id"])


async def test_a_body_may_not_be_too_large(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    assert (await client.post("/api/v1/raw", content=b"x" * 1000)).json() == 1000
    check_problem(await client.post("/api/v1/raw", content=b"x" * 1001), 413, "body-too-large")
    check_problem(await client.post("/api/v1/raw", content=chunks()), 413, "body-too-large")


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/api/v1/me", "/nothing"):
        answer = await client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "connect-src 'self' ws://127.0.0.1:8080 wss://127.0.0.1:8080;" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await client.get("/api/v1/me")).headers["cache-control"] == "no-store"


async def test_only_the_widget_may_be_framed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/widget")

    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize("host", ["evil; script-src *", "a b", "x\u00fc", ""])
async def test_a_host_cannot_write_into_the_policy(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/nothing", headers=[(b"Host", host.encode())])

    assert "connect-src 'self';" in answer.headers["content-security-policy"]


def test_the_mark_of_a_route_can_be_read(app: FastAPI) -> None:
    marks = {
        (route.path, min(route.methods)): [repr(access) for access in route.access] for route in marked_routes(app)
    }
    assert marks["/api/v1/cases", "GET"] == ["<case:read>"]
    assert marks["/api/v1/users", "POST"] == ["<user:manage>"]
    assert marks["/api/v1/me", "GET"] == ["<signed-in>"]
    assert marks["/api/v1/said", "POST"] == ["<visitor>"]
    assert marks["/api/v1/bug", "POST"] == ["<public>"]
    assert all(len(marks_of) == 1 for marks_of in marks.values())


def test_a_permission_has_its_form() -> None:
    with pytest.raises(ValueError, match="resource:action"):
        requires("everything")
