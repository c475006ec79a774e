"""Shapes of departments and posts."""

from typing import Annotated
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field

from careline.modules.directory.identity.schemas.shared import Name, Sent
from careline.modules.directory.identity.schemas.users import Version
from careline.modules.directory.identity.views import OrgUnitView, PostView

Duties = Annotated[str, Field(max_length=8000)]


class OrgUnitShown(BaseModel):
    """A department; the root has no parent. ``people`` are those of itself, not of what is below it."""

    id: UUID
    parent_id: UUID | None
    name: str
    people: int
    version: int

    @classmethod
    def of(cls, unit: OrgUnitView, people: int) -> "OrgUnitShown":
        """A department with how many work in it."""
        return cls(id=unit.id, parent_id=unit.parent_id, name=unit.name, people=people, version=unit.version)


class OrgUnitList(BaseModel):
    """Departments, parents before what is below them."""

    items: list[OrgUnitShown]


class OrgUnitWanted(Sent):
    """A department to be made."""

    parent_id: UUID
    name: Name


class OrgUnitChangeWanted(Sent):
    """What to change of a department; what is missing stays."""

    name: Name | None = None
    parent_id: UUID | None = None
    version: Version


class ClosingWanted(Sent):
    """A department to be closed; who works there goes to ``people_to``."""

    people_to: UUID | None = None
    version: Version


class PostShown(BaseModel):
    """A post with its duties, one a line; ``people`` is how many hold it."""

    id: UUID
    name: str
    duties: str
    people: int
    version: int

    @classmethod
    def of(cls, post: PostView, people: int) -> "PostShown":
        """A post with how many hold it."""
        return cls(**msgspec.structs.asdict(post), people=people)


class PostList(BaseModel):
    """Posts, the oldest first."""

    items: list[PostShown]


class PostWanted(Sent):
    """A post to be made."""

    name: Name
    duties: Duties = ""


class PostChangeWanted(Sent):
    """What a post is called from now on, with its duties."""

    name: Name
    duties: Duties
    version: Version
