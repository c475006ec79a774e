"""Requests over HTTP: who may do what, what they see of it, and what comes of nonsense."""

import asyncio
import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest

from careline.kernel.ids import new_id
from tests.support.house import Browser, House
from tests.support.waiting import until

PAPERS = {"assurance": "real_name"}
NUMBER = "16037734450"


async def customer(supervisor: Browser, number: str = "16036419034") -> dict[str, Any]:
    found: dict[str, Any] = (await supervisor.http.get(f"/api/v1/customers?q={number}")).json()["items"][0]
    shown: dict[str, Any] = found.get("customer", found)
    return shown


async def settled(browser: Browser, request_id: str, state: str) -> dict[str, Any]:
    async def there() -> dict[str, Any] | None:
        found: dict[str, Any] = (await browser.http.get(f"/api/v1/data-requests/{request_id}")).json()
        return found if found["state"] == state else None

    found: dict[str, Any] = await until(there)
    return found


async def test_a_customers_data_is_asked_for_decided_upon_and_gone(house: House) -> None:
    supervisor, guard = await house.sign_in("8001"), await house.sign_in("secadmin")
    sun = await customer(supervisor)
    path = f"/api/v1/customers/{sun['id']}/data-requests"
    copy = await supervisor.ask("POST", path, json={"kind": "export", **PAPERS})
    erasure = await supervisor.ask("POST", path, json={"kind": "erasure", **PAPERS})
    assert (copy.status_code, erasure.status_code) == (201, 201), copy.text + erasure.text
    ready = await settled(supervisor, copy.json()["id"], "ready")
    taken = await supervisor.http.get(f"/api/v1/data-requests/{ready['id']}/file")
    assert (taken.status_code, taken.headers["content-type"]) == (200, "application/zip")
    assert (len(taken.content), taken.headers["cache-control"]) == (ready["file"]["size"], "no-store")
    assert "customers/profile.json" in zipfile.ZipFile(io.BytesIO(taken.content)).namelist()

    seen = (await guard.http.get(f"/api/v1/data-requests/{erasure.json()['id']}")).json()
    assert (seen["customer_name"], seen["asked_by"], seen["own"]) == (None, "周文静", False)
    assert erasure.json()["customer_name"] == sun["name_masked"]
    decided = await guard.ask("POST", f"/api/v1/data-requests/{seen['id']}/approve", json={"version": seen["version"]})
    assert decided.status_code == 200, decided.text
    done = await settled(guard, seen["id"], "done")
    assert {step["custodian"] for step in done["steps"]} >= {"customers", "conversations", "cases", "telephony"}
    assert (await supervisor.http.get(f"/api/v1/customers/{sun['id']}")).status_code == 404
    assert (await supervisor.http.get("/api/v1/customers?q=16036419034")).json()["items"] == []
    gone = await supervisor.http.get(f"/api/v1/data-requests/{ready['id']}/file")
    assert (gone.status_code, gone.json()["code"]) == (404, "data-copy-gone")


async def test_each_does_what_is_theirs_and_nothing_changes_else(house: House) -> None:
    people = {login: await house.sign_in(login) for login in ("8001", "8021", "secadmin", "sysadmin", "auditor")}
    sun = await customer(people["8001"])
    listed = (await people["8001"].http.get("/api/v1/data-requests")).json()["items"]
    ready, waiting = (next(one for one in listed if one["kind"] == kind) for kind in ("export", "erasure"))
    await settled(people["8001"], ready["id"], "ready")
    asking = ("POST", f"/api/v1/customers/{sun['id']}/data-requests", {"kind": "erasure", **PAPERS})
    deciding = ("POST", f"/api/v1/data-requests/{waiting['id']}/approve", {"version": 1})
    refusing = ("POST", f"/api/v1/data-requests/{waiting['id']}/refuse", {"version": 1, "why": "withdrawn"})
    taking = ("GET", f"/api/v1/data-requests/{ready['id']}/file", None)
    looking = ("GET", f"/api/v1/data-requests/{waiting['id']}", None)
    ruling = (
        "PUT",
        "/api/v1/data-request-rules",
        {"due_days": 9, "recording_days": 9, "complaint_days": 9, "copies_a_day": 9, "version": 0},
    )
    everything = (asking, deciding, refusing, taking, looking, ruling)
    refused = {
        "8001": (deciding, refusing, ruling),
        "8021": everything,
        "secadmin": (asking, taking),
        "sysadmin": everything,
        "auditor": everything,
    }
    await house.careline.bus.settled()
    before = house.rows_of(house.tenant.id)
    for login, attempts in refused.items():
        for method, path, body in attempts:
            answer = await people[login].ask(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "permission-missing"), (login, path)
    assert house.rows_of(house.tenant.id) == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "erasure"}, None),
        ({"kind": "everything", **PAPERS}, None),
        ({"kind": "erasure", "assurance": "caller_number"}, None),
        ({"kind": "erasure", "assurance": "one_time_code"}, "data-request-assurance-low"),
        ({"kind": "export", "assurance": "real_name", "interaction_id": str(uuid4())}, "data-request-other-contact"),
        ({"kind": "export", "assurance": "real_name", "interaction_id": "' OR 1=1 --"}, None),
    ],
)
async def test_nonsense_is_refused(house: House, body: dict[str, Any], code: str | None) -> None:
    supervisor = await house.sign_in("8001")
    sun = await customer(supervisor)
    before = house.rows_of(house.tenant.id)["data_request"]
    answer = await supervisor.ask("POST", f"/api/v1/customers/{sun['id']}/data-requests", json=body)
    assert answer.status_code == 422, answer.text
    assert code in (None, answer.json()["code"])
    assert house.rows_of(house.tenant.id)["data_request"] == before


async def test_two_who_decide_at_once(house: House) -> None:
    guard = await house.sign_in("secadmin")
    listed = (await guard.http.get("/api/v1/data-requests?kind=erasure&state=waiting")).json()["items"]
    path = f"/api/v1/data-requests/{listed[0]['id']}"
    answers = await asyncio.gather(
        guard.ask("POST", f"{path}/approve", json={"version": 1}),
        guard.ask("POST", f"{path}/refuse", json={"version": 1, "why": "law_keeps"}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert late.json()["code"] == "data-request-changed"


async def test_the_list_is_read_page_by_page(house: House) -> None:
    supervisor = await house.sign_in("8001")
    first = (await supervisor.http.get("/api/v1/data-requests?limit=1")).json()
    rest = (await supervisor.http.get(f"/api/v1/data-requests?limit=2&after={first['next']}")).json()
    assert [one["kind"] for one in (*first["items"], *rest["items"])] == ["erasure", "erasure", "export"]
    assert rest["next"] is None
    bad = await supervisor.http.get("/api/v1/data-requests?after=1%27--")
    assert (bad.status_code, bad.json()["code"]) == (422, "position-unknown")
    unknown = await supervisor.http.get(f"/api/v1/data-requests/{new_id()}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "data-request-not-found")
