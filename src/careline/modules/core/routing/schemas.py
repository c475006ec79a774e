"""What routing's endpoints take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from careline.modules.core.routing.views import (
    AgentInFull,
    AgentSettings,
    AgentStateView,
    Chosen,
    DeskView,
    Media,
    MediaRules,
    MediumState,
    OneWord,
    Overflow,
    QueueInFull,
    QueueRules,
    QueueSettings,
    Strategy,
    Withheld,
)

Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Code = Annotated[str, Field(max_length=80)]
Text = Annotated[str, Field(max_length=400)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that was looked at")]


class StateWanted(BaseModel):
    """The chosen part of an agent's state; not ready needs a reason."""

    model_config = ConfigDict(extra="forbid")

    chosen: Chosen
    reason: Code | None = None


class Medium(BaseModel):
    """One medium of an agent: what is in hand, of how much; null in ``withheld`` means that more of it is offered."""

    model_config = ConfigDict(from_attributes=True)

    state: MediumState
    used: int
    limit: int
    withheld: Withheld | None


class AgentState(BaseModel):
    """An agent now; ``state`` is the one word for screens."""

    model_config = ConfigDict(from_attributes=True)

    agent_id: UUID
    chosen: Chosen
    reason: str | None
    state: OneWord
    since: datetime
    media: dict[Media, Medium]

    @classmethod
    def of(cls, view: AgentStateView) -> "AgentState":
        """From routing's record."""
        return cls.model_validate(view)


