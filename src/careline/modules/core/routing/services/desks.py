"""Dedicated desks, the tenant's reasons of not being ready, and how the media share an agent's attention."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.core.routing import repository, rules
from careline.modules.core.routing.events import DeskChanged, MediaRulesChanged, ReasonsChanged
from careline.modules.core.routing.views import DeskView, Media, MediaRules, Reason, Reasons
from careline.modules.directory.identity.facade import Identity


class Desks:
    """What is set of a tenant beside queues and agents."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def desks(self, tenant_id: TenantId) -> list[DeskView]:
        """The tenant's desks, by name."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.desks(reading)

    async def make(self, actor: Actor, wanted: DeskView) -> DeskView:
        """Make a desk. Raises ``Invalid``, or ``Conflict`` ("desk-name-taken")."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            desk = msgspec.structs.replace(await _checked(tx, wanted), id=new_id(), version=1)
            await repository.insert_desk(tx, desk)
            tx.emit(DeskChanged(desk_id=desk.id), subject=desk.id)
            await self._identity.audit(tx, actor, "desk.created", desk.id)
        return desk

    async def change(self, actor: Actor, wanted: DeskView) -> DeskView:
        """Keep a desk for others. Raises ``NotFound``, or ``Conflict`` ("settings-changed")."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if wanted.id not in {desk.id for desk in await repository.desks(tx)}:
                raise NotFound("desk-not-found", id=str(wanted.id))
            desk = msgspec.structs.replace(await _checked(tx, wanted), version=wanted.version + 1)
            await repository.change_desk(tx, desk)
            tx.emit(DeskChanged(desk_id=desk.id), subject=desk.id)
            await self._identity.audit(tx, actor, "desk.changed", desk.id)
        return desk

    async def remove(self, actor: Actor, desk_id: UUID) -> None:
        """Give a desk up. Raises ``Conflict`` ("desk-in-use") while somebody sits there."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if not await repository.hold_desk(tx, desk_id, to_remove=True):
                raise NotFound("desk-not-found", id=str(desk_id))
            sitting = sum(seat.desk_id == desk_id for seat in (await repository.seats(tx)).values())
            if sitting:
                raise Conflict("desk-in-use", agents=sitting)
            await repository.remove_desk(tx, desk_id)
            tx.emit(DeskChanged(desk_id=desk_id), subject=desk_id)
            await self._identity.audit(tx, actor, "desk.removed", desk_id)

    async def reasons(self, tenant_id: TenantId) -> Reasons:
        """The tenant's reasons of not being ready."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.reasons(reading)

    async def set_reasons(self, actor: Actor, wanted: Sequence[Reason], version: int) -> Reasons:
        """Replace the list; who is not ready for a reason that is gone stays so. Raises ``Conflict``."""
        reasons = Reasons(items=list(rules.checked_reasons(wanted)), version=version + 1)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await repository.set_reasons(tx, reasons)
            tx.emit(ReasonsChanged(version=reasons.version), subject=actor.tenant_id)
            codes = ",".join(reason.code for reason in reasons.items)
            await self._identity.audit(tx, actor, "not-ready-reasons.changed", None, {"codes": codes})
        return reasons

    async def media_rules(self, tenant_id: TenantId) -> MediaRules:
        """How the media share an agent's attention."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.media_rules(reading)

    async def set_media_rules(self, actor: Actor, wanted: MediaRules) -> MediaRules:
        """Let them share it otherwise; what agents have in hand stays theirs. Raises ``Invalid``, ``Conflict``."""
        if Media.MESSAGE in wanted.message_interrupted_by:
            raise Invalid("message-cannot-interrupt-itself", field="message_interrupted_by")
        after = wanted.message_beside_after_s
        rules.check_number(after, "message_beside_after_s", 0, rules.DAY_S)
        by = tuple(media for media in Media if media in wanted.message_interrupted_by)
        found = msgspec.structs.replace(wanted, message_interrupted_by=by, version=wanted.version + 1)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await repository.set_media_rules(tx, found)
            tx.emit(MediaRulesChanged(version=found.version), subject=actor.tenant_id)
            await self._identity.audit(
                tx,
                actor,
                "media-rules.changed",
                None,
                {
                    "call_beside_chats": found.call_beside_chats,
                    "message_interrupted_by": ",".join(by),
                    "message_beside_after_s": "" if after is None else after,
                },
            )
        return found


async def _checked(reading: Reading, wanted: DeskView) -> DeskView:
    if not set(wanted.queues) <= {row.id for row in await repository.queues(reading)}:
        raise Invalid("queue-unknown", field="queues")
    return msgspec.structs.replace(
        wanted,
        name=checked_text(wanted.name, field="name", max_length=60),
        queues=sorted(set(wanted.queues)),
        kinds=rules.checked_kinds(wanted.kinds),
    )
