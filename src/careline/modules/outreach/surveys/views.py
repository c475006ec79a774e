"""What surveys hand out, and the step that they bring to flows."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from careline.modules.contact.conversations.views import Channel
from careline.modules.contact.flows.views import Step, StepName, Text


class RatingView(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer said of a contact: ``score`` 1 (worst) … 5 (best). ``comment`` is personal."""

    interaction_id: UUID
    channel: Channel
    score: int
    comment: str | None
    rated_at: datetime


class Rate(Step, frozen=True, kw_only=True, tag="rate", tag_field="kind"):
    """Ask for a score, a key from 1 to 5 or the same typed, and go on whatever comes.

    Who has rated already is not asked. ``timeout_s``: seconds to wait for a key after the question has ended; in a
    chat, where people type, twenty times as long. What is no score is asked for again, up to ``attempts`` times in
    all; silence is an answer. In a chat that its agent has ended, words that are no score the second time begin
    another chat.
    """

    text: Text
    next: StepName
    thanks: Text | None = None
    timeout_s: Annotated[float, msgspec.Meta(ge=1, le=60)] = 8
    attempts: Annotated[int, msgspec.Meta(ge=1, le=3)] = 2

    def ways(self) -> dict[str, str]:
        return {"next": self.next}

    def texts(self) -> list[Text]:
        return [self.text] if self.thanks is None else [self.text, self.thanks]
