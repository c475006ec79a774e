"""Order within a name, freedom between names."""

import asyncio

from careline.adapters.asterisk.lanes import Deliveries, Turns
from tests.support.waiting import PATIENCE_S, until


async def test_turns_of_one_name_go_in_the_order_of_asking() -> None:
    turns, done = Turns(), list[int]()

    async def one(number: int) -> None:
        async with turns.of(["leg"]):
            await asyncio.sleep(0.001 * (5 - number))
            done.append(number)

    await asyncio.gather(*(one(number) for number in range(5)))

    assert done == [0, 1, 2, 3, 4]


async def test_a_turn_that_is_held_stops_no_other_name() -> None:
    turns = Turns()

    async with turns.of(["slow"]), asyncio.timeout(PATIENCE_S), turns.of(["quick"]):
        pass


async def test_turns_of_several_names_never_wait_in_a_circle() -> None:
    turns = Turns()

    async def both(names: list[str]) -> None:
        for _ in range(50):
            async with turns.of(names):
                await asyncio.sleep(0)

    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(both(["a", "b"]), both(["b", "a"]), both(["b", "c", "a"]))


async def test_a_turn_that_failed_or_was_cancelled_is_given_back() -> None:
    turns = Turns()
    entered = asyncio.Event()

    async def hold() -> None:
        async with turns.of(["leg"]):
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hold())
    await entered.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with asyncio.timeout(PATIENCE_S), turns.of(["leg"]):
        pass


async def test_deliveries_of_one_name_are_in_order_and_names_do_not_wait_for_each_other() -> None:
    deliveries, told, gate = Deliveries(), list[str](), asyncio.Event()

    async def tell(what: str, *, wait: bool = False) -> None:
        if wait:
            await gate.wait()
        told.append(what)

    deliveries.put("a", lambda: tell("a1", wait=True))
    deliveries.put("a", lambda: tell("a2"))
    deliveries.put("b", lambda: tell("b1"))
    await until(lambda: told)
    await asyncio.sleep(0)
    assert told == ["b1"]
    gate.set()
    await deliveries.drained()

    assert told == ["b1", "a1", "a2"]


async def test_a_delivery_that_fails_is_reported_and_the_next_one_is_made() -> None:
    failed, told = list[str](), list[str]()
    deliveries = Deliveries(failed.append)

    async def breaks() -> None:
        raise RuntimeError("broken on purpose")

    async def works() -> None:
        told.append("told")

    deliveries.put("leg", breaks)
    deliveries.put("leg", works)
    await deliveries.drained()

    assert (failed, told) == (["leg"], ["told"])
