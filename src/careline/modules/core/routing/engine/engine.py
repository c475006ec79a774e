"""The routing engine: commands in, decisions out.

Pure: no I/O, no clock, no randomness of its own. Time is an argument and may stand still or go back, which
changes nothing; ids and tokens come from an ``IdSource``. The same commands give the same effects, so the
code that routes live also runs in the simulator.

One engine is one shard (a tenant, or a site of a giant). It is not safe for several threads; its owner calls
it from one. Every command either raises a ``DomainError`` and has changed nothing, or returns the list of
effects in the order in which they happened. After every command no item waits that a free agent could serve.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from careline.kernel.errors import Conflict, Invalid
from careline.modules.core.routing.engine import after_contact as after_contact_work
from careline.modules.core.routing.engine.board import Board
from careline.modules.core.routing.engine.capacity import Medium
from careline.modules.core.routing.engine.dealing import Dealer
from careline.modules.core.routing.engine.effects import Effect, ItemLeft, OfferEnd
from careline.modules.core.routing.engine.floor import Floor
from careline.modules.core.routing.engine.giving import Gift
from careline.modules.core.routing.engine.index import Index
from careline.modules.core.routing.engine.instants import from_us, to_us
from careline.modules.core.routing.engine.matching import MatcherFactory
from careline.modules.core.routing.engine.model import (
    AgentProfile,
    Chosen,
    IdSource,
    RoutingConfig,
    WorkItem,
)
from careline.modules.core.routing.engine.people import People
from careline.modules.core.routing.engine.queues import ENGAGED
from careline.modules.core.routing.engine.rebuild import item_state, load, rematch
from careline.modules.core.routing.engine.records import ItemRecord, Snapshot
from careline.modules.core.routing.engine.state import AFTER, HELD, RESERVED, InHand, ItemState
from careline.modules.core.routing.engine.timers import AFTER_CONTACT, ITEM, OFFER

NO_ANSWER = "no-answer"


class Engine(Floor):
    """Queues, agents and offers of one shard. Queries are inherited from ``Floor``.

    Costs are given with a = agents, w = waiting items, n = needs of an item, q = queues of an agent.
    """

    def __init__(self, config: RoutingConfig, id_source: IdSource, matcher: MatcherFactory = Index) -> None:
        board = Board(config)
        super().__init__(board)
        self._ids = id_source
        self._matcher_factory = matcher
        self._dealer = Dealer(board, matcher(config), id_source)
        self._people = People(self._dealer)

    # Work items

    def enqueue(self, item: WorkItem, now: datetime, *, not_to: Collection[UUID] = ()) -> list[Effect]:
        """A customer asks for a person. O(log a) when an agent is free, O(n · log w) when the item waits.

        ``not_to``: agents who are not offered it for the decline pause, as they have just let it go. Effects:
        ``OfferMade``, or ``ItemWaiting``, or ``ItemOverflowed`` (with the queue it went to before those). Raises
        Conflict ``item-already-known``, NotFound ``queue-unknown``.
        """
        board = self._board
        queue = board.queue(item.queue_id)
        if item.id.int in board.items:
            raise Conflict("item-already-known", item=str(item.id))
        board.advance(now)
        came_us = board.now_us if item.enqueued_at is board.now else to_us(item.enqueued_at)
        board.items[item.id.int] = state = ItemState(item, item.medium.place, came_us, board.seq + 1)
        board.seq += 1
        if item.patient:
            state.begin(board.now_us)
        if not_to:
            until = board.now_us + queue.decline_pause_us
            state.excluded = {board.agents[agent_id]: until for agent_id in not_to if agent_id in board.agents}
        effects: list[Effect] = []
        self._dealer.admit(state, queue, effects, returned=False)
        return effects

    def readmit(self, record: ItemRecord, now: datetime) -> list[Effect]:
        """A customer is back who was away for a moment: their item waits on as its record says. Costs as ``enqueue``.

        They are not turned away. The record is one of this engine, or of one whose records this one was restored from,
        of an item that was withdrawn since. Raises as ``enqueue`` does.
        """
        board = self._board
        queue = board.queue(record.queue_id)
        if record.item.id.int in board.items:
            raise Conflict("item-already-known", item=str(record.item.id))
        board.advance(now)
        board.seq = max(board.seq, record.seq)
        state = item_state(board, record)
        board.items[record.item.id.int] = state
        effects: list[Effect] = []
        self._dealer.admit(state, queue, effects, returned=True)
        return effects

    def withdraw(self, item_id: UUID, now: datetime) -> list[Effect]:
        """The customer is gone, or a machine took over: waiting or ringing ends. O(n · log w).

        Raises NotFound ``item-unknown``, Conflict ``item-engaged`` when an agent has accepted (then
        ``finish``).
        """
        item = self._board.item(item_id)
        if item.status == ENGAGED:
            raise Conflict("item-engaged", item=str(item_id))
        self._board.advance(now)
        effects: list[Effect] = []
        agent = None
        if item.hand is not None:
            agent = item.hand.agent
            self._dealer.end_offer(item.hand, OfferEnd.ITEM_GONE, effects)
        else:
            self._dealer.unplace(item)
        self._dealer.forget(item)
        effects.append(ItemLeft(item_id, item.queue.settings.id, agent.profile.id if agent else None))
        if agent is not None:
            self._dealer.serve(agent, effects)
        return effects

    def requeue(
        self, item_id: UUID, now: datetime, *, changed: WorkItem | None = None, after_contact: bool = False
    ) -> list[Effect]:
        """Put an item back whatever its state: move it in or between queues, transfer it, or save an orphan.

        ``changed`` replaces the item's record (queue, needs, priority, preferred agent …); id and first
        arrival stay. An agent who had it is not offered it again for the decline pause, and goes into after-
        contact work when ``after_contact`` is set. O(n · log w).
        """
        board, dealer = self._board, self._dealer
        item = board.item(item_id)
        work = item.item if changed is None else replace(changed, enqueued_at=item.item.enqueued_at)
        if work.id != item_id or work.medium is not item.item.medium:
            raise Invalid("item-identity-changed", field="changed")
        moved = changed is not None and changed.queue_id != item.queue.settings.id
        queue = board.queue(work.queue_id if changed is not None else item.queue.settings.id)
        board.advance(now)
        effects: list[Effect] = []
        hand, was_engaged = item.hand, item.status == ENGAGED
        if hand is None:
            dealer.unplace(item)
        elif was_engaged:
            item.hand = None
            hand.queue.engaged -= 1
            item.entered_us = board.now_us
            item.excluded[hand.agent] = board.now_us + hand.queue.decline_pause_us
        else:
            dealer.end_offer(hand, OfferEnd.ITEM_MOVED, effects)
        item.item = work
        dealer.admit(item, queue, effects, returned=not moved)
        if hand is not None and was_engaged:
            self._dealer.leave_hands(hand, after_contact, effects)
        elif hand is not None:
            dealer.serve(hand.agent, effects)
        return effects

    def give(self, item_id: UUID, agent_id: UUID, now: datetime, *, instead_of: UUID | None = None) -> list[Effect]:
        """Put an item that waits or rings into an agent's hands, whatever they chose: offered and accepted at once.

        ``instead_of``: the offer whose after-contact work of theirs ends by it, which makes room. O(n · log w).
        Raises NotFound ``item-unknown``, ``agent-unknown``, Conflict ``item-engaged``, ``agent-has-no-room``.
        """
        gift = Gift(self._dealer, self._board.item(item_id), self._board.agent(agent_id), instead_of)
        self._board.advance(now)
        return gift.hand_over()

    # Offers

    def accept(self, offer_id: UUID, token: str, now: datetime) -> list[Effect]:
        """The agent answers. O(1). An offer stands until ``tick`` has ended it: a last-moment answer counts.

        Raises Conflict ``offer-already-accepted`` or ``offer-stale`` (ended, of another agent, wrong token).
        """
        board = self._board
        hand = self._standing(offer_id, token)
        board.advance(now)
        return [self._dealer.engage(hand)]

    def decline(self, offer_id: UUID, token: str, now: datetime) -> list[Effect]:
        """The agent lets it to others: not offered to them again for the decline pause. O(n · log w)."""
        board = self._board
        hand = self._standing(offer_id, token)
        board.advance(now)
        effects: list[Effect] = []
        item = self._dealer.end_offer(hand, OfferEnd.DECLINED, effects)
        item.excluded[hand.agent] = board.now_us + hand.queue.decline_pause_us
        self._dealer.place(item, effects)
        self._dealer.serve(hand.agent, effects)
        return effects

    def fail_offer(self, offer_id: UUID, token: str, cause: str, now: datetime) -> list[Effect]:
        """The agent cannot be reached (phone gone, line busy): as no answer, at once. O(n · log w).

        ``cause`` is a kebab-case code that stands on the set-aside.
        """
        hand = self._standing(offer_id, token)
        self._board.advance(now)
        effects: list[Effect] = []
        self._miss(hand, OfferEnd.FAILED, cause, effects)
        return effects

    # Engagements

    def finish(self, item_id: UUID, now: datetime, *, after_contact: bool = True) -> list[Effect]:
        """The contact is over: after-contact work begins, or the agent is free. O(q · log a + n · log w).

        Raises NotFound ``item-unknown``, Conflict ``item-not-engaged``.
        """
        board = self._board
        item = board.item(item_id)
        hand = item.hand
        if hand is None or hand.stage != HELD:
            raise Conflict("item-not-engaged", item=str(item_id))
        board.advance(now)
        hand.queue.engaged -= 1
        self._dealer.forget(item)
        offer = hand.offer
        effects: list[Effect] = [ItemLeft(item_id, offer.queue_id, offer.agent_id)]
        self._dealer.leave_hands(hand, after_contact, effects)
        return effects

    def end_after_contact(self, offer_id: UUID, now: datetime) -> list[Effect]:
        """The agent has said how it ended and is free again. ``offer_id`` is the offer they had accepted.

        Raises Conflict ``no-after-contact-work``. O(q · log a + n · log w).
        """
        hand = self._after_contact(offer_id)
        self._board.advance(now)
        effects: list[Effect] = []
        self._dealer.end_after_contact(hand, effects, by_limit=False)
        return effects

    def extend_after_contact(self, offer_id: UUID, until: datetime | None, now: datetime) -> list[Effect]:
        """Give after-contact work another limit; None takes the limit away. O(in hand)."""
        hand = self._after_contact(offer_id)
        self._board.advance(now)
        effects: list[Effect] = []
        after_contact_work.set_limit(self._board, hand, None if until is None else to_us(until), effects)
        return effects

    # Agents

    def put_agent(self, profile: AgentProfile, now: datetime) -> list[Effect]:
        """Make an agent known (offline at first), or change what they can do; state stays. O(q · log a)."""
        self._board.advance(now)
        return self._people.put(profile)

    def remove_agent(self, agent_id: UUID, now: datetime) -> list[Effect]:
        """Forget an agent. Raises Conflict ``agent-has-work`` while they are engaged or in after-contact work."""
        agent = self._board.agent(agent_id)
        if any(hand.stage != RESERVED for hand in agent.in_hand.values()):
            raise Conflict("agent-has-work", agent=str(agent_id))
        self._board.advance(now)
        return self._people.remove(agent)

    def choose(self, agent_id: UUID, chosen: Chosen, now: datetime, *, reason: str | None = None) -> list[Effect]:
        """An agent, or a supervisor for them, chooses their state. O(q · log a + offers of the agent).

        Ready also ends every set-aside. Not ready lets standing offers stand; offline ends them and gives the
        items to others. What they are engaged in goes on in every state.
        """
        agent = self._board.agent(agent_id)
        self._board.advance(now)
        return self._people.choose(agent, chosen, reason)

    def set_aside(
        self,
        agent_id: UUID,
        media: frozenset[Medium],
        cause: str,
        now: datetime,
        *,
        until: datetime | None = None,
        take_back: bool = False,
    ) -> list[Effect]:
        """Pass an agent over for some media: their phone is gone, their desk is silent. O(q · log a).

        Standing offers stand, unless ``take_back``: then those of these media are given to others.
        """
        agent = self._board.agent(agent_id)
        self._board.advance(now)
        return self._people.set_aside(agent, media, cause, until, take_back=take_back)

    def bring_back(self, agent_id: UUID, media: frozenset[Medium], now: datetime) -> list[Effect]:
        """End a set-aside for some media. O(q · log a)."""
        agent = self._board.agent(agent_id)
        self._board.advance(now)
        return self._people.bring_back(agent, media)

    # Queues and settings

    def set_open(self, queue_id: UUID, is_open: bool, now: datetime) -> list[Effect]:
        """Open or close a queue to new items. What waits is still served, patient items only while it is open. O(w)."""
        queue = self._board.queue(queue_id)
        self._board.advance(now)
        effects: list[Effect] = []
        if queue.open is not is_open:
            self._dealer.open_or_close(queue, is_open, effects)
        return effects

    def configure(self, config: RoutingConfig, now: datetime) -> list[Effect]:
        """Take other settings and match everything anew. O((a + w) · log). Items of removed queues overflow."""
        self._board.advance(now)
        self._dealer.matcher = self._matcher_factory(config)
        return rematch(self._board, self._dealer, config)

    def resume(self, now: datetime) -> list[Effect]:
        """After ``restore``: match everything once, as agents, settings and time may be others than when the records
        were taken. Where nothing is, nothing changes: holds and steps are as recorded. Costs as ``configure``.
        """
        config = self._board.config
        self._board.advance(now)
        self._dealer.matcher = self._matcher_factory(config)
        return rematch(self._board, self._dealer, config, decide_anew=False)

    # Time

    def tick(self, now: datetime) -> list[Effect]:
        """Do everything that is due: offers, after-contact work and set-asides end, items relax and overflow.

        O(log) for each thing that is due, and what it sets off.
        """
        board, dealer = self._board, self._dealer
        board.advance(now)
        effects: list[Effect] = []
        while (entry := board.timers.pop_due(board.now_us)) is not None:
            _, kind, number, subject = entry
            if kind == OFFER:
                assert isinstance(subject, InHand)
                self._miss(subject, OfferEnd.EXPIRED, NO_ANSWER, effects)
            elif kind == AFTER_CONTACT:
                assert isinstance(subject, InHand)
                dealer.end_after_contact(subject, effects, by_limit=True)
            elif kind == ITEM:
                assert isinstance(subject, ItemState)
                dealer.item_due(subject, effects)
            else:
                self._people.set_aside_over(subject, number & 7, effects)
        return effects

    def next_due(self) -> datetime | None:
        """When ``tick`` should be called next; None when nothing is due ever. O(1) amortised."""
        due = self._board.timers.next_due()
        return None if due is None else from_us(due)

    # Restart

    @classmethod
    def restore(
        cls, config: RoutingConfig, id_source: IdSource, snapshot: Snapshot, matcher: MatcherFactory = Index
    ) -> "Engine":
        """An engine that goes on exactly where the records left off. O((a + w) · log).

        Nothing is matched anew: with the settings of the snapshot nothing could be. With others, call ``resume`` next.
        """
        engine = cls(config, id_source, matcher)
        load(engine._board, engine._dealer, snapshot)
        return engine

    # Inside

    def _standing(self, offer_id: UUID, token: str) -> InHand:
        hand = self._board.hands.get(offer_id.int)
        if hand is None or hand.stage != RESERVED or not _same(hand.offer.token, token):
            taken = hand is not None and hand.stage != RESERVED
            raise Conflict("offer-already-accepted" if taken else "offer-stale", offer=str(offer_id))
        return hand

    def _miss(self, hand: InHand, end: OfferEnd, cause: str, effects: list[Effect]) -> None:
        board, dealer = self._board, self._dealer
        item = dealer.end_offer(hand, end, effects)
        if end is OfferEnd.EXPIRED and hand.agent.is_interrupted(hand):
            if hand.agent.has_room(item):  # beside what they see to: it would ring there again at once
                item.excluded[hand.agent] = board.now_us + hand.queue.decline_pause_us
        else:
            period = hand.queue.set_aside_us
            until = None if period is None else board.now_us + period
            dealer.set_aside(hand.agent, item.medium, cause, until, effects)
        dealer.place(item, effects)
        dealer.serve(hand.agent, effects)

    def _after_contact(self, offer_id: UUID) -> InHand:
        hand = self._board.hands.get(offer_id.int)
        if hand is None or hand.stage != AFTER:
            raise Conflict("no-after-contact-work", offer=str(offer_id))
        return hand


def _same(token: str, given: str) -> bool:
    """Compare without telling by the time it takes how much was right; a stranger may send any text as a token."""
    if given.isascii() and token.isascii():
        return compare_digest(token, given)
    return token == given
