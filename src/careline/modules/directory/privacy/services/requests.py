"""Asking, deciding and looking on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.jobs.jobs import Jobs
from careline.kernel.errors import Forbidden, Invalid
from careline.kernel.ids import new_id
from careline.kernel.paging import Page, checked_limit, checked_position
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.errors import (
    ErasureHindered,
    OwnRequest,
    RequestChanged,
    RequestOpen,
    RequestUnknown,
    RulesChanged,
)
from careline.modules.directory.privacy.repository import requests as repository
from careline.modules.directory.privacy.repository import rules as ruled
from careline.modules.directory.privacy.repository import taken
from careline.modules.directory.privacy.rules import (
    PAPERS,
    PROVED_WITHIN,
    STUCK_AFTER,
    at_least,
    check_assurance,
    check_recent,
    checked_copies,
    checked_days,
    due,
)
from careline.modules.directory.privacy.services.custodians import Custodians
from careline.modules.directory.privacy.services.exporting import check_sees_all
from careline.modules.directory.privacy.states import RequestState
from careline.modules.directory.privacy.views import (
    CopyTaken,
    Refusal,
    RequestKind,
    RequestShown,
    RequestView,
    RulesView,
)

DOWNLOAD = "data-request:download"
EXPORT = "privacy.exports"
ERASE = "privacy.erases"


class Work(msgspec.Struct, frozen=True):
    """Which request is to be worked on."""

    request_id: UUID


class Requests:
    """Use cases of people; the work itself is done by jobs."""

    def __init__(self, database: Database, identity: Identity, jobs: Jobs, custodians: Custodians) -> None:
        self._database = database
        self._identity = identity
        self._jobs = jobs
        self._custodians = custodians

    async def ask(
        self, actor: Actor, kind: RequestKind, customer_id: UUID, assurance: str, interaction_id: UUID | None
    ) -> UUID:
        """Write down what a customer asks for; an erasure waits for somebody else, and a copy when the tenant wants it.

        Raises "customer-not-found", ``AssuranceTooLow``, ``ContactTooOld``, ``RequestOpen``, and
        "data-request-other-contact" for a contact of somebody else.
        """
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            present = await self._custodians.subjects.present(tx, customer_id)
            level = None
            if interaction_id is None and assurance != PAPERS:
                since = tx.now - PROVED_WITHIN
                interaction_id = await self._custodians.contacts.proving(tx, present, at_least(assurance), since)
            if interaction_id is not None:
                proof = await self._custodians.contacts.proof(tx, interaction_id, present)
                if proof is None:
                    raise Invalid("data-request-other-contact", field="interaction_id")
                check_recent(proof.at, tx.now)
                level = proof.level
            check_assurance(assurance, in_contact=level)
            if await repository.open_of(tx, present, kind):
                raise RequestOpen
            rules = await ruled.rules(tx)
            waits = kind is RequestKind.ERASURE or rules.copies_decided
            request = RequestView(
                id=new_id(),
                kind=kind,
                state=RequestState.WAITING if waits else RequestState.RUNNING,
                customer_id=present,
                assurance=assurance,
                interaction_id=interaction_id,
                asked_at=tx.now,
                asked_by=actor.id,
                due_at=due(tx.now, rules.due_days),
                version=1,
            )
            await repository.add(tx, request)
            told = {"kind": kind.value, "customer": str(present), "assurance": assurance}
            await self._identity.audit(tx, actor, "data-request.asked", request.id, told)
            if not waits:
                await self._jobs.schedule(tx, EXPORT, Work(request.id), key=str(request.id))
        return request.id

    async def approve(self, actor: Actor, request_id: UUID, version: int) -> None:
        """Have an erasure carried out, or a copy made. Who asked for it does not approve it.

        Raises ``RequestUnknown``, ``RequestChanged``, ``OwnRequest``, ``ErasureHindered``.
        """
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            request = await self._waiting(tx, actor, request_id)
            if request.kind is RequestKind.ERASURE:
                await self.check_free(tx, request)
            values = {"decided_at": tx.now, "decided_by": actor.id}
            if not await repository.change(tx, request_id, RequestState.RUNNING, version, **values):
                raise RequestChanged(request.state)
            told = {"customer": str(request.customer_id)}
            await self._identity.audit(tx, actor, "data-request.approved", request_id, told)
            work = ERASE if request.kind is RequestKind.ERASURE else EXPORT
            await self._jobs.schedule(tx, work, Work(request_id), key=str(request_id))

    async def refuse(self, actor: Actor, request_id: UUID, version: int, why: Refusal) -> None:
        """Say no to what waits, with the reason. Raises ``RequestUnknown``, ``RequestChanged``, ``OwnRequest``."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            request = await self._waiting(tx, actor, request_id)
            values = {"decided_at": tx.now, "decided_by": actor.id, "done_at": tx.now, "refusal": why.value}
            if not await repository.change(tx, request_id, RequestState.REFUSED, version, **values):
                raise RequestChanged(request.state)
            told = {"customer": str(request.customer_id), "why": why.value}
            await self._identity.audit(tx, actor, "data-request.refused", request_id, told)

    async def check_free(self, reading: Reading, request: RequestView) -> None:
        """Raises ``ErasureHindered`` while something is going on with the customer."""
        person = await self._custodians.trace(reading, request.customer_id)
        for one in await self._custodians.hindrances(reading, person):
            if one.blocks:
                raise ErasureHindered(one.code, one.count)

    async def one(self, actor: Actor, request_id: UUID) -> RequestShown:
        """A request with what was done, and, while it waits, what stands against it."""
        async with self._database.reading(actor.tenant_id) as reading:
            request = await repository.find(reading, request_id)
            if request is None:
                raise RequestUnknown
            steps = await repository.steps(reading, request_id)
            takers = await taken.of(reading, request_id)
            hindrances = []
            if request.kind is RequestKind.ERASURE and request.state is RequestState.WAITING:
                person = await self._custodians.trace(reading, request.customer_id)
                hindrances = await self._custodians.hindrances(reading, person)
            late = {one for one, _, _ in await repository.stuck(reading, reading.now - STUCK_AFTER)}
            now = reading.now
        shown = (await self._shown(actor, [request], now, late))[0]
        takeable = request.state is RequestState.READY and await self._may_take(actor)
        names = await self._identity.names(actor.tenant_id, {UUID(str(one.by)) for one in takers}) if takers else {}
        named = [CopyTaken(by=names.get(UUID(str(one.by)), ""), at=one.at) for one in takers]
        return msgspec.structs.replace(shown, steps=steps, hindrances=hindrances, taken=named, takeable=takeable)

    async def _may_take(self, actor: Actor) -> bool:
        if DOWNLOAD not in actor.permissions:
            return False
        try:
            await check_sees_all(self._identity, actor)
        except Forbidden:
            return False
        return True

    async def page(
        self,
        actor: Actor,
        *,
        kind: RequestKind | None = None,
        states: Collection[RequestState] = (),
        customer_id: UUID | None = None,
        stuck: bool = False,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[RequestShown]:
        """Requests, the newest first; with ``stuck``, those that fail again and again. Raises "customer-not-found"."""
        checked_limit(limit)
        async with self._database.reading(actor.tenant_id) as reading:
            if customer_id is not None:
                customer_id = await self._custodians.subjects.present(reading, customer_id)
            found = await repository.page(
                reading,
                kind=kind,
                states=states,
                customer_id=customer_id,
                after=checked_position(after),
                limit=limit + 1,
                stuck_before=reading.now - STUCK_AFTER if stuck else None,
            )
            late = {one for one, _, _ in await repository.stuck(reading, reading.now - STUCK_AFTER)}
            now = reading.now
        following = str(found[limit - 1].id) if len(found) > limit else None
        return Page(items=await self._shown(actor, found[:limit], now, late), next=following)

    async def rules(self, tenant_id: TenantId) -> RulesView:
        """What the tenant set, or the defaults."""
        async with self._database.reading(tenant_id) as reading:
            return await ruled.rules(reading)

    async def set_rules(self, actor: Actor, wanted: RulesView) -> RulesView:
        """Set days and how copies are handed out. What is due already stays due, and what waits goes on waiting.

        Raises ``Invalid``, ``RulesChanged``.
        """
        checked_copies(wanted.copies_a_day)
        checked_days(wanted.due_days, "due_days", least=1)
        checked_days(wanted.recording_days, "recording_days", least=0)
        checked_days(wanted.complaint_days, "complaint_days", least=0)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if not await ruled.set_rules(tx, wanted):
                raise RulesChanged((await ruled.rules(tx)).version)
            told = {field: value for field, value in msgspec.structs.asdict(wanted).items() if field != "version"}
            await self._identity.audit(tx, actor, "data-request.rules-set", None, told)
            return await ruled.rules(tx)

    async def _waiting(self, tx: Transaction, actor: Actor, request_id: UUID) -> RequestView:
        request = await repository.locked(tx, request_id)
        if request is None:
            raise RequestUnknown
        if request.state is not RequestState.WAITING:
            raise RequestChanged(request.state)
        if request.asked_by is not None and request.asked_by == actor.id:
            raise OwnRequest
        return request

    async def _shown(
        self, actor: Actor, requests: Sequence[RequestView], now: datetime, late: Collection[UUID]
    ) -> list[RequestShown]:
        people = {one for request in requests for one in (request.asked_by, request.decided_by) if one is not None}
        names = await self._identity.names(actor.tenant_id, people) if people else {}
        customers: dict[UUID, str] = {}
        if "customer:read" in actor.permissions and requests:
            ids = {request.customer_id for request in requests}
            customers = await self._custodians.subjects.masked_names(actor.tenant_id, ids)
        return [
            RequestShown(
                request=request,
                customer_name=customers.get(request.customer_id),
                asked_by=None if request.asked_by is None else names.get(request.asked_by, ""),
                decided_by=None if request.decided_by is None else names.get(request.decided_by, ""),
                overdue=request.done_at is None and request.due_at < now,
                stuck=request.id in late,
            )
            for request in requests
        ]
