"""Who is told what: business data only to callers who proved who they are, and how they prove it by keys."""

from functools import partial
from typing import Any, get_args
from uuid import UUID

import pytest

from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.conversations.events import AssuranceRaised
from careline.modules.contact.flows import wiring
from careline.modules.contact.flows.engine.assurance import LEVELS, Needed
from careline.modules.contact.flows.engine.simulating import Scene, play
from careline.modules.contact.flows.engine.world import BusinessAnswer, Outcome, Proven
from careline.modules.contact.flows.events import StepTaken
from careline.modules.contact.flows.ports import Reply
from careline.modules.contact.flows.views import ConnectionChange
from careline.modules.directory.customers.engine.service_passwords import FORM_TRIES
from careline.modules.directory.customers.views import Assurance
from tests.modules.contact.conversations.test_password_forms import number_of, provide
from tests.modules.contact.flows.conftest import Systems
from tests.modules.contact.flows.test_channels import published
from tests.modules.contact.flows.test_checking import LANGUAGE, found
from tests.modules.contact.flows.test_interpreter import Script, Surroundings, run_of
from tests.modules.contact.flows.test_steps import call, flow
from tests.support.contacts import Contacts
from tests.support.fake_voice import FakeCaller
from tests.support.waiting import until

RIGHT, WRONG = "738629", "111222"


def told_to_many(**more: Any) -> dict[str, Any]:
    """A call that takes a balance, without saying what it needs."""
    return {**call(take={"balance": "balance"}, ok="tell"), "needs": None, **more}


TELL = {"kind": "say", "text": {"zh-CN": "余额{balance|amount}"}, "next": "good"}


def pin(**more: Any) -> dict[str, Any]:
    asked = {"kind": "service_password", "text": {"zh-CN": "请输入服务密码"}, "wrong": {"zh-CN": "密码不对"}}
    return {**asked, "passed": "ask", "refused": "bad", "otherwise": "other", **more}


def test_the_levels_are_those_of_the_directory() -> None:
    assert tuple(one.value for one in Assurance) == LEVELS
    assert set(get_args(Needed)) <= set(LEVELS)


def test_business_data_needs_a_way_on_which_somebody_proved_who_they_are() -> None:
    bare = flow(begin={"kind": "set", "next": "ask"}, ask=told_to_many(), tell=TELL)
    assert ("assurance-not-reached", "ask", "one_time_code: begin → ask") in found(bare)
    assert found(flow(pin=pin(), ask=told_to_many(), tell=TELL)) == set()
    around = flow(
        menu={"kind": "menu", "text": {"zh-CN": "选"}, "choices": {"1": "pin", "2": "ask"}, "otherwise": "good"},
        pin=pin(),
        ask=told_to_many(),
        tell=TELL,
    )
    assert ("assurance-not-reached", "ask", "one_time_code: menu → ask") in found(around)
    refused = flow(pin=pin(refused="ask"), ask=told_to_many(), tell=TELL)
    assert ("assurance-not-reached", "ask", "one_time_code: pin → ask") in found(refused)
    failed = flow(pin=pin(failed="ask"), ask=told_to_many(), tell=TELL)
    assert ("assurance-not-reached", "ask", "one_time_code: pin → ask") in found(failed)
    assert found(flow(ask=told_to_many(needs="none"), tell=TELL)) == set()
    safe = {**flow(pin=pin(), ask=told_to_many(), tell=TELL), "safety": "ask"}
    assert ("assurance-not-reached", "ask", "one_time_code: ask") in found(safe)


def test_a_condition_on_what_is_known_is_a_proof_on_its_way() -> None:
    asked = {"kind": "condition", "fact": "contact.assurance", "then": "ask", "otherwise": "good"}
    sure = flow(sure={**asked, "is_one_of": ["service_password", "real_name"]}, ask=told_to_many(), tell=TELL)
    assert found(sure) == set()
    unsure = flow(sure={**asked, "is_one_of": ["service_password", "caller_number"]}, ask=told_to_many(), tell=TELL)
    assert ("assurance-not-reached", "ask", "one_time_code: sure → ask") in found(unsure)


def test_what_a_number_tells_of_somebody_is_not_said_either() -> None:
    level = {"kind": "set", "values": {"level": "{customer.level}"}, "next": "tell"}
    tell = {"kind": "say", "text": {"zh-CN": "{level}"}, "next": "good"}
    assert ("assurance-not-reached", "set", "one_time_code: set") in found(flow(set=level, tell=tell))
    assert found(flow(pin=pin(passed="set"), set=level, tell=tell)) == set()
    assert found(flow(set={**level, "values": {"level": "{customer.known}"}}, tell=tell)) == set()


