"""Numbers over HTTP: made, led elsewhere by one at a time, given up, kept apart by tenant, audited."""

from typing import Any

import pytest

from tests.support.house import Browser, House

WANTED: dict[str, Any] = {"number": "+86 400 880 0123", "name": "增值热线", "entry_flow": "hotline", "rules": []}
PATH = "/api/v1/numbers"


@pytest.fixture
async def admin(house: House) -> Browser:
    return await house.sign_in("sysadmin")


async def made(admin: Browser, **more: Any) -> dict[str, Any]:
    answer = await admin.ask("POST", PATH, json={**WANTED, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def calendar_of(admin: Browser) -> str:
    choices = (await admin.ask("GET", "/api/v1/number-choices")).json()
    assert [flow["code"] for flow in choices["flows"]] == ["hotline"], "the flow of chats is none for a call"
    return str(choices["calendars"][0]["id"])


def change_of(number: dict[str, Any], **more: Any) -> dict[str, Any]:
    kept = {name: number[name] for name in ("name", "entry_flow", "rules", "version")}
    return {**kept, **more}


async def test_a_number_is_made_changed_listed_and_given_up(house: House, admin: Browser) -> None:
    number = await made(admin)
    assert (number["number"], number["version"], number["not_published"]) == ("4008800123", 1, [])
    who = admin.session["user"]["display_name"]
    assert number["changed_by"] == who
    rule = {"flow": "hotline", "calendar_id": await calendar_of(admin), "when": "closed", "prefixes": [], "levels": []}
    twice = [rule, {**rule, "prefixes": ["138"]}]
    answer = await admin.ask("PUT", f"{PATH}/{number['id']}", json=change_of(number, rules=twice))
    assert answer.status_code == 200, answer.text
    assert answer.json()["overlaps"] == [{"kind": "never", "earlier": 0, "later": 1}]
    listed = (await admin.ask("GET", PATH)).json()["items"]
    assert [one["number"] for one in listed] == ["10086", "4008800123"]
    assert listed[0]["changed_by"] is None
    gone = await admin.ask("DELETE", f"{PATH}/{number['id']}?version=2")
    assert gone.status_code == 204
    assert (await admin.ask("GET", f"{PATH}/{number['id']}")).status_code == 404
    auditor = await house.sign_in("auditor")
    told = (await auditor.ask("GET", "/api/v1/audit?kind=number")).json()["items"]
    assert [(one["action"], one["params"]["number"]) for one in told[:3]] == [
        ("number.removed", "4008800123"),
        ("number.changed", "4008800123"),
        ("number.created", "4008800123"),
    ]


async def test_two_who_change_it_do_not_overwrite_each_other(admin: Browser) -> None:
    number = await made(admin)
    path = f"{PATH}/{number['id']}"
    first, second = [await admin.ask("PUT", path, json=change_of(number, name=name)) for name in "一二"]
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 409, "settings-changed")
    assert (await admin.ask("DELETE", f"{path}?version=1")).status_code == 409
    assert (await admin.ask("GET", path)).json()["name"] == "一"


@pytest.mark.parametrize(
    ("more", "status", "code", "field"),
    [
        ({"number": "10086"}, 409, "number-known", "number"),
        ({"number": "call me"}, 422, "number-unreadable", "number"),
        ({"entry_flow": "webchat"}, 422, "entry-flow-not-published", "entry_flow"),
        ({"name": " "}, 422, "text-empty", "name"),
        ({"rules": [{"flow": "hotline"}]}, 422, "entry-rule-without-condition", "rules/0"),
        ({"rules": [{"flow": "x", "levels": ["gold"]}]}, 422, "entry-flow-not-published", "rules/0/flow"),
        ({"rules": [{"flow": "hotline", "calendar_id": "018f0000-0000-7000-8000-000000000000"}]}, 404, None, None),
        ({"rules": [{"flow": "hotline", "who": "x"}]}, 422, None, None),
        ({"extra": 1}, 422, None, None),
    ],
)
async def test_what_is_wrong_is_refused_and_nothing_changes(
    house: House, admin: Browser, more: dict[str, Any], status: int, code: str | None, field: str | None
) -> None:
    before = house.rows_of(house.tenant.id)["phone_number"]
    answer = await admin.ask("POST", PATH, json={**WANTED, **more})
    assert answer.status_code == status, answer.text
    if code is not None:
        assert (answer.json()["code"], answer.json()["field"]) == (code, field)
    assert house.rows_of(house.tenant.id)["phone_number"] == before


async def test_it_is_for_administrators_of_the_tenant_only(house: House, admin: Browser) -> None:
    number = await made(admin)
    agent = await house.sign_in("8021")
    assert (await agent.ask("GET", PATH)).status_code == 403
    stranger = await house.sign_in("stranger", tenant="demo2")
    path = f"{PATH}/{number['id']}"
    assert (await stranger.ask("GET", path)).status_code == 404
    assert (await stranger.ask("PUT", path, json=change_of(number))).status_code == 404
    assert (await stranger.ask("DELETE", f"{path}?version=1")).status_code == 404
    assert (await stranger.ask("GET", PATH)).json()["items"] == []
    assert (await admin.ask("GET", path)).json()["version"] == 1
