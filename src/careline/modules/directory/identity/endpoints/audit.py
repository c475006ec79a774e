"""HTTP of the audit, for the audit administrator."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.responses import StreamingResponse

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.audit import (
    AuditEntryShown,
    AuditList,
    AuditState,
    VerificationShown,
)
from careline.modules.directory.identity.views import AuditFilter

Limit = Annotated[int, Query(ge=1, le=200)]
Auditor = Annotated[Actor, requires("audit:read")]
Text = Annotated[str | None, Query(max_length=200)]
Since = Annotated[AwareDatetime | None, Query(description="From this instant on")]
Until = Annotated[AwareDatetime | None, Query(description="Until before this instant")]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]

JSON_LINES = "application/x-ndjson"

EXPORT_MAX = 100_000
"""So many entries go into one download; the command line takes out all."""


def build_audit_router(identity: Identity) -> APIRouter:
    """Reading, checking and taking out what was done; nothing here changes it or stops it."""
    router = APIRouter(tags=["identity"])

    @router.get("/audit")
    async def audit(
        actor: Auditor,
        by: Annotated[str | None, Query(max_length=200, description="The actor as in an entry")] = None,
        action: Text = None,
        subject: Text = None,
        since: Since = None,
        until: Until = None,
        after: Number = None,
        limit: Limit = 50,
    ) -> AuditList:
        """Audit entries, the latest first. That I read them is audited too."""
        wanted = AuditFilter(actor=by, action=action, subject=subject, since=since, until=until)
        page = await identity.audit_page(actor, before=after, limit=limit, wanted=wanted)
        names = await identity.audit_names(actor.tenant_id, page.items)
        items = [AuditEntryShown.model_validate(entry) for entry in page.items]
        return AuditList.model_validate({"items": items, "names": names, "next": page.next})

    @router.get("/audit/state")
    async def audit_state(actor: Auditor) -> AuditState:
        """How far the trail goes and how much of it is sealed."""
        return AuditState.model_validate(await identity.audit_state(actor.tenant_id))

    @router.post("/audit/verification")
    async def verify_audit(actor: Auditor) -> VerificationShown:
        """Check every entry and seal. That it was done is audited."""
        await identity.audit_read(actor, "audit.verified")
        return VerificationShown.model_validate(await identity.verify_audit(actor.tenant_id))

    @router.get(
        "/audit/export",
        response_class=StreamingResponse,
        responses={200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}},
    )
    async def export_audit(actor: Auditor, since: Since = None, until: Until = None) -> StreamingResponse:
        """The trail as JSON lines with the seals that prove it. That it was taken out is audited."""
        lines = await identity.audit_lines(actor, since=since, until=until, at_most=EXPORT_MAX)
        headers = {"Content-Disposition": f'attachment; filename="{_file_name(since, until)}"'}
        return StreamingResponse(lines, media_type=JSON_LINES, headers=headers)

    return router


def _file_name(since: datetime | None, until: datetime | None) -> str:
    days = [f"{at:%Y%m%d}" for at in (since, until) if at is not None]
    return "-".join(["audit", *days]) + ".jsonl"
