"""Shapes of customers' HTTP interface."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.directory.customers.views import Brand, Level, LineStatus, PartyKind, PayKind


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SubscriptionShown(_Shown):
    """One line of a customer."""

    id: UUID
    msisdn_masked: str
    brand: Brand
    plan: str
    status: LineStatus


class BillingAccountShown(_Shown):
    """Who pays."""

    id: UUID
    name: str
    pay_kind: PayKind


class CustomerShown(_Shown):
    """A customer with masked values."""

    id: UUID
    name_masked: str
    kind: PartyKind
    level: Level
    since: date
    language: str
    subscriptions: list[SubscriptionShown]
    billing_accounts: list[BillingAccountShown]
    tags: list[str]


class RevealWanted(BaseModel):
    """Which masked value to show in full; ``subscription_id`` says whose number."""

    what: Annotated[Literal["msisdn", "name"], Field(description="msisdn needs subscription_id")]
    subscription_id: UUID | None = None


class Revealed(BaseModel):
    """The value in full."""

    value: str
