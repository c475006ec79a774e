"""The engine on an ARI that does what the test wants: order, limits, what is told and what is not."""

import asyncio
import logging
from pathlib import Path

import pytest

from careline.adapters.asterisk.messages import AriChannel, ChannelDestroyed, StasisStart
from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.kernel.ids import new_id
from careline.modules.contact.telephony.ports import (
    BridgeId,
    EndCause,
    LegGone,
    LegId,
    LegRole,
    PlaybackId,
    RecordingSpec,
)
from tests.adapters.asterisk.bench import A, B, Bench, bench, dial
from tests.adapters.asterisk.fake_ari import channel
from tests.support.waiting import until

__all__ = ["bench"]


async def test_commands_of_one_leg_keep_their_order_and_other_legs_do_not_wait(bench: Bench) -> None:
    await bench.arrive(A)
    await bench.arrive(B)
    bench.ari.held.append(f"{A}/answer")

    slow = asyncio.create_task(bench.voice.answer(A))
    await until(lambda: bench.ari.of(f"{A}/answer"))
    after = asyncio.create_task(bench.voice.play(A, PlaybackId("p"), [Path("/sounds/one.wav")]))
    await bench.voice.answer(B)
    await asyncio.sleep(0.02)
    assert not bench.ari.of(f"{A}/play")
    await bench.ari.release(f"{A}/answer")
    await asyncio.gather(slow, after)

    of_a = [asked.path.split("/")[2] for asked in bench.ari.of(f"channels/{A}")]
    assert of_a == ["answer", "play"]


async def test_sounds_go_to_asterisk_by_whole_path_without_suffix(bench: Bench) -> None:
    await bench.arrive(A)

    await bench.voice.play(A, PlaybackId("p"), [Path("/sounds/one.wav"), Path("/sounds/数字 2.wav")])

    (asked,) = bench.ari.of("/play/")
    assert asked.body == {"media": ["sound:/sounds/one", "sound:/sounds/数字 2"]}


async def test_a_fourth_caller_is_refused_and_not_told(bench: Bench) -> None:
    for name in ("one", "two", "three"):
        await bench.arrive(LegId(name))

    await bench.ari.tell("StasisStart", channel=channel("four"), args=["caller", "demo", "10086", "allowed"])

    await until(lambda: bench.ari.of("channels/four/continue"))
    (asked,) = bench.ari.of("channels/four/continue")
    assert asked.query["context"] == "careline-refuse"
    assert [call.leg for call in bench.heard.calls] == ["one", "two", "three"]
    await bench.ari.tell("ChannelDestroyed", channel=channel("one"), cause=16)
    await bench.heard.wait("leg_ended", LegId("one"))
    await bench.arrive(LegId("five"))


async def test_a_caller_who_left_before_they_could_be_told_of_is_not_told(bench: Bench) -> None:
    incoming = bench.voice._incoming
    assert incoming is not None
    caller = AriChannel(id=A)
    # As after a long step of the loop: both stand in the line.
    incoming.on_event(StasisStart(channel=caller, args=["caller", "demo", "10086", "allowed"]))
    incoming.on_event(ChannelDestroyed(channel=caller, cause=16))
    await bench.heard.wait("leg_ended", A)

    assert bench.heard.calls == []
    await bench.arrive(A)


@pytest.mark.parametrize(("state", "answered"), [("Ring", False), ("Up", True)])
async def test_whether_a_caller_was_answered_before_is_told(bench: Bench, state: str, answered: bool) -> None:
    args = ["caller", "demo", "10086", "allowed", ""]
    await bench.ari.tell("StasisStart", channel=channel(A, state, CARELINE_ROLE="caller"), args=args)
    await bench.heard.wait("call_arrived", A)

    assert [call.answered for call in bench.heard.calls] == [answered]


async def test_a_caller_who_is_refused_hears_the_polite_end(bench: Bench) -> None:
    await bench.arrive(A)
    await bench.voice.refuse(A)

    (asked,) = bench.ari.of(f"channels/{A}/continue")
    assert (asked.query["context"], asked.query["label"]) == ("careline-refuse", "start")
    assert (await bench.heard.wait("leg_ended", A)).detail is EndCause.BUSY


