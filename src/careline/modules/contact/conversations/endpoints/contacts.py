"""HTTP of conversations: the agent's desk and the customer's side."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from careline.infra.http import Visitor, public, requires, visitor
from careline.infra.web.addresses import network_of
from careline.infra.web.direct import answered_directly
from careline.infra.web.joined import joined
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.endpoints.colleagues import ColleagueServices, build_colleagues_router
from careline.modules.contact.conversations.rules import MAX_SEQ
from careline.modules.contact.conversations.schemas.contacts import (
    ChatMessages,
    ChatShown,
    HoldWanted,
    InboxEntry,
    InboxShown,
    Interaction,
    Message,
    MessageList,
    MessageWanted,
    OfferAnswer,
    ReadWanted,
    ServiceShown,
    TenantCode,
    VisitorEntered,
    VisitorWanted,
    WrapUpWanted,
)
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.ending import Ending
from careline.modules.contact.conversations.services.holding import Holding
from careline.modules.contact.conversations.services.leaving import Leaving
from careline.modules.contact.conversations.services.marks import Marks
from careline.modules.contact.conversations.services.messages import Messages, Sent
from careline.modules.contact.conversations.services.offers import Offers
from careline.modules.contact.conversations.services.pace import Pace
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.contact.conversations.views import MessageView

Agent = Annotated[Actor, requires("desk:use")]
Guest = Annotated[Visitor, visitor()]
After = Annotated[int, Query(ge=0, le=MAX_SEQ, description="The number of the last message that is known")]
Before = Annotated[
    int | None,
    Query(ge=1, le=MAX_SEQ, description="The number of the first message that is known"),
]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


_GUEST = visitor().dependency


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``MessageWanted`` as the direct way reads it; whatever it does not take goes the usual way."""

    client_id: UUID
    text: str


_SAID = msgspec.json.Decoder(Said)


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """What the endpoints call."""

    desk: Desk
    access: Access
    offers: Offers
    messages: Messages
    marks: Marks
    ending: Ending
    holding: Holding
    leaving: Leaving
    visitors: Visitors
    colleagues: ColleagueServices
    entering: Pace
    speaking: Pace


def build_router(services: Services) -> APIRouter:
    """Every route of conversations. Both sides of a chat do alike things: each has its own tag, hence names."""
    desk = APIRouter(tags=["conversations"])
    guests = APIRouter(tags=["visitor"])
    # Routes are tried one after another, so the busiest stand first.
    _add_visitor_chat(guests, services)
    _add_visitor(guests, services)
    _add_conversations(desk, services)
    _add_inbox(desk, services)
    _add_interactions(desk, services)
    return joined(guests, desk, build_colleagues_router(services.colleagues))


def _add_inbox(router: APIRouter, services: Services) -> None:
    @router.get("/inbox")
    async def inbox(actor: Agent) -> InboxShown:
        """My offers and the contacts in my hands."""
        return InboxShown.model_validate(await services.desk.inbox(actor))

    @router.post("/offers/{offer_id}/accept")
    async def accept(offer_id: UUID, answer: OfferAnswer, actor: Agent) -> InboxEntry:
        """Take an offered chat. A call is taken by picking up the phone."""
        return InboxEntry.model_validate(await services.offers.accept(actor, offer_id, answer.token))

    @router.post("/offers/{offer_id}/decline", status_code=204)
    async def decline(offer_id: UUID, answer: OfferAnswer, actor: Agent) -> None:
        """Let it to others."""
        await services.offers.decline(actor, offer_id, answer.token)


def _add_interactions(router: APIRouter, services: Services) -> None:
    @router.get("/interactions/{interaction_id}")
    async def interaction(interaction_id: UUID, actor: Agent) -> Interaction:
        """A contact that I serve, served or am offered, or any of them for who may watch the floor."""
        return Interaction.model_validate(await services.desk.detail(actor, interaction_id))

    @router.post("/interactions/{interaction_id}/end", status_code=204)
    async def end(interaction_id: UUID, actor: Agent) -> None:
        """End my chat, or my part of a call; after-contact work begins."""
        await services.ending.by_agent(actor, interaction_id)

    @router.put("/interactions/{interaction_id}/hold", status_code=204)
    async def hold(interaction_id: UUID, wanted: HoldWanted, actor: Agent) -> None:
        """Put my caller on hold, who hears music then, or take them back. Nothing happens when that is so."""
        await services.holding.set(actor, interaction_id, held=wanted.held)

    @router.put("/interactions/{interaction_id}/wrap-up", status_code=204)
    async def wrap_up(interaction_id: UUID, wanted: WrapUpWanted, actor: Agent) -> None:
        """Say how it ended."""
        await services.ending.wrap_up(
            actor, interaction_id, disposition=wanted.disposition, note=wanted.note, draft=wanted.draft
        )


