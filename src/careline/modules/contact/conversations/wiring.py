"""Puts conversations together."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from fastapi import APIRouter
from starlette.routing import BaseRoute

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.infra.storage.store import FileStore
from careline.infra.telemetry.load import Load
from careline.infra.web.joined import joined
from careline.kernel.clock import Clock
from careline.modules.contact.conversations import subscribers, tasks
from careline.modules.contact.conversations.endpoints import files as file_endpoints
from careline.modules.contact.conversations.endpoints.assurance import build_assurance_router, build_password_router
from careline.modules.contact.conversations.endpoints.colleagues import ColleagueServices
from careline.modules.contact.conversations.endpoints.contacts import Services, build_router
from careline.modules.contact.conversations.endpoints.past import build_past_router
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.live import colleagues as colleague_topics
from careline.modules.contact.conversations.live import contacts as topics
from careline.modules.contact.conversations.ports import Ratings
from careline.modules.contact.conversations.services import waits as waiting
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.assuring import Assuring
from careline.modules.contact.conversations.services.briefs import Briefs
from careline.modules.contact.conversations.services.custody import Custody
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.dispositions import Dispositions
from careline.modules.contact.conversations.services.ending import Ending
from careline.modules.contact.conversations.services.files import Files
from careline.modules.contact.conversations.services.fresh import FreshMessages
from careline.modules.contact.conversations.services.history import History
from careline.modules.contact.conversations.services.holding import Holding
from careline.modules.contact.conversations.services.inviting import Inviting
from careline.modules.contact.conversations.services.keeping import Keeping
from careline.modules.contact.conversations.services.keyed_passwords import KeyedPasswords
from careline.modules.contact.conversations.services.leaving import Leaving
from careline.modules.contact.conversations.services.marks import Marks
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.notes import Notes
from careline.modules.contact.conversations.services.offers import Offers
from careline.modules.contact.conversations.services.opening import Opening
from careline.modules.contact.conversations.services.pace import Pace
from careline.modules.contact.conversations.services.participants import Participants
from careline.modules.contact.conversations.services.password_forms import PasswordForms
from careline.modules.contact.conversations.services.past import Past
from careline.modules.contact.conversations.services.places import ROUND_S, Places
from careline.modules.contact.conversations.services.progress import Progress
from careline.modules.contact.conversations.services.putting_off import PuttingOff
from careline.modules.contact.conversations.services.quick_replies import QuickReplies
from careline.modules.contact.conversations.services.reached import Reached
from careline.modules.contact.conversations.services.signals import SignalBoard
from careline.modules.contact.conversations.services.targets import Targets
from careline.modules.contact.conversations.services.transfers import Transfers
from careline.modules.contact.conversations.services.uploads import FileLimits, Uploads
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.contact.conversations.services.waits import Waits
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People


class Below(msgspec.Struct, frozen=True):
    """The modules below that conversations call."""

    identity: Identity
    customers: Customers
    people: People
    routing: Routing


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How fast the unknown may go: new visitors of one address (IPv6: of one /64), messages of one visitor.

    Also how often who waits may be told their place, in seconds.
    """

    entering_burst: int = 200
    entering_per_second: float = 2
    speaking_burst: int = 30
    speaking_per_second: float = 2
    places_round_s: float = ROUND_S
    sending_burst: int = 20
    sending_per_second: float = 0.2
    files: FileLimits = FileLimits()


class Storage(msgspec.Struct, frozen=True):
    """Where files that people send are kept, and the secret that signs links to them."""

    store: FileStore
    secret: Callable[[], bytes]


def storage_in(files: Path, keys: Path) -> Storage:
    """Files in a folder of this machine, sealed under a key in another one."""
    key = StoreKey(keys / "files.key")
    return Storage(FolderStore(files, key), partial(key.of, "links to files"))


class ConversationsModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of conversations."""

    facade: Conversations
    router: Callable[[], APIRouter]
    files: BaseRoute


def build_opening(database: Database, customers: Customers, routing: Routing, identity: Identity) -> Opening:
    """What telephony needs: its port ``CallOpening``. Made before telephony, while the rest is made after it."""
    customers.add_keeper(Keeping())
    return Opening(customers, routing.queues, Reached(database, identity, routing))


def build_custody(database: Database, storage: Storage, hub: Hub) -> Custody:
    """What ``privacy`` asks for: its ports ``Custodian`` and ``Contacts``."""
    return Custody(database, storage.store, hub)


def build(
    database: Database,
    bus: EventBus,
    live: Live,
    jobs: Jobs,
    clock: Clock,
    opening: Opening,
    below: Below,
    telephony: Telephony,
    ratings: Ratings,
    load: Load,
    storage: Storage,
    limits: Limits | None = None,
) -> ConversationsModule:
    """Make conversations, let them hear of routing and telephony, and let screens hear of them."""
    names, briefs = Names(clock, below.people, below.identity, below.routing), Briefs(database, below.customers)
    bounds, signals, waits = limits or Limits(), SignalBoard(), Waits(clock, below.routing)
    messages = Messages(database, opening, signals, FreshMessages(), load)
    progress = Progress(database, messages, signals, opening, below.routing)
    ending, access = Ending(database, progress, telephony), Access(database, below.routing, opening.reached)
    known = (below.identity, below.customers, below.routing, telephony, names, ratings, waits)
    visitors = Visitors(database, clock, *known)
    desk = Desk(database, access, below.routing, below.customers, briefs, telephony, names, ratings, live.hub.position)
    offers, holding = Offers(clock, below.routing, progress, names, desk), Holding(database, telephony)
    marks, leaving = Marks(clock, live.hub, access, messages, visitors), Leaving(live.hub, visitors, ending)
    subscribers.register(bus, subscribers.Subscribers(clock, offers, progress, holding, leaving, below.routing), names)
    colleagues = _colleagues(database, live, below, telephony, desk, access, names, messages, offers, opening, ratings)
    _tell_screens(live, clock, bounds, below.routing, waits, access, desk, messages, visitors, marks)
    entering, speaking = _paces(clock, bounds)
    services = Services(
        desk=desk,
        access=access,
        offers=offers,
        messages=messages,
        marks=marks,
        ending=ending,
        holding=holding,
        leaving=leaving,
        visitors=visitors,
        colleagues=colleagues,
        entering=entering,
        speaking=speaking,
    )
    doing = _doing(database, below, waits, colleagues, opening)
    facade = Conversations(database, opening, messages, ending, visitors, signals, desk, *doing)
    filing = _filing(database, clock, storage, bounds, services)
    forms = PasswordForms(database, below.customers, messages)
    tasks.register(jobs, visitors, filing.files, below.identity)
    routes = partial(_router, services, filing, Assuring(database, access, below.customers, names), forms)
    return ConversationsModule(facade, routes, file_endpoints.build_path(filing))


def _doing(
    database: Database, below: Below, waits: Waits, colleagues: ColleagueServices, opening: Opening
) -> tuple[Waits, Participants, Transfers, PuttingOff, KeyedPasswords]:
    putting_off = PuttingOff(database, below.routing, opening)
    keyed = KeyedPasswords(database, below.customers)
    return waits, colleagues.participants, colleagues.transfers, putting_off, keyed


def _tell_screens(
    live: Live,
    clock: Clock,
    bounds: Limits,
    routing: Routing,
    waits: Waits,
    access: Access,
    desk: Desk,
    messages: Messages,
    visitors: Visitors,
    marks: Marks,
) -> None:
    waiting.register(live, waits)
    places = Places(live.hub, clock, routing.place, waits.at_place, round_s=bounds.places_round_s)
    chats = topics.ChatTopics(live.hub, access, desk, messages, visitors, marks, routing, places)
    topics.register(live, topics.DeskTopics(live.hub, routing, desk, access), chats)


def _paces(clock: Clock, bounds: Limits) -> tuple[Pace, Pace]:
    return (
        Pace(clock, burst=bounds.entering_burst, per_second=bounds.entering_per_second, code="too-many-visitors"),
        Pace(clock, burst=bounds.speaking_burst, per_second=bounds.speaking_per_second, code="too-many-messages"),
    )


def _filing(
    database: Database, clock: Clock, storage: Storage, bounds: Limits, services: Services
) -> file_endpoints.FileServices:
    access, visitors = services.access, services.visitors
    return file_endpoints.FileServices(
        desk=services.desk,
        files=Files(database, clock, storage.store, storage.secret, access, visitors, services.colleagues.past),
        uploads=Uploads(database, storage.store, services.messages, access, bounds.files),
        visitors=visitors,
        sending=Pace(clock, burst=bounds.sending_burst, per_second=bounds.sending_per_second, code="too-many-files"),
    )


def _router(
    services: Services, filing: file_endpoints.FileServices, assuring: Assuring, forms: PasswordForms
) -> APIRouter:
    # Routes are tried one after another, so the busiest stand first.
    colleagues = services.colleagues
    past = build_past_router(colleagues.history, colleagues.past, services.desk, colleagues.notes, filing.files)
    return joined(
        build_router(services),
        past,
        file_endpoints.build_router(filing),
        build_assurance_router(assuring, forms),
        build_password_router(forms, services.visitors, services.speaking),
    )


def _colleagues(
    database: Database,
    live: Live,
    below: Below,
    telephony: Telephony,
    desk: Desk,
    access: Access,
    names: Names,
    messages: Messages,
    offers: Offers,
    opening: Opening,
    ratings: Ratings,
) -> ColleagueServices:
    """Make the services, and let screens hear of what they do."""
    targets = Targets(below.routing, below.people)
    participants = Participants(database, names, messages)
    notes = Notes(database, access, names, participants)
    colleague_topics.register(live, colleague_topics.ColleagueTopics(live.hub, access, notes))
    return ColleagueServices(
        access=access,
        participants=participants,
        inviting=Inviting(database, access, targets, names, participants),
        notes=notes,
        targets=targets,
        replies=QuickReplies(database, below.identity),
        history=History(database, access.reached, below.customers, ratings, names),
        past=Past(database, access.reached, below.identity, below.routing, desk),
        dispositions=Dispositions(database, below.identity, below.routing),
        transfers=Transfers(database, below.routing, opening, messages, names, targets, offers, telephony),
    )