def test_a_called_flow_says_what_it_expects_and_what_it_proves() -> None:
    identify = {
        "start": "pin",
        "safety": "no",
        "steps": {
            "pin": pin(passed="yes", refused="no", otherwise="no"),
            "yes": {"kind": "return"},
            "no": {"kind": "return", "outcome": "unknown"},
        },
    }
    step = {"kind": "sub_flow", "flow": "identify", "next": "ask", "failed": "worse", "outcomes": {"unknown": "bad"}}
    assert found(flow(who=step, ask=told_to_many(), tell=TELL), identify=identify) == set()
    careless = flow(who={**step, "outcomes": {}}, ask=told_to_many(), tell=TELL)
    assert ("assurance-not-reached", "ask", "one_time_code: who → ask") in found(careless, identify=identify)
    tells = {**flow(ask=told_to_many(), tell=TELL), "expects_assurance": "one_time_code"}
    assert found(tells) == set()
    calls = flow(tells={**step, "flow": "tells", "next": "good", "outcomes": {}})
    assert ("assurance-not-reached", "tells", "one_time_code: tells") in found(calls, tells=tells)
    proven = flow(pin=pin(passed="tells"), tells=calls["steps"]["tells"])
    assert found(proven, tells=tells) == set()


async def test_at_run_time_a_step_that_needs_more_fails_and_is_noted() -> None:
    world = Surroundings()
    world.level = "caller_number"
    world.answers = [BusinessAnswer(outcome=Outcome.OK, content={"balance": "12.50"})] * 2
    definition = flow(ask=told_to_many(failed="other"), tell=TELL)
    channel = Script()
    await run_of(channel, definition, world=world).run()
    assert (channel.log[-2], world.asked) == ("say other", [])
    assert channel.journeys == [[("ask", "not_assured"), ("other", "end")]]
    world.level = "service_password"
    channel = Script()
    await run_of(channel, definition, world=world).run()
    assert channel.log[0] == "say 余额十二元五角"


@pytest.mark.parametrize(
    ("keyed", "proven", "way", "asked"),
    [
        ([RIGHT], [Proven.RIGHT], "good", 1),
        ([WRONG, RIGHT], [Proven.WRONG, Proven.RIGHT], "good", 2),
        ([WRONG, None, WRONG], [Proven.WRONG] * 2, "bad", 3),
        ([WRONG], [Proven.REFUSED], "bad", 1),
        ([None, None, None], [], "other", 3),
    ],
)
async def test_a_service_password_is_asked_for(
    keyed: list[str | None], proven: list[Proven], way: str, asked: int
) -> None:
    world = Surroundings()
    world.proven = proven
    channel = Script(*keyed)
    await run_of(channel, flow(pin=pin(passed="good")), world=world).run()
    assert channel.log[-2] == f"say {way}"
    assert channel.log.count("collect 请输入服务密码") == asked
    assert world.keyed == [one for one in keyed if one is not None]


async def test_who_is_known_well_enough_or_cannot_be_asked_is_not() -> None:
    world = Surroundings()
    world.level = "service_password"
    channel = Script()
    await run_of(channel, flow(pin=pin(passed="good")), world=world).run()
    assert channel.log == ["say good", "end"]
    world = Surroundings()
    world.has_password = False
    channel = Script()
    await run_of(channel, flow(pin=pin(passed="good")), world=world).run()
    assert channel.log == ["say other", "end"]


async def test_it_is_tried_out_with_what_came_of_each_password() -> None:
    read = LANGUAGE.read(flow(pin=pin(), ask=told_to_many(), tell=TELL))
    played = await play(read, Scene(answers=(WRONG, RIGHT), passwords=(Proven.WRONG,)))
    assert played.waits_for == "password"
    scene = Scene(answers=(WRONG, RIGHT), passwords=(Proven.WRONG, Proven.RIGHT))
    played = await play(read, scene)
    assert played.waits_for == "business", "who proved who they are gets to the call"
    assert not any(code in repr(played) for code in (WRONG, RIGHT))


async def caller_with_password(contacts: Contacts) -> str:
    wang = await contacts.office.customer()
    await provide(contacts, wang, RIGHT)
    return await number_of(contacts, wang)


HOTLINE = flow(pin=pin(attempts=3), ask=told_to_many(), tell=TELL)


