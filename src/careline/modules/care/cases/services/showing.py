"""Cases as screens see them: with the names of who holds them and whom they are for."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.paging import Page, checked_limit, checked_position
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.care.cases import repository
from careline.modules.care.cases.errors import CaseUnknown
from careline.modules.care.cases.rules import ERASED_TITLE, QUERY_MAX, AssigneeFilter, is_sealed
from careline.modules.care.cases.services.below import Below
from careline.modules.care.cases.states import CaseState, may_become
from careline.modules.care.cases.views import (
    AssigneeRef,
    CaseType,
    CaseView,
    CaseWithHistory,
    CustomerRef,
    HistoryKind,
    HistoryView,
    PersonRef,
)


class CaseReader:
    """Reads cases. Names are asked for once a page, never once a row."""

    def __init__(self, database: Database, below: Below) -> None:
        self._database = database
        self._below = below

    async def check(self, actor: Actor, case_id: UUID, permission: str) -> None:
        """Pass who may do this with a case: it is whose holds it and whose opened it.

        Raises ``case-not-found``, ``outside-your-scope``.
        """
        async with self._database.reading(actor.tenant_id) as reading:
            people = await repository.people_of(reading, case_id)
        if people is None:
            raise CaseUnknown(case_id)
        await self._below.identity.reaches.check(actor, permission, *people)

    async def case(self, tenant_id: TenantId, case_id: UUID) -> CaseWithHistory:
        """One case with its history, for whom ``check`` lets pass. Raises ``case-not-found``."""
        async with self._database.reading(tenant_id) as reading:
            row = await repository.case(reading, case_id)
            entries = await repository.history(reading, case_id)
        if row is None:
            raise CaseUnknown(case_id)
        names = await self._names(tenant_id, [*_people_of([row]), *_people_in(entries)])
        view = (await self._views(tenant_id, [row], names))[0]
        return CaseWithHistory(case=view, history=[_entry(entry, names) for entry in entries])

    async def cases(
        self,
        actor: Actor,
        *,
        states: Collection[CaseState] = (),
        types: Collection[CaseType] = (),
        assignee: str | None = None,
        query: str | None = None,
        customer_id: UUID | None = None,
        interaction_id: UUID | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[CaseView]:
        """A page of the cases within reach, the newest first. ``assignee`` is ``me``, ``none`` or an id."""
        wanted = checked_text(query, field="q", max_length=QUERY_MAX) if query and query.strip() else ""
        checked_limit(limit)
        people = await self._below.identity.reaches.people(actor, "case:read")
        async with self._database.reading(actor.tenant_id) as reading:
            rows = await repository.cases(
                reading,
                states=states,
                types=types,
                assignee=AssigneeFilter.read(assignee, actor.id),
                query=wanted,
                customer_id=customer_id,
                interaction_id=interaction_id,
                people=people,
                after=checked_position(after),
                limit=limit + 1,
            )
        shown = rows[:limit]
        names = await self._names(actor.tenant_id, _people_of(shown))
        following = str(shown[-1].id) if len(rows) > limit else None
        return Page(items=await self._views(actor.tenant_id, shown, names), next=following)

    async def of_customer(self, actor: Actor, customer_id: UUID, *, after: str | None, limit: int) -> Page[CaseView]:
        """The cases of one customer. Raises ``customer-not-found``."""
        customer_id = (await self._below.customers.customer(actor.tenant_id, customer_id)).id
        return await self.cases(actor, customer_id=customer_id, after=after, limit=limit)

    async def of_interaction(
        self, actor: Actor, interaction_id: UUID, *, after: str | None, limit: int
    ) -> Page[CaseView]:
        """The cases made out of one contact. Raises ``interaction-not-found``."""
        await self._below.conversations.interaction(actor.tenant_id, interaction_id)
        return await self.cases(actor, interaction_id=interaction_id, after=after, limit=limit)

    async def assignees(self, actor: Actor) -> list[AssigneeRef]:
        """Who may hold a case: the active agents within reach, by number."""
        within = await self._below.identity.reaches.people(actor, "case:read")
        agents = await self._below.people.agents(actor.tenant_id)
        return [
            AssigneeRef(id=agent.id, name=agent.display_name, number=agent.number)
            for agent in agents
            if agent.active and (within is None or agent.id in within)
        ]

    async def _names(self, tenant_id: TenantId, ids: Iterable[UUID | None]) -> dict[UUID, str]:
        return await self._below.identity.names(tenant_id, {one for one in ids if one is not None})

    async def _views(self, tenant_id: TenantId, rows: Sequence[Any], names: dict[UUID, str]) -> list[CaseView]:
        wanted = {row.customer_id for row in rows if row.customer_id is not None}
        customers = await self._below.customers.views(tenant_id, wanted) if wanted else {}
        return [
            CaseView(
                id=row.id,
                number=row.number,
                type=CaseType(row.type),
                title=row.title,
                text="" if row.title == ERASED_TITLE else row.text,
                state=CaseState(row.state),
                may_become=may_become(CaseState(row.state)),
                assignee=_person(row.assignee_id, names),
                customer=CustomerRef(id=row.customer_id, name_masked=customers[row.customer_id].name_masked)
                if row.customer_id in customers
                else None,
                interaction_id=row.interaction_id,
                created_at=row.created_at,
                created_by=_person(row.created_by, names),
                changed_at=row.changed_at,
                version=row.version,
            )
            for row in rows
        ]


def _people_of(rows: Sequence[Any]) -> list[UUID | None]:
    return [one for row in rows for one in (row.assignee_id, row.created_by)]


def _people_in(entries: Sequence[Any]) -> list[UUID | None]:
    held = [
        UUID(one)
        for entry in entries
        if entry.kind == HistoryKind.ASSIGNED.value
        for one in (entry.before, entry.after)
        if one is not None
    ]
    return [*held, *(entry.actor_id for entry in entries)]


def _person(person_id: UUID | None, names: dict[UUID, str]) -> PersonRef | None:
    """Somebody who is not known any more keeps the place, without a name."""
    return None if person_id is None else PersonRef(id=person_id, name=names.get(person_id, ""))


def _entry(entry: Any, names: dict[UUID, str]) -> HistoryView:
    kind = HistoryKind(entry.kind)
    before, after = entry.before, entry.after
    if kind is HistoryKind.ASSIGNED:
        before = None if before is None else names.get(UUID(before), "")
        after = None if after is None else names.get(UUID(after), "")
    return HistoryView(
        id=entry.id,
        at=entry.at,
        actor_name=None if entry.actor_id is None else names.get(entry.actor_id),
        kind=kind,
        before=before,
        after=after,
        text=None if entry.text is None or is_sealed(entry.text) else entry.text,
    )
