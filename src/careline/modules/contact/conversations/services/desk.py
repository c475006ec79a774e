"""What an agent's desk shows: offers, the contacts in hand, one contact in full."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.ports import Ratings
from careline.modules.contact.conversations.repository import (
    dispositions,
    holds,
    interactions,
    messages,
    participants,
    transfers,
    write_ups,
)
from careline.modules.contact.conversations.repository.messages import LastMessage
from careline.modules.contact.conversations.repository.transfers import TransferView
from careline.modules.contact.conversations.repository.write_ups import WriteUpView
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.briefs import NOBODY, Briefs
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.write_ups import Tree, ending, own_ending, steps
from careline.modules.contact.conversations.states import ParticipantRole
from careline.modules.contact.conversations.views import (
    AskedIn,
    AttachmentShown,
    Author,
    Channel,
    CustomerBrief,
    Inbox,
    InboxItem,
    InteractionDetail,
    InteractionView,
    MessageShown,
    MessageView,
    Named,
    OfferCard,
    RecordingShown,
    SegmentShown,
    SegmentView,
    TransferShown,
    WriteUpShown,
)
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import AssignmentView, Media, MediumState, OfferView, Why
from careline.modules.directory.customers.facade import Customers

Position = Callable[[], str]

_ENGAGED = {Media.VOICE: "talking", Media.CHAT: "chatting", Media.MESSAGE: "answering"}

_ASKED = (ParticipantRole.CONSULTANT, ParticipantRole.COLLEAGUE)


class Desk:
    """Reads for agents. Everything personal leaves masked."""

    def __init__(
        self,
        database: Database,
        access: Access,
        routing: Routing,
        customers: Customers,
        briefs: Briefs,
        telephony: Telephony,
        names: Names,
        ratings: Ratings,
        position: Position,
    ) -> None:
        self._database = database
        self._access = access
        self._routing = routing
        self._customers = customers
        self._briefs = briefs
        self._telephony = telephony
        self._names = names
        self._ratings = ratings
        self._position = position

    async def inbox(self, actor: Actor) -> Inbox:
        """What asks for the agent's attention now."""
        position = self._position()
        if actor.id is None:
            return Inbox(offers=[], mine=[], asked_in=[], position=position)
        offers = self._routing.offers_of(actor.tenant_id, actor.id)
        mine = self._routing.assignments_of(actor.tenant_id, actor.id)
        return Inbox(
            offers=await self.offer_cards(actor.tenant_id, offers),
            mine=await self._items(actor.tenant_id, mine),
            asked_in=await self._asked_in(actor.tenant_id, actor.id),
            position=position,
        )

    async def offer_cards(self, tenant_id: TenantId, offers: Sequence[OfferView]) -> list[OfferCard]:
        """Offers as their agents see them."""
        if not offers:
            return []
        async with self._database.glance(tenant_id, keys=len(offers)) as reading:
            known = await interactions.find_many(reading, [offer.interaction_id for offer in offers])
            passed_on = await transfers.of(reading, list(known))
        briefs = await self._briefs.of(tenant_id, list(known.values()))
        coming = {one.interaction_id: one for one in passed_on if one.ended_at is None}
        under_way = {one.interaction_id: await self.transfer(tenant_id, one) for one in coming.values()}
        return [
            OfferCard(
                id=offer.id,
                token=offer.token,
                item_id=offer.item_id,
                interaction_id=offer.interaction_id,
                media=offer.media,
                queue=Named(id=offer.queue.id, name=offer.queue.name),
                customer=briefs.get(offer.interaction_id, NOBODY),
                waited_s=offer.waited_s,
                deadline=offer.deadline,
                ring_s=offer.queue.ring_seconds,
                why=_why(offer, coming.get(offer.interaction_id)),
                transfer=under_way.get(offer.interaction_id),
            )
            for offer in offers
        ]

    async def item(self, tenant_id: TenantId, assignment: AssignmentView) -> InboxItem:
        """One contact in hand."""
        items = await self._items(tenant_id, [assignment])
        if not items:
            raise Conflict("offer-gone")
        return items[0]

    async def detail(self, actor: Actor, interaction_id: UUID) -> InteractionDetail:
        """All there is to see of one interaction, for who may see it."""
        return await self.of(actor, await self._access.interaction(actor, interaction_id))

    async def seen_by(self, actor: Actor, interaction_id: UUID) -> InteractionView:
        """One interaction, for who may see it."""
        return await self._access.interaction(actor, interaction_id)

    async def of(self, actor: Actor, interaction: InteractionView, *, past: bool = False) -> InteractionDetail:
        """The same of one whose reader is known to be permitted.

        At the desk the reader's own words stand apart, since they go on writing them. In the ``past`` the contact ended
        as its last agent said, and everybody's words stand beside each other, each under its author's name.
        """
        tenant_id, interaction_id = actor.tenant_id, interaction.id
        async with self._database.reading(tenant_id) as reading:
            stretches = await interactions.segments(reading, interaction_id)
            journey = await interactions.journey(reading, interaction_id)
            written = await write_ups.of(reading, interaction_id)
            passed_on = await transfers.of(reading, [interaction_id])
            tree = await dispositions.tree(reading)
        brief = (await self._briefs.of(tenant_id, [interaction]))[interaction_id]
        agent_name = await self._names.of(tenant_id, interaction.agent_id)
        return InteractionDetail(
            id=interaction.id,
            conversation_id=interaction.conversation_id,
            channel=interaction.channel,
            state=interaction.state,
            opened_at=interaction.opened_at,
            ended_at=interaction.ended_at,
            closed_at=interaction.closed_at,
            assurance=interaction.assurance,
            customer=None if brief == NOBODY else brief,
            number_masked=brief.number_masked,
            segments=[await self._segment(tenant_id, stretch) for stretch in stretches],
            journey=journey,
            queue=self._names.queue(tenant_id, interaction.queue_id),
            agent=None
            if interaction.agent_id is None or agent_name is None
            else Named(id=interaction.agent_id, name=agent_name),
            recording=await self._recording(interaction),
            disposition=ending(interaction, tree) if past else own_ending(interaction, actor, stretches, written, tree),
            write_ups=[
                await self._write_up(tenant_id, one, tree) for one in written if past or one.agent_id != actor.id
            ],
            transfers=[await self.transfer(tenant_id, one) for one in passed_on],
            rating=(await self._ratings.ratings(tenant_id, [interaction_id])).get(interaction_id),
            acw_deadline=interaction.wrap_up_deadline,
        )

    async def who(self, tenant_id: TenantId, interaction_ids: Sequence[UUID]) -> dict[UUID, CustomerBrief]:
        """Who the customers of some interactions seem to be."""
        async with self._database.glance(tenant_id, keys=len(interaction_ids)) as reading:
            known = await interactions.find_many(reading, interaction_ids)
        return await self._briefs.of(tenant_id, list(known.values()))

    async def shown(self, tenant_id: TenantId, message: MessageView) -> MessageShown:
        """A message with its author's name."""
        agent_id = message.author_id if message.author is Author.AGENT else None
        return MessageShown(
            id=message.id,
            conversation_id=message.conversation_id,
            interaction_id=message.interaction_id,
            seq=message.seq,
            client_id=message.client_id,
            author=message.author,
            author_name=await self._names.of(tenant_id, agent_id),
            kind=message.kind,
            text=message.text,
            code=message.code,
            params=message.params,
            at=message.at,
            attachment=_attachment(message),
        )

    async def _asked_in(self, tenant_id: TenantId, agent_id: UUID) -> list[AskedIn]:
        async with self._database.glance(tenant_id) as reading:
            there = [one for one in await participants.of_user(reading, agent_id) if one.role in _ASKED]
            known = await interactions.find_many(reading, [one.interaction_id for one in there]) if there else {}
        briefs = await self._briefs.of(tenant_id, list(known.values())) if known else {}
        return [
            AskedIn(
                interaction_id=one.interaction_id,
                conversation_id=one.conversation_id,
                customer=briefs[one.interaction_id],
                queue=self._names.queue(tenant_id, known[one.interaction_id].queue_id),
                role=one.role,
                asked_by=await self._names.of(tenant_id, one.brought_by),
                since=one.joined_at,
            )
            for one in there
            if one.interaction_id in known
        ]

    async def transfer(self, tenant_id: TenantId, transfer: TransferView) -> TransferShown:
        """A transfer with names."""
        queue = self._names.queue(tenant_id, transfer.to_queue_id)
        return TransferShown(
            from_name=await self._names.of(tenant_id, transfer.from_agent_id),
            to_queue_name=None if queue is None else queue.name,
            to_agent_name=await self._names.of(tenant_id, transfer.to_agent_id),
            note=transfer.note,
            begun_at=transfer.begun_at,
            ended_at=transfer.ended_at,
            outcome=transfer.outcome,
            taken_by_name=await self._names.of(tenant_id, transfer.taken_by),
            taken_over=transfer.taken_over,
        )

    async def _write_up(self, tenant_id: TenantId, written: WriteUpView, tree: Tree) -> WriteUpShown:
        name = await self._names.of(tenant_id, written.agent_id)
        return WriteUpShown(
            agent_name=name, code=written.code, path=steps(written.code, tree, written.path), note=written.note
        )

    async def _items(self, tenant_id: TenantId, mine: Sequence[AssignmentView]) -> list[InboxItem]:
        if not mine:
            return []
        ids = [assignment.interaction_id for assignment in mine]
        async with self._database.glance(tenant_id, keys=len(ids)) as reading:
            known = await interactions.find_many(reading, ids)
            chats = {item.conversation_id for item in known.values() if item.channel is not Channel.VOICE}
            latest = await messages.latest(reading, chats)
            subjects = await interactions.latest_steps(reading, ids)
            calls = [one.interaction_id for one in mine if one.media is Media.VOICE]
            held = await holds.since(reading, calls) if calls else {}
            over = [one.interaction_id for one in mine if one.state is MediumState.AFTER_CONTACT_WORK]
            passed_on = await transfers.of(reading, over) if over else []
        left = {(one.interaction_id, one.from_agent_id): await self.transfer(tenant_id, one) for one in passed_on}
        briefs = await self._briefs.of(tenant_id, list(known.values()))
        return [
            _item(
                assignment,
                known[assignment.interaction_id],
                briefs[assignment.interaction_id],
                latest.get(known[assignment.interaction_id].conversation_id),
                subjects.get(assignment.interaction_id),
                left.get((assignment.interaction_id, assignment.agent_id)),
                held.get(assignment.interaction_id),
            )
            for assignment in mine
            if assignment.interaction_id in known
        ]

    async def _segment(self, tenant_id: TenantId, stretch: SegmentView) -> SegmentShown:
        queue = self._names.queue(tenant_id, stretch.queue_id)
        return SegmentShown(
            kind=stretch.kind,
            started_at=stretch.started_at,
            ended_at=stretch.ended_at,
            queue_name=None if queue is None else queue.name,
            agent_name=await self._names.of(tenant_id, stretch.agent_id),
        )

    async def _recording(self, interaction: InteractionView) -> RecordingShown | None:
        if interaction.channel is not Channel.VOICE:
            return None
        found = await self._telephony.recordings(interaction.tenant_id, interaction.id)
        usable = [item for item in found if item.state not in ("lost", "withheld")]
        if not usable:
            return None
        return RecordingShown(id=usable[-1].id, state=usable[-1].state, started_at=usable[-1].started_at)


