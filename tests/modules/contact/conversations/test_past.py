"""A customer's earlier contact is read in place by who serves the customer now, and by nobody else."""

from typing import Any

import httpx

from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.views import InteractionView
from careline.modules.core.routing.views import Chosen
from careline.modules.directory.customers.views import CustomerView
from tests.support.contacts import DESK, Contacts, picked
from tests.support.office import code_of, without_permission
from tests.support.pictures import png

PICTURE = png(40, 30)


async def known(contacts: Contacts) -> tuple[CustomerView, str]:
    customer = await contacts.office.customer()
    teller = await contacts.office.staff("customer:reveal")
    line = customer.subscriptions[0].id
    return customer, await contacts.office.customers.reveal(teller, customer.id, "msisdn", line)


async def over(contacts: Contacts, agent: Actor, msisdn: str, *said: str) -> InteractionView:
    """A chat of this customer that was served, noted and written up."""
    guest = await contacts.visitor(msisdn=msisdn)
    chat = await contacts.chat(agent, guest, said[0])
    for text in said[1:]:
        await contacts.says(guest, text)
    note = {"client_id": str(new_id()), "text": "客户着急", "mentions": []}
    assert (await contacts.doors.post(agent, f"/conversations/{chat.conversation_id}/notes", note)).status_code == 201
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(agent, chat)).status_code == 204
    # The same visitor comes again: what is said then is no part of the earlier contact.
    await contacts.says(guest, "又来了")
    return chat


async def reads(contacts: Contacts, who: Actor, customer: CustomerView, chat: InteractionView, **page: int) -> Any:
    return await contacts.doors.get(who, f"/customers/{customer.id}/interactions/{chat.id}", **page)


async def test_who_serves_the_customer_now_reads_what_was_before(contacts: Contacts) -> None:
    customer, number = await known(contacts)
    before = await contacts.agent(name="何芳")
    chat = await over(contacts, before, number, "宽带断了", "红灯", "重启过")
    assert before.id is not None
    await contacts.routing.wrapped_up(before.tenant_id, chat.id, agent_id=before.id)
    now = await contacts.office.agent(*DESK, name="李娜")

    refused: httpx.Response = await reads(contacts, now, customer, chat)
    assert (refused.status_code, code_of(refused)) == (403, "contact-not-yours")
    assert "contact.read" not in await contacts.office.audited(contacts.office.tenant.id)

    assert (await reads(contacts, before, customer, chat)).status_code == 200, "it was theirs"
    assert "contact.read" in await contacts.office.audited(contacts.office.tenant.id)
    lead = await contacts.office.staff("history:view", "floor:view")
    found = (await reads(contacts, lead, customer, chat, limit=2)).json()
    assert picked(found["interaction"], "id", "channel") == (str(chat.id), "webchat")
    assert found["interaction"]["disposition"]["path"][-1]["name"] == "已解决"
    assert [note["text"] for note in found["notes"]] == ["客户着急"]
    more = (await reads(contacts, lead, customer, chat, after=int(found["messages"]["next"]))).json()
    said = [
        one["text"] for one in found["messages"]["items"] + more["messages"]["items"] if one["author"] == "customer"
    ]
    assert said == ["宽带断了", "红灯", "重启过"], "and nothing that was said later"
    assert more["messages"]["next"] is None


async def test_what_each_of_its_agents_wrote_stands_under_their_name_for_every_reader(contacts: Contacts) -> None:
    customer, number = await known(contacts)
    first, second = await contacts.agent(name="张伟"), await contacts.agent(name="张伟")
    chat = await contacts.chat(first, await contacts.visitor(msisdn=number))
    wanted = {"agent_id": str(second.id), "note": ""}
    assert (await contacts.doors.post(first, f"/interactions/{chat.id}/transfer", wanted)).status_code == 204
    await contacts.settled()
    assert (await contacts.wraps_up(first, chat, "fault.visit")).status_code == 204
    offer = contacts.offer_to(second)
    await contacts.doors.post(second, f"/offers/{offer.id}/accept", {"token": offer.token})
    await contacts.doors.post(second, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(second, chat, "other")).status_code == 204
    for reader in (first, second):
        shown = (await reads(contacts, reader, customer, chat)).json()["interaction"]
        assert [picked(one, "agent_name", "code") for one in shown["write_ups"]] == [
            ("张伟", "fault.visit"),
            ("张伟", "other"),
        ]
        assert shown["disposition"]["code"] == "other"


