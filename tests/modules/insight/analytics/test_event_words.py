"""Supervisors read of which events a figure is made: in words, in both languages."""

import json
from pathlib import Path

import pytest

from careline.modules.insight.analytics.services.projecting import FACTS

LOCALES = Path(__file__).parents[4] / "ui/src/features/analytics/locale"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_event_that_is_counted_has_words(language: str) -> None:
    words = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))

    assert FACTS
    assert [fact.name for fact in FACTS if not words.get(f"event.{fact.name}")] == []
