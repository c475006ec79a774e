"""The door to conversations for the modules above it, and for bootstrap."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.infra.http import Visitor
from careline.kernel.errors import Param
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.engine.dispositions import DispositionView
from careline.modules.contact.conversations.errors import InteractionUnknown
from careline.modules.contact.conversations.repository import (
    dispositions,
    files,
    interactions,
    participants,
    quick_replies,
    visitors,
)
from careline.modules.contact.conversations.repository.quick_replies import QuickReplyView
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.ending import Ending
from careline.modules.contact.conversations.services.keyed_passwords import KeyedPasswords
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.services.opening import Opening
from careline.modules.contact.conversations.services.participants import Beside, Participants
from careline.modules.contact.conversations.services.putting_off import PuttingOff
from careline.modules.contact.conversations.services.signals import ChatSignals, SignalBoard
from careline.modules.contact.conversations.services.transfers import Transfers, Wanted
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.contact.conversations.services.waits import Waits
from careline.modules.contact.conversations.states import ParticipantRole
from careline.modules.contact.conversations.views import (
    Channel,
    CustomerBrief,
    InteractionView,
    MessageView,
    ParticipantView,
    Wait,
)
from careline.modules.contact.telephony.views import CallView


class Conversations:
    """Contacts as flows, surveys and cases may use them. Also telephony's ``CallOpening``."""

    def __init__(
        self,
        database: Database,
        opening: Opening,
        messages: Messages,
        ending: Ending,
        visitors: Visitors,
        signals: SignalBoard,
        desk: Desk,
        waits: Waits,
        participants: Participants,
        transfers: Transfers,
        putting_off: PuttingOff,
        keyed: KeyedPasswords,
    ) -> None:
        self._database = database
        self._opening = opening
        self._messages = messages
        self._ending = ending
        self._visitors = visitors
        self._signals = signals
        self._desk = desk
        self._waits = waits
        self._participants = participants
        self._transfers = transfers
        self._putting_off = putting_off
        self._keyed = keyed

    async def call_opened(self, tx: Transaction, call: CallView) -> None:
        """Open the interaction of a call in the transaction that stores the call; its id is the call's."""
        await self._opening.call_opened(tx, call)

    async def has_service_password(self, tenant_id: TenantId, interaction_id: UUID) -> bool:
        """Whether a call that is with a machine may be asked for the service password of the line it comes from."""
        return await self._keyed.line(tenant_id, interaction_id) is not None

    async def try_service_password(self, tenant_id: TenantId, interaction_id: UUID, keyed: str) -> bool:
        """Whether what was keyed is that password; the contact is then as sure as that, and either is written down.

        Raises ``Invalid``, "password-form-over", "too-many-password-tries", "contact-over".
        """
        return await self._keyed.fill(tenant_id, interaction_id, keyed)

    async def interaction(self, tenant_id: TenantId, interaction_id: UUID) -> InteractionView:
        """One contact of the tenant. Raises ``NotFound`` ("interaction-not-found")."""
        async with self._database.glance(tenant_id) as reading:
            found = await interactions.find(reading, interaction_id)
        if found is None:
            raise InteractionUnknown(interaction_id)
        return found

    async def seen_by(self, actor: Actor, interaction_id: UUID) -> InteractionView:
        """One contact, for who may see it: who is or was in it, or is offered it. Raises ``not-yours`` and as above."""
        return await self._desk.seen_by(actor, interaction_id)

    async def who(self, tenant_id: TenantId, interaction_ids: Sequence[UUID]) -> dict[UUID, CustomerBrief]:
        """Who the customers of some interactions seem to be, masked; those that are unknown are left out."""
        return await self._desk.who(tenant_id, interaction_ids) if interaction_ids else {}

    async def last_agent(self, tenant_id: TenantId, interaction_id: UUID) -> UUID | None:
        """Who served the same customer in their last contact before this one; None when nobody did."""
        interaction = await self.interaction(tenant_id, interaction_id)
        async with self._database.glance(tenant_id) as reading:
            return await interactions.last_agent(reading, interaction)

    async def open_interactions(self, tenant_id: TenantId, channel: Channel) -> list[InteractionView]:
        """The contacts of a channel whose customer is with a machine, waits or talks, oldest first."""
        async with self._database.reading(tenant_id) as reading:
            return await interactions.live(reading, channel)

    async def enter_queue(self, tx: Transaction, interaction_id: UUID, queue_code: str) -> None:
        """The customer asked for a person; joins the transaction that puts the item into routing's queue.

        Raises ``Conflict`` ("interaction-not-queueable") when the contact is over.
        """
        await self._opening.enter_queue(tx, interaction_id, queue_code)

    async def open_message(self, tx: Transaction, asked_in: InteractionView, queue_code: str) -> UUID:
        """Open the interaction of a message that was left in a chat, in the caller's transaction; its id.

        It waits from then on: the same transaction puts its item into routing's queue.
        """
        return await self._opening.open_message(tx, asked_in, queue_code)

    async def back_to_flow(self, tx: Transaction, interaction_id: UUID) -> None:
        """The customer waits no longer and the flow goes on with them. Raises ``Conflict``."""
        await self._opening.back_to_flow(tx, interaction_id)

    async def note_step(self, tx: Transaction, interaction_id: UUID, step: str, text: str) -> None:
        """Add to the journey what the flow did, in the flow's own words; never what was said or keyed."""
        await self._opening.note_step(tx, interaction_id, step, text)

    async def post_bot(self, tenant_id: TenantId, interaction_id: UUID, text: str) -> MessageView:
        """A flow says something to the customer of a chat. Raises ``Conflict`` ("chat-ended")."""
        return await self._messages.from_bot(tenant_id, interaction_id, text)

    async def post_notice(
        self, tx: Transaction, interaction: InteractionView, code: str, params: Mapping[str, Param]
    ) -> None:
        """Put into a chat, in the caller's transaction, what happened, as a code for the screens to translate."""
        await self._messages.notice(tx, interaction.conversation_id, interaction.id, code, params)

    async def end(self, tenant_id: TenantId, interaction_id: UUID, *, by: str) -> None:
        """The flow has nothing more to do with the customer of a chat. Nothing happens when it is over.

        ``by`` is ``flow``; a call is hung up through telephony, and its end is heard from there.
        """
        if by != "flow":
            raise ValueError(f"a contact is ended here by a flow, not by {by!r}")
        await self._ending.by_flow(tenant_id, interaction_id)

    async def seen_to_elsewhere(self, tenant_id: TenantId, interaction_id: UUID) -> None:
        """A left message needs no agent of its queue any more. Nothing happens when one has it in hand, or had."""
        await self._ending.elsewhere(tenant_id, interaction_id)

    async def put_off(self, by: Actor, interaction_id: UUID, until: datetime, *, beside: Beside) -> None:
        """Put the left message that an agent has in hand off to a time, at which it is offered to them first.

        ``beside`` is written in the same transaction. Raises ``not-yours``, ``message-not-in-hand``.
        """
        await self._putting_off.put_off(by, interaction_id, until, beside)

    async def has_served(self, tenant_id: TenantId, interaction_id: UUID, agent_id: UUID) -> bool:
        """Whether an agent has, or had, a contact in hand."""
        async with self._database.glance(tenant_id) as reading:
            return await interactions.served(reading, interaction_id, agent_id)

    def chat_signals(self, interaction_id: UUID) -> ChatSignals:
        """What happens in a chat from now on, for the flow that runs it; to be closed."""
        return self._signals.listen(interaction_id)

    def question(
        self, conversation_id: UUID, interaction_id: UUID, is_answer: Callable[[str], bool]
    ) -> AbstractContextManager[None]:
        """While this lasts, a flow waits for an answer, also in a chat that its agent has ended.

        What the customer says then and ``is_answer`` takes is signalled as said in this chat; other words begin a new
        chat, and this one is signalled as left.
        """
        return self._signals.asking(conversation_id, interaction_id, is_answer)

    async def remove_files(self, tx: Transaction, conversation_ids: Sequence[UUID]) -> int:
        """Delete what was sent in some conversations, for erasure; how many files these were.

        Nobody can open them from the caller's commit on. What they held leaves the store within half an hour, and no
        earlier than an hour after it was sent.
        """
        return len(await files.remove_of(tx, conversation_ids))

    def expected_wait(self, tenant_id: TenantId, interaction_id: UUID) -> Wait | None:
        """How long who waits, on the phone or in a chat, will still wait, in words that are worth telling; None when
        nothing is known that would be better than a plain guess, or nobody waits."""
        return self._waits.of(tenant_id, interaction_id)

    def expected_wait_at(self, tenant_id: TenantId, queue_id: UUID, place: int) -> Wait | None:
        """As ``expected_wait``, for somebody who would come to a place of a queue now."""
        return self._waits.at_place(tenant_id, queue_id, place)

    async def participants(self, tenant_id: TenantId, conversation_id: UUID) -> list[ParticipantView]:
        """Who of us is in a conversation now: its agent first, then in the order in which they came."""
        return await self._participants.present(tenant_id, conversation_id)

    async def present_as(self, tenant_id: TenantId, roles: Collection[ParticipantRole]) -> list[ParticipantView]:
        """Who of us is in any conversation now in one of these roles."""
        async with self._database.reading(tenant_id) as reading:
            return await participants.in_roles(reading, roles)

    async def bring(
        self, by: Actor, conversation_id: UUID, user_id: UUID, role: ParticipantRole, *, beside: Beside | None = None
    ) -> None:
        """Bring somebody, perhaps oneself, into the chat that goes on, or give them another role in it.

        Whether ``by`` may do so is for the caller to check. The customer is told of roles that speak to them. From
        then on they read the conversation, hear it live, and say in it what their role lets them. ``beside`` is
        written in the same transaction. Raises ``conversation-not-found``, ``chat-ended``.
        """
        await self._participants.enter(by, conversation_id, user_id, role, beside)

    async def send_away(self, by: Actor, conversation_id: UUID, user_id: UUID, *, beside: Beside | None = None) -> None:
        """Somebody, perhaps oneself, leaves. Raises ``Conflict`` ("participant-not-present")."""
        await self._participants.leave(by, conversation_id, user_id, beside)

    async def pass_on(
        self,
        by: Actor,
        interaction_id: UUID,
        *,
        queue: str | None = None,
        agent_id: UUID | None = None,
        note: str = "",
        beside: Beside | None = None,
    ) -> None:
        """Pass anybody's chat on to a queue (its code) or an agent, as its agent could; whether ``by`` may is for the
        caller to check. ``beside`` is written in the same transaction. Raises ``chat-ended``,
        ``transfer-under-way``, ``transfer-agent-away``, ``transfer-queue-empty``.
        """
        wanted = Wanted(queue=queue, agent_id=agent_id, note=note)
        await self._transfers.begin(by, interaction_id, wanted, only_own=False, beside=beside)

    async def visitor_of(self, token: str) -> Visitor:
        """Whose visitor token it is. Raises ``NotSignedIn``."""
        return await self._visitors.visitor_of(token)

    async def conversation_of(self, tenant_id: TenantId, visitor_id: UUID) -> UUID | None:
        """The conversation of a visitor; None when the visitor is unknown or has said nothing yet."""
        return await self._visitors.conversation_of(tenant_id, visitor_id)

    async def language(self, tenant_id: TenantId, conversation_id: UUID) -> str:
        """The language (BCP 47) that the visitor of a conversation reads; Chinese when none is known."""
        async with self._database.glance(tenant_id) as reading:
            found = await visitors.of_conversations(reading, [conversation_id])
        return found[conversation_id].locale if conversation_id in found else "zh-CN"

    async def provide_quick_replies(self, tx: Transaction, replies: Sequence[tuple[str, str, str]]) -> None:
        """Give a tenant that has no quick replies these: group, title and text, in Chinese."""
        if await quick_replies.count(tx, None):
            return
        for group, title, text in replies:
            reply = QuickReplyView(
                id=new_id(), owner_id=None, group=group, language="zh-CN", title=title, text=text, version=1
            )
            await quick_replies.insert_reply(tx, reply)

    async def provide_dispositions(self, tx: Transaction, tree: Sequence[tuple[str, str, str, str | None]]) -> bool:
        """Give a tenant that has no disposition codes these: code, Chinese and English name, the code above it.

        Whether it had none.
        """
        if await dispositions.tree(tx):
            return False
        nodes = [
            DispositionView(code=code, name=name, name_en=name_en, parent=parent)
            for code, name, name_en, parent in tree
        ]
        await dispositions.add(tx, nodes, position=0)
        return True
