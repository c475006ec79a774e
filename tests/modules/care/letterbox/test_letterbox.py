"""A customer whom nobody can serve leaves a message, and it is work for the desk."""

import asyncio
from datetime import date
from uuid import UUID

from careline.modules.contact.conversations.views import InteractionState
from careline.modules.core.hours.views import DatedException
from tests.modules.care.letterbox.conftest import (
    CONSENT,
    REMINDER,
    SORRY,
    THANKS,
    Centre,
    letter,
)
from tests.support.waiting import until

READER = ("case:read", "case:write")


async def test_a_message_becomes_a_case_and_the_customer_is_told_what_happens_next(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER, "customer:reveal")
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    assert await centre.notice(guest, "message-asked-for") == {
        "because": "closed",
        "opens_at": None,
        "consent": CONSENT,
    }
    answer = await centre.leave(guest, interaction)
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    (case,) = await centre.open_cases(agent)
    assert (case["number"], case["type"], case["title"]) == (receipt["number"], "message", "宽带断了三天")
    assert receipt["reach_masked"] == "138****6021"
    await centre.is_over()
    assert await centre.bot_said(guest) == [SORRY, THANKS]
    told = {"number": receipt["number"], "opens_at": None, "reach": "138****6021"}
    assert await centre.notice(guest, "message-left") == told
    assert (await centre.contacts.interaction(interaction.id)).state is InteractionState.CLOSED
    whole = (await centre.contacts.doors.get(agent, f"/cases/{case['id']}")).json()
    assert whole["text"] == "宽带断了三天\n请上门"
    assert whole["interaction_id"] == str(interaction.id)


async def test_how_to_reach_them_is_masked_and_revealed_by_permission_with_a_trace(centre: Centre) -> None:
    reader = await centre.contacts.office.agent(*READER)
    revealer = await centre.contacts.office.agent(*READER, "customer:reveal")
    stranger = await centre.contacts.office.agent(*READER, "customer:reveal", tenant=centre.contacts.office.other)
    guest = await centre.contacts.visitor()
    assert (await centre.leave(guest, await centre.asked(guest), reach="Li.Hui@Example.COM")).status_code == 201
    (case,) = await centre.open_cases(reader)
    path = f"/cases/{case['id']}/left-message"
    shown = (await centre.contacts.doors.get(reader, path)).json()
    assert (shown["reach_kind"], shown["reach_masked"], shown["consent"]) == ("email", "L***@example.com", CONSENT)
    assert (shown["queue"], shown["because"]) == ("宽带报障", "closed")
    assert (await centre.contacts.doors.post(reader, f"{path}/reveal", None)).status_code == 403
    assert (await centre.contacts.doors.get(stranger, path)).status_code == 404
    assert (await centre.contacts.doors.post(stranger, f"{path}/reveal", None)).status_code == 404
    revealed = await centre.contacts.doors.post(revealer, f"{path}/reveal", None)
    assert revealed.json() == {"value": "Li.Hui@example.com"}
    page = await centre.contacts.office.identity.audit_page(revealer, before=None, limit=10)
    assert [entry.subject for entry in page.items if entry.action == "left-message.revealed"] == [case["id"]]
    assert "Example" not in str(page.items)


async def test_it_says_when_somebody_will_be_there_holidays_counted(centre: Centre) -> None:
    clock = centre.contacts.clock
    wall = clock.now().date()
    tomorrow = date.fromordinal(wall.toordinal() + 1)
    await centre.set_queue(closed=False)
    await centre.only_in_the_mornings(DatedException(day=tomorrow, name="假日"))
    while clock.now().hour != 10:  # six in the evening where the centre is
        clock.advance(hours=1)
    await centre.tick()
    told = await centre.contacts.doors.get(None, "/visitor/opening", tenant="demo")
    assert told.status_code == 200, told.text
    opening = told.json()
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    asked = await centre.notice(guest, "message-asked-for")
    assert asked is not None
    receipt = (await centre.leave(guest, interaction)).json()
    assert asked["opens_at"] == receipt["opens_at"] == opening["opens_at"]
    assert opening["open"] is False
    assert opening["opens_at"].endswith("T00:00:00Z")
    opens = date.fromisoformat(opening["opens_at"][:10])
    assert opens > tomorrow
    assert opens.weekday() < 5


