"""Customers who may be one person: those like one of them, and all pairs, in pages."""

from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.errors import Invalid
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.engine.duplicates import Likeness, Marks, compared
from careline.modules.directory.customers.engine.terms import LONGEST_QUERY, words_of
from careline.modules.directory.customers.repository import customers, merging, pairs, search
from careline.modules.directory.customers.repository.dismissals import Pair
from careline.modules.directory.customers.repository.search import Hits
from careline.modules.directory.customers.services.dismissing import Dismissing
from careline.modules.directory.customers.views import DuplicatePair, DuplicateView

MOST_SHOWN = 20
"""Whom somebody compares with one customer; who has more namesakes than that is found by saying more."""

LOOKED_AT = 200
LOOKS = 5
"""How many pairs are compared at a time, and how often for one page: a page ends, however few of the pairs fit."""

_ORDER = {likeness: place for place, likeness in enumerate(Likeness)}


class Duplicates(msgspec.Struct, frozen=True, kw_only=True):
    """Who may be one customer, the likeliest first. ``more``: others share something with them, too."""

    items: list[DuplicateView]
    more: bool


class Pairs:
    """Looking for customers who are there twice. What was said not to be one is not asked about again."""

    def __init__(self, database: Database, dismissing: Dismissing) -> None:
        self._database = database
        self._dismissing = dismissing

    async def of(self, tenant_id: TenantId, customer_id: UUID) -> Duplicates:
        """Customers who may be the same as this one, the likeliest first. Raises ``NotFound``."""
        async with self._database.reading(tenant_id) as reading:
            own_id = await merging.present(reading, customer_id)
            mine = (await merging.marks(reading, [own_id]))[own_id]
            sharing = await pairs.who_share(reading, own_id, mine, MOST_SHOWN + 1)
            namesakes = await _namesakes(reading, mine, MOST_SHOWN + 1)
            others = await merging.marks(reading, {one for one in [*sharing, *namesakes.ids] if one != own_id})
            views = await customers.views(reading, list(others))
            both = [(own_id, other_id) for other_id in others]
            asked = await self._dismissing.asked(reading, {own_id: mine, **others}, both)
        shown = []
        for other_id, marks in others.items():
            likeness, reasons = compared(mine, marks)
            if likeness is not None and other_id in views and (own_id, other_id) in asked:
                shown.append(DuplicateView(customer=views[other_id], likeness=likeness, reasons=reasons))
        shown.sort(key=lambda one: (_ORDER[one.likeness], str(one.customer.id)))
        cut = len(sharing) > MOST_SHOWN or namesakes.cut or len(shown) > MOST_SHOWN
        return Duplicates(items=shown[:MOST_SHOWN], more=cut)

    async def page(
        self, tenant_id: TenantId, *, likeness: Likeness | None, after: str | None, limit: int
    ) -> Page[DuplicatePair]:
        """Pairs who share a number, an email or an address, of one likeness or of any; the newest customer's first."""
        wanted, place = checked_limit(limit), _place(after)
        shown: list[tuple[Pair, DuplicatePair]] = []
        async with self._database.reading(tenant_id) as reading:
            for _ in range(LOOKS):
                found = await pairs.sharing(reading, after=place, limit=LOOKED_AT)
                shown += await self._fitting(reading, found, likeness)
                if len(found) < LOOKED_AT:
                    place = None
                    break
                place = found[-1]
                if len(shown) > wanted:
                    break
        if len(shown) > wanted:
            place = shown[wanted - 1][0]
        following = None if place is None else f"{place[1]}.{place[0]}"
        return Page(items=[pair for _, pair in shown[:wanted]], next=following)

    async def _fitting(
        self, reading: Reading, found: list[Pair], wanted: Likeness | None
    ) -> list[tuple[Pair, DuplicatePair]]:
        ids = {one for pair in found for one in pair}
        marks = await merging.marks(reading, ids) if ids else {}
        views = await customers.views(reading, ids) if ids else {}
        asked = await self._dismissing.asked(reading, marks, found)
        fitting = []
        for one, other in (pair for pair in found if pair in asked):
            likeness, reasons = compared(marks[one], marks[other])
            if likeness is not None and wanted in (None, likeness):
                pair = DuplicatePair(one=views[one], other=views[other], likeness=likeness, reasons=reasons)
                fitting.append(((one, other), pair))
        return fitting


async def _namesakes(reading: Reading, mine: Marks, limit: int) -> Hits:
    """Customers whose name begins as this one's does; what is no name to look for has none."""
    try:
        words = [word for name in mine.names for word in words_of(name[:LONGEST_QUERY])]
    except Invalid:
        return Hits([], cut=False)
    return await search.find(reading, words, limit)


def _place(after: str | None) -> Pair | None:
    """The pair after which a page begins, newer customer first, as ``next`` said it."""
    if not after:
        return None
    newer, _, older = after.partition(".")
    try:
        return UUID(older), UUID(newer)
    except ValueError:
        raise Invalid("position-unknown", field="after") from None
