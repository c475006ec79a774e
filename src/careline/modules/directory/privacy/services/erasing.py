"""Carrying out an erasure: custodian after custodian, each in one transaction with what is written down of it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.kernel.tenancy import TenantId, system_actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.errors import LIVE
from careline.modules.directory.privacy.repository import requests as repository
from careline.modules.directory.privacy.repository import rules as ruled
from careline.modules.directory.privacy.services.custodians import Custodians
from careline.modules.directory.privacy.services.listing import ErasureList
from careline.modules.directory.privacy.services.requests import ERASE, Work
from careline.modules.directory.privacy.states import RequestState
from careline.modules.directory.privacy.views import ListedErasure, Person, RequestKind, RequestView

HINDERED_FOR = timedelta(minutes=10)
"""So long until it is looked again whether a contact that began after the approval is over."""

SETTLED_AFTER = timedelta(minutes=1)
"""Longer than any transaction lasts that had read the customer before the erasure."""


class Erasing:
    """The process may die at any line: what was done is known, and everything may be done again."""

    def __init__(
        self, database: Database, identity: Identity, jobs: Jobs, custodians: Custodians, listing: ErasureList
    ) -> None:
        self._database = database
        self._identity = identity
        self._jobs = jobs
        self._custodians = custodians
        self._listing = listing

    async def work(self, tenant_id: TenantId, request_id: UUID) -> None:
        """Begin, go on, settle, or let go what had to be kept until now; whichever it is time for."""
        request = await self._begin(tenant_id, request_id)
        if request is None or request.person is None:
            return
        if request.state is RequestState.RUNNING:
            await self._listing.add(_listed(tenant_id, request, request.person))
        await self._erase(tenant_id, request, request.person)

    async def over(self, tenant_id: TenantId, request_ids: Sequence[UUID]) -> set[UUID]:
        """Those of some erasures that this database knows to be carried out."""
        async with self._database.reading(tenant_id) as reading:
            begun = await repository.begun(reading, request_ids)
        return {one for one, state in begun.items() if state is not RequestState.RUNNING}

    async def carried_out(self, tenant_id: TenantId) -> list[ListedErasure]:
        """Every erasure of this database that began, as the list has to name it."""
        async with self._database.reading(tenant_id) as reading:
            begun = await repository.all_begun(reading)
        return [_listed(tenant_id, one, one.person) for one in begun if one.person is not None]

    async def again(self, listed: ListedErasure) -> bool:
        """Erase anew whom a database that was brought back knows again; False when it has nothing to forget."""
        tenant_id = listed.tenant_id
        async with self._database.reading(tenant_id) as reading:
            known = await repository.find(reading, listed.request_id)
        if known is not None and known.person is not None:
            if known.state is RequestState.RUNNING:  # the process died, perhaps again and again: nobody waits longer
                await self.work(tenant_id, listed.request_id)
            return False
        async with self._database.transaction(tenant_id) as tx:
            await repository.forget(tx, listed.request_id)
            found = await self._custodians.trace(tx, listed.customer_id)
            request = _brought_back(listed, listed.person.and_also(found))
            await repository.add(tx, request)
            told = {"customer": str(listed.customer_id)}
            await self._identity.audit(tx, system_actor(tenant_id), "data-request.applied-again", request.id, told)
        assert request.person is not None
        await self._erase(tenant_id, request, request.person)
        return True

    async def _begin(self, tenant_id: TenantId, request_id: UUID) -> RequestView | None:
        """The request with all ids of the person, those found earlier and those found now; None for no work."""
        async with self._database.transaction(tenant_id) as tx:
            request = await repository.locked(tx, request_id)
            if request is None or request.kind is not RequestKind.ERASURE:
                return None
            if request.state not in (RequestState.RUNNING, RequestState.DONE):
                return None
            person = await self._custodians.trace(tx, request.customer_id)
            if request.person is not None:
                person = request.person.and_also(person)
            elif LIVE in {one.code for one in await self._custodians.hindrances(tx, person)}:
                await self._jobs.schedule(
                    tx, ERASE, Work(request_id), run_at=tx.now + HINDERED_FOR, key=str(request_id)
                )
                return None
            begun = request.begun_at or tx.now
            await repository.note(tx, request_id, person=repository.plain(person), begun_at=begun)
            return await repository.find(tx, request_id)

    async def _erase(self, tenant_id: TenantId, request: RequestView, person: Person) -> None:
        for custodian in self._custodians.downwards:
            async with self._database.transaction(tenant_id) as tx:
                retention = (await ruled.rules(tx)).retention
                erased = await custodian.erase(tx, person, retention)
                await repository.record_step(tx, request.id, custodian.code, erased)
        await self._discard(tenant_id, request.id)
        await self._finish(tenant_id, request.id, person)

    async def _discard(self, tenant_id: TenantId, request_id: UUID) -> None:
        """What an earlier run wrote down and did not come to discard is among it."""
        async with self._database.reading(tenant_id) as reading:
            steps = {step.custodian: step for step in await repository.steps(reading, request_id)}
        for custodian in self._custodians.downwards:
            step = steps.get(custodian.code)
            if step is not None and step.leftovers:
                await custodian.discard(tenant_id, step.leftovers)
                async with self._database.transaction(tenant_id) as tx:
                    await repository.nothing_left(tx, request_id, custodian.code, step.leftovers)

    async def _finish(self, tenant_id: TenantId, request_id: UUID, person: Person) -> None:
        async with self._database.transaction(tenant_id) as tx:
            steps = await repository.steps(tx, request_id)
            kept = [one for step in steps for one in step.kept]
            until = repository.later(kept)
            await repository.note(tx, request_id, kept_until=until)
            if await repository.change(tx, request_id, RequestState.DONE, done_at=tx.now):
                told = {"erased": sum(sum(step.counts.values()) for step in steps), "kept": sum(k.count for k in kept)}
                await self._identity.audit(tx, system_actor(tenant_id), "data-request.erased", request_id, told)
                until = tx.now + SETTLED_AFTER
            elif LIVE in {one.code for one in await self._custodians.hindrances(tx, person)}:
                # It began while the customer was still known: what is said in it is to go, too.
                until = min(until or tx.now + HINDERED_FOR, tx.now + HINDERED_FOR)
            if until is not None:
                await self._jobs.schedule(tx, ERASE, Work(request_id), run_at=until, key=str(request_id))


def _listed(tenant_id: TenantId, request: RequestView, person: Person) -> ListedErasure:
    return ListedErasure(
        tenant_id=tenant_id,
        request_id=request.id,
        person=person,
        customer_id=request.customer_id,
        assurance=request.assurance,
        asked_at=request.asked_at,
        asked_by=request.asked_by,
        decided_at=request.decided_at or request.asked_at,
        decided_by=request.decided_by,
    )


def _brought_back(listed: ListedErasure, person: Person) -> RequestView:
    return RequestView(
        id=listed.request_id,
        kind=RequestKind.ERASURE,
        state=RequestState.RUNNING,
        customer_id=listed.customer_id,
        assurance=listed.assurance,
        interaction_id=None,
        asked_at=listed.asked_at,
        asked_by=listed.asked_by,
        due_at=listed.decided_at,
        version=1,
        decided_at=listed.decided_at,
        decided_by=listed.decided_by,
        begun_at=listed.decided_at,
        person=person,
    )
