"""What a flow may ask and do beside speaking to its customer. The simulator brings a world of its own."""

import enum
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec


class Opening(enum.StrEnum):
    """How a calendar stands now. ``holiday``: closed on a day that its calendar names."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """A queue now. ``wait_s`` is what a newcomer would wait; None when nobody can say."""

    waiting: int
    wait_s: int | None
    ready: int


class Outcome(enum.StrEnum):
    """What came of asking a business system. ``let_through``: it failed, and its connection says to go on then."""

    OK = "ok"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    LET_THROUGH = "let_through"


class BusinessRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A question to a business system. ``body`` may hold secrets, so its values show themselves to nobody."""

    connection: str
    method: str
    path: str
    body: dict[str, Any] | None
    timeout_s: float

    def __repr__(self) -> str:
        return f"BusinessRequest({self.connection}, {self.method})"


class BusinessAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: decoded JSON, None when there was none."""

    outcome: Outcome
    content: Any = None

    def __repr__(self) -> str:
        return f"BusinessAnswer({self.outcome})"


class Proven(enum.StrEnum):
    """What came of a service password that was keyed: right, wrong, or not compared because there were too many."""

    RIGHT = "right"
    WRONG = "wrong"
    REFUSED = "refused"


class World(Protocol):
    """The house around a flow."""

    async def assurance(self) -> str:
        """How sure we are now who speaks, by its word of ``assurance.LEVELS``."""
        ...

    async def can_prove(self) -> bool:
        """Whether the line that the customer calls from has a service password, and may be asked for it still."""
        ...

    async def prove(self, keyed: str) -> Proven:
        """Compare what was keyed with the service password of that line. What is right is written down at once."""
        ...

    async def facts(self) -> Mapping[str, str]:
        """What is known of the customer, the contact and the time, by name."""
        ...

    async def load(self, queue: str) -> Load | None:
        """A queue now; None when there is no such queue."""
        ...

    async def opening(self, calendar: str) -> Opening | None:
        """How a calendar of business hours stands; None when there is none of that name."""
        ...

    async def ask(self, request: BusinessRequest) -> BusinessAnswer:
        """Ask a business system; that it fails is an answer."""
        ...

    async def consent(self, purpose: str, words: str, language: str, *, given: bool) -> None:
        """Write down what the customer said to a use of their data."""
        ...
