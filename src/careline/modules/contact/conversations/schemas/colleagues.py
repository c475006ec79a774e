"""What the endpoints between colleagues take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.contact.conversations.rules import MAX_NOTE, MAX_TEXT
from careline.modules.contact.conversations.states import ParticipantRole, TransferOutcome
from careline.modules.core.routing.views import OneWord, Withheld


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TransferWanted(_Wanted):
    """Pass a chat on: to a queue, or to an agent, with a note for who takes it."""

    queue: Annotated[str | None, Field(max_length=64, description="The queue's code")] = None
    agent_id: UUID | None = None
    note: Annotated[str, Field(max_length=2 * MAX_NOTE)] = ""


class QueueTarget(_Shown):
    """A queue to pass a chat on to. ``ready``: of the ``signed_in`` agents, who could take it at once."""

    code: str
    name: str
    waiting: int
    longest_wait_s: float
    signed_in: int
    ready: int
    own: bool


class AgentTarget(_Shown):
    """An agent to pass a chat on to. ``withheld`` None: it rings there at once; full or other_media: they get it as
    soon as they have room; anything else: they cannot be reached.
    """

    id: UUID
    name: str
    number: str
    state: OneWord
    used: int
    limit: int
    withheld: Withheld | None
    queue_name: str


class TransferTargets(_Shown):
    """Who could take a chat. ``more``: agents who fit the search and are not listed."""

    queues: list[QueueTarget]
    agents: list[AgentTarget]
    more: int


class Transfer(_Shown):
    """A chat passed on. ``ended_at`` null: nobody has taken it yet. ``taken_over``: who has it next fetched it."""

    from_name: str | None
    to_queue_name: str | None
    to_agent_name: str | None
    note: str
    begun_at: datetime
    ended_at: datetime | None
    outcome: TransferOutcome | None
    taken_by_name: str | None
    taken_over: bool


class DispositionStep(_Shown):
    """One step of the way from a category down to the code that was chosen, by its name of today."""

    code: str
    name: str
    name_en: str


class WriteUp(_Shown):
    """What one of its agents wrote of their part."""

    agent_name: str | None
    code: str | None
    path: list[DispositionStep]
    note: str


class Participant(_Shown):
    """Somebody of ours who is in a conversation now. ``name`` and ``number`` are those of an agent."""

    user_id: UUID
    name: str | None
    number: str | None
    role: ParticipantRole
    joined_at: datetime


class NoteWanted(_Wanted):
    """Something for colleagues only. ``client_id`` is the sender's own name for it; ``mentions`` are users to call."""

    client_id: UUID
    text: Annotated[str, Field(max_length=2 * MAX_TEXT, description=f"1 to {MAX_TEXT} characters; no NUL")]
    mentions: Annotated[list[UUID], Field(max_length=50)] = []


class Note(_Shown):
    """What somebody wrote for colleagues only; ``mentions`` are the names of those whom it calls."""

    id: UUID
    conversation_id: UUID
    interaction_id: UUID
    client_id: UUID
    author_id: UUID
    author_name: str | None
    text: str
    mentions: list[str]
    at: datetime


class NoteList(_Shown):
    """In order; ``next`` is the ``after`` of what follows, null at the end."""

    items: list[Note]
    next: str | None


class AskInWanted(_Wanted):
    """Ask a colleague in: a ``consultant`` advises unseen, a ``colleague`` serves the customer, too."""

    user_id: UUID
    role: Literal["consultant", "colleague"]


class Colleague(_Shown):
    """An agent who is signed in."""

    id: UUID
    name: str
    number: str
    state: OneWord
