"""What the endpoints of cases take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.care.cases.rules import REFERENCE_MAX, TEXT_MAX, TITLE_MAX
from careline.modules.care.cases.views import (
    CaseState,
    CaseType,
    CaseView,
    CaseWithHistory,
    HistoryKind,
    HistoryView,
    NewCase,
    SealedReason,
)

_LONGEST = 4 * TEXT_MAX
"""Longer than anything that is taken: what is too long by a little is refused by its rule, which names the limit."""

Title = Annotated[str, Field(max_length=4 * TITLE_MAX)]
Words = Annotated[str, Field(max_length=_LONGEST)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version of the case that was looked at")]


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class CaseWanted(_Wanted):
    """A case to be opened. ``client_id`` is the sender's own name for it: sending it again opens no second one."""

    type: CaseType
    title: Title
    text: Words
    customer_id: UUID | None = None
    interaction_id: UUID | None = None
    client_id: UUID | None = None

    def new(self) -> NewCase:
        """As cases take it."""
        return NewCase(
            type=self.type,
            title=self.title,
            text=self.text,
            customer_id=self.customer_id,
            interaction_id=self.interaction_id,
            client_id=self.client_id,
        )


class AssigneeWanted(_Wanted):
    """Who shall hold it; null means nobody."""

    assignee_id: UUID | None
    version: Version


class CaseStateWanted(_Wanted):
    """Which state it shall be in, and why."""

    state: CaseState
    version: Version
    text: Words | None = None


class CommentWanted(_Wanted):
    """Something to write about it."""

    text: Words


class Person(_Shown):
    """A member of staff."""

    id: UUID
    name: str


class CaseCustomer(_Shown):
    """Whom it is for."""

    id: UUID
    name_masked: str


class CaseEntry(BaseModel):
    """One thing that was done. ``from`` and ``to`` are states, or names of who held it."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID
    at: datetime
    actor_name: str | None
    kind: HistoryKind
    before: str | None = Field(serialization_alias="from")
    after: str | None = Field(serialization_alias="to")
    text: str | None

    @classmethod
    def of(cls, view: HistoryView) -> "CaseEntry":
        """From the record of cases."""
        return cls(
            id=view.id,
            at=view.at,
            actor_name=view.actor_name,
            kind=view.kind,
            before=view.before,
            after=view.after,
            text=view.text,
        )


class CaseSummary(_Shown):
    """A case in a list. ``may_become`` are the states that are one step away, the usual one first."""

    id: UUID
    number: str
    type: CaseType
    title: str
    state: CaseState
    may_become: list[CaseState]
    assignee: Person | None
    customer: CaseCustomer | None
    interaction_id: UUID | None
    created_at: datetime
    created_by: Person | None
    changed_at: datetime
    version: int

    @classmethod
    def of_view(cls, view: CaseView) -> "CaseSummary":
        """From the record of cases."""
        return cls.model_validate(view)


class Case(CaseSummary):
    """A case with its text and all that was done, the first thing first."""

    text: str
    history: list[CaseEntry]

    @classmethod
    def of(cls, view: CaseWithHistory) -> "Case":
        """From the record of cases."""
        summary = CaseSummary.of_view(view.case)
        history = [CaseEntry.of(entry) for entry in view.history]
        return cls(**dict(summary), text=view.case.text, history=history)


class CaseList(BaseModel):
    """Cases, the newest first; ``next`` goes into ``after``."""

    items: list[CaseSummary]
    next: str | None


class Assignee(Person):
    """Who may hold a case; ``number`` tells apart those of one name."""

    number: str


class AssigneeList(BaseModel):
    """By number."""

    items: list[Assignee]


class SealedCaseShown(_Shown):
    """A complaint whose customer was erased, and until when it is kept."""

    id: UUID
    number: str
    created_at: datetime
    changed_at: datetime
    until: datetime


class SealedCaseList(_Shown):
    """The newest first; ``next`` goes into ``after``."""

    items: list[SealedCaseShown]
    next: str | None


class SealedCaseOpening(_Wanted):
    """Why one is to be opened, and the number of the letter or file that asks for it; both stand in the audit."""

    why: SealedReason
    reference: Annotated[str, Field(max_length=4 * REFERENCE_MAX)]


class SealedWordsShown(_Shown):
    """Words in its history."""

    at: datetime
    actor_name: str | None
    text: str


class SealedContentShown(_Shown):
    """What a sealed complaint said."""

    case: SealedCaseShown
    title: str
    text: str
    history: list[SealedWordsShown]