class _Whole(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Need(_Whole):
    """A skill that is asked for, with the least proficiency, 1 … 5."""

    skill: Code
    level: Whole


class RelaxationShown(_Whole):
    """What gives way after so many seconds: levels off every need, skills no longer asked for, queues that help."""

    after_s: Whole
    lower_by: Whole = 0
    drop: Annotated[list[Code], Field(max_length=20)] = []
    join: Annotated[list[UUID], Field(max_length=50)] = []


class QueueRulesShown(_Whole):
    """How a queue is served, and what it does with those it cannot keep; null is no limit."""

    strategy: Strategy
    priority_step_s: Whole
    relaxation: Annotated[list[RelaxationShown], Field(max_length=50)]
    preferred_wait_s: Whole
    max_waiting: Whole | None
    max_wait_s: Whole | None
    overflow: Overflow
    overflow_to: UUID | None
    calendar_id: UUID | None
    closed: bool
    decline_pause_s: Whole
    set_aside_s: Whole | None


class QueueWanted(_Whole):
    """Everything that is set of a queue, but its code."""

    name: Text
    media: Annotated[list[Media], Field(max_length=10)]
    needs: Annotated[list[Need], Field(max_length=50)]
    target: Annotated[float, Field(allow_inf_nan=False)]
    target_seconds: Whole
    ring_seconds: Whole
    wrap_up_seconds: Whole
    rules: QueueRulesShown

    def settings(self, code: str, version: int) -> QueueSettings:
        """As routing takes it."""
        return QueueSettings(
            code=code,
            name=self.name,
            media=self.media,
            needs=[(need.skill, need.level) for need in self.needs],
            target=self.target,
            target_seconds=self.target_seconds,
            ring_seconds=self.ring_seconds,
            wrap_up_seconds=self.wrap_up_seconds,
            rules=msgspec.convert(self.rules.model_dump(mode="json"), QueueRules),
            version=version,
        )


class NewQueueWanted(QueueWanted):
    """A queue to be made. ``code`` is what flows call it."""

    code: Code


class QueueChangeWanted(QueueWanted):
    """A queue as it shall be."""

    version: Version


class QueueSettingsShown(QueueWanted):
    """A queue as it is set."""

    id: UUID
    code: str
    version: int

    @classmethod
    def of(cls, queue: QueueInFull) -> "QueueSettingsShown":
        """From routing's record."""
        told = {**msgspec.to_builtins(queue.settings), "id": queue.id}
        told["needs"] = [Need(skill=skill, level=level) for skill, level in queue.settings.needs]
        return cls.model_validate(told)


class AgentSettingsWanted(_Whole):
    """Everything that is set of an agent, but their number. ``skills`` are levels 1 … 5; ``queues`` null is all."""

    capacity: dict[Media, Annotated[int, Field(ge=0, le=100)]]
    skills: Annotated[dict[Code, Whole], Field(max_length=500)]
    queues: Annotated[list[UUID], Field(max_length=500)] | None = None
    desk_id: UUID | None = None
    active: bool = True

    def settings(self, version: int) -> AgentSettings:
        """As routing takes it."""
        return AgentSettings(
            capacity={media.value: most for media, most in self.capacity.items()},
            skills=self.skills,
            queues=self.queues,
            desk_id=self.desk_id,
            active=self.active,
            version=version,
        )


class NewAgentWanted(AgentSettingsWanted):
    """A user to be made an agent. The number is 3 to 8 digits and stays."""

    user_id: UUID
    number: Annotated[str, Field(max_length=20)]


class AgentChangeWanted(AgentSettingsWanted):
    """An agent as they shall be."""

    version: Version


class AgentSettingsShown(AgentSettingsWanted):
    """An agent as they are set."""

    id: UUID
    number: str
    display_name: str
    version: int

    @classmethod
    def of(cls, agent: AgentInFull) -> "AgentSettingsShown":
        """From routing's record."""
        told = {**msgspec.to_builtins(agent), **msgspec.to_builtins(agent.settings)}
        told.pop("settings")
        return cls.model_validate(told)


class AgentList(BaseModel):
    """Agents, by number; ``next`` goes into ``after``."""

    items: list[AgentSettingsShown]
    next: str | None


class LevelsChange(_Whole):
    """Other levels of one agent; 0 takes a skill away."""

    agent_id: UUID
    version: Version
    skills: Annotated[dict[Code, Annotated[int, Field(ge=0, le=5)]], Field(max_length=500)]


class LevelsWanted(_Whole):
    """Other levels of several agents, all of them or none."""

    changes: Annotated[list[LevelsChange], Field(max_length=1000)]


class DeskWanted(_Whole):
    """A dedicated desk. An empty list means any queue, any kind of customer."""

    name: Text
    queues: Annotated[list[UUID], Field(max_length=500)]
    kinds: Annotated[list[Code], Field(max_length=100)]

    def desk(self, desk_id: UUID, version: int) -> DeskView:
        """As routing takes it."""
        return DeskView(id=desk_id, name=self.name, queues=self.queues, kinds=self.kinds, version=version)


class DeskChangeWanted(DeskWanted):
    """A desk as it shall be."""

    version: Version


class DeskShown(DeskWanted):
    """A desk as it is kept."""

    id: UUID
    version: int


class DeskList(BaseModel):
    """Desks, by name; all on one page."""

    items: list[DeskShown]
    next: str | None = None


class ReasonShown(_Whole):
    """A reason of not being ready, with its names."""

    code: Code
    name: Text
    name_en: Text


class ReasonsWanted(_Whole):
    """The whole list in its order. ``version`` is 0 while the list is the usual one."""

    items: Annotated[list[ReasonShown], Field(max_length=100)]
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class ReasonsShown(ReasonsWanted):
    """The list as it is set."""


class MediaRulesWanted(_Whole):
    """How the media share an agent's attention: whether who chats may be offered a call and the other way round, and
    what may be offered to who has a left message in hand. A message that has waited for ``message_beside_after_s`` of
    open time is offered to who has chats and room for one more too; null for never. ``version`` is 0 while it is as
    usual."""

    call_beside_chats: bool
    message_interrupted_by: Annotated[list[Media], Field(max_length=10)]
    message_beside_after_s: Whole | None
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]

    def rules(self) -> MediaRules:
        """As routing takes it."""
        return MediaRules(
            call_beside_chats=self.call_beside_chats,
            message_interrupted_by=tuple(self.message_interrupted_by),
            message_beside_after_s=self.message_beside_after_s,
            version=self.version,
        )


class MediaRulesShown(MediaRulesWanted):
    """The rules as they are set."""


class SkillWanted(_Whole):
    """What a skill is called."""

    name: Text


class NewSkillWanted(SkillWanted):
    """A skill to be made; ``code`` is what queues ask for."""

    code: Code


class SkillShown(NewSkillWanted):
    """A skill, how many agents have it, and the queues that ask for it."""

    agents: int
    queues: list[str]


class SkillList(BaseModel):
    """Skills, by code; all on one page."""

    items: list[SkillShown]
    next: str | None = None


class QueueList(BaseModel):
    """Queues, by code. A centre has tens of them: they come on one page, and ``next`` is always null."""

    items: list[QueueSettingsShown]
    next: str | None = None
