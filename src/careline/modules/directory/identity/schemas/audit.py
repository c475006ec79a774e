"""Shapes of the audit."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from careline.kernel.errors import Param
from careline.modules.directory.identity.engine.actions import Outcome
from careline.modules.directory.identity.schemas.shared import Shown


class AuditEntryShown(Shown):
    """Who did what to what, and how it ended. ``kind`` says what the subject is, where that is known."""

    seq: int
    at: datetime
    actor: str
    action: str
    kind: str | None
    subject: str | None
    outcome: Outcome
    params: dict[str, Param]


class FoundShown(Shown):
    """How many entries there are; ``more`` when it was counted no further."""

    n: int
    more: bool


class AuditList(BaseModel):
    """Audit entries, the latest first; ``next`` goes into ``after``. ``names`` says what ids in them are called: people
    of the house, service accounts, departments, posts and roles. ``found`` comes with the first page."""

    items: list[AuditEntryShown]
    names: dict[UUID, str]
    found: FoundShown | None
    next: str | None


class AuditActionShown(Shown):
    """An action that the audit tells of, what it is done to, and how it ended when it stands there."""

    action: str
    kind: str
    outcome: Outcome


class AuditActions(BaseModel):
    """Every action, by kind."""

    items: list[AuditActionShown]


class SealShown(Shown):
    """The entries ``from_seq`` … ``to_seq`` closed by a hash that covers the seal before, too."""

    number: int
    from_seq: int
    to_seq: int
    algorithm: str
    hash: str
    sealed_at: datetime


class SealedEntryShown(Shown):
    """An entry with its place in the chain: the seal over it, the hash of the seal before, and whether the seal can be
    made anew from what stands there now. ``digest`` is the entry's own. Without a seal it is sealed within a minute."""

    entry: AuditEntryShown
    names: dict[UUID, str]
    digest: str | None
    seal: SealShown | None
    previous: str | None
    sound: bool | None


class ExtractWanted(BaseModel):
    """What to take out of the audit; what is not given narrows nothing."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[str | None, Field(max_length=200)] = None
    action: Annotated[str | None, Field(max_length=200)] = None
    kind: Annotated[str | None, Field(max_length=200)] = None
    subject: Annotated[str | None, Field(max_length=200)] = None
    outcome: Outcome | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class ExtractAsked(BaseModel):
    """An extract that can be taken now, by who asked for it: as a file of either format, and its proof after that."""

    id: UUID


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
