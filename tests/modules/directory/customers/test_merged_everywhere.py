"""After a merge no module knows the absorbed customer any more, whatever it keeps and wherever.

Every table of the tenant is searched for the old id. A table that has a ``customer_id`` and no row of the absorbed
customer's before the merge fails the test, so that a new one cannot be forgotten.
"""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from careline.infra.database.types import Base
from careline.kernel.ids import new_id
from careline.modules.directory.customers.models import AssuranceProofRow, DismissedPairRow, OneTimeCodeRow
from tests.support.house import Browser, House

REMEMBER = {"audit_entry", "customer", "event_log", "job"}
"""What may name the old id: what happened, the row that leads to the survivor, and the work of moving late-comers."""


def tables_with_customers() -> set[str]:
    return {table.name for table in Base.metadata.sorted_tables if "customer_id" in table.columns}


async def seed(house: House, supervisor: Browser, customer: dict[str, Any]) -> None:
    """Something of everything, as it comes about; a code and what it proved are written as they are stored."""
    base, line = f"/api/v1/customers/{customer['id']}", customer["lines"][0]["id"]
    number = await supervisor.ask("POST", f"{base}/reveal", json={"what": "msisdn", "subscription_id": line})
    async with house.nobody() as guest:
        who = {"tenant": "demo", "locale": "zh-CN", "msisdn": number.json()["value"]}
        entered = await guest.post("/api/v1/visitor", json=who)
        guest.headers["Authorization"] = f"Bearer {entered.json()['token']}"
        said = await guest.post("/api/v1/visitor/messages", json={"client_id": str(uuid4()), "text": "在吗"})
        assert said.is_success
    point = {"version": 1, "kind": "email", "value": "somebody@example.com"}
    consent = {"purpose": "marketing", "given": True, "how": "call", "proof": "好"}
    case = {"type": "fault", "title": "不通", "text": "周一起", "customer_id": customer["id"]}
    written = ((f"{base}/contact-points", point), (f"{base}/notes", {"text": "来过"}), (f"{base}/consents", consent))
    asked = (f"{base}/data-requests", {"kind": "erasure", "assurance": "real_name"})
    for path, body in (*written, asked, ("/api/v1/cases", case)):
        answer = await supervisor.ask("POST", path, json=body)
        assert answer.status_code == 201, answer.text
    ids = {"tenant_id": house.tenant.id, "customer_id": UUID(customer["id"]), "interaction_id": new_id()}
    async with house.careline.database.transaction(house.tenant.id) as tx:
        code = {"subscription_id": UUID(line), "code_hash": "x", "tries": 0, "sent_at": tx.now, "expires_at": tx.now}
        await tx.execute(insert(OneTimeCodeRow).values(id=new_id(), **ids, **code))
        proof = {"proof": "answers", "passed": True, "at": tx.now, "detail": {}}
        await tx.execute(insert(AssuranceProofRow).values(id=new_id(), **ids, **proof))
        pair = {"tenant_id": house.tenant.id, "customer_id": ids["customer_id"], "other_id": ids["customer_id"]}
        await tx.execute(insert(DismissedPairRow).values(id=new_id(), **pair, mark="x", dismissed_at=tx.now))


def who_names(house: House, customer_id: UUID) -> set[str]:
    wanted = (customer_id.hex, str(customer_id))
    return {
        table
        for table, rows in house.rows_of(house.tenant.id).items()
        if any(text in str(value) for row in rows for value in row for text in wanted)
    }


async def test_no_module_knows_the_absorbed_customer(house: House) -> None:
    supervisor = await house.sign_in("8001")
    listed = (await supervisor.http.get("/api/v1/customers")).json()["items"]
    survivor, absorbed = [item for item in listed if item["kind"] == "person"][:2]
    old = UUID(absorbed["id"])
    await seed(house, supervisor, absorbed)
    assert tables_with_customers() <= who_names(house, old), "let seed() make something of what is missing"
    path = f"/api/v1/customers/{survivor['id']}/merge"
    seen = (await supervisor.http.get(f"{path}?absorbed_id={old}")).json()
    assert seen["absorbed"]["counts"]["interactions"] > 0
    assert seen["absorbed"]["counts"]["cases"] > 0

    wanted = {"absorbed_id": str(old), "version": seen["survivor"]["customer"]["version"]}
    wanted["absorbed_version"] = seen["absorbed"]["customer"]["version"]
    answer = await supervisor.ask("POST", path, json=wanted)

    assert answer.status_code == 200, answer.text
    assert who_names(house, old) <= REMEMBER
    for part in ("interactions", "cases", "record"):
        by_old = await supervisor.http.get(f"/api/v1/customers/{old}/{part}")
        by_new = await supervisor.http.get(f"/api/v1/customers/{survivor['id']}/{part}")
        assert by_old.json() == by_new.json(), part
        assert by_old.status_code == 200
    assert len((await supervisor.http.get(f"/api/v1/customers/{old}/cases")).json()["items"]) > 0
    agent = await house.sign_in("8021")
    assert (await agent.ask("POST", path, json=wanted)).status_code == 403
    assert (await agent.http.get("/api/v1/customer-duplicates")).status_code == 403
