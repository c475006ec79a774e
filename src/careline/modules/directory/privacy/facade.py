"""The door of requests about one's own data."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from uuid import UUID

from careline.kernel.paging import Page
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.privacy.services.custodians import Custodians
from careline.modules.directory.privacy.services.erasing import Erasing
from careline.modules.directory.privacy.services.exporting import Exporting
from careline.modules.directory.privacy.services.reapplying import Reapplying
from careline.modules.directory.privacy.services.requests import Requests
from careline.modules.directory.privacy.services.watching import Watching
from careline.modules.directory.privacy.views import (
    Category,
    CopyView,
    Mended,
    Refusal,
    RequestKind,
    RequestShown,
    RequestState,
    RulesView,
    Stuck,
)


class Privacy:
    """Copies and erasures of what is kept of a person, in all modules."""

    def __init__(
        self,
        requests: Requests,
        exporting: Exporting,
        erasing: Erasing,
        reapplying: Reapplying,
        watching: Watching,
        custodians: Custodians,
    ) -> None:
        self._requests = requests
        self._exporting = exporting
        self._erasing = erasing
        self._reapplying = reapplying
        self._watching = watching
        self._custodians = custodians

    def categories(self) -> dict[str, list[Category]]:
        """What is kept of people, by who keeps it."""
        return self._custodians.categories()

    async def ask(
        self, actor: Actor, kind: RequestKind, customer_id: UUID, assurance: str, interaction_id: UUID | None = None
    ) -> RequestShown:
        """Write down what a customer asks for. An erasure waits for a second person; a copy when the tenant says so.

        Raises "customer-not-found", "data-request-assurance-low", "data-request-open", "data-request-other-contact",
        "data-request-contact-old".
        """
        request_id = await self._requests.ask(actor, kind, customer_id, assurance, interaction_id)
        return await self._requests.one(actor, request_id)

    async def approve(self, actor: Actor, request_id: UUID, version: int) -> RequestShown:
        """Have what waits carried out. Raises "own-data-request", "data-request-changed", "erasure-hindered-by-…"."""
        await self._requests.approve(actor, request_id, version)
        return await self._requests.one(actor, request_id)

    async def refuse(self, actor: Actor, request_id: UUID, version: int, why: Refusal) -> RequestShown:
        """Say no to what waits. Raises "own-data-request", "data-request-changed"."""
        await self._requests.refuse(actor, request_id, version, why)
        return await self._requests.one(actor, request_id)

    async def one(self, actor: Actor, request_id: UUID) -> RequestShown:
        """A request, what was done, and what stands against it. Raises "data-request-not-found"."""
        return await self._requests.one(actor, request_id)

    async def page(
        self,
        actor: Actor,
        *,
        kind: RequestKind | None = None,
        states: Collection[RequestState] = (),
        customer_id: UUID | None = None,
        stuck: bool = False,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[RequestShown]:
        """Requests, the newest first; with ``stuck``, those that fail again and again."""
        return await self._requests.page(
            actor, kind=kind, states=states, customer_id=customer_id, stuck=stuck, after=after, limit=limit
        )

    async def copy(self, actor: Actor, request_id: UUID) -> tuple[CopyView, AsyncIterator[bytes]]:
        """The archive of a request; audited.

        Raises "data-request-not-found", "data-copy-gone", "too-many-data-copies".
        """
        return await self._exporting.open(actor, request_id)

    async def rules(self, tenant_id: TenantId) -> RulesView:
        """How many days there are for what, and how copies are handed out."""
        return await self._requests.rules(tenant_id)

    async def set_rules(self, actor: Actor, wanted: RulesView) -> RulesView:
        """Set them. Raises "days-out-of-range", "copies-out-of-range", "data-request-rules-changed"."""
        return await self._requests.set_rules(actor, wanted)

    async def apply_again(self) -> int:
        """Erase again whom the list names and the database still knows; how many. Raises "erasure-list-broken"."""
        return await self._reapplying.apply()

    async def check_list(self) -> int:
        """How many erasures the list names. Raises "erasure-list-broken"."""
        return await self._reapplying.check()

    async def mend_list(self, now: datetime) -> Mended:
        """Make a spoiled list of erasures whole of what can be trusted; audited."""
        return await self._reapplying.mend(now)

    async def stuck(self) -> Stuck:
        """How much of what should be done is not, hours after; of all tenants."""
        return await self._watching.stuck()

    async def go_on(self, tenant_id: TenantId) -> int:
        """Try again what could not be done so far; how many requests that concerns."""
        return await self._watching.go_on(tenant_id)

    async def make_copy(self, tenant_id: TenantId, request_id: UUID) -> None:
        """Make the archive that a request asks for."""
        await self._exporting.make(tenant_id, request_id)

    async def expire_copies(self, tenant_id: TenantId) -> None:
        """Remove archives whose time is over."""
        await self._exporting.expire(tenant_id)

    async def work_on_erasure(self, tenant_id: TenantId, request_id: UUID) -> None:
        """Do what it is time for."""
        await self._erasing.work(tenant_id, request_id)
