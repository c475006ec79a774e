"""A session that is over is cut wherever it is connected, at once."""

from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.kernel.events import Recorded
from careline.modules.directory.identity.events import PermissionsChanged, SessionEnded


class Cut:
    """Ends realtime connections that may not stay."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def session_ended(self, event: SessionEnded, recorded: Recorded) -> None:
        """The browser of this session has to sign in again."""
        self._hub.disconnect(recorded.tenant_id, session_id=event.session_id)

    async def permissions_changed(self, event: PermissionsChanged, recorded: Recorded) -> None:
        """The user's screens come back with what the user may do now."""
        self._hub.disconnect(recorded.tenant_id, actor_id=event.user_id)


def register(live: Live) -> None:
    """Hear of what ends connections."""
    cut = Cut(live.hub)
    live.on(SessionEnded, cut.session_ended)
    live.on(PermissionsChanged, cut.permissions_changed)
