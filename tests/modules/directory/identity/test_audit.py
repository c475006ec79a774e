"""The audit trail: written with what it tells, never changed, and every tampering found."""

import asyncio
import contextlib
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.engine import seals
from careline.modules.directory.identity.engine.seals import AuditRecord, SealHeader
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.models import AuditEntryRow, AuditHeadRow, AuditSealRow
from careline.modules.directory.identity.repository import audit_pages as pages
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.views import AuditFilter, Breach, NewTenant, NewUser, TenantView
from careline.tables import METADATA
from tests.support.clock import START, FakeClock


async def founded(identity: Identity, code: str) -> TenantView:
    """A tenant whose trail is empty yet, so that numbers are easy to follow."""
    with pytest.MonkeyPatch.context() as silent:
        silent.setattr(AuditTrail, "record", lambda *_: None)
        return await identity.found_tenant(NewTenant(code=code, name="示例移动"))


@pytest.fixture
async def tenant(identity: Identity) -> TenantView:
    return await founded(identity, "demo")


@pytest.fixture
async def other_tenant(identity: Identity) -> TenantView:
    return await founded(identity, "demo2")


@pytest.fixture
async def defenceless(database: Database) -> Database:
    """Without the triggers, as for somebody who owns the database."""
    async with database.engine.begin() as connection:
        for table in ("audit_entry", "audit_seal"):
            if database.dialect == "sqlite":
                for change in ("update", "delete"):
                    await connection.execute(text(f"DROP TRIGGER {table}_no_{change}"))
            else:
                await connection.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))
    return database


