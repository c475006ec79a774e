"""Frozen records that identity hands out. Instants are aware UTC."""

from datetime import datetime
from uuid import UUID

import msgspec

from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.engine.pending import FactorNeed, Standing
from careline.modules.directory.identity.engine.trail import (
    AuditEntryView,
    AuditFilter,
    AuditStateView,
    Breach,
    ExportCheck,
    Extract,
    ExtractCheck,
    Found,
    SealedEntryView,
    SealView,
    Verification,
)
from careline.modules.directory.identity.permissions import AdministratorKind, Scope

__all__ = [
    "AuditEntryView",
    "AuditFilter",
    "AuditStateView",
    "Breach",
    "ExportCheck",
    "Extract",
    "ExtractCheck",
    "Found",
    "SealView",
    "SealedEntryView",
    "Verification",
]
"""What is handed out from here and made elsewhere."""


class PasswordCost(msgspec.Struct, frozen=True, kw_only=True):
    """What one Argon2id hash costs: by default what RFC 9106 §4 recommends where memory is short."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4


class TenantView(msgspec.Struct, frozen=True, kw_only=True):
    """A centre. ``time_zone`` is an IANA name, ``locale`` a BCP 47 tag, ``accent`` a colour ``#rrggbb``."""

    id: TenantId
    code: str
    name: str
    time_zone: str
    locale: str
    accent: str


class OrgUnitView(msgspec.Struct, frozen=True, kw_only=True):
    """A department; the root has no parent. ``path`` orders a tree: parents come before what is below them."""

    id: UUID
    parent_id: UUID | None
    name: str
    path: str
    version: int = 1


class OrgUnitChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a department; None leaves it as it is."""

    name: str | None = None
    parent_id: UUID | None = None


class PostView(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is there for. ``duties`` are lines of text, perhaps none."""

    id: UUID
    name: str
    duties: str
    version: int = 1


class UserView(msgspec.Struct, frozen=True, kw_only=True):
    """One who may sign in, when ``active``. ``password_issued``: until it is changed nothing else is allowed.

    ``version`` counts the changes that administrators made.
    """

    id: UUID
    login: str
    display_name: str
    org_unit_id: UUID
    active: bool
    locale: str
    post_id: UUID | None = None
    password_issued: bool = False
    version: int = 1


class UserFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which users to list. ``words`` stand in login or name; ``org_unit_id`` means that department and all below."""

    words: str = ""
    org_unit_id: UUID | None = None
    role: str | None = None
    active: bool | None = None


class RoleView(msgspec.Struct, frozen=True, kw_only=True):
    """``permissions`` maps ``resource:action`` to how far it reaches. What is ``built_in`` only the program changes."""

    id: UUID
    code: str
    name: str
    administrator: AdministratorKind | None
    permissions: dict[str, Scope]
    built_in: bool = True
    version: int = 1


class NewRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role of the tenant's own, to be made."""

    code: str
    name: str
    permissions: dict[str, str]


class GrantView(msgspec.Struct, frozen=True, kw_only=True):
    """A role that somebody holds, by its code; ``scope`` narrows what it permits, None leaves it as the role says."""

    role: str
    scope: Scope | None = None


class SignInPolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant asks of those who sign in; ``version`` counts its changes, 0 before the first."""

    second_factor: FactorNeed
    version: int


class FactorView(msgspec.Struct, frozen=True, kw_only=True):
    """A user's second factor as its owner sees it; ``since`` is None while there is none."""

    since: datetime | None
    codes_left: int
    needed: bool


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator app needs, by QR code (``uri``) or typed (``secret``); shown to its owner this once."""

    secret: str
    uri: str


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A way to choose a password, for whoever gets it. ``token`` is handed out this once."""

    token: str
    expires_at: datetime


class InvitedView(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an invitation is for."""

    tenant_code: str
    tenant_name: str
    login: str
    display_name: str


class ExternalPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a provider vouches for. ``second_factor`` says that it asked for more than a password.

    ``issuer`` and ``subject`` name the person for good; ``login`` may be somebody else's tomorrow.
    """

    issuer: str
    subject: str
    login: str
    display_name: str
    second_factor: bool


class ExternalSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Signing in through a provider: what it is called, for which tenant (code), where it sends people back to.

    ``create_role`` is the code of the role that somebody gets who is not known yet; None makes nobody.
    """

    name: str
    tenant: str
    redirect_uri: str
    create_role: str | None


class ExternalBeginning(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send the browser, and what it has to bring back (sealed)."""

    address: str
    kept: str


class ServiceAccountView(msgspec.Struct, frozen=True, kw_only=True):
    """A program that may use the HTTP interface once it was approved, until it ``expires_at`` or is revoked."""

    id: UUID
    name: str
    permissions: dict[str, Scope]
    created_at: datetime
    created_by: UUID
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    approved_at: datetime | None = None


class NewServiceAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A service account to be made; ``permissions`` maps ``resource:action`` to its scope."""

    name: str
    permissions: dict[str, Scope]
    expires_at: datetime


class IssuedToken(msgspec.Struct, frozen=True, kw_only=True):
    """A new service account with its token, which is handed out this once."""

    token: str
    account: ServiceAccountView


class ServiceCaller(msgspec.Struct, frozen=True, kw_only=True):
    """The service account that a token stands for."""

    id: UUID
    actor: Actor


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """A browser in which a user is signed in; ``expires_at`` is the absolute end."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who a session token stands for. ``scopes`` says how far each of the actor's permissions reaches.

    ``expires_at`` is the absolute end of the session. While something is pending by ``standing``, nothing is
    permitted but what is one's own.
    """

    session_id: UUID
    actor: Actor
    user: UserView
    tenant: TenantView
    scopes: dict[str, Scope]
    csrf_token: str
    expires_at: datetime
    standing: Standing


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A new session. ``token`` is the secret of the browser; it is handed out this once."""

    token: str
    signed_in: SignedIn


class AgentRef(msgspec.Struct, frozen=True, kw_only=True):
    """The agent that a user is, as screens show it."""

    id: UUID
    number: str


class NewTenant(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant to be made, with the root of its organisation named after it."""

    code: str
    name: str
    time_zone: str = "Asia/Shanghai"
    locale: str = "zh-CN"
    accent: str = "#2459d6"


class NewUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user to be made. Without ``org_unit_id`` in the root; without ``password`` unable to sign in yet.

    A password that is ``password_issued`` must be changed by its user before anything else.
    """

    login: str
    display_name: str
    org_unit_id: UUID | None = None
    post_id: UUID | None = None
    locale: str = "zh-CN"
    password: str | None = None
    password_issued: bool = False
    roles: tuple[str, ...] = ()


class UserChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a user; None leaves it as it is, and so does a ``post_id`` that is not set.

    A ``password_issued`` is good for choosing another only.
    """

    display_name: str | None = None
    org_unit_id: UUID | None = None
    post_id: UUID | msgspec.UnsetType | None = msgspec.UNSET
    active: bool | None = None
    locale: str | None = None
    password: str | None = None
    password_issued: bool = False


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a permission covers: ``everybody``, else oneself (``user_id``) and who is in the department at ``path``
    or below it.
    """

    everybody: bool
    user_id: UUID | None = None
    org_unit_id: UUID | None = None
    path: str | None = None

    def covers(self, user_id: UUID, path: str | None) -> bool:
        """Whether a user whose department is at a path is covered."""
        inside = path is not None and self.path is not None and path.startswith(self.path)
        return self.everybody or inside or user_id == self.user_id


EVERYBODY = Reach(everybody=True)
