"""Frozen records that flows hand out, and what a module above needs to bring a kind of step of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from careline.modules.contact.flows.engine.interpreter import FlowRun as FlowRun
from careline.modules.contact.flows.engine.interpreter import StepHandler as StepHandler
from careline.modules.contact.flows.engine.steps import Step as Step
from careline.modules.contact.flows.engine.steps import StepName as StepName
from careline.modules.contact.flows.engine.steps import Text as Text
from careline.modules.contact.flows.engine.steps import in_both as in_both


class FlowView(msgspec.Struct, frozen=True, kw_only=True):
    """A flow and its newest definition: the draft when there is one, else the published one.

    ``revision`` goes back with a change, which is refused when somebody else was faster. ``drawing`` is where an
    editor puts the steps.
    """

    id: UUID
    code: str
    name: str
    entry_channel: str | None
    published_version: int | None
    newest_version: int
    definition: dict[str, Any]
    changed_at: datetime
    revision: int = 1
    drawing: dict[str, Any] | None = None


class ChatOpening(msgspec.Struct, frozen=True, kw_only=True):
    """Whether people serve chats now, and when they do next; ``opens_at`` is None while they do, or nobody can say."""

    open: bool
    opens_at: datetime | None


class PublishedFlow(msgspec.Struct, frozen=True, kw_only=True):
    """A version that contacts run."""

    flow_id: UUID
    code: str
    version: int
    definition: dict[str, Any]


class ConnectionView(msgspec.Struct, frozen=True, kw_only=True):
    """A business system that flows may ask. Its secret is sent in ``header`` and shown to nobody.

    ``let_through``: when the system fails, customers go on as if it had agreed.
    """

    code: str
    name: str
    url: str
    header: str
    has_secret: bool
    let_through: bool
    version: int


class ConnectionChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection is to be. ``secret`` None keeps the one it has, empty takes it away."""

    name: str
    url: str
    header: str = "Authorization"
    secret: str | None = None
    let_through: bool = False

    def __repr__(self) -> str:
        return f"ConnectionChange({self.name})"


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a flow; the one without ``published_at`` is the draft. ``changed_by`` None is the system."""

    version: int
    revision: int
    changed_at: datetime
    changed_by: str | None
    published_at: datetime | None
    in_force: bool


class PublicationView(msgspec.Struct, frozen=True, kw_only=True):
    """That a version was put in force instead of another."""

    version: int
    replaced: int | None
    at: datetime
    by: str | None
    note: str


class VersionContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a version says."""

    code: str
    name: str
    version: int
    revision: int
    definition: dict[str, Any]
    drawing: dict[str, Any] | None


class StepTraffic(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a version: how often it was reached, how many were gone there, how many took each way."""

    step: str
    reached: int
    left: int
    ways: dict[str, int]


class Journeys(msgspec.Struct, frozen=True, kw_only=True):
    """How contacts went through a version within whole hours."""

    code: str
    version: int
    since: datetime
    until: datetime
    steps: list[StepTraffic]
