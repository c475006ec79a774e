"""One tenant's routing: the engine, its ledger, its fence and its clockwork.

A command takes the fence, changes the engine and stores what came of it in one transaction. When storing fails, the
engine knows something that is not so: it is thrown away and rebuilt from the rows before the next command. Commands
decide and write in turn, so that no row is asked to change twice before its first change was sent; commits overlap.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.clock import Clock
from careline.kernel.errors import DomainError, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.hours.facade import Hours
from careline.modules.core.routing import repository
from careline.modules.core.routing.engine.effects import Effect
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.index import Index
from careline.modules.core.routing.engine.model import Chosen
from careline.modules.core.routing.events import OfferEnded
from careline.modules.core.routing.repository import Record
from careline.modules.core.routing.services import rebuilding, setup
from careline.modules.core.routing.services.ledger import Ledger, LiveItem
from careline.modules.core.routing.services.openings import Openings
from careline.modules.core.routing.services.outcome import NO_OFFER, Outcome, agent_values
from careline.modules.core.routing.views import Media, QueueRules, QueueView
from careline.modules.directory.people.facade import People
from careline.modules.directory.people.views import AgentView

logger = logging.getLogger(__name__)

Command = Callable[[Engine, datetime], list[Effect]]

Beside = Callable[[Transaction], Awaitable[None]]
"""What is written in the transaction of a command, before it: audit, for one. May refuse with a ``DomainError``."""


class _Unsound(Exception):
    """A command before this one could not be stored: what the engine believes must not be built upon."""


class RandomIds:
    """Ids of offers sort by time; tokens cannot be guessed."""

    def offer_id(self) -> UUID:
        return new_id()

    def token(self) -> str:
        return secrets.token_urlsafe(16)


class Shard:
    """Decides for one tenant while it owns the fence."""

    def __init__(
        self, database: Database, clock: Clock, people: People, hours: Hours, tenant_id: TenantId, owner: UUID
    ) -> None:
        self._database = database
        self._clock = clock
        self._people = people
        self._hours = hours
        self._owner = owner
        self._epoch = 0
        self._sound = False
        self._rebuilding = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._learning = asyncio.Lock()  # from the look to the command: an older look must not come last
        self._wake = asyncio.Event()
        self._timer: asyncio.Task[None] | None = None
        self.is_lost = False
        """Another process decides now; nothing can be done here any more."""
        self.tenant_id = tenant_id
        self.engine: Engine
        self.ledger = Ledger()
        self.parked: dict[UUID, LiveItem] = {}
        self.queues: dict[UUID, QueueView] = {}
        self.queue_rows: dict[str, Record] = {}
        self.rules: dict[UUID, QueueRules] = {}
        self.openings = Openings({}, {})
        self.setup = setup.NOTHING
        self.names: dict[str, str] = {}
        """What people call skills, desks and queues."""

    async def start(self, began: Callable[[], None]) -> None:
        """Take the fence, rebuild, and begin to keep time.

        ``began`` is called when what the rebuild decided is durable, before anybody hears of it: whoever does may ask.
        """
        await self._rebuild(began)
        self._timer = asyncio.create_task(self._keep_time(), name=f"routing:{self.tenant_id}")

    async def stop(self) -> None:
        """Stop keeping time. What is stored stays as it is."""
        if self._timer is not None:
            self._timer.cancel()
            await asyncio.gather(self._timer, return_exceptions=True)

    async def run(self, command: Command, *, beside: Beside | None = None, actor: str = "system") -> list[Effect]:
        """Carry out a command, store what came of it, and return that; ``beside`` joins its transaction.

        Raises the engine's ``DomainError`` when it refused, ``ShardLost`` when another process decides now.
        """
        while True:
            if not self._sound:
                await self._rebuild()
            try:
                effects = await self._in_turn(command, beside, actor)
            except _Unsound:
                continue
            self._wake.set()
            return effects

    async def learn_agent(self, agent_id: UUID) -> None:
        """A user may be an agent now, or another one than before."""
        async with self._learning:
            try:
                agent = await self._people.agent(self.tenant_id, agent_id)
            except NotFound:
                return
            async with self._database.glance(self.tenant_id) as reading:
                seat = (await repository.seats(reading, agent_id)).get(agent_id, repository.USUAL_SEAT)

            def learn(engine: Engine, now: datetime) -> list[Effect]:
                seats = {**self.setup.seats, agent_id: seat}
                self.setup = msgspec.structs.replace(self.setup, seats=seats)
                return _put(engine, agent, self.setup, now)

            await self.run(learn)

    async def learn_queues(self) -> None:
        """Queues or skills are other ones now: match everything anew. What is offered or in hand stays so."""
        async with self._learning:
            agents = await self._people.agents(self.tenant_id)
            words = await self._words()
            async with self._database.reading(self.tenant_id) as reading:
                found = await setup.read(reading, words)

            def learn(engine: Engine, now: datetime) -> list[Effect]:
                self._know(found)
                effects = engine.configure(rebuilding.config(found), now)
                effects += self.openings.mind(engine, now)
                for agent in agents:
                    effects += _put(engine, agent, found, now)
                return effects

            await self.run(learn)

    def pass_time(self, engine: Engine, now: datetime) -> list[Effect]:
        """What is due: queues open and close by their calendars, and the engine ticks."""
        return self.openings.mind(engine, now) + engine.tick(now)

    async def _in_turn(self, command: Command, beside: Beside | None, actor: str) -> list[Effect]:
        changed = False
        try:
            async with self._database.transaction(self.tenant_id, actor=actor) as tx, self._turn:
                if not self._sound:
                    raise _Unsound
                await repository.check_fence(tx, self._epoch)
                if beside is not None:
                    await beside(tx)
                effects = command(self.engine, tx.now)
                changed = True
                try:
                    await Outcome(tx, self.engine, self.ledger, self.rules).store(effects)
                except BaseException:
                    # Before the next one's turn comes.
                    self._sound = False
                    raise
        except _Unsound:
            raise
        except repository.ShardLost:
            self.is_lost = True
            self._wake.set()
            raise
        except BaseException as error:
            if changed or not isinstance(error, DomainError):
                self._sound = False
                logger.warning("routing of %s is rebuilt: %s", self.tenant_id, error)
            raise
        return effects

    async def _rebuild(self, began: Callable[[], None] | None = None) -> None:
        async with self._rebuilding:
            if self._sound:
                return
            agents = await self._people.agents(self.tenant_id)
            words = await self._words()
            async with self._database.transaction(self.tenant_id) as tx:
                self._epoch = await repository.take_shard(tx, self._owner)
                found = await setup.read(tx, words)
                states = await repository.agent_states(tx)
                rows = await repository.live_items(tx)
                alive = frozenset(self.ledger.by_interaction) - frozenset(self.parked)
                rebuilt = rebuilding.rebuild(tx.now, found, agents, states, rows, alive)
                config = rebuilding.config(found)
                self.engine = Engine.restore(config, RandomIds(), rebuilt.snapshot, Index)
                self.ledger, self.parked = rebuilt.ledger, rebuilt.parked
                self._know(found)
                for row in rebuilt.voided:
                    await self._void(tx, row)
                effects = self._resume(rebuilt, agents, tx.now)
                rung = {row.agent_id for row in rebuilt.voided}
                await Outcome(tx, self.engine, self.ledger, self.rules).store(effects, rung)
                for agent_id in rebuilt.placed:
                    await repository.store_agent(tx, agent_id, agent_values(self.engine.agent_view(agent_id)))
                if began is not None:
                    tx.on_commit(began)
            self._sound = True
        self._wake.set()

    def _resume(self, rebuilt: rebuilding.Rebuilt, agents: list[AgentView], now: datetime) -> list[Effect]:
        """What follows from the time that has passed, and from what was set and came in it."""
        engine = self.engine
        effects = self.openings.mind(engine, now)
        effects += engine.resume(now)
        for live in rebuilt.arrivals:
            self.ledger.add(live)
            effects += engine.enqueue(rebuilding.work(live), now, not_to=live.not_to)
        for agent in agents:  # who became inactive while nobody heard of it
            effects += _put(engine, agent, self.setup, now)
        return effects

    async def _words(self) -> setup.Words:
        return setup.Words(
            skills=await self._people.skills(self.tenant_id), calendars=await self._hours.calendars(self.tenant_id)
        )

    def _know(self, found: setup.Setup) -> None:
        self.setup = found
        self.queues = {row.id: rebuilding.queue_view(row) for row in found.queues}
        self.queue_rows = {row.code: row for row in found.queues}
        self.rules = {row.id: rebuilding.rules_of(row) for row in found.queues}
        self.openings = Openings(self.rules, {view.id: view.calendar for view in found.words.calendars})
        self.names = found.names()

    async def _void(self, tx: Transaction, row: Record) -> None:
        """Take back an offer that stood when the process died."""
        await repository.change_item(tx, row.id, "offered", NO_OFFER)
        tx.emit(
            OfferEnded(
                offer_id=row.offer_id,
                item_id=row.id,
                interaction_id=row.interaction_id,
                agent_id=row.agent_id,
                media=Media(row.media),
                cause="withdrawn",
            ),
            subject=row.id,
        )

    async def _keep_time(self) -> None:
        while not self.is_lost:
            self._wake.clear()
            due = min((at for at in (self.engine.next_due(), self.openings.next_change) if at), default=None)
            wait = None if due is None else max(0.0, (due - self._clock.now()).total_seconds())
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                await self._tick()

    async def _tick(self) -> None:
        try:
            await self.run(self.pass_time)
        except repository.ShardLost:
            logger.error("routing of %s is decided by another process: this one serves nobody there", self.tenant_id)
        except Exception:
            logger.exception("routing of %s could not keep time", self.tenant_id)
            await asyncio.sleep(1)


def _put(engine: Engine, agent: AgentView, found: setup.Setup, now: datetime) -> list[Effect]:
    """Let the engine know an agent as they are now. Who is new begins offline; who is not active any more is so."""
    profile = rebuilding.profile(agent, found)
    known = engine.profile(agent.id)
    effects = [] if known == profile else engine.put_agent(profile, now)
    if known is None or not (agent.active or engine.agent_view(agent.id).chosen is Chosen.OFFLINE):
        effects += engine.choose(agent.id, Chosen.OFFLINE, now)
    return effects
