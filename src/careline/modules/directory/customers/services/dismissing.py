"""Saying of two customers that they are not one, and taking it back; once they have changed they are asked about."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.infra.sealing import Sealing
from careline.kernel.errors import Invalid, NotFound
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.customers.engine.duplicates import Marks, compared_by
from careline.modules.directory.customers.errors import CustomerUnknown
from careline.modules.directory.customers.repository import customers, dismissals, merging
from careline.modules.directory.customers.repository.dismissals import Pair
from careline.modules.directory.customers.views import CustomerView
from careline.modules.directory.identity.facade import Identity

PURPOSE = "dismissed-pairs"


class DismissedPair(msgspec.Struct, frozen=True, kw_only=True):
    """Two who are not one, as somebody said. ``changed``: not as they were then, so they are asked about again."""

    one: CustomerView
    other: CustomerView
    by_name: str | None
    at: datetime
    changed: bool


class Dismissing:
    """Use cases of dismissing. What two were compared by is kept as a keyed hash, so that no copy tells a number."""

    def __init__(self, database: Database, identity: Identity, sealing: Sealing) -> None:
        self._database = database
        self._identity = identity
        self._sealing = sealing

    async def asked(self, reading: Reading, marks: dict[UUID, Marks], pairs: Collection[Pair]) -> set[Pair]:
        """Those of the pairs that are still to be asked about: nobody said no, or they have changed since."""
        known = await dismissals.among(reading, marks.keys()) if pairs else {}
        found = set()
        for pair in pairs:
            said = known.get(_ordered(*pair))
            if said is None or said.mark != self._mark(marks[pair[0]], marks[pair[1]]):
                found.add(pair)
        return found

    async def dismiss(self, actor: Actor, one: UUID, other: UUID) -> None:
        """They are two. Raises "customer-not-found", "pair-of-one"."""
        pair = _ordered(one, other)
        if one == other:
            raise Invalid("pair-of-one", field="other_id")
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            for customer_id in pair:
                if await merging.present(tx, customer_id) != customer_id:
                    raise CustomerUnknown
            marks = await merging.marks(tx, pair)
            await dismissals.put(tx, pair, self._mark(marks[one], marks[other]), actor.id)
            await self._identity.audit(tx, actor, "customer.pair-dismissed", pair[0], {"other": str(pair[1])})

    async def restore(self, actor: Actor, one: UUID, other: UUID) -> None:
        """Ask about them again. Raises "pair-not-dismissed"."""
        pair = _ordered(one, other)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if not await dismissals.remove(tx, pair):
                raise NotFound("pair-not-dismissed")
            await self._identity.audit(tx, actor, "customer.pair-restored", pair[0], {"other": str(pair[1])})

    async def listed(
        self, tenant_id: TenantId, *, after: UUID | None, limit: int
    ) -> tuple[list[DismissedPair], UUID | None]:
        """What was dismissed, the latest first, and where the list goes on."""
        async with self._database.reading(tenant_id) as reading:
            found = await dismissals.latest(reading, after=after, limit=limit + 1)
            shown = found[:limit]
            ids = {one for said in shown for one in said.pair}
            views = await customers.views(reading, ids) if ids else {}
            marks = await merging.marks(reading, ids) if ids else {}
        names = await self._identity.users(tenant_id, {said.by for said in shown if said.by is not None})
        items = [
            DismissedPair(
                one=views[said.pair[0]],
                other=views[said.pair[1]],
                by_name=None if said.by is None or said.by not in names else names[said.by].display_name,
                at=said.at,
                changed=said.mark != self._mark(marks[said.pair[0]], marks[said.pair[1]]),
            )
            for said in shown
        ]
        return items, shown[-1].id if len(found) > limit else None

    def _mark(self, one: Marks, other: Marks) -> str:
        return self._sealing.mark(compared_by(one, other), purpose=PURPOSE)


def _ordered(one: UUID, other: UUID) -> Pair:
    return (one, other) if one < other else (other, one)
