"""Customers at the portal and the widget: who they are to us, and what they see of their conversation."""

import hashlib
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.infra.http import Visitor
from careline.kernel.clock import Clock
from careline.kernel.errors import Conflict, NotFound, NotSignedIn
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.modules.contact.conversations.events import VisitorLeft
from careline.modules.contact.conversations.ports import Ratings
from careline.modules.contact.conversations.repository import chats, interactions, messages
from careline.modules.contact.conversations.repository import visitors as repository
from careline.modules.contact.conversations.repository.visitors import VisitorRecord
from careline.modules.contact.conversations.rules import claimed_number, visitor_locale, visitor_name
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.waits import Waits
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Channel, EndedBy, InteractionView, Wait
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import TenantView

K = TypeVar("K")

KNOWN_FOR = timedelta(days=7)
"""How long a token is good for after it was given."""

REMEMBERED = 20_000

REMOVED_AT_ONCE = 500
"""Visitors in one transaction, so that nobody waits for long behind it."""

_SHOWN = {
    InteractionState.FLOW: "flow",
    InteractionState.QUEUED: "queued",
    InteractionState.TALKING: "chatting",
    InteractionState.AFTER_CONTACT_WORK: "ended",
    InteractionState.CLOSED: "ended",
}


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """How customers know a centre.

    ``hotline`` is the number it is called at; None unless it has exactly one. ``time_zone`` is an IANA name.
    """

    name: str
    hotline: str | None
    time_zone: str


