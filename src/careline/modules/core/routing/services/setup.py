"""Everything that is set of a tenant's routing, as a shard reads it."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from careline.infra.database.transaction import Reading
from careline.modules.core.hours.views import CalendarView
from careline.modules.core.routing import repository
from careline.modules.core.routing.repository import Record, Seat
from careline.modules.core.routing.views import DeskView, MediaRules, Reason
from careline.modules.directory.people.views import SkillView


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What other modules have of it."""

    skills: list[SkillView]
    calendars: list[CalendarView]


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """One look at all of it. Who has no seat of their own has the usual one."""

    queues: list[Record]
    desks: list[DeskView]
    seats: Mapping[UUID, Seat]
    reasons: list[Reason]
    media_rules: MediaRules
    words: Words

    def seat(self, agent_id: UUID) -> Seat:
        """Where an agent sits."""
        return self.seats.get(agent_id, repository.USUAL_SEAT)

    def names(self) -> dict[str, str]:
        """What people call skills, desks and queues, by what a reason calls them."""
        named = {skill.code: skill.name for skill in self.words.skills}
        named |= {str(desk.id): desk.name for desk in self.desks}
        return named | {str(row.id): row.name for row in self.queues}


NOTHING = Setup(
    queues=[], desks=[], seats={}, reasons=[], media_rules=MediaRules(), words=Words(skills=[], calendars=[])
)


async def read(reading: Reading, words: Words) -> Setup:
    """What is stored now."""
    return Setup(
        queues=await repository.queues(reading),
        desks=await repository.desks(reading),
        seats=await repository.seats(reading),
        reasons=(await repository.reasons(reading)).items,
        media_rules=await repository.media_rules(reading),
        words=words,
    )
