"""What customers need from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId


class CodeSender(Protocol):
    """Brings a code to a line: an SMS centre, or the demo's telephone."""

    @property
    def is_ready(self) -> bool:
        """Whether there is a way at all."""
        ...

    async def send(self, tenant_id: TenantId, msisdn: str, code: str, expires_at: datetime) -> None:
        """Send it, or raise ``TransientFailure`` or ``PermanentFailure``. Neither number nor code may be logged."""
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