async def hotline(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    keeper: Actor = await contacts.office.staff("flow:connect")
    change = ConnectionChange(name="计费", url="https://bss.example.com/")
    await flows.connections.make(keeper, "billing", change)
    await published(contacts, flows, HOTLINE | {"steps": {**HOTLINE["steps"]}}, "voice")


async def test_a_caller_proves_who_they_are_and_is_told(
    contacts: Contacts, flows: wiring.FlowsModule, systems: Systems
) -> None:
    await hotline(contacts, flows)
    number = await caller_with_password(contacts)
    systems.answers = [Reply(status=200, content={"balance": "12.50"})]
    caller, interaction = await contacts.call(number)
    await until(lambda: caller.heard == ["请输入服务密码"])
    await caller.press(WRONG)
    await until(lambda: caller.heard.count("请输入服务密码") == 2)
    await caller.press(RIGHT)
    await until(lambda: caller.ended)
    assert caller.heard[-2:] == ["余额十二元五角", "good"]
    after = await contacts.interaction(interaction.id)
    assert after.assurance is Assurance.SERVICE_PASSWORD
    log = [one.event for one in await contacts.office.log()]
    (raised,) = [one for one in log if isinstance(one, AssuranceRaised)]
    assert (raised.interaction_id, raised.assurance) == (interaction.id, Assurance.SERVICE_PASSWORD)
    audited = await contacts.office.audited(contacts.office.tenant.id)
    assert [one for one in audited if one.startswith("assurance.")] == ["assurance.failed", "assurance.tried"]
    assert not any(code in repr(log) for code in (RIGHT, WRONG))


async def guesses(contacts: Contacts, number: str) -> UUID:
    """A call in which nothing but wrong ones are keyed."""
    caller, interaction = await contacts.call(number)
    for attempt in range(1, FORM_TRIES + 1):
        await until(partial(heard_so_often, caller, attempt))
        await caller.press(WRONG)
    await until(lambda: caller.ended)
    assert caller.heard[-1] == "bad"
    return interaction.id


def heard_so_often(caller: FakeCaller, times: int) -> bool:
    return caller.heard.count("请输入服务密码") == times


async def test_wrong_passwords_come_to_an_end_in_a_call_and_over_many(
    contacts: Contacts, flows: wiring.FlowsModule, systems: Systems
) -> None:
    await hotline(contacts, flows)
    number = await caller_with_password(contacts)
    for _ in range(2):
        interaction_id = await guesses(contacts, number)
        assert (await contacts.interaction(interaction_id)).assurance is Assurance.CALLER_NUMBER
    # Six were free. Even the right one is not compared before the wait is over.
    caller, interaction = await contacts.call(number)
    await until(lambda: caller.heard == ["请输入服务密码"])
    await caller.press(RIGHT)
    await until(lambda: caller.ended)
    assert caller.heard[-1] == "bad"
    assert (await contacts.interaction(interaction.id)).assurance is Assurance.CALLER_NUMBER
    assert systems.asked == []
    contacts.office.clock.advance(60)
    systems.answers = [Reply(status=200, content={"balance": "12.50"})]
    caller, interaction = await contacts.call(number)
    await until(lambda: caller.heard == ["请输入服务密码"])
    await caller.press(RIGHT)
    await until(lambda: caller.ended)
    assert caller.heard[-1] == "good"


@pytest.mark.parametrize("who", ["nobody", "without a password", "withheld"])
async def test_who_has_nothing_to_be_asked_for_goes_otherwise(
    contacts: Contacts, flows: wiring.FlowsModule, systems: Systems, who: str
) -> None:
    await hotline(contacts, flows)
    number: str | None = None if who == "withheld" else "16099990000"
    if who == "without a password":
        number = await number_of(contacts, await contacts.office.customer())
    caller, _ = await contacts.call(number)
    await until(lambda: caller.ended)
    assert caller.heard == ["other"]
    taken = [one.event for one in await contacts.office.log() if isinstance(one.event, StepTaken)]
    assert [(one.step, one.way) for one in taken] == [("pin", "otherwise"), ("other", "end")]
    assert systems.asked == []


async def test_another_centres_call_is_not_asked_about(contacts: Contacts, flows: wiring.FlowsModule) -> None:
    await hotline(contacts, flows)
    caller, interaction = await contacts.call(await caller_with_password(contacts))
    await until(lambda: caller.heard == ["请输入服务密码"])
    other = contacts.office.other.id
    with pytest.raises(Exception, match="interaction-not-found"):
        await contacts.conversations.try_service_password(other, interaction.id, RIGHT)
    assert system_actor(other).tenant_id == other
    await caller.hang_up()
    await until(lambda: not flows.facade.running())
