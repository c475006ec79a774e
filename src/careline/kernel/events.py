"""Facts: what happened, in the past tense, frozen, with ids and codes only.

Personal values never stand in an event; they live in their owner's tables, where they can be erased. A module
declares its events in its ``events.py`` as subclasses of ``Event``; the class attribute ``name`` is
``<module>.<what-happened>`` and is stable once released: new fields get defaults, old ones stay.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from careline.kernel.tenancy import TenantId


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every fact. Subclasses add their own fields; the envelope is added when it is recorded."""

    name: ClassVar[str]


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with its envelope, as it stands in the event log.

    ``position`` orders the log within one database; ``occurred_at`` is aware UTC; ``subject`` is the id of
    the thing the fact is about, so that its history can be read; ``actor`` is ``Actor.ref``.
    """

    id: UUID
    xid: int
    position: int
    tenant_id: TenantId
    occurred_at: datetime
    subject: UUID
    actor: str
    event: Event


_registry: dict[str, type[Event]] = {}


def register(*classes: type[Event]) -> None:
    """Make events known by name, so that stored ones can be read back. A name may be taken only once."""
    for cls in classes:
        known = _registry.setdefault(cls.name, cls)
        if known is not cls:
            raise ValueError(f"event name {cls.name!r} is taken by {known.__qualname__}")


def event_class(name: str) -> type[Event] | None:
    """The class registered for a stored name; None when no module of this version knows it."""
    return _registry.get(name)
