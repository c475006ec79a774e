"""Tables of identity. Personal values of staff (login, display name) stand here and nowhere else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.append_only import APPEND_ONLY
from careline.infra.database.types import Base, Identified, TenantOwned


class TenantRow(Identified, Base):
    """A centre. ``accent`` is the colour of its screens, ``#rrggbb``."""

    __tablename__ = "tenant"

    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    accent: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column()


class OrgUnitRow(Identified, TenantOwned, Base):
    """A department. ``path`` holds the ids from the root down to this one, each followed by ``/``.

    One that is closed stays, so that what was audited keeps a name; nobody works in it and nothing is below it.
    """

    __tablename__ = "org_unit"
    __table_args__ = (Index("ix_org_unit_tenant_path", "tenant_id", "path", unique=True),)

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("org_unit.id"))
    name: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()


class PostRow(Identified, TenantOwned, Base):
    """What somebody is there for (岗位), with its ``duties`` in plain lines. It permits nothing; roles do."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text)
    duties: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column()


class UserRow(Identified, TenantOwned, Base):
    """One who may sign in. Without ``password_hash`` nobody can sign in as this user yet.

    A password that somebody else set is ``password_issued``: it is good for choosing another. ``version`` counts
    changes by administrators.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("tenant_id", "login"),
        Index("ix_user_account_tenant_unit", "tenant_id", "org_unit_id"),
        Index("ix_user_account_tenant_post", "tenant_id", "post_id"),
    )

    login: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    org_unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_unit.id"))
    active: Mapped[bool] = mapped_column()
    password_hash: Mapped[str | None] = mapped_column(Text)
    password_issued: Mapped[bool] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("post.id"))
    version: Mapped[int] = mapped_column()


class RoleRow(Identified, TenantOwned, Base):
    """``permissions`` maps ``resource:action`` to its scope; ``administrator`` names one of the three, or is null.

    What a ``built_in`` role permits is said by the program and brought up to date when it starts.
    """

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    administrator: Mapped[str | None] = mapped_column(Text)
    permissions: Mapped[dict[str, Any]] = mapped_column()
    built_in: Mapped[bool] = mapped_column()
    version: Mapped[int] = mapped_column()


class RoleGrantRow(TenantOwned, Base):
    """This user holds this role. ``scope`` narrows what the role permits; null leaves it as the role says."""

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_tenant_user", "tenant_id", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column()
    scope: Mapped[str | None] = mapped_column(Text)


class SessionRow(Identified, TenantOwned, Base):
    """A browser in which a user is signed in. A session that is over is deleted; its history is in the audit."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_tenant_user", "tenant_id", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column()
    last_used_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    address: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)


class ThrottleRow(Base):
    """Failures to sign in. ``key`` is a hash of the address, or of tenant, login and address."""

    __tablename__ = "sign_in_throttle"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    failures: Mapped[int] = mapped_column()
    last_failure_at: Mapped[datetime] = mapped_column(index=True)
    blocked_until: Mapped[datetime] = mapped_column()


class SecondFactorRow(TenantOwned, Base):
    """What a user's phone makes codes from, sealed; not yet in use until ``confirmed_at``.

    ``last_step`` is the time step of the last code that was accepted: no code of it or before it is accepted again.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column()


class RecoveryCodeRow(TenantOwned, Base):
    """A code for the day the phone is lost, as a keyed hash. Used ones are deleted."""

    __tablename__ = "recovery_code"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(Text, primary_key=True)


class SignInPolicyRow(TenantOwned, Base):
    """What a tenant asks of those who sign in. Without a row nobody is asked for a second factor."""

    __tablename__ = "sign_in_policy"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    second_factor: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column()


class InvitationRow(Identified, TenantOwned, Base):
    """A link with which a user chooses the first password, or another one; good once. A user has one at most."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("tenant_id", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()


class ExternalIdentityRow(TenantOwned, Base):
    """Which user a provider's person is: by issuer and subject, the only name there that never changes hands.

    OpenID Connect Core 1.0 §5.7. A user is one person at a provider, and the other way round.
    """

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("tenant_id", "issuer", "user_id"),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    bound_at: Mapped[datetime] = mapped_column()


class ServiceAccountRow(Identified, TenantOwned, Base):
    """A program of somebody else's that may use the HTTP interface. Its token is kept as a hash only.

    The token is good for something from ``approved_at`` on. Accounts that were there before anybody had to approve
    were approved by nobody.

    ``permissions`` maps ``resource:action`` to its scope; departments count from ``org_unit_id``, its maker's.
    """

    __tablename__ = "service_account"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text)
    permissions: Mapped[dict[str, Any]] = mapped_column()
    org_unit_id: Mapped[UUID] = mapped_column(ForeignKey("org_unit.id"))
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column()
    created_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column()
    last_used_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    approved_at: Mapped[datetime | None] = mapped_column()
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class AuditHeadRow(TenantOwned, Base):
    """The number of a tenant's last audit entry; locked while one is written, so that numbers have no gaps."""

    __tablename__ = "audit_head"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    seq: Mapped[int] = mapped_column()


class AuditEntryRow(TenantOwned, Base):
    """Who did what to what. ``params`` is canonical JSON, kept as text so that the seal covers exactly these bytes."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "tenant_id", "at", "seq"),
        Index("ix_audit_entry_actor", "tenant_id", "actor", "at", "seq"),
        Index("ix_audit_entry_action", "tenant_id", "action", "at", "seq"),
        Index("ix_audit_entry_subject", "tenant_id", "subject", "at", "seq"),
        APPEND_ONLY,
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    params: Mapped[str] = mapped_column(Text)


class AuditSealRow(TenantOwned, Base):
    """A batch of entries closed by a hash that also covers the seal before it."""

    __tablename__ = "audit_seal"
    __table_args__ = (Index("ix_audit_seal_to", "tenant_id", "to_seq"), APPEND_ONLY)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_seq: Mapped[int] = mapped_column()
    to_seq: Mapped[int] = mapped_column()
    algorithm: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column()
