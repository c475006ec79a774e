"""Sealing: only the same key, for the same purpose and owner, opens what was sealed."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.infra.sealing import SealBroken, Sealing
from careline.kernel.errors import Unavailable


@pytest.fixture
def sealing(tmp_path: Path) -> Sealing:
    return Sealing(tmp_path / "seal.key")


def test_what_was_sealed_is_opened_also_after_a_restart(tmp_path: Path, sealing: Sealing) -> None:
    sealed = sealing.seal(b"secret", purpose="p", bound_to="u")

    assert Sealing(tmp_path / "seal.key").open(sealed, purpose="p", bound_to="u") == b"secret"
    assert b"secret" not in base64.urlsafe_b64decode(sealed.rpartition(":")[2])


def test_the_same_is_sealed_in_another_way_each_time(sealing: Sealing) -> None:
    assert len({sealing.seal(b"secret", purpose="p", bound_to="u") for _ in range(5)}) == 5


def test_nobody_else_opens_it(tmp_path: Path, sealing: Sealing) -> None:
    sealed = sealing.seal(b"secret", purpose="p", bound_to="u")
    other = Sealing(tmp_path / "other.key")
    for attempt, purpose, owner in ((other, "p", "u"), (sealing, "q", "u"), (sealing, "p", "v")):
        with pytest.raises(SealBroken):
            attempt.open(sealed, purpose=purpose, bound_to=owner)


@given(st.text(max_size=80))
def test_junk_is_broken_not_a_crash(text: str) -> None:
    sealing = Sealing(Path("/dev/null/seal.key"))
    sealing._master = b"k" * 32
    good = sealing.seal(b"x", purpose="p", bound_to="u")
    for attempt in (text, good[:-4] + text, good.rpartition(":")[0] + ":" + text):
        if attempt != good:
            with pytest.raises(SealBroken):
                sealing.open(attempt, purpose="p", bound_to="u")


def test_the_key_is_its_owners_alone_and_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "keys/seal.key"
    with ThreadPoolExecutor(max_workers=8) as threads:
        marks = list(threads.map(lambda _: Sealing(file).mark("x", purpose="p"), range(16)))

    assert len(set(marks)) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [one.name for one in file.parent.iterdir()] == ["seal.key"]


@pytest.mark.parametrize("content", [b"", b"short", base64.b64encode(b"x" * 31), b"\xff" * 44])
def test_a_broken_key_file_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "seal.key"
    file.write_bytes(content)
    with pytest.raises(Unavailable, match="seal-key-not-usable"):
        Sealing(file).seal(b"x", purpose="p", bound_to="u")
    assert file.read_bytes() == content
