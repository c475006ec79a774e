"""Interactions, their segments and their journey.

What every contact runs several times is built once: building a statement takes longer than running it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, insert, or_, select, update

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.models import ConversationRow, InteractionRow, JourneyStepRow, SegmentRow
from careline.modules.contact.conversations.states import LIVE, InteractionState
from careline.modules.contact.conversations.views import (
    Channel,
    EndedBy,
    InteractionView,
    JourneyStep,
    SegmentKind,
    SegmentView,
)
from careline.modules.directory.customers.views import Assurance

_UNTOUCHED = frozenset({"id", "tenant_id", "conversation_id", "channel", "opened_at"})

_ONE = select(InteractionRow.__table__).where(
    InteractionRow.tenant_id == bindparam("of_tenant"), InteractionRow.id == bindparam("of_interaction")
)
_FIND = Prepared(_ONE)
_FIND_LOCKED = Prepared(_ONE.with_for_update())
_FIND_MANY = select(InteractionRow.__table__).where(
    InteractionRow.tenant_id == bindparam("of_tenant"),
    InteractionRow.id.in_(bindparam("of_interactions", expanding=True)),
)
_SAVE = Prepared(
    update(InteractionRow).where(
        InteractionRow.tenant_id == bindparam("of_tenant"), InteractionRow.id == bindparam("of_interaction")
    )
)
_INSERT = Prepared(insert(InteractionRow))
_INSERT_CONVERSATION = Prepared(insert(ConversationRow))
_INSERT_SEGMENT = Prepared(insert(SegmentRow))
_END_SEGMENTS = Prepared(
    update(SegmentRow)
    .where(
        SegmentRow.tenant_id == bindparam("of_tenant"),
        SegmentRow.interaction_id == bindparam("of_interaction"),
        SegmentRow.ended_at.is_(None),
        SegmentRow.kind != SegmentKind.WRAP_UP.value,
    )
    .values(ended_at=bindparam("at"))
)
_END_WRAP_UP = Prepared(
    update(SegmentRow)
    .where(
        SegmentRow.tenant_id == bindparam("of_tenant"),
        SegmentRow.interaction_id == bindparam("of_interaction"),
        SegmentRow.agent_id == bindparam("of_agent"),
        SegmentRow.kind == SegmentKind.WRAP_UP.value,
        SegmentRow.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)
_HAS_OFFER = Prepared(
    select(
        exists().where(
            SegmentRow.tenant_id == bindparam("of_tenant"),
            SegmentRow.interaction_id == bindparam("of_interaction"),
            SegmentRow.offer_id == bindparam("of_offer"),
        )
    )
)
_INSERT_STEP = Prepared(insert(JourneyStepRow))


class OpenSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that lasts, as it is needed to end it."""

    id: UUID
    kind: SegmentKind
    queue_id: UUID | None
    agent_id: UUID | None
    disposition: str | None
    disposition_path: str | None
    note: str | None


async def insert_interaction(tx: Transaction, interaction: InteractionView) -> None:
    """Store a new one."""
    values = msgspec.structs.asdict(interaction) | {"tenant_id": tx.tenant_id}
    await tx.run(_INSERT, values)


async def find(reading: Reading, interaction_id: UUID) -> InteractionView | None:
    """One interaction, or None when this tenant has none of that id."""
    of = {"of_tenant": reading.tenant_id, "of_interaction": interaction_id}
    row = (await reading.run(_FIND, of)).one_or_none()
    return None if row is None else view_of(row)


async def find_locked(tx: Transaction, interaction_id: UUID) -> InteractionView | None:
    """As ``find``, and nobody else changes it until this transaction ends."""
    of = {"of_tenant": tx.tenant_id, "of_interaction": interaction_id}
    row = (await tx.run(_FIND_LOCKED, of)).one_or_none()
    return None if row is None else view_of(row)


async def find_many(reading: Reading, ids: Sequence[UUID]) -> dict[UUID, InteractionView]:
    """Those of the ids that this tenant has."""
    if len(ids) == 1:
        found = await find(reading, ids[0])
        return {} if found is None else {found.id: found}
    of = {"of_tenant": reading.tenant_id, "of_interactions": ids}
    return {row.id: view_of(row) for row in (await reading.execute(_FIND_MANY, of)).all()}


async def save(tx: Transaction, interaction: InteractionView) -> None:
    """Store what may have changed of it."""
    values = {name: value for name, value in msgspec.structs.asdict(interaction).items() if name not in _UNTOUCHED}
    await tx.run(_SAVE, {"of_tenant": tx.tenant_id, "of_interaction": interaction.id, **values})


