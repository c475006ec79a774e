"""Identity over HTTP: cookies, CSRF, the shapes of api and refusals, hostile bodies."""

import json
from typing import Any
from uuid import uuid4

from careline.modules.directory.identity.engine.actions import ACTIONS
from careline.modules.directory.identity.facade import Identity
from tests.support.house import BASE, PASSWORD, House

HOSTILE: list[tuple[str, Any]] = [
    ("/api/v1/session", None),
    ("/api/v1/session", []),
    ("/api/v1/session", "text"),
    ("/api/v1/session", {"tenant": "demo"}),
    ("/api/v1/session", {"tenant": 1, "login": {"$ne": 1}, "password": [1]}),
    ("/api/v1/session", {"tenant": "demo", "login": "8021", "password": ""}),
    ("/api/v1/session", {"tenant": "demo", "login": "8021", "password": "x" * 1025}),
    ("/api/v1/session", {"tenant": "x" * 201, "login": "8021", "password": "x"}),
    ("/api/v1/session", {"tenant": None, "login": None, "password": None}),
]


async def test_signing_in_gives_a_cookie_that_scripts_cannot_read(house: House) -> None:
    browser = await house.sign_in("8021")
    session = browser.session

    assert session["user"]["display_name"] == "陈晓岚"
    assert session["user"]["locale"] == "zh-CN"
    assert session["tenant"]["code"] == "demo"
    assert (session["tenant"]["time_zone"], session["tenant"]["accent"]) == ("Asia/Shanghai", "#2459d6")
    customers = ["customer:password", "customer:read", "customer:reveal", "customer:write"]
    assert session["permissions"] == ["case:read", "case:write", *customers, "desk:use", "history:view"]
    assert session["agent"] == {"id": browser.user_id, "number": "8021"}
    again = await browser.http.get("/api/v1/session")
    assert again.json() == session
    assert again.headers["cache-control"] == "no-store"

    passwords = {account.login: account.password for account in house.demo.accounts}
    wanted = {"tenant": "demo", "login": "8021", "password": passwords["8021"]}
    answer = await house.nobody().post("/api/v1/session", json=wanted)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("careline_session=")
    for part in ("httponly", "samesite=lax", "path=/", "max-age=43200"):
        assert part in cookie
    assert "secure" not in cookie
    assert "domain" not in cookie


async def test_who_answers_no_customers_is_no_agent(house: House) -> None:
    assert (await house.sign_in("auditor")).session["agent"] is None


async def test_bodies_that_are_refused(house: House) -> None:
    before = house.rows_of(house.tenant.id)
    async with house.nobody() as http:
        for path, body in HOSTILE:
            content = json.dumps(body).encode()
            answer = await http.post(path, content=content, headers={"Content-Type": "application/json"})

            assert answer.status_code == 422, body
            assert answer.headers["content-type"] == "application/problem+json", body
            assert answer.json()["code"] == "field-invalid", body
            assert "set-cookie" not in answer.headers, body
    assert house.rows_of(house.tenant.id) == before


async def test_bytes_that_are_refused(house: House) -> None:
    surrogate = b'{"tenant":"demo","login":"\\ud800","password":"x"}'
    async with house.nobody() as http:
        for raw in (b"", b"{", b"\xff\xfe", surrogate, b"[" * 100_000, b"null", b"1e999"):
            answer = await http.post("/api/v1/session", content=raw, headers={"Content-Type": "application/json"})

            assert answer.status_code in (400, 401, 422), raw[:40]
            assert "set-cookie" not in answer.headers, raw[:40]


async def test_another_sites_form_cannot_sign_anybody_in(house: House) -> None:
    """A page elsewhere may send text without asking us first, but not JSON."""
    passwords = {account.login: account.password for account in house.demo.accounts}
    body = json.dumps({"tenant": "demo", "login": "8021", "password": passwords["8021"]})
    async with house.nobody() as http:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = await http.post("/api/v1/session", content=body, headers={"Content-Type": kind})
            assert answer.status_code == 422, kind
            assert "set-cookie" not in answer.headers


