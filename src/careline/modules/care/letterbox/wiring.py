"""Puts the letterbox together."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from fastapi import APIRouter

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from careline.modules.care.letterbox import subscribers, tasks
from careline.modules.care.letterbox.endpoints import build_router
from careline.modules.care.letterbox.facade import Letterbox
from careline.modules.care.letterbox.services.answering import Answering
from careline.modules.care.letterbox.services.asking import TakeMessageStep
from careline.modules.care.letterbox.services.bringing import Bringing
from careline.modules.care.letterbox.services.custody import Custody
from careline.modules.care.letterbox.services.letters import Below as Below
from careline.modules.care.letterbox.services.letters import Letters
from careline.modules.care.letterbox.views import TakeMessage
from careline.modules.contact.flows.views import Step, StepHandler


class LetterboxModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of the letterbox. ``steps`` are for flows."""

    facade: Letterbox
    router: Callable[[], APIRouter]
    steps: Mapping[type[Step], StepHandler[Any]]


def build_custody(database: Database) -> Custody:
    """What ``privacy`` asks for: its port ``Custodian``."""
    return Custody(database)


def build(database: Database, bus: EventBus, jobs: Jobs, below: Below) -> LetterboxModule:
    """Make the letterbox. To be made before flows, which take its ``steps``."""
    letters = Letters(database, below)
    tasks.register(jobs, letters)
    answering = Answering(database, below)
    subscribers.register(bus, subscribers.Subscribers(answering))
    facade = Letterbox(letters, answering, Bringing(database, below))
    steps: dict[type[Step], StepHandler[Any]] = {TakeMessage: TakeMessageStep(letters, below.conversations)}
    return LetterboxModule(facade=facade, router=partial(build_router, facade), steps=steps)
