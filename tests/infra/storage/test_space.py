"""How full a disk is, is said before it is too late."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from careline.infra.storage.space import FULL, LITTLE, room


@pytest.mark.parametrize(
    ("free", "writable", "said"),
    [
        (LITTLE, True, (None, 256)),
        (LITTLE - 1, True, ("disk-nearly-full", 255)),
        (FULL, True, ("disk-nearly-full", 16)),
        (FULL - 1, True, ("disk-full", 15)),
        (0, True, ("disk-full", 0)),
        (LITTLE, False, ("disk-read-only", 256)),
    ],
)
def test_what_is_said_of_a_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, writable: bool, said: tuple[str | None, int]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    monkeypatch.setattr(os, "access", lambda _folder, _mode: writable)
    assert room(tmp_path) == said


def test_a_disk_is_asked_for_real(tmp_path: Path) -> None:
    assert room(tmp_path)[1] == pytest.approx(shutil.disk_usage(tmp_path).free / 1_048_576, rel=0.2, abs=500)
