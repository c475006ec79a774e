"""What the keeper does for calls whose application is gone."""

from typing import Any

from careline.adapters.asterisk.stranded import deeds


def channel(name: str, role: str, *, state: str = "Up", application: str = "Stasis") -> dict[str, Any]:
    return {
        "id": name,
        "state": state,
        "dialplan": {"app_name": application},
        "channelvars": {"CARELINE_ROLE": role},
    }


def bridge(name: str, *members: str, ours: bool = True) -> dict[str, Any]:
    return {"id": name, "name": "careline" if ours else "other", "channels": list(members)}


def done(channels: list[dict[str, Any]], bridges: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [(deed.method, *deed.path) for deed in deeds(channels, bridges)]


def test_a_talk_of_two_goes_on() -> None:
    assert done([channel("c", "caller"), channel("a", "agent")], [bridge("b", "c", "a")]) == []


def test_a_caller_nobody_serves_hears_the_safe_dialplan() -> None:
    (deed,) = deeds([channel("c", "caller")], [])

    assert (deed.method, deed.path) == ("POST", ("channels", "c", "continue"))
    assert deed.query == {"context": "careline-alone", "extension": "s", "label": "start"}


def test_whoever_was_left_alone_is_hung_up() -> None:
    assert done([channel("c", "caller")], [bridge("b", "c")]) == [("DELETE", "channels", "c")]
    assert done([channel("a", "agent")], [bridge("b", "a")]) == [("DELETE", "channels", "a")]


def test_phones_stop_ringing() -> None:
    assert done([channel("a", "agent", state="Ringing")], []) == [("DELETE", "channels", "a")]
    assert done([channel("a", "agent", state="Down", application="")], []) == [("DELETE", "channels", "a")]


def test_an_empty_bridge_ends_and_a_strange_one_stays() -> None:
    assert done([], [bridge("b"), bridge("x", ours=False)]) == [("DELETE", "bridges", "b")]


def test_a_caller_who_is_in_the_safe_dialplan_is_left_there() -> None:
    waiting = [channel("c", "caller", application=name) for name in ("Wait", "Playback", "")]

    assert done(waiting, []) == []


def test_channels_that_are_not_ours_are_left_alone() -> None:
    assert done([channel("x", ""), {"id": "bare"}], []) == []
