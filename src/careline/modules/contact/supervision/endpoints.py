"""HTTP of supervision: what supervisors do, and what agents read of it."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.errors import NotFound
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.contact.supervision.schemas import (
    ContactWhyShown,
    MoveWanted,
    OrderedState,
    PresenceWanted,
    SigningOut,
    StateOrderList,
    StateSet,
    WaitingList,
    WatchedShown,
)
from careline.modules.contact.supervision.services.contacts import Contacts
from careline.modules.contact.supervision.services.listening import Listening
from careline.modules.contact.supervision.services.orders import Orders

Director = Annotated[Actor, requires("floor:direct")]
Listener = Annotated[Actor, requires("floor:listen")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """What the endpoints call."""

    orders: Orders
    contacts: Contacts
    listening: Listening


def build_router(services: Services) -> APIRouter:
    """Every route of supervision."""
    router = APIRouter(tags=["supervision"])
    _add_orders(router, services.orders)
    _add_contacts(router, services.contacts)
    _add_listening(router, services.listening)
    return router


def _add_orders(router: APIRouter, orders: Orders) -> None:
    @router.put("/floor/agents/{agent_id}/state")
    async def set_state(agent_id: UUID, wanted: OrderedState, actor: Director) -> StateSet:
        """Set an agent's state. They are told who did it and why; it is no lock."""
        return StateSet.model_validate(
            await orders.set_state(actor, agent_id, wanted.chosen, wanted.reason, wanted.note)
        )

    @router.post("/floor/agents/{agent_id}/sign-out")
    async def sign_out(agent_id: UUID, wanted: SigningOut, actor: Director) -> StateSet:
        """Set an agent offline and end all their sessions; when they sign in again they read who did it and why."""
        return StateSet.model_validate(await orders.sign_out(actor, agent_id, wanted.note))

    @router.get("/agent-state/orders")
    async def my_orders(
        actor: Annotated[Actor, requires("desk:use")],
        after: Annotated[UUID | None, Query(description="The last order that is known")] = None,
        limit: Limit = 20,
    ) -> StateOrderList:
        """What supervisors have set for me: who, when and why, the newest first."""
        if actor.id is None:
            raise NotFound("agent-not-found")
        return StateOrderList.model_validate(await orders.to(actor.tenant_id, actor.id, before=after, limit=limit))


def _add_contacts(router: APIRouter, contacts: Contacts) -> None:
    @router.get("/floor/queues/{queue_id}/waiting")
    async def waiting(
        queue_id: UUID,
        actor: Annotated[Actor, requires("floor:view")],
        after: Annotated[int, Query(ge=0, le=1_000_000, description="How many are known")] = 0,
        limit: Limit = 50,
    ) -> WaitingList:
        """Who waits in a queue, the next one first."""
        return WaitingList.model_validate(await contacts.waiting(actor.tenant_id, queue_id, after=after, limit=limit))

    @router.get("/floor/contacts/{interaction_id}/why")
    async def why(interaction_id: UUID, actor: Annotated[Actor, requires("floor:view")]) -> ContactWhyShown:
        """Why a contact waits and what will change by itself, or why it is with the agent who has it."""
        return ContactWhyShown.model_validate(await contacts.why(actor, interaction_id))

    @router.post("/floor/waiting/{interaction_id}/move", status_code=204)
    async def move(interaction_id: UUID, wanted: MoveWanted, actor: Director) -> None:
        """Put a waiting contact into another queue, or before all others."""
        await contacts.move(actor, interaction_id, queue_id=wanted.queue_id, front=wanted.front, reason=wanted.reason)


def _add_listening(router: APIRouter, listening: Listening) -> None:
    @router.put("/floor/chats/{interaction_id}/presence")
    async def come(interaction_id: UUID, wanted: PresenceWanted, actor: Listener) -> WatchedShown:
        """Read a chat along, whisper to its agent, or join it; each is audited."""
        return WatchedShown.model_validate(await listening.come(actor, interaction_id, wanted.presence))

    @router.delete("/floor/chats/{interaction_id}/presence", status_code=204)
    async def leave(interaction_id: UUID, actor: Listener) -> None:
        """Be in the chat no more."""
        await listening.leave(actor, interaction_id)

    @router.post("/floor/chats/{interaction_id}/take-over", status_code=204)
    async def take_over(interaction_id: UUID, actor: Listener) -> None:
        """Have the chat offered to my own desk."""
        await listening.take_over(actor, interaction_id)
