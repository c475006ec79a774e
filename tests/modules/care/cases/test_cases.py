"""Cases over HTTP, on both databases: opened, found, assigned, moved, commented, and what is refused."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from careline.modules.care.cases.events import CaseAssigned, CaseCommented, CaseOpened, CaseStateChanged
from tests.modules.care.cases.conftest import BOTH, Care
from tests.support.office import code_of, ids, without_permission


async def test_a_case_is_opened_with_its_number_customer_and_contact(care: Care) -> None:
    customer = await care.office.customer(name="王小敏")
    interaction_id = care.contacts.add(care.me.tenant_id, care.office)

    opened = await care.open(customer_id=str(customer.id), interaction_id=str(interaction_id))

    assert opened["number"] == "GD20260302-0001"
    assert (opened["type"], opened["state"], opened["version"]) == ("fault", "open", 1)
    assert opened["customer"] == {"id": str(customer.id), "name_masked": "王*敏"}
    assert opened["interaction_id"] == str(interaction_id)
    assert opened["assignee"] is None
    assert opened["created_by"] == {"id": str(care.me.id), "name": "何芳"}
    assert opened["created_at"] == "2026-03-02T01:00:00Z"
    assert opened["may_become"] == ["in_progress", "resolved"]
    history = opened["history"]
    assert isinstance(history, list)
    assert [(one["kind"], one["actor_name"], one["from"], one["to"]) for one in history] == [
        ("created", "何芳", None, "open")
    ]
    assert await care.seen(opened["id"]) == opened


async def test_the_number_is_of_the_tenants_own_day(care: Care) -> None:
    care.office.clock.advance(hours=14, minutes=59)  # 23:59 in Shanghai
    assert (await care.open())["number"] == "GD20260302-0001"
    care.office.clock.advance(minutes=1)
    assert (await care.open())["number"] == "GD20260303-0001"
    assert (await care.open())["number"] == "GD20260303-0002"


async def test_each_tenant_counts_for_itself(care: Care) -> None:
    theirs = await care.office.agent(*BOTH, tenant=care.office.other)
    await care.open()
    answer = await care.doors.post(theirs, "/cases", {"type": "request", "title": "改套餐", "text": "想换套餐"})
    assert answer.json()["number"] == "GD20260302-0001"


async def test_what_is_wrong_with_a_new_case_is_named(care: Care) -> None:
    fine = {"type": "fault", "title": "断网", "text": "断了"}
    theirs = await care.office.customer(tenant=care.office.other)
    foreign_contact = care.contacts.add(care.office.other.id, care.office)
    for wrong, code, field in (
        ({"title": "   "}, "text-empty", "title"),
        ({"title": "长" * 121}, "text-too-long", "title"),
        ({"text": ""}, "text-empty", "text"),
        ({"text": "x" * 10_001}, "text-too-long", "text"),
        ({"title": "a\x00b"}, "text-not-printable", "title"),
        ({"customer_id": str(uuid4())}, "customer-not-found", "customer_id"),
        ({"customer_id": str(theirs.id)}, "customer-not-found", "customer_id"),
        ({"interaction_id": str(foreign_contact)}, "interaction-not-found", "interaction_id"),
        ({"type": "gossip"}, "field-invalid", "type"),
        ({"state": "closed"}, "field-invalid", "state"),
        ({"text": "x" * 50_000}, "field-invalid", "text"),
    ):
        answer = await care.doors.post(care.me, "/cases", fine | wrong)
        assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, code, field), wrong
    page = await care.doors.get(care.me, "/cases")
    assert page.json() == {"items": [], "next": None}
    assert (await care.open())["number"] == "GD20260302-0001", "what was refused took no number"


async def test_a_case_asked_for_again_is_the_same_case(care: Care) -> None:
    wanted = {"type": "fault", "title": " 断网 ", "text": "断了\r\n三天", "client_id": str(uuid4())}
    answers = await asyncio.gather(*(care.doors.post(care.me, "/cases", wanted) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert [answer.json() for answer in answers] == [answers[0].json()] * 4
    await care.doors.post(care.me, f"/cases/{answers[0].json()['id']}/state", {"state": "resolved", "version": 1})
    late = await care.doors.post(care.me, "/cases", wanted)
    assert (late.status_code, late.json()["number"], late.json()["state"]) == (200, "GD20260302-0001", "resolved")
    assert [type(one.event) for one in await care.office.log()].count(CaseOpened) == 1
    assert (await care.open())["number"] == "GD20260302-0002", "what was asked for again took no number"


async def test_a_name_for_a_case_is_taken_in_its_tenant_only(care: Care) -> None:
    wanted = {"type": "fault", "title": "断网", "text": "断了三天", "client_id": str(uuid4())}
    first = await care.doors.post(care.me, "/cases", wanted)
    colleague = await care.office.agent(*BOTH, name="郑立群")
    for actor, other in ((care.me, wanted | {"text": "断了四天"}), (colleague, wanted)):
        answer = await care.doors.post(actor, "/cases", other)
        assert (answer.status_code, code_of(answer), answer.json()["field"]) == (409, "client-id-taken", "client_id")
    theirs = await care.office.agent(*BOTH, tenant=care.office.other)
    answer = await care.doors.post(theirs, "/cases", wanted)
    assert (answer.status_code, answer.json()["number"]) == (201, "GD20260302-0001")
    assert answer.json()["id"] != first.json()["id"]


async def test_hostile_text_is_kept_as_it_is_and_runs_nothing(care: Care) -> None:
    for text in ("<script>alert(1)</script>", "'; DROP TABLE care_case; --", "％%_\\", "👨‍👩‍👧 עברית", "{{7*7}}"):
        opened = await care.open(title=text, text=f"{text}\r\n第二行")
        shown = await care.seen(opened["id"])
        assert shown["title"] == text
        assert shown["text"] == f"{text}\n第二行"


async def test_a_body_that_is_no_case_is_refused(care: Care) -> None:
    half_a_pair = b'{"type":"fault","title":"\\ud800","text":"x"}'
    for content in (b"", b"{", b"[]", b"null", b"\xff", half_a_pair):
        answer = await care.doors.raw(care.me, "POST", "/cases", content)
        assert 400 <= answer.status_code < 500, answer.text
    assert (await care.doors.get(care.me, "/cases")).json()["items"] == []


async def test_a_case_goes_its_way_and_says_who_did_what(care: Care) -> None:
    colleague = await care.office.agent(*BOTH, name="郑立群")
    case_id = (await care.open())["id"]

    answer = await care.doors.post(
        care.me, f"/cases/{case_id}/assign", {"assignee_id": str(colleague.id), "version": 1}
    )
    assert answer.json()["assignee"] == {"id": str(colleague.id), "name": "郑立群"}
    care.office.clock.advance(60)
    for version, state, text in ((2, "in_progress", None), (3, "resolved", "光缆接好了。"), (4, "closed", None)):
        body = {"state": state, "version": version, "text": text}
        answer = await care.doors.post(colleague, f"/cases/{case_id}/state", body)
        assert answer.status_code == 200, answer.text
    answer = await care.doors.post(care.me, f"/cases/{case_id}/comment", {"text": "客户很满意。"})
    shown = answer.json()

    assert (shown["state"], shown["version"], shown["changed_at"]) == ("closed", 5, "2026-03-02T01:01:00Z")
    told = [(one["kind"], one["actor_name"], one["from"], one["to"], one["text"]) for one in shown["history"]]
    assert told == [
        ("created", "何芳", None, "open", None),
        ("assigned", "何芳", None, "郑立群", None),
        ("state_changed", "郑立群", "open", "in_progress", None),
        ("state_changed", "郑立群", "in_progress", "resolved", "光缆接好了。"),
        ("state_changed", "郑立群", "resolved", "closed", None),
        ("commented", "何芳", None, None, "客户很满意。"),
    ]
    taken_up = await care.doors.post(care.me, f"/cases/{case_id}/state", {"state": "in_progress", "version": 5})
    assert taken_up.json()["state"] == "in_progress"


async def test_events_and_audit_carry_ids_and_codes_only(care: Care) -> None:
    case_id = UUID(str((await care.open(title="王小敏的宽带", text="电话 13812346021"))["id"]))
    await care.doors.post(care.me, f"/cases/{case_id}/assign", {"assignee_id": str(care.me.id), "version": 1})
    await care.doors.post(care.me, f"/cases/{case_id}/state", {"state": "resolved", "version": 2, "text": "王小敏"})
    await care.doors.post(care.me, f"/cases/{case_id}/comment", {"text": "13812346021"})

    told = [one for one in await care.office.log() if one.subject == case_id]
    assert [type(one.event) for one in told] == [CaseOpened, CaseAssigned, CaseStateChanged, CaseCommented]
    assert {one.actor for one in told} == {care.me.ref}
    assert "王小敏" not in repr(told)
    assert "13812346021" not in repr(told)
    audited = [action for action in await care.office.audited(care.me.tenant_id) if action.startswith("case.")]
    assert audited == ["case.opened", "case.assigned", "case.state-changed", "case.commented"]


async def test_a_step_that_the_table_does_not_know_is_refused(care: Care) -> None:
    before = await care.open()
    answer = await care.doors.post(care.me, f"/cases/{before['id']}/state", {"state": "closed", "version": 1})
    assert (answer.status_code, code_of(answer)) == (409, "case-state-forbids")
    assert answer.json()["params"] == {"state": "open", "to": "closed", "allowed": "in_progress, resolved"}
    assert await care.seen(before["id"]) == before


async def test_who_decides_on_a_stale_picture_is_refused(care: Care) -> None:
    case_id = (await care.open())["id"]
    colleague = await care.office.agent(*BOTH, name="郑立群")
    await care.doors.post(colleague, f"/cases/{case_id}/state", {"state": "in_progress", "version": 1})
    before = await care.seen(case_id)
    events = len(await care.office.log())
    for path, body in (
        ("state", {"state": "in_progress", "version": 1}),
        ("state", {"state": "resolved", "version": 3}),
        ("assign", {"assignee_id": str(care.me.id), "version": 1}),
    ):
        answer = await care.doors.post(care.me, f"/cases/{case_id}/{path}", body)
        assert (answer.status_code, code_of(answer)) == (409, "case-changed"), answer.text
        assert answer.json()["params"] == {"version": 2}
    assert await care.seen(case_id) == before
    assert len(await care.office.log()) == events


async def test_a_comment_does_not_make_others_decisions_stale(care: Care) -> None:
    case_id = (await care.open())["id"]
    await care.doors.post(care.me, f"/cases/{case_id}/comment", {"text": "看看"})
    answer = await care.doors.post(care.me, f"/cases/{case_id}/state", {"state": "in_progress", "version": 1})
    assert answer.status_code == 200


async def test_only_an_active_agent_of_the_tenant_may_hold_a_case(care: Care) -> None:
    before = await care.open()
    supervisor = await care.office.staff(*BOTH)
    theirs = await care.office.agent(*BOTH, tenant=care.office.other)
    for someone in (supervisor.id, theirs.id, uuid4()):
        body = {"assignee_id": str(someone), "version": 1}
        answer = await care.doors.post(care.me, f"/cases/{before['id']}/assign", body)
        assert (answer.status_code, code_of(answer)) == (422, "case-assignee-unknown")
    assert await care.seen(before["id"]) == before
    assignees = (await care.doors.get(care.me, "/assignees")).json()["items"]
    (agent,) = await care.office.people.agents(care.me.tenant_id)
    assert assignees == [{"id": str(care.me.id), "name": "何芳", "number": agent.number}]


async def test_a_case_can_be_given_back_and_giving_it_again_changes_nothing(care: Care) -> None:
    case_id = (await care.open())["id"]
    mine = {"assignee_id": str(care.me.id), "version": 1}
    await care.doors.post(care.me, f"/cases/{case_id}/assign", mine)
    again = await care.doors.post(care.me, f"/cases/{case_id}/assign", mine | {"version": 2})
    assert (again.json()["version"], len(again.json()["history"])) == (2, 2)
    nobody = await care.doors.post(care.me, f"/cases/{case_id}/assign", {"assignee_id": None, "version": 2})
    assert (nobody.json()["assignee"], nobody.json()["version"]) == (None, 3)


async def test_cases_are_found_by_state_holder_and_words(care: Care) -> None:
    opened = [await care.open(title=title) for title in ("宽带断网", "100% 流量用完", "Roaming 漫游")]
    await care.doors.post(care.me, f"/cases/{opened[0]['id']}/assign", {"assignee_id": str(care.me.id), "version": 1})
    await care.doors.post(care.me, f"/cases/{opened[2]['id']}/state", {"state": "resolved", "version": 1})

    async def found(**filters: Any) -> list[str]:
        answer = await care.doors.get(care.me, "/cases", **filters)
        assert answer.status_code == 200, answer.text
        return [item["title"] for item in answer.json()["items"]]

    assert await found() == ["Roaming 漫游", "100% 流量用完", "宽带断网"]
    assert await found(state="resolved") == ["Roaming 漫游"]
    assert await found(state=["open", "resolved"]) == ["Roaming 漫游", "100% 流量用完", "宽带断网"]
    assert await found(assignee="me") == ["宽带断网"]
    assert await found(assignee=str(care.me.id)) == ["宽带断网"]
    assert await found(assignee="none") == ["Roaming 漫游", "100% 流量用完"]
    assert await found(q="断") == ["宽带断网"]
    assert await found(q="roam") == ["Roaming 漫游"]
    assert await found(q="%") == ["100% 流量用完"], "a percent sign stands for itself"
    assert await found(q="_") == []
    assert await found(q="0302-0002") == ["100% 流量用完"]
    assert await found(q="  ") == ["Roaming 漫游", "100% 流量用完", "宽带断网"]
    assert await found(q="断", state="resolved") == []


async def test_filters_that_say_nothing_are_refused(care: Care) -> None:
    for filters, code in (
        ({"assignee": "somebody"}, "assignee-unknown"),
        ({"after": "12"}, "position-unknown"),
        ({"q": "a\x00b"}, "text-not-printable"),
        ({"q": "长" * 81}, "text-too-long"),
        ({"state": "lost"}, "field-invalid"),
        ({"limit": "0"}, "field-invalid"),
        ({"limit": "201"}, "field-invalid"),
    ):
        answer = await care.doors.get(care.me, "/cases", **filters)
        assert (answer.status_code, code_of(answer)) == (422, code), filters


async def test_a_list_is_read_page_by_page_while_it_grows(care: Care) -> None:
    opened = [await care.open(title=f"第 {n} 件") for n in range(5)]
    first = (await care.doors.get(care.me, "/cases", limit=2)).json()
    await care.open(title="后来的")
    second = (await care.doors.get(care.me, "/cases", limit=2, after=first["next"])).json()
    third = (await care.doors.get(care.me, "/cases", limit=2, after=second["next"])).json()
    read = ids(first["items"] + second["items"] + third["items"])
    assert read == [UUID(str(one["id"])) for one in reversed(opened)]
    assert third["next"] is None


async def test_a_customers_cases(care: Care) -> None:
    customer, stranger = await care.office.customer(), await care.office.customer()
    mine = await care.open(customer_id=str(customer.id))
    await care.open(customer_id=str(stranger.id))
    found = (await care.doors.get(care.me, f"/customers/{customer.id}/cases")).json()
    assert ids(found["items"]) == [UUID(str(mine["id"]))]


async def test_the_cases_of_a_contact_whose_customer_nobody_knows(care: Care) -> None:
    contact, other = (care.contacts.add(care.office.tenant.id, care.office) for _ in range(2))
    made = [await care.open(interaction_id=str(contact), customer_id=None) for _ in range(2)]
    await care.open(interaction_id=str(other))
    found = (await care.doors.get(care.me, f"/interactions/{contact}/cases")).json()
    assert ids(found["items"]) == [UUID(str(one["id"])) for one in reversed(made)]
    theirs = await care.office.agent(*BOTH, tenant=care.office.other)
    for who, asked in ((theirs, contact), (care.me, uuid4())):
        answer = await care.doors.get(who, f"/interactions/{asked}/cases")
        assert (answer.status_code, code_of(answer)) == (404, "interaction-not-found")


async def test_nothing_of_a_case_can_be_had_or_changed_by_another_tenant(care: Care) -> None:
    customer = await care.office.customer()
    before = await care.open(customer_id=str(customer.id))
    theirs = await care.office.agent(*BOTH, tenant=care.office.other)
    case_id = before["id"]
    for path in (f"/cases/{case_id}", f"/customers/{customer.id}/cases"):
        assert (await care.doors.get(theirs, path)).status_code == 404
    for path, body in (
        ("assign", {"assignee_id": str(theirs.id), "version": 1}),
        ("state", {"state": "in_progress", "version": 1}),
        ("comment", {"text": "看得见吗"}),
    ):
        answer = await care.doors.post(theirs, f"/cases/{case_id}/{path}", body)
        assert (answer.status_code, code_of(answer)) == (404, "case-not-found")
    for filters in ({}, {"q": "断网"}, {"assignee": "none"}):
        assert (await care.doors.get(theirs, "/cases", **filters)).json()["items"] == []
    assert await care.seen(case_id) == before


async def test_who_may_not_is_refused_and_nothing_changes(care: Care) -> None:
    before = await care.open()
    case_id = before["id"]
    events = len(await care.office.log())
    reader, nobody = without_permission(care.me, "case:write"), without_permission(care.me, *BOTH)
    new: dict[str, object] = {"type": "fault", "title": "断网", "text": "断了"}
    changes: tuple[tuple[str, dict[str, object]], ...] = (
        ("/cases", new),
        (f"/cases/{case_id}/assign", {"assignee_id": str(care.me.id), "version": 1}),
        (f"/cases/{case_id}/state", {"state": "in_progress", "version": 1}),
        (f"/cases/{case_id}/comment", {"text": "不行"}),
    )
    for path, body in changes:
        answer = await care.doors.post(reader, path, body)
        assert (answer.status_code, answer.json()["params"]) == (403, {"permission": "case:write"})
        assert (await care.doors.post(None, path, body)).status_code == 401
    for path in ("/cases", f"/cases/{case_id}", "/assignees", f"/customers/{uuid4()}/cases"):
        answer = await care.doors.get(nobody, path)
        assert (answer.status_code, answer.json()["params"]) == (403, {"permission": "case:read"})
        assert (await care.doors.get(None, path)).status_code == 401
    assert await care.seen(case_id) == before
    assert len((await care.doors.get(care.me, "/cases")).json()["items"]) == 1
    assert len(await care.office.log()) == events
