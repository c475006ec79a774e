"""From the settings to a voice engine: our own supervised node, or one that somebody else runs.

Typical use, where everything is put together::

    voice = await open_voice(settings, clock, announcements)
    await voice.engine.start(telephony_events)
    ...
    await voice.close(keep_node=False)
"""

from collections.abc import Mapping
from pathlib import Path

from careline.adapters.asterisk.bundle import locate_bundle
from careline.adapters.asterisk.engine import AsteriskVoice
from careline.adapters.asterisk.node import DEMO_TRUNK, NodeAddress, NodePlan
from careline.adapters.asterisk.supervisor import VoiceSupervisor
from careline.infra.settings.settings import Settings, VoiceMode
from careline.kernel.clock import Clock

NODE = "voice-1"

ANNOUNCEMENTS = {
    "recovering": "您好，系统正在恢复，请稍候，我们会尽快为您接通。",
    "sorry": "很抱歉，系统暂时无法为您服务，请稍后再拨。再见。",
    "busy": "您好，当前来电较多，暂时无法接入，请稍后再拨。",
}
"""What the safe dialplan says to callers, for whoever renders speech; a tone stands in where there is none."""


class Voice:
    """A voice engine with what stands behind it."""

    def __init__(self, engine: AsteriskVoice, http_url: str, supervisor: VoiceSupervisor | None) -> None:
        self.engine = engine
        self.http_url = http_url
        self._supervisor = supervisor

    async def close(self, *, keep_node: bool) -> None:
        """Let go of the engine. ``keep_node`` leaves our own node running with its calls, for a quick restart of
        Careline; otherwise it is stopped, and calls that are up end."""
        await self.engine.close()
        if self._supervisor is None:
            return
        if keep_node:
            await self._supervisor.detach()
        else:
            await self._supervisor.stop()


def plan_of(settings: Settings, announcements: Mapping[str, Path] | None = None) -> NodePlan:
    """Our own node after the settings. Only in the demo do calls from this machine count as a trunk's."""
    return NodePlan(
        name=NODE,
        folder=settings.data / "voice" / NODE,
        sip_port=settings.sip_port,
        trunks=(DEMO_TRUNK,) if settings.demo else (),
        announcements=announcements or {},
    )


async def open_voice(settings: Settings, clock: Clock, announcements: Mapping[str, Path] | None = None) -> Voice | None:
    """Bring the voice engine up, not started yet; None when voice is switched off.

    Raises ``PermanentFailure`` when Asterisk is not installed, ``Invalid`` when a setting cannot be used,
    ``TransientFailure`` when Asterisk does not come up.
    """
    if settings.voice is VoiceMode.OFF:
        return None
    if settings.voice is VoiceMode.EXTERNAL:
        address = NodeAddress.at(settings.asterisk_url or "")
        recordings = settings.data / "voice" / "external" / "recordings"
        recordings.mkdir(parents=True, exist_ok=True)
        return Voice(AsteriskVoice("external", address, clock, recordings=recordings), address.ari_url, None)
    plan = plan_of(settings, announcements)
    supervisor = VoiceSupervisor(plan, locate_bundle(settings.tools))
    try:
        ready = await supervisor.start()
    except BaseException:
        await supervisor.detach()  # what it waited for is for the next one to see
        raise
    engine = AsteriskVoice(
        plan.name,
        NodeAddress.of(ready.keys),
        clock,
        recordings=ready.folder / "recordings",
        max_calls=plan.max_calls,
    )
    return Voice(engine, ready.keys.ari_url, supervisor)
