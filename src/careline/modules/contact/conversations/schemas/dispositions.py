"""What the endpoints of disposition codes take and give."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.conversations.rules import MAX_CODE, MAX_TITLE
from careline.modules.contact.conversations.schemas.shared import Version

Code = Annotated[str, Field(min_length=1, max_length=MAX_CODE)]
Siblings = Annotated[list[Code], Field(max_length=1000)]


class DispositionChange(BaseModel):
    """What somebody writes of a code; ``queue_ids``: the queues whose contacts it is for, none for all."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=2 * MAX_TITLE)]
    name_en: Annotated[str, Field(max_length=4 * MAX_TITLE)]
    queue_ids: Annotated[list[UUID], Field(max_length=500)] = []
    version: Version


class DispositionWanted(BaseModel):
    """One more below ``parent``. Without ``code`` one is made up."""

    model_config = ConfigDict(extra="forbid")

    code: Code | None = None
    parent: Code | None = None
    name: Annotated[str, Field(max_length=2 * MAX_TITLE)]
    name_en: Annotated[str, Field(max_length=4 * MAX_TITLE)]
    queue_ids: Annotated[list[UUID], Field(max_length=500)] = []


class DispositionRetirement(BaseModel):
    """Out of use with all below it, or into it again."""

    model_config = ConfigDict(extra="forbid")

    retired: bool
    version: Version


class DispositionOrder(BaseModel):
    """The codes below ``parent`` in their new order; ``was`` is the order that was read."""

    model_config = ConfigDict(extra="forbid")

    parent: Code | None = None
    was: Siblings
    codes: Siblings


class Disposition(BaseModel):
    """A code of the tree. It may be chosen when it, and what is above it, is in use and nothing in use is below it."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    name_en: str
    parent: str | None
    queue_ids: list[UUID]
    retired: bool
    version: int


class QueueName(BaseModel):
    """A queue that a branch may be meant for."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str


class DispositionTree(BaseModel):
    """All codes, siblings in their order, with the queues to choose from."""

    items: list[Disposition]
    queues: list[QueueName]
