"""What somebody writes while another is being erased is found, and goes, too."""

import pytest
from sqlalchemy import insert, select, update

from careline.kernel.ids import new_id
from careline.modules.care.cases.models import CaseHistoryRow, CaseRow
from careline.modules.contact.conversations.models import InteractionRow, MessageRow
from tests.modules.directory.privacy.conftest import Centre
from tests.modules.directory.privacy.test_erasing import erased


async def test_who_wrote_at_the_same_moment_is_caught_a_minute_later(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    await erased(centre, wang)
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        late = {"customer_id": wang.customer.id, "note": "晚到的话", "number": "13812346021"}
        await tx.execute(update(InteractionRow).where(InteractionRow.id == wang.contacts[0]).values(late))
    centre.clock.advance(minutes=2)
    await centre.work()
    after = await centre.everything()
    assert "晚到的话" not in after
    assert "13812346021" not in after


@pytest.mark.parametrize("complaint", [False, True])
async def test_what_was_written_of_a_case_at_the_same_moment_is_caught_too(centre: Centre, complaint: bool) -> None:
    wang = await centre.seed("王小敏", "13812346021", complaint=complaint)
    await erased(centre, wang)
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        case = (await tx.execute(select(CaseRow.id))).scalar_one()
        late = {"id": new_id(), "case_id": case, "kind": "commented", "text": "晚到的话", "at": tx.now}
        await tx.execute(insert(CaseHistoryRow).values(tenant_id=tx.tenant_id, **late))
    assert "晚到的话" in await centre.everything()
    centre.clock.advance(minutes=2)
    await centre.work()
    assert "晚到的话" not in await centre.everything()


async def test_a_contact_that_began_during_the_erasure_is_waited_for(centre: Centre) -> None:
    """The customer was still known when it began: what is said in it goes when it is over."""
    wang = await centre.seed("王小敏", "13812346021")
    await erased(centre, wang)
    live, words = new_id(), {"author": "customer", "kind": "text", "text": "还在说的话"}
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        here = {"conversation_id": wang.conversation, "tenant_id": tx.tenant_id}
        began = {"channel": "webchat", "state": "talking", "assurance": "claimed", "opened_at": tx.now}
        await tx.execute(insert(InteractionRow).values(id=live, customer_id=wang.customer.id, **began, **here))
    centre.clock.advance(minutes=2)
    await centre.work()
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        await tx.execute(insert(MessageRow).values(id=new_id(), seq=3, interaction_id=live, at=tx.now, **words, **here))
        await tx.execute(update(InteractionRow).where(InteractionRow.id == live).values(state="closed"))
    centre.clock.advance(minutes=11)
    await centre.work()
    assert "还在说的话" not in await centre.everything()
