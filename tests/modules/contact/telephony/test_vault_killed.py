"""A process that is killed with -9 while it seals a recording, before each of the things that it does to the disk."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from careline.infra.database.database import Database
from tests.modules.contact.telephony.test_vault import SOUND, Room
from tests.support.browser import ROOT
from tests.support.clock import FakeClock

pytestmark = pytest.mark.slow

SEALING = """
import asyncio, os, signal, sys
from pathlib import Path
from uuid import UUID
from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.services.vault import Vault

folder, last = Path(sys.argv[1]), int(sys.argv[4])
done = 0

def count(event, args):
    global done
    touches = event in ("open", "os.rename", "os.remove", "os.mkdir", "os.link", "os.rmdir")
    if touches and isinstance(args[0], (str, os.PathLike)) and str(args[0]).startswith(str(folder)):
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)

store = FolderStore(folder / "sealed", StoreKey(folder / "keys/recordings.key"))
vault = Vault(None, store, folder / "plain", folder / "sealed")
sys.addaudithook(count)
assert asyncio.run(vault.seal(TenantId(UUID(sys.argv[2])), UUID(sys.argv[3])))
"""
MOST_STEPS = 60


async def test_no_kill_loses_a_recording_or_leaves_it_plain(sqlite_url: str, clock: FakeClock, tmp_path: Path) -> None:
    database = Database(sqlite_url, clock)
    for step in range(1, MOST_STEPS):
        room = Room(database, tmp_path / f"room-{step}")
        recording_id = await room.begun()
        await room.ended(recording_id)
        room.vault().place(room.tenant_id, recording_id).write_bytes(SOUND)
        asked = [str(room.folder), str(room.tenant_id), str(recording_id), str(step)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        ended = subprocess.run([sys.executable, "-c", SEALING, *asked], env=environment, check=False)
        await room.vault().seal_left()
        assert room.plain() == [], step
        assert await room.heard(recording_id) == SOUND, step
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, step
    assert 8 < step < MOST_STEPS - 1, "steps that it was killed at"
    await database.close()
