"""Browser phones: agents keep theirs, and of callers' phones there are never more than so many."""

from pathlib import Path

import pytest

from careline.adapters.asterisk.standby import StandbyVoice
from careline.infra.settings.settings import load
from careline.kernel.errors import Conflict
from careline.modules.contact.telephony.ports import LegRole
from careline.modules.contact.telephony.services import softphones
from careline.modules.contact.telephony.services.softphones import Softphones
from tests.support.clock import FakeClock
from tests.support.fake_voice import FakeVoice
from tests.support.hotline import Hotline


async def test_callers_phones_make_room_for_each_other_and_for_nobody_else(
    hotline: Hotline, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softphones, "MAX_CALLERS", 3)
    phones = hotline.softphones
    agent = await phones.issue("agent-test-8021", LegRole.AGENT)
    first = await phones.issue("demo-phone-0", LegRole.CALLER, number="0")
    for number in range(1, 20):
        await phones.issue(f"demo-phone-{number}", LegRole.CALLER, number=str(number))
        assert await phones.issue("demo-phone-0", LegRole.CALLER, number="0") == first, "who comes back keeps it"

    kept = {"agent-test-8021", "demo-phone-0", "demo-phone-18", "demo-phone-19"}
    assert set(voice.endpoints) == kept
    assert [phones.knows(endpoint) for endpoint in ("demo-phone-1", "demo-phone-17")] == [False, False]
    assert await phones.issue("agent-test-8021", LegRole.AGENT) == agent
    voice.endpoints.clear()
    await phones.push_all()
    assert set(voice.endpoints) == kept


async def test_a_centre_without_voice_says_so_to_who_asks_for_a_phone(tmp_path: Path) -> None:
    async def render(_text: str, _language: str) -> Path:
        raise AssertionError("nothing is said")

    off = StandbyVoice(load({"CARELINE_DATA": str(tmp_path), "CARELINE_VOICE": "off"}), FakeClock(), render)
    with pytest.raises(Conflict) as refused:
        await Softphones(off).issue("agent-test-8021", LegRole.AGENT)
    assert refused.value.code == "voice-off"
