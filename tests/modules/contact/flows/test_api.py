"""The studio over HTTP: two editors, versions, what is different, files, trying out, journeys."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from careline.infra.database.log import Cursor, read_after
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.flows import wiring
from careline.modules.contact.flows.events import StepTaken
from tests.modules.contact.flows.test_language import hotline
from tests.support.contacts import QUEUE, Contacts
from tests.support.office import Doors, Office, code_of

CODE = "hotline"


@pytest.fixture
async def doors(office: Office, flows: wiring.FlowsModule) -> AsyncIterator[Doors]:
    async with office.doors(flows.router()) as doors:
        yield doors


@pytest.fixture
async def keeper(office: Office) -> Actor:
    return await office.staff("flow:read", "flow:manage", name="沈立")


def changed(**steps: Any) -> dict[str, Any]:
    definition = hotline()
    definition["steps"] |= steps
    return definition


async def made(doors: Doors, keeper: Actor, definition: dict[str, Any] | None = None, code: str = CODE) -> Any:
    answer = await doors.post(keeper, "/flows", {"code": code, "name": "热线", "definition": definition or hotline()})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_of_two_editors_the_second_is_told(doors: Doors, keeper: Actor) -> None:
    first = await made(doors, keeper)
    bye = {"kind": "hang_up", "text": {"zh-CN": "再见"}}
    body = {"definition": changed(bye=bye), "revision": first["revision"], "drawing": {"bye": {"x": 1, "y": 2}}}
    saved = await doors.put(keeper, f"/flows/{CODE}/draft", body)
    assert saved.json() == {"version": 1, "revision": 2, "problems": [], "limits": []}
    late = await doors.put(keeper, f"/flows/{CODE}/draft", {**body, "definition": hotline()})
    assert (late.status_code, code_of(late)) == (409, "flow-changed")
    early = await doors.post(keeper, f"/flows/{CODE}/publish", {"revision": 1})
    assert (early.status_code, code_of(early)) == (409, "flow-changed")
    kept = (await doors.get(keeper, f"/flows/{CODE}")).json()
    assert (kept["definition"], kept["drawing"]) == (body["definition"], body["drawing"])
    assert kept["published_version"] is None


async def test_versions_say_who_when_and_what(doors: Doors, keeper: Actor) -> None:
    await made(doors, keeper)
    assert (await doors.post(keeper, f"/flows/{CODE}/publish", {"revision": 1, "note": "开业"})).json() == {
        "version": 1
    }
    again = await doors.post(keeper, f"/flows/{CODE}/publish", {"revision": 1})
    assert (again.status_code, code_of(again)) == (409, "flow-has-no-draft")
    other = changed(bye={"kind": "hang_up", "text": {"zh-CN": "再见"}})
    await doors.put(keeper, f"/flows/{CODE}/draft", {"definition": other, "revision": 1})
    await doors.post(keeper, f"/flows/{CODE}/publish", {"revision": 2})
    back = await doors.post(keeper, f"/flows/{CODE}/roll-back", {"version": 1, "note": "新版有误"})
    assert back.json() == {"version": 1}
    listed = (await doors.get(keeper, f"/flows/{CODE}/versions")).json()
    assert [(one["version"], one["in_force"], one["changed_by"]) for one in listed["items"]] == [
        (2, False, "沈立"),
        (1, True, "沈立"),
    ]
    assert [(one["version"], one["replaced"], one["by"], one["note"]) for one in listed["publications"]] == [
        (1, 2, "沈立", "新版有误"),
        (2, 1, "沈立", ""),
        (1, None, "沈立", "开业"),
    ]
    saved = await doors.put(keeper, f"/flows/{CODE}/draft", {"definition": hotline(), "revision": 2})
    assert saved.json()["version"] == 3, "what was in force never changes"
    draft = await doors.post(keeper, f"/flows/{CODE}/roll-back", {"version": 3})
    assert (draft.status_code, code_of(draft)) == (409, "flow-version-draft")
    nowhere = await doors.post(keeper, f"/flows/{CODE}/roll-back", {"version": 9})
    assert (nowhere.status_code, code_of(nowhere)) == (404, "flow-version-not-found")


async def test_two_versions_are_compared(doors: Doors, keeper: Actor) -> None:
    await made(doors, keeper)
    await doors.post(keeper, f"/flows/{CODE}/publish", {"revision": 1})
    other = changed(bye={"kind": "hang_up", "text": {"zh-CN": "再见"}}, more={"kind": "hang_up"})
    del other["steps"]["brand"]
    other["steps"]["welcome"] |= {"next": "menu", "failed": "more"}
    await doors.put(keeper, f"/flows/{CODE}/draft", {"definition": other, "revision": 1})
    found = (await doors.get(keeper, f"/flows/{CODE}/difference", old=1, new=2)).json()
    assert found == {
        "around": [],
        "steps": [
            {"step": "brand", "change": "removed", "fields": []},
            {"step": "bye", "change": "changed", "fields": ["text"]},
            {"step": "more", "change": "added", "fields": []},
            {"step": "welcome", "change": "changed", "fields": ["failed", "next"]},
        ],
    }
    same = (await doors.get(keeper, f"/flows/{CODE}/difference", old=2, new=2)).json()
    assert same == {"around": [], "steps": []}


async def test_a_version_is_taken_out_and_brought_in(doors: Doors, keeper: Actor) -> None:
    await made(doors, keeper)
    file = (await doors.get(keeper, f"/flows/{CODE}/versions/1")).json()
    jsonschema.validate(file["definition"], (await doors.get(keeper, "/flow-schema")).json())
    taken = await doors.post(keeper, "/flow-files", file)
    assert (taken.status_code, code_of(taken)) == (409, "flow-code-taken")
    brought = await doors.post(keeper, "/flow-files", {**file, "code": "copy"})
    assert brought.json()["definition"] == hotline()
    wrong = await doors.post(keeper, "/flow-files", {**file, "code": "bad", "definition": {"start": 3}})
    assert (wrong.status_code, code_of(wrong)) == (422, "flow-not-readable")


async def test_a_definition_is_checked_and_kept_nowhere(doors: Doors, keeper: Actor) -> None:
    hidden = {
        "kind": "collect",
        "text": {"zh-CN": "密码"},
        "into": "pin",
        "secret": True,
        "next": "bye",
        "otherwise": "bye",
    }
    definition = changed(lonely=hidden)
    found = (await doors.post(keeper, "/flow-check", {"definition": definition})).json()
    assert found["problems"] == [{"code": "step-unreachable", "step": "lonely", "detail": ""}]
    assert found["limits"] == [{"channel": "webchat", "step": "lonely", "kind": "collect", "language": ""}]
    assert (await doors.get(keeper, "/flows")).json()["items"] == []


@pytest.mark.parametrize("lost", ["flow:read", "flow:manage"])
async def test_who_may_not_is_refused(doors: Doors, office: Office, keeper: Actor, lost: str) -> None:
    await made(doors, keeper)
    actor = await office.staff(*({"flow:read", "flow:manage"} - {lost}))
    range_of = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
    refused = (
        [
            await doors.get(actor, "/flows"),
            await doors.get(actor, f"/flows/{CODE}/versions"),
            await doors.get(actor, f"/flows/{CODE}/journeys", **range_of),
            await doors.post(actor, "/flow-simulations", {"code": CODE}),
            await doors.post(actor, "/flow-check", {"definition": hotline()}),
        ]
        if lost == "flow:read"
        else [
            await doors.post(actor, "/flows", {"code": "x", "name": "x", "definition": hotline()}),
            await doors.put(actor, f"/flows/{CODE}/draft", {"definition": hotline(), "revision": 1}),
            await doors.post(actor, f"/flows/{CODE}/publish", {"revision": 1}),
            await doors.post(actor, f"/flows/{CODE}/roll-back", {"version": 1}),
        ]
    )
    assert {answer.status_code for answer in refused} == {403}
    assert (await doors.get(keeper, f"/flows/{CODE}")).json()["revision"] == 1


Play = Callable[..., Awaitable[Any]]


@pytest.fixture
async def play(doors: Doors, keeper: Actor) -> Play:
    """Tries out a hotline that checks a password before it tells a balance."""
    pin = {
        "kind": "collect",
        "text": {"zh-CN": "请输入服务密码"},
        "into": "pin",
        "secret": True,
        "min_length": 6,
        "max_length": 6,
        "next": "check",
        "otherwise": "person",
    }
    check = {
        "kind": "business_call",
        "connection": "billing",
        "body": {"pin": "{pin}"},
        "take": {"sum": "balance"},
        "needs": "none",
        "ok": "told",
        "not_ok": "person",
    }
    told = {"kind": "say", "text": {"zh-CN": "余额{sum|amount}"}, "next": "bye"}
    definition = changed(pin=pin, check=check, told=told)
    definition["steps"]["menu"]["choices"]["1"] = "pin"
    await made(doors, keeper, definition)

    async def played(**scene: Any) -> Any:
        answer = await doors.post(keeper, "/flow-simulations", {"code": CODE, "scene": scene})
        assert answer.status_code == 200, answer.text
        assert "738629" not in answer.text
        return answer.json()

    return played


async def test_a_draft_is_tried_out_as_far_as_the_scene_reaches(play: Play) -> None:
    begun = await play()
    assert begun["waits_for"] == "answer"
    assert begun["lines"][-2] == {"step": "menu", "kind": "asked", "text": "人工请按零"}
    asked = await play(answers=["1", "738629#"])
    assert (asked["waits_for"], asked["variables"]) == ("business", {"pin": "•••"})
    good = await play(answers=["1", "738629"], business=[{"content": {"balance": 12.5}}])
    assert good["waits_for"] is None
    assert [(line["step"], line["kind"], line["text"]) for line in good["lines"][4:]] == [
        ("menu", "answered", "1"),
        ("menu", "way", "1"),
        ("pin", "asked", "请输入服务密码"),
        ("pin", "answered", "•••"),
        ("pin", "way", "next"),
        ("check", "asked_business", "billing"),
        ("check", "way", "ok"),
        ("told", "said", "余额十二元五角"),
        ("told", "way", "next"),
        ("bye", "way", "end"),
        ("bye", "ended", ""),
    ]


async def test_what_fails_and_what_a_chat_cannot_do_is_tried_out_too(
    play: Play, doors: Doors, keeper: Actor, contacts: Contacts
) -> None:
    failed = await play(answers=["1", "738629"], business=[{"outcome": "timed_out"}], served=["done"])
    assert {"step": "person", "kind": "queued", "text": "faults"} in failed["lines"]
    chat = await play(channel="webchat", answers=["一"], served=["lost"])
    assert not any(line["kind"] == "asked" and line["step"] == "pin" for line in chat["lines"])
    assert chat["waits_for"] is None
    nowhere = await doors.post(keeper, "/flow-simulations", {"definition": {**hotline(), "start": "nowhere"}})
    assert (nowhere.status_code, code_of(nowhere)) == (422, "flow-has-problems")
    async with contacts.database.system_reading() as reading:
        assert await read_after(reading, Cursor(), limit=10, names=[StepTaken.name]) == [], "nothing is stored"


async def test_journeys_are_counted_from_the_log(doors: Doors, keeper: Actor, contacts: Contacts) -> None:
    definition = hotline()
    definition["steps"]["person"] |= {"queue": QUEUE, "record": False}
    answer = await doors.post(keeper, "/flows", {"code": "chat", "name": "聊天", "definition": definition})
    assert answer.status_code == 201
    await doors.post(keeper, "/flows/chat/publish", {"revision": 1})
    async with contacts.database.transaction(keeper.tenant_id) as tx:
        for number in range(5):
            for step, way in (("welcome", "next"), ("menu", "left" if number < 2 else "9")):
                told = StepTaken(interaction_id=new_id(), flow_code="chat", version=1, step=step, way=way)
                tx.emit(told, subject=told.interaction_id)

    async def asked(**more: Any) -> Any:
        now = contacts.clock.now()
        span = {"since": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=1)).isoformat()}
        return (await doors.get(keeper, "/flows/chat/journeys", **{**span, **more})).json()

    steps = {one["step"]: one for one in (await asked())["steps"]}
    assert steps["menu"] == {"step": "menu", "reached": 5, "left": 2, "ways": {"9": 3, "left": 2}}
    assert steps["welcome"] == {"step": "welcome", "reached": 5, "left": 0, "ways": {"next": 5}}
    assert (await asked())["steps"] == list(steps.values()), "asked again, nothing is counted twice"
    assert (await asked(version=2))["steps"] == []
    before = (contacts.clock.now() - timedelta(days=2)).isoformat()
    assert (await asked(since=before, until=(contacts.clock.now() - timedelta(days=1)).isoformat()))["steps"] == []
    wrong = await doors.get(keeper, "/flows/chat/journeys", since=before, until=before)
    assert (wrong.status_code, code_of(wrong)) == (422, "time-range-not-usable")
