"""Who may be played at the demo's telephone."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from careline.entrypoints.demo.customers import KNOWN, NOBODYS_NUMBER
from careline.entrypoints.demo.hotline import NUMBER
from careline.infra.http import public


class DemoCaller(BaseModel):
    """A number to call from; ``name`` is null when it is no customer's."""

    model_config = ConfigDict(extra="forbid")

    number: str
    name: str | None


class DemoCallers(BaseModel):
    """What the page «demo phone» offers to choose from."""

    model_config = ConfigDict(extra="forbid")

    callers: list[DemoCaller]
    hotline: str = Field(description="The number to dial")


def build_router() -> APIRouter:
    """Open to whoever reaches the demo, which is this machine: its customers are made up and their numbers nobody's."""
    router = APIRouter(tags=["demo"])

    @router.get("/demo-phone", dependencies=[public()])
    async def callers() -> DemoCallers:
        """Some customers of the demo by name and number, and at the end a number that is no customer's."""
        known = [DemoCaller(number=number, name=name) for name, number, *_ in KNOWN]
        return DemoCallers(callers=[*known, DemoCaller(number=NOBODYS_NUMBER, name=None)], hotline=NUMBER)

    return router
