"""What the letterbox hands out, and the step that it brings to flows. All instants are aware UTC."""

import enum
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

from careline.modules.contact.flows.views import Step, StepName, Text


class ReachKind(enum.StrEnum):
    """How somebody wants to be answered."""

    PHONE = "phone"
    EMAIL = "email"


class Because(enum.StrEnum):
    """Why a message is taken: nobody works at this hour, or nobody is free."""

    CLOSED = "closed"
    BUSY = "busy"


class PutOff(msgspec.Struct, frozen=True, kw_only=True):
    """To when an agent put a message off last, who, and why; ``left`` is how often it may be put off still."""

    until: datetime
    by: str | None
    because: str
    left: int


class LeftElsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was left with another system. ``contact_id`` is that system's name for the contact: once taken,
    it is not taken again. ``reach`` is a number or an email address, ``queue`` the code of a queue."""

    contact_id: UUID
    customer_id: UUID | None
    text: str
    reach: str
    consent: str
    language: str
    queue: str
    because: Because
    opens_at: datetime | None


class LetterView(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the desk sees it. ``opens_at``: when its queue opens, as the customer was told; None for now.

    ``text`` and ``number`` are the case's. ``reach_masked`` is None when it was removed.
    """

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
    put_off: PutOff | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is told who has left a message. ``again`` when it had been stored before."""

    interaction_id: UUID
    number: str
    opens_at: datetime | None
    reach_masked: str
    again: bool


class TakeMessage(Step, frozen=True, kw_only=True, tag="take_message", tag_field="kind"):
    """Let a customer of a chat leave a message with how to reach them, which becomes a case.

    ``text`` is said first; then the page shows why nobody comes, when the queue opens (by its calendar, holidays
    included), and a form under which ``consent`` stands. ``reminder`` is said once to who writes on instead.
    ``next`` is taken when a message was left, ``otherwise`` when none was in ``wait_min`` minutes, and on the phone.
    """

    channels: ClassVar[frozenset[str] | None] = frozenset({"webchat"})

    text: Text
    consent: Text
    queue: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    next: StepName
    otherwise: StepName
    reminder: Text | None = None
    wait_min: Annotated[int, msgspec.Meta(ge=1, le=240)] = 30

    def ways(self) -> dict[str, str]:
        return {"next": self.next, "otherwise": self.otherwise}

    def texts(self) -> list[Text]:
        said = [self.text, self.consent]
        return said if self.reminder is None else [*said, self.reminder]
