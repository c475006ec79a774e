"""Tables of customers, named after TM Forum's party (TMF632), customer (TMF629) and account (TMF666)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class PartyRow(Identified, TenantOwned, Base):
    """A person or an organisation. The full name stands here and nowhere else."""

    __tablename__ = "party"

    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


class CustomerRow(Identified, TenantOwned, Base):
    """A party in its relation to the operator."""

    __tablename__ = "customer"
    __table_args__ = (Index("ix_customer_tenant", "tenant_id", "id"),)

    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"))
    level: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Date)
    language: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[Any]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()


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
    __table_args__ = (Index("ix_subscription_tenant_customer", "tenant_id", "customer_id"),)

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

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscription.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"), primary_key=True)
