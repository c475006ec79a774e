"""From a figure to the events that make it."""

from careline.infra.database.database import Database
from careline.infra.database.log import read_at
from careline.kernel.errors import Invalid
from careline.kernel.events import Recorded
from careline.kernel.paging import checked_limit
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing.facade import Routing
from careline.modules.insight.analytics.errors import FigureUnknown, WindowUnknown
from careline.modules.insight.analytics.repository.following import Place, places
from careline.modules.insight.analytics.rules import DEFINITIONS_VERSION, NOW, UNITS, Figure, window_of
from careline.modules.insight.analytics.services.today import Today
from careline.modules.insight.analytics.views import ContributionView, DefinitionView, FigureEvents

_IN_MILLISECONDS = frozenset({"waited", "contact", "after_contact_work"})


class Follower:
    """Reads the very events of the log."""

    def __init__(self, database: Database, routing: Routing, today: Today) -> None:
        self._database = database
        self._routing = routing
        self._today = today

    async def events(
        self, tenant_id: TenantId, code: str, *, window: str, after: str | None, limit: int
    ) -> FigureEvents:
        """A page of a figure's events. Raises ``figure-not-found``, ``window-unknown``, ``position-unknown``."""
        figure = _figure(code)
        if window != window_of(figure):
            raise WindowUnknown(window_of(figure))
        checked_limit(limit)
        period = await self._today.period(tenant_id)
        async with self._database.reading(tenant_id) as reading:
            found = await places(reading, figure, period, after=_position(after), limit=limit + 1)
            shown = found[:limit]
            following = str(shown[-1].position) if len(found) > limit else None
            if window == NOW:
                shown = [place for place in shown if self._waits(tenant_id, place)]
            recorded = await read_at(reading, [place.position for place in shown])
        return FigureEvents(
            items=[_view(place, recorded[place.position]) for place in shown],
            next=following,
            definition=DefinitionView(
                text_code=f"figure.{figure.value}", version=DEFINITIONS_VERSION, unit=UNITS[figure]
            ),
        )

    def _waits(self, tenant_id: TenantId, place: Place) -> bool:
        """Whom an agent is being asked to take is not waiting any more, and perhaps will be again; routing knows."""
        return self._routing.position(tenant_id, place.interaction_id) is not None


def _figure(code: str) -> Figure:
    try:
        return Figure(code)
    except ValueError:
        raise FigureUnknown(code) from None


def _position(after: str | None) -> int:
    if not after:
        return 0
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise Invalid("position-unknown", field="after")
    return int(after)


def _view(place: Place, recorded: Recorded) -> ContributionView:
    scale = 1000 if place.contributes in _IN_MILLISECONDS else 1
    return ContributionView(
        position=place.position,
        at=recorded.occurred_at,
        name=recorded.event.name,
        subject=recorded.subject,
        interaction_id=place.interaction_id,
        contributes=place.contributes,
        value=place.value / scale,
    )
