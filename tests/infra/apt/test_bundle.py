"""A bundle is whole or absent, and built once however many ask for it."""

import multiprocessing
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from careline.infra.apt.bundle import KEPT, build_bundle, content_key, find_bundle, locked, read_manifest


def _filled(aside: Path) -> Mapping[str, str]:
    (aside / "program").write_text("x")
    return {"version": "1.2"}


def test_what_is_built_is_found_by_its_key(tmp_path: Path) -> None:
    assert find_bundle(tmp_path, "k1") is None
    built = build_bundle(tmp_path, "k1", _filled)
    assert built == tmp_path / "1.2-k1" == find_bundle(tmp_path, "k1")
    assert read_manifest(built) == {"version": "1.2"}
    assert find_bundle(tmp_path, "k2") is None


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_build_that_fails_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def broken(aside: Path) -> Mapping[str, str]:
        _filled(aside)
        raise error

    with pytest.raises(error):
        build_bundle(tmp_path, "k", broken)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_is_not_found_and_goes(tmp_path: Path) -> None:
    remains = tmp_path / ".building-dead"
    remains.mkdir()
    (remains / "half").touch()
    half = tmp_path / "1.2-k"  # a folder without a manifest is no bundle
    half.mkdir()
    assert find_bundle(tmp_path, "k") is None
    assert build_bundle(tmp_path, "k", _filled) == half
    assert not remains.exists()
    assert (half / "program").exists()


def test_the_newest_of_a_key_counts_and_old_ones_go(tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        build_bundle(tmp_path, "k", lambda aside, number=number: {**_filled(aside), "version": f"1.{number}"})  # type: ignore[misc]
        time.sleep(0.01)
    assert find_bundle(tmp_path, "k") == tmp_path / f"1.{KEPT + 1}-k"
    assert len(list(tmp_path.iterdir())) == KEPT


def test_the_key_follows_its_inputs() -> None:
    assert content_key(1, ["a"]) == content_key(1, ["a"])
    assert len({content_key(1, ["a"]), content_key(2, ["a"]), content_key(1, ["a", "b"]), content_key(1, "a")}) == 4


def _hold(folder: Path, log: Path) -> None:
    with locked(folder):
        with log.open("a") as file:
            file.write("in ")
        time.sleep(0.1)
        with log.open("a") as file:
            file.write("out ")


def test_two_processes_take_turns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_hold, args=(tmp_path / "x", log)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    assert log.read_text() == "in out " * 3
