"""Shapes of customers' HTTP interface."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from careline.modules.directory.customers.rules import (
    ADDRESS_MAX,
    EMAIL_MAX,
    NAME_MAX,
    TAG_MAX,
    TAGS_MAX,
    TEXT_MAX,
    VERSION_MAX,
)
from careline.modules.directory.customers.views import (
    Brand,
    ConsentBasis,
    ConsentPurpose,
    ConsentWay,
    ContactKind,
    ContactUse,
    FoundCustomer,
    FoundCustomers,
    Level,
    LineStatus,
    PartyKind,
    PayKind,
    RecordView,
)

LINES_LISTED = 3

# Longer than anything that is taken: what is too long by a little is refused by its rule, which names the limit.
Name = Annotated[str, Field(max_length=4 * NAME_MAX)]
Words = Annotated[str, Field(max_length=4 * TEXT_MAX)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version of what was looked at")]


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


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
    version: int
    name_masked: str
    kind: PartyKind
    level: Level
    since: date
    language: str
    subscriptions: list[SubscriptionShown]
    billing_accounts: list[BillingAccountShown]
    tags: list[str]


class CustomerFound(_Shown):
    """A customer in a list. ``lines`` are at most three, the one whose number fits first; ``lines_in_all`` counts."""

    id: UUID
    name_masked: str
    kind: PartyKind
    level: Level
    since: date
    tags: list[str]
    lines: list[SubscriptionShown]
    lines_in_all: int

    @classmethod
    def of(cls, found: FoundCustomer) -> "CustomerFound":
        """A line of the list."""
        customer = found.customer
        lines = sorted(
            customer.subscriptions,
            key=lambda line: (line.id != found.subscription_id, line.status is LineStatus.CLOSED),
        )
        return cls(
            id=customer.id,
            name_masked=customer.name_masked,
            kind=customer.kind,
            level=customer.level,
            since=customer.since,
            tags=customer.tags,
            lines=[SubscriptionShown.model_validate(line) for line in lines[:LINES_LISTED]],
            lines_in_all=len(lines),
        )


class CustomerList(_Shown):
    """What was found. ``more``: there are others, to be found by saying more; ``next``: the list goes on there."""

    items: list[CustomerFound]
    more: bool
    next: str | None

    @classmethod
    def of(cls, found: FoundCustomers) -> "CustomerList":
        """The list."""
        return cls(items=[CustomerFound.of(one) for one in found.items], more=found.more, next=found.next)


class ContactPointShown(_Shown):
    """How a customer is reached besides their lines."""

    id: UUID
    kind: ContactKind
    use: ContactUse
    value_masked: str
    preferred: bool


class LineUserShown(_Shown):
    """Who uses a line when it is not the customer."""

    party_id: UUID
    subscription_id: UUID
    name_masked: str


class EarlierNote(_Shown):
    """What a note said until it was changed."""

    text: str
    until: datetime


class NoteShown(_Shown):
    """What somebody of the staff wrote down. Its author may change it until ``open_until``."""

    id: UUID
    author_id: UUID
    author_name: str | None
    text: str
    created_at: datetime
    changed_at: datetime | None
    open_until: datetime
    version: int
    earlier: list[EarlierNote]


class ConsentShown(_Shown):
    """A word of the customer on one purpose."""

    id: UUID
    purpose: ConsentPurpose
    given: bool
    basis: ConsentBasis
    how: ConsentWay
    proof: str
    proof_version: str | None
    at: datetime
    recorded_by: str | None


class CustomerNoteList(_Shown):
    """What was written about a customer, the latest first; ``next`` goes into ``after``."""

    items: list[NoteShown]
    next: str | None


class ConsentList(_Shown):
    """Every word of a customer, the latest first; of each purpose the latest counts. ``next`` goes into ``after``."""

    items: list[ConsentShown]
    next: str | None


class CustomerRecord(_Shown):
    """All that is kept of a customer, masked.

    ``notes`` are the latest of ``note_count``; ``notes_next`` goes into the ``after`` of those before them.
    ``consents`` are the words that count, one for each purpose, out of ``consent_count`` that were said.
    """

    customer: CustomerShown
    contact_points: list[ContactPointShown]
    line_users: list[LineUserShown]
    notes: list[NoteShown]
    note_count: int
    notes_next: str | None
    consents: list[ConsentShown]
    consent_count: int

    @classmethod
    def of(cls, view: RecordView) -> "CustomerRecord":
        """The record."""
        return cls.model_validate(view)


class CustomerChangeWanted(_Wanted):
    """What is to be another; what is left out stays. A name is not changed at the desk: it goes by the papers."""

    version: Version
    level: Level | None = None
    language: Annotated[str, Field(max_length=40, description="BCP 47: zh-CN, en, ug")] | None = None
    tags: Annotated[list[Annotated[str, Field(max_length=4 * TAG_MAX)]], Field(max_length=2 * TAGS_MAX)] | None = None


class ContactPointWanted(_Wanted):
    """A way to reach the customer."""

    version: Version
    kind: ContactKind
    use: ContactUse = ContactUse.HOME
    value: Annotated[str, Field(max_length=4 * max(ADDRESS_MAX, EMAIL_MAX))]
    preferred: bool = False


class LineUserWanted(_Wanted):
    """Who uses a line."""

    version: Version
    name: Name


class CustomerNoteWanted(_Wanted):
    """Something to write down about the customer.

    ``client_id`` is the sender's own name for it: sending it again writes no second one.
    """

    text: Words
    client_id: UUID | None = None


class CustomerNoteChange(_Wanted):
    """What the note is to say."""

    text: Words
    version: Version


def _said(how: ConsentWay) -> ConsentWay:
    if how is ConsentWay.MERGE:
        raise ValueError("how the customer said it: call, chat, hall or form")
    return how


class ConsentWanted(_Wanted):
    """A word of the customer. ``proof`` is the text agreed to, or what was said; an agreement needs one.

    ``client_id`` is the sender's own name for it: sending it again writes no second one.
    """

    purpose: ConsentPurpose
    given: bool
    basis: ConsentBasis = ConsentBasis.CONSENT
    how: Annotated[ConsentWay, AfterValidator(_said)]
    proof: Words = ""
    proof_version: Annotated[str, Field(max_length=4 * VERSION_MAX)] | None = None
    client_id: UUID | None = None


class TagShown(_Shown):
    """A word of the tenant's vocabulary of tags."""

    id: UUID
    name: str
    retired: bool


class TagList(_Shown):
    """The vocabulary."""

    items: list[TagShown]


class TagWanted(_Wanted):
    """A new word."""

    name: Annotated[str, Field(max_length=4 * TAG_MAX)]


class TagChangeWanted(_Wanted):
    """Whether the word is out of use."""

    retired: bool


class RevealWanted(_Wanted):
    """Which masked value to show in full, with the id of that which it is of, when there may be several."""

    what: Annotated[
        Literal["msisdn", "name", "contact_point", "line_user"],
        Field(description="msisdn needs subscription_id, contact_point contact_point_id, line_user party_id"),
    ]
    subscription_id: UUID | None = None
    contact_point_id: UUID | None = None
    party_id: UUID | None = None


class Revealed(BaseModel):
    """The value in full."""

    value: str
