"""What the endpoints of the studio take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.flows.engine.comparing import Difference
from careline.modules.contact.flows.services.studio import Checked
from careline.modules.contact.flows.views import FlowView, VersionContent

Definition = Annotated[dict[str, Any], Field(description="See the JSON Schema at /flow-schema")]
Drawing = Annotated[dict[str, Any] | None, Field(description="Where an editor puts the steps; it means nothing else")]


class FlowSummary(BaseModel):
    """A flow in a list. ``revision`` goes back with a change, which is refused when somebody else was faster."""

    code: str
    name: str
    entry_channel: str | None
    published_version: int | None
    newest_version: int
    revision: int
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
            revision=view.revision,
            changed_at=view.changed_at,
        )


class FlowList(BaseModel):
    """All flows of the tenant."""

    items: list[FlowSummary]


class FlowDetail(FlowSummary):
    """A flow with its newest definition (see the JSON Schema at ``/flow-schema``)."""

    definition: dict[str, Any]
    drawing: dict[str, Any] | None

    @classmethod
    def of(cls, view: FlowView) -> "FlowDetail":
        """From the record of flows."""
        summary = FlowSummary.of(view).model_dump()
        return cls(**summary, definition=view.definition, drawing=view.drawing)


class NewFlow(BaseModel):
    """A flow to be made, with its first draft."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    definition: Definition
    drawing: Drawing = None


class Draft(BaseModel):
    """A definition to keep as the draft. ``revision`` is the one that was looked at."""

    model_config = ConfigDict(extra="forbid")

    definition: Definition
    drawing: Drawing = None
    revision: int


class Definitions(BaseModel):
    """A definition to be checked and kept nowhere. ``code`` is the flow it is for."""

    model_config = ConfigDict(extra="forbid")

    definition: Definition
    code: Annotated[str, Field(max_length=40)] = ""


class FlowProblem(BaseModel):
    """One thing to mend before publishing."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    step: str
    detail: str


class FlowLimit(BaseModel):
    """A step that cannot do on a channel what it is for, and takes the way for having got nothing there.

    With a ``language``: there is no voice for what it says in that language, so that callers hear it in another.
    """

    model_config = ConfigDict(from_attributes=True)

    channel: str
    step: str
    kind: str
    language: str = ""


class Verdict(BaseModel):
    """``problems`` forbid publishing; ``limits`` say which steps a channel cannot do."""

    problems: list[FlowProblem]
    limits: list[FlowLimit]

    @classmethod
    def of(cls, found: Checked) -> "Verdict":
        """From the studio's record."""
        return cls(
            problems=[FlowProblem.model_validate(one) for one in found.problems],
            limits=[FlowLimit.model_validate(one) for one in found.limits],
        )


class DraftSaved(Verdict):
    """The draft is kept, as this version and revision."""

    version: int
    revision: int

    @classmethod
    def of(cls, found: Checked) -> "DraftSaved":
        """From the studio's record."""
        return cls(**Verdict.of(found).model_dump(), version=found.version, revision=found.revision)


class Publishing(BaseModel):
    """Put the draft in force. ``revision`` is the one that was looked at; ``note`` says what is different."""

    model_config = ConfigDict(extra="forbid")

    revision: int
    note: Annotated[str, Field(max_length=500)] = ""


class RollBack(BaseModel):
    """Put a version in force again."""

    model_config = ConfigDict(extra="forbid")

    version: int
    note: Annotated[str, Field(max_length=500)] = ""


class Published(BaseModel):
    """The version now in force for new contacts."""

    version: int


class Version(BaseModel):
    """A version; the one without ``published_at`` is the draft. ``changed_by`` null is the system."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    revision: int
    changed_at: datetime
    changed_by: str | None
    published_at: datetime | None
    in_force: bool


class Publication(BaseModel):
    """That a version was put in force instead of another. ``by`` null is the system."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    replaced: int | None
    at: datetime
    by: str | None
    note: str


class VersionList(BaseModel):
    """All versions, the newest first, and the latest 200 times that one was put in force."""

    items: list[Version]
    publications: list[Publication]


class FlowFile(BaseModel):
    """A version of a flow as it is taken out and brought in."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    format: Literal["careline-flow-1"] = "careline-flow-1"
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    version: int = 1
    definition: Definition
    drawing: Drawing = None

    @classmethod
    def of(cls, content: VersionContent) -> "FlowFile":
        """From the record of versions."""
        return cls(
            code=content.code,
            name=content.name,
            version=content.version,
            definition=content.definition,
            drawing=content.drawing,
        )


class StepDifferenceShown(BaseModel):
    """A step that was ``added``, ``removed`` or ``changed``, then in these fields."""

    model_config = ConfigDict(from_attributes=True)

    step: str
    change: str
    fields: list[str]


class DifferenceShown(BaseModel):
    """What is different; ``around`` names what differs beside the steps (start, safety, expects)."""

    around: list[str]
    steps: list[StepDifferenceShown]

    @classmethod
    def of(cls, found: Difference) -> "DifferenceShown":
        """From the record of the comparison."""
        return cls(around=found.around, steps=[StepDifferenceShown.model_validate(one) for one in found.steps])


TenantCode = Annotated[str, Field(min_length=1, max_length=64)]


class ChatOpeningShown(BaseModel):
    """Whether people serve chats now. ``opens_at`` is when they do next; null while they do, or nobody can say."""

    model_config = ConfigDict(from_attributes=True)

    open: bool
    opens_at: datetime | None
