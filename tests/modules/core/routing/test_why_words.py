"""Whatever the engine gives as a reason, the desk has a sentence for, in both languages, that what is known fills."""

import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from careline.modules.core.routing.engine.model import Strategy
from careline.modules.core.routing.engine.why import Reason, SkillMatch, Why

LOCALES = Path(__file__).parents[4] / "ui/src/features/routing/locale"
RULES = [*(strategy.value for strategy in Strategy), "next-in-line"]


def every_reason() -> list[Reason]:
    told: list[Reason] = []
    for rule in RULES:
        for highest in (True, False):
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
                left=2,
                attempt=3,
            )
            told += why.reasons()
    return told


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_reason_has_its_sentence(language: str) -> None:
    sentences = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    reasons = every_reason()
    assert {strategy.value for strategy in Strategy} <= {reason.code for reason in reasons}
    for reason in reasons:
        sentence = sentences.get(f"why.{reason.code}")
        assert sentence, f"{reason.code} has no sentence in {language}"
        assert set(re.findall(r"[{](\w+)", sentence)) <= reason.params.keys(), reason.code
