"""What should have gone and did not is seen, and tried again for as long as it takes."""

import pytest
from sqlalchemy import delete, select

from careline.bootstrap import PartState
from careline.infra.jobs.models import JobRow
from careline.kernel.errors import Param, PermanentFailure
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.care.cases.models import CaseRow
from careline.modules.directory.privacy.rules import STUCK_AFTER
from careline.modules.directory.privacy.services.exporting import Exporting
from careline.modules.directory.privacy.views import RequestKind, RequestState, RulesView, Stuck
from tests.modules.directory.privacy.conftest import Centre
from tests.modules.directory.privacy.test_erasing import erased


async def lose_jobs(centre: Centre) -> None:
    async with centre.careline.database.system_transaction() as tx:
        await tx.execute(delete(JobRow).where(JobRow.kind == "privacy.erases"))


async def texts(centre: Centre) -> list[str]:
    async with centre.careline.database.reading(centre.tenant.id) as reading:
        return list((await reading.execute(select(CaseRow.text))).scalars())


async def test_what_was_kept_until_its_day_goes_although_its_job_is_lost(centre: Centre) -> None:
    privacy = centre.careline.privacy.facade
    await privacy.set_rules(centre.decides, RulesView(recording_days=0))
    wang = await centre.seed("王小敏", "13812346021", complaint=True)
    request = (await erased(centre, wang)).request
    centre.clock.advance(minutes=2)
    await centre.work()  # who wrote at the same moment is caught
    assert (await privacy.stuck()).total == 0
    await lose_jobs(centre)
    (sealed,) = await texts(centre)
    assert sealed != ""

    centre.clock.advance(days=730)
    assert (await privacy.stuck()).total == 0, "it has some hours"
    centre.clock.advance(STUCK_AFTER.total_seconds())
    assert await privacy.stuck() == Stuck(kept=1)
    state = await centre.careline._privacy_state()
    told: dict[str, Param] = {"copies": 0, "erasures": 0, "kept": 1}
    assert state == PartState(ready=True, reason="data-requests-stuck", params=told)
    (shown,) = (await privacy.page(centre.asks, stuck=True)).items
    assert (shown.request.id, shown.stuck) == (request.id, True)
    assert (await privacy.one(centre.asks, request.id)).stuck

    await centre.work()
    assert await texts(centre) == [""]
    assert (await privacy.stuck()).total == 0
    assert (await privacy.page(centre.asks, stuck=True)).items == []
    assert (await centre.careline._privacy_state()).reason == "ready"


async def test_an_erasure_and_a_copy_that_were_given_up_begin_anew(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    privacy = centre.careline.privacy.facade
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")

    async def broken(*_: object, **__: object) -> None:
        raise PermanentFailure("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Exporting, "make", broken)
        patch.setattr(privacy._erasing._listing, "add", broken)
        copy = (await privacy.ask(centre.asks, RequestKind.EXPORT, other.customer.id, "real_name")).request
        erasure = (await erased(centre, wang)).request
        assert {job.kind for job in await centre.careline.jobs.dead()} == {"privacy.exports", "privacy.erases"}
        centre.clock.advance(STUCK_AFTER.total_seconds())
        assert await privacy.stuck() == Stuck(copies=1, erasures=1)
        await centre.work()
        assert await privacy.stuck() == Stuck(copies=1, erasures=1), "it fails again, and is still seen"
    centre.clock.advance(hours=1)
    await centre.work()
    assert (await privacy.one(centre.asks, copy.id)).request.state is RequestState.READY
    assert (await privacy.one(centre.asks, erasure.id)).request.state is RequestState.DONE
    assert (await privacy.stuck()).total == 0


async def test_another_tenant_has_nothing_to_do_with_it(centre: Centre) -> None:
    privacy = centre.careline.privacy.facade
    wang = await centre.seed("王小敏", "13812346021", complaint=True)
    await erased(centre, wang)
    await lose_jobs(centre)
    centre.clock.advance(days=731)
    other = TenantId(new_id())
    assert await privacy.go_on(other) == 0
    assert await privacy.go_on(centre.tenant.id) == 1
    await centre.work()
    assert await texts(centre) == [""]
