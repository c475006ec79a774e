"""Numbers under concurrency: unique, without gaps, also when some are undone."""

import asyncio
from datetime import date

import pytest

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.care.cases import repository
from careline.modules.care.cases.rules import case_number
from careline.modules.care.cases.views import CaseType, NewCase
from tests.modules.care.cases.conftest import Care

DAY = date(2026, 3, 2)


class Undone(Exception):
    """The use case failed after it had counted."""


async def _count(database: Database, tenant_id: TenantId, *, fails: bool) -> int | None:
    try:
        async with database.transaction(tenant_id) as tx:
            count = await repository.next_count(tx, DAY)
            if fails:
                raise Undone
    except Undone:
        return None
    return count


async def test_counts_have_no_gaps_although_every_third_is_undone(database: Database) -> None:
    tenant, other = TenantId(new_id()), TenantId(new_id())
    work = [_count(database, tenant, fails=n % 3 == 1) for n in range(60)]
    work += [_count(database, other, fails=n % 2 == 0) for n in range(20)]
    counted = await asyncio.gather(*work)
    assert sorted(count for count in counted[:60] if count is not None) == list(range(1, 41))
    assert sorted(count for count in counted[60:] if count is not None) == list(range(1, 11))


async def test_many_cases_at_once_have_numbers_in_a_row(care: Care) -> None:
    async def one(n: int) -> str:
        new = NewCase(type=CaseType.REQUEST, title=f"第 {n} 件", text="同时来的")
        opened = await care.cases.open(care.me, new)
        return (await care.cases.case(care.me, opened.case_id)).case.number

    numbers = await asyncio.gather(*(one(n) for n in range(40)))
    assert sorted(numbers) == [case_number(DAY, count) for count in range(1, 41)]


@pytest.mark.parametrize(
    ("count", "number"), [(1, "GD20260302-0001"), (9999, "GD20260302-9999"), (10000, "GD20260302-10000")]
)
def test_numbers_as_they_are_written(count: int, number: str) -> None:
    assert case_number(DAY, count) == number


async def test_of_two_who_decide_at_once_one_wins(care: Care) -> None:
    case_id = (await care.open())["id"]
    answers = await asyncio.gather(
        *(
            care.doors.post(care.me, f"/cases/{case_id}/state", {"state": state, "version": 1})
            for state in ("in_progress", "resolved") * 5
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    shown = await care.seen(case_id)
    assert shown["version"] == 2
    assert isinstance(shown["history"], list)
    assert len(shown["history"]) == 2
