"""The tree of disposition codes: kept by administrators, never forgotten, and nobody's change is lost."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select

from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.engine.dispositions import DispositionView, is_for
from careline.modules.contact.conversations.models import SegmentRow
from careline.modules.contact.conversations.repository import dispositions
from tests.support.contacts import Contacts, picked
from tests.support.office import code_of

NAMES = {"name": "退费", "name_en": "Refund"}


async def keeper(contacts: Contacts) -> Actor:
    return await contacts.office.staff("desk:use", "desk:manage")


async def tree(contacts: Contacts, who: Actor) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in (await contacts.doors.get(who, "/dispositions")).json()}


async def added(contacts: Contacts, who: Actor, **more: Any) -> dict[str, Any]:
    answer = await contacts.doors.post(who, "/dispositions", {**NAMES, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_code_is_added_renamed_and_retired_and_everything_is_audited(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    made = await added(contacts, admin, parent="fault")
    assert picked(made, "code", "parent", "name_en", "version") == ("fault-3", "fault", "Refund", 1)
    body = {"name": "退款", "name_en": "Money back", "version": 1}
    renamed = (await contacts.doors.put(admin, "/dispositions/fault-3", body)).json()
    assert picked(renamed, "name", "name_en", "version") == ("退款", "Money back", 2)
    retired = await contacts.doors.put(admin, "/dispositions/fault-3/retired", {"retired": True, "version": 2})
    assert (retired.status_code, retired.json()["retired"]) == (200, True)
    assert (await tree(contacts, admin))["fault-3"]["retired"] is True, "what is retired still names what was written"
    audited = await contacts.office.audited(contacts.office.tenant.id)
    assert {"disposition.added", "disposition.changed", "disposition.retired"} <= set(audited)


async def test_of_two_who_change_one_the_second_is_told(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    bodies = [{"name": name, "name_en": name, "version": 1} for name in ("甲", "乙")]
    answers = await asyncio.gather(*(contacts.doors.put(admin, "/dispositions/other", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    assert code_of(refused) == "disposition-changed"
    won = next(answer.json()["name"] for answer in answers if answer.status_code == 200)
    assert (await tree(contacts, admin))["other"]["name"] == won


async def test_siblings_are_put_into_an_order_unless_somebody_was_quicker(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    was, wanted = ["fault.solved", "fault.visit"], ["fault.visit", "fault.solved"]
    body = {"parent": "fault", "was": was, "codes": wanted}
    assert (await contacts.doors.put(admin, "/disposition-order", body)).status_code == 204
    late = await contacts.doors.put(admin, "/disposition-order", body)
    assert (late.status_code, code_of(late)) == (409, "disposition-order-changed")
    other = await contacts.doors.put(admin, "/disposition-order", {**body, "was": wanted, "codes": ["fault.visit"]})
    assert (other.status_code, code_of(other)) == (422, "disposition-order-differs")
    assert [code for code, one in (await tree(contacts, admin)).items() if one["parent"] == "fault"] == wanted


async def test_the_tree_has_three_levels_and_every_code_once(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    await added(contacts, admin, parent="fault.visit", code="fault.visit.paid")
    refusals: dict[str, dict[str, Any]] = {
        "disposition-too-deep": {"parent": "fault.visit.paid"},
        "disposition-code-taken": {"code": "other"},
        "disposition-not-found": {"parent": "nowhere"},
        "disposition-code-not-a-code": {"code": "Ab/c"},
        "text-empty": {"name_en": "  "},
        "queue-unknown": {"queue_ids": [str(uuid4())]},
    }
    before = await tree(contacts, admin)
    for code, more in refusals.items():
        refused = await contacts.doors.post(admin, "/dispositions", {**NAMES, **more})
        assert code_of(refused) == code, code
    assert await tree(contacts, admin) == before


async def test_a_branch_is_for_queues_of_the_centre(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    shown = (await contacts.doors.get(admin, "/dispositions/all")).json()
    queue = shown["queues"][0]
    made = await added(contacts, admin, queue_ids=[queue["id"], queue["id"]])
    assert (made["code"], made["queue_ids"]) == ("code-3", [queue["id"]])
    assert (await tree(contacts, admin))["code-3"]["queue_ids"] == [queue["id"]]


async def test_a_contact_is_written_up_with_a_code_of_its_own_queue_only(contacts: Contacts) -> None:
    """The screen offers no other; whoever asks past the screen is refused, and nothing is written."""
    agent = await contacts.agent()
    chat = await contacts.chat(agent, await contacts.visitor())
    await contacts.doors.post(agent, f"/interactions/{chat.id}/end", None)
    await contacts.settled()
    own = (await contacts.doors.get(agent, f"/interactions/{chat.id}")).json()["queue"]["id"]
    elsewhere = uuid4()
    codes = [
        DispositionView(code="theirs", name="退费", name_en="Refund", queue_ids=(elsewhere,)),
        DispositionView(code="theirs.refund", name="退费", name_en="Refund", parent="theirs"),
        DispositionView(code="both", name="退费", name_en="Refund", queue_ids=(elsewhere, UUID(own))),
    ]
    async with contacts.database.transaction(contacts.office.tenant.id) as tx:
        await dispositions.add(tx, codes, position=50)

    assert (await contacts.wraps_up(agent, chat, "theirs.refund", draft=True)).status_code == 204
    drafted = (await contacts.doors.get(agent, f"/interactions/{chat.id}")).json()
    assert picked(drafted["disposition"], "code", "note") == (None, "光猫重启后恢复")
    refused = await contacts.wraps_up(agent, chat, "theirs.refund")
    assert (refused.status_code, code_of(refused)) == (422, "disposition-of-other-queues")
    assert refused.json()["field"] == "disposition"
    assert (await contacts.doors.get(agent, f"/interactions/{chat.id}")).json() == drafted
    assert (await contacts.wraps_up(agent, chat, "both")).status_code == 204


def test_a_queue_for_which_there_is_no_code_may_take_any() -> None:
    own, elsewhere = uuid4(), uuid4()
    theirs = DispositionView(code="theirs", name="退费", name_en="Refund", queue_ids=(elsewhere,))
    below = DispositionView(code="below", name="甲", name_en="A", parent="theirs")
    everybody = DispositionView(code="all", name="乙", name_en="B")
    tree = {one.code: one for one in (theirs, below)}
    assert is_for("below", tree, {own})
    assert is_for("below", tree, set())
    tree["all"] = everybody
    assert not is_for("below", tree, {own})
    assert not is_for("below", tree, set())
    assert is_for("below", tree, {own, elsewhere})
    assert is_for("all", tree, {own})
    tree["all"] = msgspec.structs.replace(everybody, retired=True)
    assert is_for("below", tree, {own}), "what is retired cannot be chosen"
    mine = DispositionView(code="mine", name="丙", name_en="C", queue_ids=(own,))
    tree["mine"] = mine
    assert not is_for("below", tree, {own})
    assert is_for("below", tree, {own, uuid4()}), "passed on to a queue without any, whose screen shows them all"


async def test_what_is_retired_is_not_written_up_any_more_and_keeps_its_name(contacts: Contacts) -> None:
    admin, agent = await keeper(contacts), await contacts.agent()
    first = await contacts.chat(agent, await contacts.visitor())
    await contacts.doors.post(agent, f"/interactions/{first.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(agent, first, "fault.visit")).status_code == 204
    # Retiring the category takes everything below it out of use.
    gone = await contacts.doors.put(admin, "/dispositions/fault/retired", {"retired": True, "version": 1})
    assert gone.status_code == 200
    second = await contacts.chat(agent, await contacts.visitor())
    await contacts.doors.post(agent, f"/interactions/{second.id}/end", None)
    await contacts.settled()
    assert (await contacts.wraps_up(agent, second, "fault.visit", draft=True)).status_code == 204
    drafted = (await contacts.doors.get(agent, f"/interactions/{second.id}")).json()["disposition"]
    assert picked(drafted, "code", "note") == (None, "光猫重启后恢复"), "a code that went loses no word of the note"
    refused = await contacts.wraps_up(agent, second, "fault.visit")
    assert (refused.status_code, code_of(refused)) == (422, "disposition-unknown")
    assert (await contacts.wraps_up(agent, second, "other")).status_code == 204

    shown = (await contacts.doors.get(agent, f"/interactions/{first.id}")).json()
    assert [(step["name"], step["name_en"]) for step in shown["disposition"]["path"]] == [
        ("故障", "Fault"),
        ("上门处理", "Visit"),
    ]
    async with contacts.database.reading(contacts.office.tenant.id) as reading:
        statement = select(SegmentRow.disposition, SegmentRow.disposition_path).where(
            SegmentRow.tenant_id == reading.tenant_id,
            SegmentRow.interaction_id == first.id,
            SegmentRow.disposition.is_not(None),
        )
        stored = [tuple(row) for row in (await reading.execute(statement)).all()]
    assert stored == [("fault.visit", "fault/fault.visit")]
    said = [item.event for item in await contacts.office.log() if item.event.name == "conversations.wrapped-up"]
    assert [event.path for event in said] == ["fault/fault.visit", "other"]  # type: ignore[attr-defined]


async def test_who_may_not_keep_the_tree_changes_nothing(contacts: Contacts) -> None:
    agent = await contacts.office.agent("desk:use")
    before = await tree(contacts, agent)
    refusals = [
        await contacts.doors.get(agent, "/dispositions/all"),
        await contacts.doors.post(agent, "/dispositions", NAMES),
        await contacts.doors.put(agent, "/dispositions/other", {**NAMES, "version": 1}),
        await contacts.doors.put(agent, "/dispositions/other/retired", {"retired": True, "version": 1}),
        await contacts.doors.put(agent, "/disposition-order", {"was": ["fault", "other"], "codes": ["other", "fault"]}),
    ]
    assert [answer.status_code for answer in refusals] == [403] * 5
    assert await tree(contacts, agent) == before


@pytest.mark.parametrize(
    ("name", "code"), [("x" * 41, "text-too-long"), ("a\x00b", "text-holds-nul"), ("\x07", "text-empty")]
)
async def test_a_name_that_is_none_is_refused(contacts: Contacts, name: str, code: str) -> None:
    admin = await keeper(contacts)
    refused = await contacts.doors.post(admin, "/dispositions", {**NAMES, "name": name})
    assert (refused.status_code, code_of(refused)) == (422, code)


async def test_codes_that_are_made_up_at_once_are_different_ones(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    made = await asyncio.gather(*(added(contacts, admin, parent="fault") for _ in range(4)))
    assert sorted(one["code"] for one in made) == [f"fault-{number}" for number in range(3, 7)]


async def test_of_two_orders_at_once_the_second_is_told(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    await added(contacts, admin, parent="fault", code="fault.third")
    was = ["fault.solved", "fault.visit", "fault.third"]
    wanted = [["fault.third", "fault.visit", "fault.solved"], ["fault.visit", "fault.solved", "fault.third"]]
    bodies = [{"parent": "fault", "was": was, "codes": codes} for codes in wanted]
    answers = await asyncio.gather(*(contacts.doors.put(admin, "/disposition-order", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    won = next(codes for codes, answer in zip(wanted, answers, strict=True) if answer.status_code == 204)
    assert [code for code, one in (await tree(contacts, admin)).items() if one["parent"] == "fault"] == won


async def test_a_version_that_nothing_can_have_is_refused(contacts: Contacts) -> None:
    admin = await keeper(contacts)
    for version in (0, 2**31, 10**30):
        refused = await contacts.doors.put(admin, "/dispositions/other", {**NAMES, "version": version})
        assert refused.status_code == 422, version
