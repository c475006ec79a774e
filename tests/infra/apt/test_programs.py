"""A program of the distribution becomes a folder with its libraries – tried on a program that every machine has."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from careline.infra.apt.bring import bring, upstream
from careline.infra.apt.machine import read_os_release, this_machine
from careline.infra.apt.programs import Programs, find_programs, install_programs, library_env
from careline.infra.apt.sources import DebianSuite, OwnSources
from careline.kernel.errors import PermanentFailure
from tests.infra.apt.packages import PlayedApt, make_package

TRIPLET = this_machine().triplet
TAR = Path(shutil.which("tar") or "tar").resolve()


def _library(name: str) -> Path:
    return next(Path("/usr/lib", TRIPLET).glob(name)).resolve()


def _wanted(**changes: object) -> Programs:
    plain: dict[str, object] = {
        "name": "tar",
        "packages": ("tar",),
        "kept": ("usr/bin/tar",),
        "linked": ("usr/bin/tar",),
        "try_out": ("usr/bin/tar", "--version"),
        "proof": "GNU tar",
        "megabytes": 1,
    }
    return Programs(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlayedApt:
    (tmp_path / "bin").mkdir()
    apt = PlayedApt(tmp_path / "bin", os.environ["PATH"])
    monkeypatch.setenv("PATH", apt.path)
    files = {
        "./usr/bin/tar": TAR.read_bytes(),
        f"./usr/lib/{TRIPLET}/libselinux.so.1": _library("libselinux.so.1").read_bytes(),
        f"./usr/lib/{TRIPLET}/libunused.so.1": b"nothing needs it",
        "./etc/tar.conf": b"",
    }
    apt.serves(make_package(tmp_path, "tar", "1:1.34+dfsg-1.2", files))
    return apt


def test_it_runs_with_its_own_libraries_and_is_brought_once(tmp_path: Path, played: PlayedApt) -> None:
    said: list[str] = []
    root = tmp_path / "tools"
    assert find_programs(root, _wanted()) is None
    bundle = install_programs(root, _wanted(), said.append)
    assert bundle.name.startswith("1.34-")
    assert sorted(path.name for path in (bundle / "lib").iterdir()) == ["libselinux.so.1"]
    assert not (bundle / "etc").exists()
    env = dict(library_env(bundle))
    assert "GNU tar" in subprocess.check_output([bundle / "usr/bin/tar", "--version"], env=env, text=True)
    calls = len(played.calls)
    assert install_programs(root, _wanted(), said.append) == bundle == find_programs(root, _wanted())
    assert len(played.calls) == calls
    assert said == ["bringing tar (about 1 MB, once)"]


def test_another_wish_is_another_bundle(tmp_path: Path, played: PlayedApt) -> None:
    root = tmp_path / "tools"
    first = install_programs(root, _wanted(), print)
    second = install_programs(root, _wanted(kept=("usr/bin/tar", "etc/tar.conf")), print)
    assert first != second
    assert (second / "etc/tar.conf").exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kept": ("usr/bin/absent*",)}, "usr/bin/absent"),
        ({"proof": "BSD tar"}, "does not run"),
        ({"try_out": ("usr/bin/tar", "--nonsense")}, "does not run"),
    ],
)
def test_what_is_not_as_expected_is_refused(
    tmp_path: Path, played: PlayedApt, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(PermanentFailure, match=says):
        install_programs(tmp_path / "tools", _wanted(**changes), print)
    assert find_programs(tmp_path / "tools", _wanted(**changes)) is None


def test_the_next_source_is_asked_when_one_has_no_such_package(tmp_path: Path, played: PlayedApt) -> None:
    package = make_package(tmp_path, "x", "3", {"./usr/bin/x": b"x"})
    played.script(
        "apt-get",
        'case "$APT_CONFIG" in */apt/own/*) echo "E: Unable to locate package x" >&2; exit 100;; esac\n'
        f'case "$*" in *--print-uris*) echo "\'http://m\' {package.name} 1 ";;\n'
        f'*--download-only*) cp "{package}" "$(dirname "$APT_CONFIG")/cache/archives/";; esac',
    )
    versions = bring(tmp_path / "tools", [OwnSources(), DebianSuite("sid")], ["x"], tmp_path / "into")
    assert versions == {"x": "3"}
    assert (tmp_path / "into/usr/bin/x").exists()


def test_versions_and_the_machine() -> None:
    assert upstream("1:22.10.1+dfsg+~cs6.17-1") == "22.10.1"
    assert upstream("15.18-0+deb12u1") == "15.18"
    assert upstream("3.6") == "3.6"
    fields = read_os_release('ID=ubuntu\nVERSION_CODENAME="noble"\n# ID=x\n\nbroken\n')
    assert fields == {"ID": "ubuntu", "VERSION_CODENAME": "noble"}
