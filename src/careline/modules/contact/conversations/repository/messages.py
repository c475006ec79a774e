"""Conversations' messages and read marks.

Storing a message is two statements: the conversation's counter gives the number and locks the conversation, the
insert refuses what the sender has sent before. Both are built once; a busy centre runs them a thousand times a second.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import ConversationRow, MessageRow
from careline.modules.contact.conversations.views import (
    SAID,
    Attachment,
    Author,
    InteractionView,
    MessageKind,
    MessageView,
)

_SENT = frozenset((MessageKind.PICTURE, MessageKind.VOICE, MessageKind.FILE))


class ConversationNow(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as it stands. ``interaction_id`` and ``agent_id`` are of the chat that goes on, if one does."""

    id: UUID
    customer_id: UUID | None
    interaction_id: UUID | None
    agent_id: UUID | None
    last_seq: int
    customer_read: int
    agent_read: int


class Numbered(msgspec.Struct, frozen=True, kw_only=True):
    """The number that the next message gets, and the chat that it belongs to."""

    seq: int
    interaction_id: UUID | None
    agent_id: UUID | None


class LastMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The latest words of a person in a conversation, and how many of the customer's the agent has not read.

    ``unanswered_since`` is when the customer said the first of the words that no agent has answered; a machine's
    answer is none.
    """

    text: str
    author: Author | None
    at: datetime | None
    unread: int
    unanswered_since: datetime | None


_COLUMNS = (
    MessageRow.id,
    MessageRow.conversation_id,
    MessageRow.interaction_id,
    MessageRow.seq,
    MessageRow.author,
    MessageRow.author_id,
    MessageRow.client_id,
    MessageRow.kind,
    MessageRow.text,
    MessageRow.code,
    MessageRow.params,
    MessageRow.at,
)

_COUNT_ON = Prepared(
    update(ConversationRow)
    .where(ConversationRow.tenant_id == bindparam("of_tenant"), ConversationRow.id == bindparam("of_conversation"))
    .values(last_seq=ConversationRow.last_seq + 1)
    .returning(ConversationRow.last_seq, ConversationRow.interaction_id, ConversationRow.agent_id)
)

_INSERT = {
    "sqlite": Prepared(
        sqlite_insert(MessageRow).on_conflict_do_nothing(index_elements=["conversation_id", "author", "client_id"])
    ),
    "postgresql": Prepared(
        postgres_insert(MessageRow).on_conflict_do_nothing(index_elements=["conversation_id", "author", "client_id"])
    ),
}


async def next_number(tx: Transaction, conversation_id: UUID) -> Numbered | None:
    """Count on; the conversation stays locked until this transaction ends. None when there is no such one."""
    row = (await tx.run(_COUNT_ON, {"of_tenant": tx.tenant_id, "of_conversation": conversation_id})).one_or_none()
    if row is None:
        return None
    return Numbered(seq=row.last_seq, interaction_id=row.interaction_id, agent_id=row.agent_id)


async def insert_message(tx: Transaction, message: MessageView) -> bool:
    """Store a message; False when this side has stored one under its ``client_id`` already."""
    values = {
        "tenant_id": tx.tenant_id,
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "id": message.id,
        "interaction_id": message.interaction_id,
        "author": message.author.value,
        "author_id": message.author_id,
        "client_id": message.client_id,
        "kind": message.kind.value,
        "text": message.text,
        "code": message.code,
        "params": message.params if message.attachment is None else msgspec.to_builtins(message.attachment),
        "at": message.at,
    }
    return bool((await tx.run(_INSERT[tx.dialect], values)).rowcount)


async def by_client_id(reading: Reading, conversation_id: UUID, author: Author, client_id: UUID) -> MessageView | None:
    """What a side has stored under its own name for it."""
    statement = select(*_COLUMNS).where(
        MessageRow.tenant_id == reading.tenant_id,
        MessageRow.conversation_id == conversation_id,
        MessageRow.author == author.value,
        MessageRow.client_id == client_id,
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def by_seq(reading: Reading, conversation_id: UUID, seq: int) -> MessageView | None:
    """One message by its number."""
    statement = select(*_COLUMNS).where(
        MessageRow.tenant_id == reading.tenant_id,
        MessageRow.conversation_id == conversation_id,
        MessageRow.seq == seq,
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


async def after(
    reading: Reading, conversation_id: UUID, seq: int, *, only: Collection[UUID] | None = None, limit: int
) -> list[MessageView]:
    """The messages after a number, in order; with ``only``, those of these contacts."""
    statement = (
        select(*_COLUMNS)
        .where(
            MessageRow.tenant_id == reading.tenant_id,
            MessageRow.conversation_id == conversation_id,
            MessageRow.seq > seq,
        )
        .order_by(MessageRow.seq)
        .limit(limit)
    )
    if only is not None:
        statement = statement.where(MessageRow.interaction_id.in_(only))
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def before(
    reading: Reading, conversation_id: UUID, seq: int, *, only: Collection[UUID] | None = None, limit: int
) -> list[MessageView]:
    """The last messages before a number, in order; with ``only``, those of these contacts."""
    statement = (
        select(*_COLUMNS)
        .where(
            MessageRow.tenant_id == reading.tenant_id,
            MessageRow.conversation_id == conversation_id,
            MessageRow.seq < seq,
        )
        .order_by(MessageRow.seq.desc())
        .limit(limit)
    )
    if only is not None:
        statement = statement.where(MessageRow.interaction_id.in_(only))
    return [_view(row) for row in reversed((await reading.execute(statement)).all())]


async def of_interaction(reading: Reading, interaction: InteractionView, seq: int, *, limit: int) -> list[MessageView]:
    """What was said in one contact after a number, in order."""
    statement = (
        select(*_COLUMNS)
        .where(
            MessageRow.tenant_id == reading.tenant_id,
            MessageRow.conversation_id == interaction.conversation_id,
            MessageRow.interaction_id == interaction.id,
            MessageRow.seq > seq,
        )
        .order_by(MessageRow.seq)
        .limit(limit)
    )
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def conversation(reading: Reading, conversation_id: UUID) -> ConversationNow | None:
    """A conversation of this tenant."""
    found = await conversations(reading, [conversation_id])
    return found.get(conversation_id)


async def conversations(reading: Reading, ids: Iterable[UUID]) -> dict[UUID, ConversationNow]:
    """Those of the ids that this tenant has."""
    statement = select(
        ConversationRow.id,
        ConversationRow.customer_id,
        ConversationRow.interaction_id,
        ConversationRow.agent_id,
        ConversationRow.last_seq,
        ConversationRow.customer_read,
        ConversationRow.agent_read,
    ).where(ConversationRow.tenant_id == reading.tenant_id, ConversationRow.id.in_(list(ids)))
    return {
        row.id: ConversationNow(
            id=row.id,
            customer_id=row.customer_id,
            interaction_id=row.interaction_id,
            agent_id=row.agent_id,
            last_seq=row.last_seq,
            customer_read=row.customer_read,
            agent_read=row.agent_read,
        )
        for row in (await reading.execute(statement)).all()
    }


async def mark_read(tx: Transaction, conversation_id: UUID, side: Author, seq: int) -> bool:
    """Move a side's read mark forward, never back and never past the latest message; False when it did not move."""
    column = ConversationRow.customer_read if side is Author.CUSTOMER else ConversationRow.agent_read
    result = await tx.execute(
        update(ConversationRow)
        .where(
            ConversationRow.tenant_id == tx.tenant_id,
            ConversationRow.id == conversation_id,
            column < seq,
            ConversationRow.last_seq >= seq,
        )
        .values({column: seq})
    )
    return bool(result.rowcount)


