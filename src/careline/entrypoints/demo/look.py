"""How the demo's widget and customer page look."""

from careline.bootstrap import Careline
from careline.kernel.tenancy import system_actor
from careline.modules.contact.widget.views import Look
from careline.modules.directory.identity.views import TenantView

LOOK = Look(
    color="#0b5d8a",
    greeting_zh="您好，这里是示例移动。账单、套餐、宽带、漫游，都可以直接问。",
    greeting_en="Hello, this is Sample Mobile. Ask about bills, plans, broadband or roaming.",
    avatar="示",
)


async def seed(careline: Careline, tenant: TenantView) -> None:
    """Publish it, unless something was published before."""
    widget, actor = careline.widget.facade, system_actor(tenant.id)
    looks = await widget.looks(tenant.id)
    if looks.published is not None:
        return
    # Who died in between left a draft.
    draft = looks.draft or await widget.save(actor, LOOK, 0)
    await widget.publish(actor, draft.revision)
