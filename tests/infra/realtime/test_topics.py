"""What can be resumed, and what must be fetched anew."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.infra.realtime.topics import Frame, TopicMemory
from careline.kernel.tenancy import TenantId

TENANT = TenantId(uuid4())


def say(memory: TopicMemory, topic: str, *, name: str = "said", coalesced: bool = False, size: int = 10) -> Frame:
    frame = Frame(memory.next_offset(), topic, name, b"x" * size, coalesced)
    memory.keep((TENANT, topic), frame)
    return frame


def test_resuming_gives_what_was_missed_in_order() -> None:
    memory = TopicMemory("e", per_topic=10, total_size=1000)
    say(memory, "a")
    position = memory.position()
    missed = [say(memory, "a"), say(memory, "a")]
    say(memory, "b")

    assert memory.missed((TENANT, "a"), position) == missed
    assert memory.missed((TENANT, "a"), memory.position()) == []


def test_more_than_is_kept_cannot_be_resumed() -> None:
    memory = TopicMemory("e", per_topic=3, total_size=1000)
    first = say(memory, "a")
    rest = [say(memory, "a") for _ in range(3)]

    assert memory.missed((TENANT, "a"), memory.position(first.offset)) == rest
    assert memory.missed((TENANT, "a"), "e:0") is None


def test_a_quiet_topic_can_be_resumed_however_much_others_say() -> None:
    memory = TopicMemory("e", per_topic=3, total_size=10_000)
    position = memory.position()
    for _ in range(50):
        say(memory, "busy")

    assert memory.missed((TENANT, "quiet"), position) == []


def test_a_forgotten_topic_that_begins_anew_is_not_resumed_by_mistake() -> None:
    memory = TopicMemory("e", per_topic=10, total_size=100)
    say(memory, "a")
    position = memory.position()
    say(memory, "a")
    say(memory, "b", size=95)  # no room for topic a any more
    again = say(memory, "a", size=5)

    assert memory.missed((TENANT, "a"), position) is None
    assert memory.missed((TENANT, "a"), memory.position(again.offset - 1)) == [again]
    assert memory.size <= 100


def test_only_the_latest_of_a_coalesced_name_is_kept() -> None:
    memory = TopicMemory("e", per_topic=10, total_size=1000)
    say(memory, "floor", name="floor.changed", coalesced=True)
    said = say(memory, "floor")
    latest = say(memory, "floor", name="floor.changed", coalesced=True)

    assert memory.missed((TENANT, "floor"), "e:0") == [said, latest]


def test_another_tenant_has_other_topics() -> None:
    memory = TopicMemory("e", per_topic=10, total_size=1000)
    say(memory, "a")

    assert memory.missed((TenantId(uuid4()), "a"), "e:0") == []


@pytest.mark.parametrize("position", ["", "e", "e:", "other:0", "e:-1", "e:1", "e:x", "e:٣", "e:" + "9" * 60, ":0"])
def test_a_position_that_is_none_of_ours_is_not_resumed(position: str) -> None:
    memory = TopicMemory("e", per_topic=10, total_size=1000)

    assert memory.missed((TENANT, "a"), position) is None


@given(
    said=st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(1, 40)), max_size=60),
    after=st.integers(0, 60),
    topic=st.sampled_from("abc"),
)
def test_resumed_means_complete(said: list[tuple[str, bool, int]], after: int, topic: str) -> None:
    memory = TopicMemory("e", per_topic=4, total_size=200)
    everything = [say(memory, name, coalesced=coalesced, size=size) for name, coalesced, size in said]

    missed = memory.missed((TENANT, topic), f"e:{after}")

    later = [frame for frame in everything if frame.topic == topic and frame.offset > after]
    last_coalesced = max((frame.offset for frame in later if frame.coalesced), default=0)
    wanted = [frame for frame in later if not frame.coalesced or frame.offset == last_coalesced]
    if missed is not None:
        assert missed == wanted
    assert memory.size <= 200


def test_what_was_said_before_is_not_resumed_from() -> None:
    memory = TopicMemory("e", per_topic=10, total_size=20)
    start = memory.position()
    say(memory, "a")
    say(memory, "a", name="latest", coalesced=True, size=5)
    memory.forget((TENANT, "a"))
    assert memory.size == 0
    assert memory.missed((TENANT, "a"), start) is None
    now = memory.position()
    assert memory.missed((TENANT, "a"), now) == []
    more = say(memory, "a", size=5)
    assert memory.missed((TENANT, "a"), now) == [more]
    memory.forget((TENANT, "a"))
    memory.forget((TENANT, "unknown"))
    say(memory, "b", size=20)
    say(memory, "c", size=20)  # the forgotten one takes no room, and is let go without a word
    assert memory.missed((TENANT, "a"), now) is None
