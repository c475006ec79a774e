"""Two customers who are one person: showing what a merge would make, and merging them.

A merge is one transaction over all modules, and cannot be undone: what was whose is not kept apart afterwards.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.jobs.jobs import Jobs
from careline.kernel.errors import Conflict, Invalid
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.customers import rules
from careline.modules.directory.customers.engine import duplicates
from careline.modules.directory.customers.errors import CustomerChanged, CustomerUnknown
from careline.modules.directory.customers.events import CustomersMerged
from careline.modules.directory.customers.ports import Keeper
from careline.modules.directory.customers.repository import customers, dismissals, merging, record, search
from careline.modules.directory.customers.services.index import TermIndex
from careline.modules.directory.customers.views import (
    ConsentPurpose,
    ConsentWay,
    Level,
    MergePreview,
    MergeSide,
    MergeSource,
    MergeWanted,
)
from careline.modules.directory.identity.facade import Identity

SETTLE = "customers.settles-merge"
SETTLED_AFTER = timedelta(minutes=1)
"""Longer than any transaction lasts that had read the old id before the merge."""
_LEVELS = list(Level)


class Settle(msgspec.Struct, frozen=True):
    """To be moved once more."""

    absorbed_id: UUID


class Merging:
    """Use cases of merging. What other modules keep of customers they move themselves: they are ``keepers``."""

    def __init__(
        self,
        database: Database,
        identity: Identity,
        jobs: Jobs,
        index: TermIndex,
        keepers: Sequence[Keeper],
    ) -> None:
        self._database = database
        self._identity = identity
        self._jobs = jobs
        self._index = index
        self._keepers = keepers

    async def preview(self, actor: Actor, survivor_id: UUID, absorbed_id: UUID) -> MergePreview:
        """Both sides and the result. Both were looked into, which stands in the audit. Raises as ``merge`` does."""
        async with self._database.reading(actor.tenant_id) as reading:
            known = await self._both(reading, survivor_id, absorbed_id)
            marks = await merging.marks(reading, list(known))
            sides = {side: await self._side(reading, side) for side in known}
        for looked_at in known:
            await self._identity.audit_read(actor, "customer.record-opened", looked_at, {"for": "merge"})
        one, other = known[survivor_id], known[absorbed_id]
        likeness, reasons = duplicates.compared(marks[survivor_id], marks[absorbed_id])
        mine, theirs = sides[survivor_id].consents, sides[absorbed_id].consents
        agreed = {
            purpose: duplicates.stricter(mine.get(purpose), theirs.get(purpose)) for purpose in {**mine, **theirs}
        }
        return MergePreview(
            survivor=sides[survivor_id],
            absorbed=sides[absorbed_id],
            likeness=likeness,
            reasons=reasons,
            same_name=duplicates.LikenessReason.SAME_NAME in reasons,
            level=_higher(one["level"], other["level"]),
            language=one["language"],
            since=min(one["since"], other["since"]),
            tags=_together(one, other),
            consents={purpose: bool(given) for purpose, given in agreed.items()},
            withdrawn=[purpose for purpose in mine if purpose in theirs and mine[purpose] != theirs[purpose]],
        )

    async def merge(self, actor: Actor, survivor_id: UUID, wanted: MergeWanted) -> None:
        """Let the absorbed customer be the survivor. Whoever comes second finds another version and changes nothing.

        Raises "customer-not-found", "customer-changed", "merge-with-itself", "merge-already-done" and
        "merge-kinds-differ".
        """
        language = None if wanted.language is None else rules.checked_language(wanted.language)
        absorbed_id = wanted.absorbed_id
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            known = await self._both(tx, survivor_id, absorbed_id)
            one, other = known[survivor_id], known[absorbed_id]
            version = max(one["version"], other["version"]) + 1
            survivor = {
                "version": version,
                "level": wanted.level or _higher(one["level"], other["level"]),
                "language": language or one["language"],
                "since": min(one["since"], other["since"]),
                "tags": _together(one, other),
            }
            seen = {
                survivor_id: (wanted.version, survivor),
                absorbed_id: (wanted.absorbed_version, {"version": version, "tags": []}),
            }
            for customer_id in sorted(seen):  # in one order, so that two merges at once wait and do not block
                before, values = seen[customer_id]
                if not await merging.merge_rows(tx, customer_id, before, values):
                    raise CustomerChanged(known[customer_id]["version"])
            await self._say_no(tx, actor, survivor_id, absorbed_id)
            if wanted.name_of is MergeSource.ABSORBED:
                await merging.swap_names(tx, one, other)
            await self._move(tx, absorbed_id, survivor_id)
            tx.emit(CustomersMerged(survivor_id=survivor_id, absorbed_id=absorbed_id), subject=survivor_id)
            told = {"absorbed": str(absorbed_id), "name_of": wanted.name_of.value, "level": survivor["level"]}
            await self._identity.audit(tx, actor, "customer.merged", survivor_id, told)
            later = tx.now + SETTLED_AFTER
            await self._jobs.schedule(tx, SETTLE, Settle(absorbed_id), run_at=later, key=str(absorbed_id))

    async def settle(self, tenant_id: TenantId, absorbed_id: UUID) -> None:
        """Move what was stored under the absorbed id by who had read it before the merge and wrote after it."""
        async with self._database.transaction(tenant_id) as tx:
            survivor_id = await merging.present(tx, absorbed_id)
            if survivor_id != absorbed_id:
                await self._move(tx, absorbed_id, survivor_id)

    async def _move(self, tx: Transaction, absorbed_id: UUID, survivor_id: UUID) -> None:
        await dismissals.forget(tx, absorbed_id)
        await merging.take_over(tx, absorbed_id, survivor_id)
        for keeper in self._keepers:
            await keeper.take_over(tx, absorbed_id, survivor_id)
        await merging.absorb(tx, absorbed_id, survivor_id)
        await search.forget_terms(tx, absorbed_id)
        await self._index.renew(tx, survivor_id)

    async def _both(self, reading: Reading, survivor_id: UUID, absorbed_id: UUID) -> Mapping[UUID, Mapping[str, Any]]:
        if survivor_id == absorbed_id:
            raise Invalid("merge-with-itself", field="absorbed_id")
        known = await merging.rows(reading, [survivor_id, absorbed_id])
        if len(known) < 2:
            raise CustomerUnknown
        for row in known.values():
            if row["merged_into"] is not None:
                raise Conflict("merge-already-done", customer=str(row["id"]), into=str(row["merged_into"]))
        if known[survivor_id]["kind"] != known[absorbed_id]["kind"]:
            raise Conflict("merge-kinds-differ", field="absorbed_id")
        return known

    async def _say_no(self, tx: Transaction, actor: Actor, survivor_id: UUID, absorbed_id: UUID) -> None:
        """A no of either counts for both, also where the other had said yes later."""
        mine = await merging.latest_consents(tx, survivor_id)
        theirs = await merging.latest_consents(tx, absorbed_id)
        latest = {**mine}
        for purpose, row in theirs.items():
            if purpose not in latest or row.id > latest[purpose].id:
                latest[purpose] = row
        refused = duplicates.withdrawn_by_merge(_given(mine), _given(theirs), _given(latest))
        await merging.withdraw(
            tx,
            {purpose: new_id() for purpose in refused},
            {purpose: latest[purpose].basis for purpose in refused},
            customer_id=survivor_id,
            how=ConsentWay.MERGE.value,
            proof="",
            proof_version=None,
            recorded_by=actor.id,
        )

    async def _side(self, reading: Reading, customer_id: UUID) -> MergeSide:
        said = await merging.latest_consents(reading, customer_id)
        counts = await merging.counts(reading, customer_id)
        for keeper in self._keepers:
            counts |= await keeper.count(reading, customer_id)
        return MergeSide(
            customer=(await customers.views(reading, [customer_id]))[customer_id],
            contact_points=await record.contact_points(reading, customer_id),
            consents={ConsentPurpose(purpose): given for purpose, given in _given(said).items()},
            counts=counts,
        )


def _higher(one: str, other: str) -> Level:
    return max(Level(one), Level(other), key=_LEVELS.index)


def _together(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*one["tags"], *other["tags"]]))


def _given(said: Mapping[str, Any]) -> dict[str, bool]:
    return {purpose: row.given for purpose, row in said.items()}
