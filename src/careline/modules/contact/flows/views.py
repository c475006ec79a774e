"""Frozen records that flows hand out, and what a module above needs to bring a kind of step of its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from careline.modules.contact.flows.engine.definition import Step as Step
from careline.modules.contact.flows.engine.definition import StepName as StepName
from careline.modules.contact.flows.engine.definition import Text as Text
from careline.modules.contact.flows.engine.definition import in_both as in_both
from careline.modules.contact.flows.engine.interpreter import FlowRun as FlowRun
from careline.modules.contact.flows.engine.interpreter import StepHandler as StepHandler


class FlowView(msgspec.Struct, frozen=True, kw_only=True):
    """A flow and its newest definition: the draft when there is one, else the published one."""

    id: UUID
    code: str
    name: str
    entry_channel: str | None
    published_version: int | None
    newest_version: int
    definition: dict[str, Any]
    changed_at: datetime


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
