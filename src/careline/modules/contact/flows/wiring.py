"""Puts flows together."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.kernel.clock import Clock
from careline.modules.contact.conversations.events import InteractionOpened
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.flows import tasks
from careline.modules.contact.flows.endpoints import build_router
from careline.modules.contact.flows.engine.definition import FlowLanguage, Step
from careline.modules.contact.flows.engine.interpreter import StepHandler
from careline.modules.contact.flows.facade import Flows
from careline.modules.contact.flows.ports import Speech
from careline.modules.contact.flows.services.facts import FactFinder
from careline.modules.contact.flows.services.opening import Opening
from careline.modules.contact.flows.services.overflow import Overflows
from careline.modules.contact.flows.services.queueing import StoredQueueing
from careline.modules.contact.flows.services.running import FlowRunner
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.telephony.events import CallRecovered
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.core.routing.events import ItemLeft
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.identity.facade import Identity


class FlowsModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of flows."""

    facade: Flows
    router: Callable[[], APIRouter]


class Below(msgspec.Struct, frozen=True):
    """The modules below that flows call."""

    conversations: Conversations
    telephony: Telephony
    routing: Routing
    customers: Customers
    identity: Identity


def build(
    database: Database,
    bus: EventBus,
    jobs: Jobs,
    clock: Clock,
    below: Below,
    speech: Speech,
    handlers: Mapping[type[Step], StepHandler[Any]],
) -> FlowsModule:
    """Make flows. ``handlers`` are the steps that belong to modules above."""
    studio = Studio(database, FlowLanguage(tuple(handlers)), below.identity)
    opening = Opening(studio, below.routing, below.identity)
    overflows = Overflows()
    facts = FactFinder(below.conversations, below.customers)
    queueing = StoredQueueing(database, clock, below.routing, below.conversations, below.telephony, facts, overflows)
    runner = FlowRunner(
        database,
        studio,
        queueing,
        facts,
        below.conversations,
        below.telephony,
        below.routing,
        speech,
        handlers,
        overflows,
    )
    # Not durable: after a restart live contacts are taken up from telephony and conversations, not from old facts.
    bus.tell("flows.runs-entry-flow", InteractionOpened, runner.opened)
    bus.tell("flows.takes-up-calls", CallRecovered, runner.call_recovered)
    bus.tell("flows.lets-go-of-queues", ItemLeft, overflows.left)
    tasks.register(jobs, database, below.identity, below.conversations)
    return FlowsModule(facade=Flows(studio, runner), router=partial(build_router, studio, opening))
