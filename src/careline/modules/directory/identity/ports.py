"""What identity needs from outside."""

from typing import Protocol
from uuid import UUID

import msgspec

from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.views import AgentRef, ExternalPerson, ExternalSettings


class AgentDirectory(Protocol):
    """Knows which agent a user is; people answers, bound in bootstrap."""

    async def agent_of(self, tenant_id: TenantId, user_id: UUID) -> AgentRef | None:
        """The agent that this user is; None when the user answers no customers."""
        ...


class ExternalProvider(Protocol):
    """Signs people in elsewhere (OpenID Connect). Both raise ``AdapterFailure``."""

    async def address(self, *, state: str, nonce: str, challenge: str, redirect_uri: str) -> str:
        """Where the browser is sent. ``challenge`` is that of PKCE, S256 (RFC 7636)."""
        ...

    async def person(self, *, code: str, verifier: str, nonce: str, redirect_uri: str) -> ExternalPerson:
        """Who signed in there, proven by the code that came back."""
        ...


class External(msgspec.Struct, frozen=True):
    """A provider, and how it is used here."""

    provider: ExternalProvider
    settings: ExternalSettings