@pytest.mark.parametrize(
    ("number", "shown", "told"),
    [
        ("13800138000", "allowed,", "13800138000"),
        ("13800138000", "allowed,none", "13800138000"),
        ("+8613800138000", "allowed_passed_screen", "+8613800138000"),
        ("13800138000", "prohib_passed_screen,", None),
        ("13800138000", "allowed,id", None),
        ("13800138000", "allowed,idcritical", None),
        ("anonymous", "allowed,", None),
        ("", "unavailable,", None),
        ("1" * 21, "allowed,", None),
        ("138'; drop table", "allowed,", None),
    ],
)
async def test_a_callers_number_is_told_only_when_it_is_one(
    bench: Bench, number: str, shown: str, told: str | None
) -> None:
    await bench.arrive(A, number=number, shown=shown)

    assert bench.heard.calls[0].caller_number == told


@pytest.mark.parametrize(
    ("q850", "state", "cause"),
    [
        (19, "Ringing", EndCause.NO_ANSWER),
        (16, "Ringing", EndCause.NO_ANSWER),
        (0, "Ringing", EndCause.NO_ANSWER),
        (21, "Ringing", EndCause.REJECTED),
        (17, "Ringing", EndCause.BUSY),
        (1, "Down", EndCause.UNREACHABLE),
        (20, "Down", EndCause.UNREACHABLE),
        (58, "Down", EndCause.FAILED),
        (16, "Up", EndCause.NORMAL),
        (0, "Up", EndCause.NORMAL),
    ],
)
async def test_why_an_agents_leg_ended(bench: Bench, q850: int, state: str, cause: EndCause) -> None:
    await bench.arrive(A)
    await bench.voice.dial_agent(dial("offer-1"))
    await bench.ari.tell("ChannelStateChange", channel=channel("offer-1", state))
    if state == "Up":
        await bench.ari.tell("StasisStart", channel=channel("offer-1", state), args=["agent"])

    await bench.ari.tell("StasisEnd", channel=channel("offer-1", state))
    await bench.ari.tell("ChannelDestroyed", channel=channel("offer-1", state), cause=q850)

    assert (await bench.heard.wait("leg_ended", LegId("offer-1"))).detail is cause


async def test_an_end_that_we_asked_for_has_the_cause_that_we_gave(bench: Bench) -> None:
    await bench.arrive(A)

    await bench.voice.hang_up(A, EndCause.BUSY)
    await bench.ari.tell("ChannelDestroyed", channel=channel(A), cause=16)

    assert bench.ari.of(f"channels/{A}")[-1].query == {"reason_code": "17"}
    assert (await bench.heard.wait("leg_ended", A)).detail is EndCause.BUSY


async def test_ringing_and_answer_are_told_once(bench: Bench) -> None:
    await bench.arrive(A)
    await bench.voice.dial_agent(dial("offer-1"))

    for state in ("Ringing", "Ringing", "Up", "Up"):
        await bench.ari.tell("ChannelStateChange", channel=channel("offer-1", state))
    for _ in range(2):
        await bench.ari.tell("StasisStart", channel=channel("offer-1", "Up"), args=["agent"])

    await bench.heard.wait("leg_answered", LegId("offer-1"))
    await asyncio.sleep(0.02)
    assert bench.heard.kinds(LegId("offer-1")) == ["leg_ringing", "leg_answered"]
    (asked,) = bench.ari.of("channels/offer-1")
    assert asked.body["variables"]["PJSIP_HEADER(add,X-Call-Ref)"] == "ref"
    assert asked.body["timeout"] == 20


async def test_nobody_is_rung_for_a_caller_who_left(bench: Bench) -> None:
    with pytest.raises(LegGone):
        await bench.voice.dial_agent(dial("offer-1"))

    assert bench.ari.asked == []


async def test_a_ring_without_an_answer_is_taken_down_again(bench: Bench) -> None:
    await bench.arrive(A)
    bench.ari.answer("POST", "channels/offer-1", 503, {"message": "out of order"})

    with pytest.raises(TransientFailure):
        await bench.voice.dial_agent(dial("offer-1"))

    await until(lambda: [asked for asked in bench.ari.of("channels/offer-1") if asked.method == "DELETE"])
    assert bench.heard.kinds(LegId("offer-1")) == []


async def test_a_phone_that_is_not_there_is_told_as_the_end_of_its_leg(bench: Bench) -> None:
    await bench.arrive(A)
    bench.ari.answer("POST", "channels/offer-1", 500, {"error": "Allocation failed"})

    await bench.voice.dial_agent(dial("offer-1"))

    assert (await bench.heard.wait("leg_ended", LegId("offer-1"))).detail is EndCause.UNREACHABLE


async def test_a_join_that_comes_too_late_leaves_no_bridge(bench: Bench) -> None:
    await bench.arrive(A)
    bench.ari.answer("POST", "bridges/late/addChannel", 400, {"message": "Channel not found"})

    with pytest.raises(LegGone):
        await bench.voice.join(BridgeId("late"), [A])

    of_bridge = [(asked.method, asked.path) for asked in bench.ari.of("bridges/late")]
    assert of_bridge == [("POST", "bridges/late"), ("POST", "bridges/late/addChannel"), ("DELETE", "bridges/late")]


