"""The demo's requests about one's own data: a copy to be downloaded, and an erasure that waits for a decision."""

from careline.bootstrap import Careline
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.directory.identity.views import TenantView
from careline.modules.directory.privacy.views import RequestKind

ASKED_BY = "8001"
ASKED = ((RequestKind.EXPORT, "16036220914"), (RequestKind.ERASURE, "16037734450"))
"""What, and the number of whom."""


async def seed(careline: Careline, tenant: TenantView) -> None:
    """Make them where nobody ever asked for anything."""
    privacy = careline.privacy.facade
    author = await careline.identity.facade.user_by_login(tenant.id, ASKED_BY)
    if author is None:
        return
    actor = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=author.id)
    if (await privacy.page(actor, limit=1)).items:
        return
    for kind, number in ASKED:
        line = await careline.customers.facade.line(tenant.id, number)
        if line is not None:
            request = (await privacy.ask(actor, kind, line.customer_id, "real_name")).request
            await privacy.make_copy(tenant.id, request.id)  # of an erasure none is made
