"""Hears who has a left message in hand and what they wrote up, and who saw to its case in the list."""

from uuid import UUID

from careline.infra.bus.bus import EventBus
from careline.kernel.events import Recorded
from careline.modules.care.cases.events import CaseAssigned, CaseStateChanged
from careline.modules.care.letterbox.services.answering import Answering
from careline.modules.contact.conversations.events import WrappedUp
from careline.modules.contact.conversations.views import Channel
from careline.modules.core.routing.events import ItemAssigned
from careline.modules.core.routing.views import Media

AtDesks = ItemAssigned | WrappedUp
InTheList = CaseAssigned | CaseStateChanged


class Subscribers:
    """One lane for each message, so that its case comes through its states in order."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def at_a_desk(self, event: AtDesks, recorded: Recorded) -> None:
        """An agent took a message, or has written it up."""
        if isinstance(event, ItemAssigned):
            await self._answering.taken(recorded.tenant_id, event.interaction_id, event.agent_id)
        else:
            await self._answering.answered(recorded.tenant_id, event.interaction_id, event.agent_id)

    async def in_the_list(self, event: InTheList, recorded: Recorded) -> None:
        """A case has another holder or state."""
        if isinstance(event, CaseStateChanged):
            await self._answering.case_moved(recorded.tenant_id, event.case_id, event.after)
        elif event.assignee_id is not None:
            await self._answering.case_taken(recorded.tenant_id, event.case_id, event.assignee_id)


def register(bus: EventBus, subscribers: Subscribers) -> None:
    """Name what is heard."""
    bus.subscribe(
        "letterbox.follows-desks",
        (ItemAssigned, WrappedUp),
        subscribers.at_a_desk,
        key=_interaction,
        wanted=_of_a_message,
        from_now=True,
    )
    bus.subscribe("letterbox.follows-cases", (CaseAssigned, CaseStateChanged), subscribers.in_the_list, from_now=True)


def _interaction(event: AtDesks, _: Recorded) -> UUID:
    return event.interaction_id


def _of_a_message(event: AtDesks) -> bool:
    if isinstance(event, ItemAssigned):
        return event.media is Media.MESSAGE
    return event.channel is Channel.MESSAGE