def _item(
    assignment: AssignmentView,
    interaction: InteractionView,
    customer: CustomerBrief,
    last: LastMessage | None,
    subject: str | None,
    transfer: TransferShown | None,
    held_since: datetime | None,
) -> InboxItem:
    wrapping = assignment.state is MediumState.AFTER_CONTACT_WORK
    engaged = "parked" if assignment.parked else _ENGAGED[assignment.media]
    turn, turn_since = None, None
    # What was said before a message was left waits for no answer but that one.
    begun = None if assignment.media is not Media.MESSAGE else assignment.since
    is_new = last is not None and (begun is None or (last.at is not None and last.at > begun))
    if last is not None and last.author is not None and is_new and not wrapping:
        turn = "customer" if last.unanswered_since is None else "agent"
        turn_since = last.unanswered_since or last.at
    return InboxItem(
        interaction_id=interaction.id,
        conversation_id=interaction.conversation_id,
        media=assignment.media,
        state="after_contact_work" if wrapping else engaged,
        customer=customer,
        queue=Named(id=assignment.queue.id, name=assignment.queue.name),
        since=assignment.since,
        subject=subject,
        last_text=None if last is None or last.author is None else last.text,
        unread=0 if last is None else last.unread,
        waiting_for=turn,
        waiting_since=turn_since,
        acw_deadline=assignment.wrap_up_deadline if wrapping else None,
        acw_left_s=assignment.wrap_up_left_s if wrapping else None,
        transfer=transfer if wrapping else None,
        held_since=None if wrapping else held_since,
    )


def _attachment(message: MessageView) -> AttachmentShown | None:
    sent = message.attachment
    if sent is None:
        return None
    return AttachmentShown(
        id=sent.id,
        media_type=sent.media_type,
        size=sent.size,
        width=sent.width,
        height=sent.height,
        duration_ms=sent.duration_ms,
    )


def _why(offer: OfferView, transfer: TransferView | None) -> list[Why]:
    """The reasons; routing knows the agent for whom a chat was meant as the one who served its customer before."""
    if transfer is None or transfer.to_agent_id != offer.agent_id:
        return offer.why
    code = "taken-over-by-me" if transfer.taken_over else "passed-on-to-me"
    return [Why(code=code, params={}) if one.code == "last-agent" else one for one in offer.why]
