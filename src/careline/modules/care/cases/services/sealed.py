"""Complaints whose customer was erased: sealed in their place, opened by one officer with a reason until their day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.sealing import SealBroken, Sealing
from careline.kernel.paging import Page, checked_limit, checked_position
from careline.kernel.tenancy import Actor
from careline.kernel.text import checked_text
from careline.modules.care.cases import repository
from careline.modules.care.cases.errors import SealedCaseUnknown, SealedCaseUnreadable
from careline.modules.care.cases.rules import REFERENCE_MAX, checked_reference, is_sealed
from careline.modules.care.cases.services.custody import PURPOSE
from careline.modules.care.cases.views import SealedCase, SealedContent, SealedEntry, SealedReason
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.facade import Privacy


class SealedCases:
    """Nobody sees one by working on cases. Whoever may open one leaves a trace before they see a word."""

    def __init__(self, database: Database, sealing: Sealing, identity: Identity, privacy: Privacy) -> None:
        self._database = database
        self._sealing = sealing
        self._identity = identity
        self._privacy = privacy

    async def page(self, actor: Actor, *, after: str | None, limit: int) -> Page[SealedCase]:
        """Those whose day has not come, the newest first; numbers and days, no word of theirs."""
        wanted = checked_limit(limit)
        kept_for = (await self._privacy.rules(actor.tenant_id)).retention.complaint
        async with self._database.reading(actor.tenant_id) as reading:
            since = reading.now - kept_for
            rows = await repository.sealed(reading, since, after=checked_position(after), limit=wanted + 1)
        items = [_sealed(row, kept_for) for row in rows[:wanted]]
        return Page(items=items, next=str(items[-1].id) if len(rows) > wanted else None)

    async def open(self, actor: Actor, case_id: UUID, reason: SealedReason, reference: str) -> SealedContent:
        """What a complaint said, to who has a reason; ``reference`` is the number of what asks for it.

        Raises ``SealedCaseUnknown``, also when its day has come, ``SealedCaseUnreadable``, and ``Invalid``.
        """
        asked_by = checked_reference(checked_text(reference, field="reference", max_length=REFERENCE_MAX))
        kept_for = (await self._privacy.rules(actor.tenant_id)).retention.complaint
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            row = await repository.case(tx, case_id)
            if row is None or not is_sealed(row.text) or row.changed_at + kept_for <= tx.now:
                raise SealedCaseUnknown
            entries = await repository.history(tx, case_id)
            said = self._opened(row.text, row.id)
            texts = {one.id: self._opened(one.text, one.id) for one in entries if one.text and is_sealed(one.text)}
            told = {"number": row.number, "why": reason.value, "reference": asked_by}
            await self._identity.audit(tx, actor, "case.sealed-opened", case_id, dict(told))
        names = await self._identity.names(actor.tenant_id, {one.actor_id for one in entries if one.actor_id})
        title, _, text = said.partition("\n\n")
        return SealedContent(
            case=_sealed(row, kept_for),
            title=title,
            text=text,
            history=[
                SealedEntry(at=one.at, actor_name=names.get(one.actor_id), text=texts[one.id])
                for one in entries
                if one.id in texts
            ],
        )

    def _opened(self, sealed: str, owner: UUID) -> str:
        try:
            return self._sealing.open(sealed, purpose=PURPOSE, bound_to=str(owner)).decode()
        except SealBroken:
            raise SealedCaseUnreadable from None


def _sealed(row: Any, kept_for: timedelta) -> SealedCase:
    until: datetime = row.changed_at + kept_for
    return SealedCase(id=row.id, number=row.number, created_at=row.created_at, changed_at=row.changed_at, until=until)
