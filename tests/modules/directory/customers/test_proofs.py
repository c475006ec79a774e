"""What proves who speaks: codes and answers, pure."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.modules.directory.customers.engine.proofs import (
    CODE_TRIES,
    LEVEL,
    Facts,
    Proof,
    Question,
    askable,
    code_fits,
    code_hash,
    code_text,
    is_alive,
    is_enough,
    is_right,
)
from careline.modules.directory.customers.rules import Assurance

FACTS = Facts(
    plans=["全球通畅享 198 元", "5G 畅享"],
    since_year=2015,
    other_numbers=["16038126022"],
    users=["王小宝"],
    emails=["Wang.X@example.com"],
    addresses=["示例省示例市城东区桂花路 18 号 3 单元 602"],
)
NOTHING = Facts(plans=[], since_year=2020, other_numbers=[], users=[], emails=[], addresses=[])
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.integers(0, 999_999))
def test_a_code_fits_its_own_row_only(number: int) -> None:
    mine, other, code = uuid4(), uuid4(), code_text(number)
    stored = code_hash(mine, code)

    assert len(code) == 6
    assert code_fits(mine, stored, f" {code[:3]} {code[3:]} ")
    assert code_fits(mine, stored, code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}))
    assert not code_fits(other, stored, code)
    assert not code_fits(mine, stored, code_text((number + 1) % 1_000_000))
    assert code not in stored


@given(st.text(max_size=50))
def test_no_text_is_a_code_by_accident(text: str) -> None:
    code_id = uuid4()
    assert not code_fits(code_id, code_hash(code_id, "123456"), text) or "".join(text.split()) != ""


def test_a_code_dies_by_time_and_by_tries() -> None:
    later = NOW + timedelta(minutes=5)
    assert is_alive(later, CODE_TRIES - 1, NOW)
    assert not is_alive(later, CODE_TRIES, NOW)
    assert not is_alive(later, 0, later)


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (Question.PLAN, ("198", "198 元", "全球通畅享198元", "5g 畅享"), ("19", "8", "元", "", "238", "畅享")),
        (Question.SINCE, ("2015", "2015年", "２０１５"), ("15", "2016", "")),
        (Question.OTHER_NUMBER, ("6022", "16038126022", "1603812 6022"), ("022", "6021", "1603")),
        (Question.LINE_USER, ("王小宝", " 王小宝 "), ("小宝", "王", "")),
        (Question.EMAIL, ("wang.x@example.com",), ("wangx@example.com", "example.com", "")),
        (Question.ADDRESS, ("桂花路18号", "3单元602"), ("示例省示", "602", "路", "")),
    ],
)
def test_answers(question: Question, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    assert [said for said in right if not is_right(question, said, FACTS)] == []
    assert [said for said in wrong if is_right(question, said, FACTS)] == []
    assert not any(is_right(question, said, NOTHING) for said in right if question is not Question.SINCE)


@given(st.sampled_from(list(Question)), st.text(max_size=30))
def test_any_answer_is_right_or_wrong(question: Question, said: str) -> None:
    assert is_right(question, said, FACTS) in (True, False)
    assert not is_right(question, said, NOTHING) or question is Question.SINCE


def test_only_what_the_record_answers_is_asked() -> None:
    assert askable(NOTHING) == [Question.SINCE]
    assert askable(FACTS) == [Question.OTHER_NUMBER, Question.LINE_USER, Question.EMAIL]
    assert Question.ADDRESS not in askable(msgspec.structs.replace(NOTHING, addresses=["短地址"]))


@pytest.mark.parametrize(
    ("results", "enough"),
    [
        ((True, True), True),
        ((True, True, True), True),
        ((True,), False),
        ((True, True, False), False),
        ((False, False), False),
        ((), False),
    ],
)
def test_two_right_and_none_wrong_are_enough(results: tuple[bool, ...], enough: bool) -> None:
    assert is_enough(dict(zip(Question, results, strict=False))) is enough


def test_no_proof_here_is_as_sure_as_papers() -> None:
    """What needs the real-name check, such as another SIM, is never opened by a code to the number it is about."""
    assert set(LEVEL) == set(Proof)
    assert not any(level.satisfies(Assurance.REAL_NAME) for level in LEVEL.values())
    assert all(level.satisfies(Assurance.AGENT_CHECKED) for level in LEVEL.values())


def test_answers_prove_less_than_a_code() -> None:
    """They open what needs more than a caller number, and nothing that asks for a code."""
    assert not LEVEL[Proof.ANSWERS].satisfies(Assurance.ONE_TIME_CODE)
    assert not Assurance.CALLER_NUMBER.satisfies(LEVEL[Proof.ANSWERS])
    assert LEVEL[Proof.ONE_TIME_CODE].satisfies(LEVEL[Proof.ANSWERS])
