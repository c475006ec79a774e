"""Requests about one's own data over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.directory.privacy.states import RequestState
from careline.modules.directory.privacy.views import (
    Category,
    Refusal,
    RequestKind,
    RequestShown,
    RulesView,
    Treatment,
    Why,
)

Days = Annotated[int, Field(ge=0, le=100_000)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Shown(BaseModel):
    """Made of a record."""

    model_config = ConfigDict(from_attributes=True)


class Sent(BaseModel):
    """A body of a request: a field that nobody knows is refused by its name."""

    model_config = ConfigDict(extra="forbid")


class DataRequestWanted(Sent):
    """What a customer asks for, and how they were identified: by papers that somebody saw (``real_name``), or in a
    contact. Without ``interaction_id`` the latest one within a day counts in which that was reached."""

    kind: RequestKind
    assurance: Literal["one_time_code", "service_password", "real_name"]
    interaction_id: UUID | None = None


class Decided(Sent):
    """A decision on the version that was seen."""

    version: Version


class Refused(Decided):
    """A no, with its reason."""

    why: Refusal


class KeptShown(Shown):
    """So much stays until a day."""

    category: str
    count: int
    why: Why
    until: datetime


class StepShown(Shown):
    """What one custodian did: how many of which kind."""

    custodian: str
    at: datetime
    counts: dict[str, int]
    kept: list[KeptShown]


class HindranceShown(Shown):
    """What stands against an erasure now, or is worth knowing."""

    code: str
    count: int
    blocks: bool


class CopyShown(Shown):
    """The archive; size in bytes."""

    size: int
    sha256: str
    expires_at: datetime


class TakenShown(Shown):
    """Who took the copy, by name, and when the last time."""

    by: str
    at: datetime


class DataRequest(BaseModel):
    """A request. ``customer_name`` is masked, and null for who sees no customers and when the customer is gone.

    ``stuck``: it fails again and again, and is tried again by itself.
    """

    id: UUID
    kind: RequestKind
    state: RequestState
    customer_id: UUID
    customer_name: str | None
    assurance: str
    asked_at: datetime
    asked_by: str | None
    own: bool
    due_at: datetime
    overdue: bool
    stuck: bool
    decided_at: datetime | None
    decided_by: str | None
    refusal: Refusal | None
    done_at: datetime | None
    kept_until: datetime | None
    file: CopyShown | None
    version: int

    @classmethod
    def of(cls, shown: RequestShown, me: UUID | None) -> "DataRequest":
        """As somebody sees it; ``own`` when they asked for it."""
        return cls.model_validate(_values(shown, me))


class DataRequestDetail(DataRequest):
    """A request with what was done for it, what stands against it, and who took the copy; ``takeable`` when I may."""

    takeable: bool
    taken: list[TakenShown]
    steps: list[StepShown]
    hindrances: list[HindranceShown]

    @classmethod
    def of(cls, shown: RequestShown, me: UUID | None) -> "DataRequestDetail":
        """As somebody sees it."""
        steps = [StepShown.model_validate(step) for step in shown.steps]
        hindrances = [HindranceShown.model_validate(one) for one in shown.hindrances]
        taken = [TakenShown.model_validate(one) for one in shown.taken]
        more = {"takeable": shown.takeable, "steps": steps, "hindrances": hindrances, "taken": taken}
        return cls.model_validate(_values(shown, me) | more)


class DataRequestList(BaseModel):
    """Requests, the newest first; ``next`` goes into ``after``."""

    items: list[DataRequest]
    next: str | None


class DataRequestRules(Shown, Sent):
    """Days for an answer, and days that recordings and closed complaints are kept after an erasure.

    ``copies_a_day``: how many different copies one person may take within a day. ``copies_decided``: a copy, too, waits
    until somebody else than who asked for it has agreed.
    """

    due_days: Days
    recording_days: Days
    complaint_days: Days
    copies_a_day: Days = 10
    copies_decided: bool = False
    version: Version

    def wanted(self) -> RulesView:
        """As the module takes it."""
        return RulesView(**self.model_dump())


class CategoryShown(Shown):
    """A kind of personal data and what an erasure does with it."""

    code: str
    treatment: Treatment


class DataKept(BaseModel):
    """What is kept of people, by who keeps it."""

    custodians: dict[str, list[CategoryShown]]

    @classmethod
    def of(cls, found: dict[str, list[Category]]) -> "DataKept":
        """Without the columns, which are the builders' business."""
        return cls(
            custodians={code: [CategoryShown.model_validate(one) for one in kinds] for code, kinds in found.items()}
        )


def _values(shown: RequestShown, me: UUID | None) -> dict[str, object]:
    request = shown.request
    copy = request.copy if request.state is RequestState.READY else None
    return {
        "id": request.id,
        "kind": request.kind,
        "state": request.state,
        "customer_id": request.customer_id,
        "customer_name": shown.customer_name,
        "assurance": request.assurance,
        "asked_at": request.asked_at,
        "asked_by": shown.asked_by,
        "own": request.asked_by is not None and request.asked_by == me,
        "due_at": request.due_at,
        "overdue": shown.overdue,
        "stuck": shown.stuck,
        "decided_at": request.decided_at,
        "decided_by": shown.decided_by,
        "refusal": request.refusal,
        "done_at": request.done_at,
        "kept_until": request.kept_until,
        "file": None if copy is None else CopyShown.model_validate(copy),
        "version": request.version,
    }
