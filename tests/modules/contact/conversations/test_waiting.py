"""The wait that is told is nearer to what comes true than the plain guess, or it is not told."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.modules.contact.conversations.engine.waiting import QueueHistory, Wait, in_words
from tests.support.waiting_days import DAYS, Day, Told, days

SEEDS = 5


def mean_error(told: list[Told], what: str) -> float:
    """Mean of how wrong a guess was, in seconds, over those who were served."""
    errors: list[float] = [abs(getattr(one, what) - one.wait_s) for one in told]
    return sum(errors) / len(errors)


def served(day: Day) -> list[Told]:
    """Those who waited at all, for whom both guesses were there."""
    found = [one for centre in days(day, seeds=SEEDS) for one in centre.told]
    return [one for one in found if one.wait_s and one.ours_s is not None and one.plain_s is not None]


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.name)
def test_what_is_told_is_better_than_the_plain_guess(day: Day) -> None:
    shown = [one for one in served(day) if one.shown]
    if len(shown) < 30:
        return  # hardly anybody was told anything; that this is not the rule is the next test's
    assert mean_error(shown, "ours_s") < 0.9 * mean_error(shown, "plain_s")
    assert mean_error(shown, "ours_s") < 0.7 * sum(one.wait_s or 0 for one in shown) / len(shown)


def test_on_busy_days_most_who_wait_are_told() -> None:
    told = {day.name: sum(one.shown for one in served(day)) / len(served(day)) for day in DAYS}
    assert told["a fault at ten"] > 0.6
    assert told["impatient"] > 0.6
    assert told["steady and busy"] > 0.3
    assert told["small"] < 0.2


def test_where_the_plain_guess_is_as_good_nothing_is_told() -> None:
    """Taken as regularly as the plain guess believes, with a mean handling time that makes it exactly right."""
    history = QueueHistory()
    for number in range(60):
        now = number * 60.0
        history.entered(number, now, agents=1)
        history.handled(60, now)
        history.taken(number, now + 60 - 1e-6)
        history.left(number, now)
    guess = history.guess_s(1)
    assert guess == pytest.approx(60, rel=0.05)
    assert history.told_s(1, 3600) is None


def test_a_new_queue_and_one_that_was_quiet_for_long_say_nothing() -> None:
    history = QueueHistory()
    assert history.told_s(1, 0) is None
    busy_queue(history)
    assert history.told_s(3, 4000) is not None
    assert history.told_s(3, 4000 + 3 * 3600) is None


def busy_queue(history: QueueHistory) -> None:
    """One is taken each twenty seconds, ten wait; the plain guess would say eight times as long."""
    for number in range(200):
        now = number * 20.0
        history.entered(number, now, agents=3)
        if number >= 10:
            history.taken(number - 10, now)
            history.handled(480, now)


def test_a_steady_queue_is_known_to_the_second() -> None:
    history = QueueHistory()
    busy_queue(history)
    assert history.guess_s(10) == pytest.approx(200, rel=0.03)
    assert history.told_s(10, 4000) == pytest.approx(200, rel=0.03)


def test_who_gives_up_makes_the_wait_shorter() -> None:
    patient, impatient = QueueHistory(), QueueHistory()
    for history in (patient, impatient):
        busy_queue(history)
    for number in range(200, 215):
        impatient.entered(number, 4000, agents=3)
        impatient.left(number, 4001)
    assert (impatient.guess_s(100) or 0) < 0.8 * (patient.guess_s(100) or 0)


@given(
    st.lists(
        st.tuples(st.sampled_from(["entered", "taken", "left", "handled"]), st.integers(0, 9), st.floats(-100, 1000))
    )
)
def test_nothing_that_happens_makes_it_fail(events: list[tuple[str, int, float]]) -> None:
    """Also what is told twice, of somebody unknown, or with a clock that goes back."""
    history, now = QueueHistory(), 0.0
    for what, who, passed in events:
        now += passed
        if what == "entered":
            history.entered(who, now, agents=who)
        elif what == "handled":
            history.handled(abs(passed), now)
        else:
            getattr(history, what)(who, now)
        guesses = [history.guess_s(place) for place in (1, 2, 60, 1000)]
        known = [guess for guess in guesses if guess is not None]
        assert all(math.isfinite(guess) and guess > 0 for guess in known)
        assert known == sorted(known)


WORDS = {
    0: "under 1",
    59: "under 1",
    60: "about 1",
    100: "about 2",
    185: "about 3",
    329: "about 5",
    400: "about 5",
    500: "about 10",
    1700: "about 30",
    1949: "about 30",
    1950: "over 30",
    9000: "over 30",
}


@pytest.mark.parametrize(("seconds", "words"), WORDS.items())
def test_words_promise_no_more_than_is_known(seconds: float, words: str) -> None:
    word, _, minutes = words.partition(" ")
    assert in_words(seconds) == Wait(word=word, minutes=int(minutes))
