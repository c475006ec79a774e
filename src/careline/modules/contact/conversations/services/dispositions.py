"""Administrators keep the tree of disposition codes; nothing that was ever in it is deleted."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.engine.dispositions import (
    MOST_LEVELS,
    DispositionView,
    next_code,
    way_to,
)
from careline.modules.contact.conversations.errors import EditedMeanwhile
from careline.modules.contact.conversations.repository import dispositions as repository
from careline.modules.contact.conversations.rules import MAX_TITLE, disposition_code, one_line
from careline.modules.contact.conversations.views import Named
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.facade import Identity

MOST_CODES = 1000


class DispositionContent(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody writes of a code. ``queue_ids``: for whose contacts it is; none means all."""

    name: str
    name_en: str
    queue_ids: tuple[UUID, ...] = ()


class Dispositions:
    """One tree a tenant, at most three levels deep. Every change is in the audit."""

    def __init__(self, database: Database, identity: Identity, routing: Routing) -> None:
        self._database = database
        self._identity = identity
        self._routing = routing

    async def tree(self, tenant_id: TenantId) -> list[DispositionView]:
        """All codes, siblings in their order; retired ones too, since what was written up with them is still shown."""
        async with self._database.reading(tenant_id) as reading:
            return list((await repository.tree(reading)).values())

    def queues(self, tenant_id: TenantId) -> list[Named]:
        """The queues for which branches may be meant."""
        return [Named(id=queue.id, name=queue.name) for queue in self._routing.queues(tenant_id)]

    async def add(
        self, actor: Actor, content: DispositionContent, *, parent: str | None, code: str | None
    ) -> DispositionView:
        """Put one below ``parent``, last among its siblings; ``code`` None makes one up.

        Raises ``disposition-not-found``, ``disposition-code-taken``, ``disposition-too-deep``,
        ``disposition-retired``, ``too-many-dispositions``, ``Invalid``.
        """
        fine = self._checked(actor.tenant_id, content)
        wanted = None if code is None else disposition_code(code)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            tree = await repository.tree_locked(tx)
            if len(tree) >= MOST_CODES:
                raise Conflict("too-many-dispositions", max=MOST_CODES)
            if parent is not None:
                _check_parent(parent, tree)
            if wanted in tree:
                raise Conflict("disposition-code-taken", field="code", code=wanted or "")
            node = DispositionView(
                code=wanted or next_code(parent, tree), parent=parent, **msgspec.structs.asdict(fine)
            )
            await repository.add(tx, [node], position=len(tree))
            await self._tell(tx, actor, "disposition.added", node)
        return node

    async def change(self, actor: Actor, code: str, version: int, content: DispositionContent) -> DispositionView:
        """Rename one, or say for which queues it is. Raises ``disposition-not-found``, ``disposition-changed``."""
        fine = self._checked(actor.tenant_id, content)
        values = msgspec.structs.asdict(fine) | {"queue_ids": [str(one) for one in fine.queue_ids]}
        return await self._write(actor, code, version, values, "disposition.changed")

    async def retire(self, actor: Actor, code: str, version: int, *, retired: bool) -> DispositionView:
        """Take it and all below it out of use, or into it again. Raises as ``change`` does."""
        action = "disposition.retired" if retired else "disposition.restored"
        return await self._write(actor, code, version, {"retired": retired}, action)

    async def order(self, actor: Actor, parent: str | None, was: Sequence[str], codes: Sequence[str]) -> None:
        """Put the codes below ``parent`` into an order. ``was`` is the order that its changer saw.

        Raises ``disposition-order-changed`` when it is another by now, ``Invalid`` when these are not the same codes.
        """
        if sorted(was) != sorted(codes):
            raise Invalid("disposition-order-differs", field="codes")
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            tree = await repository.tree_locked(tx)
            if parent is not None and parent not in tree:
                raise _unknown(parent, "parent")
            if [one.code for one in tree.values() if one.parent == parent] != list(was):
                raise Conflict("disposition-order-changed", field="was")
            for position, code in enumerate(codes):
                await repository.place(tx, code, position)
            await self._identity.audit(tx, actor, "disposition.ordered", parent or "", {})

    async def _write(
        self, actor: Actor, code: str, version: int, values: dict[str, object], action: str
    ) -> DispositionView:
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            known = (await repository.tree_locked(tx)).get(code)
            if known is None:
                raise _unknown(code, "code")
            if not await repository.change(tx, code, version, values):
                raise EditedMeanwhile("disposition-changed", known.version)
            changed = (await repository.tree(tx))[code]
            await self._tell(tx, actor, action, changed)
        return changed

    async def _tell(self, tx: Transaction, actor: Actor, action: str, node: DispositionView) -> None:
        await self._identity.audit(tx, actor, action, node.code)

    def _checked(self, tenant_id: TenantId, content: DispositionContent) -> DispositionContent:
        known = {queue.id for queue in self._routing.queues(tenant_id)}
        if not known.issuperset(content.queue_ids):
            raise Invalid("queue-unknown", field="queue_ids")
        return DispositionContent(
            name=one_line(content.name, field="name", longest=MAX_TITLE),
            name_en=one_line(content.name_en, field="name_en", longest=2 * MAX_TITLE),
            queue_ids=tuple(dict.fromkeys(content.queue_ids)),
        )


def _check_parent(parent: str, tree: dict[str, DispositionView]) -> None:
    way = way_to(parent, tree)
    if not way:
        raise _unknown(parent, "parent")
    if len(way) >= MOST_LEVELS:
        raise Conflict("disposition-too-deep", field="parent", max=MOST_LEVELS)
    if any(one.retired for one in way):
        raise Conflict("disposition-retired", field="parent")


def _unknown(code: str, field: str) -> NotFound:
    return NotFound("disposition-not-found", field=field, code=code)
