"""Everything of some contacts read in full, and made nobody's, for those who spoke in them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, delete, func, null, or_, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import (
    ConversationRow,
    FileRow,
    InteractionRow,
    MessageRow,
    NoteRow,
    SegmentRow,
    TransferRow,
    VisitorRow,
)
from careline.modules.contact.conversations.states import InteractionState

NOTICE = "notice"
ERASED = "message-erased"
"""What stands in the place of a message: the numbers of a conversation have no gaps."""


async def contacts_of(reading: Reading, customer_ids: Collection[UUID]) -> list[Row[Any]]:
    """Contacts of some customers: those linked to them, and those of nobody in a thread of theirs."""
    of = reading.tenant_id
    found = select(
        InteractionRow.id, InteractionRow.conversation_id, InteractionRow.assurance, InteractionRow.customer_id
    ).where(InteractionRow.tenant_id == of)
    threads = select(ConversationRow.id).where(
        ConversationRow.tenant_id == of, ConversationRow.customer_id.in_(customer_ids)
    )
    # Two looks: either condition has an index, both together have none.
    linked = (await reading.execute(found.where(InteractionRow.customer_id.in_(customer_ids)))).all()
    beside = (await reading.execute(found.where(InteractionRow.conversation_id.in_(threads)))).all()
    return sorted([*linked, *(row for row in beside if row.customer_id is None)], key=lambda row: row.id)


async def live_count(reading: Reading, contact_ids: Collection[UUID]) -> int:
    """How many of the contacts are not over."""
    statement = select(func.count()).where(
        InteractionRow.tenant_id == reading.tenant_id,
        InteractionRow.id.in_(contact_ids),
        InteractionRow.state != InteractionState.CLOSED.value,
    )
    return int((await reading.execute(statement)).scalar_one())


async def proof(reading: Reading, contact_id: UUID, customer_id: UUID) -> Row[Any] | None:
    """How sure a contact of a customer was of who spoke, and when it began."""
    statement = select(InteractionRow.assurance, InteractionRow.opened_at).where(
        InteractionRow.tenant_id == reading.tenant_id,
        InteractionRow.id == contact_id,
        InteractionRow.customer_id == customer_id,
    )
    return (await reading.execute(statement)).one_or_none()


async def proving(reading: Reading, customer_id: UUID, levels: Sequence[str], since: datetime) -> UUID | None:
    """The latest contact of a customer since then at one of the levels."""
    statement = (
        select(InteractionRow.id)
        .where(
            InteractionRow.tenant_id == reading.tenant_id,
            InteractionRow.customer_id == customer_id,
            InteractionRow.assurance.in_(levels),
            InteractionRow.opened_at >= since,
        )
        .order_by(InteractionRow.opened_at.desc(), InteractionRow.id.desc())
        .limit(1)
    )
    found: UUID | None = (await reading.execute(statement)).scalar_one_or_none()
    return found


async def contacts(reading: Reading, contact_ids: Collection[UUID]) -> list[Row[Any]]:
    """The contacts themselves."""
    statement = select(InteractionRow.__table__).where(
        InteractionRow.tenant_id == reading.tenant_id, InteractionRow.id.in_(contact_ids)
    )
    return list((await reading.execute(statement.order_by(InteractionRow.id))).all())


async def messages(reading: Reading, conversation_id: UUID, *, after: int, limit: int) -> list[Row[Any]]:
    """Some messages of a thread after a number, in order; of all its contacts, for it is found as a whole."""
    statement = (
        select(MessageRow.__table__)
        .where(
            MessageRow.tenant_id == reading.tenant_id,
            MessageRow.conversation_id == conversation_id,
            MessageRow.seq > after,
        )
        .order_by(MessageRow.seq)
        .limit(limit)
    )
    return list((await reading.execute(statement)).all())


async def files(reading: Reading, conversation_id: UUID) -> dict[int, UUID]:
    """The files of a thread by the number of the message that carries each."""
    statement = select(FileRow.seq, FileRow.id).where(
        FileRow.tenant_id == reading.tenant_id, FileRow.conversation_id == conversation_id
    )
    return {row.seq: row.id for row in (await reading.execute(statement)).all()}


async def notes(reading: Reading, contact_id: UUID) -> list[Row[Any]]:
    """What colleagues wrote of one contact, to each other and when it was over, as text and time."""
    of = reading.tenant_id
    written = select(NoteRow.text, NoteRow.at).where(
        NoteRow.tenant_id == of,
        NoteRow.conversation_id.in_(_threads(reading, [contact_id])),
        NoteRow.interaction_id == contact_id,
    )
    after = select(SegmentRow.note.label("text"), SegmentRow.started_at.label("at")).where(
        SegmentRow.tenant_id == of, SegmentRow.interaction_id == contact_id, SegmentRow.note.is_not(None)
    )
    passed_on = select(TransferRow.note.label("text"), TransferRow.begun_at.label("at")).where(
        TransferRow.tenant_id == of, TransferRow.interaction_id == contact_id, TransferRow.note != ""
    )
    found = [row for statement in (written, after, passed_on) for row in (await reading.execute(statement)).all()]
    return sorted(found, key=lambda row: row.at)


async def visitors(
    reading: Reading, customer_ids: Collection[UUID], conversation_ids: Collection[UUID]
) -> list[Row[Any]]:
    """Who came to the page or widget as one of the customers, and spoke in one of the threads."""
    statement = (
        select(VisitorRow.name, VisitorRow.number, VisitorRow.locale, VisitorRow.created_at)
        .where(
            VisitorRow.tenant_id == reading.tenant_id,
            VisitorRow.customer_id.in_(customer_ids),
            VisitorRow.conversation_id.in_(conversation_ids),
        )
        .order_by(VisitorRow.id)
    )
    return list((await reading.execute(statement)).all())


async def silence(tx: Transaction, contact_ids: Sequence[UUID]) -> tuple[dict[str, int], list[UUID]]:
    """Take out what was said and written in some contacts; how much, and the files that were sent."""
    of = tx.tenant_id
    here = _threads(tx, contact_ids)
    said = (
        MessageRow.tenant_id == of,
        MessageRow.conversation_id.in_(here),
        MessageRow.interaction_id.in_(contact_ids),
    )
    theirs = and_(MessageRow.conversation_id == FileRow.conversation_id, MessageRow.seq == FileRow.seq)
    carried = (
        select(FileRow.id)
        .join(MessageRow, theirs)
        .where(FileRow.tenant_id == of, FileRow.conversation_id.in_(here), *said)
    )
    sent = list((await tx.execute(carried)).scalars())
    if sent:
        await tx.execute(delete(FileRow).where(FileRow.tenant_id == of, FileRow.id.in_(sent)))
    nobody = case((MessageRow.author == "customer", null()), else_=MessageRow.author_id)
    emptied = {"text": "", "kind": NOTICE, "code": ERASED, "params": null(), "client_id": None, "author_id": nobody}
    fresh = (*said, or_(MessageRow.code.is_(None), MessageRow.code != ERASED))
    silenced = await tx.execute(update(MessageRow).where(*fresh).values(emptied))
    noted = (NoteRow.tenant_id == of, NoteRow.conversation_id.in_(here), NoteRow.interaction_id.in_(contact_ids))
    removed = await tx.execute(delete(NoteRow).where(*noted))
    written = (SegmentRow.tenant_id == of, SegmentRow.interaction_id.in_(contact_ids), SegmentRow.note.is_not(None))
    segments = await tx.execute(update(SegmentRow).where(*written).values(note=None))
    told = (TransferRow.tenant_id == of, TransferRow.interaction_id.in_(contact_ids), TransferRow.note != "")
    transfers = await tx.execute(update(TransferRow).where(*told).values(note=""))
    counts = {"messages": silenced.rowcount, "files": len(sent)}
    return counts | {"notes": removed.rowcount + segments.rowcount + transfers.rowcount}, sent


async def let_go(
    tx: Transaction, customer_ids: Collection[UUID], contact_ids: Sequence[UUID], conversation_ids: Sequence[UUID]
) -> dict[str, int]:
    """Let contacts be nobody's, and visitors be gone; how much of each. A thread that another shares stays theirs."""
    of = tx.tenant_id
    mine = (
        InteractionRow.tenant_id == of,
        InteractionRow.id.in_(contact_ids),
        or_(
            InteractionRow.customer_id.is_not(None),
            InteractionRow.number.is_not(None),
            InteractionRow.note.is_not(None),
        ),
    )
    contacts = await tx.execute(update(InteractionRow).where(*mine).values(customer_id=None, number=None, note=None))
    threads = (ConversationRow.tenant_id == of, ConversationRow.customer_id.in_(customer_ids))
    await tx.execute(update(ConversationRow).where(*threads).values(customer_id=None))
    gone = 0
    # One after the other, for the same reason as in ``contacts_of``.
    for came in (VisitorRow.customer_id.in_(customer_ids), _nobodys_in(conversation_ids)):
        gone += (await tx.execute(delete(VisitorRow).where(VisitorRow.tenant_id == of, came))).rowcount
    return {"contacts": contacts.rowcount, "visitors": gone}


def _threads(reading: Reading, contact_ids: Collection[UUID]) -> Any:
    """The threads of some contacts: messages, files and notes are found by them, and by nothing else."""
    return select(InteractionRow.conversation_id).where(
        InteractionRow.tenant_id == reading.tenant_id, InteractionRow.id.in_(contact_ids)
    )


def _nobodys_in(conversation_ids: Collection[UUID]) -> Any:
    """Visitors of threads who claimed to be nobody we know."""
    return and_(VisitorRow.customer_id.is_(None), VisitorRow.conversation_id.in_(conversation_ids))
