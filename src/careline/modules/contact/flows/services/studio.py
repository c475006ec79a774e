"""Flows are written, checked, published and rolled back."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId, system_actor
from careline.kernel.text import checked_text
from careline.modules.contact.flows.engine.checking import Limit, called, limits, problems
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.flow import Flow
from careline.modules.contact.flows.engine.problems import Problem
from careline.modules.contact.flows.engine.steps import SubFlow
from careline.modules.contact.flows.events import FlowPublished
from careline.modules.contact.flows.repository import flows as repository
from careline.modules.contact.flows.repository import versions
from careline.modules.contact.flows.views import FlowView, PublishedFlow
from careline.modules.directory.identity.facade import Identity

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
LONGEST_DRAWING = 200_000
"""Characters of JSON."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a checker found. ``problems`` forbid publishing; ``limits`` say which steps a channel cannot do."""

    version: int
    revision: int
    problems: list[Problem]
    limits: list[Limit]


class Studio:
    """What an administrator does with flows, and where running contacts get theirs from."""

    def __init__(
        self, database: Database, language: FlowLanguage, identity: Identity, speaks: Callable[[str], bool]
    ) -> None:
        self._database = database
        self._language = language
        self._identity = identity
        self.speaks = speaks
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
        self,
        actor: Actor,
        code: str,
        name: str,
        definition: dict[str, Any],
        *,
        entry_channel: str | None = None,
        drawing: dict[str, Any] | None = None,
    ) -> FlowView:
        """A new flow with its first draft. Raises ``Invalid`` naming the field, "flow-code-taken"."""
        self._language.read(definition)
        if not _CODE.match(code):
            raise Invalid("code-not-usable", field="code", allowed="a-z 0-9 -")
        called = checked_text(name, field="name", max_length=60)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if await repository.flows(tx, code=code):
                raise Conflict("flow-code-taken", field="code", code=code)
            await self._begin(tx, actor, code, called, definition, entry_channel, drawing=drawing)
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
        view = await self._locked(tx, code)
        self._require_sound(view, {})
        await self._put_in_force(tx, actor, view, view.newest_version, "")
        return "made"

    async def provide_calls(self, tx: Transaction, code: str, name: str, definition: dict[str, Any]) -> bool:
        """Put a flow in force for numbers to lead to, unless somebody made one; one that was begun with just this is
        gone on with. Whether it was."""
        self._language.read(definition)
        await repository.lock_flow(tx, code)
        known = [flow for flow in await repository.flows(tx) if flow.code == code or flow.entry_channel is None]
        begun = [(flow.code, flow.definition, flow.published_version) for flow in known]
        if known and begun != [(code, definition, None)]:
            return False
        actor = system_actor(tx.tenant_id)
        if not known:
            await self._begin(tx, actor, code, name, definition, None)
        view = await self._locked(tx, code)
        self._require_sound(view, {})
        await self._put_in_force(tx, actor, view, view.newest_version, "")
        return True

    async def _begin(
        self,
        tx: Transaction,
        actor: Actor,
        code: str,
        name: str,
        definition: dict[str, Any],
        entry_channel: str | None,
        *,
        drawing: dict[str, Any] | None = None,
    ) -> None:
        flow_id = new_id()
        await repository.insert_flow(tx, flow_id, code, name, entry_channel)
        await repository.store_draft(tx, flow_id, 1, definition, drawing=_checked_drawing(drawing))
        await self._identity.audit(tx, actor, "flow.created", flow_id, {"version": 1})

    async def save_draft(
        self,
        actor: Actor,
        code: str,
        definition: dict[str, Any],
        *,
        revision: int | None = None,
        drawing: dict[str, Any] | None = None,
    ) -> Checked:
        """Keep a draft, whatever is still wrong with it; what is wrong is returned. Unreadable ones are refused.

        ``revision`` is the one that was looked at. Raises "flow-changed" when somebody has saved since.
        """
        flow = self._language.read(definition)
        drawn = _checked_drawing(drawing)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            view = await self._locked(tx, code, revision)
            newest = view.newest_version
            version = newest + 1 if await repository.is_published(tx, view.id, newest) else newest
            following = view.revision + 1
            await repository.store_draft(tx, view.id, version, definition, revision=following, drawing=drawn)
            await self._identity.audit(tx, actor, "flow.draft-saved", view.id, {"version": version})
        found = await self._problems(actor.tenant_id, code, flow)
        return Checked(version=version, revision=following, problems=found, limits=self._limits(flow))

    async def check(self, tenant_id: TenantId, code: str, definition: dict[str, Any]) -> Checked:
        """What is wrong with a definition that is kept nowhere. ``code`` is the flow it is for."""
        flow = self._language.read(definition)
        return Checked(
            version=0, revision=0, problems=await self._problems(tenant_id, code, flow), limits=self._limits(flow)
        )

    async def publish(self, actor: Actor, code: str, *, revision: int | None = None, note: str = "") -> int:
        """Put the draft in force for new contacts. Raises ``Invalid`` with the first problem when there is one.

        ``revision`` is the one that was looked at. Raises "flow-changed" when somebody has saved since.
        """
        view = await self.flow(actor.tenant_id, code)
        library = await self._library_of(actor.tenant_id, self._language.read(view.definition))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            view = await self._locked(tx, code, revision)
            if await repository.is_published(tx, view.id, view.newest_version):
                raise Conflict("flow-has-no-draft", field="revision")
            self._require_sound(view, library)
            await self._put_in_force(tx, actor, view, view.newest_version, note)
        return view.newest_version

    async def roll_back(self, actor: Actor, code: str, version: int, *, note: str = "") -> int:
        """Put a version in force again that was so before. Raises ``flow-version-not-found``, "flow-version-draft".

        What it calls must be there still; what else was not forbidden then is no reason now to stay with a broken one.
        """
        now = await self.flow(actor.tenant_id, code)
        # Not kept: it may be a draft, which changes under its number.
        again = self._language.read((await self.version(actor.tenant_id, now.id, version)).definition)
        library = await self._library_of(actor.tenant_id, again)
        for problem in problems(again, code=code, library=library):
            if problem.code.startswith("sub-flow-"):
                raise _unsound([problem])
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            view = await self._locked(tx, code)
            was = await repository.is_published(tx, view.id, version)
            if was is None:
                raise NotFound("flow-version-not-found", code=code, version=version)
            if not was:
                raise Conflict("flow-version-draft", field="version", version=version)
            await self._put_in_force(tx, actor, view, version, note)
        return version

    async def _put_in_force(self, tx: Transaction, actor: Actor, view: FlowView, version: int, note: str) -> None:
        said = checked_text(note, field="note", max_length=500, lines=True) if note.strip() else ""
        await repository.publish(tx, view.id, version)
        await versions.note_publication(tx, view.id, version, view.published_version, said)
        await self._identity.audit(tx, actor, "flow.published", view.id, {"version": version})
        tx.emit(FlowPublished(flow_id=view.id, flow_code=view.code, version=version), subject=view.id)
        tx.on_commit(self._forget_published)

    async def _locked(self, tx: Transaction, code: str, revision: int | None = None) -> FlowView:
        """A flow as nobody else changes it before this transaction ends. Raises ``NotFound``, "flow-changed"."""
        await repository.lock_flow(tx, code)
        found = await repository.flows(tx, code=code)
        if not found:
            raise NotFound("flow-not-found", code=code)
        if revision is not None and found[0].revision != revision:
            raise Conflict("flow-changed", field="revision", revision=found[0].revision)
        return found[0]

    async def _problems(self, tenant_id: TenantId, code: str, flow: Flow) -> list[Problem]:
        return problems(flow, code=code, library=await self._library_of(tenant_id, flow))

    async def _library_of(self, tenant_id: TenantId, flow: Flow) -> dict[str, Flow]:
        return {one.code: self.read(one) for one in await self.flows_below(tenant_id, called(flow))}

    async def flows_below(self, tenant_id: TenantId, codes: set[str]) -> list[PublishedFlow]:
        """Those of some flows that are in force, with what they call, directly or through others."""
        found: dict[str, PublishedFlow] = {}
        todo = sorted(codes)
        while todo:
            code = todo.pop()
            now = None if code in found else await self._in_force_or_none(tenant_id, code)
            if now is not None:
                found[code] = now
                todo += sorted(called(self.read(now)))
        return list(found.values())

    def read_definition(self, definition: dict[str, Any]) -> Flow:
        """The flow that a definition describes. Raises ``Invalid`` naming the place that is wrong."""
        return self._language.read(definition)

    async def time_zone(self, tenant_id: TenantId) -> ZoneInfo:
        """The centre's."""
        return ZoneInfo((await self._identity.tenant(tenant_id)).time_zone)

    def _limits(self, flow: Flow) -> list[Limit]:
        return limits(flow, self._language.channels, self.speaks)

    def _require_sound(self, view: FlowView, library: dict[str, Flow]) -> None:
        found = problems(self._language.read(view.definition), code=view.code, library=library)
        if found:
            raise _unsound(found)

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
            raise NotFound("flow-version-not-found", id=str(flow_id), version=version)
        return found

    async def library(
        self, tenant_id: TenantId, flow: PublishedFlow, calls: Sequence[tuple[str, int]] = ()
    ) -> dict[str, PublishedFlow]:
        """The flows in force that one may call, directly or through others; those of ``calls`` in these versions."""
        found: dict[str, PublishedFlow] = {}
        within = flow
        for step, version in calls:
            call = self.read(within).steps.get(step)
            if not isinstance(call, SubFlow):
                break
            now = await self._in_force_or_none(tenant_id, call.flow)
            if now is None:
                break
            within = found[call.flow] = (
                now if now.version == version else await self.version(tenant_id, now.flow_id, version)
            )
        todo = [flow, *found.values()]
        while todo:
            for code in sorted(called(self.read(todo.pop()))):
                if code not in found and (now := await self._in_force_or_none(tenant_id, code)) is not None:
                    found[code] = now
                    todo.append(now)
        return found

    async def _in_force_or_none(self, tenant_id: TenantId, code: str) -> PublishedFlow | None:
        try:
            return await self.in_force(tenant_id, code=code)
        except NotFound:
            return None

    def read(self, published: PublishedFlow) -> Flow:
        """The steps of a published version, read once."""
        key = (published.flow_id, published.version)
        if key not in self._read:
            self._read[key] = self._language.read(published.definition)
        return self._read[key]


def _unsound(found: list[Problem]) -> Invalid:
    first = found[0]
    return Invalid(
        "flow-has-problems",
        field=f"steps/{first.step}",
        problem=first.code,
        detail=first.detail,
        count=len(found),
    )


def _checked_drawing(drawing: dict[str, Any] | None) -> dict[str, Any] | None:
    if drawing is not None and len(json.dumps(drawing, ensure_ascii=False)) > LONGEST_DRAWING:
        raise Invalid("flow-drawing-too-long", field="drawing", max=LONGEST_DRAWING)
    return drawing
