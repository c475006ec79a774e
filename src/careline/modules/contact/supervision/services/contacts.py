"""Who waits, and a waiting contact that is put elsewhere."""

from uuid import UUID

from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Forbidden
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import CustomerBrief
from careline.modules.contact.supervision.views import ContactWhy, MoveReason, WaitingContact
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import Why
from careline.modules.directory.identity.facade import Identity

MAY_SEE = "floor:view"
NOBODY = CustomerBrief(id=None, name_masked=None, number_masked=None)


class Contacts:
    """What waits belongs to nobody yet, so a scope that ends at people does not end here."""

    def __init__(self, routing: Routing, conversations: Conversations, identity: Identity) -> None:
        self._routing = routing
        self._conversations = conversations
        self._identity = identity

    async def waiting(self, tenant_id: TenantId, queue_id: UUID, *, after: int, limit: int) -> Page[WaitingContact]:
        """Who waits in a queue, the next one first; ``after`` is how many are known. Customers are masked."""
        wanted = checked_limit(limit)
        found = self._routing.waiting(tenant_id, queue_id)
        shown = found[after : after + wanted]
        who = await self._conversations.who(tenant_id, [item.interaction_id for item in shown])
        items = [
            WaitingContact(
                interaction_id=item.interaction_id,
                media=item.media,
                position=item.position,
                waiting_since=item.enqueued_at,
                moved_up=item.moved_up,
                put_off_until=item.put_off_until,
                customer=who.get(item.interaction_id, NOBODY),
            )
            for item in shown
        ]
        return Page(items=items, next=str(after + wanted) if len(found) > after + wanted else None)

    async def why(self, actor: Actor, interaction_id: UUID) -> ContactWhy:
        """Why a contact waits, or is with whom it is. The names of agents whom the floor hides are left out.

        Raises ``NotFound`` ("contact-not-here"), ``Forbidden`` ("outside-your-scope") when such an agent has it.
        """
        found = self._routing.why(actor.tenant_id, interaction_id)
        name = None
        if found.agent_id is not None:
            try:
                await self._identity.check_reach(actor, found.agent_id, MAY_SEE)
            except Forbidden:
                if found.state not in ("waiting", "offered"):
                    raise
            else:
                known = await self._identity.users(actor.tenant_id, [found.agent_id])
                name = known[found.agent_id].display_name if found.agent_id in known else None
        return ContactWhy(state=found.state, agent_name=name, why=[_without_ids(reason) for reason in found.why])

    async def move(
        self, actor: Actor, interaction_id: UUID, *, queue_id: UUID | None, front: bool, reason: MoveReason
    ) -> None:
        """Put a waiting contact into another queue, or before all others; its segments and the audit say so.

        Raises ``Conflict`` ``contact-not-waiting``, ``NotFound`` ``queue-not-found``, ``Invalid`` ``nowhere-to-move``
        and ``queue-takes-no-such-media``.
        """
        code = next((queue.code for queue in self._routing.queues(actor.tenant_id) if queue.id == queue_id), None)

        async def beside(tx: Transaction) -> None:
            if code is not None:
                await self._conversations.enter_queue(tx, interaction_id, code)
            params = {"queue": None if queue_id is None else str(queue_id), "front": front, "reason": reason.value}
            await self._identity.audit(tx, actor, "contact.moved", interaction_id, params)

        await self._routing.move(actor, interaction_id, queue_id=queue_id, front=front, beside=beside)


def _without_ids(reason: Why) -> Why:
    """Whose id it is, the name beside the reasons says, to who may know."""
    return Why(code=reason.code, params={name: value for name, value in reason.params.items() if name != "agent"})
