"""What stays is not looked at again, and circles are found all the same."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from careline.infra import garbage


class _Circle:
    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_was_there_is_passed_over_and_what_comes_is_found() -> None:
    there = _Circle()
    garbage.settle()
    assert not any(known is there for known in gc.get_objects()), "what stays is looked at"
    gone = weakref.ref(_Circle())
    grown = [[] for _ in range(garbage.YOUNG + 1)]  # type: ignore[var-annotated]
    assert gone() is None, "a circle stays for ever"
    assert len(grown) > garbage.YOUNG


def test_a_burst_of_requests_is_no_reason_to_look() -> None:
    garbage.settle()
    looked = sum(of["collections"] for of in gc.get_stats())
    for _ in range(20):
        held = [[number] for number in range(garbage.YOUNG // 2)]
        held.clear()
    assert sum(of["collections"] for of in gc.get_stats()) == looked
