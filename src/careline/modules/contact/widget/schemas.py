"""What the widget's endpoints take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.widget.views import Look, Side


class LookWanted(BaseModel):
    """A draft. ``revision`` is that of the draft that was changed, 0 when there was none."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=0, le=2**31 - 1)
    color: str = Field(max_length=20)
    greeting_zh: str = Field(max_length=1000)
    greeting_en: str = Field(max_length=1000)
    side: Side
    avatar: str = Field(max_length=20)
    picture: UUID | None = None
    sites: list[str] = Field(max_length=100)

    def look(self) -> Look:
        """As the record."""
        return Look(**self.model_dump(exclude={"revision"}))


class RevisionWanted(BaseModel):
    """The revision of the draft that was looked at."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=0, le=2**31 - 1)


class LookShown(BaseModel):
    """How widget and customer page look."""

    model_config = ConfigDict(from_attributes=True)

    color: str
    greeting_zh: str
    greeting_en: str
    side: Side
    avatar: str
    picture: UUID | None


class LookInFull(LookShown):
    """The same with the sites that may carry it."""

    sites: list[str]


class LookVersionShown(BaseModel):
    """A look with its number; ``published_at`` is null while it is the draft."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    revision: int
    look: LookInFull
    made_by: UUID | None
    changed_at: datetime
    published_at: datetime | None


class LooksShown(BaseModel):
    """The draft, if there is one, what customers see (null: ``ours``, with which Careline comes), and what they saw."""

    model_config = ConfigDict(from_attributes=True)

    ours: LookInFull
    draft: LookVersionShown | None
    published: LookVersionShown | None
    past: list[LookVersionShown]


class PictureAdded(BaseModel):
    """The id under which a look names the picture."""

    id: UUID
