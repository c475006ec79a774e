"""What people are called is remembered for a moment, and not beyond their being called otherwise."""

from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.views import UserChange
from tests.support.contacts import Contacts


async def test_who_is_called_otherwise_is_so_at_once(contacts: Contacts) -> None:
    agent = await contacts.agent(name="陈晓岚")
    names = contacts.conversations._visitors._names
    assert await names.of(agent.tenant_id, agent.id) == "陈晓岚"
    assert agent.id is not None
    system = system_actor(agent.tenant_id)
    await contacts.office.identity.change_user(system, agent.id, UserChange(display_name="陈岚"))
    await contacts.settled()
    assert await names.of(agent.tenant_id, agent.id) == "陈岚"
