"""From the engine's records to what routing hands out. Pure."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from careline.kernel.errors import Param
from careline.modules.core.routing.engine import model
from careline.modules.core.routing.engine.records import AgentView, MediumView
from careline.modules.core.routing.engine.why import Why as EngineWhy
from careline.modules.core.routing.services.ledger import LiveItem
from careline.modules.core.routing.views import (
    AgentStateView,
    AssignmentView,
    Chosen,
    Media,
    MediumState,
    OfferView,
    QueueView,
    Why,
)
from careline.modules.core.routing.views import MediumView as MediumNow

_KNOWN_MEDIA = frozenset(media.value for media in Media)


def chosen_of(chosen: model.Chosen) -> Chosen:
    """The engine's word as ours."""
    return Chosen(chosen.value)


def engine_chosen(chosen: Chosen) -> model.Chosen:
    """Our word as the engine's."""
    return model.Chosen(chosen.value)


def why_of(why: EngineWhy, skill_names: Mapping[str, str] | None = None) -> list[Why]:
    """The reasons a person reads, skills by their names where these are given."""
    told = []
    for reason in why.reasons():
        params: dict[str, Param] = dict(reason.params)
        if skill_names and "skill" in params:
            params["skill"] = skill_names.get(str(params["skill"]), params["skill"])
        told.append(Why(code=reason.code, params=params))
    return told


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


def one_word(view: AgentView) -> str:
    """The agent in one word for screens: work in hand, else what they chose, else set aside."""
    states = {medium_state(medium) for medium in view.media}
    for state in (MediumState.ENGAGED, MediumState.RESERVED, MediumState.AFTER_CONTACT_WORK):
        if state in states:
            return state.value
    if view.chosen is model.Chosen.READY and states and states == {MediumState.SET_ASIDE}:
        return MediumState.SET_ASIDE.value
    return chosen_of(view.chosen).value


def agent_state(view: AgentView, profile: model.AgentProfile, assignments: list[AssignmentView]) -> AgentStateView:
    """An agent as the desk and the floor see them."""
    media = {
        Media(medium.medium.value): MediumNow(
            state=medium_state(medium),
            used=medium.reserved + medium.engaged + medium.after_contact,
            limit=profile.capacity.limits.get(medium.medium, 0),
        )
        for medium in view.media
        if medium.medium.value in _KNOWN_MEDIA
    }
    starts = [item.since for item in assignments]
    word = one_word(view)
    in_hand = word in (MediumState.ENGAGED.value, MediumState.AFTER_CONTACT_WORK.value)
    return AgentStateView(
        agent_id=view.agent_id,
        chosen=chosen_of(view.chosen),
        reason=view.reason,
        state=word,
        since=min(starts) if in_hand and starts else max(view.since, view.idle_since),
        media=media,
        assignments=assignments,
    )


def assignment(item: LiveItem, queue: QueueView, agent_id: UUID) -> AssignmentView:
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
    )


def offer(
    item: LiveItem, standing: model.Offer, queue: QueueView, now: datetime, skill_names: Mapping[str, str]
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
        why=why_of(standing.why, skill_names),
    )
