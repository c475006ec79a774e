"""Calls are led by the rules of the number that they come by."""

import pytest

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId, system_actor
from careline.modules.contact.telephony.services.entries import Entries
from careline.modules.contact.telephony.services.numbers import Leading, Numbers
from careline.modules.contact.telephony.views import EntryRule, When
from careline.modules.core.hours.views import Calendar, CalendarView, Span
from tests.support.hotline import NUMBER, Hotline

ALWAYS = Calendar(time_zone="Asia/Shanghai", weekly=((Span(start=0, end=1440),),) * 7)
NEVER = Calendar(time_zone="Asia/Shanghai", weekly=((),) * 7)


async def led(hotline: Hotline, *rules: EntryRule) -> None:
    tenant = hotline.centre.tenant_id
    [number] = [one for one in await hotline.numbers.all(tenant) if one.number == NUMBER]
    wanted = Leading(name="热线", entry_flow="hotline", rules=rules)
    await hotline.numbers.change(system_actor(tenant), number.id, wanted, number.version)


async def flow_of(hotline: Hotline, caller: str | None) -> str:
    await hotline.voice.call(NUMBER, caller_number=caller)
    return hotline.opening.calls[-1].entry_flow


async def test_a_caller_is_led_by_hours_by_where_they_call_from_and_by_who_they_are(hotline: Hotline) -> None:
    day = CalendarView(id=new_id(), name="日间", calendar=ALWAYS, version=1)
    hotline.centre.hours.known.append(day)
    hotline.customers.levels["13812346021"] = "gold"
    await led(
        hotline,
        EntryRule(flow="night", calendar_id=day.id, when=When.CLOSED),
        EntryRule(flow="important", levels=("gold",)),
        EntryRule(flow="night", prefixes=("010",)),
    )
    assert await flow_of(hotline, "+8613812346021") == "important"
    assert await flow_of(hotline, "861012345678") == "hotline"
    assert await flow_of(hotline, "+861012345678") == "night"
    assert await flow_of(hotline, None) == "hotline"
    hotline.centre.hours.known[:] = [CalendarView(id=day.id, name="日间", calendar=NEVER, version=2)]
    assert await flow_of(hotline, "13812346021") == "night"


async def test_a_rule_that_cannot_be_asked_costs_nobody_their_call(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("no customers now")

    await led(hotline, EntryRule(flow="important", levels=("gold",)))
    monkeypatch.setattr(hotline.customers, "by_msisdn", breaks)
    assert await flow_of(hotline, "13812346021") == "hotline"


async def test_a_number_is_known_however_the_trunk_writes_it(hotline: Hotline) -> None:
    tenant = hotline.centre.tenant_id
    await hotline.numbers.make(system_actor(tenant), "+86 (10) 1234-5678", Leading(name="北京", entry_flow="hotline"))
    for written in ("01012345678", "+861012345678", "00861012345678"):
        await hotline.voice.call(written, caller_number=None)
        assert hotline.opening.calls[-1].called_number == "01012345678", written


async def test_a_number_that_another_process_made_is_found_and_scans_ask_the_database_seldom(
    hotline: Hotline, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = []
    load = hotline.entries.load

    async def counted() -> None:
        loads.append(hotline.centre.clock.now())
        await load()

    monkeypatch.setattr(hotline.entries, "load", counted)
    for number in range(20):
        await hotline.voice.call(f"99{number:04}", caller_number=None)
    assert len(loads) == 1
    database, actor = Database(sqlite_url, hotline.centre.clock), system_actor(hotline.centre.tenant_id)
    hours, customers = hotline.centre.hours, hotline.customers
    entries = Entries(database, hours, customers)  # type: ignore[arg-type]
    other = Numbers(database, hotline.audit, hours, customers, hotline.flows, entries)  # type: ignore[arg-type]
    await other.make(actor, "12580", Leading(name="12580", entry_flow="hotline"))
    await database.close()
    hotline.centre.clock.advance(3)
    await hotline.voice.call("12580", caller_number=None)
    assert hotline.opening.calls[-1].called_number == "12580"


async def test_two_centres_do_not_have_one_number_and_neither_learns_of_the_other(hotline: Hotline) -> None:
    stranger = system_actor(TenantId(new_id()))
    with pytest.raises(Conflict) as refused:
        await hotline.numbers.make(stranger, NUMBER, Leading(name="x", entry_flow="hotline"))
    assert (refused.value.code, refused.value.field, refused.value.params) == ("number-not-available", "number", {})
    assert await hotline.numbers.all(stranger.tenant_id) == []
    assert await flow_of(hotline, None) == "hotline"
    assert hotline.opening.calls[-1].tenant_id == hotline.centre.tenant_id
