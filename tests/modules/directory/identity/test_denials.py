"""What somebody tried and may not do stands in the audit, and a flood of it does not."""

import asyncio
from uuid import uuid4

import pytest

from careline.infra.database.database import Database
from careline.infra.database.failures import DatabaseUnreachable
from careline.kernel.errors import Forbidden
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.directory.identity.engine.actions import Outcome
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.services.denials import ANY, MOST_OF_ONE, MOST_OF_TENANT, ONCE_IN, Denials
from careline.modules.directory.identity.views import AuditEntryView, AuditFilter, TenantView
from tests.support.clock import FakeClock
from tests.support.house import House

MISSING = Forbidden("permission-missing", permission="user:manage")


@pytest.fixture
def denials(database: Database, clock: FakeClock, identity: Identity) -> Denials:
    return Denials(database, clock, identity.trail)


@pytest.fixture
def agent(tenant: TenantView) -> Actor:
    return Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=new_id())


async def denied(identity: Identity, system: Actor) -> list[AuditEntryView]:
    """The entries, the earliest first."""
    wanted = AuditFilter(outcome=Outcome.DENIED)
    return (await identity.audit_page(system, before=None, limit=200, wanted=wanted)).items[::-1]


async def test_the_first_is_written_at_once_and_the_same_again_is_counted(
    denials: Denials, identity: Identity, clock: FakeClock, system: Actor, agent: Actor
) -> None:
    target = uuid4()
    denials.note(agent, "PATCH /api/v1/users/{user_id}", MISSING, target)
    await denials.write()
    for _ in range(41):
        denials.note(agent, "PATCH /api/v1/users/{user_id}", MISSING, target)
        clock.advance(1)
        await denials.write()
    [first] = await denied(identity, system)
    assert (first.actor, first.action, first.subject) == (agent.ref, "access.denied", "PATCH /api/v1/users/{user_id}")
    assert first.params == {
        "reason": "permission-missing", "permission": "user:manage", "id": str(target), "times": 1
    }  # fmt: skip
    clock.advance(ONCE_IN.total_seconds())
    await denials.write()
    assert [entry.params["times"] for entry in await denied(identity, system)] == [1, 41]
    clock.advance(2 * ONCE_IN.total_seconds())
    await denials.write()
    denials.note(agent, "PATCH /api/v1/users/{user_id}", MISSING)
    await denials.write()
    assert [entry.params["times"] for entry in await denied(identity, system)] == [1, 41, 1]


async def test_a_flood_fills_neither_memory_nor_trail_and_every_try_is_counted(
    denials: Denials, identity: Identity, clock: FakeClock, system: Actor, agent: Actor, tenant: TenantView
) -> None:
    for number in range(5000):
        denials.note(agent, f"GET /api/v1/anything-{number}", MISSING)
    await denials.write()
    of_one = await denied(identity, system)
    assert len(of_one) == MOST_OF_ONE + 1
    assert (of_one[-1].subject, of_one[-1].params["times"]) == (ANY, 5000 - MOST_OF_ONE)
    for number in range(2000):
        somebody = Actor(tenant_id=tenant.id, kind=ActorKind.SERVICE, id=new_id())
        denials.note(somebody, "GET /api/v1/users", MISSING)
        denials.note(somebody, f"GET /api/v1/cases/{number}", MISSING)
    await denials.write()
    everything = await denied(identity, system)
    assert len(everything) == MOST_OF_TENANT + 2
    assert sum(int(str(entry.params["times"])) for entry in everything) == 5000 + 4000
    assert everything[-1].actor == "system"
    assert (await identity.verify_audit(tenant.id)).breaches == []
    # Once it is quiet, everybody is told apart again.
    clock.advance(2 * ONCE_IN.total_seconds())
    await denials.write()
    denials.note(agent, "GET /api/v1/anything-4999", MISSING)
    await denials.write()
    assert (await denied(identity, system))[-1].subject == "GET /api/v1/anything-4999"


async def test_one_centre_cannot_use_up_the_room_of_another(
    denials: Denials, identity: Identity, system: Actor, agent: Actor, other_tenant: TenantView
) -> None:
    for _ in range(MOST_OF_TENANT + 50):
        denials.note(Actor(tenant_id=other_tenant.id, kind=ActorKind.USER, id=new_id()), "GET /api/v1/users", MISSING)
    denials.note(agent, "GET /api/v1/users", MISSING)
    await denials.write()
    [entry] = await denied(identity, system)
    assert entry.actor == agent.ref


async def test_customers_who_can_take_as_many_names_as_they_like_leave_no_trace(
    denials: Denials, identity: Identity, system: Actor, tenant: TenantView
) -> None:
    denials.note(Actor(tenant_id=tenant.id, kind=ActorKind.CUSTOMER, id=new_id()), "POST /api/v1/visitor", MISSING)
    await denials.write()
    assert await denied(identity, system) == []


async def test_who_stops_writes_what_was_counted(
    denials: Denials, identity: Identity, system: Actor, agent: Actor
) -> None:
    await denials.start()
    denials.note(agent, "GET /api/v1/users", MISSING)
    await denials.write()
    denials.note(agent, "GET /api/v1/users", MISSING)
    await denials.stop()
    assert [entry.params["times"] for entry in await denied(identity, system)] == [1, 1]


async def test_what_could_not_be_written_is_written_when_it_can_be(
    denials: Denials, database: Database, identity: Identity, system: Actor, agent: Actor
) -> None:
    def away(*_: object) -> None:
        raise DatabaseUnreachable("Connection refused")

    denials.note(agent, "GET /api/v1/users", MISSING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "transaction", away)
        with pytest.raises(DatabaseUnreachable):
            await denials.write()
    denials.note(agent, "GET /api/v1/users", MISSING)
    await denials.write()
    assert [entry.params["times"] for entry in await denied(identity, system)] == [2]


async def test_an_agent_who_tries_what_only_others_may_is_seen_by_the_auditor(house: House) -> None:
    """Over HTTP: without the permission, and from a page of another site. Nothing of what was sent is kept."""
    browser, auditor = await house.sign_in("8021"), await house.sign_in("auditor")
    somebody = uuid4()
    tries = [browser.ask("PATCH", f"/api/v1/users/{somebody}", json={"active": False}) for _ in range(60)]
    assert {answer.status_code for answer in await asyncio.gather(*tries)} == {403}
    assert (await browser.http.get("/api/v1/audit?secret=13812346021")).status_code == 403
    forged = await browser.http.post("/api/v1/cases", json={}, headers={"X-CSRF-Token": "x"})
    assert forged.json()["code"] == "csrf-token-wrong"
    await house.careline.identity.denials.write()

    page = (await auditor.http.get("/api/v1/audit?outcome=denied&kind=access")).json()
    shown = {
        entry["subject"]: (entry["actor"], entry["outcome"], entry["params"]["reason"], entry["params"]["times"])
        for entry in page["items"]
    }
    who = f"user:{browser.user_id}"
    assert shown == {
        "PATCH /users/{user_id}": (who, "denied", "permission-missing", 60),
        "GET /audit": (who, "denied", "permission-missing", 1),
        "POST /cases": (who, "denied", "csrf-token-wrong", 1),
    }
    [patched] = [entry for entry in page["items"] if entry["subject"].startswith("PATCH")]
    assert (patched["params"]["permission"], patched["params"]["id"]) == ("user:manage", str(somebody))
    assert "13812346021" not in str(page)