async def test_a_join_to_a_bridge_that_was_there_does_not_end_it(bench: Bench) -> None:
    await bench.arrive(A)
    bench.ari.answer("POST", "bridges/talk", 409, {"message": "Bridge with id 'talk' already exists"})
    bench.ari.answer("POST", "bridges/talk/addChannel", 400, {"message": "Channel not found"})

    with pytest.raises(LegGone):
        await bench.voice.join(BridgeId("talk"), [A])

    assert not [asked for asked in bench.ari.of("bridges/talk") if asked.method == "DELETE"]


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (404, "Channel not found", LegGone),
        (409, "Channel not in Stasis application", LegGone),
        (400, "Channel not found", LegGone),
        (422, "Channel not in Stasis application", LegGone),
        (400, "Invalid parameter", PermanentFailure),
        (500, "Internal error", TransientFailure),
    ],
)
async def test_what_a_refusal_means(bench: Bench, status: int, message: str, error: type[Exception]) -> None:
    await bench.arrive(A)
    bench.ari.answer("POST", f"channels/{A}/answer", status, {"message": message})

    with pytest.raises(error):
        await bench.voice.answer(A)


async def test_keys_reach_telephony_and_no_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="careline")
    await bench.arrive(A)

    for digit in "4242*#":
        await bench.ari.tell("ChannelDtmfReceived", channel=channel(A, "Up"), digit=digit)
    await bench.ari.tell("ChannelDtmfReceived", channel=channel(A, "Up"), digit="D")
    await bench.ari.tell("ChannelDtmfReceived", channel=channel("stranger", "Up"), digit="1")

    await bench.heard.wait("key_pressed", A, count=6)
    await asyncio.sleep(0.02)
    assert bench.heard.keys(A) == "4242*#"
    assert not [record for record in caplog.records if "digit" in record.getMessage() or "42" in record.getMessage()]


@pytest.mark.parametrize("status", [200, 404])
async def test_a_caller_who_goes_on_in_the_dialplan_is_away_until_they_hang_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("careline.adapters.asterisk.incoming._AWAY_SECONDS", 0.05)
    bench.ari.answer("POST", "applications/careline/subscription", status)
    await bench.arrive(A)

    await bench.ari.tell("StasisEnd", channel=channel(A, "Up"))
    await bench.heard.wait("leg_away", A)
    if status == 200:
        assert "leg_ended" not in bench.heard.kinds(A)
        await bench.ari.tell("ChannelDestroyed", channel=channel(A, "Up"), cause=16)

    await bench.heard.wait("leg_ended", A)
    assert bench.heard.kinds(A) == ["call_arrived", "leg_away", "leg_ended"]
    with pytest.raises(LegGone):
        await bench.voice.start_music(A)


async def test_a_hang_up_of_which_no_more_is_told_than_the_leaving(bench: Bench) -> None:
    await bench.arrive(A)

    await bench.ari.tell("ChannelHangupRequest", channel=channel(A, "Up"), cause=16)
    await bench.ari.tell("StasisEnd", channel=channel(A, "Up"))
    assert (await bench.heard.wait("leg_ended", A)).detail is EndCause.NORMAL
    await bench.ari.tell("ChannelDestroyed", channel=channel(A, "Up"), cause=16)

    await asyncio.sleep(0.02)
    assert bench.heard.kinds(A) == ["call_arrived", "leg_ended"]


async def test_without_ami_nothing_can_be_recorded(bench: Bench, tmp_path: Path) -> None:
    await bench.arrive(A)

    with pytest.raises(PermanentFailure, match="AMI"):
        await bench.voice.start_recording(RecordingSpec(recording_id=new_id(), leg=A, path=tmp_path / "a.wav"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("endpoint", "secret", "number"),
    [
        ("", "a good secret", None),
        ("../trunk", "a good secret", None),
        ("agent 1", "a good secret", None),
        ("agent-1", "short", None),
        ("agent-1", "a secret\nwith a break", None),
        ("agent-1", "a good secret", "12<34>"),
    ],
)
async def test_an_endpoint_that_would_break_the_configuration_is_refused(
    bench: Bench, endpoint: str, secret: str, number: str | None
) -> None:
    with pytest.raises(PermanentFailure):
        await bench.voice.put_endpoint(endpoint, secret, role=LegRole.AGENT, number=number)

    assert bench.ari.asked == []
