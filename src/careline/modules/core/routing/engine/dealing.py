"""The acts behind the commands: place an item, serve an agent, make and end offers, overflow.

Every act appends what it decided to a list of effects and leaves the board work-conserving: no item waits
that a free agent could serve.
"""

from uuid import UUID

from careline.modules.core.routing.engine import after_contact
from careline.modules.core.routing.engine.board import Board
from careline.modules.core.routing.engine.capacity import MEDIA, rooms_of
from careline.modules.core.routing.engine.effects import (
    AfterContactEnded,
    AgentBroughtBack,
    AgentSetAside,
    Effect,
    ItemEngaged,
    ItemHeld,
    ItemOverflowed,
    ItemRelaxed,
    ItemTurned,
    ItemWaiting,
    OfferEnd,
    OfferEnded,
    OfferMade,
    OverflowCause,
)
from careline.modules.core.routing.engine.instants import from_us, seconds_us
from careline.modules.core.routing.engine.matching import Matcher, Pair
from careline.modules.core.routing.engine.model import Chosen, IdSource, Offer
from careline.modules.core.routing.engine.queues import ENGAGED, GONE, OFFERED, WAITING, QueueState
from careline.modules.core.routing.engine.reasons import why_of
from careline.modules.core.routing.engine.state import DONE, HELD, AgentState, InHand, ItemState
from careline.modules.core.routing.engine.timers import OFFER, SET_ASIDE


