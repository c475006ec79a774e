"""What a supervisor orders an agent to be: done, audited, and kept with who and why, so that the agent can read it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.contact.supervision import repository
from careline.modules.contact.supervision.views import StateOrder
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import AgentStateView, Chosen
from careline.modules.directory.identity.facade import Identity

MAY_ORDER = "floor:direct"

NOTE_MAX = 200


class Orders:
    """Forcing states. An order is no lock: the agent may choose anew, and the floor shows it."""

    def __init__(self, database: Database, routing: Routing, identity: Identity) -> None:
        self._database = database
        self._routing = routing
        self._identity = identity

    async def set_state(
        self, actor: Actor, agent_id: UUID, chosen: Chosen, reason: str | None, note: str
    ) -> AgentStateView:
        """Set the chosen part of an agent's state. ``note`` is what the agent reads.

        Raises ``Forbidden`` ``outside-your-scope``, ``NotFound``, and what choosing raises.
        """
        return await self._order(actor, agent_id, chosen, reason, note, sign_out=False)

    async def sign_out(self, actor: Actor, agent_id: UUID, note: str) -> AgentStateView:
        """Set an agent offline and end their sessions; what they have in hand goes the way of a desk that is away."""
        return await self._order(actor, agent_id, Chosen.OFFLINE, None, note, sign_out=True)

    async def to(self, tenant_id: TenantId, agent_id: UUID, *, before: UUID | None, limit: int) -> Page[StateOrder]:
        """The orders to an agent, the newest first."""
        wanted = checked_limit(limit)
        async with self._database.reading(tenant_id) as reading:
            found = await repository.orders_to(reading, agent_id, before=before, limit=wanted + 1)
        since = self._chosen_since(tenant_id, agent_id)
        shown, more = found[:wanted], len(found) > wanted
        names = await self._identity.users(tenant_id, {row.by_id for row in shown})
        orders = [
            StateOrder(
                id=row.id,
                by_name=names[row.by_id].display_name if row.by_id in names else None,
                chosen=Chosen(row.chosen),
                reason=row.reason,
                note=row.note,
                signed_out=row.signed_out,
                made_at=row.made_at,
                in_force=before is None and at == 0 and since is not None and since <= row.made_at,
            )
            for at, row in enumerate(shown)
        ]
        return Page(items=orders, next=str(shown[-1].id) if more else None)

    def _chosen_since(self, tenant_id: TenantId, agent_id: UUID) -> datetime | None:
        try:
            return self._routing.chosen_since(tenant_id, agent_id)
        except NotFound:
            return None

    async def _order(
        self, actor: Actor, agent_id: UUID, chosen: Chosen, reason: str | None, note: str, *, sign_out: bool
    ) -> AgentStateView:
        words = checked_text(note, field="note", max_length=NOTE_MAX)
        if actor.id is None or actor.id == agent_id:
            raise Invalid("order-to-oneself", field="agent_id")
        await self._identity.check_reach(actor, agent_id, MAY_ORDER)
        order = {
            "id": new_id(),
            "agent_id": agent_id,
            "by_id": actor.id,
            "chosen": chosen.value,
            "reason": reason,
            "note": words,
            "signed_out": sign_out,
        }
        write = self._writer(actor, order, sign_out=sign_out)
        return await self._routing.choose(actor.tenant_id, agent_id, chosen, reason, beside=write, actor=actor.ref)

    def _writer(
        self, actor: Actor, order: dict[str, Any], *, sign_out: bool
    ) -> Callable[[Transaction], Awaitable[None]]:
        async def write(tx: Transaction) -> None:
            await repository.insert_order(tx, {**order, "made_at": tx.now})
            params = {"order": str(order["id"]), "chosen": order["chosen"], "reason": order["reason"]}
            action = "agent.signed-out" if sign_out else "agent.state-set"
            await self._identity.audit(tx, actor, action, order["agent_id"], params)
            if sign_out:
                await self._identity.end_sessions(tx, actor, order["agent_id"], "signed-out-by-supervisor")

        return write
