"""A password that somebody else knows is good for choosing another one, and for nothing else."""

from typing import Any

from careline.infra.http import AccessKind, marked_routes
from tests.support.house import Browser, House


async def sign_in(house: House, login: str, password: str) -> Browser:
    http = house.nobody()
    answer = await http.post("/api/v1/session", json={"tenant": "demo", "login": login, "password": password})
    assert answer.status_code == 200, answer.text
    return Browser(http, answer.json())


async def granted(house: House, user: dict[str, Any]) -> None:
    security = await house.sign_in("secadmin")
    wanted = {"grants": [{"role": "supervisor"}], "version": user["version"]}
    assert (await security.ask("PUT", f"/api/v1/users/{user['id']}/roles", json=wanted)).is_success


async def test_the_first_sign_in_leads_to_a_password_of_ones_own(house: House) -> None:
    keeper = await house.sign_in("sysadmin")
    made = (await keeper.ask("POST", "/api/v1/users", json={"login": "8099", "display_name": "新来的"})).json()
    assert made["user"]["password_issued"]
    await granted(house, made["user"])
    first = await sign_in(house, "8099", made["password"])
    assert (first.session["permissions"], first.session["pending"]) == ([], "password-change-needed")
    for route in marked_routes(house.app):
        if route.access[0].kind is AccessKind.PERMISSION and "{" not in route.path and "GET" in route.methods:
            assert (await first.http.get(route.path)).status_code == 403, route.path

    own = {"current": made["password"], "password": "correct horse battery"}
    same = await first.ask("PUT", "/api/v1/session/password", json={**own, "password": made["password"]})
    assert (same.status_code, same.json()["code"]) == (422, "password-not-new")
    assert (await first.ask("PUT", "/api/v1/session/password", json=own)).status_code == 204
    session = (await first.http.get("/api/v1/session")).json()
    assert session["pending"] is None
    assert "floor:view" in session["permissions"]


async def test_a_reset_ends_sessions_and_begins_anew(house: House) -> None:
    keeper, agent = await house.sign_in("sysadmin"), await house.sign_in("8021")
    answer = await keeper.ask("POST", f"/api/v1/users/{agent.user_id}/password")
    password = answer.json()["password"]
    assert len(password) >= 12
    assert (await agent.http.get("/api/v1/session")).status_code == 401
    again = await sign_in(house, "8021", password)
    assert again.session["permissions"] == []

    own = await keeper.ask("POST", f"/api/v1/users/{keeper.user_id}/password")
    assert (own.status_code, own.json()["code"]) == (403, "own-account")
    auditor = await house.sign_in("auditor")
    entries = (await auditor.http.get("/api/v1/audit", params={"subject": agent.user_id})).text
    assert "user.changed" in entries
    assert password not in entries


async def test_signing_somebody_out_everywhere(house: House) -> None:
    keeper = await house.sign_in("sysadmin")
    one, two = await house.sign_in("8021"), await house.sign_in("8021")
    shown = (await keeper.http.get(f"/api/v1/users/{one.user_id}")).json()
    assert shown["sessions"] == 2
    assert (await keeper.ask("POST", f"/api/v1/users/{one.user_id}/sign-out")).status_code == 204
    for browser in (one, two):
        assert (await browser.http.get("/api/v1/session")).status_code == 401


async def test_nobody_puts_oneself_out(house: House) -> None:
    keeper = await house.sign_in("sysadmin")
    answer = await keeper.ask("PATCH", f"/api/v1/users/{keeper.user_id}", json={"active": False, "version": 1})

    assert (answer.status_code, answer.json()["code"]) == (403, "own-account")
    assert (await keeper.http.get("/api/v1/session")).status_code == 200
