"""The door of the widget."""

from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.widget.services.looks import Wardrobe
from careline.modules.contact.widget.views import Look, Looks, LookVersion


class Widget:
    """How customers' pages look, and where they may stand."""

    def __init__(self, wardrobe: Wardrobe) -> None:
        self._wardrobe = wardrobe

    async def sites(self) -> dict[TenantId, frozenset[str]]:
        """The origins that may carry the widget of each tenant, as published."""
        return await self._wardrobe.sites()

    async def seen(self, tenant_code: str) -> Look:
        """What customers of a tenant see. Raises ``NotFound``."""
        return await self._wardrobe.seen(tenant_code)

    async def looks(self, tenant_id: TenantId) -> Looks:
        """The draft, what customers see, and what they saw."""
        return await self._wardrobe.all(tenant_id)

    async def save(self, actor: Actor, look: Look, revision: int) -> LookVersion:
        """Store the draft. Raises ``Invalid`` with the field, ``Conflict`` ("look-changed")."""
        return await self._wardrobe.save(actor, look, revision)

    async def publish(self, actor: Actor, revision: int) -> LookVersion:
        """Let customers see the draft."""
        return await self._wardrobe.publish(actor, revision)
