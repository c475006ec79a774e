"""The user interface, built by npm and Vite into ``ui/dist`` when its sources have changed."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from careline.infra.apt.bundle import locked
from careline.kernel.errors import PermanentFailure
from tools.provision.checkout import Checkout, say
from tools.provision.node import node

KEY_FILE = ".built-from"
_NOT_SOURCES = ("node_modules", "dist", "coverage", "playwright-report", "test-results")


def ui(checkout: Checkout) -> None:
    """Build unless what is built was built from these very sources. Raises ``PermanentFailure``."""
    folder = checkout.root / "ui"
    if not (folder / "package.json").is_file():
        say("there is no ui/package.json: the user interface is left out")
        return
    node(checkout)
    with locked(checkout.tools / "ui"):
        dependencies(checkout)
        key = content_of(sources(folder))
        if _built_from(folder / "dist") != key:
            say("building the user interface")
            _npm(checkout, "run", "build")
            (folder / "dist" / KEY_FILE).write_text(key, encoding="utf-8")


def ui_check(checkout: Checkout) -> None:
    """Types, lint and tests of the user interface, unless these very sources have passed before."""
    folder = checkout.root / "ui"
    if not (folder / "package.json").is_file():
        say("there is no ui/package.json: nothing to check")
        return
    node(checkout)
    with locked(checkout.tools / "ui"):
        dependencies(checkout)
        key = content_of(sources(folder))
        passed = checkout.tools / "ui/passed"
        if not (passed.is_file() and passed.read_text(encoding="utf-8") == key):
            say("checking the user interface")
            _npm(checkout, "run", "check")
            passed.write_text(key, encoding="utf-8")


def dependencies(checkout: Checkout) -> None:
    """``npm ci`` when the lock file is another than the one that was installed from."""
    folder = checkout.root / "ui"
    key = content_of([folder / "package.json", folder / "package-lock.json"])
    if _built_from(folder / "node_modules") != key:
        say("bringing the user interface's libraries")
        _npm(checkout, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        (folder / "node_modules" / KEY_FILE).write_text(key, encoding="utf-8")


def sources(folder: Path) -> Iterator[Path]:
    """Every file that the build may read, in a fixed order."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT_SOURCES and not name.startswith("."))
        yield from (Path(place) / name for name in sorted(files))


def content_of(files: Iterable[Path]) -> str:
    """A key that changes when a file's name or content does."""
    digest = hashlib.sha256()
    for file in files:
        if not file.is_file():
            raise PermanentFailure(f"{file} is missing")
        content = file.read_bytes()
        digest.update(f"{file.parent.name}/{file.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _built_from(folder: Path) -> str | None:
    try:
        return (folder / KEY_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _npm(checkout: Checkout, *arguments: str) -> None:
    """What npm says goes to the person only when it fails; but for the tests that passed only at their second try."""
    done = subprocess.run(
        [str(checkout.tools / "bin/npm"), *arguments],
        cwd=checkout.root / "ui",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say((done.stdout + done.stderr).strip())
        raise PermanentFailure(f"`npm {' '.join(arguments)}` failed (see above)")
    for line in done.stdout.splitlines():
        if line.startswith("UNSTEADY "):
            say(line)