async def live(reading: Reading, channel: Channel) -> list[InteractionView]:
    """Interactions whose customer is being served or waits for it, oldest first."""
    statement = (
        select(InteractionRow.__table__)
        .where(
            InteractionRow.tenant_id == reading.tenant_id,
            InteractionRow.state.in_([state.value for state in LIVE]),
            InteractionRow.channel == channel.value,
        )
        .order_by(InteractionRow.opened_at, InteractionRow.id)
    )
    return [view_of(row) for row in (await reading.execute(statement)).all()]


async def of_customer(
    reading: Reading, customer_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[InteractionView]:
    """A customer's interactions, newest first."""
    statement = (
        select(InteractionRow.__table__)
        .where(InteractionRow.tenant_id == reading.tenant_id, InteractionRow.customer_id == customer_id)
        .order_by(InteractionRow.opened_at.desc(), InteractionRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        at, last_id = before
        earlier = or_(InteractionRow.opened_at < at, and_(InteractionRow.opened_at == at, InteractionRow.id < last_id))
        statement = statement.where(earlier)
    return [view_of(row) for row in (await reading.execute(statement)).all()]


async def last_agent(reading: Reading, interaction: InteractionView) -> UUID | None:
    """Who served the customer of a contact before it; of a customer whom nobody knows, in the same conversation."""
    same = (
        InteractionRow.conversation_id == interaction.conversation_id
        if interaction.customer_id is None
        else InteractionRow.customer_id == interaction.customer_id
    )
    statement = (
        select(InteractionRow.agent_id)
        .where(
            InteractionRow.tenant_id == reading.tenant_id,
            same,
            InteractionRow.agent_id.is_not(None),
            InteractionRow.id != interaction.id,
        )
        .order_by(InteractionRow.opened_at.desc(), InteractionRow.id.desc())
        .limit(1)
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def served_by(reading: Reading, conversation_id: UUID, agent_id: UUID) -> bool:
    """Whether an agent talked, in this conversation, with its customer."""
    return await _had(reading, agent_id, SegmentKind.TALK, *_in_conversation(reading, conversation_id))


async def served(reading: Reading, interaction_id: UUID, agent_id: UUID) -> bool:
    """Whether an agent talked with the customer in this interaction."""
    return await _had(reading, agent_id, SegmentKind.TALK, SegmentRow.interaction_id == interaction_id)


async def wraps_up(reading: Reading, conversation_id: UUID, agent_id: UUID) -> bool:
    """Whether an agent has after-contact work in this conversation."""
    open_here = (*_in_conversation(reading, conversation_id), SegmentRow.ended_at.is_(None))
    return await _had(reading, agent_id, SegmentKind.WRAP_UP, *open_here)


def _in_conversation(reading: Reading, conversation_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        InteractionRow.tenant_id == reading.tenant_id,
        InteractionRow.conversation_id == conversation_id,
        SegmentRow.interaction_id == InteractionRow.id,
    )


async def _had(reading: Reading, agent_id: UUID, kind: SegmentKind, *more: ColumnElement[bool]) -> bool:
    of_agent = (
        SegmentRow.tenant_id == reading.tenant_id,
        SegmentRow.kind == kind.value,
        SegmentRow.agent_id == agent_id,
    )
    return bool((await reading.execute(select(exists().where(*of_agent, *more)))).scalar_one())


async def insert_conversation(tx: Transaction, conversation_id: UUID, customer_id: UUID | None) -> None:
    """A new thread with nothing in it."""
    await tx.run(
        _INSERT_CONVERSATION,
        {
            "id": conversation_id,
            "tenant_id": tx.tenant_id,
            "customer_id": customer_id,
            "last_seq": 0,
            "customer_read": 0,
            "agent_read": 0,
            "created_at": tx.now,
        },
    )


async def begin_segments(
    tx: Transaction, interaction_id: UUID, segments: Sequence[SegmentView], *, offer_id: UUID | None = None
) -> None:
    """Add stretches; one without an end lasts."""
    rows = [
        {
            "id": new_id(),
            "tenant_id": tx.tenant_id,
            "interaction_id": interaction_id,
            "kind": item.kind.value,
            "started_at": item.started_at,
            "ended_at": item.ended_at,
            "queue_id": item.queue_id,
            "agent_id": item.agent_id,
            "offer_id": offer_id,
        }
        for item in segments
    ]
    await tx.run(_INSERT_SEGMENT, rows)


async def end_segments(tx: Transaction, interaction_id: UUID, at: datetime) -> None:
    """End the stretches that last, of every kind but wrap-up."""
    await tx.run(_END_SEGMENTS, {"of_tenant": tx.tenant_id, "of_interaction": interaction_id, "at": at})


async def end_wrap_up(tx: Transaction, interaction_id: UUID, agent_id: UUID, at: datetime) -> bool:
    """End an agent's after-contact work; False when they have none here."""
    of = {"of_tenant": tx.tenant_id, "of_interaction": interaction_id, "of_agent": agent_id}
    return bool((await tx.run(_END_WRAP_UP, {**of, "at": at})).rowcount)


async def has_offer(tx: Transaction, interaction_id: UUID, offer_id: UUID) -> bool:
    """Whether the talk that an offer led to is stored already."""
    of = {"of_tenant": tx.tenant_id, "of_interaction": interaction_id, "of_offer": offer_id}
    return bool((await tx.run(_HAS_OFFER, of)).scalar_one())


async def open_segments(reading: Reading, interaction_id: UUID) -> list[OpenSegment]:
    """The stretches that last."""
    statement = select(SegmentRow.__table__).where(
        SegmentRow.tenant_id == reading.tenant_id,
        SegmentRow.interaction_id == interaction_id,
        SegmentRow.ended_at.is_(None),
    )
    return [
        OpenSegment(
            id=row.id,
            kind=SegmentKind(row.kind),
            queue_id=row.queue_id,
            agent_id=row.agent_id,
            disposition=row.disposition,
            disposition_path=row.disposition_path,
            note=row.note,
        )
        for row in (await reading.execute(statement)).all()
    ]


async def segments(reading: Reading, interaction_id: UUID) -> list[SegmentView]:
    """All stretches, in order."""
    statement = (
        select(SegmentRow.kind, SegmentRow.started_at, SegmentRow.ended_at, SegmentRow.queue_id, SegmentRow.agent_id)
        .where(SegmentRow.tenant_id == reading.tenant_id, SegmentRow.interaction_id == interaction_id)
        .order_by(SegmentRow.started_at, SegmentRow.id)
    )
    return [
        SegmentView(
            kind=SegmentKind(row.kind),
            started_at=row.started_at,
            ended_at=row.ended_at,
            queue_id=row.queue_id,
            agent_id=row.agent_id,
        )
        for row in (await reading.execute(statement)).all()
    ]


async def insert_step(tx: Transaction, interaction_id: UUID, step: str, text: str) -> None:
    """Add to the journey."""
    values = {
        "id": new_id(),
        "tenant_id": tx.tenant_id,
        "interaction_id": interaction_id,
        "at": tx.now,
        "step": step,
        "text": text,
    }
    await tx.run(_INSERT_STEP, values)


async def latest_steps(reading: Reading, interaction_ids: Collection[UUID]) -> dict[UUID, str]:
    """The last step of each journey, in the flow's words."""
    statement = (
        select(JourneyStepRow.interaction_id, JourneyStepRow.text)
        .where(JourneyStepRow.tenant_id == reading.tenant_id, JourneyStepRow.interaction_id.in_(interaction_ids))
        .order_by(JourneyStepRow.at, JourneyStepRow.id)
    )
    return {row.interaction_id: row.text for row in (await reading.execute(statement)).all()}


async def journey(reading: Reading, interaction_id: UUID) -> list[JourneyStep]:
    """What machines did with the customer, in order."""
    statement = (
        select(JourneyStepRow.at, JourneyStepRow.step, JourneyStepRow.text)
        .where(JourneyStepRow.tenant_id == reading.tenant_id, JourneyStepRow.interaction_id == interaction_id)
        .order_by(JourneyStepRow.at, JourneyStepRow.id)
    )
    rows = (await reading.execute(statement)).all()
    return [JourneyStep(at=row.at, step=row.step, text=row.text) for row in rows]


def view_of(row: Row[Any]) -> InteractionView:
    """An interaction from its row."""
    return InteractionView(
        id=row.id,
        tenant_id=TenantId(row.tenant_id),
        conversation_id=row.conversation_id,
        channel=Channel(row.channel),
        state=InteractionState(row.state),
        assurance=Assurance(row.assurance),
        opened_at=row.opened_at,
        customer_id=row.customer_id,
        number=row.number,
        called_number=row.called_number,
        queue_id=row.queue_id,
        agent_id=row.agent_id,
        ended_at=row.ended_at,
        ended_by=None if row.ended_by is None else EndedBy(row.ended_by),
        closed_at=row.closed_at,
        wrap_up_deadline=row.wrap_up_deadline,
        disposition=row.disposition,
        note=row.note,
    )
