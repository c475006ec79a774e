"""What screens hear of cases: that one has changed; what it is now they ask for."""

from uuid import UUID

from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.kernel.events import Recorded
from careline.modules.care.cases.events import CaseAssigned, CaseCommented, CaseOpened, CaseStateChanged
from careline.modules.care.cases.facade import Cases
from careline.modules.directory.identity.events import OrgUnitMoved, UserChanged

ALL = "cases"
ONE = "case"

Moved = UserChanged | OrgUnitMoved

Change = CaseOpened | CaseAssigned | CaseStateChanged | CaseCommented


class CaseTopics:
    """``cases`` and ``case:{id}``, for who may read cases; the first tells no more than that one changed."""

    def __init__(self, hub: Hub, cases: Cases) -> None:
        self._hub = hub
        self._cases = cases

    async def may_follow_all(self, principal: Principal, topic: str) -> bool:
        """The list of all cases."""
        return topic == ALL and "case:read" in principal.actor.permissions

    async def may_follow_one(self, principal: Principal, topic: str) -> bool:
        """One case of one's own tenant."""
        if "case:read" not in principal.actor.permissions:
            return False
        try:
            case_id = UUID(topic.removeprefix(f"{ONE}:"))
        except ValueError:
            return False
        # Written in the one way in which it is published, so that nobody follows a name that is never heard.
        return topic == f"{ONE}:{case_id}" and await self._cases.may_read(principal.actor, case_id)

    async def changed(self, event: Change, recorded: Recorded) -> None:
        """Something was done with a case."""
        data = {"id": event.case_id, "version": event.version}
        one = f"{ONE}:{event.case_id}"
        # Some who follow the list reach a part of the cases only: it tells no id, and they ask for what they may see.
        for topic, told in ((ALL, {}), (one, data)):
            self._hub.publish(recorded.tenant_id, topic, "case.changed", told, recorded.occurred_at)
        if isinstance(event, CaseAssigned) and self._hub.followed(recorded.tenant_id, one):
            await self._hub.recheck(recorded.tenant_id, one)

    async def people_moved(self, event: Moved, recorded: Recorded) -> None:
        """Whose case it is may be in another department now: send away who reaches it no more."""
        await self._hub.recheck_kind(recorded.tenant_id, ONE)


def register(live: Live, cases: Cases) -> None:
    """Name who may follow, and hear what happens to cases."""
    topics = CaseTopics(live.hub, cases)
    live.hub.authorise(ALL, topics.may_follow_all)
    live.hub.authorise(ONE, topics.may_follow_one)
    live.on(CaseOpened, topics.changed)
    live.on(CaseAssigned, topics.changed)
    live.on(CaseStateChanged, topics.changed)
    live.on(CaseCommented, topics.changed)
    live.on(UserChanged, topics.people_moved)
    live.on(OrgUnitMoved, topics.people_moved)
