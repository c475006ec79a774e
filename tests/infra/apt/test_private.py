"""What apt is told, and how its complaints become one line that names the fix."""

import os
from pathlib import Path

import pytest

from careline.infra.apt.machine import Machine
from careline.infra.apt.private import PackageAbsent, PrivateApt
from careline.infra.apt.sources import DebianSuite, OwnSources, find_keyring, mirror_among
from careline.kernel.errors import PermanentFailure, TransientFailure
from tests.infra.apt.packages import PlayedApt, make_package

BOOKWORM = Machine(distribution="debian", codename="bookworm", architecture="amd64")


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlayedApt:
    (tmp_path / "bin").mkdir()
    apt = PlayedApt(tmp_path / "bin", os.environ["PATH"])
    monkeypatch.setenv("PATH", apt.path)
    for name in ("CARELINE_APT_MIRROR", "CARELINE_APT_ALLOW_EXPIRED", "APT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("careline.infra.apt.private.find_keyring", lambda: Path("/keys.gpg"))
    return apt


def test_downloads_what_apt_lists_and_forgets_it(tmp_path: Path, played: PlayedApt) -> None:
    played.serves(make_package(tmp_path, "tool", "1:2.0-1", {"./usr/bin/tool": b"x"}))
    apt = PrivateApt(tmp_path / "apt", OwnSources(), BOOKWORM)
    files = apt.download(["tool"], assume=["perl"])
    assert [file.name for file in files] == ["tool_1%3a2.0-1_amd64.deb"]
    assert files[0].is_file()
    status = (tmp_path / "apt/status").read_text()
    assert "Package: perl\nStatus: install ok installed\n" in status
    apt.forget_packages()
    assert not files[0].exists()


def test_what_a_killed_run_has_downloaded_is_not_missing_afterwards(tmp_path: Path, played: PlayedApt) -> None:
    played.serves(make_package(tmp_path, "tool", "1", {"./usr/bin/tool": b"x"}))
    apt = PrivateApt(tmp_path / "apt", OwnSources(), BOOKWORM)
    first = apt.download(["tool"])
    assert len(first) == 1
    assert apt.download(["tool"]) == first


def test_the_lists_are_fetched_once_in_an_hour(tmp_path: Path, played: PlayedApt) -> None:
    played.serves(make_package(tmp_path, "tool", "1", {"./usr/bin/tool": b"x"}))
    apt = PrivateApt(tmp_path / "apt", OwnSources(), BOOKWORM)
    apt.download(["tool"])
    apt.download(["tool"])
    assert sum("update" in call for call in played.calls) == 1
    stamp = tmp_path / "apt/lists.stamp"
    os.utime(stamp, (0, 0))
    apt.download(["tool"])
    assert sum("update" in call for call in played.calls) == 2


def test_of_the_machine_only_the_way_to_its_mirrors_carries_over(tmp_path: Path, played: PlayedApt) -> None:
    played.serves()
    PrivateApt(tmp_path / "apt", OwnSources(), BOOKWORM).download([])
    text = (tmp_path / "apt/apt.conf").read_text()
    assert 'Acquire::http::Proxy "http://proxy:3128";' in text
    assert "APT::Periodic" not in text
    assert "Check-Valid-Until" not in text
    assert "Dir::Etc::sourcelist" not in text


def test_an_old_index_is_accepted_by_setting_only(
    tmp_path: Path, played: PlayedApt, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.serves()
    monkeypatch.setenv("CARELINE_APT_ALLOW_EXPIRED", "1")
    PrivateApt(tmp_path / "apt", OwnSources(), BOOKWORM).download([])
    assert 'Acquire::Check-Valid-Until "false";' in (tmp_path / "apt/apt.conf").read_text()


def test_a_suite_of_debian_comes_from_the_machines_own_mirror(tmp_path: Path, played: PlayedApt) -> None:
    played.script("apt-get", "case $1 in indextargets) echo 'http://near/debian/ bookworm main';; esac")
    PrivateApt(tmp_path / "apt", DebianSuite("forky"), BOOKWORM).download([])
    line = (tmp_path / "apt/sources.list").read_text()
    assert line == "deb [signed-by=/keys.gpg] http://near/debian forky main\n"
    text = (tmp_path / "apt/apt.conf").read_text()
    assert f'Dir::Etc::sourcelist "{tmp_path}/apt/sources.list";' in text
    assert 'Dir::Etc::preferences "/dev/null";' in text


def test_the_mirror_can_be_set(tmp_path: Path, played: PlayedApt, monkeypatch: pytest.MonkeyPatch) -> None:
    played.serves()
    monkeypatch.setenv("CARELINE_APT_MIRROR", "http://mirror.example/debian/")
    PrivateApt(tmp_path / "apt", DebianSuite("sid"), BOOKWORM).download([])
    assert "] http://mirror.example/debian sid main\n" in (tmp_path / "apt/sources.list").read_text()


def test_without_a_keyring_the_machines_own_archive_brings_it(
    tmp_path: Path, played: PlayedApt, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = make_package(tmp_path, "k", "1", {"./usr/share/keyrings/debian-archive-keyring.gpg": b"keys"})
    played.serves(brought)
    absent = (tmp_path / "usr/share/keyrings/debian-archive-keyring.gpg",)
    monkeypatch.setattr("careline.infra.apt.private.find_keyring", lambda places=absent: find_keyring(places))
    apt = PrivateApt(tmp_path / "apt", DebianSuite("sid"), BOOKWORM)
    apt.download([])
    keyring = tmp_path / "apt/keyring/usr/share/keyrings/debian-archive-keyring.gpg"
    assert keyring.read_bytes() == b"keys"
    assert f"signed-by={keyring}" in (tmp_path / "apt/sources.list").read_text()


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        (
            "E: Release file for http://m/dists/sid/InRelease is expired (invalid since 16d).",
            PermanentFailure,
            "CARELINE_APT_ALLOW_EXPIRED=1",
        ),
        ("E: Unable to locate package asterisk", PackageAbsent, "Unable to locate package asterisk"),
        ("E: Unable to correct problems, you have held broken packages.", PackageAbsent, "held broken"),
        ("E: Failed to fetch http://m/x.deb  Temporary failure resolving m", TransientFailure, "check the network"),
        ("W: Failed to fetch http://m/x\nE: Unable to locate package x", TransientFailure, "check the network"),
        ("E: The repository is not signed.", PermanentFailure, "not signed"),
    ],
)
def test_a_complaint_becomes_one_line(
    tmp_path: Path, played: PlayedApt, words: str, kind: type[Exception], says: str
) -> None:
    played.fails(words)
    with pytest.raises(kind, match=says) as caught:
        PrivateApt(tmp_path / "apt", OwnSources(), BOOKWORM).download(["asterisk"])
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "apt/lists.stamp").exists()


def test_what_the_update_complained_of_explains_why_a_package_is_not_found(tmp_path: Path, played: PlayedApt) -> None:
    played.script(
        "apt-get",
        'case "$*" in *update*) echo "E: Release file for http://m is expired" >&2; exit 100;;\n'
        '*install*) echo "E: Unable to locate package x" >&2; exit 100;; esac',
    )
    with pytest.raises(PermanentFailure, match="index has expired"):
        PrivateApt(tmp_path / "apt", OwnSources(), BOOKWORM).download(["x"])


def test_the_mirror_of_the_own_suite_is_found_among_others() -> None:
    targets = (
        "http://other/repo/ stable main\n"
        "http://m/debian-security/ bookworm-security main\n"
        "http://m/debian/ bookworm main\n"
    )
    assert mirror_among(targets, "bookworm") == "http://m/debian"
    assert mirror_among(targets, "trixie") is None
    assert mirror_among("", "bookworm") is None
