"""Frozen records that customers hands out. Names and numbers are masked; a full value is had by ``reveal`` only."""

import enum
from datetime import date, datetime
from uuid import UUID

import msgspec

from careline.modules.directory.customers.engine.duplicates import Likeness, LikenessReason
from careline.modules.directory.customers.engine.proofs import Proof, Question
from careline.modules.directory.customers.engine.service_passwords import FormOutcome, FormPurpose, PasswordForm
from careline.modules.directory.customers.rules import (
    Assurance,
    ConsentBasis,
    ConsentPurpose,
    ConsentWay,
    ContactKind,
    ContactUse,
    mask_contact,
    mask_name,
    mask_number,
)

__all__ = [
    "Assurance",
    "ConsentBasis",
    "ConsentPurpose",
    "ConsentWay",
    "ContactKind",
    "ContactUse",
    "FormOutcome",
    "FormPurpose",
    "Likeness",
    "LikenessReason",
    "PasswordForm",
    "Proof",
    "Question",
    "mask_contact",
    "mask_name",
    "mask_number",
]


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
    """A customer as screens show one. ``since`` is the day of the first contract.

    ``version`` goes back with a change, which is refused when somebody else was faster.
    """

    id: UUID
    version: int
    name_masked: str
    kind: PartyKind
    level: Level
    since: date
    language: str
    subscriptions: list[SubscriptionView]
    billing_accounts: list[BillingAccountView]
    tags: list[str]


class ContactPointView(msgspec.Struct, frozen=True, kw_only=True):
    """How a customer is reached besides their lines."""

    id: UUID
    kind: ContactKind
    use: ContactUse
    value_masked: str
    preferred: bool


class LineUserView(msgspec.Struct, frozen=True, kw_only=True):
    """Who uses a line when it is not the customer (使用人)."""

    party_id: UUID
    subscription_id: UUID
    name_masked: str


class EarlierText(msgspec.Struct, frozen=True, kw_only=True):
    """What a note said until it was changed."""

    text: str
    until: datetime


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody of the staff wrote down. Its author may change it until ``open_until``."""

    id: UUID
    author_id: UUID
    author_name: str | None
    text: str
    created_at: datetime
    changed_at: datetime | None
    open_until: datetime
    version: int
    earlier: list[EarlierText]


class ConsentView(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the customer on one purpose. ``recorded_by`` is the name of who wrote it down."""

    id: UUID
    purpose: ConsentPurpose
    given: bool
    basis: ConsentBasis
    how: ConsentWay
    proof: str
    proof_version: str | None
    at: datetime
    recorded_by: str | None


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of a customer here, masked, but for what was written: notes and proofs of consent.

    ``notes`` are the latest of ``note_count``, and go on after ``notes_next``. ``consents`` holds of each purpose the
    word that counts, out of ``consent_count`` that were said.
    """

    customer: CustomerView
    contact_points: list[ContactPointView]
    line_users: list[LineUserView]
    notes: list[NoteView]
    note_count: int
    notes_next: str | None
    consents: list[ConsentView]
    consent_count: int


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The record with what was written; ``again`` when that stood in it before under the same ``client_id``."""

    record: RecordView
    again: bool


class TagView(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the tenant's vocabulary of tags; a retired one is given to nobody any more."""

    id: UUID
    name: str
    retired: bool


class FoundCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer that a search found; ``subscription_id`` is the line whose number fits, when one was asked for."""

    customer: CustomerView
    subscription_id: UUID | None = None


class FoundCustomers(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. ``more``: there are others, to be found by saying more; ``next``: the list goes on there."""

    items: list[FoundCustomer]
    more: bool = False
    next: str | None = None


class ProofView(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence: what was tried, whether it proved who speaks, and which level it reached."""

    id: UUID
    proof: Proof
    passed: bool
    level: Assurance | None
    asked_by: UUID | None
    at: datetime


class WaysView(msgspec.Struct, frozen=True, kw_only=True):
    """What can be tried in a contact. ``lines`` may get a code; none may when codes cannot be sent at all."""

    lines: list[SubscriptionView]
    questions: list[Question]
    rounds_left: int
    proofs: list[ProofView]


class CodeSent(msgspec.Struct, frozen=True, kw_only=True):
    """A code is on its way and can be typed until then. ``delivered``: we know that it is there."""

    expires_at: datetime
    msisdn_masked: str
    delivered: bool


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: the proof that was written down, and how often it may be tried again."""

    proof: ProofView
    tries_left: int


class DuplicateView(msgspec.Struct, frozen=True, kw_only=True):
    """A customer who may be the same as another, and what speaks for it."""

    customer: CustomerView
    likeness: Likeness
    reasons: list[LikenessReason]


class DuplicatePair(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers who may be one."""

    one: CustomerView
    other: CustomerView
    likeness: Likeness
    reasons: list[LikenessReason]


class MergeSide(msgspec.Struct, frozen=True, kw_only=True):
    """One of two customers before they are merged. ``counts``: how much of each kind is theirs, over all modules."""

    customer: CustomerView
    contact_points: list[ContactPointView]
    consents: dict[ConsentPurpose, bool]
    counts: dict[str, int]


class MergePreview(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides, and what comes of it unless something else is chosen.

    ``withdrawn`` are purposes that one agreed to and the other refused: the refusal will count. ``same_name``: both
    names in full are the same, which their masks do not tell.
    """

    survivor: MergeSide
    absorbed: MergeSide
    likeness: Likeness | None
    reasons: list[LikenessReason]
    same_name: bool
    level: Level
    language: str
    since: date
    tags: list[str]
    consents: dict[ConsentPurpose, bool]
    withdrawn: list[ConsentPurpose]


class MergeSource(enum.StrEnum):
    """Whose value stays."""

    SURVIVOR = "survivor"
    ABSORBED = "absorbed"


class MergeWanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a merge is to make. Versions are those that were looked at."""

    absorbed_id: UUID
    version: int
    absorbed_version: int
    name_of: MergeSource = MergeSource.SURVIVOR
    level: Level | None = None
    language: str | None = None


class CustomerChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be another; None leaves it as it is."""

    name: str | None = None
    level: Level | None = None
    language: str | None = None
    tags: tuple[str, ...] | None = None


class NewContactPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A contact point to be made."""

    kind: ContactKind
    value: str
    use: ContactUse = ContactUse.HOME
    preferred: bool = False


class NewConsent(msgspec.Struct, frozen=True, kw_only=True):
    """A word of the customer to be written down. ``proof``: the text agreed to, or what was said.

    ``client_id`` is its writer's own name for it: the same word sent again under it is written down once.
    """

    purpose: ConsentPurpose
    given: bool
    basis: ConsentBasis
    how: ConsentWay
    proof: str
    proof_version: str | None = None
    client_id: UUID | None = None


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
    contact_points: tuple[NewContactPoint, ...] = ()
