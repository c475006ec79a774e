"""Whom Asterisk runs as, and where it can live."""

import os
import pwd
from pathlib import Path

import pytest

from careline.adapters.asterisk.privileges import first_closed, hand_over, user_for


def test_an_ordinary_user_stays_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert user_for(tmp_path, ()) is None


def test_root_gives_privileges_away_only_where_nobody_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("careline.adapters.asterisk.privileges.first_closed", lambda _: None)
    assert user_for(tmp_path, ()) == pwd.getpwnam("nobody").pw_uid

    monkeypatch.setattr("careline.adapters.asterisk.privileges.first_closed", lambda _: tmp_path)
    assert user_for(tmp_path, ()) is None
    assert "runs as root" in caplog.text


def test_the_first_folder_that_is_closed_to_others_is_found(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)

    found = first_closed(closed / "inner" / "file")

    assert found is not None
    assert found in (closed, *closed.parents)


def test_a_folder_is_handed_over_with_what_is_in_it_but_not_what_links_point_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, bool] = {}

    def chown(path: Path, uid: int, gid: int, *, follow_symlinks: bool = True) -> None:
        assert (uid, gid) == (4321, 4321)
        given[Path(path).name] = follow_symlinks

    monkeypatch.setattr(os, "chown", chown)
    folder = tmp_path / "node"
    (folder / "etc").mkdir(parents=True)
    (folder / "etc/file").write_text("theirs")
    (folder / "link").symlink_to(tmp_path)

    hand_over(folder, 4321)

    assert set(given) == {"node", "etc", "file", "link"}
    assert given["link"] is False
