"""What custodians and requests are made of. All ids are plain: who is behind them, their owners know."""

import enum
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from careline.kernel.tenancy import TenantId
from careline.modules.directory.privacy.states import RequestState as RequestState


class RequestKind(enum.StrEnum):
    """What somebody wants of us: a copy of their data, or that it goes."""

    EXPORT = "export"
    ERASURE = "erasure"


class Refusal(enum.StrEnum):
    """Why an erasure is not carried out."""

    IDENTITY_NOT_PROVED = "identity_not_proved"
    LAW_KEEPS = "law_keeps"
    CONTRACT_IN_FORCE = "contract_in_force"
    WITHDRAWN = "withdrawn"


class Why(enum.StrEnum):
    """Why something is kept for a while after an erasure."""

    RECORDING_RETENTION = "recording_retention"
    COMPLAINT_CLOCK = "complaint_clock"


class Treatment(enum.StrEnum):
    """What an erasure does with a kind of data."""

    ERASED = "erased"
    ANONYMISED = "anonymised"
    KEPT_FOR_A_WHILE = "kept_for_a_while"


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of personal data. ``columns`` are those that hold it, as ``table.column``; a test walks the schema."""

    code: str
    treatment: Treatment
    columns: tuple[str, ...]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """By which ids somebody is known. ``unproven``: contacts of theirs in which nobody proved who spoke.

    A call has the id of its contact.
    """

    customer_ids: tuple[UUID, ...]
    contact_ids: tuple[UUID, ...] = ()
    unproven: tuple[UUID, ...] = ()
    conversation_ids: tuple[UUID, ...] = ()
    case_ids: tuple[UUID, ...] = ()

    def and_also(self, other: "Person") -> "Person":
        """All ids of both."""
        return Person(**{field: _both(getattr(self, field), getattr(other, field)) for field in self.__struct_fields__})

    @property
    def proven(self) -> tuple[UUID, ...]:
        """Contacts in which at least the caller's number said who spoke."""
        doubtful = set(self.unproven)
        return tuple(one for one in self.contact_ids if one not in doubtful)


def _both(one: tuple[UUID, ...], other: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys((*one, *other)))


class Hindrance(msgspec.Struct, frozen=True, kw_only=True):
    """What stands against an erasure now. One that does not ``block`` is for who decides to know."""

    code: str
    count: int
    blocks: bool = True


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How long what must be kept is kept."""

    recording: timedelta
    complaint: timedelta


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """So much of a category stays, withheld from every screen, until a day."""

    category: str
    count: int
    why: Why
    until: datetime


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What a custodian did: how much of each category, what it keeps for a while, and what lies outside the database
    and is still to be discarded, in the custodian's own words (ids, no personal value)."""

    counts: Mapping[str, int]
    kept: tuple[Kept, ...] = ()
    leftovers: tuple[str, ...] = ()


class ExportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of a category, as it goes into the copy. Those of a category come one after another."""

    category: str
    values: Mapping[str, object]


class ExportFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a category under a name that is safe in an archive; its bytes are read when they are needed."""

    category: str
    name: str
    content: AsyncIterator[bytes]


ExportPart = ExportRecord | ExportFile


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """What one custodian did for an erasure, and when."""

    custodian: str
    at: datetime
    counts: Mapping[str, int]
    kept: tuple[Kept, ...] = ()
    leftovers: tuple[str, ...] = ()


class CopyView(msgspec.Struct, frozen=True, kw_only=True):
    """The archive that was made for an export."""

    file_id: UUID
    size: int
    sha256: str
    expires_at: datetime


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A request. ``customer_id`` stays when the customer is gone: it names nobody any more."""

    id: UUID
    kind: RequestKind
    state: RequestState
    customer_id: UUID
    assurance: str
    interaction_id: UUID | None
    asked_at: datetime
    asked_by: UUID | None
    due_at: datetime
    version: int
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    refusal: Refusal | None = None
    begun_at: datetime | None = None
    done_at: datetime | None = None
    kept_until: datetime | None = None
    person: Person | None = None
    copy: CopyView | None = None


class CopyTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Who took a copy, and when the last time. ``by`` is an id where it is stored and a name where it is shown."""

    by: UUID | str
    at: datetime


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what should be done is not, hours after: copies to be made, erasures, and what was to be kept only
    until its day. It is tried again by itself."""

    copies: int = 0
    erasures: int = 0
    kept: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.copies + self.erasures + self.kept


class RequestShown(msgspec.Struct, frozen=True, kw_only=True):
    """A request as screens see it. ``customer_name`` is masked, and None for who sees no customers.

    ``takeable`` says, of one request, that there is a copy which this one may have.
    ``stuck``: it fails again and again, hours after it should have been done.
    """

    request: RequestView
    customer_name: str | None
    asked_by: str | None
    decided_by: str | None
    overdue: bool
    takeable: bool = False
    stuck: bool = False
    taken: list[CopyTaken] = []
    steps: list[StepView] = []
    hindrances: list[Hindrance] = []


class RulesView(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant set: days; how many different copies one person may take within a day; and whether a copy, too, is
    made only after somebody else has agreed."""

    due_days: int = 15
    recording_days: int = 180
    complaint_days: int = 730
    copies_a_day: int = 10
    copies_decided: bool = False
    version: int = 0

    @property
    def retention(self) -> Retention:
        """How long what must be kept is kept."""
        return Retention(recording=timedelta(days=self.recording_days), complaint=timedelta(days=self.complaint_days))


class ContactProof(msgspec.Struct, frozen=True, kw_only=True):
    """How sure a contact was of who spoke, and when it began."""

    level: str
    at: datetime


class Mended(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a list of erasures: so many lines were good, so many were added from the database, and these
    lines said something that nobody else confirms. The spoiled file lies under ``aside``; None when it was whole."""

    good: int
    added: int
    doubtful: tuple[int, ...]
    aside: str | None


class ListedErasure(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure in the list outside the database: ids and times, no personal value."""

    tenant_id: TenantId
    request_id: UUID
    person: Person
    customer_id: UUID
    assurance: str
    asked_at: datetime
    asked_by: UUID | None
    decided_at: datetime
    decided_by: UUID | None
