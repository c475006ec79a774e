"""From facts to topics: what each module's ``live.py`` registers.

>>> live = Live(bus, hub)
>>> live.on(MessageStored, tell_message)  # async def tell_message(event, recorded): … hub.publish(…)
"""

from typing import Any, TypeVar

from careline.infra.bus.bus import EventBus, Listener
from careline.infra.bus.subscription import Handler, Key, Wanted
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

    def on(
        self, event_class: type[E], handler: Handler[E], *, key: Key[E] = _subject, wanted: Wanted[E] | None = None
    ) -> None:
        """Call ``handler(event, recorded)`` for each fact of a class, one after another where ``key`` is equal.

        The handler looks up what the screen may see and calls ``hub.publish`` with ``recorded.tenant_id``. What is not
        ``wanted`` costs nothing.
        """
        self._bus.subscribe(_name(event_class, handler), event_class, handler, key=key, wanted=wanted, durable=False)

    def tell(self, event_class: type[E], listener: Listener[E]) -> None:
        """As ``on``, for a listener that has nothing to look up and awaits nothing: it is called at once."""
        self._bus.tell(_name(event_class, listener), event_class, listener)


def _name(event_class: type[Event], called: Any) -> str:
    return f"live:{event_class.name}:{called.__module__}.{called.__qualname__}"
