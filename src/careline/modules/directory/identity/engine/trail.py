"""Frozen records of the audit. Instants are aware UTC; ``identity.views`` hands them out."""

from datetime import datetime
from uuid import UUID

import msgspec

from careline.kernel.errors import Param
from careline.modules.directory.identity.engine.actions import Outcome


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which audit entries to read. ``actor`` and ``subject`` as they stand in an entry, ``kind`` of the subject;
    ``since`` … ``until`` without its end."""

    actor: str | None = None
    action: str | None = None
    kind: str | None = None
    subject: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditEntryView(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what to what, and how it ended. ``seq`` counts from 1 within the tenant, without gaps.

    ``kind`` says what the subject is; None for an action that this version does not know.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    kind: str | None
    subject: str | None
    outcome: Outcome
    params: dict[str, Param]


class SealView(msgspec.Struct, frozen=True, kw_only=True):
    """The entries ``from_seq`` … ``to_seq`` closed by ``hash`` (hexadecimal), which covers the seal before too."""

    number: int
    from_seq: int
    to_seq: int
    algorithm: str
    hash: str
    sealed_at: datetime


class SealedEntryView(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with its place in the chain. ``digest`` is its own, where its seal covers one of each.

    ``seal`` is None until it is sealed. ``sound`` says whether the seal can be made anew from what stands there now.
    """

    entry: AuditEntryView
    digest: str | None
    seal: SealView | None
    previous: str | None
    sound: bool | None


class AuditStateView(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries a trail should have, and the last seal on it."""

    entries: int
    last_seal: SealView | None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are; ``more`` when it was counted no further."""

    n: int
    more: bool


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the audit is not what was written.

    ``kind``: entry-missing, entry-unexpected, seal-missing or seal-broken; ``first`` and ``last`` say which entries
    (by ``seq``) or which seals (by ``number``). Of an export also line-unreadable and end-missing, by line.
    """

    kind: str
    first: int
    last: int


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying a tenant's audit found; sound when there is no breach.

    ``sealed`` is the number of the last sealed entry. ``last_seal`` is worth keeping elsewhere: with it a later
    verification also finds that the end of the trail was cut off.
    """

    entries: int
    sealed: int
    seals: int
    last_seal: SealView | None
    breaches: list[Breach]


class ExportCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What checking an export found; sound when there is no breach. Entries after ``sealed`` nothing proves yet."""

    entries: int
    sealed: int
    seals: int
    breaches: list[Breach]


class Extract(msgspec.Struct, frozen=True, kw_only=True):
    """What of the trail was asked for, to be taken out: what passes ``wanted`` of the entries before ``before``."""

    id: UUID
    before: int
    wanted: AuditFilter


class ExtractCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What checking the file of an extract by its proof found; sound when there is no breach.

    Breaches: record-changed and record-unproven by ``seq``, seal-broken by number, file-changed, line-unreadable and
    end-missing by line.
    """

    entries: int
    seals: int
    last_seal: SealView | None
    breaches: list[Breach]
