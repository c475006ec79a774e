"""Customers over HTTP: masked for who may read, in full for who may reveal, and then audited."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.house import Browser, House

NUMBER = "16038126021"


async def wang(house: House) -> str:
    found = await house.careline.customers.facade.by_msisdn(house.tenant.id, NUMBER)
    assert found is not None
    return str(found.id)


async def reveals(house: House, auditor: Browser) -> int:
    page = (await auditor.http.get("/api/v1/audit", params={"limit": 200})).json()
    return sum(entry["action"] == "customer.revealed" for entry in page["items"])


async def test_a_customer_is_shown_masked(house: House) -> None:
    agent = await house.sign_in("8021")
    answer = await agent.http.get(f"/api/v1/customers/{await wang(house)}")
    shown = answer.json()

    assert answer.status_code == 200
    assert (shown["name_masked"], shown["level"], shown["since"]) == ("王*敏", "gold", "2015-03-09")
    line = shown["subscriptions"][0]
    assert set(line) == {"id", "msisdn_masked", "brand", "plan", "status"}
    assert (line["msisdn_masked"], line["brand"], line["status"]) == ("160****6021", "global_link", "active")
    assert set(shown["billing_accounts"][0]) == {"id", "name", "pay_kind"}
    assert NUMBER not in answer.text


async def test_a_number_in_full_is_audited(house: House) -> None:
    agent, auditor = await house.sign_in("8021"), await house.sign_in("auditor")
    customer = await wang(house)
    line = (await agent.http.get(f"/api/v1/customers/{customer}")).json()["subscriptions"][0]["id"]
    wanted = {"what": "msisdn", "subscription_id": line}
    answer = await agent.ask("POST", f"/api/v1/customers/{customer}/reveal", json=wanted)

    assert answer.json() == {"value": NUMBER}
    assert answer.headers["cache-control"] == "no-store"
    entry = (await auditor.http.get("/api/v1/audit", params={"limit": 1})).json()["items"][0]
    assert (entry["action"], entry["actor"], entry["subject"]) == (
        "customer.revealed",
        f"user:{agent.user_id}",
        customer,
    )
    assert NUMBER not in str(entry)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"what": "msisdn"}, 422),
        ({"what": "msisdn", "subscription_id": str(uuid4())}, 404),
        ({"what": "msisdn", "subscription_id": "' OR 1=1"}, 422),
        ({"what": "id_card"}, 422),
        ({}, 422),
        (None, 422),
        ([{"what": "name"}], 422),
    ],
)
async def test_what_is_not_revealed(house: House, body: Any, status: int) -> None:
    agent, auditor = await house.sign_in("8021"), await house.sign_in("auditor")
    answer = await agent.ask("POST", f"/api/v1/customers/{await wang(house)}/reveal", json=body)

    assert answer.status_code == status
    assert await reveals(house, auditor) == 0


async def test_administrators_see_no_customers(house: House) -> None:
    auditor = await house.sign_in("auditor")
    customer = await wang(house)
    for login in ("sysadmin", "secadmin", "auditor"):
        browser = await house.sign_in(login)
        assert (await browser.http.get(f"/api/v1/customers/{customer}")).status_code == 403
        refused = await browser.ask("POST", f"/api/v1/customers/{customer}/reveal", json={"what": "name"})
        assert refused.status_code == 403

    assert await reveals(house, auditor) == 0
