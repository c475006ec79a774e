"""What the endpoints of the letterbox take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from careline.modules.care.letterbox.rules import BECAUSE_MAX, REACH_MAX, TEXT_MAX
from careline.modules.care.letterbox.services.letters import Wanted
from careline.modules.care.letterbox.views import Because, ReachKind


class LeftMessageWanted(BaseModel):
    """A message, how to reach who leaves it, and that they agree to be reached so."""

    model_config = ConfigDict(extra="forbid")

    interaction_id: UUID
    client_id: UUID
    text: Annotated[str, Field(max_length=4 * TEXT_MAX)]
    reach: Annotated[str, Field(max_length=4 * REACH_MAX, description="A phone number or an email address")]
    consent: Annotated[bool, Field(strict=True, description="To the words that the notice brought")]

    def wanted(self) -> Wanted:
        """As the letterbox takes it."""
        return Wanted(
            interaction_id=self.interaction_id,
            client_id=self.client_id,
            text=self.text,
            reach=self.reach,
            consent=self.consent,
        )


class LeftMessageReceipt(BaseModel):
    """It is durable. ``number`` is the case's; ``opens_at`` when somebody will be there, null for now."""

    model_config = ConfigDict(from_attributes=True)

    interaction_id: UUID
    number: str
    opens_at: datetime | None
    reach_masked: str


class PutOffWanted(BaseModel):
    """To when a left message is put off, within 14 days, and why."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime
    because: Annotated[str, Field(max_length=4 * BECAUSE_MAX)]


class PutOffShown(BaseModel):
    """To when an agent put it off last, who, and why; ``left``: how often it may be put off still."""

    model_config = ConfigDict(from_attributes=True)

    until: datetime
    by: str | None
    because: str
    left: int


class LeftMessage(BaseModel):
    """The message that became a case. ``reach_masked`` is null when it was removed."""

    model_config = ConfigDict(from_attributes=True)

    case_id: UUID
    number: str
    text: str
    queue: str
    because: Because
    opens_at: datetime | None
    left_at: datetime
    reach_kind: ReachKind
    reach_masked: str | None
    consent: str
    language: str
    put_off: PutOffShown | None


class ReachRevealed(BaseModel):
    """How to reach them, in full."""

    value: str
