"""Writes the folder of a voice node: Asterisk's configuration, its keys, its sounds."""

import hashlib
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from careline.adapters.asterisk import dialplan, music, templates
from careline.adapters.asterisk.bundle import AsteriskBundle
from careline.adapters.asterisk.node import (
    NodeKeys,
    NodePlan,
    make_keys,
    port_is_free,
    read_keys,
    write_keys,
    write_private,
)


class Provisioned(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that is ready to start from. ``digest`` changes when Asterisk has to start again to obey."""

    folder: Path
    keys: NodeKeys
    digest: str


def provision(plan: NodePlan, bundle: AsteriskBundle, *, running: bool) -> Provisioned:
    """Write everything. Files of a node that is ``running`` are written as well; they count from its next start.

    The keys stay as they are while they can: a port that somebody else took meanwhile gets a new one, unless the node
    is running and holds it itself.
    """
    for name in templates.FOLDERS:
        (plan.folder / name).mkdir(parents=True, exist_ok=True)
    plan.folder.chmod(0o750)
    keys = read_keys(plan.folder)
    if keys is None or not (running or _ports_free(keys)):
        keys = make_keys()
        write_keys(plan.folder, keys)
    sounds = plan.folder / "sounds"
    _write_sounds(plan, sounds)
    texts = templates.files(
        plan,
        keys,
        modules=bundle.modules,
        modules_folder=bundle.modules_dir,
        data=bundle.data_dir,
    )
    texts["extensions.conf"] = dialplan.extensions(plan, sounds)
    digest = hashlib.sha256(str(bundle.root).encode())
    for name in sorted(texts):
        write_private(plan.folder / "etc" / name, texts[name].encode())
        digest.update(f"\0{name}\0{texts[name]}".encode())
    return Provisioned(folder=plan.folder, keys=keys, digest=digest.hexdigest())


def _ports_free(keys: NodeKeys) -> bool:
    return port_is_free(keys.http_port) and port_is_free(keys.ami_port)


def _write_sounds(plan: NodePlan, sounds: Path) -> None:
    tune = sounds / "music" / "hold.wav"
    if not tune.exists():
        _in_one_step(tune, music.write_music)
    for name in dialplan.ANNOUNCEMENTS:
        target = sounds / f"{name}.wav"
        given = plan.announcements.get(name)
        if given is not None:
            _in_one_step(target, partial(_copy, given))
        elif not target.exists():
            _in_one_step(target, music.write_regret)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _in_one_step(target: Path, write: Callable[[Path], None]) -> None:
    fresh = target.with_name("." + target.name)
    write(fresh)
    fresh.replace(target)