class ChatNow(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor's conversation as the visitor sees it. ``state``: none, flow, queued, chatting or ended."""

    conversation_id: UUID | None
    interaction_id: UUID | None
    state: str
    agent_name: str | None
    queue_position: int | None
    last_seq: int
    rating_open: bool
    wait: Wait | None = None


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """A new visitor with the token that nobody else is ever told."""

    visitor: VisitorRecord
    token: str


class Visitors:
    """Gives out tokens and knows whose they are. What is remembered here can be forgotten at any time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        identity: Identity,
        customers: Customers,
        routing: Routing,
        telephony: Telephony,
        names: Names,
        ratings: Ratings,
        waits: Waits,
    ) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity
        self._customers = customers
        self._routing = routing
        self._telephony = telephony
        self._names = names
        self._ratings = ratings
        self._waits = waits
        self._by_token: OrderedDict[str, VisitorRecord] = OrderedDict()
        self._talking: OrderedDict[UUID, VisitorRecord] = OrderedDict()
        self._revoked: dict[UUID, datetime] = {}

    async def service(self, tenant_code: str) -> Service:
        """What the page is headed with, for anybody who opens it."""
        tenant = await self._tenant(tenant_code)
        numbers = await self._telephony.numbers(tenant.id)
        hotline = numbers[0] if len(numbers) == 1 else None
        return Service(name=tenant.name, hotline=hotline, time_zone=tenant.time_zone)

    async def enter(self, tenant_code: str, *, name: str | None, number: str | None, locale: str) -> Entered:
        """Somebody opens the page. A number that is given is a claim: it shows the agent whom to expect, no more."""
        claimed = claimed_number(number)
        tenant = await self._tenant(tenant_code)
        line = None if claimed is None else await self._customers.line(tenant.id, claimed)
        token = secrets.token_urlsafe(32)
        visitor = VisitorRecord(
            id=new_id(),
            tenant_id=tenant.id,
            name=visitor_name(name),
            number=claimed,
            locale=visitor_locale(locale),
            customer_id=None if line is None else line.customer_id,
            conversation_id=None,
            expires_at=self._clock.now() + KNOWN_FOR,
        )
        actor = Actor(tenant_id=tenant.id, kind=ActorKind.CUSTOMER, id=visitor.id)
        async with self._database.transaction(tenant.id, actor=actor.ref) as tx:
            await repository.insert_visitor(tx, visitor, _hash(token))
        return Entered(visitor=visitor, token=token)

    async def visitor_of(self, token: str) -> Visitor:
        """Whose token this is. Raises ``NotSignedIn``."""
        hashed = _hash(token)
        known = self._by_token.get(hashed)
        if known is None:
            async with self._database.system_glance() as reading:
                known = await repository.by_token(reading, hashed)
            if known is None:
                raise NotSignedIn("not-signed-in")
            _remember(self._by_token, hashed, known)
        # It may have been read just before it was revoked, and remembered just after.
        if self._is_over(known):
            raise NotSignedIn("not-signed-in")
        return Visitor(tenant_id=known.tenant_id, id=known.id)

    async def revoke(self, visitor: Visitor) -> None:
        """Their token is worth nothing from now on. They are removed as who has expired is."""
        # Before it is stored: also when nobody can say whether it was.
        self._revoked[visitor.id] = self._clock.now() + KNOWN_FOR
        async with self._database.transaction(visitor.tenant_id) as tx:
            await repository.expire(tx, visitor.id)
            tx.emit(VisitorLeft(visitor_id=visitor.id), subject=visitor.id)
        self._talking.pop(visitor.id, None)

    async def record(self, visitor: Visitor) -> VisitorRecord:
        """Everything stored of a visitor. Raises ``NotSignedIn`` for one that is unknown."""
        found = await self.find(visitor.tenant_id, visitor.id)
        if found is None:
            raise NotSignedIn("not-signed-in")
        return found

    async def conversation_of(self, tenant_id: TenantId, visitor_id: UUID) -> UUID | None:
        """The conversation of a visitor; None when they are unknown, have left for good or have said nothing yet."""
        found = await self.find(tenant_id, visitor_id)
        return None if found is None or self._is_over(found) else found.conversation_id

    async def chat_now(self, visitor: Visitor) -> ChatNow:
        """What the visitor's screen shows above the messages."""
        async with self._database.glance(visitor.tenant_id) as reading:
            record = await repository.find(reading, visitor.id)
            conversation_id = None if record is None else record.conversation_id
            conversation = None if conversation_id is None else await messages.conversation(reading, conversation_id)
            interaction = None if conversation is None else await _now(reading, conversation)
        if conversation is None or interaction is None:
            return ChatNow(
                conversation_id=None,
                interaction_id=None,
                state="none",
                agent_name=None,
                queue_position=None,
                last_seq=0,
                rating_open=False,
            )
        return ChatNow(
            conversation_id=conversation.id,
            interaction_id=interaction.id,
            state=_SHOWN[interaction.state],
            agent_name=await self._names.of(visitor.tenant_id, interaction.agent_id),
            queue_position=self.queue_position(interaction),
            wait=self.wait(interaction),
            last_seq=conversation.last_seq,
            rating_open=await self._rating_open(interaction),
        )

    async def talking_in(self, visitor: Visitor) -> UUID:
        """The interaction in which somebody of ours talks with a visitor now. Raises ``Conflict`` ("contact-over")."""
        conversation_id = await self.conversation_of(visitor.tenant_id, visitor.id)
        async with self._database.glance(visitor.tenant_id) as reading:
            known = None if conversation_id is None else await messages.conversation(reading, conversation_id)
            latest = None if known is None else await _now(reading, known)
        if latest is None or latest.state is not InteractionState.TALKING:
            raise Conflict("contact-over")
        return latest.id

    async def state_shown(self, tenant_id: TenantId, interaction_id: UUID) -> dict[str, object] | None:
        """What both sides of a chat are told when its state has changed."""
        async with self._database.glance(tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
            if interaction is not None and interaction.channel is Channel.MESSAGE:
                # What was left waits unseen by its customer, for whom the conversation is where it was.
                conversation = await messages.conversation(reading, interaction.conversation_id)
                interaction = None if conversation is None else await _now(reading, conversation)
        if interaction is None:
            return None
        return {
            "interaction_id": interaction.id,
            "state": _SHOWN[interaction.state],
            "agent_name": await self._names.of(tenant_id, interaction.agent_id),
            "queue_position": self.queue_position(interaction),
            "wait": self.wait(interaction),
        }

    def queue_position(self, interaction: InteractionView) -> int | None:
        """How many are before them, and themselves: 1 is next, or being offered already; None when they do not wait."""
        if interaction.state is not InteractionState.QUEUED:
            return None
        return self._routing.place(interaction.tenant_id, interaction.id)

    def wait(self, interaction: InteractionView) -> Wait | None:
        """How long they will still wait, as far as it can be told."""
        if interaction.state is not InteractionState.QUEUED:
            return None
        return self._waits.of(interaction.tenant_id, interaction.id)

    async def waiting_in(self, tenant_id: TenantId, conversation_id: UUID) -> InteractionView | None:
        """The interaction of a chat whose customer waits for a person; None when nobody does."""
        async with self._database.glance(tenant_id) as reading:
            interaction = await chats.latest_of(reading, conversation_id)
        return interaction if interaction is not None and interaction.state is InteractionState.QUEUED else None

    async def forget_expired(self) -> None:
        """Remove who can come back no more, with the name and number they gave; what was said stays."""
        for tenant in await self._identity.tenants():
            async with self._database.reading(tenant.id) as reading:
                left = await repository.has_expired(reading)
            while left:
                async with self._database.transaction(tenant.id) as tx:
                    left = await repository.remove_expired(tx, limit=REMOVED_AT_ONCE) == REMOVED_AT_ONCE
        now = self._clock.now()
        _forget_expired(self._by_token, now)
        _forget_expired(self._talking, now)
        self._revoked = {one: until for one, until in self._revoked.items() if until > now}

    async def find(self, tenant_id: TenantId, visitor_id: UUID) -> VisitorRecord | None:
        """A visitor as stored, None for one that is unknown.

        Until they leave nothing of it changes once there is a conversation, so it is remembered.
        """
        known = self._talking.get(visitor_id)
        if known is not None and known.tenant_id == tenant_id:
            return known
        async with self._database.glance(tenant_id) as reading:
            found = await repository.find(reading, visitor_id)
        if found is not None and found.conversation_id is not None:
            _remember(self._talking, found.id, found)
        return found

    def _is_over(self, visitor: VisitorRecord) -> bool:
        return visitor.expires_at <= self._clock.now() or visitor.id in self._revoked

    async def _tenant(self, code: str) -> TenantView:
        tenant = await self._identity.tenant_by_code(code)
        if tenant is None:
            raise NotFound("tenant-not-found")
        return tenant

    async def _rating_open(self, interaction: InteractionView) -> bool:
        """Who talked with an agent may say how it was, once, as soon as it is over."""
        if interaction.ended_at is None or interaction.agent_id is None:
            return False
        if interaction.ended_by is EndedBy.SYSTEM:
            return False
        return interaction.id not in await self._ratings.ratings(interaction.tenant_id, [interaction.id])


async def _now(reading: Reading, conversation: messages.ConversationNow) -> InteractionView | None:
    """What goes on in a conversation, or was there last; a left message only if its agent spoke, or speaks, there."""
    if conversation.interaction_id is not None:
        return await interactions.find(reading, conversation.interaction_id)
    return await chats.answered_in(reading, conversation.id) or await chats.latest_of(reading, conversation.id)


def _remember(known: OrderedDict[K, VisitorRecord], key: K, visitor: VisitorRecord) -> None:
    known[key] = visitor
    if len(known) > REMEMBERED:
        known.popitem(last=False)


def _forget_expired(known: OrderedDict[K, VisitorRecord], now: datetime) -> None:
    for key in [key for key, visitor in known.items() if visitor.expires_at <= now]:
        del known[key]


def _hash(token: str) -> str:
    """The token has 256 random bits, so a plain hash is enough to keep it."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
