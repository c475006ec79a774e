"""Shapes of the audit."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from careline.kernel.errors import Param
from careline.modules.directory.identity.schemas.shared import Shown


class AuditEntryShown(Shown):
    """Who did what to what."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str | None
    params: dict[str, Param]


class AuditList(BaseModel):
    """Audit entries, the latest first; ``next`` goes into ``after``. ``names`` says what ids in them are called: people
    of the house, departments, posts and roles."""

    items: list[AuditEntryShown]
    names: dict[UUID, str]
    next: str | None


class SealShown(Shown):
    """The entries ``from_seq`` … ``to_seq`` closed by a hash that covers the seal before, too."""

    number: int
    from_seq: int
    to_seq: int
    algorithm: str
    hash: str
    sealed_at: datetime


class AuditState(Shown):
    """How many entries there should be, and the last seal; entries after it are sealed within a minute."""

    entries: int
    last_seal: SealShown | None


class BreachShown(Shown):
    """Where the audit is not what was written: entries by ``seq``, or seals by ``number``."""

    kind: str
    first: int
    last: int


class VerificationShown(Shown):
    """What checking every entry and seal found; sound without breaches."""

    entries: int
    sealed: int
    seals: int
    last_seal: SealShown | None
    breaches: list[BreachShown]
