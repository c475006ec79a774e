"""An item is put into an agent's hands without asking them: taken back by whom it was passed on, or given by a person.

Routing offers; people give. Capacity binds both.
"""

from uuid import UUID

from careline.kernel.errors import Conflict
from careline.modules.core.routing.engine.capacity import one_of
from careline.modules.core.routing.engine.dealing import Dealer
from careline.modules.core.routing.engine.effects import AfterContactEnded, Effect, OfferEnd
from careline.modules.core.routing.engine.matching import Pair
from careline.modules.core.routing.engine.queues import ENGAGED
from careline.modules.core.routing.engine.state import AFTER, AgentState, InHand, ItemState

RULE = "given"
"""What singled the pair out, in the why: a person did."""


class Gift:
    """One item for one agent. Made, it is checked: nothing can go wrong from then on. See ``Engine.give``."""

    def __init__(self, dealer: Dealer, item: ItemState, agent: AgentState, instead_of: UUID | None) -> None:
        if item.status == ENGAGED:
            raise Conflict("item-engaged", item=str(item.item.id))
        self._dealer = dealer
        self._item = item
        self._agent = agent
        self._ringing = item.hand
        self._done = self._after_contact_work(instead_of)
        usage = agent.usage - (0 if self._done is None else one_of(self._done.medium))
        if not (self._rings_here or agent.capacity.free_media(usage) & (1 << item.room)):
            raise Conflict("agent-has-no-room", agent=str(agent.profile.id))

    @property
    def _rings_here(self) -> bool:
        return self._ringing is not None and self._ringing.agent is self._agent

    def hand_over(self) -> list[Effect]:
        """Do it. The caller has advanced the board's time."""
        effects: list[Effect] = []
        if self._done is not None:
            offer = self._done.offer
            effects.append(AfterContactEnded(offer.agent_id, offer.item_id, offer.id, offer.medium, by_limit=False))
            self._dealer.let_go(self._done, effects)
        passed_over = None
        if not self._rings_here:
            passed_over = self._take_from_others(effects)
            self._dealer.offer_pair(Pair(self._agent, self._item, RULE, self._needs()), effects)
        assert self._item.hand is not None
        effects.append(self._dealer.engage(self._item.hand))
        self._dealer.serve(self._agent, effects)
        if passed_over is not None:
            self._dealer.serve(passed_over, effects)
        return effects

    def _take_from_others(self, effects: list[Effect]) -> AgentState | None:
        """Nobody is offered it any more; who was."""
        if self._ringing is None:
            self._dealer.unplace(self._item)
            return None
        self._dealer.end_offer(self._ringing, OfferEnd.ITEM_MOVED, effects)
        return self._ringing.agent

    def _needs(self) -> tuple[tuple[str, int], ...]:
        """What was asked for and the agent has: a person may give it to somebody who lacks a skill."""
        has = self._agent.profile.skills
        asked = self._item.queue.stages[self._item.steps].relax(self._item.item.needs)
        return tuple((skill, level) for skill, level in asked if skill in has)

    def _after_contact_work(self, offer_id: UUID | None) -> InHand | None:
        done = None if offer_id is None else self._dealer.board.hands.get(offer_id.int)
        return done if done is not None and done.stage == AFTER and done.agent is self._agent else None
