"""Tables of customers, named after TM Forum's party (TMF632), customer (TMF629) and account (TMF666)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned

SortedText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its code points, so that what begins alike stands together; SQLite has no other order."""


class PartyRow(Identified, TenantOwned, Base):
    """A person or an organisation. The full name stands here and nowhere else."""

    __tablename__ = "party"

    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


class CustomerRow(Identified, TenantOwned, Base):
    """A party in its relation to the operator.

    ``tags`` are names of the tenant's vocabulary. ``version`` grows with each change of the record, its contact points
    and the users of its lines. ``terms_version`` says by which rules its terms were made, 0 when there are none yet.
    ``merged_into`` is the customer that this one turned out to be, who has all that was this one's, but for the name.
    """

    __tablename__ = "customer"
    __table_args__ = (
        Index("ix_customer_tenant", "tenant_id", "id"),
        Index("ix_customer_terms", "tenant_id", "terms_version"),
        Index("ix_customer_merged", "tenant_id", "merged_into"),
        # Without a tenant before it, as the database itself asks when a party goes; likewise below.
        Index("ix_customer_party", "party_id"),
    )

    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"))
    level: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Date)
    language: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    terms: Mapped[str | None] = mapped_column(Text)
    terms_version: Mapped[int] = mapped_column(Integer, server_default="0")
    merged_into: Mapped[UUID | None] = mapped_column()


class BillingAccountRow(Identified, TenantOwned, Base):
    """Who pays for which lines."""

    __tablename__ = "billing_account"
    __table_args__ = (Index("ix_billing_account_tenant_customer", "tenant_id", "customer_id"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    name: Mapped[str] = mapped_column(Text)
    pay_kind: Mapped[str] = mapped_column(Text)


class SubscriptionRow(Identified, TenantOwned, Base):
    """A line. A number is one line at a time: after a line is closed its number may be another's."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_tenant_customer", "tenant_id", "customer_id"),
        Index("ix_subscription_account", "billing_account_id"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    billing_account_id: Mapped[UUID] = mapped_column(ForeignKey("billing_account.id"))
    msisdn: Mapped[str] = mapped_column(Text)
    brand: Mapped[str] = mapped_column(Text)
    plan: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)


Index(
    "uq_subscription_tenant_msisdn",
    SubscriptionRow.tenant_id,
    SubscriptionRow.msisdn,
    unique=True,
    sqlite_where=SubscriptionRow.status != "closed",
    postgresql_where=SubscriptionRow.status != "closed",
)


class ContactUserRow(TenantOwned, Base):
    """Who uses a line when it is not the customer (使用人)."""

    __tablename__ = "contact_user"
    __table_args__ = (Index("ix_contact_user_party", "party_id"),)

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"), primary_key=True)


class CustomerTermRow(TenantOwned, Base):
    """What a customer is found by (see ``engine.terms``): personal, and removed with what it was made of.

    There are some twenty rows for each customer, so there is no second index, and no reference that the database would
    have to look for in all of them when a customer goes: the customer's row says which they are.
    """

    __tablename__ = "customer_term"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(SortedText, primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)


class ContactPointRow(Identified, TenantOwned, Base):
    """How a customer is reached besides their lines: once for each use. At most one of a kind is preferred."""

    __tablename__ = "contact_point"
    __table_args__ = (
        # Also finds what a customer has.
        Index("ix_contact_point_once", "tenant_id", "customer_id", "kind", "use", "value", unique=True),
        Index("ix_contact_point_value", "tenant_id", "value"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[str] = mapped_column(Text)
    use: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    preferred: Mapped[bool] = mapped_column()


class CustomerTagRow(Identified, TenantOwned, Base):
    """A word of the tenant's vocabulary of tags. One that is retired stays where it was given."""

    __tablename__ = "customer_tag"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool] = mapped_column()


class CustomerNoteRow(Identified, TenantOwned, Base):
    """What somebody of the staff wrote down. ``earlier`` holds what it said before, as ``{"text", "until"}``.

    ``client_id`` is the name that its writer gave it and makes a repeated sending harmless; likewise of a consent.
    """

    __tablename__ = "customer_note"
    __table_args__ = (
        Index("ix_customer_note_customer", "tenant_id", "customer_id"),
        Index("ix_customer_note_client", "tenant_id", "client_id", unique=True),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    author_id: Mapped[UUID] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column()
    changed_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer)
    earlier: Mapped[list[Any]] = mapped_column()
    client_id: Mapped[UUID | None] = mapped_column()


class CustomerConsentRow(Identified, TenantOwned, Base):
    """A word of the customer on one purpose; the latest counts. Rows are added and never changed.

    ``proof`` is the text that was agreed to or what was said, ``proof_version`` which wording it was.
    """

    __tablename__ = "customer_consent"
    __table_args__ = (
        Index("ix_customer_consent_customer", "tenant_id", "customer_id"),
        Index("ix_customer_consent_client", "tenant_id", "client_id", unique=True),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    purpose: Mapped[str] = mapped_column(Text)
    given: Mapped[bool] = mapped_column()
    basis: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text)
    proof_version: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID | None] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    client_id: Mapped[UUID | None] = mapped_column()


