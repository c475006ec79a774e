"""An export proves itself: what was changed, removed or put in afterwards is found without the house it came from."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.infra.database.database import Database
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import TenantView
from tests.support.clock import FakeClock

Line = dict[str, Any]


async def write(identity: Identity, database: Database, actor: Actor, count: int) -> None:
    async with database.transaction(actor.tenant_id, actor=actor.ref) as tx:
        for number in range(count):
            await identity.audit(tx, actor, "thing.done", f"thing-{number}", {"n": number, "share": 0.1})


async def exported(identity: Identity, actor: Actor, **wanted: Any) -> list[bytes]:
    parts = [part async for part in await identity.audit_lines(actor, **wanted)]
    return b"".join(parts).splitlines(keepends=True)


def kinds(lines: list[bytes]) -> list[str]:
    return [json.loads(line)["kind"] for line in lines]


async def test_an_export_holds_everything_sealed_and_is_sound(
    identity: Identity, database: Database, system: Actor
) -> None:
    await write(identity, database, system, 130)
    lines = await exported(identity, system)

    # The founding comes first; that this is taken out is the last entry.
    assert kinds(lines) == ["trail", *["entry"] * 100, "seal", *["entry"] * 32, "seal", "end"]
    assert [json.loads(line).get("seq") for line in lines if b'"entry"' in line] == list(range(1, 133))
    assert json.loads(lines[-3])["action"] == "audit.exported"
    check = identity.check_audit_export(lines)
    assert (check.entries, check.sealed, check.seals, check.breaches) == (132, 132, 2, [])


async def test_a_part_is_widened_to_whole_seals_and_says_where_it_ends(
    identity: Identity, database: Database, system: Actor, clock: FakeClock
) -> None:
    await write(identity, database, system, 150)
    morning = clock.now()
    clock.advance(hours=1)
    await write(identity, database, system, 120)

    first = await exported(identity, system, until=morning + timedelta(minutes=1))
    assert json.loads(first[-1]) == {"kind": "end", "entries": 200, "next": None}
    bounded = await exported(identity, system, at_most=150)
    assert json.loads(bounded[-1]) == {"kind": "end", "entries": 200, "next": 200}
    rest = await exported(identity, system, after=200)
    assert json.loads(rest[1])["seq"] == 201
    later = await exported(identity, system, since=morning + timedelta(minutes=30))
    assert json.loads(later[1])["seq"] == 101
    nothing = await exported(identity, system, since=morning + timedelta(days=9))
    assert kinds(nothing) == ["trail", "end"]
    for lines in (first, bounded, rest, later, nothing):
        assert identity.check_audit_export(lines).breaches == []


def change(line: Line) -> Line:
    return {**line, "actor": "user:somebody-else"}


TAMPERING: list[tuple[str, Callable[[list[Line]], list[Line]], str]] = [
    ("an entry changed", lambda lines: [*lines[:5], change(lines[5]), *lines[6:]], "seal-broken"),
    ("an entry removed", lambda lines: lines[:5] + lines[6:], "entry-missing"),
    ("an entry put in", lambda lines: [*lines[:5], lines[4], *lines[5:]], "seal-broken"),
    ("two entries exchanged", lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], "seal-broken"),
    ("a seal removed", lambda lines: [one for one in lines if one.get("number") != 1], "seal-broken"),
    (
        "a seal made anew",
        lambda lines: [{**one, "hash": "0"} if one["kind"] == "seal" else one for one in lines],
        "seal",
    ),
    ("another tenant's", lambda lines: [{**lines[0], "tenant": "x"}, *lines[1:]], "seal-broken"),
    ("the end cut off", lambda lines: lines[:-1], "end-missing"),
    ("a batch cut off", lambda lines: [*lines[:102], lines[-1]], "end-missing"),
    ("nothing left", lambda lines: [], "end-missing"),
]


@pytest.mark.parametrize(("what", "tamper", "kind"), TAMPERING, ids=[one[0] for one in TAMPERING])
async def test_tampering_shows(
    identity: Identity,
    database: Database,
    system: Actor,
    what: str,
    tamper: Callable[[list[Line]], list[Line]],
    kind: str,
) -> None:
    await write(identity, database, system, 120)
    lines = [json.loads(line) for line in await exported(identity, system)]
    found = identity.check_audit_export(json.dumps(line).encode() + b"\n" for line in tamper(lines))

    assert any(kind in breach.kind for breach in found.breaches), what


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_junk_is_no_export(lines: list[bytes]) -> None:
    assert Identity.check_audit_export(lines).breaches != []


async def test_names_are_told_beside_the_entries_and_never_in_them(
    identity: Identity, tenant: TenantView, system: Actor, other_tenant: TenantView
) -> None:
    root = (await identity.org_units(tenant.id))[0]
    unit = await identity.add_org_unit(system, root.id, "一中心")
    await identity.close_org_unit(system, unit.id, None, version=1)
    page = await identity.audit_page(system, before=None, limit=50)
    names = await identity.audit_names(tenant.id, page.items)

    assert names[str(unit.id)] == "一中心"
    assert "一中心" not in str(page.items)
    assert await identity.audit_names(other_tenant.id, page.items) == {}