async def test_a_full_queue_takes_messages_too(centre: Centre) -> None:
    await centre.set_queue(closed=False, max_waiting=0)
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    assert (await centre.notice(guest, "message-asked-for") or {})["because"] == "busy"
    assert (await centre.leave(guest, interaction)).status_code == 201


async def test_sent_again_it_is_stored_once_and_something_else_is_refused(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER)
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    first = letter(interaction)
    doors = centre.contacts.doors
    made = await doors.post(guest, "/visitor/left-messages", first)
    again = await doors.post(guest, "/visitor/left-messages", first)
    assert (made.status_code, again.status_code, again.json()) == (201, 200, made.json())
    other = await doors.post(guest, "/visitor/left-messages", {**first, "text": "别的"})
    assert (other.status_code, other.json()["code"]) == (409, "client-id-taken")
    more = await centre.leave(guest, interaction)
    assert (more.status_code, more.json()["code"]) == (409, "message-left-already")
    assert len(await centre.open_cases(agent)) == 1


async def test_who_is_somebody_else_or_was_not_asked_leaves_nothing(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER)
    guest, other = await centre.contacts.visitor(), await centre.contacts.visitor()
    elsewhere = await centre.contacts.visitor(tenant="other")
    interaction = await centre.asked(guest)
    await centre.set_queue(closed=False)
    waiting = await centre.contacts.opened(other)
    for who, where, refusal in (
        (other, interaction, (404, "interaction-not-found")),
        (elsewhere, interaction, (404, "interaction-not-found")),
        (other, waiting, (409, "message-not-asked-for")),
        (None, interaction, (401, "not-signed-in")),
    ):
        answer = await centre.contacts.doors.post(who, "/visitor/left-messages", letter(where))
        assert (answer.status_code, answer.json()["code"]) == refusal
    assert await centre.open_cases(agent) == []


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"text": "  \n "}, "text-empty"),
    ({"text": "长" * 2001}, "text-too-long"),
    ({"text": "a\x00b"}, "text-not-printable"),
    ({"text": "a\x1b[2Jb"}, "text-not-printable"),
    ({"consent": False}, "consent-missing"),
    ({"consent": "yes"}, "field-invalid"),
    ({"reach": ""}, "reach-not-usable"),
    ({"reach": "12345"}, "reach-not-usable"),
    ({"reach": "138123460211234567"}, "reach-not-usable"),
    ({"reach": "李辉"}, "reach-not-usable"),
    ({"reach": "a@b"}, "reach-not-usable"),
    ({"reach": "a@@b.cn"}, "reach-not-usable"),
    ({"reach": "a@b.cn\r\nBcc: all@b.cn"}, "reach-not-usable"),
    ({"reach": "<script>@b.cn"}, "reach-not-usable"),
    ({"reach": "a" * 65 + "@b.cn"}, "reach-not-usable"),
    ({"reach": "a@" + "b." * 140 + "cn"}, "reach-not-usable"),
    ({"reach": "-a-." * 200}, "reach-not-usable"),
    ({"extra": 1}, "field-invalid"),
]


async def test_what_cannot_be_used_is_refused_by_its_field(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER)
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    for what, code in REFUSED:
        answer = await centre.leave(guest, interaction, **what)
        refusal = answer.json()
        assert (answer.status_code, refusal["code"], refusal["field"]) == (422, code, next(iter(what))), what
    assert await centre.open_cases(agent) == []
    assert await centre.notice(guest, "message-left") is None


async def test_floods_are_refused_whoever_they_are_sent_for(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER)
    answers = []
    for _ in range(4):
        guest = await centre.contacts.visitor()
        answers.append(await centre.leave(guest, await centre.asked(guest), reach="+86 13812346021"))
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[-1].json()["code"] == "too-many-messages-left"
    assert len(await centre.open_cases(agent)) == 3
    centre.contacts.clock.advance(days=1, minutes=1)
    guest = await centre.contacts.visitor()
    assert (await centre.leave(guest, await centre.asked(guest))).status_code == 201


