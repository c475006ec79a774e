"""Connections to business systems: kept by administrators, used by flows. A secret goes in and is never shown."""

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.sealing import SealBroken, Sealing
from careline.kernel.errors import (
    AdapterFailure,
    Conflict,
    Invalid,
    NotFound,
    Param,
    PermanentFailure,
    TransientFailure,
)
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.contact.flows.engine.world import BusinessRequest
from careline.modules.contact.flows.ports import AnswerUnusable, BusinessSystems, Question, Reply
from careline.modules.contact.flows.repository import connections
from careline.modules.contact.flows.repository.connections import Kept
from careline.modules.contact.flows.views import ConnectionChange, ConnectionView
from careline.modules.directory.identity.facade import Identity

PURPOSE = "flow-connection"
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_OURS = frozenset({"host", "content-type", "content-length", "accept", "connection", "transfer-encoding"})
LONGEST_SECRET = 2000


class Connections:
    """Use cases of connections, each change with its audit entry."""

    def __init__(self, database: Database, identity: Identity, sealing: Sealing, systems: BusinessSystems) -> None:
        self._database = database
        self._identity = identity
        self._sealing = sealing
        self._systems = systems

    async def all(self, tenant_id: TenantId) -> list[ConnectionView]:
        """The tenant's connections, by code."""
        async with self._database.reading(tenant_id) as reading:
            return [_view(row) for row in await connections.all_of(reading)]

    async def make(self, actor: Actor, code: str, change: ConnectionChange) -> ConnectionView:
        """A new one. Raises ``Invalid`` naming the field, "connection-code-taken"."""
        if not _CODE.match(code):
            raise Invalid("code-not-usable", field="code", allowed="a-z 0-9 -")
        connection_id = new_id()
        values = self._checked(connection_id, change)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await connections.add(tx, {"sealed_secret": None, **values, "id": connection_id, "code": code})
            told: dict[str, Param] = {"connection": code, "let_through": change.let_through}
            await self._identity.audit(tx, actor, "flow.connection-made", connection_id, told)
        return await self._one(actor.tenant_id, code)

    async def change(self, actor: Actor, code: str, version: int, change: ConnectionChange) -> ConnectionView:
        """Change one that is still at ``version``; without a secret it keeps its own. Raises "settings-changed"."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            row = await connections.one(tx, code)
            if row is None:
                raise NotFound("connection-not-found", code=code)
            if change.secret is None and row.sealed_secret is not None and not _same_system(row.url, change.url):
                # Who could lead a connection elsewhere would be told the secret that they may not see.
                raise Invalid("connection-secret-needed", field="secret")
            if not await connections.change(tx, row.id, version, self._checked(row.id, change)):
                raise Conflict("settings-changed", field="version", version=row.version)
            told: dict[str, Param] = {
                "connection": code,
                "let_through": change.let_through,
                "let_through_before": row.let_through,
                "secret": change.secret is not None,
            }
            await self._identity.audit(tx, actor, "flow.connection-changed", row.id, told)
        return await self._one(actor.tenant_id, code)

    async def remove(self, actor: Actor, code: str, version: int) -> None:
        """Forget one; flows that ask it take their way for a failure from then on. Raises "settings-changed"."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            row = await connections.one(tx, code)
            if row is None:
                raise NotFound("connection-not-found", code=code)
            if not await connections.remove(tx, row.id, version):
                raise Conflict("settings-changed", field="version", version=row.version)
            await self._identity.audit(tx, actor, "flow.connection-removed", row.id, {"connection": code})

    async def ask(self, tenant_id: TenantId, request: BusinessRequest) -> tuple[Reply | AdapterFailure, bool]:
        """What a business system says, or how it failed; and whether its connection lets through when it does."""
        async with self._database.glance(tenant_id) as reading:
            row = await connections.one(reading, request.connection)
        if row is None:
            return PermanentFailure(f"there is no connection {request.connection}"), False
        try:
            question = Question(
                method=request.method,
                url=row.url.rstrip("/") + request.path,
                body=request.body,
                headers=self._proof(row),
                timeout_s=request.timeout_s,
            )
            reply = await self._systems.ask(question)
        except (TransientFailure, AnswerUnusable) as failure:
            return failure, row.let_through
        except AdapterFailure as failure:
            # It was never asked: our own mistake lets nobody through.
            return failure, False
        return reply, row.let_through

    def _proof(self, row: Kept) -> dict[str, str]:
        if row.sealed_secret is None:
            return {}
        try:
            secret = self._sealing.open(row.sealed_secret, purpose=PURPOSE, bound_to=str(row.id))
        except SealBroken:
            raise PermanentFailure(f"the secret of connection {row.code} cannot be opened") from None
        return {row.header: secret.decode()}

    async def _one(self, tenant_id: TenantId, code: str) -> ConnectionView:
        async with self._database.reading(tenant_id) as reading:
            row = await connections.one(reading, code)
        if row is None:
            raise NotFound("connection-not-found", code=code)
        return _view(row)

    def _checked(self, connection_id: UUID, change: ConnectionChange) -> dict[str, Any]:
        """What is stored. Raises ``Invalid`` naming the field."""
        values: dict[str, Any] = {
            "name": checked_text(change.name, field="name", max_length=60),
            "url": self._checked_url(change.url),
            "header": change.header,
            "let_through": change.let_through,
        }
        if not _HEADER.match(change.header) or change.header.lower() in _OURS:
            raise Invalid("connection-header-not-usable", field="header")
        if change.secret is not None:
            plain = change.secret
            if len(plain) > LONGEST_SECRET or not plain.isascii() or (plain and not plain.isprintable()):
                raise Invalid("connection-secret-not-usable", field="secret", max=LONGEST_SECRET)
            bound = str(connection_id)
            values["sealed_secret"] = (
                self._sealing.seal(plain.encode(), purpose=PURPOSE, bound_to=bound) if plain else None
            )
        return values

    def _sealed(self, connection_id: UUID, secret: str) -> str:
        return self._sealing.seal(secret.encode(), purpose=PURPOSE, bound_to=str(connection_id))

    def _checked_url(self, url: str) -> str:
        plain = checked_text(url, field="url", max_length=500)
        try:
            parts = urlsplit(plain)
        except ValueError:
            raise Invalid("connection-url-not-usable", field="url") from None
        if parts.query or parts.fragment or parts.scheme not in ("http", "https") or ".." in parts.path.split("/"):
            raise Invalid("connection-url-not-usable", field="url")
        if not self._systems.may_be_asked(plain):
            raise Invalid("connection-host-not-allowed", field="url")
        return plain


def _same_system(one: str, other: str) -> bool:
    before, after = urlsplit(one), urlsplit(other)
    return (before.scheme, before.netloc.lower()) == (after.scheme, after.netloc.lower())


def _view(row: Kept) -> ConnectionView:
    return ConnectionView(
        code=row.code,
        name=row.name,
        url=row.url,
        header=row.header,
        has_secret=row.sealed_secret is not None,
        let_through=row.let_through,
        version=row.version,
    )
