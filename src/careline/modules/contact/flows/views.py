"""Frozen records that flows hand out."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


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


class PublishedFlow(msgspec.Struct, frozen=True, kw_only=True):
    """A version that contacts run."""

    flow_id: UUID
    code: str
    version: int
    definition: dict[str, Any]