class Dealer:
    """Pairs items and agents on a board, with a matcher that knows who is free and what waits."""

    def __init__(self, board: Board, matcher: Matcher, ids: IdSource) -> None:
        self.board = board
        self.matcher = matcher
        self.ids = ids

    def admit(self, item: ItemState, queue: QueueState, effects: list[Effect], *, returned: bool) -> None:
        """Bring an item into a queue: offered at once, waiting, or passed on because the queue cannot keep
        it.

        ``returned``: it was in this queue before, keeps its stages and is not turned away.
        """
        passed: set[UUID] | None = None
        if not returned and item.since_us is not None:
            item.wake(self.board.now_us)
        while True:
            item.enter(queue, item.entered_us if returned else self.board.now_us)
            self._catch_up(item, effects)
            taken = not queue.removed and (returned or queue.open)
            cause = None if taken else self._refused(queue, patient=item.item.patient)
            if cause is None:
                item.held_until = None
                if item.item.preferred_agent is not None:
                    self._hold(item)
                if self._offer(item, effects):
                    return
                most = queue.settings.max_waiting
                if returned or item.item.patient or most is None or len(queue.waiting) < most:
                    self._wait(item, effects, returned=returned)
                    return
                cause = OverflowCause.QUEUE_FULL
            passed = {queue.settings.id} if passed is None else passed | {queue.settings.id}
            to = self._overflow_target(queue, passed)
            self._pass_on(item, cause, to, effects)
            if to is None:
                return
            queue, returned = to, False

    def place(self, item: ItemState, effects: list[Effect]) -> None:
        """Put an item that had been offered back into its queue, with its place: offered to the next, or
        waiting.
        """
        self._catch_up(item, effects)
        if not self._offer(item, effects):
            self._wait(item, effects, returned=True)

    def unplace(self, item: ItemState) -> None:
        """Take a waiting item out of every book of what waits."""
        if item.held_until is not None and item.item.preferred_agent is not None:
            preferred = self.board.agents.get(item.item.preferred_agent)
            if preferred is not None:
                preferred.held.pop(item.key, None)
        self.matcher.remove_item(item)
        item.queue.remove(item)
        item.status = GONE

    def serve(self, agent: AgentState, effects: list[Effect]) -> None:
        """Give an agent whatever waits and fits, the first due first; then show what is left of them to
        arrivals.
        """
        agent.settle()
        while agent.free:
            pair = self._best_item(agent)
            if pair is None:
                break
            self.unplace(pair.item)
            self.offer_pair(pair, effects)
        self.matcher.update_agent(agent)

    def end_offer(self, hand: InHand, end: OfferEnd, effects: list[Effect]) -> ItemState:
        """Take an offer back. The item is left nowhere and the agent is passed over until the caller serves them."""
        item = hand.item
        item.hand = None
        item.status = GONE
        item.queue.reserved -= 1
        self.let_go(hand, effects)
        self.matcher.update_agent(hand.agent)
        effects.append(OfferEnded(hand.offer, end))
        return item

    def forget(self, item: ItemState) -> None:
        """The engine has no more to do with the item. It lets go of its hand: a circle would wait for the collector."""
        item.status = GONE
        item.hand = None
        del self.board.items[item.item.id.int]

    def set_aside(self, agent: AgentState, medium: int, cause: str, until: int | None, effects: list[Effect]) -> None:
        """Pass an agent over for a medium until an instant, or until they say ready."""
        agent.set_aside[medium] = (cause, until)
        agent.set_aside_mask |= rooms_of(medium)
        agent.settle()
        if until is not None:
            self.board.timers.push(until, SET_ASIDE, agent.order * 8 + medium, agent)
        effects.append(AgentSetAside(agent.profile.id, MEDIA[medium], cause, None if until is None else from_us(until)))

    def bring_back(self, agent: AgentState, medium: int, effects: list[Effect]) -> None:
        """End a set-aside. The agent is not served yet."""
        if agent.set_aside.pop(medium, None) is not None:
            agent.set_aside_mask &= ~rooms_of(medium)
            agent.settle()
            effects.append(AgentBroughtBack(agent.profile.id, MEDIA[medium]))

    def engage(self, hand: InHand) -> Effect:
        """The agent of a standing offer has the item in hand now."""
        hand.stage = HELD
        hand.since = self.board.now_us
        hand.item.status = ENGAGED
        hand.item.excluded.clear()
        hand.queue.reserved -= 1
        hand.queue.engaged += 1
        return ItemEngaged(hand.offer)

    def leave_hands(self, hand: InHand, has_more: bool, effects: list[Effect]) -> None:
        """An engagement is over: after-contact work begins, or the agent is free."""
        board, agent = self.board, hand.agent
        agent.handled_us += board.now_us - hand.since
        limit = hand.queue.after_contact_us
        if not has_more or limit == 0:
            self.release(hand, effects)
            return
        after_contact.begin(board, hand, limit, effects)

    def release(self, hand: InHand, effects: list[Effect]) -> None:
        """Give the room of finished work back and let the agent be served."""
        self.let_go(hand, effects)
        agent = hand.agent
        if not agent.usage:
            agent.idle_since = self.board.now_us
        self.serve(agent, effects)

    def end_after_contact(self, hand: InHand, effects: list[Effect], *, by_limit: bool) -> None:
        """After-contact work is over."""
        offer = hand.offer
        effects.append(AfterContactEnded(offer.agent_id, offer.item_id, offer.id, offer.medium, by_limit))
        self.release(hand, effects)

    def unhold_all(self, agent: AgentState, effects: list[Effect]) -> None:
        """An agent is not to be waited for any more: what was held for them is for anyone."""
        for item in [agent.held[key] for key in sorted(agent.held)]:
            until = item.held_until
            self.unplace(item)
            item.held_until = None
            self.place_again(item, effects)
            self._tell_hold(item, until, effects)

    def place_again(self, item: ItemState, effects: list[Effect]) -> None:
        """Match a waiting item once more after what it asks for changed; nothing is said when it goes on
        waiting.
        """
        if not self._offer(item, effects):
            self._wait(item, None, returned=True)

    def enter_again(self, item: ItemState, effects: list[Effect]) -> None:
        """Match a waiting item under other settings: it keeps the time it entered, and may be held anew."""
        until, was_asleep = item.held_until, item.asleep
        item.steps = 0
        self._catch_up(item, effects)
        self._hold(item)
        self.place_again(item, effects)
        self._tell_turn(item, was_asleep, effects)
        self._tell_hold(item, until, effects)

    def match_again(self, item: ItemState, effects: list[Effect]) -> None:
        """Match a waiting item under the same settings: steps and hold go on as they were."""
        if item.held_until is not None and item.held_until <= self.board.now_us:
            item.held_until = None
        was_asleep, until = item.asleep, item.held_until
        self._catch_up(item, effects)
        if was_asleep and not item.asleep:
            self._hold(item)
        self.place_again(item, effects)
        self._tell_turn(item, was_asleep, effects)
        if was_asleep:
            self._tell_hold(item, until, effects)

    def _tell_turn(self, item: ItemState, was_asleep: bool, effects: list[Effect]) -> None:
        """Say that what waits fell asleep or woke up; who is offered or gone is said to be so already."""
        if item.status == WAITING and item.asleep != was_asleep:
            effects.append(ItemTurned(item.item.id, item.asleep))

    def _tell_hold(self, item: ItemState, before: int | None, effects: list[Effect]) -> None:
        """Say that a hold is another one than before; who is offered or gone is said to be so already."""
        until = item.held_until
        if item.status == WAITING and until != before:
            effects.append(ItemHeld(item.item.id, None if until is None else from_us(until)))

    def open_or_close(self, queue: QueueState, is_open: bool, effects: list[Effect]) -> None:
        """A queue opens or closes: what waits there patiently is offered from now on, or not any more."""
        queue.open = is_open
        if not queue.patient:
            return
        patient = [item for item in self.board.items.values() if item.item.patient and queue.holds(item)]
        for item in sorted(patient, key=lambda one: one.key):
            self.unplace(item)
            self.match_again(item, effects)

    def wait_as_recorded(self, item: ItemState) -> None:
        """Let an item wait as its record says, without matching it."""
        if item.held_until is not None and item.item.preferred_agent not in self.board.agents:
            item.held_until = None
        self._wait(item, None, returned=True)

    def item_due(self, item: ItemState, effects: list[Effect]) -> None:
        """The timer of a waiting item ran out: overflow, or take the steps, end the hold and exclusions that
        are due.
        """
        now, queue = self.board.now_us, item.queue
        self.unplace(item)
        most = None if item.item.patient else queue.max_wait_us
        if most is not None and item.entered_us + most <= now:
            self.overflow(item, OverflowCause.MAX_WAIT, effects)
            return
        self.match_again(item, effects)

    def overflow(self, item: ItemState, cause: OverflowCause, effects: list[Effect]) -> None:
        """A queue cannot keep an item that waited in it: on to the next queue, or out of the engine."""
        queue = item.queue
        to = self._overflow_target(queue, {queue.settings.id})
        self._pass_on(item, cause, to, effects)
        if to is not None:
            self.admit(item, to, effects, returned=False)

    def _catch_up(self, item: ItemState, effects: list[Effect]) -> None:
        """Fall asleep or wake up, drop the exclusions that are over and take every relaxation step whose time has come.

        So it is with the room it asks for. The item is in no book.
        """
        now = self.board.now_us
        # Nobody else sleeps, or is put beside other work.
        if item.item.patient or item.since_us is not None or item.room != item.medium:
            item.turn(now)
            if item.since_us is not None:
                return
            item.find_room(now)
        if item.excluded:
            item.excluded = {agent: until for agent, until in item.excluded.items() if until > now}
        stages, waited, before = item.queue.stages, now - item.entered_us, item.steps
        while (further := stages[item.steps].next_us) is not None and further <= waited:
            item.steps += 1
        if item.steps != before:
            effects.append(ItemRelaxed(item.item.id, item.queue.settings.id, item.steps))

    def let_go(self, hand: InHand, effects: list[Effect]) -> None:
        """Give the agent's room back; they get nothing new before the caller serves them."""
        hand.stage = DONE
        del self.board.hands[hand.offer.id.int]
        hand.agent.give_back(hand)
        if hand.agent.capacity.interrupted_by:
            after_contact.mind(self.board, hand.agent, effects)

    def _refused(self, queue: QueueState, *, patient: bool) -> OverflowCause | None:
        if queue.removed:
            return OverflowCause.QUEUE_REMOVED
        return None if queue.open or patient else OverflowCause.QUEUE_CLOSED

    def _overflow_target(self, queue: QueueState, passed: set[UUID]) -> QueueState | None:
        to = queue.settings.overflow_to
        return self.board.queues.get(to) if to is not None and to not in passed else None

    def _pass_on(self, item: ItemState, cause: OverflowCause, to: QueueState | None, effects: list[Effect]) -> None:
        target = None if to is None else to.settings.id
        effects.append(ItemOverflowed(item.item.id, item.queue.settings.id, cause, target))
        if to is None:
            self.forget(item)

    def _hold(self, item: ItemState) -> None:
        """Decide whether the item waits for its preferred agent alone for a while."""
        work = item.item
        item.held_until = None
        if work.preferred_agent is None:
            return
        wait = work.preferred_wait_s
        if wait is None:
            wait = item.queue.settings.preferred_wait_s
        preferred = self.board.agents.get(work.preferred_agent)
        until = item.entered_us + seconds_us(wait)
        if preferred is None or preferred.chosen is Chosen.OFFLINE or until <= self.board.now_us:
            return
        if self.matcher.can_serve(preferred, item):
            item.held_until = until

    def _offer(self, item: ItemState, effects: list[Effect]) -> bool:
        """Offer the item to the best free agent; False when there is none, or its queue is closed."""
        if item.since_us is not None:
            return False
        pair = self.matcher.best_agent(item) if item.held_until is None else self._held_pair(item)
        if pair is None:
            return False
        self.offer_pair(pair, effects)
        self.matcher.update_agent(pair.agent)
        return True

    def _held_pair(self, item: ItemState) -> Pair | None:
        assert item.item.preferred_agent is not None
        preferred = self.board.agents[item.item.preferred_agent]
        if not self.matcher.can_serve(preferred, item):
            item.held_until = None
            return self.matcher.best_agent(item)
        if not preferred.free & (1 << item.room):
            return None
        return Pair(preferred, item, "last-agent", item.queue.stages[item.steps].relax(item.item.needs))

    def _best_item(self, agent: AgentState) -> Pair | None:
        pair = self.matcher.best_item(agent)
        if agent.held:
            first = min((key for key, item in agent.held.items() if agent.free & (1 << item.room)), default=None)
            if first is not None and (pair is None or first < pair.item.key):
                held = agent.held[first]
                needs = held.queue.stages[held.steps].relax(held.item.needs)
                return Pair(agent, held, "last-agent", needs)
        return pair

    def _wait(self, item: ItemState, effects: list[Effect] | None, *, returned: bool) -> None:
        item.status = WAITING
        item.queue.add(item)
        if item.since_us is not None:
            item.held_until = None
        elif item.held_until is not None and item.item.preferred_agent is not None:
            self.board.agents[item.item.preferred_agent].held[item.key] = item
        else:
            self.matcher.add_item(item)
        self.board.watch(item)
        if effects is not None:
            effects.append(ItemWaiting(item.item.id, item.queue.settings.id, returned))

    def offer_pair(self, pair: Pair, effects: list[Effect]) -> None:
        """Reserve the item for the agent. The matcher learns of it from the caller."""
        board, agent, item = self.board, pair.agent, pair.item
        board.serial += 1
        item.attempts += 1
        queue = item.queue
        usage = agent.usage
        offer = Offer(
            id=self.ids.offer_id(),
            serial=board.serial,
            token=self.ids.token(),
            item_id=item.item.id,
            agent_id=agent.profile.id,
            queue_id=queue.settings.id,
            medium=item.item.medium,
            made_at=board.now,
            deadline=board.now + queue.offer_timeout,
            why=why_of(board.now_us, pair, usage),
        )
        item.held_until = None
        if item.since_us is not None:
            item.wake(board.now_us)
        item.status = OFFERED
        item.due = None
        queue.reserved += 1
        item.hand = board.hands[offer.id.int] = hand = InHand(offer, agent, item, queue)
        agent.last_served = offer.serial
        agent.take(hand)
        board.timers.push(board.now_us + queue.offer_timeout_us, OFFER, offer.serial, hand)
        effects.append(OfferMade(offer))
        if agent.capacity.interrupted_by:
            after_contact.mind(board, agent, effects)