def _add_conversations(router: APIRouter, services: Services) -> None:
    @router.get("/conversations/{conversation_id}/messages")
    async def messages(
        conversation_id: UUID, actor: Agent, after: After = 0, before: Before = None, limit: Limit = 100
    ) -> ChatMessages:
        """What was said, from a number on; with ``before`` the last of what was said before that number."""
        only = await services.access.readable(actor, conversation_id)
        if before is None:
            said = await _listed(services, actor.tenant_id, conversation_id, after, limit, only)
        else:
            found = await services.messages.before(actor.tenant_id, conversation_id, before, limit, only=only)
            said = MessageList(items=await _shown(services, actor.tenant_id, found), next=None)
        read = await services.messages.read_by_customer(actor.tenant_id, conversation_id)
        return ChatMessages(items=said.items, next=said.next, customer_read=read)

    @router.post("/conversations/{conversation_id}/messages", status_code=201, responses=_AGAIN)
    async def send(conversation_id: UUID, wanted: MessageWanted, actor: Agent, response: Response) -> Message:
        """Say something in my chat. It is durable when this answers."""
        sent = await services.messages.from_agent(actor, conversation_id, wanted.client_id, wanted.text)
        return await _answered(services, actor.tenant_id, sent, response)

    @router.post("/conversations/{conversation_id}/read", status_code=204)
    async def read(conversation_id: UUID, wanted: ReadWanted, actor: Agent) -> None:
        """I have seen everything up to this message."""
        await services.marks.agent_read(actor, conversation_id, wanted.seq)

    @router.post("/conversations/{conversation_id}/typing", status_code=204)
    async def typing(conversation_id: UUID, actor: Agent) -> None:
        """I am writing."""
        await services.marks.agent_types(actor, conversation_id)


def _add_visitor(router: APIRouter, services: Services) -> None:
    async def paced(request: Request) -> None:
        services.entering.check(network_of(None if request.client is None else request.client.host))

    @router.post("/visitor", status_code=201, dependencies=[public(), Depends(paced)])
    async def enter(wanted: VisitorWanted) -> VisitorEntered:
        """Open portal or widget. Keep the token: it is the way back into the conversation."""
        entered = await services.visitors.enter(
            wanted.tenant, name=wanted.name, number=wanted.msisdn, locale=wanted.locale
        )
        return VisitorEntered(
            token=entered.token,
            visitor_id=entered.visitor.id,
            conversation_id=entered.visitor.conversation_id,
            expires_at=entered.visitor.expires_at,
        )

    @router.get("/visitor/service", dependencies=[public()])
    async def service(tenant: Annotated[TenantCode, Query()]) -> ServiceShown:
        """Whose page this is, before anybody has entered it."""
        return ServiceShown.model_validate(await services.visitors.service(tenant))

    @router.get("/visitor/conversation")
    async def conversation(guest: Guest) -> ChatShown:
        """Where my conversation is."""
        return ChatShown.model_validate(await services.visitors.chat_now(guest))

    @router.post("/visitor/end", status_code=204)
    async def leave(guest: Guest) -> None:
        """End the chat that goes on. Writing again begins another one in the same conversation."""
        await services.ending.by_visitor(await services.visitors.record(guest))

    @router.post("/visitor/leave", status_code=204)
    async def leave_device(guest: Guest) -> None:
        """I leave this device: my token is worth nothing any more, anywhere, and the chat that goes on ends."""
        await services.leaving.leave(guest)


def _add_visitor_chat(router: APIRouter, services: Services) -> None:
    async def say(guest: Visitor, client_id: UUID, text: str) -> Sent:
        services.speaking.check(guest.id)
        record = await services.visitors.record(guest)
        return await services.messages.from_visitor(record, client_id, text)

    async def say_directly(request: Request) -> Response | None:
        if request.headers.get("content-type") != "application/json":
            return None
        guest: Visitor = await _GUEST(request)
        try:
            said = _SAID.decode(await request.body())
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            return None
        sent = await say(guest, said.client_id, said.text)
        shown = await services.desk.shown(guest.tenant_id, sent.message)
        return Response(msgspec.json.encode(shown), 200 if sent.again else 201, media_type="application/json")

    @router.post("/visitor/messages", status_code=201, responses=_AGAIN)
    @answered_directly(say_directly)
    async def send(wanted: MessageWanted, guest: Guest, response: Response) -> Message:
        """Say something; the first message opens the conversation. It is durable when this answers."""
        sent = await say(guest, wanted.client_id, wanted.text)
        return await _answered(services, guest.tenant_id, sent, response)

    @router.get("/visitor/messages")
    async def messages(guest: Guest, after: After = 0, limit: Limit = 100) -> MessageList:
        """What was said in my conversation, from a number on."""
        record = await services.visitors.record(guest)
        if record.conversation_id is None:
            return MessageList(items=[], next=None)
        return await _listed(services, guest.tenant_id, record.conversation_id, after, limit)

    @router.post("/visitor/read", status_code=204)
    async def read(wanted: ReadWanted, guest: Guest) -> None:
        """I have seen everything up to this message."""
        await services.marks.visitor_read(guest, wanted.seq)

    @router.post("/visitor/typing", status_code=204)
    async def typing(guest: Guest) -> None:
        """I am writing."""
        await services.marks.visitor_types(guest)


_AGAIN: dict[int | str, dict[str, object]] = {
    200: {"model": Message, "description": "It was stored before; this is the same message."}
}


async def _answered(services: Services, tenant_id: TenantId, sent: Sent, response: Response) -> Message:
    if sent.again:
        response.status_code = 200
    return Message.model_validate(await services.desk.shown(tenant_id, sent.message))


async def _listed(
    services: Services,
    tenant_id: TenantId,
    conversation_id: UUID,
    after: int,
    limit: int,
    only: Collection[UUID] | None = None,
) -> MessageList:
    found = await services.messages.after(tenant_id, conversation_id, after, limit, only=only)
    return MessageList(
        items=await _shown(services, tenant_id, found),
        next=str(found[-1].seq) if len(found) == limit else None,
    )


async def _shown(services: Services, tenant_id: TenantId, found: list[MessageView]) -> list[Message]:
    return [Message.model_validate(await services.desk.shown(tenant_id, message)) for message in found]
