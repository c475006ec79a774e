"""The demo's cases: in every state, and the sealed one of somebody whom the centre knows no more."""

import pytest

from careline.entrypoints.demo import cases, letters
from careline.kernel.tenancy import system_actor
from careline.modules.care.cases.views import CaseState
from tests.support.house import House

pytestmark = pytest.mark.slow


async def test_there_is_a_case_in_every_state(house: House) -> None:
    page = await house.careline.cases.facade.cases(system_actor(house.tenant.id))
    assert {one.state for one in page.items} == set(CaseState)
    assert len(page.items) == len(cases.CASES) + 1 + len(letters.LETTERS)


async def test_the_privacy_officer_finds_one_sealed_complaint_and_its_customer_is_gone(house: House) -> None:
    officer = await house.sign_in("privacy")
    answer = await officer.ask("GET", "/api/v1/sealed-cases")
    (sealed,) = answer.json()["items"]
    page = await house.careline.cases.facade.cases(system_actor(house.tenant.id))
    of_it = next(one for one in page.items if one.number == sealed["number"])
    assert (of_it.type, of_it.title == cases.SEALED.title) == (cases.SEALED.type, False)
    assert await house.careline.customers.facade.line(house.tenant.id, cases.SEALED.number) is None


async def test_nothing_of_it_waits_for_an_agent(house: House) -> None:
    first = await house.sign_in("8021")
    inbox = (await first.ask("GET", "/api/v1/inbox")).json()
    assert (inbox["mine"], inbox["offers"]) == ([], [])
