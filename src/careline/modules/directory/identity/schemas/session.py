"""Signing in, who one is, and where one is signed in."""

from datetime import datetime
from uuid import UUID

import msgspec
from pydantic import BaseModel

from careline.modules.directory.identity.schemas.shared import Code, Name, Password, Sent, Shown
from careline.modules.directory.identity.views import AgentRef, SessionView, SignedIn


class SignInWanted(Sent):
    """Who wants to sign in where; ``code`` when a second factor is asked for: one-time code or recovery code."""

    tenant: Name
    login: Name
    password: Password
    code: Code | None = None


class PasswordWanted(Sent):
    """A new password of one's own, and the current one as proof."""

    current: Password
    password: Password


class LocaleWanted(Sent):
    """The language of the screens, a BCP 47 tag."""

    locale: Name


class TenantShown(Shown):
    """The centre one is signed in to."""

    id: UUID
    code: str
    name: str
    time_zone: str
    accent: str


class MeShown(Shown):
    """The one who is signed in."""

    id: UUID
    login: str
    display_name: str
    locale: str


class AgentShown(Shown):
    """The agent that one is."""

    id: UUID
    number: str


class Session(BaseModel):
    """Who is signed in and what for. ``csrf_token`` goes into ``X-CSRF-Token`` of everything that changes something.

    While something is ``pending`` nothing is permitted but one's own account: ``password-change-needed`` or
    ``second-factor-missing``.
    """

    user: MeShown
    tenant: TenantShown
    permissions: list[str]
    csrf_token: str
    pending: str | None
    agent: AgentShown | None

    @classmethod
    def of(cls, who: SignedIn, agent: AgentRef | None) -> "Session":
        """The session as the browser sees it."""
        return cls(
            user=MeShown.model_validate(who.user),
            tenant=TenantShown.model_validate(who.tenant),
            permissions=sorted(who.scopes),
            csrf_token=who.csrf_token,
            pending=who.standing.pending,
            agent=None if agent is None or who.standing.pending is not None else AgentShown.model_validate(agent),
        )


class SessionShown(Shown):
    """A browser in which one is signed in; ``current`` is the one that asks."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    current: bool

    @classmethod
    def of(cls, view: SessionView, *, current: bool) -> "SessionShown":
        """The session as its owner sees it."""
        return cls(**msgspec.structs.asdict(view), current=current)


class SessionList(BaseModel):
    """One's own sessions, the latest used first."""

    items: list[SessionShown]