async def test_a_wrong_password_says_nothing_more(house: House) -> None:
    async with house.nobody() as http:
        texts = set()
        for login in ("8021", "nobody"):
            wanted = {"tenant": "demo", "login": login, "password": "wrong password 1"}
            answer = await http.post("/api/v1/session", json=wanted)
            assert answer.status_code == 401
            texts.add(answer.text)
    assert len(texts) == 1
    assert json.loads(texts.pop())["code"] == "sign-in-failed"


async def test_too_many_tries_say_when_to_come_back(house: House) -> None:
    async with house.nobody() as http:
        for _ in range(6):
            wanted = {"tenant": "demo", "login": "8021", "password": "wrong password 1"}
            answer = await http.post("/api/v1/session", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-attempts")
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["params"]["retry_after"] > 0


async def test_signing_out_ends_the_session_and_takes_the_cookie_back(house: House) -> None:
    browser = await house.sign_in("8021")
    token = browser.http.cookies["careline_session"]
    answer = await browser.ask("DELETE", "/api/v1/session")

    assert answer.status_code == 204
    assert "careline_session" not in browser.http.cookies
    stolen = await house.nobody().get("/api/v1/session", headers={"Cookie": f"careline_session={token}"})
    assert (stolen.status_code, stolen.json()["code"]) == (401, "not-signed-in")


async def test_a_token_planted_before_is_replaced(house: House) -> None:
    passwords = {account.login: account.password for account in house.demo.accounts}
    async with house.nobody() as http:
        http.cookies.set("careline_session", "A" * 43, domain="127.0.0.1")
        wanted = {"tenant": "demo", "login": "8021", "password": passwords["8021"]}
        answer = await http.post("/api/v1/session", json=wanted)
        assert answer.status_code == 200
        assert "A" * 43 not in answer.headers["set-cookie"]


async def test_another_sessions_csrf_token_is_wrong(house: House) -> None:
    one, two = await house.sign_in("8021"), await house.sign_in("8021")
    answer = await one.http.delete("/api/v1/session", headers={"X-CSRF-Token": two.session["csrf_token"]})

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf-token-wrong")
    assert (await one.http.get("/api/v1/session")).status_code == 200


async def test_ones_sessions_are_listed_and_ended(house: House) -> None:
    one, two = await house.sign_in("8021"), await house.sign_in("8021")
    listed = (await two.http.get("/api/v1/sessions")).json()["items"]
    assert len(listed) == 2
    assert set(listed[0]) == {"id", "created_at", "last_used_at", "expires_at", "address", "user_agent", "current"}
    assert [one["current"] for one in listed].count(True) == 1
    for session in listed:
        stranger = await house.sign_in("8022")
        assert (await stranger.ask("DELETE", f"/api/v1/sessions/{session['id']}")).status_code == 404

    assert (await one.http.get("/api/v1/session")).status_code == 200
    for session in reversed(listed):  # the other one first
        await two.ask("DELETE", f"/api/v1/sessions/{session['id']}")
    assert (await one.http.get("/api/v1/session")).status_code == 401
    assert (await two.http.get("/api/v1/session")).status_code == 401


async def test_a_new_password_of_ones_own(house: House) -> None:
    one, two = await house.sign_in("8021"), await house.sign_in("8021")
    old = next(account.password for account in house.demo.accounts if account.login == "8021")
    wrong = await two.ask("PUT", "/api/v1/session/password", json={"current": "not it", "password": PASSWORD})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (403, "password-wrong", "current")
    weak = await two.ask("PUT", "/api/v1/session/password", json={"current": old, "password": "short"})
    assert (weak.status_code, weak.json()["field"]) == (422, "password")
    assert (await one.http.get("/api/v1/session")).status_code == 200

    changed = await two.ask("PUT", "/api/v1/session/password", json={"current": old, "password": PASSWORD})
    assert changed.status_code == 204
    assert (await one.http.get("/api/v1/session")).status_code == 401
    assert (await two.http.get("/api/v1/session")).status_code == 200


async def test_the_life_of_a_user(house: House) -> None:
    keeper, security = await house.sign_in("sysadmin"), await house.sign_in("secadmin")
    made = await keeper.ask("POST", "/api/v1/users", json={"login": "8099", "display_name": "新来的"})
    assert made.status_code == 201, made.text
    user = made.json()["user"]
    assert (user["login"], user["grants"], user["active"]) == ("8099", [], True)
    wanted = {"grants": [{"role": "agent"}], "version": user["version"]}
    granted = (await security.ask("PUT", f"/api/v1/users/{user['id']}/roles", json=wanted)).json()
    assert granted["grants"] == [{"role": "agent", "scope": None}]
    rename = {"display_name": "改了名", "version": granted["version"]}
    changed = (await keeper.ask("PATCH", f"/api/v1/users/{user['id']}", json=rename)).json()
    assert (changed["display_name"], changed["grants"]) == ("改了名", granted["grants"])

    listed: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (await security.http.get("/api/v1/users", params={"after": after, "limit": 4})).json()
        listed += [one["login"] for one in page["items"]]
        after = page["next"]
    assert listed == sorted(listed)
    assert "8099" in listed
    assert {role["code"] for role in (await security.http.get("/api/v1/roles")).json()["items"]} >= {"agent"}
    units = (await security.http.get("/api/v1/org-units")).json()["items"]
    assert units[0]["parent_id"] is None
    assert all(unit["parent_id"] in {one["id"] for one in units} for unit in units[1:])


REFUSED_TO_THE_KEEPER: list[tuple[str, str, Any, str]] = [
    ("POST", "/api/v1/users", {"login": "8021", "display_name": "x"}, "login-taken"),
    ("POST", "/api/v1/users", {"login": "x\u0000y", "display_name": "x"}, "login-not-usable"),
    ("POST", "/api/v1/users", {"login": "ok", "display_name": "\u0000"}, "text-not-printable"),
    (
        "POST",
        "/api/v1/users",
        {"login": "ok", "display_name": "x", "org_unit_id": str(uuid4())},
        "org-unit-not-found",
    ),
    ("PATCH", f"/api/v1/users/{uuid4()}", {"active": False, "version": 1}, "user-not-found"),
    ("PATCH", "/api/v1/users/not-an-id", {}, "field-invalid"),
    ("GET", "/api/v1/users?limit=0", None, "field-invalid"),
    ("GET", "/api/v1/users?limit=999999999999999999999", None, "field-invalid"),
    ("GET", "/api/v1/users?after=%00", None, "cursor-not-usable"),
    ("GET", "/api/v1/users?after=%F0%9F%98%80", None, "cursor-not-usable"),
]


async def test_what_the_keeper_is_refused(house: House) -> None:
    keeper = await house.sign_in("sysadmin")
    before = house.rows_of(house.tenant.id)
    for method, path, body, code in REFUSED_TO_THE_KEEPER:
        answer = await keeper.ask(method, path, json=body)

        assert answer.json()["code"] == code, (method, path, body)
        assert house.rows_of(house.tenant.id) == before, (method, path, body)


async def test_the_three_administrators_keep_to_their_own(house: House) -> None:
    keeper, security, auditor = [await house.sign_in(one) for one in ("sysadmin", "secadmin", "auditor")]
    before = house.rows_of(house.tenant.id)
    some = next(iter(house.ids_of(house.tenant.id)["user_account"]))
    nothing = {"grants": [], "version": 1}
    refused = [
        await keeper.ask("PUT", f"/api/v1/users/{some}/roles", json=nothing),
        await keeper.ask("GET", "/api/v1/audit"),
        await keeper.ask("PATCH", f"/api/v1/users/{auditor.user_id}", json={"display_name": "x", "version": 1}),
        await keeper.ask("POST", f"/api/v1/users/{auditor.user_id}/password"),
        await keeper.ask("POST", f"/api/v1/users/{auditor.user_id}/sign-out"),
        await security.ask("POST", "/api/v1/users", json={"login": "x", "display_name": "x"}),
        await security.ask("GET", "/api/v1/audit"),
        await security.ask("PUT", f"/api/v1/users/{security.user_id}/roles", json=nothing),
        await auditor.ask("POST", "/api/v1/users", json={"login": "x", "display_name": "x"}),
        await auditor.ask("PUT", f"/api/v1/users/{some}/roles", json=nothing),
    ]

    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert house.rows_of(house.tenant.id) == before


async def test_the_auditor_reads_and_is_read(house: House) -> None:
    auditor = await house.sign_in("auditor")
    first = (await auditor.http.get("/api/v1/audit", params={"limit": 2})).json()
    second = (await auditor.http.get("/api/v1/audit", params={"limit": 2, "after": first["next"]})).json()

    assert set(first["items"][0]) == {"seq", "at", "actor", "action", "kind", "subject", "outcome", "params"}
    assert first["found"] == {"n": first["items"][0]["seq"], "more": False}
    assert second["found"] is None
    assert [entry["seq"] for entry in first["items"] + second["items"]] == [
        first["items"][0]["seq"] - step for step in range(4)
    ]
    latest = (await auditor.http.get("/api/v1/audit", params={"limit": 1})).json()["items"][0]
    assert (latest["action"], latest["actor"]) == ("audit.read", f"user:{auditor.user_id}")
    for junk in ("0", "-1", "x", str(2**31), str(2**60)):
        assert (await auditor.http.get("/api/v1/audit", params={"after": junk})).status_code == 422
        assert (await auditor.http.get(f"/api/v1/audit/entries/{junk}")).status_code == 422
    assert (await auditor.http.get("/api/v1/audit", params={"outcome": "x"})).status_code == 422
    one = (await auditor.http.get(f"/api/v1/audit/entries/{first['items'][0]['seq']}")).json()
    assert one["entry"] == first["items"][0]
    assert len((await auditor.http.get("/api/v1/audit/actions")).json()["items"]) == len(ACTIONS)


async def test_the_auditor_takes_out_what_was_looked_for(house: House) -> None:
    auditor, keeper = await house.sign_in("auditor"), await house.sign_in("sysadmin")
    before = house.rows_of(house.tenant.id)
    refused = await keeper.ask("POST", "/api/v1/audit/extracts", json={})
    assert (refused.status_code, house.rows_of(house.tenant.id)) == (403, before)
    assert (await auditor.ask("POST", "/api/v1/audit/extracts", json={"acton": "x"})).status_code == 422

    asked = await auditor.ask("POST", "/api/v1/audit/extracts", json={"action": "session.opened"})
    address = f"/api/v1/audit/extracts/{asked.json()['id']}"
    sheet = await auditor.http.get(f"{address}/file", params={"format": "csv"})
    proof = await auditor.http.get(f"{address}/proof")
    assert (asked.status_code, sheet.status_code, proof.status_code) == (201, 200, 200)
    assert sheet.headers["content-disposition"].startswith('attachment; filename="audit-')
    assert sheet.content.count(b"session.opened") == sheet.content.count(b"\r\n") - 1 >= 2
    found = Identity.check_audit_extract(
        sheet.content.splitlines(keepends=True), proof.content.splitlines(keepends=True), {}
    )
    assert (found.breaches, found.entries) == ([], sheet.content.count(b"session.opened"))
    for path in ("file", "proof"):
        assert (await keeper.http.get(f"{address}/{path}")).status_code == 403


async def test_the_address_is_not_taken_from_a_header(house: House) -> None:
    """Whoever sends ``X-Forwarded-For`` must not get out of the way of throttling by it."""
    async with house.nobody() as http:
        codes = []
        for number in range(7):
            wanted = {"tenant": "demo", "login": "8021", "password": "wrong password 1"}
            headers = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
            codes.append((await http.post("/api/v1/session", json=wanted, headers=headers)).status_code)
    assert codes[-2:] == [429, 429]
    assert BASE.endswith("8080")
