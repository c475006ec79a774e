"""The clock of after-contact work: it stands while something else interrupts the work, and goes on with what was left.

Who is called away from what they write up would find it ended by its limit when they come back.
"""

from datetime import datetime, timedelta

from careline.modules.core.routing.engine.board import Board
from careline.modules.core.routing.engine.effects import AfterContactStarted, Effect
from careline.modules.core.routing.engine.instants import from_us
from careline.modules.core.routing.engine.state import AFTER, AgentState, InHand
from careline.modules.core.routing.engine.timers import AFTER_CONTACT


def begin(board: Board, hand: InHand, limit: int | None, effects: list[Effect]) -> None:
    """After-contact work begins, in microseconds ``limit`` long at most."""
    hand.stage = AFTER
    hand.after_since = board.now_us
    hand.until = None if limit is None else board.now_us + limit
    if not _stands(hand):
        watch(board, hand)
        until = None if limit is None else board.now + timedelta(microseconds=limit)
        effects.append(_told(hand, until))
    else:
        _stop(board, hand, effects)


def set_limit(board: Board, hand: InHand, until: int | None, effects: list[Effect]) -> None:
    """Give it another limit, or none."""
    hand.until, hand.left_us = until, None
    if until is not None and _stands(hand):
        _stop(board, hand, effects)
        return
    watch(board, hand)
    effects.append(_told(hand, None if until is None else from_us(until)))


def watch(board: Board, hand: InHand) -> None:
    """Let the limit be noticed."""
    if hand.until is not None:
        board.timers.push(hand.until, AFTER_CONTACT, hand.offer.serial, hand)


def mind(board: Board, agent: AgentState, effects: list[Effect]) -> None:
    """What an agent has in hand is something else than before: clocks stand from now on, or go on."""
    if not agent.capacity.interrupted_by:
        return
    for _, hand in sorted(agent.in_hand.items()):
        if hand.stage != AFTER:
            continue
        if hand.until is not None and _stands(hand):
            _stop(board, hand, effects)
        elif hand.left_us is not None and not _stands(hand):
            hand.until, hand.left_us = board.now_us + hand.left_us, None
            watch(board, hand)
            effects.append(_told(hand, from_us(hand.until)))


def _stands(hand: InHand) -> bool:
    return hand.agent.is_interrupted(hand)


def _stop(board: Board, hand: InHand, effects: list[Effect]) -> None:
    hand.left_us = None if hand.until is None else max(0, hand.until - board.now_us)
    hand.until = None
    effects.append(_told(hand, None))


def _told(hand: InHand, until: datetime | None) -> AfterContactStarted:
    offer = hand.offer
    return AfterContactStarted(offer.agent_id, offer.item_id, offer.id, offer.medium, until, hand.left_us)
