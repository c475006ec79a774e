"""When the loop is late for long, newcomers are turned away, and let in again when it has been on time for long."""

import asyncio

import pytest

from careline.infra.telemetry import load as load_file
from careline.infra.telemetry.load import HIGH_FOR_S, HIGH_S, LOW_FOR_S, LOW_S, Load
from tests.support.clock import FakeClock
from tests.support.waiting import until


@pytest.fixture
def load(clock: FakeClock) -> Load:
    return Load(clock, lambda: 0.0)


def late(load: Load, clock: FakeClock, by_s: float, *, for_s: float) -> None:
    """Every timer is late by so much for a while."""
    for _ in range(round(for_s / load_file.EVERY_S)):
        clock.advance(load_file.EVERY_S)
        load.noted(by_s)


def test_a_loop_that_is_on_time_admits(load: Load, clock: FakeClock) -> None:
    late(load, clock, 0.01, for_s=60)

    assert load.admits()
    assert load.turned_away == 0


def test_one_long_step_turns_nobody_away(load: Load, clock: FakeClock) -> None:
    load.noted(2.0)
    late(load, clock, 0.0, for_s=HIGH_FOR_S + 1)

    assert load.admits()


def test_who_comes_while_it_is_late_for_long_is_turned_away_and_counted(
    load: Load, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    late(load, clock, HIGH_S * 2, for_s=HIGH_FOR_S)
    assert load.admits(), "not for a moment"
    late(load, clock, HIGH_S * 2, for_s=1)

    assert [load.admits() for _ in range(3)] == [False] * 3
    assert load.turned_away == 3
    assert load.delay_s == pytest.approx(HIGH_S * 2, rel=0.1)
    late(load, clock, 0.0, for_s=LOW_FOR_S + 3)
    assert load.admits()
    assert [record.message.split(":")[0] for record in caplog.records] == ["overloaded", "no longer overloaded"]
    assert caplog.records[-1].message.endswith("3 were turned away")


def test_between_the_bounds_nothing_changes(load: Load, clock: FakeClock) -> None:
    between = (LOW_S + HIGH_S) / 2
    late(load, clock, between, for_s=60)
    assert load.admits()
    late(load, clock, HIGH_S * 2, for_s=HIGH_FOR_S + 1)
    assert not load.admits()
    late(load, clock, between, for_s=60)
    assert not load.admits()
    late(load, clock, 0.0, for_s=LOW_FOR_S - 1)
    late(load, clock, between, for_s=2)
    assert not load.admits(), "on time for too short a while"


def test_a_late_step_now_and_then_keeps_nobody_out_for_ever(load: Load, clock: FakeClock) -> None:
    late(load, clock, HIGH_S * 2, for_s=HIGH_FOR_S + 1)
    assert not load.admits()
    for _ in range(4):  # as a disk that is slow for a moment every few seconds
        late(load, clock, 0.5, for_s=load_file.EVERY_S)
        late(load, clock, 0.0, for_s=LOW_FOR_S - 1)

    assert load.admits()


async def test_what_is_measured_is_how_late_a_timer_is_or_a_turn_to_write(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = iter((0.5, 0.2))
    load = Load(clock, lambda: next(waits, 0.0))
    monkeypatch.setattr(load_file, "EVERY_S", 0.001)
    noted: list[float] = []
    monkeypatch.setattr(load, "noted", noted.append)
    await load.start()
    clock.advance(1.001)
    await until(lambda: len(noted) > 2)
    await load.stop()
    before = len(noted)
    await asyncio.sleep(0.005)

    assert noted[:3] == [pytest.approx(1.0), 0.2, 0.0]
    assert len(noted) == before, "it watches no more"
