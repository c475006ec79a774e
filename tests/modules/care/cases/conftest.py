"""Cases over a real directory; contacts are known by their id only."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import pytest

from careline.kernel.errors import NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.care.cases import wiring
from careline.modules.care.cases.facade import Cases
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import Channel, InteractionState, InteractionView
from careline.modules.directory.customers.views import Assurance
from tests.support.office import Doors, Office

BOTH = ("case:read", "case:write")


class KnownContacts:
    """The contacts that a case may come from."""

    def __init__(self) -> None:
        self.known: dict[tuple[TenantId, UUID], InteractionView] = {}

    def add(self, tenant_id: TenantId, office: Office) -> UUID:
        view = InteractionView(
            id=new_id(),
            tenant_id=tenant_id,
            conversation_id=new_id(),
            channel=Channel.VOICE,
            state=InteractionState.TALKING,
            assurance=Assurance.CALLER_NUMBER,
            opened_at=office.clock.now(),
        )
        self.known[tenant_id, view.id] = view
        return view.id

    async def interaction(self, tenant_id: TenantId, interaction_id: UUID) -> InteractionView:
        found = self.known.get((tenant_id, interaction_id))
        if found is None:
            raise NotFound("interaction-not-found")
        return found


@dataclass
class Care:
    """Somebody who works on cases, at the door of the office."""

    office: Office
    cases: Cases
    contacts: KnownContacts
    doors: Doors
    me: Actor

    async def open(self, title: str = "宽带断网 3 天多", **more: object) -> dict[str, object]:
        body = {"type": "fault", "title": title, "text": "断了三天多。", **more}
        answer = await self.doors.post(self.me, "/cases", body)
        assert answer.status_code == 201, answer.text
        opened: dict[str, object] = answer.json()
        return opened

    async def seen(self, case_id: object) -> dict[str, object]:
        answer = await self.doors.get(self.me, f"/cases/{case_id}")
        assert answer.status_code == 200
        shown: dict[str, object] = answer.json()
        return shown


@pytest.fixture
async def care(office: Office) -> AsyncIterator[Care]:
    contacts = KnownContacts()
    conversations = cast(Conversations, contacts)
    below = wiring.Below(office.identity, office.customers, office.people, conversations)
    module = wiring.build(office.database, office.live, below)
    await office.bus.start()
    async with office.doors(module.router()) as doors:
        yield Care(office, module.facade, contacts, doors, await office.agent(*BOTH))
