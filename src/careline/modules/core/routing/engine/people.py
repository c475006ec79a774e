"""Agents come, change, choose their state and are set aside."""

from datetime import datetime

from careline.modules.core.routing.engine import after_contact
from careline.modules.core.routing.engine.capacity import MEDIA, Medium
from careline.modules.core.routing.engine.dealing import Dealer
from careline.modules.core.routing.engine.effects import AgentChose, Effect, OfferEnd
from careline.modules.core.routing.engine.instants import to_us
from careline.modules.core.routing.engine.model import AgentProfile, Chosen
from careline.modules.core.routing.engine.queues import WAITING
from careline.modules.core.routing.engine.state import RESERVED, AgentState, ItemState


class People:
    """The commands that concern agents, on a dealer's board. Callers have advanced the board's time."""

    def __init__(self, dealer: Dealer) -> None:
        self._dealer = dealer
        self._board = dealer.board

    def put(self, profile: AgentProfile) -> list[Effect]:
        """See ``Engine.put_agent``."""
        board, dealer = self._board, self._dealer
        capacity = board.capacity_of(profile.capacity)
        effects: list[Effect] = []
        agent = board.agents.get(profile.id)
        if agent is None:
            board.order += 1
            agent = AgentState(profile, capacity, board.order, board.now_us)
            board.agents[profile.id] = agent
            dealer.matcher.put_agent(agent)
            return effects
        if agent.chosen is not Chosen.OFFLINE:
            board.count_levels(agent, -1)
        agent.profile, agent.capacity = profile, capacity
        if agent.chosen is not Chosen.OFFLINE:
            board.count_levels(agent, +1)
        agent.settle()
        after_contact.mind(board, agent, effects)
        dealer.matcher.put_agent(agent)
        dealer.unhold_all(agent, effects)
        dealer.serve(agent, effects)
        return effects

    def remove(self, agent: AgentState) -> list[Effect]:
        """See ``Engine.remove_agent``."""
        effects = self.choose(agent, Chosen.OFFLINE, None)
        for item in self._board.items.values():
            if item.excluded.pop(agent, None) is not None and item.status == WAITING:
                self._board.watch(item)
        agent.set_aside.clear()
        self._dealer.matcher.drop_agent(agent)
        del self._board.agents[agent.profile.id]
        return effects

    def choose(self, agent: AgentState, chosen: Chosen, reason: str | None) -> list[Effect]:
        """See ``Engine.choose``."""
        board, dealer = self._board, self._dealer
        before = agent.chosen
        if chosen is not before or reason != agent.reason:
            agent.since = board.now_us
        if before is Chosen.OFFLINE and chosen is not Chosen.OFFLINE:
            board.count_levels(agent, +1)
        elif chosen is Chosen.OFFLINE and before is not Chosen.OFFLINE:
            board.count_levels(agent, -1)
        agent.chosen, agent.reason = chosen, reason
        effects: list[Effect] = [AgentChose(agent.profile.id, chosen, reason)]
        if chosen is Chosen.READY:
            if before is not Chosen.READY:
                agent.idle_since = board.now_us
            for medium in sorted(agent.set_aside):
                dealer.bring_back(agent, medium, effects)
        agent.settle()
        if chosen is Chosen.OFFLINE:
            self._leave(agent, effects)
        dealer.serve(agent, effects)
        return effects

    def set_aside(
        self, agent: AgentState, media: frozenset[Medium], cause: str, until: datetime | None, *, take_back: bool
    ) -> list[Effect]:
        """See ``Engine.set_aside``."""
        effects: list[Effect] = []
        until_us = None if until is None else to_us(until)
        for medium in sorted(medium.place for medium in media):
            self._dealer.set_aside(agent, medium, cause, until_us, effects)
        items = self._take_back(agent, media, effects) if take_back else []
        self._dealer.serve(agent, effects)
        for item in items:
            self._dealer.place(item, effects)
        return effects

    def bring_back(self, agent: AgentState, media: frozenset[Medium]) -> list[Effect]:
        """See ``Engine.bring_back``."""
        effects: list[Effect] = []
        for medium in sorted(medium.place for medium in media):
            self._dealer.bring_back(agent, medium, effects)
        self._dealer.serve(agent, effects)
        return effects

    def set_aside_over(self, agent: object, medium: int, effects: list[Effect]) -> None:
        """The period of a set-aside has run out."""
        assert isinstance(agent, AgentState)
        assert 0 <= medium < len(MEDIA)
        self._dealer.bring_back(agent, medium, effects)
        self._dealer.serve(agent, effects)

    def _leave(self, agent: AgentState, effects: list[Effect]) -> None:
        dealer = self._dealer
        dealer.matcher.update_agent(agent)
        items = self._take_back(agent, frozenset(MEDIA), effects)
        dealer.unhold_all(agent, effects)
        for item in items:
            dealer.place(item, effects)

    def _take_back(self, agent: AgentState, media: frozenset[Medium], effects: list[Effect]) -> list[ItemState]:
        """End an agent's standing offers, the oldest first. The items are to be placed next."""
        standing = [hand for _, hand in sorted(agent.in_hand.items()) if hand.stage == RESERVED]
        gone = [hand for hand in standing if hand.offer.medium in media]
        return [self._dealer.end_offer(hand, OfferEnd.AGENT_GONE, effects) for hand in gone]
