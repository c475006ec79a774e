"""What proves who speaks: a code sent to a line, and answers that fit the record. Pure; what is random comes as an
argument, and no answer is kept."""

import enum
import hashlib
import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from careline.modules.directory.customers.rules import Assurance

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 3
CODES_WITHIN = timedelta(minutes=10)
CODES_AT_MOST = 3
"""Codes to one line within ``CODES_WITHIN``: more would be a nuisance to its owner and a help to who guesses."""
CODES_HOUR = timedelta(hours=1)
CODES_AT_MOST_HOURLY = 5

QUESTIONS_ASKED = 3
ANSWERS_NEEDED = 2
ROUNDS = 2
"""Rounds of questions in one contact: who fails twice proves it in another way, or comes again."""
ANSWER_MAX = 100
SHORTEST_PART = 4


class Proof(enum.StrEnum):
    """By what a level of assurance was reached."""

    ONE_TIME_CODE = "one_time_code"
    ANSWERS = "answers"
    SERVICE_PASSWORD = "service_password"  # noqa: S105 - the name of a proof


LEVEL = {
    Proof.ONE_TIME_CODE: Assurance.ONE_TIME_CODE,
    Proof.ANSWERS: Assurance.AGENT_CHECKED,
    Proof.SERVICE_PASSWORD: Assurance.SERVICE_PASSWORD,
}
"""The level that each proof reaches. Right answers prove less than a code, which takes the line itself, and a code less
than a password, which whoever holds the phone does not know."""


class Question(enum.StrEnum):
    """What an agent may ask; the answer stands in the record."""

    PLAN = "plan"
    SINCE = "since"
    OTHER_NUMBER = "other_number"
    LINE_USER = "line_user"
    EMAIL = "email"
    ADDRESS = "address"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What of the record questions are made of, in full; it leaves the module in no form."""

    plans: Sequence[str]
    since_year: int
    other_numbers: Sequence[str]
    users: Sequence[str]
    emails: Sequence[str]
    addresses: Sequence[str]


def askable(facts: Facts) -> list[Question]:
    """The questions that this record has an answer to, those first whose answer fewer people know."""
    known = {
        Question.OTHER_NUMBER: bool(facts.other_numbers),
        Question.LINE_USER: bool(facts.users),
        Question.EMAIL: bool(facts.emails),
        Question.ADDRESS: any(len(_plain(one)) >= 2 * SHORTEST_PART for one in facts.addresses),
        Question.PLAN: any(_plain(one) for one in facts.plans),
        Question.SINCE: True,
    }
    return [question for question, has in known.items() if has][:QUESTIONS_ASKED]


def is_right(question: Question, answer: str, facts: Facts) -> bool:
    """Whether what the customer said fits the record."""
    said = _plain(answer)
    if not said:
        return False
    if question is Question.SINCE:
        return said.removesuffix("年") == str(facts.since_year)
    if question is Question.OTHER_NUMBER:
        return len(said) >= SHORTEST_PART and any(one.endswith(said) for one in facts.other_numbers)
    if question is Question.LINE_USER:
        return any(_plain(one) == said for one in facts.users)
    if question is Question.EMAIL:
        return any(one.casefold() == answer.strip().casefold() for one in facts.emails)
    if question is Question.ADDRESS:
        # Its beginning, the town, is shown masked and known to many.
        return len(said) >= SHORTEST_PART and any(said in _plain(one)[SHORTEST_PART:] for one in facts.addresses)
    return any(_names_plan(said, _plain(one)) for one in facts.plans)


def is_enough(results: Mapping[Question, bool]) -> bool:
    """Whether answers prove it: two right and none wrong."""
    return sum(results.values()) >= ANSWERS_NEEDED and all(results.values())


def code_hash(code_id: UUID, code: str) -> str:
    """A code as it is kept: worth nothing beside another row, and for five minutes only."""
    return hashlib.sha256(f"{code_id}:{code}".encode(errors="replace")).hexdigest()


def code_fits(code_id: UUID, stored: str, typed: str) -> bool:
    """Compare in a time that says nothing. Spaces, and full-width digits, are how people type."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    return hmac.compare_digest(stored, code_hash(code_id, plain))


def code_text(number: int) -> str:
    """A number below a million as six digits."""
    return f"{number:0{CODE_DIGITS}d}"


def code_words(language: str, centre: str, code: str) -> str:
    """What the text says, in the customer's language as far as we have it."""
    minutes = int(CODE_LIFETIME.total_seconds() // 60)
    if language.startswith("zh"):
        return f"【{centre}】验证码 {code}，{minutes} 分钟内有效。请只念给正在为您服务的客服，不要告诉其他人。"
    return f"[{centre}] Your code is {code}, good for {minutes} minutes. Read it to the agent serving you, nobody else."


def is_alive(expires_at: datetime, tries: int, now: datetime) -> bool:
    """Whether a code may still be tried."""
    return now < expires_at and tries < CODE_TRIES


def _names_plan(said: str, plan: str) -> bool:
    """Its whole name, or the figure in it by which people call it: 198."""
    figures = [part for part in _figures(plan) if len(part) >= 2]
    return said == plan or said.removesuffix("元") in figures or (len(said) >= SHORTEST_PART and said in plan)


def _figures(text: str) -> list[str]:
    return "".join(char if char.isdigit() else " " for char in text).split()


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
