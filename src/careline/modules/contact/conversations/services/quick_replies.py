"""Quick replies are written by administrators for all and by agents for themselves, and counted when they are used."""

from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, NotFound
from careline.kernel.ids import new_id
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.errors import EditedMeanwhile
from careline.modules.contact.conversations.repository import quick_replies as repository
from careline.modules.contact.conversations.repository.quick_replies import QuickReplyContent, QuickReplyView
from careline.modules.contact.conversations.rules import MAX_GROUP, MAX_TITLE, one_line, reply_text, visitor_locale
from careline.modules.directory.identity.facade import Identity

MOST_OWN = 200
MOST_OF_TENANT = 2000

MOST_SHOWN = MOST_OWN + MOST_OF_TENANT
"""What a desk loads at once, the most used first, to be searched without asking again: all there can be."""


class QuickReplies:
    """The tenant's are everybody's to use; one's own are nobody else's to see."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def mine(self, actor: Actor) -> list[QuickReplyView]:
        """What an agent may use, the most used first."""
        assert actor.id is not None
        async with self._database.reading(actor.tenant_id) as reading:
            return await repository.for_agent(reading, actor.id, limit=MOST_SHOWN)

    async def listed(
        self, actor: Actor, *, search: str, group: str | None, after: UUID | None, limit: int
    ) -> Page[QuickReplyView]:
        """The tenant's, retired ones too."""
        wanted = checked_limit(limit)
        async with self._database.reading(actor.tenant_id) as reading:
            found = await repository.of_tenant(
                reading, search=search.strip(), group=group, after=after, limit=wanted + 1
            )
        shown = found[:wanted]
        return Page(items=shown, next=str(shown[-1].id) if len(found) > wanted else None)

    async def add(self, actor: Actor, content: QuickReplyContent, *, own: bool) -> QuickReplyView:
        """Make one. Raises ``too-many-quick-replies``, ``Invalid``."""
        fine = _checked(content)
        owner, most = (actor.id, MOST_OWN) if own else (None, MOST_OF_TENANT)
        reply = QuickReplyView(id=new_id(), owner_id=owner, version=1, **msgspec.structs.asdict(fine))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if await repository.count(tx, owner) >= most:
                raise Conflict("too-many-quick-replies", max=most)
            await repository.insert_reply(tx, reply)
            if not own:
                await self._identity.audit(tx, actor, "quick-reply.added", str(reply.id))
        return reply

    async def change(
        self, actor: Actor, reply_id: UUID, version: int, content: QuickReplyContent, *, own: bool
    ) -> QuickReplyView:
        """Write one anew. Raises ``quick-reply-not-found``, ``quick-reply-changed`` when somebody was quicker."""
        fine = _checked(content)
        values = msgspec.structs.asdict(fine)
        return await self._write(actor, reply_id, version, values, own=own)

    async def retire(self, actor: Actor, reply_id: UUID, version: int, *, retired: bool) -> QuickReplyView:
        """Take one of the tenant's out of use, or into it again."""
        return await self._write(actor, reply_id, version, {"retired": retired}, own=False)

    async def forget(self, actor: Actor, reply_id: UUID) -> None:
        """Remove one of one's own. Raises ``quick-reply-not-found``."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            known = await repository.find(tx, reply_id)
            if known is None or known.owner_id != actor.id:
                raise NotFound("quick-reply-not-found", id=str(reply_id))
            await repository.remove(tx, reply_id)

    async def used(self, actor: Actor, reply_id: UUID) -> None:
        """Count that one was put into an answer. Raises ``quick-reply-not-found``."""
        async with self._database.transaction(actor.tenant_id) as tx:
            known = await repository.find(tx, reply_id)
            if known is None or known.owner_id not in (None, actor.id):
                raise NotFound("quick-reply-not-found", id=str(reply_id))
            await repository.count_use(tx, reply_id)

    async def _write(
        self, actor: Actor, reply_id: UUID, version: int, values: dict[str, object], *, own: bool
    ) -> QuickReplyView:
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            known = await repository.find(tx, reply_id)
            if known is None or known.owner_id != (actor.id if own else None):
                raise NotFound("quick-reply-not-found", id=str(reply_id))
            if not await repository.change(tx, reply_id, version, values):
                raise EditedMeanwhile("quick-reply-changed", known.version)
            if not own:
                told = {"fields": ",".join(sorted(values))}
                await self._identity.audit(tx, actor, "quick-reply.changed", str(reply_id), told)
            changed = await repository.find(tx, reply_id)
        assert changed is not None
        return changed


def _checked(content: QuickReplyContent) -> QuickReplyContent:
    """The same, cleaned. Refused with the field that is empty, too long, or holds what cannot be stored."""
    return QuickReplyContent(
        group=one_line(content.group, field="group", longest=MAX_GROUP),
        language=visitor_locale(content.language),
        title=one_line(content.title, field="title", longest=MAX_TITLE),
        text=reply_text(content.text),
    )
