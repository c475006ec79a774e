"""Getting in over HTTP: second step, pending work, one's own account, service tokens, invitations."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from careline.kernel.ids import new_id
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.engine import one_time
from careline.modules.directory.identity.engine.tokens import new_service_token
from careline.modules.directory.identity.views import NewUser, UserChange
from tests.support.house import PASSWORD, Browser, House

FACTOR = "/api/v1/session/second-factor"


def password_of(house: House, login: str) -> str:
    return next(account.password for account in house.demo.accounts if account.login == login)


def code_of(uri: str, *, steps: int = 0) -> str:
    secret = parse_qs(urlsplit(uri).query)["secret"][0]
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return one_time.hotp(raw, one_time.step_of(datetime.now(UTC)) + steps)


async def enrol(house: House, login: str) -> tuple[Browser, str, list[str]]:
    browser = await house.sign_in(login)
    made = await browser.ask("POST", FACTOR, json={"password": password_of(house, login)})
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    confirmed = await browser.ask("POST", f"{FACTOR}/confirm", json={"code": code_of(made.json()["uri"], steps=-1)})
    assert confirmed.status_code == 200, confirmed.text
    return browser, made.json()["uri"], confirmed.json()["codes"]


async def token_of(
    house: House, *, permissions: dict[str, str], name: str = "报表系统"
) -> tuple[Browser, dict[str, Any]]:
    maker, approver = await house.sign_in("sysadmin"), await house.sign_in("secadmin")
    wanted = {
        "name": name,
        "permissions": permissions,
        "expires_at": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
    }
    made = await maker.ask("POST", "/api/v1/service-accounts", json=wanted)
    assert made.status_code == 201, made.text
    path = f"/api/v1/service-accounts/{made.json()['account']['id']}/approval"
    assert (await maker.ask("PUT", path)).status_code == 403
    assert (await approver.ask("PUT", path)).status_code == 204
    return maker, made.json()


def bearer(house: House, token: str) -> httpx.AsyncClient:
    http = house.nobody()
    http.headers["Authorization"] = f"Bearer {token}"
    return http


async def test_signing_in_takes_the_second_step(house: House) -> None:
    _, uri, recovery = await enrol(house, "8021")
    wanted = {"tenant": "demo", "login": "8021", "password": password_of(house, "8021")}
    async with house.nobody() as http:
        for more, code in ((None, "second-factor-needed"), ("000000", "code-wrong"), ("\x00", "code-wrong")):
            answer = await http.post("/api/v1/session", json={**wanted, "code": more})
            assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (401, code, "code")
            assert "set-cookie" not in answer.headers
        good = await http.post("/api/v1/session", json={**wanted, "code": code_of(uri)})
        assert good.status_code == 200, good.text
        assert good.json()["pending"] is None
        again = await http.post("/api/v1/session", json={**wanted, "code": recovery[0]})
        assert again.status_code == 200, again.text
        shown = (await http.get(FACTOR)).json()
        assert (shown["codes_left"], shown["needed"]) == (9, False)


async def test_whoever_keeps_users_resets_a_lost_factor_and_never_sees_it(house: House) -> None:
    browser, uri, recovery = await enrol(house, "8021")
    keeper, other = await house.sign_in("sysadmin"), await house.sign_in("8022")
    path = f"/api/v1/users/{browser.user_id}/second-factor"
    assert (await other.ask("DELETE", path)).status_code == 403
    users = (await keeper.http.get("/api/v1/users")).text
    assert not [secret for secret in (*recovery, parse_qs(urlsplit(uri).query)["secret"][0]) if secret in users]
    assert (await keeper.ask("DELETE", path)).status_code == 204
    assert (await keeper.ask("DELETE", path)).status_code == 404
    assert (await browser.http.get("/api/v1/session")).status_code == 401
    await house.sign_in("8021")


async def test_who_is_asked_for_a_factor_gets_no_further_without(house: House) -> None:
    guard, keeper, agent = [await house.sign_in(one) for one in ("secadmin", "sysadmin", "8021")]
    assert (await keeper.ask("GET", "/api/v1/sign-in-policy")).status_code == 403
    policy = (await guard.ask("GET", "/api/v1/sign-in-policy")).json()
    assert policy == {"second_factor": "nobody", "version": 0}
    changed = await guard.ask("PUT", "/api/v1/sign-in-policy", json={**policy, "second_factor": "administrators"})
    assert changed.json() == {"second_factor": "administrators", "version": 1}
    late = await guard.ask("PUT", "/api/v1/sign-in-policy", json={"second_factor": "nobody", "version": 0})
    assert late.json()["code"] == "second-factor-missing"

    shown = (await keeper.http.get("/api/v1/session")).json()
    assert (shown["pending"], shown["permissions"]) == ("second-factor-missing", [])
    refused = await keeper.http.get("/api/v1/users")
    assert (refused.status_code, refused.json()["code"]) == (403, "second-factor-missing")
    assert (await agent.http.get("/api/v1/inbox")).status_code == 200
    made = await keeper.ask("POST", FACTOR, json={"password": password_of(house, "sysadmin")})
    await keeper.ask("POST", f"{FACTOR}/confirm", json={"code": code_of(made.json()["uri"])})
    assert (await keeper.http.get("/api/v1/users")).status_code == 200


async def test_a_password_that_an_administrator_set_is_changed_first(house: House) -> None:
    keeper, agent = await house.sign_in("sysadmin"), await house.sign_in("8021")
    made = (await keeper.ask("POST", f"/api/v1/users/{agent.user_id}/password")).json()["password"]
    async with house.nobody() as http:
        wanted = {"tenant": "demo", "login": "8021", "password": made}
        session = (await http.post("/api/v1/session", json=wanted)).json()
        assert (session["pending"], session["agent"]) == ("password-change-needed", None)
        assert (await http.get("/api/v1/inbox")).json()["code"] == "password-change-needed"
        headers = {"X-CSRF-Token": session["csrf_token"]}
        body = {"current": made, "password": "a wholly different one"}
        assert (await http.put("/api/v1/session/password", json=body, headers=headers)).status_code == 204
        assert (await http.get("/api/v1/inbox")).status_code == 200


async def test_ones_own_account(house: House) -> None:
    one, two, three = [await house.sign_in("8021") for _ in range(3)]
    assert (await three.ask("PUT", "/api/v1/session/locale", json={"locale": "tlh"})).json()["field"] == "locale"
    assert (await three.ask("PUT", "/api/v1/session/locale", json={"locale": "en"})).status_code == 204
    assert (await three.http.get("/api/v1/session")).json()["user"]["locale"] == "en"
    assert (await three.ask("DELETE", "/api/v1/sessions")).status_code == 204
    states = [(await browser.http.get("/api/v1/session")).status_code for browser in (one, two, three)]
    assert states == [401, 401, 200]


async def test_a_token_needs_no_csrf_and_does_what_it_may(house: House) -> None:
    maker, made = await token_of(house, permissions={"case:read": "tenant", "case:write": "tenant"})
    wanted = {"type": "fault", "title": "来自外部系统", "text": "x", "customer_id": None, "interaction_id": None}
    async with bearer(house, made["token"]) as http:
        opened = await http.post("/api/v1/cases", json=wanted)
        assert opened.status_code == 201, opened.text
        assert opened.json()["created_by"]["name"] == "报表系统"
        assert (await http.get("/api/v1/cases")).json()["items"][0]["title"] == "来自外部系统"
        refused = await http.get("/api/v1/floor")
        assert (refused.status_code, refused.json()["params"]) == (403, {"permission": "floor:view"})
        revoked = await maker.ask("DELETE", f"/api/v1/service-accounts/{made['account']['id']}")
        assert revoked.status_code == 204
        assert (await http.get("/api/v1/cases")).json()["code"] == "token-unknown"
    (shown,) = (await maker.http.get("/api/v1/service-accounts")).json()["items"]
    assert shown["revoked_at"] is not None
    assert made["token"] not in str(shown)


async def test_a_token_is_nobodys_account(house: House) -> None:
    _, made = await token_of(house, permissions={"case:read": "tenant"})
    before = house.rows_of(house.tenant.id)
    own = ["/api/v1/session", "/api/v1/sessions", FACTOR]
    async with bearer(house, made["token"]) as http:
        for path in own:
            answer = await http.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "service-account-not-here"), path
        assert (await http.post(FACTOR, json={"password": "x"})).status_code == 403
        assert (await http.delete("/api/v1/sessions")).status_code == 403
        for path in ("/api/v1/service-accounts", "/api/v1/inbox", "/api/v1/sign-in-policy"):
            assert (await http.get(path)).status_code == 403, path
        assert (await http.get("/api/v1/visitor/conversation")).status_code == 401
    after = house.rows_of(house.tenant.id)
    assert {table: rows for table, rows in after.items() if table != "service_account"} == {
        table: rows for table, rows in before.items() if table != "service_account"
    }


async def test_a_token_alone_counts_also_where_a_cookie_came_along(house: House) -> None:
    _, made = await token_of(house, permissions={"case:read": "tenant"})
    browser = await house.sign_in("sysadmin")
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert (await browser.http.get("/api/v1/users", headers=headers)).status_code == 403
    assert (await browser.http.get("/api/v1/users")).status_code == 200
    for junk in (new_service_token(), "cl_", "cl_junk", made["token"] + "x", made["token"].lower()):
        answer = await browser.http.get("/api/v1/users", headers={"Authorization": f"Bearer {junk}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "token-unknown"), junk
        assert "bearer" in answer.headers["www-authenticate"].lower()


async def test_a_token_of_another_tenant_sees_nothing_of_ours(house: House) -> None:
    _, made = await token_of(house, permissions={"org:read": "tenant"})
    async with bearer(house, made["token"]) as http:
        logins = {one["login"] for one in (await http.get("/api/v1/users")).json()["items"]}
    assert "8021" in logins
    assert "stranger" not in logins


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x", "permissions": {"case:read": "galaxy"}, "expires_at": "2026-12-01T00:00:00Z"},
        {"name": "x", "permissions": {"case:read": "tenant"}, "expires_at": "2026-12-01T00:00:00"},
        {"name": "x", "permissions": {"case:read": "tenant"}, "expires_at": None},
        {"name": "x", "permissions": {"case:read": "tenant"}, "expires_at": "2099-12-01T00:00:00Z"},
        {"name": "x", "permissions": ["case:read"], "expires_at": "2026-12-01T00:00:00Z"},
        {"name": "x", "permissions": {"x" * 65: "own"}, "expires_at": "2026-12-01T00:00:00Z"},
        {"name": "\x00", "permissions": {"case:read": "tenant"}, "expires_at": "2026-12-01T00:00:00Z"},
    ],
)
async def test_accounts_that_are_refused(house: House, body: Any) -> None:
    maker = await house.sign_in("sysadmin")
    answer = await maker.ask("POST", "/api/v1/service-accounts", json=body)

    assert answer.status_code == 422, answer.text
    assert (await maker.http.get("/api/v1/service-accounts")).json()["items"] == []
    for query in ("?q=%00", "?after=%00", "?limit=0"):
        assert (await maker.http.get(f"/api/v1/service-accounts{query}")).status_code == 422


async def test_what_may_be_given_is_shown(house: House) -> None:
    maker = await house.sign_in("secadmin")
    given = (await maker.http.get("/api/v1/service-accounts")).json()["grantable"]

    assert given["case:read"][-1] == "tenant"
    assert not {"desk:use", "role:grant", "service-account:manage", "audit:read"} & given.keys()


async def test_a_link_is_for_whom_it_was_made(house: House) -> None:
    identity, system = house.careline.identity.facade, system_actor(house.tenant.id)
    user = await identity.create_user(system, NewUser(login="8099", display_name="新来的"))
    token = (await identity.invitations.issue(system, user.id)).token
    async with house.nobody() as http:
        for junk in ("", "x", "\x00", str(new_id()), token[:-1]):
            answer = await http.post("/api/v1/invitation/look", json={"token": junk})
            assert (answer.status_code, answer.json()["code"]) == (404, "invitation-gone")
        shown = (await http.post("/api/v1/invitation/look", json={"token": token})).json()
        assert shown == {
            "tenant_code": "demo",
            "tenant_name": house.tenant.name,
            "login": "8099",
            "display_name": "新来的",
        }
        weak = await http.post("/api/v1/invitation", json={"token": token, "password": "short"})
        assert (weak.status_code, weak.json()["field"]) == (422, "password")
        good = await http.post("/api/v1/invitation", json={"token": token, "password": PASSWORD})
        assert good.status_code == 204
        wanted = {"tenant": "demo", "login": "8099", "password": PASSWORD}
        session = await http.post("/api/v1/session", json=wanted)
        assert (session.status_code, session.json()["pending"]) == (200, None)
        again = await http.post("/api/v1/invitation", json={"token": token, "password": PASSWORD})
        assert again.status_code == 404


async def test_resetting_and_revoking_reach_no_other_tenant(house: House) -> None:
    stranger = await house.sign_in("stranger", tenant="demo2")
    browser, _, _ = await enrol(house, "8021")
    _, made = await token_of(house, permissions={"case:read": "tenant"})
    for path in (
        f"/api/v1/users/{browser.user_id}/second-factor",
        f"/api/v1/service-accounts/{made['account']['id']}",
        f"/api/v1/service-accounts/{uuid4()}",
    ):
        assert (await stranger.ask("DELETE", path)).status_code == 404, path
    assert (await browser.http.get("/api/v1/session")).status_code == 200
    async with bearer(house, made["token"]) as http:
        assert (await http.get("/api/v1/cases")).status_code == 200


async def test_an_inactive_user_is_not_helped_by_a_code(house: House) -> None:
    browser, uri, _ = await enrol(house, "8021")
    system = system_actor(house.tenant.id)
    await house.careline.identity.facade.change_user(system, UUID(browser.user_id), UserChange(active=False))
    wanted = {"tenant": "demo", "login": "8021", "password": password_of(house, "8021"), "code": code_of(uri)}
    answer = await house.nobody().post("/api/v1/session", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-failed")
