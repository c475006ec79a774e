"""Puts flows together."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.infra.sealing import Sealing
from careline.kernel.clock import Clock
from careline.modules.contact.conversations.events import InteractionOpened
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.flows import tasks
from careline.modules.contact.flows.endpoints.connections import add_connections
from careline.modules.contact.flows.endpoints.journeys import add_journeys
from careline.modules.contact.flows.endpoints.simulating import add_simulator
from careline.modules.contact.flows.endpoints.studio import build_router
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.interpreter import StepHandler
from careline.modules.contact.flows.engine.steps import Step
from careline.modules.contact.flows.facade import Flows
from careline.modules.contact.flows.ports import BusinessSystems, Speech
from careline.modules.contact.flows.services.connections import Connections
from careline.modules.contact.flows.services.facts import FactFinder
from careline.modules.contact.flows.services.house import Rooms
from careline.modules.contact.flows.services.journeys import JourneyCounter
from careline.modules.contact.flows.services.opening import Opening
from careline.modules.contact.flows.services.overflow import Overflows
from careline.modules.contact.flows.services.queueing import StoredQueueing
from careline.modules.contact.flows.services.running import FlowRunner
from careline.modules.contact.flows.services.simulator import Simulator
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.flows.services.versions import Versions
from careline.modules.contact.telephony.events import CallRecovered
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.core.hours.facade import Hours
from careline.modules.core.routing.events import ItemLeft
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity


class FlowsModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of flows."""

    facade: Flows
    connections: Connections
    router: Callable[[], APIRouter]


class Below(msgspec.Struct, frozen=True):
    """The modules below that flows call."""

    conversations: Conversations
    telephony: Telephony
    routing: Routing
    customers: Customers
    identity: Identity
    hours: Hours


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """What flows reach beyond the house, and the key for what is kept for that."""

    speech: Speech
    systems: BusinessSystems
    sealing: Sealing


def build(
    database: Database,
    bus: EventBus,
    jobs: Jobs,
    clock: Clock,
    below: Below,
    outside: Outside,
    handlers: Mapping[type[Step], StepHandler[Any]],
) -> FlowsModule:
    """Make flows. ``handlers`` are the steps that belong to modules above."""
    studio = Studio(database, FlowLanguage(tuple(handlers)), below.identity, outside.speech.speaks)
    opening = Opening(studio, below.routing, below.identity)
    overflows = Overflows()
    facts = FactFinder(below.conversations, below.customers)
    queueing = StoredQueueing(database, clock, below.routing, below.conversations, below.telephony, facts, overflows)
    connections = Connections(database, below.identity, outside.sealing, outside.systems)
    rooms = Rooms(
        database=database,
        clock=clock,
        facts=facts,
        connections=connections,
        conversations=below.conversations,
        customers=below.customers,
        routing=below.routing,
        hours=below.hours,
        identity=below.identity,
    )
    runner = FlowRunner(database, studio, queueing, rooms, below.telephony, outside.speech, handlers, overflows)
    # Not durable: after a restart live contacts are taken up from telephony and conversations, not from old facts.
    bus.tell("flows.runs-entry-flow", InteractionOpened, runner.opened)
    bus.tell("flows.takes-up-calls", CallRecovered, runner.call_recovered)
    bus.tell("flows.lets-go-of-queues", ItemLeft, overflows.left)
    tasks.register(jobs, database, below.identity, below.conversations)
    versions, counter = Versions(database, below.identity), JourneyCounter(database, studio)
    tasks.count_steps(jobs, counter)

    def router() -> APIRouter:
        made = build_router(studio, versions, opening)
        add_connections(made, connections)
        add_simulator(made, Simulator(studio, versions))
        add_journeys(made, counter)
        return made

    return FlowsModule(facade=Flows(studio, runner), connections=connections, router=router)
