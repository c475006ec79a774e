"""Puts surveys together."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from fastapi import APIRouter

from careline.infra.database.database import Database
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.flows.views import Step, StepHandler
from careline.modules.outreach.surveys.endpoints import build_router
from careline.modules.outreach.surveys.facade import Surveys
from careline.modules.outreach.surveys.services.asking import RateStep
from careline.modules.outreach.surveys.services.custody import Custody
from careline.modules.outreach.surveys.services.rating import Ratings, Scores
from careline.modules.outreach.surveys.views import Rate


class SurveysModule(msgspec.Struct, frozen=True):
    """What bootstrap needs of surveys. ``steps`` are for flows."""

    facade: Surveys
    router: Callable[[], APIRouter]
    steps: Mapping[type[Step], StepHandler[Any]]


def build_scores(database: Database) -> Scores:
    """What conversations ask for: their port ``Ratings``. Made before them, while the rest is made after them."""
    return Scores(database)


def build_custody(database: Database) -> Custody:
    """What ``privacy`` asks for: its port ``Custodian``."""
    return Custody(database)


def build(database: Database, conversations: Conversations) -> SurveysModule:
    """Make surveys. To be made before flows, which take its ``steps``."""
    ratings = Ratings(database, conversations)
    facade = Surveys(ratings, Scores(database))
    return SurveysModule(facade=facade, router=partial(build_router, facade), steps={Rate: RateStep(ratings)})
