"""The first script of all: it takes the uv that is there, and says in one line what it cannot do without."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = '#!/bin/sh\nif [ "$1" = --version ]; then echo "uv {version} (somewhere)"; else echo "$*" > synced; fi\n'


def _program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "c/tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/bootstrap.sh", tmp_path / "c/tools/bootstrap.sh")
    return tmp_path / "c"


def _bootstrap(checkout: Path, **env: str) -> subprocess.CompletedProcess[str]:
    path = f"{checkout.parent}/bin:/usr/bin:/bin"
    return subprocess.run(
        [checkout / "tools/bootstrap.sh"], env={"PATH": path, **env}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("version", ["0.13.0", "0.14.2", "1.0.0", "2.1"])
def test_a_new_enough_uv_on_the_path_is_taken(checkout: Path, version: str) -> None:
    _program(checkout.parent / "bin", "uv", UV.format(version=version))
    done = _bootstrap(checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (checkout / ".tools/bin/uv").resolve() == checkout.parent / "bin/uv"
    assert (checkout / "synced").read_text() == "sync --quiet --frozen\n"
    assert sorted(path.name for path in (checkout / ".tools").iterdir()) == ["bin", "bootstrap.lock"]


def test_an_old_uv_is_not_taken_and_a_new_one_is_brought(checkout: Path) -> None:
    _program(checkout.parent / "bin", "uv", UV.format(version="0.4.30"))
    # The interpreter is played: `-m venv` makes one whose pip puts a newer uv where it is told to.
    pip = UV.format(version="0.13.9").replace("$", "\\$").replace('"', '\\"').replace("`", "\\`")
    made = (
        '#!/bin/sh\nwhile [ "$1" != --target ]; do shift; done\nmkdir -p "$2/bin"\n'
        f'printf "%b" "{pip}" > "$2/bin/uv"\nchmod +x "$2/bin/uv"\n'
    )
    _program(checkout.parent, "made-python", made)
    venv = f'mkdir -p "$3/bin"; cp "{checkout.parent}/made-python" "$3/bin/python"'
    _program(checkout.parent / "bin", "python3", f'#!/bin/sh\n[ "$1 $2" != "-m venv" ] || {{ {venv}; }}\n')
    done = _bootstrap(checkout)
    assert (done.returncode, done.stderr) == (0, "careline: bringing uv into .tools (once)\n")
    assert str((checkout / ".tools/bin/uv").readlink()) == "../uv/bin/uv"  # stays right when the checkout moves
    assert (checkout / "synced").exists()
    assert _bootstrap(checkout).stderr == ""


def test_an_old_interpreter_is_named(checkout: Path) -> None:
    _program(checkout.parent / "bin", "python3", '#!/bin/sh\ncase "$*" in *sys.exit*) exit 1;; esac\necho 3.9.2\n')
    done = _bootstrap(checkout)
    assert done.returncode == 1
    assert done.stderr == "careline: python3 is 3.9.2: Careline needs 3.11 or newer\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("E: Release file for x is expired (invalid since 3d).", "CARELINE_APT_ALLOW_EXPIRED=1"),
        ("E: Could not resolve x", "check the network"),
    ],
)
def test_a_bare_machine_without_a_usable_mirror_is_told_why(checkout: Path, words: str, says: str) -> None:
    folder = checkout.parent / "bin"
    _program(folder, "python3", '#!/bin/sh\n[ "$1" != -m ]\n')  # neither venv nor pip
    _program(folder, "apt-get", f"#!/bin/sh\necho '{words}' >&2\nexit 100\n")
    done = _bootstrap(checkout)
    assert done.returncode == 1
    assert says in done.stderr.splitlines()[-1]
    assert not (checkout / ".tools/bin/uv").exists()
    assert not (checkout / "synced").exists()
