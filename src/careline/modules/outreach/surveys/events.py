"""What happens in surveys. The subject is the interaction's id."""

from uuid import UUID

from careline.kernel.events import Event, register
from careline.modules.contact.conversations.views import Channel


class Rated(Event, frozen=True, kw_only=True):
    """A customer gave a contact a score, 1 (worst) … 5 (best)."""

    name = "surveys.rated"
    interaction_id: UUID
    score: int
    channel: Channel


register(Rated)
