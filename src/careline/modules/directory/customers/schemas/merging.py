"""Shapes of merging over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.directory.customers.schemas.customers import ContactPointShown, CustomerShown, Version
from careline.modules.directory.customers.views import (
    ConsentPurpose,
    Level,
    Likeness,
    LikenessReason,
    MergeSource,
    MergeWanted,
)


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Duplicate(_Shown):
    """A customer who may be the same as the one asked about, and what speaks for it."""

    customer: CustomerShown
    likeness: Likeness
    reasons: list[LikenessReason]


class DuplicateList(_Shown):
    """The likeliest first. ``more``: others share something, too, and are found by searching for it."""

    items: list[Duplicate]
    more: bool


class CustomerPair(_Shown):
    """Two customers who may be one, and what speaks for it."""

    one: CustomerShown
    other: CustomerShown
    likeness: Likeness
    reasons: list[LikenessReason]


class CustomerPairList(_Shown):
    """Those with the newest customer first. ``next`` goes into ``after``, also when few of those looked at fit."""

    items: list[CustomerPair]
    next: str | None


class PairDismissed(BaseModel):
    """Two customers who are not one."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID
    other_id: UUID


class DismissedPairShown(_Shown):
    """Two who are not one, as somebody said. ``changed``: they are asked about again, not being as they were."""

    one: CustomerShown
    other: CustomerShown
    by_name: str | None
    at: datetime
    changed: bool


class DismissedPairList(_Shown):
    """The latest first; ``next`` is the ``after`` of what follows."""

    items: list[DismissedPairShown]
    next: str | None


class MergeSideShown(_Shown):
    """One of the two. ``counts``: how much of each kind is theirs, over all modules."""

    customer: CustomerShown
    contact_points: list[ContactPointShown]
    consents: dict[ConsentPurpose, bool]
    counts: dict[str, int]


class MergePreviewShown(_Shown):
    """Both, and what comes of it unless something else is chosen. ``withdrawn``: the refusal of one will count."""

    survivor: MergeSideShown
    absorbed: MergeSideShown
    likeness: Likeness | None
    reasons: list[LikenessReason]
    same_name: bool
    level: Level
    language: str
    since: date
    tags: list[str]
    consents: dict[ConsentPurpose, bool]
    withdrawn: list[ConsentPurpose]


class MergeAsked(BaseModel):
    """Which customer is to be absorbed. Versions are those of the preview; what is left out is as it shows."""

    model_config = ConfigDict(extra="forbid")

    absorbed_id: UUID
    version: Version
    absorbed_version: Version
    name_of: MergeSource = MergeSource.SURVIVOR
    level: Level | None = None
    language: Annotated[str, Field(max_length=40, description="BCP 47: zh-CN, en, ug")] | None = None

    def wanted(self) -> MergeWanted:
        """As the use case takes it."""
        return MergeWanted(**self.model_dump())
