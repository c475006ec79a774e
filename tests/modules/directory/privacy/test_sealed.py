"""A complaint whose customer was erased: opened by one officer with a reason, audited, until its day."""

import asyncio
import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from careline.infra.sealing import Sealing
from careline.kernel.errors import Invalid, NotFound, Unavailable
from careline.kernel.tenancy import system_actor
from careline.modules.care.cases.models import CaseRow
from careline.modules.care.cases.services.sealed import SealedCases
from careline.modules.care.cases.views import SealedReason
from careline.modules.directory.identity.models import AuditEntryRow
from careline.modules.directory.identity.views import NewTenant
from tests.modules.directory.privacy.conftest import Centre
from tests.modules.directory.privacy.test_erasing import erased


def cases(centre: Centre, sealing: Sealing | None = None) -> SealedCases:
    house = centre.careline
    return SealedCases(house.database, sealing or house.sealing, house.identity.facade, house.privacy.facade)


async def kept(centre: Centre) -> UUID:
    """The complaint of somebody who was erased; a fault of another, who was erased too, is gone."""
    wang = await centre.seed("王小敏", "13812346021", complaint=True)
    other = await centre.seed("李雷", "13900000002")
    for one in (wang, other):
        await erased(centre, one)
    page = await cases(centre).page(centre.asks, after=None, limit=10)
    (sealed,) = page.items
    assert (page.next, (sealed.until - sealed.changed_at).days) == (None, 730)
    return sealed.id


async def told(centre: Centre) -> list[dict[str, object]]:
    async with centre.careline.database.reading(centre.tenant.id) as reading:
        statement = select(AuditEntryRow.params).where(
            AuditEntryRow.tenant_id == centre.tenant.id, AuditEntryRow.action == "case.sealed-opened"
        )
        return [json.loads(one) for one in (await reading.execute(statement)).scalars()]


async def test_it_is_opened_with_a_reason_and_leaves_a_trace(centre: Centre, tmp_path: Path) -> None:
    case_id = await kept(centre)
    sealed = cases(centre)
    for wrong in ("", "  ", "王小敏", "x" * 41, "1 2", "' OR 1=1 --"):
        with pytest.raises(Invalid):
            await sealed.open(centre.asks, case_id, SealedReason.COURT, wrong)
    other_key = cases(centre, Sealing(tmp_path / "other.key"))
    with pytest.raises(Unavailable, match="sealed-case-unreadable"):
        await other_key.open(centre.asks, case_id, SealedReason.COURT, "2026-1")
    assert await told(centre) == [], "whoever saw nothing left no trace of having seen it"

    said = await sealed.open(centre.asks, case_id, SealedReason.AUTHORITY, " 2026-0123 ")
    assert (said.title, said.text) == ("王小敏说的话", "王小敏收到")
    assert [entry.text for entry in said.history] == ["王小敏内部"]
    (trace,) = await told(centre)
    assert (trace["why"], trace["reference"], trace["number"]) == ("authority", "2026-0123", said.case.number)
    assert "王小敏" not in str(trace)


async def test_it_is_opened_until_its_day_and_by_nobody_else(centre: Centre) -> None:
    case_id = await kept(centre)
    sealed = cases(centre)
    foreign = system_actor((await centre.careline.identity.facade.found_tenant(NewTenant(code="b", name="乙"))).id)
    assert (await sealed.page(foreign, after=None, limit=10)).items == []
    for actor, one in ((foreign, case_id), (centre.asks, uuid4())):
        with pytest.raises(NotFound, match="sealed-case-not-found"):
            await sealed.open(actor, one, SealedReason.DISPUTE, "1")
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        open_case = update(CaseRow).where(CaseRow.tenant_id == tx.tenant_id, CaseRow.id != case_id)
        await tx.execute(open_case.values(title="又开了", text="没有封"))
        found = select(CaseRow.id).where(CaseRow.tenant_id == tx.tenant_id, CaseRow.id != case_id)
        other = (await tx.execute(found)).scalar_one()
    with pytest.raises(NotFound, match="sealed-case-not-found"):
        await sealed.open(centre.asks, other, SealedReason.DISPUTE, "1")
    centre.clock.advance(days=730)
    assert (await sealed.page(centre.asks, after=None, limit=10)).items == []
    with pytest.raises(NotFound, match="sealed-case-not-found"):
        await sealed.open(centre.asks, case_id, SealedReason.DISPUTE, "1")


async def test_the_list_has_pages(centre: Centre) -> None:
    for n in range(3):
        await erased(centre, await centre.seed(f"客户{n}", f"1390000000{n}", complaint=True))
    sealed = cases(centre)
    first = await sealed.page(centre.asks, after=None, limit=2)
    rest = await sealed.page(centre.asks, after=first.next, limit=2)
    ids = [one.id for one in first.items + rest.items]
    assert (len(ids), ids, rest.next) == (3, sorted(set(ids), reverse=True), None)
    opened = await asyncio.gather(*(sealed.open(centre.asks, one, SealedReason.COURT, "1") for one in ids[:2]))
    assert len(await told(centre)) == len(opened)