async def write(identity: Identity, actor: Actor, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        await identity.audit_read(actor, "thing.done", uuid4(), {"number": number})


async def breaches(identity: Identity, tenant: TenantView, known: dict[int, str] | None = None) -> list[Breach]:
    return (await identity.verify_audit(tenant.id, known=known)).breaches


def breach(kind: str, first: int, last: int | None = None) -> Breach:
    return Breach(kind=kind, first=first, last=last or first)


async def test_an_untouched_trail_is_sound(identity: Identity, tenant: TenantView, system: Actor) -> None:
    await write(identity, system, 7)
    assert (await identity.verify_audit(tenant.id)).last_seal is None
    seal = await identity.seal_audit(tenant.id)
    await write(identity, system, 3, start=7)

    result = await identity.verify_audit(tenant.id)
    assert result.breaches == []
    assert (result.entries, result.sealed, result.seals, result.last_seal) == (10, 7, 1, seal)


async def test_nothing_to_seal_makes_no_seal(identity: Identity, tenant: TenantView, system: Actor) -> None:
    assert await identity.seal_audit(tenant.id) is None
    await write(identity, system, 1)
    assert await identity.seal_audit(tenant.id) is not None
    assert await identity.seal_audit(tenant.id) is None


async def test_a_full_batch_is_sealed_at_once(identity: Identity, tenant: TenantView, system: Actor) -> None:
    await write(identity, system, seals.AUDIT_BATCH - 1)
    assert (await identity.verify_audit(tenant.id)).seals == 0
    await write(identity, system, 1)

    result = await identity.verify_audit(tenant.id)
    assert (result.seals, result.sealed) == (1, seals.AUDIT_BATCH)
    assert result.breaches == []


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
async def test_the_database_itself_refuses_changes(
    identity: Identity, tenant: TenantView, system: Actor, database: Database, table: str
) -> None:
    await write(identity, system, 2)
    await identity.seal_audit(tenant.id)
    before = await breaches(identity, tenant)
    statements = [f"UPDATE {table} SET tenant_id = tenant_id", f"DELETE FROM {table}"]
    if database.dialect == "postgresql":
        statements.append(f"TRUNCATE {table} CASCADE")

    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"):
            async with database.transaction(tenant.id) as tx:
                await tx.execute(text(statement))

    result = await identity.verify_audit(tenant.id)
    assert before == result.breaches == []
    assert (result.entries, result.seals) == (2, 1)


TAMPERINGS = {
    "another actor": ("UPDATE audit_entry SET actor = 'user:mallory' WHERE seq = 3", [breach("seal-broken", 1)]),
    "another action": ("UPDATE audit_entry SET action = 'thing.undone' WHERE seq = 5", [breach("seal-broken", 1)]),
    "another subject": ("UPDATE audit_entry SET subject = NULL WHERE seq = 1", [breach("seal-broken", 1)]),
    "other params": ("UPDATE audit_entry SET params = '{}' WHERE seq = 2", [breach("seal-broken", 1)]),
    "another time": ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE seq = 4", [breach("seal-broken", 1)]),
    "one removed": (
        "DELETE FROM audit_entry WHERE seq = 3",
        [breach("entry-missing", 3), breach("seal-broken", 1)],
    ),
    "one renumbered": (
        "UPDATE audit_entry SET seq = 99 WHERE seq = 6",
        [breach("entry-missing", 6), breach("seal-broken", 2), breach("entry-unexpected", 99)],
    ),
    "one removed after the seal": ("DELETE FROM audit_entry WHERE seq = 11", [breach("entry-missing", 11)]),
    "the last one removed": ("DELETE FROM audit_entry WHERE seq = 12", [breach("entry-missing", 12)]),
    "the number of the last one lowered": ("UPDATE audit_head SET seq = 11", [breach("entry-unexpected", 12)]),
    "the number of the last one raised": (
        "UPDATE audit_head SET seq = 999999999",
        [breach("entry-missing", 13, 999999999)],
    ),
    "a seal's hash": (
        f"UPDATE audit_seal SET hash = '{'0' * 64}' WHERE number = 1",
        [breach("seal-broken", 1), breach("seal-broken", 2)],
    ),
    "a seal's time": (
        "UPDATE audit_seal SET sealed_at = '2020-01-01 00:00:00' WHERE number = 2",
        [breach("seal-broken", 2)],
    ),
    "a seal's digest": ("UPDATE audit_seal SET algorithm = 'none' WHERE number = 2", [breach("seal-broken", 2)]),
    "a seal's end": (
        "UPDATE audit_seal SET to_seq = 999999999 WHERE number = 2",
        [breach("seal-broken", 2)],
    ),
    "a seal removed": (
        "DELETE FROM audit_seal WHERE number = 1",
        [breach("seal-missing", 1), breach("seal-broken", 2)],
    ),
}


async def test_every_tampering_is_found(
    identity: Identity, tenant: TenantView, system: Actor, defenceless: Database
) -> None:
    """Two seals over 5 entries each and 2 entries after them; each tampering is undone before the next."""
    for start in (0, 5):
        await write(identity, system, 5, start=start)
        await identity.seal_audit(tenant.id)
    await write(identity, system, 2, start=10)
    assert await breaches(identity, tenant) == []

    for name, (statement, found) in TAMPERINGS.items():
        with contextlib.suppress(_Undone):
            async with defenceless.transaction(tenant.id) as tx:
                changed = await tx.execute(text(statement))
                assert changed.rowcount == 1, name
                seen = await AuditTrail(defenceless).check(tx, {})
                assert seen.breaches == found, name
                raise _Undone
    assert await breaches(identity, tenant) == []


class _Undone(Exception):
    """Takes a tampering back."""


async def test_an_entry_put_in_is_found(
    identity: Identity, tenant: TenantView, system: Actor, defenceless: Database
) -> None:
    await write(identity, system, 3)
    await identity.seal_audit(tenant.id)
    for seq in (0, -7, 4, 900):
        async with defenceless.transaction(tenant.id) as tx:
            row = {"seq": seq, "at": START, "actor": "system", "action": "thing.done", "params": "{}"}
            await tx.execute(insert(AuditEntryRow).values(tenant_id=tenant.id, subject=None, **row))

    found = await breaches(identity, tenant)
    assert [one for one in found if one.kind == "entry-unexpected"] == [
        breach("entry-unexpected", 0),
        breach("entry-unexpected", -7),
        breach("entry-unexpected", 4),
        breach("entry-unexpected", 900),
    ]


async def test_an_end_cut_off_is_found_by_a_seal_kept_elsewhere(
    identity: Identity, tenant: TenantView, system: Actor, defenceless: Database
) -> None:
    await write(identity, system, 2)
    first = await identity.seal_audit(tenant.id)
    await write(identity, system, 2)
    second = await identity.seal_audit(tenant.id)
    assert first is not None
    assert second is not None
    kept = {first.number: first.hash, second.number: second.hash}
    assert await breaches(identity, tenant, kept) == []

    async with defenceless.transaction(tenant.id) as tx:
        await tx.execute(text("DELETE FROM audit_seal WHERE number = 2"))
        await tx.execute(text("DELETE FROM audit_entry WHERE seq > 2"))
        await tx.execute(update(AuditHeadRow).where(AuditHeadRow.tenant_id == tenant.id).values(seq=2))

    assert await breaches(identity, tenant) == []
    assert await breaches(identity, tenant, kept) == [breach("seal-missing", 2)]
    assert await breaches(identity, tenant, {1: "0" * 64}) == [breach("seal-broken", 1)]


async def test_a_trail_written_anew_is_found_by_a_seal_kept_elsewhere(
    identity: Identity, tenant: TenantView, system: Actor, defenceless: Database, clock: FakeClock
) -> None:
    await write(identity, system, 2)
    kept = await identity.seal_audit(tenant.id)
    assert kept is not None
    async with defenceless.transaction(tenant.id) as tx:
        await tx.execute(text("DELETE FROM audit_seal"))
        await tx.execute(text("UPDATE audit_entry SET actor = 'user:somebody-else'"))
    clock.advance(1)
    await identity.seal_audit(tenant.id)

    assert await breaches(identity, tenant) == []
    assert await breaches(identity, tenant, {kept.number: kept.hash}) == [breach("seal-broken", 1)]


async def test_an_entry_stands_only_if_what_it_tells_does(
    identity: Identity, tenant: TenantView, system: Actor, database: Database
) -> None:
    with contextlib.suppress(_Undone):
        async with database.transaction(tenant.id) as tx:
            await identity.audit(tx, system, "thing.done", uuid4())
            raise _Undone

    result = await identity.verify_audit(tenant.id)
    assert (result.entries, result.breaches) == (0, [])


async def test_many_writers_leave_no_gap(identity: Identity, tenant: TenantView, system: Actor) -> None:
    users = [NewUser(login=f"user{number}", display_name="某人") for number in range(20)]
    await asyncio.gather(
        *(identity.create_user(system, user) for user in users),
        *(write(identity, system, 3) for _ in range(10)),
        *(identity.seal_audit(tenant.id) for _ in range(5)),
    )

    result = await identity.verify_audit(tenant.id)
    assert (result.entries, result.breaches) == (50, [])


async def test_tenants_have_trails_of_their_own(
    identity: Identity, tenant: TenantView, other_tenant: TenantView, system: Actor
) -> None:
    await write(identity, system, 2)
    await identity.seal_audit(tenant.id)

    other = await identity.verify_audit(other_tenant.id)
    assert (other.entries, other.seals, other.breaches) == (0, 0, [])


async def test_a_trail_begins_with_the_founding_of_its_tenant(
    identity: Identity, tenant: TenantView, system: Actor, database: Database
) -> None:
    third = await identity.found_tenant(NewTenant(code="demo3", name="第三家"))
    with pytest.raises(Conflict, match="tenant-exists"):
        await identity.found_tenant(NewTenant(code="demo3", name="第三家"))
    async with database.reading(third.id) as reading:
        entries = await identity.export_audit(reading, 0)

    assert [(entry.seq, entry.actor, entry.action, entry.subject, entry.params) for entry in entries] == [
        (1, "system", "tenant.founded", str(third.id), {"code": "demo3"})
    ]
    assert (await identity.verify_audit(tenant.id)).entries == 0


async def test_reading_the_audit_is_audited(identity: Identity, tenant: TenantView, system: Actor) -> None:
    await write(identity, system, 5)
    first = await identity.audit_page(system, before=None, limit=3)
    second = await identity.audit_page(system, before=int(first.next or 0), limit=3)

    assert [entry.seq for entry in first.items] == [5, 4, 3]
    assert [entry.seq for entry in second.items] == [2, 1]
    assert second.next is None
    told = (await identity.audit_page(system, before=None, limit=2)).items
    assert [(entry.action, entry.params) for entry in told] == [
        ("audit.read", {"before": 3, "entries": 2}),
        ("audit.read", {"before": None, "entries": 3}),
    ]


async def test_exporting_gives_everything_in_order(
    identity: Identity, tenant: TenantView, system: Actor, database: Database
) -> None:
    await write(identity, system, 5)
    await identity.seal_audit(tenant.id)
    async with database.reading(tenant.id) as reading:
        entries = await identity.export_audit(reading, 2)
        seals = await identity.trail.seals(reading, 0)

    assert [entry.seq for entry in entries] == [3, 4, 5]
    assert [(seal.from_seq, seal.to_seq) for seal in seals] == [(1, 5)]


records = st.builds(
    AuditRecord,
    seq=st.integers(1, 100),
    at=st.just(START),
    actor=st.text(max_size=5),
    action=st.text(max_size=5),
    subject=st.none() | st.text(max_size=5),
    params=st.text(max_size=5),
)


def header(**changes: object) -> SealHeader:
    known = {
        "tenant": "t",
        "number": 1,
        "from_seq": 1,
        "to_seq": 3,
        "algorithm": "sha256",
        "sealed_at": START,
        "previous": "",
    }
    return SealHeader(**{**known, **changes})  # type: ignore[arg-type]


@given(st.lists(records, max_size=4), st.lists(records, max_size=4))
def test_different_entries_have_different_seals(one: list[AuditRecord], two: list[AuditRecord]) -> None:
    assert (seals.seal_hash(header(), one) == seals.seal_hash(header(), two)) == (one == two)


@pytest.mark.parametrize("changes", [{"tenant": "u"}, {"number": 2}, {"from_seq": 2}, {"to_seq": 4}, {"previous": "0"}])
def test_a_seal_covers_what_it_says_about_itself(changes: dict[str, object]) -> None:
    assert seals.seal_hash(header(**changes), []) != seals.seal_hash(header(), [])


@given(st.lists(records, max_size=4), st.lists(records, max_size=4))
def test_digests_of_each_seal_as_much(one: list[AuditRecord], two: list[AuditRecord]) -> None:
    each = header(algorithm="sha256-each")
    digests = seals.entry_digests(each.algorithm, one)
    assert digests is not None
    assert seals.seal_hash(each, one) == seals.seal_hash_over(each, digests) != seals.seal_hash(header(), one)
    assert (seals.seal_hash(each, one) == seals.seal_hash(each, two)) == (one == two)


def test_an_unknown_digest_is_no_seal() -> None:
    assert seals.seal_hash(header(algorithm="rot13-each"), []) is None
    assert seals.seal_hash(header(algorithm="rot13"), []) is None


def test_models_are_the_tables_that_only_grow() -> None:
    for row in (AuditEntryRow, AuditSealRow):
        assert METADATA.tables[row.__tablename__].info == {"append_only": True}


async def test_looking_for_what_is_rare_keeps_nobody_from_writing(
    identity: Identity, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is one writer."""
    looked = []
    latest = pages.latest

    async def watched(reading: Reading, *args: Any, **more: Any) -> list[AuditRecord]:
        looked.append(isinstance(reading, Transaction))
        return await latest(reading, *args, **more)

    monkeypatch.setattr(pages, "latest", watched)
    found = await identity.audit_page(system, before=None, limit=5, wanted=AuditFilter(action="never.done"))
    assert (found.items, looked) == ([], [False])
    assert (await identity.audit_page(system, before=None, limit=1)).items[0].action == "audit.read"
