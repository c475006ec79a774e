"""HTTP of what colleagues do with each other in a conversation; nothing of it reaches the customer unasked."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Response

from careline.infra.http import requires
from careline.infra.web.joined import joined
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.endpoints.dispositions import build_dispositions_router
from careline.modules.contact.conversations.endpoints.quick_replies import build_replies_router
from careline.modules.contact.conversations.schemas.colleagues import (
    AskInWanted,
    Colleague,
    Note,
    NoteList,
    NoteWanted,
    Participant,
    TransferTargets,
    TransferWanted,
)
from careline.modules.contact.conversations.schemas.contacts import InboxEntry
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.dispositions import Dispositions
from careline.modules.contact.conversations.services.history import History
from careline.modules.contact.conversations.services.inviting import Inviting
from careline.modules.contact.conversations.services.notes import Notes
from careline.modules.contact.conversations.services.participants import Participants
from careline.modules.contact.conversations.services.past import Past
from careline.modules.contact.conversations.services.quick_replies import QuickReplies
from careline.modules.contact.conversations.services.targets import Targets
from careline.modules.contact.conversations.services.transfers import MEDIA, Transfers, Wanted
from careline.modules.contact.conversations.states import ParticipantRole

Agent = Annotated[Actor, requires("desk:use")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


class ColleagueServices(msgspec.Struct, frozen=True, kw_only=True):
    """What these endpoints call."""

    access: Access
    participants: Participants
    notes: Notes
    inviting: Inviting
    targets: Targets
    transfers: Transfers
    replies: QuickReplies
    dispositions: Dispositions
    history: History
    past: Past


def build_colleagues_router(services: ColleagueServices) -> APIRouter:
    """Who is in a conversation, and passing it on."""
    colleagues = APIRouter(tags=["conversations"])
    _add_participants(colleagues, services)
    _add_notes(colleagues, services)
    _add_transfers(colleagues, services)
    return joined(colleagues, build_replies_router(services.replies), build_dispositions_router(services.dispositions))


def _add_participants(router: APIRouter, services: ColleagueServices) -> None:
    @router.get("/conversations/{conversation_id}/participants")
    async def participants(conversation_id: UUID, actor: Agent) -> list[Participant]:
        """Who of us is in this conversation now, the agent first."""
        await services.access.conversation(actor, conversation_id)
        return [Participant.model_validate(one) for one in await services.participants.shown(actor, conversation_id)]

    @router.post("/conversations/{conversation_id}/participants", status_code=204)
    async def invite(conversation_id: UUID, wanted: AskInWanted, actor: Agent) -> None:
        """Ask a colleague into my chat, or give one who is there the other role. The customer is told of who speaks."""
        role = ParticipantRole(wanted.role)
        await services.inviting.invite(actor, conversation_id, wanted.user_id, role)

    @router.delete("/conversations/{conversation_id}/participants/{user_id}", status_code=204)
    async def let_go(conversation_id: UUID, user_id: UUID, actor: Agent) -> None:
        """Leave a chat that I was asked into, or let go whom I asked into mine."""
        await services.inviting.let_go(actor, conversation_id, user_id)

    @router.get("/colleagues")
    async def colleagues(actor: Agent, q: Annotated[str, Query(max_length=100)] = "") -> list[Colleague]:
        """Agents who are signed in, to be asked in or mentioned: at most 30 whose name or number holds ``q``."""
        return [Colleague.model_validate(one) for one in await services.targets.colleagues(actor, q)]


def _add_notes(router: APIRouter, services: ColleagueServices) -> None:
    @router.get("/conversations/{conversation_id}/notes")
    async def notes(conversation_id: UUID, actor: Agent, after: UUID | None = None, limit: Limit = 100) -> NoteList:
        """What was written in this conversation for colleagues only."""
        found = await services.notes.after(actor, conversation_id, after, limit)
        return NoteList(
            items=[Note.model_validate(await services.notes.shown(actor.tenant_id, note)) for note in found],
            next=str(found[-1].id) if len(found) == limit else None,
        )

    @router.post("/conversations/{conversation_id}/notes", status_code=201)
    async def write_note(conversation_id: UUID, wanted: NoteWanted, actor: Agent, response: Response) -> Note:
        """Write something that colleagues read and the customer never sees. It is durable when this answers."""
        noted = await services.notes.write(actor, conversation_id, wanted.client_id, wanted.text, wanted.mentions)
        if noted.again:
            response.status_code = 200
        return Note.model_validate(await services.notes.shown(actor.tenant_id, noted.note))


def _add_transfers(router: APIRouter, services: ColleagueServices) -> None:
    @router.get("/interactions/{interaction_id}/transfer-targets")
    async def transfer_targets(
        interaction_id: UUID, actor: Agent, q: Annotated[str, Query(max_length=100)] = ""
    ) -> TransferTargets:
        """Who could take this contact: queues with what waits, agents with what they carry, the readiest first."""
        contact = await services.access.interaction(actor, interaction_id)
        media = MEDIA[contact.channel]
        return TransferTargets.model_validate(await services.targets.listed(actor, interaction_id, q, media))

    @router.post("/interactions/{interaction_id}/transfer", status_code=204)
    async def transfer(interaction_id: UUID, wanted: TransferWanted, actor: Agent) -> None:
        """Pass my call, chat or left message on; my after-contact work begins. A call is not mine any more."""
        target = Wanted(queue=wanted.queue, agent_id=wanted.agent_id, note=wanted.note)
        await services.transfers.begin(actor, interaction_id, target)

    @router.delete("/interactions/{interaction_id}/transfer")
    async def take_back(interaction_id: UUID, actor: Agent) -> InboxEntry:
        """Have the chat or left message back that I passed on and that nobody has taken yet."""
        return InboxEntry.model_validate(await services.transfers.take_back(actor, interaction_id))
