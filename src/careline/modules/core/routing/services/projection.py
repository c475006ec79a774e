"""From the engine's records to what routing hands out. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from careline.kernel.errors import Param
from careline.modules.core.routing.engine import model
from careline.modules.core.routing.engine.instants import SECOND
from careline.modules.core.routing.engine.records import AgentGlance, AgentView, Doing, MediumView
from careline.modules.core.routing.engine.why import Reason
from careline.modules.core.routing.engine.why import Why as EngineWhy
from careline.modules.core.routing.services.ledger import LiveItem
from careline.modules.core.routing.views import (
    AgentInBrief,
    AgentStateView,
    AssignmentView,
    Chosen,
    Media,
    MediaRules,
    MediumState,
    OfferView,
    OneWord,
    QueueView,
    Why,
    Withheld,
)
from careline.modules.core.routing.views import MediumView as MediumNow

_KNOWN_MEDIA = frozenset(media.value for media in Media)
IN_HAND = ("engaged", "after_contact_work")
_DOING: dict[Doing, OneWord] = {
    Doing.ENGAGED: "engaged",
    Doing.RESERVED: "reserved",
    Doing.AFTER_CONTACT: "after_contact_work",
}
_CHOSEN: dict[model.Chosen, OneWord] = {
    model.Chosen.OFFLINE: "offline",
    model.Chosen.READY: "ready",
    model.Chosen.NOT_READY: "not_ready",
}


def chosen_of(chosen: model.Chosen) -> Chosen:
    """The engine's word as ours."""
    return Chosen(chosen.value)


def engine_chosen(chosen: Chosen) -> model.Chosen:
    """Our word as the engine's."""
    return model.Chosen(chosen.value)


def why_of(why: EngineWhy, names: Mapping[str, str] | None = None) -> list[Why]:
    """The reasons a person reads; skills, desks and queues by their names where these are given."""
    return [named(reason, names or {}) for reason in why.reasons()]


def named(reason: Reason, names: Mapping[str, str]) -> Why:
    """A reason with skills, desks and queues by what people call them."""
    params: dict[str, Param] = dict(reason.params)
    for name in ("skill", "desk", "queue"):
        if name in params:
            params[name] = names.get(str(params[name]), params[name])
    return Why(code=reason.code, params=params)


def medium_state(medium: MediumView) -> MediumState:
    """What an agent is for one medium; work in hand comes before being set aside."""
    if medium.engaged:
        return MediumState.ENGAGED
    if medium.reserved:
        return MediumState.RESERVED
    if medium.after_contact:
        return MediumState.AFTER_CONTACT_WORK
    if medium.set_aside is not None:
        return MediumState.SET_ASIDE
    return MediumState.IDLE


def withheld(view: AgentView, medium: MediumView, limit: int) -> Withheld | None:
    """Why the agent is offered no more of a medium; None when they are. What they chose comes first.

    ``not_due``: what is due is offered all the same, beside what they have in hand.
    """
    if view.chosen is not model.Chosen.READY:
        return "not_ready"
    if medium.set_aside is not None:
        return "set_aside"
    if medium.left > 0:
        return None
    if _in_hand(medium) >= limit:
        return "full"
    return "not_due" if medium.beside else "other_media"


def one_word(view: AgentView | AgentGlance) -> OneWord:
    """The agent in one word for screens: work in hand, else set aside for everything, else what they chose."""
    if view.doing is not None:
        return _DOING[view.doing]
    if view.passed_over and view.chosen is model.Chosen.READY:
        return "set_aside"
    return _CHOSEN[view.chosen]


def agent_state(view: AgentView, profile: model.AgentProfile, assignments: list[AssignmentView]) -> AgentStateView:
    """An agent as the desk and the floor see them."""
    limits = profile.capacity.limits
    media = {
        Media(medium.medium.value): MediumNow(
            state=medium_state(medium),
            used=_in_hand(medium),
            limit=limits[medium.medium],
            withheld=withheld(view, medium, limits[medium.medium]),
        )
        for medium in view.media
        if medium.medium.value in _KNOWN_MEDIA
    }
    return AgentStateView(
        agent_id=view.agent_id,
        chosen=chosen_of(view.chosen),
        reason=view.reason,
        state=one_word(view),
        since=_since(view, max(view.since, view.idle_since), assignments),
        media=media,
        assignments=assignments,
    )


def in_brief(glance: AgentGlance, assignments: list[AssignmentView]) -> AgentInBrief:
    """An agent as a wall of all of them shows."""
    return AgentInBrief(
        agent_id=glance.agent_id,
        state=one_word(glance),
        since=_since(glance, glance.since, assignments),
        reason=glance.reason,
        assignments=assignments,
    )


def _in_hand(medium: MediumView) -> int:
    return medium.reserved + medium.engaged + medium.after_contact


def _since(view: AgentView | AgentGlance, idle_since: datetime, assignments: list[AssignmentView]) -> datetime:
    """Since when the one word is true: the oldest work in hand, when that is the word."""
    if assignments and view.doing is not Doing.RESERVED:
        return min(item.since for item in assignments)
    return idle_since


def parked(item: LiveItem, in_hand: Iterable[LiveItem], rules: MediaRules) -> bool:
    """Whether an item rests because of something that its agent has taken on top of it."""
    if item.media is not Media.MESSAGE or item.state != "engaged" or item.offer is None:
        return False
    later = [other for other in in_hand if other.offer is not None and other.offer.serial > item.offer.serial]
    return any(other.media in rules.message_interrupted_by and other.state in IN_HAND for other in later)


def assignment(item: LiveItem, queue: QueueView, agent_id: UUID, *, rests: bool = False) -> AssignmentView:
    """An item in an agent's hands."""
    wrapping = item.state == "after_contact_work"
    since = item.finished_at if wrapping else item.engaged_at
    assert since is not None
    return AssignmentView(
        item_id=item.id,
        interaction_id=item.interaction_id,
        agent_id=agent_id,
        media=item.media,
        queue=queue,
        since=since,
        state=MediumState.AFTER_CONTACT_WORK if wrapping else MediumState.ENGAGED,
        wrap_up_deadline=item.wrap_up_until,
        wrap_up_left_s=None if item.wrap_up_left_us is None else item.wrap_up_left_us / SECOND,
        offer_id=None if item.offer is None else item.offer.id,
        parked=rests,
    )


def offer(
    item: LiveItem, standing: model.Offer, queue: QueueView, now: datetime, names: Mapping[str, str]
) -> OfferView:
    """An offer as its agent sees it, token included."""
    return OfferView(
        id=standing.id,
        token=standing.token,
        item_id=item.id,
        interaction_id=item.interaction_id,
        agent_id=standing.agent_id,
        media=item.media,
        queue=queue,
        made_at=standing.made_at,
        deadline=standing.deadline,
        waited_s=max(0.0, (now - item.enqueued_at).total_seconds()),
        why=why_of(standing.why, names),
    )
