"""What somebody tried and may not do, in the audit: soon, and once a minute for each who and what.

A refusal is only counted while the request is answered. What was counted is written behind it, in one transaction for
each tenant, so that a flood of refusals makes neither the requests of others slow nor the trail long. A process that
is killed loses the count of the last minute at most, and of what was new those of the last seconds.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.uninterrupted import uninterrupted
from careline.kernel.clock import Clock
from careline.kernel.errors import Forbidden, Param
from careline.kernel.tenancy import Actor, ActorKind, TenantId, system_actor
from careline.modules.directory.identity.services.audit import AuditTrail

logger = logging.getLogger(__name__)

WRITE_EVERY_S = 2.0
ONCE_IN = timedelta(minutes=1)
"""So long the same of the same one is counted before it is written again."""

MOST_OF_ONE = 20
"""Operations of one actor that are told apart within ``ONCE_IN``; those beyond are told together."""

MOST_OF_TENANT = 100
"""Entries of one tenant within ``ONCE_IN``; whatever is beyond is one entry of the system's."""

ANY = "*"
"""In place of an operation: whatever was beyond the bounds."""

_Key = tuple[TenantId, str, str, str]


class _Counted(msgspec.Struct):
    """How often, since it was written last; ``quiet_until`` it is only counted."""

    actor: Actor
    quiet_until: datetime
    times: int = 0
    permission: Param = None
    target: UUID | None = None


class Denials:
    """Counts refusals and writes them into the audit of each tenant."""

    def __init__(self, database: Database, clock: Clock, trail: AuditTrail) -> None:
        self._database = database
        self._clock = clock
        self._trail = trail
        self._counted: dict[_Key, _Counted] = {}
        self._of_tenant: dict[TenantId, dict[str, int]] = {}
        self._writer: asyncio.Task[None] | None = None

    def note(self, actor: Actor, operation: str, refusal: Forbidden, target: UUID | None = None) -> None:
        """Somebody was refused ``operation``, perhaps on ``target``. Waits for nothing.

        Customers are left out: whoever comes to the portal is given a name, and may take as many as they like.
        """
        if actor.kind is ActorKind.CUSTOMER:
            return
        key = (actor.tenant_id, actor.ref, operation, refusal.code)
        counted = self._counted.get(key) or self._room_for(key, actor)
        counted.times += 1
        counted.target = target
        counted.permission = refusal.params.get("permission")

    def _room_for(self, key: _Key, actor: Actor) -> _Counted:
        tenant_id, who, operation, _code = key
        known = self._of_tenant.setdefault(tenant_id, {})
        if sum(known.values()) >= MOST_OF_TENANT:
            actor, key = system_actor(tenant_id), (tenant_id, "", ANY, ANY)
        elif known.get(who, 0) >= MOST_OF_ONE:
            key = (tenant_id, who, ANY, ANY)
        elif operation != ANY:
            known[who] = known.get(who, 0) + 1
        return self._counted.setdefault(key, _Counted(actor, self._clock.now()))

    async def write(self, *, all_of_it: bool = False) -> None:
        """Write what is due; ``all_of_it`` also what would still be counted."""
        now = self._clock.now()
        due: dict[TenantId, list[tuple[_Key, _Counted]]] = {}
        for key, counted in list(self._counted.items()):
            if counted.times and (all_of_it or counted.quiet_until <= now):
                due.setdefault(key[0], []).append((key, counted))
            elif counted.quiet_until <= now:
                self._forget(key)
        for tenant_id, found in due.items():
            await self._write(tenant_id, found, now)

    async def _write(self, tenant_id: TenantId, found: list[tuple[_Key, _Counted]], now: datetime) -> None:
        taken = [(one, one.times, key[2], _params(key[3], one)) for key, one in found]
        for one, *_ in taken:
            one.times, one.quiet_until = 0, now + ONCE_IN
        try:
            async with self._database.transaction(tenant_id) as tx:
                for one, _, operation, params in taken:
                    self._trail.record(tx, one.actor, "access.denied", operation, params)
        except BaseException:
            for one, times, *_ in taken:
                one.times, one.quiet_until = one.times + times, now  # it is written when it can be
            raise

    def _forget(self, key: _Key) -> None:
        tenant_id, who, operation, _ = key
        del self._counted[key]
        known = self._of_tenant.get(tenant_id, {})
        if operation != ANY and who in known:
            known[who] -= 1
            if not known[who]:
                del known[who]
        if not known:
            self._of_tenant.pop(tenant_id, None)

    async def start(self) -> None:
        """Begin to write."""
        self._writer = asyncio.create_task(self._keep_writing(), name="denials")

    async def stop(self) -> None:
        """Write what is left, and no more."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
            self._writer = None
            await self.write(all_of_it=True)

    async def _keep_writing(self) -> None:
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            try:
                await uninterrupted(self.write())  # or nobody would know what of it is stored
            except Exception:
                logger.exception("what was denied could not be written")


def _params(code: str, counted: _Counted) -> dict[str, Param]:
    target = None if counted.target is None else str(counted.target)
    told: dict[str, Param] = {"reason": code, "permission": counted.permission, "id": target, "times": counted.times}
    return {name: value for name, value in told.items() if value is not None}
