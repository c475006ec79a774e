"""What the endpoints of quick replies take and give."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.conversations.rules import MAX_GROUP, MAX_REPLY, MAX_TITLE
from careline.modules.contact.conversations.schemas.shared import Version


class QuickReplyWanted(BaseModel):
    """What somebody writes of a quick reply. ``{name}`` in the text is filled at the desk, or left as a gap."""

    model_config = ConfigDict(extra="forbid")

    group: Annotated[str, Field(max_length=2 * MAX_GROUP)]
    language: Annotated[str, Field(max_length=35)] = "zh-CN"
    title: Annotated[str, Field(max_length=2 * MAX_TITLE)]
    text: Annotated[str, Field(max_length=2 * MAX_REPLY)]


class QuickReplyChange(QuickReplyWanted):
    """``version`` is the one that was read; when somebody has changed it since, this is refused."""

    version: Version


class QuickReplyRetirement(BaseModel):
    """Out of use, or into it again."""

    model_config = ConfigDict(extra="forbid")

    retired: bool
    version: Version


class QuickReply(BaseModel):
    """Words to begin an answer with; ``own``: of the agent who asks, and nobody else's to see."""

    id: UUID
    own: bool
    group: str
    language: str
    title: str
    text: str
    version: int
    used: int
    retired: bool


class QuickReplyList(BaseModel):
    """In the order in which they were made; ``next`` as ``after`` gives those that follow."""

    items: list[QuickReply]
    next: str | None
