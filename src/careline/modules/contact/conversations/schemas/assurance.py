"""What the endpoints take and give to be surer who speaks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.modules.directory.customers.views import Assurance, Brand, LineStatus, Proof, Question


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ReachableLine(_Shown):
    """A line of the customer that a code can be sent to."""

    id: UUID
    msisdn_masked: str
    brand: Brand
    status: LineStatus


class AssuranceProof(_Shown):
    """What was tried to be sure who speaks."""

    id: UUID
    proof: Proof
    passed: bool
    at: datetime
    asked_by: str | None


class AssuranceShown(_Shown):
    """How sure we are who speaks, what I can try now, and what was tried, the first thing first."""

    level: Assurance
    lines: list[ReachableLine]
    questions: list[Question]
    rounds_left: int
    proofs: list[AssuranceProof]


class CodeToSend(_Wanted):
    """Where to send a code."""

    subscription_id: UUID


class CodeOnItsWay(_Shown):
    """It can be typed until then; ``msisdn_masked`` is where it went."""

    expires_at: datetime
    msisdn_masked: str


class CodeTried(_Wanted):
    """What the customer read out."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class AnswersTried(_Wanted):
    """What the customer answered, by question; compared with the record and kept nowhere."""

    answers: Annotated[dict[Question, Annotated[str, Field(max_length=400)]], Field(max_length=10)]


class TriedShown(_Shown):
    """What came of it: the level now, and how often the same may be tried again."""

    passed: bool
    level: Assurance
    tries_left: int
