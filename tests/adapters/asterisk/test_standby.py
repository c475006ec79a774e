"""The way to a voice engine that does not come at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from careline.adapters.asterisk import standby as standby_file
from careline.adapters.asterisk.standby import StandbyVoice
from careline.infra.settings.settings import load
from careline.kernel.errors import TransientFailure
from careline.modules.contact.telephony.ports import CallEvents
from tests.support.clock import FakeClock
from tests.support.waiting import until

NOBODY_LISTENS = cast(CallEvents, object())


@dataclass
class Node:
    """A voice engine whose start may fail."""

    trouble: Exception | None = None
    closed: list[bool] = field(default_factory=list)

    @property
    def engine(self) -> "Node":
        return self

    async def start(self, _events: CallEvents) -> None:
        if self.trouble is not None:
            raise self.trouble

    async def close(self, *, keep_node: bool) -> None:
        self.closed.append(keep_node)


class Tries:
    """What comes of one try after another; the last one is let through when ``go_on`` is set."""

    def __init__(self, *outcomes: Node | Exception) -> None:
        self._outcomes = list(outcomes)
        self.go_on = asyncio.Event()

    async def open_voice(self, *_: Any) -> Node:
        if len(self._outcomes) == 1:
            await self.go_on.wait()
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
async def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandbyVoice]:
    async def render(_text: str, _language: str) -> Path:
        return tmp_path / "spoken.wav"

    monkeypatch.setattr(standby_file, "RETRY_SECONDS", (0.0,))
    voice = StandbyVoice(load({"CARELINE_DATA": str(tmp_path)}), FakeClock(), render)
    yield voice
    await voice.close()


@pytest.mark.parametrize(
    ("trouble", "reason", "detail"),
    [
        (PermissionError(13, "Permission denied", "/srv/voice"), "voice-not-usable", "Permission denied: '/srv/voice'"),
        (ValueError("not thought of"), "voice-not-usable", "ValueError"),
        (TransientFailure("Asterisk did not come up"), "voice-not-answering", "Asterisk did not come up"),
    ],
)
async def test_trouble_is_told_and_tried_again(
    voice: StandbyVoice, monkeypatch: pytest.MonkeyPatch, trouble: Exception, reason: str, detail: str
) -> None:
    tries = Tries(trouble, trouble, Node())
    monkeypatch.setattr(standby_file, "open_voice", tries.open_voice)
    voice.begin(NOBODY_LISTENS)
    await until(lambda: voice.reason == reason)
    assert detail in voice.detail
    tries.go_on.set()
    await until(lambda: voice.reason is None)
    assert voice.detail == ""


async def test_an_engine_that_does_not_start_is_let_go_of_before_the_next(
    voice: StandbyVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Node(trouble=TransientFailure("no link")), Node()
    tries = Tries(first, second)
    monkeypatch.setattr(standby_file, "open_voice", tries.open_voice)
    voice.begin(NOBODY_LISTENS)
    await until(lambda: voice.reason == "voice-not-answering")
    assert first.closed == [True], "its node is kept, for the next try to find"
    with pytest.raises(TransientFailure, match="no voice engine"):
        await voice.snapshot()
    tries.go_on.set()
    await until(lambda: voice.reason is None)
    await voice.close()
    assert (first.closed, second.closed) == ([True], [False])
