"""What happens in the letterbox. The subject is the interaction's id; what was written is not here."""

from uuid import UUID

from careline.kernel.events import Event, register
from careline.modules.care.letterbox.views import ReachKind


class MessageLeft(Event, frozen=True, kw_only=True):
    """A customer whom nobody could serve has left a message, which is a case now."""

    name = "letterbox.message-left"
    interaction_id: UUID
    case_id: UUID
    queue: str
    reach_kind: ReachKind


register(MessageLeft)
