"""The floor and an agent's own day, counted by hand."""

from uuid import uuid4

from careline.modules.contact.conversations.views import Channel
from careline.modules.core.routing.views import Chosen, Media
from careline.modules.directory.people.views import AgentView
from careline.modules.insight.analytics.schemas import FloorShown
from careline.modules.outreach.surveys.events import Rated
from tests.modules.insight.analytics.conftest import EVERYTHING, Insight
from tests.support.centre import FAULTS, TARIFF
from tests.support.office import code_of, without_permission


async def answered_and_handled(insight: Insight) -> AgentView:
    """One is answered after 10 s and one, whom nobody took at first, after 30 s; who took the second."""
    centre, clock = insight.centre, insight.centre.clock
    first, second = centre.people.known
    await centre.ready(first, second)
    quick = await centre.ask()
    clock.advance(10)
    await insight.take(quick, first)
    await insight.finish(quick, first, contact_s=100, acw_s=20)
    await insight.tell(Rated(interaction_id=quick.interaction_id, score=5, channel=Channel.WEBCHAT), quick.id)

    slow = await centre.ask(queue=TARIFF)
    clock.advance(21)
    await centre.tick()
    clock.advance(9)
    taker = next(agent for agent in (first, second) if agent.id == centre.offer_of(slow).agent_id)
    await insight.take(slow, taker)
    await insight.finish(slow, taker, contact_s=200, acw_s=20)
    await insight.tell(Rated(interaction_id=slow.interaction_id, score=2, channel=Channel.WEBCHAT), slow.id)
    return taker


async def not_answered(insight: Insight) -> None:
    """With nobody there one gives up after 60 s, one after 2 s, and one has waited for 7 s."""
    centre, clock = insight.centre, insight.centre.clock
    for agent in centre.people.known:
        await centre.routing.choose(insight.tenant_id, agent.id, Chosen.NOT_READY, "meal")
    for patience in (60, 2):
        item = await centre.ask(media=Media.VOICE)
        clock.advance(patience)
        await centre.routing.withdraw(insight.tenant_id, item.interaction_id)
    await centre.ask(media=Media.VOICE)
    clock.advance(7)
    await centre.settled()


async def test_a_morning_counted_by_hand(insight: Insight) -> None:
    taker = await answered_and_handled(insight)
    await not_answered(insight)
    await insight.centre.ask(media=Media.MESSAGE)  # for which nobody waits: it is in no figure
    assert await insight.figures() == {
        "waiting_now": (1, 1),
        "longest_wait": (7, 1),
        "service_level": (1 / 3, 3),
        "answer_rate": (2 / 3, 3),
        "asa": (20.0, 2),
        "abandon_rate": (1 / 3, 3),
        "asked": (4, 4),
        "answered": (2, 2),
        "handled_today": (2, 2),
        "aht": (170.0, 2),
        "acw": (20.0, 2),
        "csat_today": (3.5, 2),
    }
    floor = (await insight.doors.get(insight.supervisor, "/floor")).json()
    done = {agent["id"]: (agent["handled"], agent["avg_handle_s"]) for agent in floor["agents"]}
    calls = {queue["name"]: (queue["asked"], queue["answered"], queue["abandoned"]) for queue in floor["queues"]}
    assert calls == {"宽带报障": (3, 1, 1), "套餐与资费": (1, 1, 0)}
    first, second = insight.centre.people.known
    mine = {"handled": 1, "avg_handle_s": 120.0, "avg_acw_s": 20.0, "csat": 5.0, "csat_n": 1}
    if taker.id == first.id:
        mine = {"handled": 2, "avg_handle_s": 170.0, "avg_acw_s": 20.0, "csat": 3.5, "csat_n": 2}
    assert (await insight.doors.get(insight.actor_of(first), "/insight/my-shift")).json() == mine
    other = await insight.analytics.shift(insight.tenant_id, second.id)
    assert mine["handled"] == 2 - other.handled
    assert done[str(first.id)] == (mine["handled"], mine["avg_handle_s"])
    shown = await insight.doors.get(insight.supervisor, f"/floor/agents/{first.id}/shift")
    assert shown.json() == mine


async def test_a_floor_where_nothing_has_happened(insight: Insight) -> None:
    answer = await insight.doors.get(insight.supervisor, "/floor")
    assert answer.status_code == 200
    floor = answer.json()
    assert FloorShown.model_validate(floor).model_dump(mode="json") == floor, "as the interface describes it"
    assert floor["at"] == "2026-03-02T01:00:00Z"
    assert {one["code"]: one["value"] for one in floor["figures"]} == {
        "waiting_now": 0,
        "longest_wait": 0,
        "service_level": None,
        "answer_rate": None,
        "asa": None,
        "abandon_rate": None,
        "asked": 0,
        "answered": 0,
        "handled_today": 0,
        "aht": None,
        "acw": None,
        "csat_today": None,
    }
    assert [(one["name"], one["waiting"], one["service_level"]) for one in floor["queues"]] == [
        ("宽带报障", 0, {"value": None, "target": 0.8, "seconds": 20, "n": 0}),
        ("套餐与资费", 0, {"value": None, "target": 0.8, "seconds": 20, "n": 0}),
    ]


