"""Which queues take new items now, by hand and by their calendars."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from careline.modules.core.hours.views import Calendar, is_open, next_change, next_opening
from careline.modules.core.routing.engine.effects import Effect
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.views import QueueOpening, QueueRules


class Openings:
    """The hours of a shard's queues. Asked often, so what was found holds until the clock reaches the next change."""

    def __init__(self, rules: Mapping[UUID, QueueRules], calendars: Mapping[UUID, Calendar]) -> None:
        self._rules = rules
        self._calendars = calendars
        self._since: datetime | None = None
        self.next_change: datetime | None = None
        """When a queue opens or closes by its calendar next."""

    def mind(self, engine: Engine, now: datetime) -> list[Effect]:
        """Open and close the queues of the engine as they are to be now."""
        effects: list[Effect] = []
        if self._since is not None and self._since <= now and (self.next_change is None or now < self.next_change):
            return effects
        for queue_id in self._rules:
            effects += engine.set_open(queue_id, self.of(queue_id, now).open, now)
        used = {rules.calendar_id for rules in self._rules.values() if rules.calendar_id and not rules.closed}
        changes = [next_change(self._calendars[one], now) for one in used if one in self._calendars]
        self._since, self.next_change = now, min((at for at in changes if at is not None), default=None)
        return effects

    def of(self, queue_id: UUID, now: datetime) -> QueueOpening:
        """Whether one queue takes new items, and when it does. A calendar that is not there closes nothing."""
        rules = self._rules[queue_id]
        if rules.closed:
            return QueueOpening(open=False, opens_at=None)
        calendar = None if rules.calendar_id is None else self._calendars.get(rules.calendar_id)
        if calendar is None:
            return QueueOpening(open=True, opens_at=now)
        return QueueOpening(open=is_open(calendar, now), opens_at=next_opening(calendar, now))
