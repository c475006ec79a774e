"""Small worlds for tests of the routing engine: counted ids, short builders, a fixed beginning of time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from careline.modules.core.routing.engine.capacity import CapacityProfile, Medium
from careline.modules.core.routing.engine.effects import Effect, OfferMade
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.model import (
    AgentProfile,
    Chosen,
    Desk,
    Needs,
    Offer,
    QueueSettings,
    RoutingConfig,
    WorkItem,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ONE_CALL_OR_THREE_CHATS = CapacityProfile(
    limits={Medium.VOICE: 1, Medium.CHAT: 3, Medium.MESSAGE: 2},
    weights={Medium.VOICE: 6, Medium.CHAT: 2, Medium.MESSAGE: 3},
    total=6,
    exclusive=(frozenset({Medium.VOICE, Medium.CHAT}),),
    interrupted_by={Medium.MESSAGE: frozenset({Medium.VOICE, Medium.CHAT})},
)
ONE_CALL = CapacityProfile(limits={Medium.VOICE: 1})


class CountedIds:
    """Ids and tokens by counting, so that the same commands give the same offers."""

    def __init__(self, start: int = 0) -> None:
        self.count = start

    def offer_id(self) -> UUID:
        self.count += 1
        return UUID(int=(1 << 100) + self.count)

    def token(self) -> str:
        return f"token-{self.count}"


def at(seconds: float) -> datetime:
    """An instant so many seconds after the beginning."""
    return START + timedelta(seconds=seconds)


def queue_id(number: int) -> UUID:
    return UUID(int=1000 + number)


def agent_id(number: int) -> UUID:
    return UUID(int=2000 + number)


def item_id(number: int) -> UUID:
    return UUID(int=10_000 + number)


def call(number: int, seconds: float = 0, *, queue: int = 1, needs: Needs = (), **more: object) -> WorkItem:
    """A voice item of a queue that came at an instant; ``more`` are fields of ``WorkItem``."""
    fields = {"medium": Medium.VOICE} | more
    return WorkItem(
        id=item_id(number),
        queue_id=queue_id(queue),
        enqueued_at=at(seconds),
        needs=needs,
        **fields,  # type: ignore[arg-type]
    )


class Centre:
    """An engine with queues 1 … n and a handful of words to drive it."""

    def __init__(self, *queues: QueueSettings, desks: tuple[Desk, ...] = (), **more: float | None) -> None:
        settings = queues or (QueueSettings(id=queue_id(1)),)
        self.config = RoutingConfig(queues=settings, desks=desks, **more)
        self.ids = CountedIds()
        self.engine = Engine(self.config, self.ids)

    def agent(
        self,
        number: int,
        seconds: float = 0,
        *,
        skills: Mapping[str, int] | None = None,
        queues: tuple[int, ...] = (1,),
        capacity: CapacityProfile = ONE_CALL,
        desk: UUID | None = None,
        ready: bool = True,
    ) -> list[Effect]:
        """An agent signs in and, unless told otherwise, is ready."""
        profile = AgentProfile(
            id=agent_id(number),
            queues=frozenset(map(queue_id, queues)),
            capacity=capacity,
            skills=skills or {},
            desk=desk,
        )
        effects = self.engine.put_agent(profile, at(seconds))
        return effects + (self.engine.choose(agent_id(number), Chosen.READY, at(seconds)) if ready else [])

    def serve(self, number: int, seconds: float) -> Offer:
        """Accept the standing offer of an item, and return it."""
        offer = self.standing(number)
        self.engine.accept(offer.id, offer.token, at(seconds))
        return offer

    def standing(self, number: int) -> Offer:
        """The standing offer of an item."""
        return next(offer for offer in self.engine.snapshot().offers if offer.item_id == item_id(number))


def offers_in(effects: list[Effect]) -> list[tuple[int, int]]:
    """The (item, agent) numbers of the offers made, in their order."""
    return [
        (made.offer.item_id.int - 10_000, made.offer.agent_id.int - 2000)
        for made in effects
        if isinstance(made, OfferMade)
    ]


def kinds(effects: list[Effect]) -> list[str]:
    """The names of the effects, in their order."""
    return [type(effect).__name__ for effect in effects]
