"""The use cases of cases: open, assign, move on, comment."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, system_actor
from careline.kernel.text import checked_text
from careline.modules.care.cases import repository
from careline.modules.care.cases.errors import CaseChanged, CaseUnknown, ClientIdTaken, NotAssignable, StateForbids
from careline.modules.care.cases.events import CaseAssigned, CaseCommented, CaseOpened, CaseStateChanged
from careline.modules.care.cases.rules import TEXT_MAX, TITLE_MAX, case_number, kept_of, plain_lines
from careline.modules.care.cases.services.below import Below
from careline.modules.care.cases.states import CaseState, may_become
from careline.modules.care.cases.views import CaseRef, HistoryKind, NewCase, Opened

_RACES = 5
"""How often a case may be changed by others while it is carried on."""


class CaseService:
    """Changes cases. Who may, is checked at the door; that nobody decides on a stale picture, is checked here."""

    def __init__(self, database: Database, below: Below) -> None:
        self._database = database
        self._below = below

    async def open(self, actor: Actor, new: NewCase) -> Opened:
        """Store a case under the next number of the tenant's day. Raises ``Invalid`` naming the field, and
        ``client-id-taken``.
        """
        title = checked_text(new.title, field="title", max_length=TITLE_MAX)
        customer_id = await self._customer(actor, new.customer_id)
        new = msgspec.structs.replace(new, title=title, text=_checked(new.text), customer_id=customer_id)
        await self._check_interaction(actor, new.interaction_id)
        zone = ZoneInfo((await self._below.identity.tenant(actor.tenant_id)).time_zone)
        case_id = new_id()
        try:
            async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
                await self._store(tx, actor, case_id, new, tx.now.astimezone(zone).date())
        except _OpenedBefore as before:
            return Opened(case_id=await self._known(actor, before.client_id, new), again=True)
        return Opened(case_id=case_id, again=False)

    async def open_within(self, tx: Transaction, new: NewCase, zone: ZoneInfo) -> CaseRef:
        """Store a case in the caller's transaction, by the system itself. Raises ``Invalid`` naming the field."""
        title = checked_text(new.title, field="title", max_length=TITLE_MAX)
        new = msgspec.structs.replace(new, title=title, text=_checked(new.text), client_id=None)
        case_id, actor = new_id(), system_actor(tx.tenant_id)
        number = await self._store(tx, actor, case_id, new, tx.now.astimezone(zone).date())
        return CaseRef(id=case_id, number=number)

    async def _store(self, tx: Transaction, actor: Actor, case_id: UUID, new: NewCase, day: date) -> str:
        number = case_number(day, await repository.next_count(tx, day))
        values = {
            "id": case_id,
            "number": number,
            "state": CaseState.OPEN.value,
            "assignee_id": None,
            "created_at": tx.now,
            "changed_at": tx.now,
            "version": 1,
            "client_id": new.client_id,
            **_said_by(actor, new),
        }
        if not await repository.insert_case(tx, values):
            assert new.client_id is not None, "without a name of its maker's a case conflicts with none"
            raise _OpenedBefore(new.client_id)
        await repository.insert_history(tx, case_id, actor.id, HistoryKind.CREATED, after=CaseState.OPEN.value)
        opened = CaseOpened(
            case_id=case_id, type=new.type, version=1, customer_id=new.customer_id, interaction_id=new.interaction_id
        )
        tx.emit(opened, subject=case_id)
        await self._below.identity.audit(tx, actor, "case.opened", case_id, {"type": new.type.value})
        return number

    async def _known(self, actor: Actor, client_id: UUID, new: NewCase) -> UUID:
        """The case that was opened under this client id before; refused when that was another one."""
        # In a transaction although it only looks: what another one has stored may not be durable yet, and is when
        # this one ends. Until then nobody may be told that it was stored.
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            known = await repository.by_client_id(tx, client_id)
        said = _said_by(actor, new)
        if known is None or {name: getattr(known, name) for name in said} != said:
            raise ClientIdTaken(client_id)
        case_id: UUID = known.id
        return case_id

    async def assign(self, actor: Actor, case_id: UUID, assignee_id: UUID | None, version: int) -> None:
        """Give it to an active agent, or (None) to nobody. Raises ``case-changed``, ``case-assignee-unknown``."""
        if assignee_id is not None:
            await self._check_assignee(actor, assignee_id)
        await self._give(actor, case_id, assignee_id, version)

    async def _give(self, actor: Actor, case_id: UUID, assignee_id: UUID | None, version: int) -> None:
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            case = await _of_version(tx, case_id, version)
            if case.assignee_id == assignee_id:
                return
            await _change(tx, case_id, version, {"assignee_id": assignee_id})
            before = None if case.assignee_id is None else str(case.assignee_id)
            after = None if assignee_id is None else str(assignee_id)
            await repository.insert_history(tx, case_id, actor.id, HistoryKind.ASSIGNED, before=before, after=after)
            tx.emit(CaseAssigned(case_id=case_id, assignee_id=assignee_id, version=version + 1), subject=case_id)
            await self._below.identity.audit(tx, actor, "case.assigned", case_id, {"assignee": after})

    async def move(self, actor: Actor, case_id: UUID, to: CaseState, version: int, text: str | None) -> None:
        """Into another state, perhaps with a word why. Raises ``case-changed``, ``case-state-forbids``."""
        said = _checked(text) if text and text.strip() else None
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            case = await _of_version(tx, case_id, version)
            state = CaseState(case.state)
            allowed = may_become(state)
            if to not in allowed:
                raise StateForbids(state.value, to.value, ", ".join(one.value for one in allowed))
            await _change(tx, case_id, version, {"state": to.value})
            await repository.insert_history(
                tx, case_id, actor.id, HistoryKind.STATE_CHANGED, before=state.value, after=to.value, text=said
            )
            tx.emit(CaseStateChanged(case_id=case_id, before=state, after=to, version=version + 1), subject=case_id)
            await self._below.identity.audit(
                tx, actor, "case.state-changed", case_id, {"before": state.value, "after": to.value}
            )

    async def carry(self, actor: Actor, case_id: UUID, to: CaseState, text: str | None) -> None:
        """What an agent does with the contact that a case is of is done with the case: theirs, and in this state.

        Whatever version it is at; a state that it cannot come to from where it is is left out.
        """
        for attempt in range(_RACES):
            async with self._database.reading(actor.tenant_id) as reading:
                case = await repository.case(reading, case_id)
            if case is None:
                raise CaseUnknown(case_id)
            try:
                version = case.version
                if actor.id is not None and case.assignee_id != actor.id:
                    await self._give(actor, case_id, actor.id, version)
                    version += 1
                if to in may_become(CaseState(case.state)):
                    await self.move(actor, case_id, to, version, kept_of(text))
                return
            except CaseChanged:
                if attempt == _RACES - 1:
                    raise

    async def comment(self, actor: Actor, case_id: UUID, text: str) -> None:
        """Write something about it. Two people may do so at the same time."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await self._note(tx, actor, case_id, text, HistoryKind.COMMENTED)

    async def put_off_within(self, tx: Transaction, actor: Actor, case_id: UUID, until: datetime, text: str) -> None:
        """It is to be gone on with at a time, for a reason; in the caller's transaction."""
        await self._note(tx, actor, case_id, text, HistoryKind.PUT_OFF, until.isoformat().replace("+00:00", "Z"))

    async def _note(
        self, tx: Transaction, actor: Actor, case_id: UUID, text: str, kind: HistoryKind, after: str | None = None
    ) -> None:
        said = _checked(text)
        version = await repository.touch_case(tx, case_id)
        if version is None:
            raise CaseUnknown(case_id)
        entry_id = await repository.insert_history(tx, case_id, actor.id, kind, after=after, text=said)
        tx.emit(CaseCommented(case_id=case_id, entry_id=entry_id, version=version), subject=case_id)
        await self._below.identity.audit(tx, actor, "case.commented", case_id, {"entry": str(entry_id)})

    async def _customer(self, actor: Actor, customer_id: UUID | None) -> UUID | None:
        """Who it is about: another than was named when two customers turned out to be one."""
        if customer_id is None:
            return None
        found = (await self._below.customers.views(actor.tenant_id, [customer_id])).get(customer_id)
        if found is None:
            raise Invalid("customer-not-found", field="customer_id")
        return found.id

    async def _check_interaction(self, actor: Actor, interaction_id: UUID | None) -> None:
        if interaction_id is None:
            return
        try:
            await self._below.conversations.interaction(actor.tenant_id, interaction_id)
        except NotFound:
            raise Invalid("interaction-not-found", field="interaction_id", id=str(interaction_id)) from None

    async def _check_assignee(self, actor: Actor, assignee_id: UUID) -> None:
        try:
            agent = await self._below.people.agent(actor.tenant_id, assignee_id)
        except NotFound:
            raise NotAssignable from None
        if not agent.active:
            raise NotAssignable
        await self._below.identity.reaches.check(actor, "case:write", assignee_id)


class _OpenedBefore(Exception):
    """Undoes the transaction, and with it the number that was taken."""

    def __init__(self, client_id: UUID) -> None:
        super().__init__(client_id)
        self.client_id = client_id


def _said_by(actor: Actor, new: NewCase) -> dict[str, Any]:
    """What stays of a case as it was asked for, by the names of its columns."""
    return {
        "type": new.type.value,
        "title": new.title,
        "text": new.text,
        "customer_id": new.customer_id,
        "interaction_id": new.interaction_id,
        "created_by": actor.id,
    }


def _checked(text: str) -> str:
    return checked_text(plain_lines(text), field="text", max_length=TEXT_MAX, lines=True)


async def _of_version(tx: Transaction, case_id: UUID, version: int) -> Any:
    case = await repository.case(tx, case_id)
    if case is None:
        raise CaseUnknown(case_id)
    if case.version != version:
        raise CaseChanged(case.version)
    return case


async def _change(tx: Transaction, case_id: UUID, version: int, values: dict[str, Any]) -> None:
    """The version is compared again in the change itself: on PostgreSQL somebody may have been in between."""
    if not await repository.change_case(tx, case_id, version, values):
        raise CaseChanged(version + 1)
