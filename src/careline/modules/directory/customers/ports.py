"""What customers need from outside."""

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId


class Handed(enum.StrEnum):
    """What is known of a text that was sent. Whatever did not get that far is a failure."""

    ACCEPTED = "accepted"
    """The other side has it and will deliver it, or not; nobody tells us which."""
    DELIVERED = "delivered"
    """It is on the telephone."""


class NewText(msgspec.Struct, frozen=True, kw_only=True):
    """A text for a telephone. What is sent twice under one ``id`` is one text. ``code`` is what in it is secret."""

    id: UUID
    number: str
    text: str
    code: str
    good_until: datetime

    def __repr__(self) -> str:
        return f"<NewText {self.id}>"


class TextSender(Protocol):
    """Brings a text to a telephone: an SMS gateway, or the demo's telephone."""

    @property
    def is_ready(self) -> bool:
        """Whether there is a way at all."""
        ...

    async def send(self, tenant_id: TenantId, text: NewText) -> Handed:
        """Send it, and say no more than is known. Neither number nor text may be logged, nor stand in a failure.

        Raises ``TransientFailure`` when it may have got through or may work later, ``PermanentFailure`` when it never
        will.
        """
        ...


class Hasher(Protocol):
    """Argon2id, away from the event loop."""

    async def hash(self, password: str) -> str:
        """A new hash with a salt of its own."""
        ...

    async def check(self, stored: str | None, password: str) -> bool:
        """Whether the password fits; without a stored hash no, in the same time."""
        ...


class Keeper(Protocol):
    """A module above that keeps something under a customer's id. It says so by ``Customers.add_keeper``."""

    async def count(self, reading: Reading, customer_id: UUID) -> Mapping[str, int]:
        """How much of each kind it keeps of the customer, by the kind's code."""
        ...

    async def take_over(self, tx: Transaction, absorbed: UUID, survivor: UUID) -> None:
        """Keep under the survivor what was under the absorbed id, within ``tx``; it may be asked twice."""
        ...
