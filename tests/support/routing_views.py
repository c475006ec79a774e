"""What routing tells of queues, items and agents, held against its records."""

from careline.modules.core.routing.engine.engine import Engine
from tests.support.routing_engine import agent_id, queue_id
from tests.support.routing_laws import in_hands


def check_views(fast: Engine, slow: Engine) -> None:
    """The queries of both engines agree with the records."""
    state = fast.snapshot()
    assert state == slow.snapshot()
    held = in_hands(state)
    for number in (1, 2, 3):
        view = fast.queue_view(queue_id(number), state.at)
        waiting = [r for r in state.items if r.queue_id == queue_id(number) and r.item.id not in held]
        assert view.waiting == len(waiting)
        longest = max(((state.at - r.item.enqueued_at).total_seconds() for r in waiting), default=0.0)
        assert view.longest_wait_s == max(longest, 0.0)
        for patient in (False, True):
            positions = sorted(fast.position(r.item.id) or 0 for r in waiting if r.item.patient is patient)
            assert positions == list(range(1, len(positions) + 1))
        for line in view.lines:
            of_it = [r.item for r in waiting if r.item.medium is line.medium]
            assert line.waiting == len(of_it) > 0
            assert line.longest_wait_s == max(0.0, *((state.at - i.enqueued_at).total_seconds() for i in of_it))
    check_glances(fast)
    for record in state.items:
        assert (fast.holder(record.item.id) is not None) == (record.item.id in held)
        told = fast.why_not(record.item.id)
        assert told == slow.why_not(record.item.id)
        if record.item.id not in held:
            assert told.verdict not in ("offered", "engaged")


def check_glances(engine: Engine) -> None:
    """An agent in few words is the same as in many."""
    views = list(engine.agent_views())
    glances = engine.agent_glances()
    assert glances == [glance for view in views for glance in engine.agent_glances([view.agent_id, agent_id(999)])]
    for view, glance in zip(views, glances, strict=True):
        assert (view.agent_id, view.chosen, view.reason) == (glance.agent_id, glance.chosen, glance.reason)
        assert glance.since == max(view.since, view.idle_since)
        of_each = ("engaged", "reserved", "after_contact")
        doing = [what for what in of_each if any(getattr(medium, what) for medium in view.media)]
        assert (glance.doing, view.doing) == ((doing[0].replace("_", "-"),) * 2 if doing else (None, None))
        passed_over = bool(view.media) and all(medium.set_aside is not None for medium in view.media)
        assert glance.passed_over is view.passed_over is passed_over
