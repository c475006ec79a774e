"""The versions of a flow: listed, read, compared, taken out."""

from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.contact.flows.engine.comparing import Difference, difference
from careline.modules.contact.flows.repository import flows, versions
from careline.modules.contact.flows.views import FlowView, PublicationView, VersionContent, VersionView
from careline.modules.directory.identity.facade import Identity

MOST_PUBLICATIONS = 200


class Versions:
    """Reads what the studio writes."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def all(self, tenant_id: TenantId, code: str) -> tuple[list[VersionView], list[PublicationView]]:
        """All versions of a flow, the newest first, and when which was in force. Raises ``flow-not-found``."""
        async with self._database.reading(tenant_id) as reading:
            view = await _flow(reading, code)
            found = await versions.versions(reading, view.id)
            published = await versions.publications(reading, view.id, limit=MOST_PUBLICATIONS)
        names = await self._names(tenant_id, {row.created_by for row in found} | {row.by for row in published})
        return [
            VersionView(
                version=row.version,
                revision=row.revision,
                changed_at=row.created_at,
                changed_by=names.get(row.created_by),
                published_at=row.published_at,
                in_force=row.version == view.published_version,
            )
            for row in found
        ], [
            PublicationView(version=row.version, replaced=row.replaced, at=row.at, by=names.get(row.by), note=row.note)
            for row in published
        ]

    async def one(self, tenant_id: TenantId, code: str, number: int) -> VersionContent:
        """What a version says. Raises ``flow-not-found``, ``flow-version-not-found``."""
        async with self._database.reading(tenant_id) as reading:
            return await _content(reading, await _flow(reading, code), number)

    async def compared(self, tenant_id: TenantId, code: str, old: int, new: int) -> Difference:
        """What is different from one version to another."""
        async with self._database.reading(tenant_id) as reading:
            view = await _flow(reading, code)
            before, after = await _content(reading, view, old), await _content(reading, view, new)
        return difference(before.definition, after.definition)

    async def _names(self, tenant_id: TenantId, actors: set[str]) -> dict[str, str]:
        """What to call who did something, by their reference; the system has no name."""
        ids = {ref: UUID(ref.partition(":")[2]) for ref in actors if ":" in ref}
        names = await self._identity.names(tenant_id, set(ids.values()))
        return {ref: names[known] for ref, known in ids.items() if known in names}


async def _flow(reading: Reading, code: str) -> FlowView:
    found = await flows.flows(reading, code=code)
    if not found:
        raise NotFound("flow-not-found", code=code)
    return found[0]


async def _content(reading: Reading, view: FlowView, number: int) -> VersionContent:
    row = await versions.version(reading, view.id, number)
    if row is None:
        raise NotFound("flow-version-not-found", code=view.code, version=number)
    return VersionContent(
        code=view.code,
        name=view.name,
        version=row.version,
        revision=row.revision,
        definition=row.definition,
        drawing=row.drawing,
    )
