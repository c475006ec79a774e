"""The demo's left messages: unread, each of a customer, with a way back that is masked."""

from uuid import uuid4

import msgspec
import pytest

from careline.entrypoints.demo.letters import LETTERS
from careline.kernel.errors import Invalid
from careline.kernel.tenancy import system_actor
from careline.modules.care.cases.views import CaseState, CaseType
from careline.modules.care.letterbox.views import Because, LeftElsewhere
from tests.support.house import House

pytestmark = pytest.mark.slow


async def test_what_was_left_waits_for_whoever_takes_it(house: House) -> None:
    agent = await house.sign_in("8021")
    page = (await agent.http.get("/api/v1/cases", params={"type": "message"})).json()["items"]
    assert {one["title"][:20] for one in page} == {one.text[:20] for one in LETTERS}
    for one in page:
        assert (one["state"], one["assignee"]) == (CaseState.OPEN, None)
        assert one["customer"]["name_masked"].startswith("示例")
        letter = (await agent.http.get(f"/api/v1/cases/{one['id']}/left-message")).json()
        assert (letter["queue"], letter["consent"] != "") == ("集团客户", True)
        assert (letter["because"] == Because.CLOSED) is (letter["opens_at"] is not None)
        assert all(wanted.reach not in str(letter) for wanted in LETTERS)
        revealed = await agent.ask("POST", f"/api/v1/cases/{one['id']}/left-message/reveal")
        assert next(iter(revealed.json().values())) in {wanted.reach for wanted in LETTERS}


async def test_it_is_offered_to_nobody_who_tries_the_demo(house: House) -> None:
    agent = await house.sign_in("8021")
    ready = {"chosen": "ready", "reason": None}
    assert (await agent.ask("PUT", "/api/v1/agent-state", json=ready)).is_success
    inbox = (await agent.http.get("/api/v1/inbox")).json()
    assert (inbox["mine"], inbox["offers"]) == ([], [])


async def test_a_message_from_elsewhere_is_taken_once_and_not_without_a_way_back(house: House) -> None:
    letterbox, tenant = house.careline.letterbox.facade, house.tenant.id
    left = LeftElsewhere(
        contact_id=uuid4(),
        customer_id=None,
        text="请回电",
        reach="13812346021",
        consent="同意",
        language="zh-CN",
        queue="tariff",
        because=Because.BUSY,
        opens_at=None,
    )
    for wrong in (msgspec.structs.replace(left, reach="nowhere"), msgspec.structs.replace(left, text=" ")):
        with pytest.raises(Invalid):
            await letterbox.bring(tenant, wrong)
    assert [await letterbox.bring(tenant, left) for _ in range(2)] == [True, False]
    page = await house.careline.cases.facade.cases(system_actor(tenant))
    assert [one.type for one in page.items].count(CaseType.MESSAGE) == len(LETTERS) + 1