async def test_a_flood_at_one_moment_is_no_way_round(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER)
    guests = [await centre.contacts.visitor() for _ in range(8)]
    asked = [(guest, await centre.asked(guest)) for guest in guests]
    answers = await asyncio.gather(*(centre.leave(*one, reach="13812346021") for one in asked))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 5
    assert len(await centre.open_cases(agent)) == 3


async def test_one_customer_does_not_leave_message_after_message(centre: Centre) -> None:
    guest = await centre.contacts.visitor()
    answers = []
    for number in range(4):
        answer = await centre.contacts.says(guest, "还有")
        interaction = await centre.contacts.interaction(UUID(answer.json()["interaction_id"]))

        async def is_asked(number: int = number) -> bool:
            codes = [item["code"] for item in await centre.thread(guest)]
            return codes.count("message-asked-for") == number + 1

        await until(is_asked, "the form")
        answers.append((await centre.leave(guest, interaction, reach=f"1381234602{number}")).status_code)
        if answers[-1] == 201:
            await centre.is_over()
    assert answers == [201, 201, 201, 429]


async def test_who_writes_on_is_told_once_where_the_form_is_and_their_words_stay(centre: Centre) -> None:
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    for text in ("在吗", "有人吗"):
        said = await centre.contacts.says(guest, text)
        assert said.json()["interaction_id"] == str(interaction.id)
    await until(lambda: _has(centre, guest, REMINDER), "the reminder")
    assert (await centre.leave(guest, interaction)).status_code == 201
    await centre.is_over()
    assert await centre.bot_said(guest) == [SORRY, REMINDER, THANKS]


async def test_who_ends_the_chat_first_may_still_send_what_they_wrote(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER)
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    assert (await centre.contacts.doors.post(guest, "/visitor/end", None)).status_code == 204
    await centre.is_over()
    assert (await centre.leave(guest, interaction)).status_code == 201
    assert len(await centre.open_cases(agent)) == 1


async def test_a_restart_neither_asks_again_nor_loses_the_form(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER)
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    await centre.flows.facade.stop()
    left_meanwhile = letter(interaction)
    await centre.flows.facade.resume_chats(centre.contacts.office.tenant.id)
    assert (await centre.contacts.doors.post(guest, "/visitor/left-messages", left_meanwhile)).status_code == 201
    await centre.is_over()
    assert await centre.bot_said(guest) == [SORRY, THANKS]
    assert len(await centre.open_cases(agent)) == 1


async def test_a_message_left_right_before_a_crash_ends_the_flow_after_it(centre: Centre) -> None:
    guest = await centre.contacts.visitor()
    interaction = await centre.asked(guest)
    await centre.flows.facade.stop()
    assert (await centre.leave(guest, interaction)).status_code == 201
    await centre.flows.facade.resume_chats(centre.contacts.office.tenant.id)
    await centre.is_over()
    assert await centre.bot_said(guest) == [SORRY, THANKS]


async def test_how_to_reach_people_is_forgotten_when_it_has_served(centre: Centre) -> None:
    agent = await centre.contacts.office.agent(*READER, "customer:reveal")
    guest = await centre.contacts.visitor()
    assert (await centre.leave(guest, await centre.asked(guest))).status_code == 201
    (case,) = await centre.open_cases(agent)
    centre.contacts.clock.advance(days=181)
    await centre.contacts.jobs.run_due()
    path = f"/cases/{case['id']}/left-message"
    assert (await centre.contacts.doors.get(agent, path)).json()["reach_masked"] is None
    assert (await centre.contacts.doors.post(agent, f"{path}/reveal", None)).status_code == 404


async def _has(centre: Centre, guest: object, text: str) -> bool:
    return text in await centre.bot_said(guest)  # type: ignore[arg-type]
