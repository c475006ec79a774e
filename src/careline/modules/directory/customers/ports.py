"""What customers need from outside."""

from datetime import datetime
from typing import Protocol

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
