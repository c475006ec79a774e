"""What supervision hears of: people and departments that are elsewhere now."""

from careline.infra.bus.bus import EventBus
from careline.kernel.events import Recorded
from careline.modules.contact.supervision.services.listening import Listening
from careline.modules.directory.identity.events import OrgUnitMoved, PermissionsChanged, UserChanged

Moved = UserChanged | PermissionsChanged | OrgUnitMoved


def register(bus: EventBus, listening: Listening) -> None:
    """Whoever listens stays as long as their permission reaches the agent."""

    async def moved(event: Moved, recorded: Recorded) -> None:
        await listening.send_away_out_of_reach(recorded.tenant_id)

    classes = (UserChanged, PermissionsChanged, OrgUnitMoved)
    bus.subscribe(
        "supervision.listens-within-reach",
        classes,
        moved,
        key=lambda _, recorded: recorded.tenant_id,
        from_now=True,
    )
