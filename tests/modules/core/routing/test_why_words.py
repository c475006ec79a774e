"""Whatever the engine gives as a reason, the desk has a sentence for, in both languages, that what is known fills."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from careline.modules.core.routing.engine.model import Strategy
from careline.modules.core.routing.engine.why import Reason, SkillMatch, Why
from careline.modules.core.routing.engine.whynot import VERDICTS, WhyNot
from tests.support.routing_engine import START

FEATURES = Path(__file__).parents[4] / "ui/src/features"
RULES = [*(strategy.value for strategy in Strategy), "next-in-line"]


def every_reason() -> list[Reason]:
    told: list[Reason] = []
    for rule in RULES:
        for highest, left in ((True, 2), (False, 0)):
            why = Why(
                rule=rule,
                medium="chat",
                waited_s=75,
                idle_s=20,
                load=333,
                skills=(SkillMatch("tariff", 4, highest),),
                relaxed=2,
                last_agent=True,
                desk=UUID(int=1),
                joined=UUID(int=2),
                left=left,
                attempt=3,
                interrupts=("message",),
                beside=("chat",),
            )
            told += why.reasons()
    return told


def every_reason_to_wait() -> list[Reason]:
    """As the engine may give them, and those that the service knows of."""
    told: list[Reason] = []
    for verdict in (*VERDICTS, "offered", "held-for-agent"):
        for at in (None, START):
            why = WhyNot(
                item_id=UUID(int=1),
                verdict=verdict,
                agents=2,
                lacking_skill=1,
                offline=1,
                not_ready=1,
                set_aside=1,
                busy=1,
                declined=1,
                missing=(("tariff", 4, 2),),
                agent=UUID(int=2) if verdict in ("offered", "held-for-agent") else None,
                until=START,
                back_at=at,
                asked_again_at=at,
                relaxes_at=at,
                beside_at=at,
                overflows_at=at,
            )
            told += why.reasons()
    around = [Reason("waits-parked", {}), Reason("waits-ahead", {"n": 2}), Reason("waits-closed", {})]
    return [*told, *around, Reason("waits-closed-until", {"at": ""}), Reason("given", {})]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("feature", ["routing", "supervision"])
def test_every_reason_has_its_sentence(feature: str, language: str) -> None:
    """The desk says them of the agent themselves, the floor of another, and of who waits."""
    sentences = json.loads((FEATURES / feature / f"locale/{language}.json").read_text(encoding="utf-8"))
    reasons = every_reason()
    assert {strategy.value for strategy in Strategy} <= {reason.code for reason in reasons}
    reasons += every_reason_to_wait() if feature == "supervision" else []
    for reason in reasons:
        sentence = sentences.get(f"why.{reason.code}")
        assert sentence, f"{reason.code} has no sentence in {language}"
        assert set(re.findall(r"[{](\w+)", sentence)) <= reason.params.keys(), reason.code
