"""What the endpoints of flows take and give."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.flows.engine.checking import Problem
from careline.modules.contact.flows.views import FlowView


class FlowSummary(BaseModel):
    """A flow in a list."""

    code: str
    name: str
    entry_channel: str | None
    published_version: int | None
    newest_version: int
    changed_at: datetime

    @classmethod
    def of(cls, view: FlowView) -> "FlowSummary":
        """From the record of flows."""
        return cls(
            code=view.code,
            name=view.name,
            entry_channel=view.entry_channel,
            published_version=view.published_version,
            newest_version=view.newest_version,
            changed_at=view.changed_at,
        )


class FlowList(BaseModel):
    """All flows of the tenant."""

    items: list[FlowSummary]


class FlowDetail(FlowSummary):
    """A flow with its newest definition (see the JSON Schema at ``/flow-schema``)."""

    definition: dict[str, Any]


class Draft(BaseModel):
    """A definition to keep as the draft."""

    model_config = ConfigDict(extra="forbid")

    definition: dict[str, Any] = Field(description="See the JSON Schema at /flow-schema")


class FlowProblem(BaseModel):
    """One thing to mend before publishing."""

    code: str
    step: str
    detail: str

    @classmethod
    def of(cls, problem: Problem) -> "FlowProblem":
        """From the checker's record."""
        return cls(code=problem.code, step=problem.step, detail=problem.detail)


class DraftSaved(BaseModel):
    """The draft is kept; these problems forbid publishing it."""

    problems: list[FlowProblem]


class Published(BaseModel):
    """The version now in force for new contacts."""

    version: int


TenantCode = Annotated[str, Field(min_length=1, max_length=64)]


class ChatOpeningShown(BaseModel):
    """Whether people serve chats now. ``opens_at`` is when they do next; null while they do, or nobody can say."""

    model_config = ConfigDict(from_attributes=True)

    open: bool
    opens_at: datetime | None
