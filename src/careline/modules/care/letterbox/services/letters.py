"""A message is asked for, left, read and, with its way back, forgotten."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.infra.http import Visitor
from careline.kernel.errors import Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.care.cases.facade import Cases
from careline.modules.care.cases.views import CaseType, NewCase
from careline.modules.care.letterbox import repository
from careline.modules.care.letterbox.errors import (
    ClientIdTaken,
    ContactUnknown,
    LeftAlready,
    LetterUnknown,
    NotAsked,
    TooManyLeft,
)
from careline.modules.care.letterbox.events import MessageLeft
from careline.modules.care.letterbox.rules import (
    DAY,
    KEPT_FOR,
    MOST_A_DAY,
    MOST_TIMES,
    checked_email,
    checked_number,
    digest,
    mask_email,
    title_of,
    typed_reach,
    written,
)
from careline.modules.care.letterbox.views import Because, LetterView, PutOff, ReachKind, Receipt
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import Media, NewItem
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity


class Below(msgspec.Struct, frozen=True):
    """The modules below that the letterbox calls."""

    identity: Identity
    routing: Routing
    conversations: Conversations
    cases: Cases


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer wants to leave, as they sent it."""

    interaction_id: UUID
    client_id: UUID
    text: str
    reach: str
    consent: bool


