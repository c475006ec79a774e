"""Flows are written, checked, published and rolled back."""

from typing import Any, Literal
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId, system_actor
from careline.modules.contact.flows import repository
from careline.modules.contact.flows.engine.checking import Problem, problems
from careline.modules.contact.flows.engine.definition import Flow, FlowLanguage
from careline.modules.contact.flows.events import FlowPublished
from careline.modules.contact.flows.views import FlowView, PublishedFlow
from careline.modules.directory.identity.facade import Identity


class Studio:
    """What an administrator does with flows, and where running contacts get theirs from."""

    def __init__(self, database: Database, language: FlowLanguage, identity: Identity) -> None:
        self._database = database
        self._language = language
        self._identity = identity
        self._generation = 0
        self._published: dict[tuple[TenantId, str, str], PublishedFlow] = {}
        self._read: dict[tuple[UUID, int], Flow] = {}

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a definition."""
        return self._language.schema()

    async def flows(self, tenant_id: TenantId) -> list[FlowView]:
        """All flows, by code."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.flows(reading)

    async def flow(self, tenant_id: TenantId, code: str) -> FlowView:
        """One flow, or ``NotFound``."""
        async with self._database.reading(tenant_id) as reading:
            found = await repository.flows(reading, code=code)
        if not found:
            raise NotFound("flow-not-found", code=code)
        return found[0]

    async def create(
        self, actor: Actor, code: str, name: str, definition: dict[str, Any], *, entry_channel: str | None = None
    ) -> FlowView:
        """A new flow with its first draft."""
        self._language.read(definition)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if await repository.flows(tx, code=code):
                raise Conflict("flow-code-taken", field="code", code=code)
            await self._begin(tx, actor, code, name, definition, entry_channel)
        return await self.flow(actor.tenant_id, code)

    async def is_led(self, reading: Reading, channel: str) -> bool:
        """Whether a flow is in force for a channel."""
        return await repository.published(reading, channel=channel) is not None

    async def provide(
        self, tx: Transaction, code: str, name: str, definition: dict[str, Any], entry_channel: str
    ) -> Literal["made", "led", "draft"]:
        """Put a flow in force for a channel that none leads; one that was begun with just this is gone on with.

        ``led``: one is in force there. ``draft``: another flow has the code, or somebody is writing this one.
        """
        self._language.read(definition)
        actor = system_actor(tx.tenant_id)
        await repository.lock_flow(tx, code)
        if await self.is_led(tx, entry_channel):
            return "led"
        known = await repository.flows(tx, code=code)
        if not known:
            await self._begin(tx, actor, code, name, definition, entry_channel)
        elif (known[0].definition, known[0].entry_channel) != (definition, entry_channel):
            return "draft"
        await self._put_in_force(tx, actor, code)
        return "made"

    async def _begin(
        self,
        tx: Transaction,
        actor: Actor,
        code: str,
        name: str,
        definition: dict[str, Any],
        entry_channel: str | None,
    ) -> None:
        flow_id = new_id()
        await repository.insert_flow(tx, flow_id, code, name, entry_channel)
        await repository.store_draft(tx, flow_id, 1, definition)
        await self._identity.audit(tx, actor, "flow.created", flow_id, {"version": 1})

    async def save_draft(self, actor: Actor, code: str, definition: dict[str, Any]) -> list[Problem]:
        """Keep a draft, whatever is still wrong with it; what is wrong is returned. Unreadable ones are refused."""
        flow = self._language.read(definition)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            view = await self._locked(tx, code)
            newest, published = view.newest_version, view.published_version
            version = newest if published is None or newest > published else newest + 1
            await repository.store_draft(tx, view.id, version, definition)
            await self._identity.audit(tx, actor, "flow.draft-saved", view.id, {"version": version})
        return problems(flow)

    async def publish(self, actor: Actor, code: str) -> int:
        """Put the draft in force for new contacts. Raises ``Invalid`` with the first problem when there is one."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            return await self._put_in_force(tx, actor, code)

    async def _put_in_force(self, tx: Transaction, actor: Actor, code: str) -> int:
        view = await self._locked(tx, code)
        self._require_sound(view)
        await repository.publish(tx, view.id, view.newest_version)
        await self._identity.audit(tx, actor, "flow.published", view.id, {"version": view.newest_version})
        tx.emit(FlowPublished(flow_id=view.id, flow_code=code, version=view.newest_version), subject=view.id)
        tx.on_commit(self._forget_published)
        return view.newest_version

    async def _locked(self, tx: Transaction, code: str) -> FlowView:
        """A flow as nobody else changes it before this transaction ends. Raises ``NotFound``."""
        await repository.lock_flow(tx, code)
        found = await repository.flows(tx, code=code)
        if not found:
            raise NotFound("flow-not-found", code=code)
        return found[0]

    def _require_sound(self, view: FlowView) -> None:
        found = problems(self._language.read(view.definition))
        if found:
            first = found[0]
            raise Invalid(
                "flow-has-problems",
                field=f"steps/{first.step}",
                problem=first.code,
                detail=first.detail,
                count=len(found),
            )

    def _forget_published(self) -> None:
        self._generation += 1
        self._published.clear()

    async def in_force(
        self, tenant_id: TenantId, *, code: str | None = None, channel: str | None = None
    ) -> PublishedFlow:
        """What a new contact runs, by the flow's code or as the entry of a channel. Raises ``NotFound``."""
        key = (tenant_id, code or "", channel or "")
        known = self._published.get(key)
        if known is not None:
            return known
        generation = self._generation
        async with self._database.glance(tenant_id) as reading:
            found = await repository.published(reading, code=code, channel=channel)
        if found is None:
            raise NotFound("flow-not-published", code=code or channel)
        if generation == self._generation:  # else another version was published while this one was read
            self._published[key] = found
        return found

    async def version(self, tenant_id: TenantId, flow_id: UUID, version: int) -> PublishedFlow:
        """One exact version, for a contact that began with it."""
        async with self._database.glance(tenant_id) as reading:
            found = await repository.published(reading, version_of=(flow_id, version))
        if found is None:
            raise NotFound("flow-not-found", id=str(flow_id), version=version)
        return found

    def read(self, published: PublishedFlow) -> Flow:
        """The steps of a published version, read once."""
        key = (published.flow_id, published.version)
        if key not in self._read:
            self._read[key] = self._language.read(published.definition)
        return self._read[key]
