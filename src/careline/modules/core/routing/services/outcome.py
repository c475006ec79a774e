"""Makes what the engine decided true outside: rows, events, and the ledger, in the order in which it was decided."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.transaction import Transaction
from careline.modules.core.routing import repository
from careline.modules.core.routing.engine import effects as done
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import Offer
from careline.modules.core.routing.engine.records import AgentView
from careline.modules.core.routing.events import (
    AgentStateChanged,
    ItemAssigned,
    ItemFinished,
    ItemLeft,
    ItemMoved,
    ItemWrappedUp,
    OfferEnded,
    OfferMade,
    WrapUpLimitChanged,
)
from careline.modules.core.routing.services.ledger import Ledger, LiveItem
from careline.modules.core.routing.services.projection import chosen_of, one_word, why_of
from careline.modules.core.routing.views import Overflow, QueueRules

NO_OFFER: dict[str, Any] = {
    "state": "waiting",
    "offer_id": None,
    "token": None,
    "agent_id": None,
    "offered_at": None,
    "deadline": None,
    "why": None,
}

_END_WORDS = {
    done.OfferEnd.DECLINED: "declined",
    done.OfferEnd.EXPIRED: "expired",
    done.OfferEnd.FAILED: "fault",
    done.OfferEnd.ITEM_GONE: "withdrawn",
    done.OfferEnd.ITEM_MOVED: "withdrawn",
    done.OfferEnd.AGENT_GONE: "withdrawn",
}


class Outcome:
    """Stores the effects of one command within its transaction."""

    def __init__(self, tx: Transaction, engine: Engine, ledger: Ledger, rules: Mapping[UUID, QueueRules]) -> None:
        self._tx = tx
        self._engine = engine
        self._ledger = ledger
        self._rules = rules
        self._touched: dict[UUID, bool] = {}
        self._wrap_up: dict[UUID, done.AfterContactStarted] = {}

    async def store(self, effects: list[done.Effect], agents: Collection[UUID] = ()) -> None:
        """Everything that happened, in its order, then the agents whose state it changed, and those named."""
        for agent_id in agents:
            self._touch(agent_id, to_store=True)
        self._wrap_up = {effect.item_id: effect for effect in effects if isinstance(effect, done.AfterContactStarted)}
        for effect in effects:
            await self._one(effect)
        for agent_id, to_store in self._touched.items():
            await self._agent(agent_id, to_store=to_store)

    async def _one(self, effect: done.Effect) -> None:
        match effect:
            case done.OfferMade(offer=offer):
                await self._offer_made(offer)
            case done.OfferEnded(offer=offer, end=end):
                await self._offer_ended(offer, _END_WORDS[end])
            case done.ItemEngaged(offer=offer):
                await self._engaged(offer)
            case done.ItemLeft(item_id=item_id):
                await self._left(self._ledger.items[item_id])
            case done.ItemOverflowed():
                await self._overflowed(effect)
            case done.AfterContactStarted():
                await self._clock(effect)
            case done.AfterContactEnded(agent_id=agent_id, item_id=item_id, by_limit=by_limit):
                await self._wrapped_up(self._ledger.items[item_id], timed_out=by_limit)
                self._touch(agent_id, to_store=True)
            case (
                done.AgentChose(agent_id=agent_id)
                | done.AgentSetAside(agent_id=agent_id)
                | done.AgentBroughtBack(agent_id=agent_id)
            ):
                self._touch(agent_id, to_store=True)
            case done.ItemWaiting(item_id=item_id) | done.ItemHeld(item_id=item_id) | done.ItemTurned(item_id=item_id):
                await self._waiting(self._ledger.items[item_id])
            case done.ItemRelaxed():
                pass

    def _touch(self, agent_id: UUID, *, to_store: bool = False) -> None:
        self._touched[agent_id] = self._touched.get(agent_id, False) or to_store

    def _standing(self, item: LiveItem) -> dict[str, Any]:
        """How an item stands with the engine when all of the command is done; nothing when it is gone by then."""
        record = self._engine.item_record(item.id)
        if record is None:
            return {}
        item.entered_at, item.slept_us = record.entered_at, record.slept_us
        return {
            "entered_at": record.entered_at,
            "seq": record.seq,
            "attempts": record.attempts,
            "excluded": [[str(agent_id), until.isoformat()] for agent_id, until in record.excluded],
            "held_until": record.held_until,
            "asleep_since": record.asleep_since,
            "slept_us": record.slept_us,
        }

    async def _waiting(self, item: LiveItem) -> None:
        standing = self._standing(item)
        if standing and item.state == "waiting":
            await repository.change_item(self._tx, item.id, "waiting", standing)

    async def _offer_made(self, offer: Offer) -> None:
        item = self._ledger.items[offer.item_id]
        await repository.change_item(
            self._tx,
            item.id,
            "waiting",
            {
                "state": "offered",
                "offer_id": offer.id,
                "serial": offer.serial,
                "token": offer.token,
                "agent_id": offer.agent_id,
                "offered_at": offer.made_at,
                "deadline": offer.deadline,
                "why": msgspec.to_builtins(offer.why, str_keys=True),
                **self._standing(item),
            },
        )
        self._ledger.offer(item, offer)
        item.state = "offered"
        self._touch(offer.agent_id)
        self._tx.emit(
            OfferMade(
                offer_id=offer.id,
                item_id=item.id,
                interaction_id=item.interaction_id,
                agent_id=offer.agent_id,
                media=item.media,
                queue_id=offer.queue_id,
                deadline=offer.deadline,
                ring_seconds=max(1, round((offer.deadline - offer.made_at).total_seconds())),
                why=why_of(offer.why),
            ),
            subject=item.id,
        )

    async def _offer_ended(self, offer: Offer, cause: str) -> None:
        item = self._ledger.items[offer.item_id]
        await repository.change_item(self._tx, item.id, "offered", NO_OFFER | self._standing(item))
        self._ledger.release(item)
        self._touch(offer.agent_id, to_store=True)
        self._emit_ended(item, offer, cause)

    async def _engaged(self, offer: Offer) -> None:
        item = self._ledger.items[offer.item_id]
        engaged = {"state": "engaged", "engaged_at": self._tx.now, **self._standing(item)}
        await repository.change_item(self._tx, item.id, "offered", engaged)
        item.state, item.engaged_at = "engaged", self._tx.now
        self._touch(offer.agent_id)
        self._emit_ended(item, offer, "accepted")
        self._tx.emit(
            ItemAssigned(
                offer_id=offer.id,
                item_id=item.id,
                interaction_id=item.interaction_id,
                agent_id=offer.agent_id,
                media=item.media,
                queue_id=item.queue_id,
                enqueued_at=item.enqueued_at,
                offered_at=offer.made_at,
            ),
            subject=item.id,
        )

    def _emit_ended(self, item: LiveItem, offer: Offer, cause: str) -> None:
        self._tx.emit(
            OfferEnded(
                offer_id=offer.id,
                item_id=item.id,
                interaction_id=item.interaction_id,
                agent_id=offer.agent_id,
                media=item.media,
                cause=cause,
            ),
            subject=item.id,
        )

    async def _left(self, item: LiveItem) -> None:
        if item.leaving == "parked":
            self._ledger.remove(item)
            return
        if item.state != "engaged":
            await self._gone(item, "abandoned")
            return
        assert item.offer is not None
        until, left_us = self._limit(item)
        item.state, item.finished_at = "after_contact_work", self._tx.now
        item.wrap_up_until, item.wrap_up_left_us = until, left_us
        over = {"state": item.state, "finished_at": self._tx.now, "wrap_up_until": until, "wrap_up_left_us": left_us}
        await repository.change_item(self._tx, item.id, "engaged", over)
        self._touch(item.offer.agent_id)
        self._tx.emit(
            ItemFinished(
                item_id=item.id,
                interaction_id=item.interaction_id,
                agent_id=item.offer.agent_id,
                media=item.media,
                queue_id=item.queue_id,
                assigned_at=item.engaged_at or self._tx.now,
                wrap_up_deadline=until,
            ),
            subject=item.id,
        )
        if item.id not in self._wrap_up:
            await self._wrapped_up(item, timed_out=False)

    def _limit(self, item: LiveItem) -> tuple[datetime | None, int | None]:
        """When after-contact work ends by itself, or what will be left of its limit when its clock goes on."""
        begun = self._wrap_up.get(item.id)
        return (None, None) if begun is None else (begun.until, begun.left_us)

    async def _clock(self, effect: done.AfterContactStarted) -> None:
        """After-contact work has another limit, or its clock stands or goes on; what begins is told when it is over."""
        self._touch(effect.agent_id, to_store=True)
        item = self._ledger.items[effect.item_id]
        known = (item.wrap_up_until, item.wrap_up_left_us)
        if item.state != "after_contact_work" or known == (effect.until, effect.left_us):
            return
        item.wrap_up_until, item.wrap_up_left_us = effect.until, effect.left_us
        limit = {"wrap_up_until": effect.until, "wrap_up_left_us": effect.left_us}
        await repository.change_item(self._tx, item.id, item.state, limit)
        self._tx.emit(
            WrapUpLimitChanged(
                item_id=item.id,
                interaction_id=item.interaction_id,
                agent_id=effect.agent_id,
                wrap_up_deadline=effect.until,
            ),
            subject=item.id,
        )

    async def _gone(self, item: LiveItem, cause: str, because: str | None = None, then: Overflow | None = None) -> None:
        await repository.change_item(self._tx, item.id, "waiting", {"state": "done", "finished_at": self._tx.now})
        self._ledger.remove(item)
        self._tx.emit(
            ItemLeft(
                item_id=item.id,
                interaction_id=item.interaction_id,
                media=item.media,
                queue_id=item.queue_id,
                enqueued_at=item.enqueued_at,
                cause=cause,
                because=because,
                then=None if then is None else then.value,
            ),
            subject=item.id,
        )

    async def _overflowed(self, effect: done.ItemOverflowed) -> None:
        item, because = self._ledger.items[effect.item_id], effect.cause.value
        if effect.to is None:
            await self._gone(item, "overflowed", because, self._rules[item.queue_id].overflow)
            return
        item.queue_id, item.entered_at = effect.to, self._tx.now
        moved = {"queue_id": effect.to, "entered_at": self._tx.now, **self._standing(item)}
        await repository.change_item(self._tx, item.id, "waiting", moved)
        self._tx.emit(
            ItemMoved(
                item_id=item.id,
                interaction_id=item.interaction_id,
                media=item.media,
                from_queue_id=effect.queue_id,
                queue_id=effect.to,
                front=False,
                because=because,
            ),
            subject=item.id,
        )

    async def _wrapped_up(self, item: LiveItem, *, timed_out: bool) -> None:
        assert item.offer is not None
        agent_id = item.offer.agent_id
        await repository.change_item(self._tx, item.id, "after_contact_work", {"state": "done"})
        self._ledger.remove(item)
        self._touch(agent_id, to_store=True)
        self._tx.emit(
            ItemWrappedUp(
                item_id=item.id,
                interaction_id=item.interaction_id,
                agent_id=agent_id,
                media=item.media,
                queue_id=item.queue_id,
                finished_at=item.finished_at or self._tx.now,
                timed_out=timed_out,
            ),
            subject=item.id,
        )

    async def _agent(self, agent_id: UUID, *, to_store: bool) -> None:
        view = self._engine.agent_view(agent_id)
        if to_store:
            await repository.store_agent(self._tx, agent_id, agent_values(view))
        word = one_word(view)
        if self._ledger.words.get(agent_id) != word or to_store:
            self._ledger.words[agent_id] = word
            self._tx.emit(
                AgentStateChanged(
                    agent_id=agent_id,
                    chosen=chosen_of(view.chosen),
                    reason=view.reason,
                    state=word,
                ),
                subject=agent_id,
            )


def agent_values(view: AgentView) -> dict[str, Any]:
    """An agent's state as it is stored."""
    set_aside = [
        {
            "medium": medium.medium.value,
            "cause": medium.set_aside,
            "until": None if medium.set_aside_until is None else medium.set_aside_until.isoformat(),
        }
        for medium in view.media
        if medium.set_aside is not None
    ]
    return {
        "chosen": chosen_of(view.chosen).value,
        "reason": view.reason,
        "since": view.since,
        "idle_since": view.idle_since,
        "set_aside": set_aside,
        "handled_us": view.handled_us,
        "last_served": view.last_served,
        "place": view.order,
    }