class OneTimeCodeRow(Identified, TenantOwned, Base):
    """A code sent to a line. It is kept as a hash, and removed when it can be used no more."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        Index("ix_one_time_code_line", "tenant_id", "subscription_id"),
        Index("ix_one_time_code_interaction", "tenant_id", "interaction_id"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"))
    interaction_id: Mapped[UUID] = mapped_column()
    code_hash: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    tries: Mapped[int] = mapped_column(Integer)


class AssuranceProofRow(Identified, TenantOwned, Base):
    """Evidence: what was tried in a contact to be sure who speaks, by whom, and with what result.

    ``detail`` holds codes and ids: which line, which questions and whether each was answered rightly. No answer.
    """

    __tablename__ = "assurance_proof"
    __table_args__ = (
        Index("ix_assurance_proof_interaction", "tenant_id", "interaction_id"),
        Index("ix_assurance_proof_customer", "tenant_id", "customer_id"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    interaction_id: Mapped[UUID] = mapped_column()
    proof: Mapped[str] = mapped_column(Text)
    passed: Mapped[bool] = mapped_column()
    level: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[UUID | None] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    detail: Mapped[dict[str, Any]] = mapped_column()


class ServicePasswordRow(TenantOwned, Base):
    """The service password of a line, as an Argon2id hash that is sealed: six digits have too few hashes to be safe
    with whoever copies the table alone. It goes with the line, also to another customer in a merge."""

    __tablename__ = "service_password"

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"), primary_key=True)
    sealed_hash: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column()
    set_by: Mapped[UUID | None] = mapped_column()


class PasswordFormRow(Identified, TenantOwned, Base):
    """A form for a service password that a customer was shown in a contact; what was typed stands nowhere."""

    __tablename__ = "password_form"
    __table_args__ = (
        Index("ix_password_form_interaction", "tenant_id", "interaction_id"),
        Index("ix_password_form_line", "tenant_id", "subscription_id"),
    )

    interaction_id: Mapped[UUID] = mapped_column()
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"))
    purpose: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID] = mapped_column()
    asked_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    tries: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(Text)


class PasswordWaitRow(TenantOwned, Base):
    """Wrong service passwords under one key (``engine.service_passwords.limits``), and until when no more are taken."""

    __tablename__ = "password_wait"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_failure_at: Mapped[datetime] = mapped_column()
    blocked_until: Mapped[datetime] = mapped_column()


class DismissedPairRow(Identified, TenantOwned, Base):
    """Two customers of whom somebody said that they are not one; ``customer_id`` is the smaller id.

    ``mark`` is a keyed hash of what both were compared by: when that has changed, they are asked about again.
    """

    __tablename__ = "dismissed_pair"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id", "other_id"),
        Index("ix_dismissed_pair_other", "other_id"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    mark: Mapped[str] = mapped_column(Text)
    dismissed_by: Mapped[UUID | None] = mapped_column()
    dismissed_at: Mapped[datetime] = mapped_column()
