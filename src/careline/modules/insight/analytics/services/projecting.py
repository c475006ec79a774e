"""The projection: reads the event log in commit order and keeps the facts that figures are worked out from.

The rows and how far the log was read are stored in one transaction, so a fact is neither missed nor counted twice
whenever the process dies. Facts are gathered for a moment before they are read: figures are looked at by people, while
the call that they tell of is still to ring somewhere, and there is one writer.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from careline.infra.database.database import Database
from careline.infra.database.log import Cursor, LogEntry, load_cursor, locked_cursor, read_after, store_cursor
from careline.infra.database.transaction import Transaction
from careline.kernel.events import Event, Recorded
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.events import ItemAssigned, ItemFinished, ItemLeft, ItemQueued, ItemWrappedUp
from careline.modules.core.routing.views import Media
from careline.modules.insight.analytics.repository import facts as repository
from careline.modules.insight.analytics.repository.facts import RatingFact
from careline.modules.insight.analytics.rules import Happened, Milestone, Slot, Tally, apply, change
from careline.modules.outreach.surveys.events import Rated

logger = logging.getLogger(__name__)

SUBSCRIBER = "analytics.projects-facts"
"""The name of the place in the log up to which facts were read."""

FACTS: tuple[type[Event], ...] = (ItemQueued, ItemAssigned, ItemLeft, ItemFinished, ItemWrappedUp, Rated)

_NAMES = [fact.name for fact in FACTS]

GATHER_S = 0.25
"""How long facts are gathered before they are read."""

AGAIN_S = 5.0
"""When reading failed it is tried again after so long; what was not read is not lost."""

BATCH = 200

Projected = Callable[[set[TenantId]], None]


class Projector:
    """One reader of the log. ``projected`` is told whose figures have changed."""

    def __init__(self, database: Database) -> None:
        self.projected: Projected = lambda _: None
        self._database = database
        self._turn = asyncio.Lock()
        self._wanted = Cursor()
        self._poked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def heard(self, _event: Event, recorded: Recorded) -> None:
        """A fact was committed: read it soon."""
        self._wanted = max(self._wanted, Cursor(recorded.xid, recorded.position))
        self._poked.set()

    async def start(self) -> None:
        """Read what was missed, then go on reading."""
        await self.catch_up()
        self._task = asyncio.create_task(self._follow(), name=SUBSCRIBER)

    async def stop(self) -> None:
        """Stop reading; the next start goes on from here."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def catch_up(self) -> None:
        """Read the log to its present end."""
        async with self._turn:
            while await self._read_on():
                pass

    async def rebuild(self) -> None:
        """Throw all facts away and read the log from its beginning.

        Figures are incomplete until it has ended. Whoever dies meanwhile goes on at the next start.
        """
        async with self._turn, self._database.system_transaction() as tx:
            await locked_cursor(tx, SUBSCRIBER)
            await repository.forget_all(tx)
            await store_cursor(tx, SUBSCRIBER, Cursor())
        await self.catch_up()

    async def _follow(self) -> None:
        while True:
            await self._poked.wait()
            await asyncio.sleep(GATHER_S)
            self._poked.clear()
            try:
                await self.catch_up()
                async with self._database.system_glance() as reading:
                    reached = await load_cursor(reading, SUBSCRIBER)
            except Exception:
                logger.exception("the log could not be read into facts; trying again in %s s", AGAIN_S)
                await asyncio.sleep(AGAIN_S)
                self._poked.set()
                continue
            if reached < self._wanted:
                # On PostgreSQL the log ends, for a reader, before the oldest transaction that still runs.
                self._poked.set()

    async def _read_on(self) -> bool:
        """Read one batch; whether there may be more."""
        async with self._database.system_glance() as reading:
            cursor = await load_cursor(reading, SUBSCRIBER)
            entries = await read_after(reading, cursor, limit=BATCH, names=_NAMES)
        if not entries:
            return False
        touched = set()
        async with self._database.system_transaction() as tx:
            if await locked_cursor(tx, SUBSCRIBER) != cursor:
                return True  # somebody else has read on
            for tenant_id, recorded in _by_tenant(entries).items():
                await _project(tx, tenant_id, recorded)
                touched.add(tenant_id)
            await store_cursor(tx, SUBSCRIBER, entries[-1].cursor)
        if touched:
            self.projected(touched)
        return len(entries) == BATCH


async def _project(tx: Transaction, tenant_id: TenantId, recorded: list[Recorded]) -> None:
    happened = [one for one in map(_happened, recorded) if one is not None]
    before = await repository.contact_facts(tx, tenant_id, {one.item_id for one in happened})
    after = dict(before)
    for one in happened:
        fact = apply(after.get(one.item_id), one)
        if fact is not None:
            after[one.item_id] = fact
    changed = {item_id: fact for item_id, fact in after.items() if fact != before.get(item_id)}
    await repository.store_contact_facts(tx, tenant_id, list(changed.values()))
    slots: dict[Slot, Tally] = defaultdict(Tally)
    for item_id, fact in changed.items():
        _add(slots, change(before.get(item_id), fact))
    for item in recorded:
        if isinstance(item.event, Rated):
            _add(slots, await repository.store_rating(tx, tenant_id, _rating(item.event, item)))
    await repository.add_to_slots(tx, tenant_id, slots)


def _add(slots: dict[Slot, Tally], more: Mapping[Slot, Tally]) -> None:
    for slot, tally in more.items():
        slots[slot] += tally


def _by_tenant(entries: Iterable[LogEntry]) -> dict[TenantId, list[Recorded]]:
    found: dict[TenantId, list[Recorded]] = defaultdict(list)
    for entry in entries:
        recorded = entry.recorded
        if recorded is not None:
            found[recorded.tenant_id].append(recorded)
    return found


def _rating(event: Rated, recorded: Recorded) -> RatingFact:
    return RatingFact(
        interaction_id=event.interaction_id,
        score=event.score,
        channel=event.channel.value,
        rated_at=recorded.occurred_at,
        position=recorded.position,
    )


def _happened(recorded: Recorded) -> Happened | None:
    """What an event says about a work item; None when it is about something else."""
    event, agent_id, cause, target_ms, again = recorded.event, None, None, 0, False
    match event:
        case ItemQueued(media=Media.MESSAGE):
            return None  # nobody waits for an answer within seconds: the figures are of calls and chats
        case ItemQueued():
            milestone, since, target_ms = Milestone.ASKED, event.enqueued_at, event.target_seconds * 1000
            again = event.again
        case ItemAssigned():
            milestone, since, agent_id = Milestone.ANSWERED, event.enqueued_at, event.agent_id
        case ItemLeft():
            milestone, since, cause = Milestone.LEFT, event.enqueued_at, event.cause
        case ItemFinished():
            milestone, since, agent_id = Milestone.FINISHED, event.assigned_at, event.agent_id
        case ItemWrappedUp():
            milestone, since, agent_id = Milestone.WRAPPED_UP, event.finished_at, event.agent_id
        case _:
            return None
    return Happened(
        milestone=milestone,
        position=recorded.position,
        at=recorded.occurred_at,
        item_id=event.item_id,
        interaction_id=event.interaction_id,
        media=event.media.value,
        queue_id=event.queue_id,
        since=since,
        target_ms=target_ms,
        agent_id=agent_id,
        cause=cause,
        again=again,
    )
