"""What one node holds of ours at a moment."""

import asyncio
from typing import TypeVar

import msgspec

from careline.adapters.asterisk.client import AriLink
from careline.adapters.asterisk.dialplan import (
    APPLICATION,
    IN_APPLICATION,
    VARIABLE_ASIDE,
    VARIABLE_REFERENCE,
    VARIABLE_ROLE,
)
from careline.adapters.asterisk.messages import AriApplication, AriBridge, AriChannel
from careline.kernel.errors import TransientFailure
from careline.modules.contact.telephony.ports import (
    BridgeId,
    LegId,
    LegRole,
    LegState,
    LiveLeg,
    LiveSnapshot,
)

T = TypeVar("T")

_STATES = {"Up": LegState.UP, "Ringing": LegState.RINGING}


async def ask_snapshot(link: AriLink, node: str) -> LiveSnapshot:
    """Ask the node. Callers who wait in the safe dialplan are away, also while we watch them."""
    channels, bridges, application = await asyncio.gather(
        _ask(link, "channels", list[AriChannel]),
        _ask(link, "bridges", list[AriBridge]),
        _ask(link, f"applications/{APPLICATION}", AriApplication),
    )
    ours = set(application.channel_ids)
    roles = {channel.id: channel.channelvars.get(VARIABLE_ROLE) for channel in channels}
    away = [
        LegId(channel.id)
        for channel in channels
        if roles[channel.id] == LegRole.CALLER and channel.dialplan.app_name != IN_APPLICATION
    ]
    beside = {
        LegId(channel.id): BridgeId(str(bridge))
        for channel in channels
        if (bridge := channel.channelvars.get(VARIABLE_ASIDE))
    }
    places = {LegId(leg): BridgeId(one.id) for one in bridges if one.name == APPLICATION for leg in one.channels}
    legs = [
        LiveLeg(
            leg=LegId(channel.id),
            role=LegRole(str(roles[channel.id])),
            state=_STATES.get(channel.state, LegState.SETUP),
            call_ref=str(channel.channelvars.get(VARIABLE_REFERENCE) or "") or None,
            bridge=places.get(LegId(channel.id)) or beside.get(LegId(channel.id)),
            aside=channel.id not in places and channel.id in beside,
        )
        for channel in channels
        if channel.id in ours and roles[channel.id] in tuple(LegRole) and channel.id not in away
    ]
    names = sorted(BridgeId(one.id) for one in bridges if one.name == APPLICATION)
    return LiveSnapshot(node=node, legs=legs, bridges=names, away=away)


async def _ask(link: AriLink, path: str, kind: type[T]) -> T:
    answer = await link.request("GET", path)
    if not answer.good:
        raise TransientFailure(f"Asterisk did not tell its {path}: {answer.reason()}")
    return msgspec.json.decode(answer.body, type=kind)
