"""Properties of the routing engine under any sequence of commands, and proof that the tests would notice a fault.

The machine (``tests/support/routing_machine.py``) checks after every command: never two agents for one item, never
above capacity, no work left lying, serials that only grow, time that never goes back, a refused command changes
nothing, what is due is what the records say; at any moment the engine is restored from its records; and the fast
engine says the same as the one that looks at everything, and as a new one that is told the same.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from careline.modules.core.routing.engine import (
    board,
    capacity,
    dealing,
    demand,
    engine,
    index,
    rebuild,
    supply,
    timers,
)
from careline.modules.core.routing.engine.instants import to_us
from careline.modules.core.routing.engine.tournament import Tournament
from tests.support.routing_machine import RoutingMachine

QUICK = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
HUNT = settings(QUICK, max_examples=1500, phases=[Phase.generate])
LONG = settings(QUICK, max_examples=400, stateful_step_count=60)


def test_laws_hold_and_both_engines_agree() -> None:
    run_state_machine_as_test(RoutingMachine, settings=QUICK)


@pytest.mark.slow
def test_laws_hold_and_both_engines_agree_for_long() -> None:
    run_state_machine_as_test(RoutingMachine, settings=LONG)


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _jump(self: board.Board, now: datetime) -> None:
    self.now_us, self.now = to_us(now), now


def _come_unseen(self: supply.Peers) -> None:
    self.present += 1
    if self.present == 1:
        for pool in self.pools:
            pool.present.put(self, 0, self.mask | capacity.ALL_ROOMS_MASK)


def _serve_one(self: dealing.Dealer, agent: Any, effects: list[Any]) -> None:
    agent.settle()
    pair = self._best_item(agent) if agent.free else None
    if pair is not None:
        self.unplace(pair.item)
        self.offer_pair(pair, effects)
    self.matcher.update_agent(agent)


def _any_token(self: engine.Engine, offer_id: Any, token: str) -> Any:
    return self._board.hands[offer_id.int]


def _load_without_serial(load: Callable[..., None]) -> Callable[..., None]:
    def forgetful(told: Any, dealer: Any, snapshot: Any) -> None:
        load(told, dealer, snapshot)
        told.serial = 0

    return forgetful


def _record_without_aside(record: Callable[..., Any]) -> Callable[..., Any]:
    def forgetful(agent: Any) -> Any:
        agent.idle_since += 1
        return record(agent)

    return forgetful


def _no_offer_deadlines(push: Callable[..., None]) -> Callable[..., None]:
    return lambda self, due, kind, *rest: None if kind == timers.OFFER else push(self, due, kind, *rest)


def _random_ids(make: Callable[..., None]) -> Callable[..., None]:
    def careless(self: dealing.Dealer, pair: Any, effects: list[Any]) -> None:
        make(self, pair, effects)
        object.__setattr__(effects[-1].offer, "token", str(uuid4()))

    return careless


def _still_there(told: Callable[..., None]) -> Callable[..., None]:
    def lazy(self: Tournament[Any], entrant: Any, key: int, mask: int) -> None:
        if mask:
            told(self, entrant, key, mask)

    return lazy


def _excluded_after_all(search: Callable[..., Any]) -> Callable[..., Any]:
    return lambda pool, order, need, levels, excluded: search(pool, order, need, levels, ())


def _one_more_fits(self: capacity.CapacityProfile, usage: int) -> int:
    """In place of what remembers its answers: those of before the fault would be right."""
    indices = range(len(capacity.MEDIA))
    return sum(1 << at for at in indices if capacity.count_in(usage, at) <= self.limits.get(capacity.MEDIA[at], -1))


def _place_forgotten(make: Callable[..., Any]) -> Callable[..., Any]:
    def forgetful(told: Any, record: Any) -> Any:
        item = make(told, record)
        item.entered_us = told.now_us
        return item

    return forgetful


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "two agents for one item": (index.Index, "remove_item", _nothing),
    "above capacity": (capacity.CapacityProfile, "free_media", _one_more_fits),
    "not the same for the same": (dealing.Dealer, "offer_pair", _random_ids(dealing.Dealer.offer_pair)),
    "serials begin anew after a restart": (engine, "load", _load_without_serial(rebuild.load)),
    "records that change": (rebuild, "agent_record", _record_without_aside(rebuild.agent_record)),
    "the clock may go back": (board.Board, "advance", _jump),
    "only one item for a free agent": (dealing.Dealer, "serve", _serve_one),
    "any token will do": (engine.Engine, "_standing", _any_token),
    "offers never expire": (timers.Timers, "push", _no_offer_deadlines(timers.Timers.push)),
    "relaxation without a new match": (dealing.Dealer, "place_again", dealing.Dealer.wait_as_recorded),
    "an empty cell stays in the tournament": (Tournament, "put", _still_there(Tournament.put)),
    "who signs in is not seen by what waits": (supply.Peers, "come", _come_unseen),
    "nodes above are not told": (demand, "carry_up", _nothing),
    "who was away for a moment begins anew": (engine, "item_state", _place_forgotten(rebuild.item_state)),
    "exclusions are forgotten": (index, "search", _excluded_after_all(supply.search)),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the engine on purpose: the machine must fail, or it proves nothing."""
    where, name, broken = FAULTS[fault]
    monkeypatch.setattr(where, name, broken)
    with pytest.raises(Exception):  # noqa: B017, PT011 - how it fails does not matter
        run_state_machine_as_test(RoutingMachine, settings=HUNT)
