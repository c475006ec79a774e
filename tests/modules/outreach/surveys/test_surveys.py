"""Ratings over the web and in a flow, on both databases: once, by whom, when, and what is refused."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from careline.infra.http import Visitor
from careline.kernel.errors import Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.contact.conversations.facade import Conversations
from careline.modules.contact.conversations.views import Channel, InteractionState, InteractionView
from careline.modules.contact.flows.engine.channel import CustomerGone
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.interpreter import FlowRun
from careline.modules.contact.flows.engine.kinds import BUILT_IN_HANDLERS
from careline.modules.directory.customers.views import Assurance
from careline.modules.outreach.surveys import wiring
from careline.modules.outreach.surveys.events import Rated
from careline.modules.outreach.surveys.facade import Surveys
from careline.modules.outreach.surveys.views import Rate
from tests.support.office import Doors, Office, code_of


@dataclass
class KnownContacts:
    """Contacts and visitors, as conversations know them."""

    interactions: dict[tuple[TenantId, UUID], InteractionView] = field(default_factory=dict)
    visitors: dict[tuple[TenantId, UUID], UUID] = field(default_factory=dict)

    def add(
        self, tenant_id: TenantId, ended_at: datetime | None, *, channel: Channel = Channel.WEBCHAT
    ) -> tuple[Visitor, UUID]:
        """A chat of a new visitor."""
        visitor = Visitor(tenant_id=tenant_id, id=uuid4())
        view = InteractionView(
            id=new_id(),
            tenant_id=tenant_id,
            conversation_id=new_id(),
            channel=channel,
            state=InteractionState.TALKING if ended_at is None else InteractionState.AFTER_CONTACT_WORK,
            assurance=Assurance.CLAIMED,
            opened_at=datetime.fromisoformat("2026-03-02T00:50:00Z"),
            ended_at=ended_at,
        )
        self.interactions[tenant_id, view.id] = view
        self.visitors[tenant_id, visitor.id] = view.conversation_id
        return visitor, view.id

    async def interaction(self, tenant_id: TenantId, interaction_id: UUID) -> InteractionView:
        found = self.interactions.get((tenant_id, interaction_id))
        if found is None:
            raise NotFound("interaction-not-found")
        return found

    async def conversation_of(self, tenant_id: TenantId, visitor_id: UUID) -> UUID | None:
        return self.visitors.get((tenant_id, visitor_id))


@dataclass
class Asking:
    """Surveys at the door of the office."""

    office: Office
    surveys: Surveys
    module: wiring.SurveysModule
    contacts: KnownContacts
    doors: Doors

    def over(self, *, tenant_id: TenantId | None = None) -> tuple[Visitor, UUID]:
        return self.contacts.add(tenant_id or self.office.tenant.id, self.office.clock.now())

    async def rated(self) -> list[tuple[UUID, int, Channel]]:
        events = [one.event for one in await self.office.log()]
        return [(one.interaction_id, one.score, one.channel) for one in events if isinstance(one, Rated)]


@pytest.fixture
async def asking(office: Office) -> AsyncIterator[Asking]:
    contacts = KnownContacts()
    module = wiring.build(office.database, cast(Conversations, contacts))
    async with office.doors(module.router()) as doors:
        yield Asking(office, module.facade, module, contacts, doors)


def body(interaction_id: UUID, score: object = 5, **more: object) -> dict[str, object]:
    return {"interaction_id": str(interaction_id), "score": score, **more}


async def test_a_visitor_rates_its_chat_once(asking: Asking) -> None:
    visitor, interaction_id = asking.over()
    answer = await asking.doors.post(visitor, "/visitor/rating", body(interaction_id, 4, comment=" 很快。 "))
    assert answer.status_code == 201
    assert answer.json() == {
        "interaction_id": str(interaction_id),
        "score": 4,
        "comment": "很快。",
        "rated_at": "2026-03-02T01:00:00Z",
    }
    again = await asking.doors.post(visitor, "/visitor/rating", body(interaction_id, 1))
    assert (again.status_code, code_of(again)) == (409, "already-rated")
    assert await asking.rated() == [(interaction_id, 4, Channel.WEBCHAT)]
    assert await asking.surveys.ratings(visitor.tenant_id, [interaction_id, uuid4()]) == {interaction_id: 4}
    assert await asking.surveys.ratings(asking.office.other.id, [interaction_id]) == {}
    assert "很快" not in repr(await asking.office.log()), "what was said stands in its table only"


async def test_of_many_at_once_one_is_stored(asking: Asking) -> None:
    visitor, interaction_id = asking.over()
    answers = await asyncio.gather(
        *(asking.doors.post(visitor, "/visitor/rating", body(interaction_id, score)) for score in (1, 2, 3, 4, 5) * 2)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    stored = next(answer.json()["score"] for answer in answers if answer.status_code == 201)
    assert await asking.rated() == [(interaction_id, stored, Channel.WEBCHAT)]


async def test_a_contact_that_goes_on_is_not_rated(asking: Asking) -> None:
    visitor, interaction_id = asking.contacts.add(asking.office.tenant.id, None)
    answer = await asking.doors.post(visitor, "/visitor/rating", body(interaction_id))
    assert (answer.status_code, code_of(answer)) == (409, "contact-not-over")
    assert await asking.surveys.rating(visitor.tenant_id, interaction_id) is None
    assert await asking.rated() == []


async def test_only_the_one_who_had_the_contact_rates_it(asking: Asking) -> None:
    visitor, interaction_id = asking.over()
    stranger, _ = asking.over()
    silent = Visitor(tenant_id=visitor.tenant_id, id=uuid4())
    foreign = Visitor(tenant_id=asking.office.other.id, id=visitor.id)
    agent = await asking.office.agent("desk:use", "case:write", "floor:view")
    for who in (stranger, silent, foreign):
        answer = await asking.doors.post(who, "/visitor/rating", body(interaction_id))
        assert (answer.status_code, code_of(answer)) == (404, "interaction-not-found")
    for nobody in (agent, None):
        assert (await asking.doors.post(nobody, "/visitor/rating", body(interaction_id))).status_code == 401
    assert (await asking.doors.post(visitor, "/visitor/rating", body(uuid4()))).status_code == 404
    assert await asking.rated() == []
    assert await asking.surveys.rating(visitor.tenant_id, interaction_id) is None


async def test_what_is_no_score_is_refused(asking: Asking) -> None:
    visitor, interaction_id = asking.over()
    for wrong in (
        body(interaction_id, 0),
        body(interaction_id, 6),
        body(interaction_id, 4.5),
        body(interaction_id, "5"),
        body(interaction_id, True),
        body(interaction_id, None),
        body(interaction_id, 10**30),
        {"score": 5},
        {"interaction_id": "x", "score": 5},
        body(interaction_id, 5, comment="x" * 501),
        body(interaction_id, 5, comment="a\x00b"),
        body(interaction_id, 5, comment=["x"]),
        body(interaction_id, 5, agent="8021"),
    ):
        answer = await asking.doors.post(visitor, "/visitor/rating", wrong)
        assert answer.status_code == 422, wrong
        code_of(answer)
    assert await asking.rated() == []


# In a flow

RATE = {"kind": "rate", "text": {"zh-CN": "请按 1 到 5。", "en": "Press 1 to 5."}, "next": "bye"}


@dataclass
class Contact:
    tenant_id: TenantId
    interaction_id: UUID


@dataclass
class Caller:
    """A customer who presses what the test says; None is silence."""

    presses: list[str | None]
    kind: str = "voice"
    heard: list[str] = field(default_factory=list)
    ended: bool = False

    async def say(self, text: str, *, interruptible: bool) -> str | None:
        self.heard.append(text)
        if self.presses == ["gone"]:
            raise CustomerGone
        return None

    async def ask(self, text: str, keys: frozenset[str], timeout_s: float) -> str | None:
        self.heard.append(text)
        if self.presses == ["gone"]:
            raise CustomerGone
        return self.presses.pop(0)

    async def end(self, journey: list[tuple[str, str]]) -> None:
        self.ended = True


async def run_flow(asking: Asking, caller: Caller, contact: Contact, **more: object) -> FlowRun:
    language = FlowLanguage(tuple(asking.module.steps))
    steps = {"rate": {**RATE, **more}, "bye": {"kind": "hang_up"}}
    flow = language.read({"start": "rate", "safety": "bye", "steps": steps})
    channel: Any = caller
    world: Any = None
    run = FlowRun(flow, channel, world, {**BUILT_IN_HANDLERS, **asking.module.steps}, subject=contact)
    await run.run()
    return run


async def test_a_caller_rates_with_a_key(asking: Asking) -> None:
    contact = Contact(asking.office.tenant.id, new_id())
    caller = Caller(["4"])
    await run_flow(asking, caller, contact, thanks={"zh-CN": "谢谢。"})
    assert await asking.rated() == [(contact.interaction_id, 4, Channel.VOICE)]
    assert caller.heard == ["请按 1 到 5。", "谢谢。"]
    assert caller.ended, "the flow goes on after the rating"


async def test_a_wrong_key_is_asked_for_again_and_silence_is_an_answer(asking: Asking) -> None:
    for presses, score in ((["9", "5"], 5), (["0", "*"], None), ([None], None), (["#", None], None)):
        contact = Contact(asking.office.tenant.id, new_id())
        caller = Caller(list(presses))
        await run_flow(asking, caller, contact)
        given = await asking.surveys.rating(contact.tenant_id, contact.interaction_id)
        assert (None if given is None else given.score) == score, presses
        assert len(caller.heard) == len(presses)
        assert caller.ended


async def test_who_has_rated_is_not_asked_again(asking: Asking) -> None:
    contact = Contact(asking.office.tenant.id, new_id())
    await run_flow(asking, Caller(["3"], kind="webchat"), contact)
    caller = Caller(["5"])
    await run_flow(asking, caller, contact)
    assert caller.heard == []
    assert caller.ended
    assert await asking.rated() == [(contact.interaction_id, 3, Channel.WEBCHAT)]


async def test_a_caller_who_hangs_up_has_said_nothing(asking: Asking) -> None:
    contact = Contact(asking.office.tenant.id, new_id())
    caller = Caller(["gone"])
    await run_flow(asking, caller, contact)
    assert not caller.ended
    assert await asking.rated() == []


@pytest.mark.parametrize(
    "wrong", [{"next": "Bye!"}, {"text": "hello"}, {"timeout_s": 0}, {"attempts": 9}, {"score": 5}, {"thanks": []}]
)
def test_a_step_that_cannot_be_read_is_refused(wrong: dict[str, object]) -> None:
    steps = {"rate": {**RATE, **wrong}, "bye": {"kind": "hang_up"}}
    with pytest.raises(Invalid):
        FlowLanguage((Rate,)).read({"start": "rate", "safety": "bye", "steps": steps})
