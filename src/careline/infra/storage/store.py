"""The port to where files are kept. A file is known by tenant and id; what it is called stands in its owner's table."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from careline.kernel.errors import PermanentFailure
from careline.kernel.tenancy import TenantId


class FileMissing(PermanentFailure):
    """There is no file under an id."""


class Incoming(Protocol):
    """A file that is being written; nobody can read it before it is kept."""

    async def write(self, part: bytes) -> None:
        """Add bytes, as many or few as there are."""
        ...

    async def keep(self) -> None:
        """Make it durable under its id. Left without this, nothing of it stays."""
        ...


class FileStore(Protocol):
    """Keeps files. Every failure of the medium is a ``TransientFailure`` or ``PermanentFailure``."""

    def incoming(self, tenant_id: TenantId, file_id: UUID) -> AbstractAsyncContextManager[Incoming]:
        """Begin a file under a new id."""
        ...

    def read(
        self, tenant_id: TenantId, file_id: UUID, *, start: int = 0, length: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes from ``start``, ``length`` of them or all that follow. Raises ``PermanentFailure`` when the file is
        not there or is not what was written."""
        ...

    async def size(self, tenant_id: TenantId, file_id: UUID) -> int:
        """How many bytes a file has. Raises ``FileMissing``, or ``PermanentFailure`` when it is not what was
        written."""
        ...

    async def remove(self, tenant_id: TenantId, file_id: UUID) -> None:
        """Delete a file; nothing happens when it is not there."""
        ...

    async def kept(self, tenant_id: TenantId, *, before: datetime) -> list[UUID]:
        """Ids of all files of a tenant that were written before an instant, those that were broken off included."""
        ...

    async def some(self, tenant_id: TenantId, *, before: datetime, start: UUID, most: int) -> list[UUID]:
        """The same of ``most`` files at most, those from ``start`` on in an order of the store's own and round again.

        Looking at all of a large store takes long; from another place each time, a little after a little sees it all.
        """
        ...
