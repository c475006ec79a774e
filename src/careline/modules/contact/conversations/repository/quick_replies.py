"""Quick replies: the tenant's, and each agent's own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, delete, func, insert, or_, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.contact.conversations.models import QuickReplyRow


class QuickReplyView(msgspec.Struct, frozen=True, kw_only=True):
    """Words to begin an answer with. ``owner_id`` is None for the tenant's, else whose own they are.

    ``text`` holds variables in braces, ``{agent}``, which the desk fills; those it cannot fill are left for the agent.
    ``language`` is a tag (BCP 47); ``version`` counts changes; ``used`` how often it was put into an answer.
    """

    id: UUID
    owner_id: UUID | None
    group: str
    language: str
    title: str
    text: str
    version: int
    used: int = 0
    retired: bool = False


class QuickReplyContent(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody writes of a quick reply."""

    group: str
    language: str
    title: str
    text: str


async def for_agent(reading: Reading, agent_id: UUID, *, limit: int) -> list[QuickReplyView]:
    """What an agent may use, the most used first."""
    statement = (
        _all(reading)
        .where(
            or_(QuickReplyRow.owner_id.is_(None), QuickReplyRow.owner_id == agent_id),
            QuickReplyRow.retired.is_(False),
        )
        .order_by(QuickReplyRow.used.desc(), QuickReplyRow.title, QuickReplyRow.id)
        .limit(limit)
    )
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def of_tenant(
    reading: Reading, *, search: str, group: str | None, after: UUID | None, limit: int
) -> list[QuickReplyView]:
    """The tenant's, in the order in which they were made, retired ones too."""
    statement = _all(reading).where(QuickReplyRow.owner_id.is_(None)).order_by(QuickReplyRow.id).limit(limit)
    if search:
        part = f"%{_escaped(search.lower())}%"
        statement = statement.where(
            or_(
                func.lower(QuickReplyRow.title).like(part, escape="\\"),
                func.lower(QuickReplyRow.text).like(part, escape="\\"),
            )
        )
    if group is not None:
        statement = statement.where(QuickReplyRow.group_name == group)
    if after is not None:
        statement = statement.where(QuickReplyRow.id > after)
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def find(reading: Reading, reply_id: UUID) -> QuickReplyView | None:
    """One of them."""
    row = (await reading.execute(_all(reading).where(QuickReplyRow.id == reply_id))).one_or_none()
    return None if row is None else _view(row)


async def count(reading: Reading, owner_id: UUID | None) -> int:
    """How many the tenant, or an agent, has."""
    owned = QuickReplyRow.owner_id.is_(None) if owner_id is None else QuickReplyRow.owner_id == owner_id
    statement = select(func.count()).where(QuickReplyRow.tenant_id == reading.tenant_id, owned)
    return int((await reading.execute(statement)).scalar_one())


async def insert_reply(tx: Transaction, reply: QuickReplyView) -> None:
    """Store a new one."""
    values = msgspec.structs.asdict(reply)
    values["group_name"] = values.pop("group")
    await tx.execute(insert(QuickReplyRow), values | {"tenant_id": tx.tenant_id})


async def change(tx: Transaction, reply_id: UUID, version: int, values: Mapping[str, Any]) -> bool:
    """Change one that is still as its changer saw it; False when it is not. ``values`` are named as the view's."""
    columns = {"group_name" if name == "group" else name: value for name, value in values.items()}
    statement = (
        update(QuickReplyRow)
        .where(QuickReplyRow.tenant_id == tx.tenant_id, QuickReplyRow.id == reply_id, QuickReplyRow.version == version)
        .values(**columns, version=version + 1)
    )
    return bool((await tx.execute(statement)).rowcount)


async def remove(tx: Transaction, reply_id: UUID) -> None:
    """Forget one."""
    await tx.execute(delete(QuickReplyRow).where(QuickReplyRow.tenant_id == tx.tenant_id, QuickReplyRow.id == reply_id))


async def count_use(tx: Transaction, reply_id: UUID) -> None:
    """It was put into an answer once more."""
    await tx.execute(
        update(QuickReplyRow)
        .where(QuickReplyRow.tenant_id == tx.tenant_id, QuickReplyRow.id == reply_id)
        .values(used=QuickReplyRow.used + 1)
    )


def _all(reading: Reading) -> Select[Any]:
    return select(QuickReplyRow.__table__).where(QuickReplyRow.tenant_id == reading.tenant_id)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _view(row: Row[Any]) -> QuickReplyView:
    return QuickReplyView(
        id=row.id,
        owner_id=row.owner_id,
        group=row.group_name,
        language=row.language,
        title=row.title,
        text=row.text,
        version=row.version,
        used=row.used,
        retired=row.retired,
    )
