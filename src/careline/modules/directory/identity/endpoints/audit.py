"""HTTP of the audit, for the audit administrator."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime
from starlette.responses import StreamingResponse

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.identity.engine.actions import ACTIONS, Outcome
from careline.modules.directory.identity.engine.lines import ExtractFormat
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.schemas.audit import (
    AuditActions,
    AuditActionShown,
    AuditEntryShown,
    AuditList,
    AuditState,
    ExtractAsked,
    ExtractWanted,
    SealedEntryShown,
    VerificationShown,
)
from careline.modules.directory.identity.views import AuditFilter

Limit = Annotated[int, Query(ge=1, le=200)]
Auditor = Annotated[Actor, requires("audit:read")]
Text = Annotated[str | None, Query(max_length=200)]
Since = Annotated[AwareDatetime | None, Query(description="From this instant on")]
Until = Annotated[AwareDatetime | None, Query(description="Until before this instant")]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Seq = Annotated[int, Path(ge=1, le=2**31 - 1)]

JSON_LINES = "application/x-ndjson"
TYPES = {ExtractFormat.CSV: "text/csv; charset=utf-8", ExtractFormat.JSONL: JSON_LINES}


def build_audit_router(identity: Identity) -> APIRouter:
    """Reading, checking and taking out what was done; nothing here changes it or stops it."""
    router = APIRouter(tags=["identity"])

    @router.get("/audit")
    async def audit(
        actor: Auditor,
        by: Annotated[str | None, Query(max_length=200, description="The actor as in an entry")] = None,
        action: Text = None,
        kind: Annotated[str | None, Query(max_length=200, description="What it was done to, as in an entry")] = None,
        subject: Text = None,
        outcome: Outcome | None = None,
        since: Since = None,
        until: Until = None,
        after: Number = None,
        limit: Limit = 50,
    ) -> AuditList:
        """Audit entries, the latest first. That I read them is audited too, with what I looked for."""
        wanted = AuditFilter(
            actor=by, action=action, kind=kind, subject=subject, outcome=outcome, since=since, until=until
        )
        page, found = await identity.trail.read(actor, before=after, limit=limit, wanted=wanted)
        names = await identity.audit_names(actor.tenant_id, page.items)
        items = [AuditEntryShown.model_validate(entry) for entry in page.items]
        return AuditList.model_validate({"items": items, "names": names, "found": found, "next": page.next})

    _checks(router, identity)
    _extracts(router, identity)
    return router


def _checks(router: APIRouter, identity: Identity) -> None:
    @router.get("/audit/actions")
    async def audit_actions(_actor: Auditor) -> AuditActions:
        """What the audit may tell of."""
        return AuditActions(items=[AuditActionShown.model_validate(one) for one in ACTIONS.values()])

    @router.get("/audit/entries/{seq}")
    async def audit_entry(seq: Seq, actor: Auditor) -> SealedEntryShown:
        """One entry with the seal over it. That I read it is audited too."""
        one = await identity.trail.one(actor, seq)
        names = await identity.audit_names(actor.tenant_id, [one.entry])
        return SealedEntryShown.model_validate(
            {
                "entry": one.entry,
                "names": names,
                "digest": one.digest,
                "seal": one.seal,
                "previous": one.previous,
                "sound": one.sound,
            }
        )

    @router.get("/audit/state")
    async def audit_state(actor: Auditor) -> AuditState:
        """How far the trail goes and how much of it is sealed."""
        return AuditState.model_validate(await identity.trail.state(actor.tenant_id))

    @router.post("/audit/verification")
    async def verify_audit(actor: Auditor) -> VerificationShown:
        """Check every entry and seal. That it was done is audited."""
        await identity.audit_read(actor, "audit.verified")
        return VerificationShown.model_validate(await identity.verify_audit(actor.tenant_id))


def _extracts(router: APIRouter, identity: Identity) -> None:
    @router.post("/audit/extracts", status_code=201)
    async def ask_audit_extract(wanted: ExtractWanted, actor: Auditor) -> ExtractAsked:
        """Take out what passes a filter. That I asked is audited, and what is taken is what stood there then."""
        chosen = wanted.model_dump(exclude={"by"})
        return ExtractAsked(id=await identity.extracts.ask(actor, AuditFilter(actor=wanted.by, **chosen)))

    @router.get(
        "/audit/extracts/{extract_id}/file",
        response_class=StreamingResponse,
        responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in ("text/csv", JSON_LINES)}}},
    )
    async def audit_extract_file(
        extract_id: UUID,
        actor: Auditor,
        form: Annotated[ExtractFormat, Query(alias="format")] = ExtractFormat.CSV,
    ) -> StreamingResponse:
        """The entries, the earliest first. A file that is handed out whole stands in the audit with its SHA-256."""
        extract = await identity.extracts.extract(actor, extract_id)
        return _download(identity.extracts.file(actor, extract, form), TYPES[form], f"audit-{extract.before}.{form}")

    @router.get(
        "/audit/extracts/{extract_id}/proof",
        response_class=StreamingResponse,
        responses={200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}},
    )
    async def audit_extract_proof(extract_id: UUID, actor: Auditor) -> StreamingResponse:
        """The seals over those entries, and the digests of the files taken so far, for ``audit verify-export``."""
        extract = await identity.extracts.extract(actor, extract_id)
        return _download(identity.extracts.proof(actor, extract), JSON_LINES, f"audit-{extract.before}-proof.jsonl")


def _download(parts: AsyncIterator[bytes], kind: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(parts, media_type=kind, headers=headers)
