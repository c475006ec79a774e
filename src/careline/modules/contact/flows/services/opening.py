"""Whether somebody would serve a chat that began now, for a page that nobody has written on yet."""

from careline.kernel.errors import DomainError, NotFound
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.views import Channel
from careline.modules.contact.flows.engine.checking import reachable
from careline.modules.contact.flows.engine.steps import Enqueue
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.flows.views import ChatOpening
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import QueueOpening
from careline.modules.directory.identity.facade import Identity


class Opening:
    """Looks at the queues that the entry flow of chats can lead to."""

    def __init__(self, studio: Studio, routing: Routing, identity: Identity) -> None:
        self._studio = studio
        self._routing = routing
        self._identity = identity

    async def of_chats(self, tenant_code: str) -> ChatOpening:
        """Open when one of the queues is, else when the first of them opens. Raises ``tenant-not-found``."""
        tenant = await self._identity.tenant_by_code(tenant_code)
        if tenant is None:
            raise NotFound("tenant-not-found")
        try:
            flow = self._studio.read(await self._studio.in_force(tenant.id, channel=Channel.WEBCHAT.value))
        except NotFound:
            return ChatOpening(open=False, opens_at=None)
        steps = [flow.steps[name] for name in sorted(reachable(flow, flow.start))]
        hours = [self._hours(tenant.id, step.queue) for step in steps if isinstance(step, Enqueue)]
        # A flow without a queue is a machine alone, which is always there.
        if not hours or any(one.open for one in hours):
            return ChatOpening(open=True, opens_at=None)
        return ChatOpening(open=False, opens_at=min((one.opens_at for one in hours if one.opens_at), default=None))

    def _hours(self, tenant_id: TenantId, queue: str) -> QueueOpening:
        try:
            return self._routing.opening(tenant_id, queue)
        except DomainError:
            return QueueOpening(open=False, opens_at=None)
