"""What Asterisk says over ARI, of it only the fields that we use. Never passes telephony's ports."""

from typing import Any

import msgspec


class AriCaller(msgspec.Struct, frozen=True):
    """Who calls, as the trunk says."""

    number: str = ""
    name: str = ""


class AriPlace(msgspec.Struct, frozen=True):
    """Where in the dialplan a channel is: ``app_name`` is ``Stasis`` while it is with an application of ARI."""

    app_name: str = ""


class AriChannel(msgspec.Struct, frozen=True):
    """A channel; ``state`` is Down, Ring, Ringing, Up and some that are never ours."""

    id: str
    name: str = ""
    state: str = ""
    caller: AriCaller = AriCaller()
    dialplan: AriPlace = AriPlace()
    channelvars: dict[str, Any] = {}


class AriBridge(msgspec.Struct, frozen=True):
    """A bridge and the ids of the channels in it."""

    id: str
    name: str = ""
    channels: list[str] = []


class AriApplication(msgspec.Struct, frozen=True):
    """Our application, and the channels that it holds or watches."""

    name: str
    channel_ids: list[str] = []


class AriPlayback(msgspec.Struct, frozen=True):
    """A playback; ``state`` is ``done`` at the end of all its sounds, else ``failed`` or ``canceled``."""

    id: str
    state: str = ""
    target_uri: str = ""


class StasisStart(msgspec.Struct, frozen=True, tag_field="type", tag="StasisStart"):
    """A channel came to us; ``args`` are those of the dialplan's or of the created channel's application."""

    channel: AriChannel
    args: list[str] = []


class StasisEnd(msgspec.Struct, frozen=True, tag_field="type", tag="StasisEnd"):
    """A channel left us: it hung up, or went on in the dialplan."""

    channel: AriChannel


class ChannelStateChange(msgspec.Struct, frozen=True, tag_field="type", tag="ChannelStateChange"):
    """It rings, or is answered."""

    channel: AriChannel


class ChannelHangupRequest(msgspec.Struct, frozen=True, tag_field="type", tag="ChannelHangupRequest"):
    """Somebody hung up. Of a channel that heard music nothing comes after this but ``StasisEnd``."""

    channel: AriChannel
    cause: int = 0


class ChannelDestroyed(msgspec.Struct, frozen=True, tag_field="type", tag="ChannelDestroyed"):
    """It is gone; ``cause`` is of Q.850, 0 when none is known."""

    channel: AriChannel
    cause: int = 0


class ChannelDtmfReceived(msgspec.Struct, frozen=True, tag_field="type", tag="ChannelDtmfReceived"):
    """A key was pressed and let go."""

    channel: AriChannel
    digit: str


class PlaybackFinished(msgspec.Struct, frozen=True, tag_field="type", tag="PlaybackFinished"):
    """All sounds of a playback are over."""

    playback: AriPlayback


class ApplicationReplaced(msgspec.Struct, frozen=True, tag_field="type", tag="ApplicationReplaced"):
    """Somebody else connected under our application's name."""

    application: str = ""


class RESTResponse(msgspec.Struct, frozen=True, tag_field="type", tag="RESTResponse"):
    """The answer to a request that we sent over the same WebSocket."""

    request_id: str
    status_code: int
    reason_phrase: str = ""
    message_body: str = ""


AriEvent = (
    StasisStart
    | StasisEnd
    | ChannelStateChange
    | ChannelHangupRequest
    | ChannelDestroyed
    | ChannelDtmfReceived
    | PlaybackFinished
    | ApplicationReplaced
)

EVENT_TYPES = (
    "StasisStart",
    "StasisEnd",
    "ChannelStateChange",
    "ChannelHangupRequest",
    "ChannelDestroyed",
    "ChannelDtmfReceived",
    "PlaybackFinished",
    "RESTResponse",  # the filter holds back answers as well
)
"""What we ask Asterisk to send; everything else it keeps to itself."""

_decoder = msgspec.json.Decoder(AriEvent | RESTResponse)


def decode(frame: str | bytes) -> AriEvent | RESTResponse | None:
    """Read a frame; None for what we do not know, or for what is no sense."""
    try:
        message: AriEvent | RESTResponse = _decoder.decode(frame)
    except msgspec.DecodeError:
        return None
    return message


class RESTRequest(msgspec.Struct, frozen=True, tag_field="type", tag="RESTRequest", omit_defaults=True):
    """A request over the WebSocket; ``message_body`` is JSON as text."""

    request_id: str
    method: str
    uri: str
    content_type: str = ""
    message_body: str = ""
