"""What happens to cases. The subject is the case's id; what people wrote is not here."""

from uuid import UUID

from careline.kernel.events import Event, register
from careline.modules.care.cases.views import CaseState, CaseType


class CaseOpened(Event, frozen=True, kw_only=True):
    """There is work to be finished."""

    name = "cases.case-opened"
    case_id: UUID
    type: CaseType
    version: int
    customer_id: UUID | None = None
    interaction_id: UUID | None = None


class CaseAssigned(Event, frozen=True, kw_only=True):
    """Somebody else holds it now, or nobody."""

    name = "cases.case-assigned"
    case_id: UUID
    assignee_id: UUID | None
    version: int


class CaseStateChanged(Event, frozen=True, kw_only=True):
    """It is in another state now."""

    name = "cases.case-state-changed"
    case_id: UUID
    before: CaseState
    after: CaseState
    version: int


class CaseCommented(Event, frozen=True, kw_only=True):
    """Somebody wrote something about it."""

    name = "cases.case-commented"
    case_id: UUID
    entry_id: UUID
    version: int


register(CaseOpened, CaseAssigned, CaseStateChanged, CaseCommented)
