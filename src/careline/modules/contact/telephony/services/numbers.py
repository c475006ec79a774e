"""Numbers are made, led elsewhere and given up by administrators."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.engine.entries import EntryRule, checked_rules
from careline.modules.contact.telephony.events import NumberChanged
from careline.modules.contact.telephony.ports import EntryFlows
from careline.modules.contact.telephony.services.entries import Entries
from careline.modules.contact.telephony.views import FlowChoice, NumberView
from careline.modules.core.hours.facade import Hours
from careline.modules.core.hours.views import CalendarView
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity

MOST_NUMBERS = 1000


class Leading(msgspec.Struct, frozen=True, kw_only=True):
    """What is set of a number: what it is called, and where it leads."""

    name: str
    entry_flow: str
    rules: tuple[EntryRule, ...] = ()


class Numbers:
    """What an administrator does with numbers."""

    def __init__(
        self,
        database: Database,
        identity: Identity,
        hours: Hours,
        customers: Customers,
        flows: EntryFlows,
        entries: Entries,
    ) -> None:
        self._database = database
        self._identity = identity
        self._hours = hours
        self._customers = customers
        self._flows = flows
        self._entries = entries

    async def all(self, tenant_id: TenantId) -> list[NumberView]:
        """The tenant's numbers, in order."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.numbers(reading)

    async def one(self, tenant_id: TenantId, number_id: UUID) -> NumberView:
        """One number. Raises ``NotFound`` ("number-not-found")."""
        async with self._database.glance(tenant_id) as reading:
            found = await repository.number(reading, number_id)
        if found is None:
            raise NotFound("number-not-found", id=str(number_id))
        return found

    async def choices(self, tenant_id: TenantId) -> tuple[list[FlowChoice], list[CalendarView]]:
        """The flows that are in force and the calendars, for whoever chooses among them."""
        return await self._flows(tenant_id), await self._hours.calendars(tenant_id)

    async def names(self, tenant_id: TenantId, views: Sequence[NumberView]) -> dict[UUID, str]:
        """Who changed some numbers last, by id."""
        return await self._identity.names(tenant_id, {view.changed_by for view in views if view.changed_by})

    async def check_free(self, number: str) -> str:
        """A number that leads nowhere yet, as it will be kept. Raises ``Invalid``, or ``Conflict``, as ``make``."""
        normal = self._customers.normal_number(number)
        if normal is None:
            raise Invalid("number-unreadable", field="number")
        async with self._database.system_reading() as reading:
            if any(view.number == normal for view in await repository.all_numbers(reading)):
                raise Conflict("number-not-available", field="number")
        return normal

    async def make(self, actor: Actor, number: str, wanted: Leading) -> NumberView:
        """Let a number lead somewhere. Raises ``Invalid`` naming the field, or ``Conflict`` when it is taken."""
        normal = self._customers.normal_number(number)
        if normal is None:
            raise Invalid("number-unreadable", field="number")
        leading = await self._checked(actor.tenant_id, wanted)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            mine = await repository.numbers(tx)
            if any(view.number == normal for view in mine):
                raise Conflict("number-known", field="number")
            if len(mine) >= MOST_NUMBERS:
                raise Conflict("numbers-too-many", field="number", max=MOST_NUMBERS)
            return await self._insert(tx, actor, normal, leading)

    async def provide(self, tx: Transaction, actor: Actor, number: str, wanted: Leading) -> NumberView:
        """As ``make`` without looking at flows and hours, within the transaction that founds a centre."""
        return await self._insert(tx, actor, number, wanted)

    async def change(self, actor: Actor, number_id: UUID, wanted: Leading, version: int) -> NumberView:
        """Lead a number elsewhere; calls that run go on. Raises ``Conflict`` for an older ``version``."""
        known = await self.one(actor.tenant_id, number_id)
        leading = await self._checked(actor.tenant_id, wanted)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            view = msgspec.structs.replace(
                known,
                name=leading.name,
                entry_flow=leading.entry_flow,
                rules=leading.rules,
                version=version + 1,
                changed_at=tx.now,
                changed_by=actor.id,
            )
            await repository.change_number(tx, view)
            tx.emit(NumberChanged(number_id=view.id), subject=view.id)
            await self._identity.audit(tx, actor, "number.changed", view.id, _told(view))
            tx.on_commit(lambda: self._entries.learn(view))
        return view

    async def remove(self, actor: Actor, number_id: UUID, version: int) -> None:
        """Give a number up; calls to it are refused from now on, and those that run go on."""
        known = await self.one(actor.tenant_id, number_id)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await repository.remove_number(tx, number_id, version)
            tx.emit(NumberChanged(number_id=number_id), subject=number_id)
            await self._identity.audit(tx, actor, "number.removed", number_id, {"number": known.number})
            tx.on_commit(lambda: self._entries.forget(known.number))

    async def _insert(self, tx: Transaction, actor: Actor, number: str, leading: Leading) -> NumberView:
        view = NumberView(
            id=new_id(),
            tenant_id=actor.tenant_id,
            number=number,
            name=leading.name,
            entry_flow=leading.entry_flow,
            rules=leading.rules,
            version=1,
            changed_at=tx.now,
            changed_by=actor.id,
        )
        await repository.insert_number(tx, view)
        tx.emit(NumberChanged(number_id=view.id), subject=view.id)
        await self._identity.audit(tx, actor, "number.created", view.id, _told(view))
        tx.on_commit(lambda: self._entries.learn(view))
        return view

    async def _checked(self, tenant_id: TenantId, wanted: Leading) -> Leading:
        """What can be followed now: flows in force, calendars that are there."""
        name = checked_text(wanted.name, field="name", max_length=60)
        rules = checked_rules(wanted.rules)
        flows, calendars = await self.choices(tenant_id)
        codes, known = {flow.code for flow in flows}, {calendar.id for calendar in calendars}
        if wanted.entry_flow not in codes:
            raise Invalid("entry-flow-not-published", field="entry_flow", code=wanted.entry_flow)
        for index, rule in enumerate(rules):
            if rule.flow not in codes:
                raise Invalid("entry-flow-not-published", field=f"rules/{index}/flow", code=rule.flow)
            if rule.calendar_id is not None and rule.calendar_id not in known:
                raise NotFound("calendar-not-found", field=f"rules/{index}/calendar_id", id=str(rule.calendar_id))
        return Leading(name=name, entry_flow=wanted.entry_flow, rules=rules)


def _told(view: NumberView) -> dict[str, str | int | float | bool | None]:
    return {"number": view.number, "flow": view.entry_flow, "rules": len(view.rules), "version": view.version}
