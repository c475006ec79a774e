"""What the keeper does for calls whose application is gone."""

from typing import Any

from careline.adapters.asterisk.stranded import deeds


def channel(name: str, role: str, *, state: str = "Up", application: str = "Stasis", aside: str = "") -> dict[str, Any]:
    return {
        "id": name,
        "state": state,
        "dialplan": {"app_name": application},
        "channelvars": {"CARELINE_ROLE": role, "CARELINE_ASIDE": aside},
    }


def bridge(name: str, *members: str, ours: bool = True) -> dict[str, Any]:
    return {"id": name, "name": "careline" if ours else "other", "channels": list(members)}


def done(channels: list[dict[str, Any]], bridges: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [(deed.method, *deed.path) for deed in deeds(channels, bridges)]


def test_a_talk_of_two_goes_on() -> None:
    assert done([channel("c", "caller"), channel("a", "agent")], [bridge("b", "c", "a")]) == []


def test_a_talk_in_which_the_caller_is_on_hold_goes_on() -> None:
    assert done([channel("c", "caller", aside="b"), channel("a", "agent")], [bridge("b", "a")]) == []


def test_who_is_on_hold_is_served_by_nobody_once_the_agent_has_left() -> None:
    held = channel("c", "caller", aside="b")

    assert done([held], [bridge("b")]) == [("DELETE", "bridges", "b"), ("POST", "channels", "c", "continue")]
    assert done([held], []) == [("POST", "channels", "c", "continue")]


def test_an_agent_whose_caller_left_the_hold_is_hung_up() -> None:
    other = channel("x", "caller", aside="other")

    assert done([channel("a", "agent"), other], [bridge("b", "a")]) == [
        ("DELETE", "channels", "a"),
        ("POST", "channels", "x", "continue"),
    ]


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
