"""Calendars over HTTP: made, changed by one at a time, kept apart by tenant."""

from typing import Any

import pytest

from tests.support.house import Browser, House

DAY = [{"start": 540, "end": 720}, {"start": 810, "end": 1080}]
WANTED: dict[str, Any] = {
    "name": "工作日",
    "time_zone": "Asia/Shanghai",
    "weekly": [DAY] * 5 + [[], []],
    "exceptions": [
        {"day": "2026-10-01", "name": "国庆节", "like": None, "spans": []},
        {"day": "2026-10-10", "name": "调休上班", "like": 0, "spans": []},
    ],
}


@pytest.fixture
async def admin(house: House) -> Browser:
    return await house.sign_in("sysadmin")


async def made(admin: Browser, **more: Any) -> dict[str, Any]:
    answer = await admin.ask("POST", "/api/v1/calendars", json={**WANTED, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_calendar_is_made_and_says_whether_it_is_open(admin: Browser) -> None:
    calendar = await made(admin, name="值班")
    assert {name: calendar[name] for name in WANTED} == {**WANTED, "name": "值班"}
    assert calendar["changes_at"] is not None
    assert (await admin.ask("GET", f"/api/v1/calendars/{calendar['id']}")).json()["name"] == "值班"
    always = await made(admin, name="全天", weekly=[[{"start": 0, "end": 1440}]] * 7, exceptions=[])
    assert (always["open_now"], always["changes_at"]) == (True, None)
    listed = (await admin.ask("GET", "/api/v1/calendars")).json()["items"]
    assert {"值班", "全天"} <= {one["name"] for one in listed}


async def test_official_holidays_are_taken_over_and_changed(admin: Browser) -> None:
    (china,) = (await admin.ask("GET", "/api/v1/official-holidays")).json()["items"]
    assert (china["year"], len(china["days"])) == (2026, 39)
    calendar = await made(admin, name="值班", exceptions=china["days"])
    days = [one for one in calendar["exceptions"] if one["day"] != "2026-01-01"]
    answer = await admin.ask(
        "PUT", f"/api/v1/calendars/{calendar['id']}", json={**WANTED, "exceptions": days, "version": 1}
    )
    assert (answer.status_code, len(answer.json()["exceptions"])) == (200, 38), answer.text


async def test_two_who_change_it_do_not_overwrite_each_other(admin: Browser) -> None:
    calendar = await made(admin, name="值班")
    path = f"/api/v1/calendars/{calendar['id']}"
    first, second = [await admin.ask("PUT", path, json={**WANTED, "name": n, "version": 1}) for n in "一二"]
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 409, "settings-changed")


async def test_a_name_is_one_calendars(admin: Browser) -> None:
    await made(admin, name="值班")
    again = await admin.ask("POST", "/api/v1/calendars", json={**WANTED, "name": "值班"})
    assert (again.status_code, again.json()["code"], again.json()["field"]) == (409, "calendar-name-taken", "name")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"time_zone": "Mars/Base"}, 422, "time-zone-unknown"),
        ({"weekly": [[{"start": 600, "end": 540}]] * 7}, 422, "span-not-within-a-day"),
        ({"weekly": [DAY]}, 422, None),
        ({"exceptions": [{"day": "2026-02-30", "name": "x"}]}, 422, None),
        ({"exceptions": [{"day": "2026-02-01", "name": "x"}] * 2}, 422, "day-twice"),
        ({"name": "\u0000"}, 422, None),
        ({"extra": 1}, 422, None),
    ],
)
async def test_what_is_wrong_is_refused(admin: Browser, more: dict[str, Any], status: int, code: str | None) -> None:
    answer = await admin.ask("POST", "/api/v1/calendars", json={**WANTED, **more})
    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["code"] == code


async def test_it_is_for_administrators_of_the_tenant_only(house: House, admin: Browser) -> None:
    calendar = await made(admin, name="值班")
    agent = await house.sign_in("8021")
    assert (await agent.ask("GET", "/api/v1/calendars")).status_code == 403
    assert (await agent.ask("GET", "/api/v1/official-holidays")).status_code == 403
    stranger = await house.sign_in("stranger", tenant="demo2")
    path = f"/api/v1/calendars/{calendar['id']}"
    assert (await stranger.ask("GET", path)).status_code == 404
    assert (await stranger.ask("PUT", path, json={**WANTED, "version": 1})).status_code == 404
    assert (await stranger.ask("GET", "/api/v1/calendars")).json()["items"] == []
