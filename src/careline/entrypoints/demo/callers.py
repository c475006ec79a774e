"""Who may be played at the demo's telephone."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from careline.adapters.demophone.messages import DemoMessages
from careline.entrypoints.demo.customers import KNOWN, NOBODYS_NUMBER, SERVICE_PASSWORDS
from careline.entrypoints.demo.hotline import NUMBER
from careline.infra.http import public


class DemoCaller(BaseModel):
    """A number to call from; ``name`` is null when it is no customer's. ``service_password``: to be tried in a chat."""

    model_config = ConfigDict(extra="forbid")

    number: str
    name: str | None
    service_password: str | None = None


class DemoCallers(BaseModel):
    """What the page «demo phone» offers to choose from."""

    model_config = ConfigDict(extra="forbid")

    callers: list[DemoCaller]
    hotline: str = Field(description="The number to dial")


class DemoMessage(BaseModel):
    """A code that was sent to a number of the demo."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    sent_at: datetime
    until: datetime


class DemoMessageList(BaseModel):
    """What a number got and can still use, the latest first."""

    items: list[DemoMessage]


def build_router(messages: DemoMessages) -> APIRouter:
    """Open to whoever reaches the demo, which is this machine: its customers are made up and their numbers nobody's."""
    router = APIRouter(tags=["demo"])

    @router.get("/demo-phone", dependencies=[public()])
    async def callers() -> DemoCallers:
        """Some customers of the demo by name and number, and at the end a number that is no customer's."""
        known = [
            DemoCaller(number=number, name=name, service_password=SERVICE_PASSWORDS.get(number))
            for name, number, *_ in KNOWN
        ]
        return DemoCallers(callers=[*known, DemoCaller(number=NOBODYS_NUMBER, name=None)], hotline=NUMBER)

    @router.get("/demo-phone/messages", dependencies=[public()])
    async def got(number: Annotated[str, Query(min_length=3, max_length=20)]) -> DemoMessageList:
        """Codes on their way to a number, as its telephone would show them."""
        return DemoMessageList(items=[DemoMessage.model_validate(one) for one in messages.of(number)])

    return router
