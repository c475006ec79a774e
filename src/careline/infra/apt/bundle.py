"""Building a bundle once: under its final name it is whole, and its name says what it was built from."""

import contextlib
import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

MANIFEST = "bundle.json"
KEPT = 3


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process; another one waits. The kernel frees the lock when the process
    dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def content_key(*inputs: object) -> str:
    """Twelve hexadecimal digits that change when one of the inputs (plain JSON values) does."""
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def find_bundle(folder: Path, key: str) -> Path | None:
    """The newest whole bundle in ``folder`` that was built from the inputs of ``key``."""
    whole = [path.parent for path in folder.absolute().glob(f"*-{key}/{MANIFEST}")]
    return max(whole, key=lambda path: (path / MANIFEST).stat().st_mtime_ns, default=None)


def read_manifest(bundle: Path) -> Mapping[str, str]:
    fields = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    return {str(key): str(value) for key, value in fields.items()}


def build_bundle(folder: Path, key: str, build: Callable[[Path], Mapping[str, str]]) -> Path:
    """Let ``build`` fill an empty folder and answer the manifest, which must have a ``version``; then move it
    to ``<version>-<key>``. The newest ``KEPT`` bundles stay, as a program may still run from an older one.
    Hold ``locked(folder)``."""
    folder = folder.absolute()
    for remains in folder.glob(".building-*"):
        shutil.rmtree(remains, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    aside.chmod(0o755)
    try:
        manifest = build(aside)
        (aside / MANIFEST).write_text(json.dumps(dict(manifest), indent=1) + "\n", encoding="utf-8")
        final = folder / f"{manifest['version']}-{key}"
        if final.exists():
            shutil.rmtree(final)
        aside.replace(final)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    whole = sorted(folder.glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for manifest_file in whole[KEPT:]:
        shutil.rmtree(manifest_file.parent, ignore_errors=True)
    return final