async def test_queues_and_agents_are_as_routing_has_them(insight: Insight) -> None:
    first, second = insight.centre.people.known
    await insight.centre.ready(first)
    item = await insight.centre.ask(media=Media.VOICE)
    await insight.take(item, first)
    await insight.centre.ask(media=Media.VOICE)
    insight.centre.clock.advance(30)
    floor = (await insight.doors.get(insight.supervisor, "/floor")).json()

    queue = next(one for one in floor["queues"] if one["id"] == str(insight.queue(FAULTS).id))
    assert (queue["waiting"], queue["longest_wait_s"]) == (1, 30.0)
    assert queue["agents"] == {"engaged": 1, "offline": 1}
    assert FloorShown.model_validate(floor).model_dump(mode="json") == floor
    engaged, offline = floor["agents"]
    assert (engaged["id"], engaged["number"], engaged["name"]) == (str(first.id), "8021", "坐席 8021")
    assert (engaged["state"], engaged["reason"]) == ("engaged", None)
    assert engaged["on"] == [
        {
            "interaction_id": str(item.interaction_id),
            "media": "voice",
            "queue_id": str(insight.queue(FAULTS).id),
            "queue_name": "宽带报障",
            "since": "2026-03-02T01:00:00Z",
        }
    ]
    assert (offline["id"], offline["state"], offline["on"]) == (str(second.id), "offline", [])


async def test_today_is_the_tenants_own_day(insight: Insight) -> None:
    first, _ = insight.centre.people.known
    await insight.centre.ready(first)
    insight.centre.clock.advance(hours=14, minutes=59)  # 23:59 in Shanghai
    item = await insight.centre.ask(media=Media.CHAT)
    await insight.take(item, first)
    await insight.finish(item, first, contact_s=90, acw_s=10)  # ends at 00:00:40
    figures = await insight.figures()
    # It asked yesterday, and was wrapped up today.
    assert [figures[code] for code in ("answered", "handled_today")] == [(0, 0), (1, 1)]
    shift = (await insight.doors.get(insight.actor_of(first), "/insight/my-shift")).json()
    assert (shift["handled"], shift["avg_handle_s"]) == (1, 100.0)


async def test_who_may_not_see_the_floor_is_refused(insight: Insight) -> None:
    for path, permission in (
        ("/floor", "floor:view"),
        ("/insight/figures/asa/events", "insight:view"),
        ("/insight/my-shift", "desk:use"),
    ):
        lesser = without_permission(insight.supervisor, permission)
        refused = await insight.doors.get(lesser, path)
        assert (refused.status_code, refused.json()["params"]) == (403, {"permission": permission})
        assert (await insight.doors.get(None, path)).status_code == 401
        assert (await insight.doors.get(insight.supervisor, path)).status_code == 200


async def test_another_tenant_sees_nothing_of_this_one(insight: Insight) -> None:
    first, _ = insight.centre.people.known
    await insight.centre.ready(first)
    item = await insight.centre.ask(media=Media.CHAT)
    await insight.take(item, first)
    await insight.finish(item, first, contact_s=60, acw_s=10)
    await insight.analytics.catch_up()
    await insight.centre.routing.open_tenant(insight.office.other.id)
    theirs = await insight.office.staff(*EVERYTHING, tenant=insight.office.other)

    floor = (await insight.doors.get(theirs, "/floor")).json()
    assert floor["queues"] == []
    assert {one["code"]: one["n"] for one in floor["figures"]} == dict.fromkeys(
        (one["code"] for one in floor["figures"]), 0
    )
    listed = (await insight.doors.get(theirs, "/insight/figures/handled_today/events")).json()
    assert listed["items"] == []
    shift = await insight.analytics.shift(insight.office.other.id, first.id)
    assert (shift.handled, shift.csat_n) == (0, 0)


async def test_questions_that_make_no_sense_are_refused(insight: Insight) -> None:
    for path, status, code in (
        ("/insight/figures/happiness/events", 404, "figure-not-found"),
        (f"/insight/figures/{'x' * 61}/events", 422, "field-invalid"),
        ("/insight/figures/asa/events?window=yesterday", 422, "window-unknown"),
        ("/insight/figures/asa/events?window=now", 422, "window-unknown"),
        ("/insight/figures/waiting_now/events", 422, "window-unknown"),
        ("/insight/figures/asa/events?after=-1", 422, "position-unknown"),
        ("/insight/figures/asa/events?after=1e5", 422, "position-unknown"),
        ("/insight/figures/asa/events?after=%00", 422, "position-unknown"),
        ("/insight/figures/asa/events?after=99999999999999999999", 422, "position-unknown"),
        ("/insight/figures/asa/events?limit=0", 422, "field-invalid"),
        ("/insight/figures/asa/events?limit=1000", 422, "field-invalid"),
    ):
        answer = await insight.doors.raw(insight.supervisor, "GET", path, b"")
        assert (answer.status_code, code_of(answer)) == (status, code), path
    far = await insight.doors.get(insight.supervisor, "/insight/figures/asa/events", after="9" * 18)
    assert far.json()["items"] == []


async def test_somebody_who_never_answered_has_an_empty_day(insight: Insight) -> None:
    shift = await insight.analytics.shift(insight.tenant_id, uuid4())
    assert (shift.handled, shift.avg_handle_s, shift.avg_acw_s, shift.csat, shift.csat_n) == (0, None, None, None, 0)