class Letters:
    """Takes messages. A case, what was left, and the word to the customer are one transaction."""

    def __init__(self, database: Database, below: Below) -> None:
        self._database = database
        self._below = below
        self._awaited: dict[UUID, asyncio.Event] = {}

    @contextmanager
    def awaited(self, interaction_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set when a message is left in this contact while this lasts."""
        left = self._awaited[interaction_id] = asyncio.Event()
        try:
            yield left
        finally:
            if self._awaited.get(interaction_id) is left:
                del self._awaited[interaction_id]

    async def is_asked(self, tenant_id: TenantId, interaction_id: UUID) -> bool | None:
        """None when no message was asked for in this contact, True when one is, False when it was left."""
        async with self._database.glance(tenant_id) as reading:
            row = await repository.of_contact(reading, interaction_id)
        return None if row is None else row.left_at is None

    async def ask(self, interaction: InteractionView, queue: str, consent: str, language: str) -> None:
        """Ask for a message in a chat: from now on it is taken, and the page shows the form."""
        because, opens_at = self._why(interaction.tenant_id, queue)
        asked = {
            "interaction_id": interaction.id,
            "conversation_id": interaction.conversation_id,
            "queue": queue,
            "because": because.value,
            "consent": consent,
            "language": language,
        }
        told = {"because": because.value, "opens_at": _instant(opens_at), "consent": consent}
        async with self._database.transaction(interaction.tenant_id) as tx:
            if await repository.ask(tx, asked):
                await self._below.conversations.post_notice(tx, interaction, "message-asked-for", told)

    async def leave(self, visitor: Visitor, wanted: Wanted) -> Receipt:
        """Take a message; when this returns it is durable and a case.

        Raises ``message-not-asked-for``, ``message-left-already``, ``client-id-taken``, ``too-many-messages-left`` and
        ``Invalid`` for ``text``, ``reach`` or ``consent``.
        """
        text, (kind, reach) = written(wanted.text), checked_reach(wanted.reach)
        if not wanted.consent:
            raise Invalid("consent-missing", field="consent")
        interaction = await self._own(visitor, wanted.interaction_id)
        zone = ZoneInfo((await self._below.identity.tenant(visitor.tenant_id)).time_zone)
        left = {"client_id": wanted.client_id, "digest": digest(text, reach), "reach_kind": kind.value, "reach": reach}
        async with self._database.transaction(visitor.tenant_id, actor=visitor.actor.ref) as tx:
            row = await repository.locked(tx, interaction.id)
            if row is None:
                raise NotAsked
            if row.left_at is not None:
                return _again(row, wanted.client_id, digest(text, reach))
            since = tx.now - DAY
            if await repository.most_since(tx, since, conversation_id=row.conversation_id, reach=reach) >= MOST_A_DAY:
                raise TooManyLeft(MOST_A_DAY)
            receipt = await self._store(tx, interaction, row.queue, text, left, zone)
            tx.on_commit(lambda: self._wake(interaction.id))
        return receipt

    async def _store(
        self, tx: Transaction, interaction: InteractionView, queue: str, text: str, left: dict[str, Any], zone: ZoneInfo
    ) -> Receipt:
        """The case, how to reach who left it, and the word to them."""
        new = NewCase(
            type=CaseType.MESSAGE,
            title=title_of(text),
            text=text,
            customer_id=interaction.customer_id,
            interaction_id=interaction.id,
        )
        case = await self._below.cases.open_within(tx, new, zone)
        _, opens_at = self._why(tx.tenant_id, queue)
        found = {"case_id": case.id, "number": case.number, "opens_at": opens_at}
        routed_as = await self._route(tx, interaction, queue)
        await repository.leave(tx, interaction.id, {**left, **found, "routed_as": routed_as})
        kind = ReachKind(left["reach_kind"])
        masked = _masked(kind, left["reach"])
        told = {"number": case.number, "opens_at": _instant(opens_at), "reach": masked}
        await self._below.conversations.post_notice(tx, interaction, "message-left", told)
        event = MessageLeft(interaction_id=interaction.id, case_id=case.id, queue=queue, reach_kind=kind)
        tx.emit(event, subject=interaction.id)
        return Receipt(
            interaction_id=interaction.id, number=case.number, opens_at=opens_at, reach_masked=masked, again=False
        )

    async def _route(self, tx: Transaction, asked_in: InteractionView, queue: str) -> UUID | None:
        """Let it wait for an agent as all work does, in its queue if that takes messages; as which interaction."""
        known = {one.code: one.media for one in self._below.routing.queues(tx.tenant_id)}
        if Media.MESSAGE not in known.get(queue, ()):
            return None
        waiting = await self._below.conversations.open_message(tx, asked_in, queue)
        item = NewItem(id=new_id(), interaction_id=waiting, media=Media.MESSAGE, queue=queue, enqueued_at=tx.now)
        await self._below.routing.enqueue(tx, item)
        return waiting

    async def of_case(self, actor: Actor, case_id: UUID) -> LetterView | None:
        """The message that became a case; None of a case that was opened otherwise, or whose customer was erased.

        Raises ``case-not-found``, ``outside-your-scope``.
        """
        row = await self._row(actor, case_id)
        return None if row is None else await self._shown(actor.tenant_id, row)

    async def of_contact(self, actor: Actor, interaction_id: UUID) -> LetterView | None:
        """The message that is answered in a contact, for who may see that contact; None of another contact.

        Raises ``interaction-not-found``, ``contact-not-yours``.
        """
        row = await self._of_contact(actor, interaction_id)
        return None if row is None else await self._shown(actor.tenant_id, row)

    async def _of_contact(self, actor: Actor, interaction_id: UUID) -> Any:
        await self._below.conversations.seen_by(actor, interaction_id)
        async with self._database.reading(actor.tenant_id) as reading:
            return await repository.routed_as(reading, interaction_id)

    async def _shown(self, tenant_id: TenantId, row: Any) -> LetterView | None:
        if row.reach_kind is None:  # its customer was erased
            return None
        kind = ReachKind(row.reach_kind)
        case = (await self._below.cases.carried(tenant_id, row.case_id)).case
        names = {queue.code: queue.name for queue in self._below.routing.queues(tenant_id)}
        return LetterView(
            case_id=row.case_id,
            number=case.number,
            text=case.text,
            queue=names.get(row.queue, row.queue),
            because=Because(row.because),
            opens_at=row.opens_at,
            left_at=row.left_at,
            reach_kind=kind,
            reach_masked=None if row.reach is None else _masked(kind, row.reach),
            consent=row.consent,
            language=row.language,
            put_off=await self._put_off(tenant_id, row),
        )

    async def _put_off(self, tenant_id: TenantId, row: Any) -> PutOff | None:
        if row.put_off_until is None or row.put_off_because is None:
            return None
        known = await self._below.identity.users(tenant_id, [row.put_off_by])
        who = known.get(row.put_off_by)
        return PutOff(
            until=row.put_off_until,
            by=None if who is None else who.display_name,
            because=row.put_off_because,
            left=max(0, MOST_TIMES - (row.put_off_times or 0)),
        )

    async def reveal(self, actor: Actor, case_id: UUID) -> str:
        """How to reach who left a message, in full; audited before it is told."""
        row = await self._row(actor, case_id)
        if row is None:
            raise LetterUnknown(case_id)
        return await self._revealed(actor, row)

    async def reveal_in(self, actor: Actor, interaction_id: UUID) -> str:
        """The same for who may see the contact in which it is answered."""
        row = await self._of_contact(actor, interaction_id)
        if row is None:
            raise LetterUnknown(interaction_id)
        return await self._revealed(actor, row)

    async def _revealed(self, actor: Actor, row: Any) -> str:
        if row.reach is None:
            raise LetterUnknown(row.case_id)
        await self._below.identity.audit_read(actor, "left-message.revealed", row.case_id, {"kind": row.reach_kind})
        return str(row.reach)

    async def forget(self) -> None:
        """Forget how to reach those whose message is long over."""
        for tenant in await self._below.identity.tenants():
            async with self._database.transaction(tenant.id) as tx:
                await repository.forget_reach(tx, tx.now - KEPT_FOR)

    async def _row(self, actor: Actor, case_id: UUID) -> Any:
        await self._below.cases.case(actor, case_id)  # within the actor's reach, as everything of the case
        async with self._database.reading(actor.tenant_id) as reading:
            return await repository.of_case(reading, case_id)

    async def _own(self, visitor: Visitor, interaction_id: UUID) -> InteractionView:
        """A contact of this visitor; of somebody else's there is none."""
        try:
            interaction = await self._below.conversations.interaction(visitor.tenant_id, interaction_id)
        except NotFound:
            raise ContactUnknown(interaction_id) from None
        if interaction.conversation_id != await self._below.conversations.conversation_of(
            visitor.tenant_id, visitor.id
        ):
            raise ContactUnknown(interaction_id)
        return interaction

    def _why(self, tenant_id: TenantId, queue: str) -> tuple[Because, datetime | None]:
        opening = self._below.routing.opening(tenant_id, queue)
        return (Because.BUSY, None) if opening.open else (Because.CLOSED, opening.opens_at)

    def _wake(self, interaction_id: UUID) -> None:
        left = self._awaited.get(interaction_id)
        if left is not None:
            left.set()


def checked_reach(text: str) -> tuple[ReachKind, str]:
    """How somebody wants to be reached, as it is stored. Raises ``Invalid`` ("reach-not-usable")."""
    typed = typed_reach(text)
    if "@" in typed:
        return ReachKind.EMAIL, checked_email(typed)
    return ReachKind.PHONE, checked_number(Customers.normal_number(typed))


def _masked(kind: ReachKind, reach: str) -> str:
    return mask_email(reach) if kind is ReachKind.EMAIL else Customers.mask_number(reach)


def _again(row: Any, client_id: UUID, sent: str) -> Receipt:
    """The answer to what was left before; refused when it was something else."""
    if row.client_id != client_id:
        raise LeftAlready
    if row.digest != sent:
        raise ClientIdTaken(client_id)
    return Receipt(
        interaction_id=row.interaction_id,
        number=row.number,
        opens_at=row.opens_at,
        reach_masked="" if row.reach is None else _masked(ReachKind(row.reach_kind), row.reach),
        again=True,
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