async def latest(reading: Reading, ids: Collection[UUID]) -> dict[UUID, LastMessage]:
    """For each conversation the latest words that a person said, and what the agent has not read.

    It costs the same however long a conversation is: each answer lies at the end of an index.
    """
    newest = aliased(MessageRow)
    agent_said = _said(reading, MessageRow.seq, Author.AGENT).order_by(MessageRow.seq.desc()).limit(1)
    customer_said = _said(reading, MessageRow.seq, Author.CUSTOMER).order_by(MessageRow.seq.desc()).limit(1)
    answered = func.coalesce(agent_said.scalar_subquery(), 0)
    said = func.coalesce(customer_said.scalar_subquery(), 0)
    unanswered = _said(reading, MessageRow.at, Author.CUSTOMER).where(MessageRow.seq > answered)
    unread = _said(reading, func.count(), Author.CUSTOMER).where(MessageRow.seq > ConversationRow.agent_read)
    statement = (
        select(  # house: allow tenant-filter – the message is joined on its tenant
            ConversationRow.id,
            newest.text,
            newest.author,
            newest.at,
            unread.scalar_subquery().label("unread"),
            unanswered.order_by(MessageRow.seq).limit(1).scalar_subquery().label("unanswered_since"),
        )
        .outerjoin(
            newest,
            (newest.tenant_id == reading.tenant_id)
            & (newest.conversation_id == ConversationRow.id)
            & (newest.seq == case((said > answered, said), else_=answered)),
        )
        .where(ConversationRow.tenant_id == reading.tenant_id, ConversationRow.id.in_(ids))
    )
    return {
        row.id: LastMessage(
            text=row.text or "",
            author=None if row.author is None else Author(row.author),
            at=row.at,
            unread=row.unread,
            unanswered_since=row.unanswered_since,
        )
        for row in (await reading.execute(statement)).all()
    }


def _said(reading: Reading, column: Any, author: Author) -> Select[Any]:
    """What a side said in the conversation of the statement around it."""
    return (
        select(column)
        .where(
            MessageRow.tenant_id == reading.tenant_id,
            ConversationRow.tenant_id == reading.tenant_id,
            MessageRow.conversation_id == ConversationRow.id,
            MessageRow.author == author.value,
            MessageRow.kind.in_([kind.value for kind in SAID]),
        )
        .correlate(ConversationRow)
    )


def _view(row: Row[Any]) -> MessageView:
    sent = row.kind in _SENT
    return MessageView(
        id=row.id,
        conversation_id=row.conversation_id,
        interaction_id=row.interaction_id,
        seq=row.seq,
        author=Author(row.author),
        author_id=row.author_id,
        client_id=row.client_id,
        kind=MessageKind(row.kind),
        text=row.text,
        code=row.code,
        params=None if sent else row.params,
        at=row.at,
        attachment=msgspec.convert(row.params, Attachment) if sent else None,
    )
