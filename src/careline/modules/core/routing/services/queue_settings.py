"""An administrator makes and changes queues; the shard that runs follows the event."""

from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.kernel.text import checked_text
from careline.modules.core.hours.facade import Hours
from careline.modules.core.routing import repository, rules
from careline.modules.core.routing.events import QueueAdded, QueueChanged
from careline.modules.core.routing.services import rebuilding
from careline.modules.core.routing.views import Media, QueueInFull, QueueSettings
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People


class QueueKeeper:
    """Queues as they are set. What is wrong with a setting is said before anything is stored."""

    def __init__(self, database: Database, people: People, identity: Identity, hours: Hours) -> None:
        self._database = database
        self._people = people
        self._identity = identity
        self._hours = hours

    async def queues(self, actor: Actor, query: str | None = None) -> list[QueueInFull]:
        """The tenant's queues by code, or those with the words in code or name."""
        async with self._database.reading(actor.tenant_id) as reading:
            found = [_in_full(row) for row in await repository.queues(reading)]
        words = (query or "").strip().casefold()
        return [queue for queue in found if words in f"{queue.settings.code} {queue.settings.name}".casefold()]

    async def queue(self, actor: Actor, queue_id: UUID) -> QueueInFull:
        """One queue. Raises ``NotFound`` ("queue-not-found")."""
        for queue in await self.queues(actor):
            if queue.id == queue_id:
                return queue
        raise NotFound("queue-not-found", id=str(queue_id))

    async def make(self, actor: Actor, wanted: QueueSettings) -> QueueInFull:
        """Make a queue. Raises ``Invalid``, or ``Conflict`` ("queue-code-taken")."""
        rules.checked_code(wanted.code)
        checked = await self._checked(actor, wanted)
        queue_id = new_id()
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await self._check_together(tx, queue_id, checked)
            await repository.insert_queue(tx, {"id": queue_id, "code": checked.code, "version": 1, **_values(checked)})
            tx.emit(QueueAdded(queue_id=queue_id), subject=queue_id)
            await self._identity.audit(tx, actor, "queue.created", queue_id, {"code": checked.code})
        return await self.queue(actor, queue_id)

    async def change(self, actor: Actor, queue_id: UUID, wanted: QueueSettings) -> QueueInFull:
        """Set a queue anew; its code stays. Raises ``Conflict`` ("settings-changed") for an older ``version``."""
        before = (await self.queue(actor, queue_id)).settings
        checked = await self._checked(actor, wanted)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await self._check_together(tx, queue_id, checked)
            await repository.change_queue(tx, queue_id, wanted.version, _values(checked))
            tx.emit(QueueChanged(queue_id=queue_id, version=wanted.version + 1), subject=queue_id)
            changed = ",".join(_changed(before, checked))
            await self._identity.audit(tx, actor, "queue.changed", queue_id, {"code": before.code, "fields": changed})
        return await self.queue(actor, queue_id)

    async def _checked(self, actor: Actor, wanted: QueueSettings) -> QueueSettings:
        needs = rules.checked_needs(wanted.needs, {skill for skill, _ in wanted.needs})
        rules.check_number(len(wanted.media), "media", 1, len(Media))
        rules.check_number(wanted.target, "target", 0, 1)
        rules.check_number(wanted.target_seconds, "target_seconds", 0, rules.DAY_S)
        rules.check_number(wanted.ring_seconds, "ring_seconds", 5, 300)
        rules.check_number(wanted.wrap_up_seconds, "wrap_up_seconds", 0, 3600)
        if wanted.rules.calendar_id is not None:
            calendars = {view.id for view in await self._hours.calendars(actor.tenant_id)}
            if wanted.rules.calendar_id not in calendars:
                raise Invalid("calendar-unknown", field="rules/calendar_id")
        return msgspec.structs.replace(
            wanted,
            name=checked_text(wanted.name, field="name", max_length=60),
            media=sorted(set(wanted.media)),
            needs=list(needs),
            rules=rules.checked_rules(wanted.rules, needs),
        )

    async def _check_together(self, tx: Transaction, queue_id: UUID, wanted: QueueSettings) -> None:
        rules.checked_needs(wanted.needs, await self._people.hold_skills(tx))
        stored = await repository.locked_queues(tx)
        together = {row.id: (frozenset(row.media), rebuilding.rules_of(row)) for row in stored}
        together[queue_id] = (frozenset(medium.value for medium in wanted.media), wanted.rules)
        rules.check_together(queue_id, together)


def _values(settings: QueueSettings) -> dict[str, Any]:
    return {
        "name": settings.name,
        "media": [medium.value for medium in settings.media],
        "needs": [list(need) for need in settings.needs],
        "target": settings.target,
        "target_seconds": settings.target_seconds,
        "ring_seconds": settings.ring_seconds,
        "wrap_up_seconds": settings.wrap_up_seconds,
        "rules": msgspec.to_builtins(settings.rules),
    }


def _changed(before: QueueSettings, after: QueueSettings) -> list[str]:
    """The names of what is another now, for the audit."""
    old, new = _values(before), _values(after)
    names = [name for name in old if name != "rules" and old[name] != new[name]]
    return names + [name for name in old["rules"] if old["rules"][name] != new["rules"][name]]


def _in_full(row: repository.Record) -> QueueInFull:
    return QueueInFull(id=row.id, settings=rebuilding.settings_view(row))
