"""Puts telephony together."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.infra.telemetry.load import Load
from careline.kernel.clock import Clock
from careline.modules.contact.telephony import tasks
from careline.modules.contact.telephony.endpoints import build_demo_router, build_numbers_router, build_router
from careline.modules.contact.telephony.events import NumberChanged
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.contact.telephony.ports import CallOpening, EntryFlows, VoiceEngine
from careline.modules.contact.telephony.services.arrival import Arrivals
from careline.modules.contact.telephony.services.call_events import EngineListener
from careline.modules.contact.telephony.services.control import CallControl
from careline.modules.contact.telephony.services.custody import Custody
from careline.modules.contact.telephony.services.entries import Entries
from careline.modules.contact.telephony.services.holding import Holding
from careline.modules.contact.telephony.services.lines import Lines
from careline.modules.contact.telephony.services.numbers import Numbers
from careline.modules.contact.telephony.services.owed import Owed
from careline.modules.contact.telephony.services.passing import Passing
from careline.modules.contact.telephony.services.reconciling import Reconciler
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.ringing import Ringing, rings
from careline.modules.contact.telephony.services.sessions import CallSessions
from careline.modules.contact.telephony.services.softphones import Softphones
from careline.modules.contact.telephony.services.vault import Vault
from careline.modules.core.hours.facade import Hours
from careline.modules.core.routing.events import OfferEnded, OfferMade
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.events import AgentChanged
from careline.modules.directory.people.facade import People


class TelephonyModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of telephony. ``listener`` is to be told by the voice engine, ``lines`` by the way of
    browser phones to it; ``leave`` is for an orderly end, once no call reaches us any more."""

    facade: Telephony
    listener: EngineListener
    lines: Lines
    leave: Callable[[], Awaitable[None]]
    router: Callable[[], APIRouter]
    numbers_router: Callable[[], APIRouter]
    demo_router: Callable[[], APIRouter]


class Below(msgspec.Struct, frozen=True):
    """The modules below that telephony calls."""

    routing: Routing
    people: People
    identity: Identity
    hours: Hours
    customers: Customers


def vault_in(database: Database, recordings: Path, plain: Path, keys: Path) -> Vault:
    """Recordings in a folder of this machine, sealed under a key in another one; ``plain`` holds what is finished just
    now."""
    return Vault(database, FolderStore(recordings, StoreKey(keys / "recordings.key")), plain, earlier=recordings)


def build_custody(database: Database, vault: Vault) -> Custody:
    """What ``privacy`` asks for: its port ``Custodian``."""
    return Custody(database, vault)


def build(
    database: Database,
    bus: EventBus,
    clock: Clock,
    engine: VoiceEngine,
    opening: CallOpening,
    below: Below,
    vault: Vault,
    jobs: Jobs,
    load: Load,
    flows: EntryFlows,
) -> TelephonyModule:
    """Make telephony and let it hear of offers."""
    sessions = CallSessions()
    recorder, owed = Recorder(database, engine, sessions, vault), Owed()
    tasks.register(jobs, clock, engine, recorder, vault)
    entries = Entries(database, below.hours, below.customers)
    numbers = Numbers(database, below.identity, below.hours, below.customers, flows, entries)
    arrivals = Arrivals(database, engine, below.routing, opening, sessions, recorder, load, entries, owed)
    lines = Lines(engine, below.people, sessions)
    passing = Passing(database, engine, sessions, recorder)
    ringing = Ringing(database, engine, below.routing, below.people, sessions, recorder, lines, owed, passing)
    reconciler = Reconciler(database, clock, engine, below.routing, sessions, arrivals, recorder)
    softphones = Softphones(engine)
    _subscribe(bus, ringing, entries)

    async def leave() -> None:
        await recorder.leave()
        await owed.leave()

    return TelephonyModule(
        facade=Telephony(
            database,
            CallControl(engine, sessions),
            numbers,
            recorder,
            softphones,
            Holding(database, engine, sessions),
            passing,
        ),
        listener=EngineListener(sessions, arrivals, ringing, reconciler, softphones),
        lines=lines,
        leave=leave,
        router=partial(build_router, softphones, recorder, opening, below.people, below.identity),
        numbers_router=partial(build_numbers_router, numbers),
        demo_router=partial(build_demo_router, softphones, entries),
    )


def _subscribe(bus: EventBus, ringing: Ringing, entries: Entries) -> None:
    # One subscription for both, so that an offer's end is never handled before its beginning.
    bus.subscribe(
        "telephony.rings-agents",
        (OfferMade, OfferEnded),
        ringing.offer_changed,
        key=lambda event, _: event.interaction_id,
        wanted=rings,
        durable=False,
    )
    bus.subscribe("telephony.forgets-endpoints", AgentChanged, ringing.agent_changed, durable=False)
    bus.subscribe("telephony.learns-numbers", NumberChanged, entries.changed, durable=False)
