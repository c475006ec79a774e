"""Who is heard of when they ask for a topic that they may not follow."""

from uuid import UUID, uuid4

from careline.infra.database.failures import DatabaseUnreachable
from careline.infra.realtime.connection import Principal
from careline.infra.realtime.hub import Hub
from careline.kernel.errors import Forbidden, NotFound, Unavailable
from careline.kernel.tenancy import Actor
from tests.infra.realtime.test_hub import HERE, heard, joined, principal, tell
from tests.infra.realtime.test_hub import hub as hub


async def test_who_asks_for_what_they_may_not_follow_is_told_of_and_nobody_else_is(hub: Hub) -> None:
    told: list[tuple[Actor, str, str, UUID | None]] = []
    hub.on_refused(lambda actor, operation, why, target: told.append((actor, operation, why.code, target)))
    answers: dict[str, bool | Exception] = {
        "conversation": False,
        "wall": Forbidden("permission-missing"),
        "letter": NotFound("letter-not-found"),
        "busy": Unavailable("away"),
        "late": DatabaseUnreachable("Connection refused"),
    }

    async def decide(_principal: Principal, topic: str) -> bool:
        answer = answers[topic.partition(":")[0]]
        if isinstance(answer, Exception):
            raise answer
        return answer

    for prefix in answers:
        hub.authorise(prefix, decide)
    who, asked = principal(), uuid4()
    connection = joined(hub, who)
    for topic in ("wall", f"conversation:{asked}", "conversation:13812346021", f"letter:{asked}"):
        await tell(hub, connection, t="sub", topic=topic)
    expected = [("wall", None), ("conversation", asked), ("conversation", None), ("letter", asked)]
    assert told == [(who.actor, f"SUBSCRIBE {prefix}", "topic-refused", id_) for prefix, id_ in expected]

    told.clear()
    answers["conversation"] = True
    for topic in ("busy", "late", "nobody:1", "cases", f"conversation:{asked}", "case:1"):
        await tell(hub, connection, t="sub", topic=topic)
    await tell(hub, connection, t="sub", topic="wall")  # one topic too many: nobody is asked
    answers["conversation"] = False
    await hub.recheck(HERE, f"conversation:{asked}")
    frames = [(frame["t"], frame.get("code"), frame["topic"]) for frame in await heard(connection)][4:]
    assert told == []
    assert frames == [
        *[("err", "topic-refused", topic) for topic in ("busy", "late", "nobody:1")],
        *[("subbed", None, topic) for topic in ("cases", f"conversation:{asked}", "case:1")],
        ("err", "too-many-topics", "wall"),
        ("err", "topic-refused", f"conversation:{asked}"),
    ]
