"""From facts to topics: what each module's ``live.py`` registers.

>>> live = Live(bus, hub)
>>> live.on(MessageStored, tell_message)  # async def tell_message(event, recorded): … hub.publish(…)
"""

from typing import TypeVar

from careline.infra.bus.bus import EventBus, Handler, Key
from careline.infra.realtime.hub import Hub
from careline.kernel.events import Event, Recorded

E = TypeVar("E", bound=Event)


def _subject(_event: Event, recorded: Recorded) -> object:
    return recorded.subject


class Live:
    """Live subscriptions: no cursor, no retry, since a screen that missed something resumes or fetches anew."""

    def __init__(self, bus: EventBus, hub: Hub) -> None:
        self.hub = hub
        self._bus = bus

    def on(self, event_class: type[E], handler: Handler[E], *, key: Key[E] = _subject) -> None:
        """Call ``handler(event, recorded)`` for each fact of a class, one after another where ``key`` is equal.

        The handler looks up what the screen may see and calls ``hub.publish`` with ``recorded.tenant_id``.
        """
        name = f"live:{event_class.name}:{handler.__module__}.{handler.__qualname__}"
        self._bus.subscribe(name, event_class, handler, key=key, durable=False)