async def test_whoever_has_the_customer_in_hand_may_until_it_is_over(contacts: Contacts) -> None:
    customer, number = await known(contacts)
    before = await contacts.agent(name="何芳")
    chat = await over(contacts, before, number, "宽带断了")
    assert before.id is not None
    await contacts.routing.choose(before.tenant_id, before.id, Chosen.OFFLINE, None)
    now = await contacts.agent(name="李娜")
    again = await contacts.chat(now, await contacts.visitor(msisdn=number), "还是不行")
    assert again.customer_id == customer.id
    assert (await reads(contacts, now, customer, chat)).status_code == 200
    lost = await reads(contacts, without_permission(now, "history:view"), customer, chat)
    assert (lost.status_code, code_of(lost)) == (403, "permission-missing")
    other, _ = await known(contacts)
    wrong = await reads(contacts, now, other, chat)
    assert (wrong.status_code, code_of(wrong)) == (404, "interaction-not-found")

    await contacts.doors.post(now, f"/interactions/{again.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(now, again)).status_code == 204
    assert (await reads(contacts, now, customer, chat)).status_code == 403


async def test_another_centre_has_no_such_contact(contacts: Contacts) -> None:
    customer, number = await known(contacts)
    chat = await over(contacts, await contacts.agent(), number, "宽带断了")
    stranger = await contacts.office.staff("history:view", "floor:view", tenant=contacts.office.other)
    missing = await reads(contacts, stranger, customer, chat)
    assert (missing.status_code, code_of(missing)) == (404, "interaction-not-found")


async def test_a_file_of_an_earlier_contact_is_opened_by_who_may_read_it(
    contacts: Contacts,
) -> None:
    customer, number = await known(contacts)
    before = await contacts.agent(name="何芳")
    guest = await contacts.visitor(msisdn=number)
    chat = await contacts.chat(before, guest, "看照片")
    sent = (await contacts.sends(guest, PICTURE)).json()
    await contacts.doors.post(before, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(before, chat)).status_code == 204
    assert before.id is not None
    await contacts.routing.choose(before.tenant_id, before.id, Chosen.OFFLINE, None)
    base, file_id = f"/customers/{customer.id}/interactions", sent["attachment"]["id"]
    place = f"{base}/{chat.id}/files/{file_id}/link"

    now = await contacts.agent(name="李娜")
    assert (await contacts.doors.get(now, place)).status_code == 403
    assert "contact.file-opened" not in await contacts.office.audited(contacts.office.tenant.id)

    again = await contacts.chat(now, await contacts.visitor(msisdn=number), "还是不行")
    assert again.customer_id == customer.id
    answer = await contacts.doors.get(now, place)
    assert answer.status_code == 200, answer.text
    link = str(answer.json()["path"])
    assert "contact.file-opened" in await contacts.office.audited(contacts.office.tenant.id)
    opened = await contacts.serves(now, link)
    assert (opened.status_code, opened.content) == (200, PICTURE)
    assert (await contacts.serves(before, link)).status_code == 404, "the link is of one person"
    assert (await contacts.serves(without_permission(now, "history:view"), link)).status_code in (403, 404)
    elsewhere = await contacts.doors.get(now, f"{base}/{again.id}/files/{file_id}/link")
    assert (elsewhere.status_code, code_of(elsewhere)) == (404, "file-not-found")
    assert (await contacts.doors.get(now, f"{base}/{chat.id}/files/{new_id()}/link")).status_code == 404
    foreign = await contacts.office.agent("desk:use", "history:view", "floor:view", tenant=contacts.office.other)
    assert (await contacts.doors.get(foreign, place)).status_code == 404

    await contacts.doors.post(now, f"/interactions/{again.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(now, again)).status_code == 204
    assert (await contacts.serves(now, link)).status_code == 403, "and only while the customer is theirs"
