"""HTTP of journeys."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.flows.schemas.journeys import JourneysShown
from careline.modules.contact.flows.services.journeys import JourneyCounter


def add_journeys(router: APIRouter, counter: JourneyCounter) -> None:
    """For whoever writes flows."""

    @router.get("/flows/{code}/journeys")
    async def journeys(
        code: str,
        actor: Annotated[Actor, requires("flow:read")],
        since: datetime,
        until: datetime,
        version: Annotated[int | None, Query(ge=1)] = None,
    ) -> JourneysShown:
        """How many took which way of each step, and where they left, from the event log, in whole hours."""
        return JourneysShown.model_validate(await counter.of(actor.tenant_id, code, version, since, until))
