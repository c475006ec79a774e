"""Frozen records that customers hands out. Names and numbers are masked; a full value is had by ``reveal`` only."""

import enum
from datetime import date
from uuid import UUID

import msgspec

from careline.modules.directory.customers.rules import Assurance, mask_name, mask_number

__all__ = ["Assurance", "mask_name", "mask_number"]


class PartyKind(enum.StrEnum):
    """What a party is."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Brand(enum.StrEnum):
    """The brand of a line: 全球通, 神州行, 动感地带, 集团客户. It belongs to the line, not to the person."""

    GLOBAL_LINK = "global_link"
    EASY_OWN = "easy_own"
    M_ZONE = "m_zone"
    ENTERPRISE = "enterprise"


class Level(enum.StrEnum):
    """How long and how much a customer has been with the operator, as cards: 普通, 银卡, 金卡, 钻石卡."""

    STANDARD = "standard"
    SILVER = "silver"
    GOLD = "gold"
    DIAMOND = "diamond"


class LineStatus(enum.StrEnum):
    """Whether a line can be used. A closed one keeps its history; its number may be given to another."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class PayKind(enum.StrEnum):
    """When a billing account is paid."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


class SubscriptionView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a customer."""

    id: UUID
    msisdn_masked: str
    brand: Brand
    plan: str
    status: LineStatus


class BillingAccountView(msgspec.Struct, frozen=True, kw_only=True):
    """Who pays. ``name`` is what the account is called, never a person's name."""

    id: UUID
    name: str
    pay_kind: PayKind


class CustomerView(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as screens show one. ``since`` is the day of the first contract."""

    id: UUID
    name_masked: str
    kind: PartyKind
    level: Level
    since: date
    language: str
    subscriptions: list[SubscriptionView]
    billing_accounts: list[BillingAccountView]
    tags: list[str]


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """The line that a number is now, and whose."""

    subscription_id: UUID
    customer_id: UUID
    brand: Brand
    status: LineStatus
    msisdn_masked: str


class NewSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """A line to be made. ``account`` is the index of its account in ``NewCustomer.accounts``.

    ``used_by`` names another person who uses the line, when it is not the customer.
    """

    msisdn: str
    brand: Brand
    plan: str
    account: int = 0
    status: LineStatus = LineStatus.ACTIVE
    used_by: str | None = None


class NewBillingAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account to be made."""

    name: str
    pay_kind: PayKind


class NewCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer to be made with party, accounts and lines."""

    name: str
    since: date
    accounts: tuple[NewBillingAccount, ...]
    subscriptions: tuple[NewSubscription, ...]
    kind: PartyKind = PartyKind.PERSON
    level: Level = Level.STANDARD
    language: str = "zh-CN"
    tags: tuple[str, ...] = ()
