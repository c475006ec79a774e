"""A left message and its case go the same way: whoever answers one has the other."""

from datetime import datetime
from typing import Any
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.modules.care.cases.views import CaseState
from careline.modules.care.letterbox import repository
from careline.modules.care.letterbox.errors import LetterUnknown, PutOffTooOften
from careline.modules.care.letterbox.rules import MOST_TIMES, put_off_because, put_off_until
from careline.modules.care.letterbox.services.letters import Below

_SEEN_TO = (CaseState.RESOLVED, CaseState.CLOSED)


class Answering:
    """Follows what becomes of left messages at desks, and of their cases in the list. Told twice, it does it once."""

    def __init__(self, database: Database, below: Below) -> None:
        self._database = database
        self._below = below

    async def taken(self, tenant_id: TenantId, interaction_id: UUID, agent_id: UUID) -> None:
        """An agent took a message from the queue: its case is theirs, unless it was seen to in the list before that."""
        contact = await self._below.conversations.interaction(tenant_id, interaction_id)
        if contact.ended_at is not None and contact.agent_id != agent_id:
            return
        await self._carry(tenant_id, interaction_id, agent_id, CaseState.IN_PROGRESS, None)

    async def answered(self, tenant_id: TenantId, interaction_id: UUID, agent_id: UUID) -> None:
        """An agent wrote up what was done: the case is resolved with their note, unless they had passed it on."""
        contact = await self._below.conversations.interaction(tenant_id, interaction_id)
        if contact.ended_at is None or contact.agent_id != agent_id:
            return
        await self._carry(tenant_id, interaction_id, agent_id, CaseState.RESOLVED, contact.note or None)

    async def put_off(self, actor: Actor, interaction_id: UUID, until: datetime, because: str) -> None:
        """See ``Letterbox.put_off``. The case stays the agent's, with a word in its history."""
        said = put_off_because(because)
        noted: dict[str, Any] = {"put_off_by": actor.id, "put_off_because": said}
        async with self._database.glance(actor.tenant_id) as reading:
            row = await repository.routed_as(reading, interaction_id)

        async def beside(tx: Transaction) -> None:
            if row is None:
                raise LetterUnknown(interaction_id)
            noted["put_off_until"] = at = put_off_until(until, tx.now)
            if not await repository.put_off(tx, interaction_id, noted, MOST_TIMES):
                raise PutOffTooOften(MOST_TIMES)
            await self._below.cases.put_off_within(tx, actor, row.case_id, at, said)

        await self._below.conversations.put_off(actor, interaction_id, until, beside=beside)

    async def case_taken(self, tenant_id: TenantId, case_id: UUID, assignee_id: UUID) -> None:
        """Somebody took a case from the list: what still waits of it is offered to nobody any more.

        Who has or had the message in hand has its case by that, which may be heard after they let it go again.
        """
        async with self._database.glance(tenant_id) as reading:
            row = await repository.of_case(reading, case_id)
        if row is None or row.routed_as is None:
            return
        if not await self._below.conversations.has_served(tenant_id, row.routed_as, assignee_id):
            await self._settle(tenant_id, case_id)

    async def case_moved(self, tenant_id: TenantId, case_id: UUID, to: CaseState) -> None:
        """A case was resolved in the list: the same."""
        if to in _SEEN_TO:
            await self._settle(tenant_id, case_id)

    async def _settle(self, tenant_id: TenantId, case_id: UUID) -> None:
        async with self._database.glance(tenant_id) as reading:
            row = await repository.of_case(reading, case_id)
        if row is None or row.routed_as is None:
            return
        # Routing knows of an accepted offer before anybody else: who took the message took its case by that.
        if self._below.routing.assignment(tenant_id, row.routed_as) is None:
            await self._below.conversations.seen_to_elsewhere(tenant_id, row.routed_as)

    async def _carry(
        self, tenant_id: TenantId, interaction_id: UUID, agent_id: UUID, to: CaseState, text: str | None
    ) -> None:
        async with self._database.glance(tenant_id) as reading:
            row = await repository.routed_as(reading, interaction_id)
        if row is not None:
            actor = Actor(tenant_id=tenant_id, kind=ActorKind.USER, id=agent_id)
            await self._below.cases.carry(actor, row.case_id, to, text)
