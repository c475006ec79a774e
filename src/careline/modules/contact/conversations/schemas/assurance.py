"""What the endpoints take and give to be surer who speaks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from careline.modules.directory.customers.views import Assurance, Brand, FormPurpose, LineStatus, Proof, Question


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


class PasswordFormShown(_Shown):
    """A form for a service password that the customer is shown until then; what they type I never see."""

    id: UUID
    subscription_id: UUID
    purpose: FormPurpose
    msisdn_masked: str
    expires_at: datetime
    tries_left: int


class AssuranceShown(_Shown):
    """How sure we are who speaks, what I can try now, and what was tried, the first thing first."""

    level: Assurance
    lines: list[ReachableLine]
    questions: list[Question]
    rounds_left: int
    proofs: list[AssuranceProof]
    password_lines: list[ReachableLine]
    new_password_lines: list[ReachableLine]
    password_form: PasswordFormShown | None


class CodeToSend(_Wanted):
    """Where to send a code."""

    subscription_id: UUID


class CodeOnItsWay(_Shown):
    """It can be typed until then; ``msisdn_masked`` is where it goes. ``delivered``: it is there, not only accepted."""

    expires_at: datetime
    msisdn_masked: str
    delivered: bool


class PasswordAsked(_Wanted):
    """The line whose service password the customer is asked for."""

    subscription_id: UUID


class PasswordTyped(_Wanted):
    """What the customer typed, and what for: the password that they have, or the one that they choose."""

    purpose: FormPurpose
    password: Annotated[SecretStr, Field(min_length=1, max_length=40)]


class PasswordFilled(_Shown):
    """Whether it was right, or is kept; and how often it may be tried again."""

    done: bool
    tries_left: int


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
