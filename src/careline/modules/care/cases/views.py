"""Frozen records that cases hand out. All instants are aware UTC."""

import enum
from datetime import datetime
from uuid import UUID

import msgspec

from careline.modules.care.cases.states import CaseState as CaseState


class CaseType(enum.StrEnum):
    """What kind of work it is: 咨询, 投诉, 故障, 业务请求, 留言 (to be answered)."""

    CONSULTATION = "consultation"
    COMPLAINT = "complaint"
    FAULT = "fault"
    REQUEST = "request"
    MESSAGE = "message"


class HistoryKind(enum.StrEnum):
    """What somebody did with a case."""

    CREATED = "created"
    ASSIGNED = "assigned"
    STATE_CHANGED = "state_changed"
    COMMENTED = "commented"
    PUT_OFF = "put_off"


class PersonRef(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff, by name."""

    id: UUID
    name: str


class AssigneeRef(msgspec.Struct, frozen=True, kw_only=True):
    """An agent who may hold a case, by name and number: two may have one name."""

    id: UUID
    name: str
    number: str


class CustomerRef(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a case is for."""

    id: UUID
    name_masked: str


class HistoryView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done. ``before`` and ``after`` are states, the names of who held it, or, of what was put off,
    until when (``after``, RFC 3339).

    ``actor_name`` is None for the system itself, and for somebody who is not known any more.
    """

    id: UUID
    at: datetime
    actor_name: str | None
    kind: HistoryKind
    before: str | None
    after: str | None
    text: str | None


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """A case. ``version`` counts what two people can disagree about: state and assignee; comments do not.

    ``may_become`` are the states that are one step away. Title and text are empty when the customer was erased.
    """

    id: UUID
    number: str
    type: CaseType
    title: str
    text: str
    state: CaseState
    may_become: tuple[CaseState, ...]
    assignee: PersonRef | None
    customer: CustomerRef | None
    interaction_id: UUID | None
    created_at: datetime
    created_by: PersonRef | None
    changed_at: datetime
    version: int


class CaseWithHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A case and all that was done, the first thing first."""

    case: CaseView
    history: list[HistoryView]


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case to be opened. ``interaction_id`` is the contact that it came of.

    ``client_id`` is its maker's own name for it: the same case asked for again under it is opened once.
    """

    type: CaseType
    title: str
    text: str
    customer_id: UUID | None = None
    interaction_id: UUID | None = None
    client_id: UUID | None = None


class CaseRef(msgspec.Struct, frozen=True, kw_only=True):
    """A case by its id, and by the number that people say."""

    id: UUID
    number: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The case that was asked for; ``again`` when it had been opened before under the same ``client_id``."""

    case_id: UUID
    again: bool


class SealedReason(enum.StrEnum):
    """Why a complaint is opened whose customer was erased."""

    AUTHORITY = "authority"
    COURT = "court"
    DISPUTE = "dispute"


class SealedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint that is kept sealed until a day."""

    id: UUID
    number: str
    created_at: datetime
    changed_at: datetime
    until: datetime


class SealedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Words in the history of a sealed complaint; the name as in ``HistoryView``."""

    at: datetime
    actor_name: str | None
    text: str


class SealedContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed complaint said."""

    case: SealedCase
    title: str
    text: str
    history: list[SealedEntry]
