"""Brings a voice node up and down: its folder, its keeper, its Asterisk.

A node outlives Careline: started again, we find its keeper by the lock on its folder and go on with it. Another
configuration counts from the next start of Asterisk, and that is made when no call is up.
"""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from careline.adapters.asterisk import privileges
from careline.adapters.asterisk.bundle import AsteriskBundle
from careline.adapters.asterisk.config import Provisioned, provision
from careline.adapters.asterisk.keeper import LAUNCH, Launch
from careline.adapters.asterisk.node import NodePlan, port_is_free, write_private
from careline.adapters.asterisk.probe import NodeProbe
from careline.adapters.asterisk.processes import asterisk_pid, keeper_pid, spare_environment
from careline.kernel.errors import Invalid, TransientFailure

log = logging.getLogger(__name__)

_BOOT_SECONDS = 20.0
_STOP_SECONDS = 12.0
_IDLE_CHECK_SECONDS = 5.0


class VoiceSupervisor:
    """One node of our own."""

    def __init__(self, plan: NodePlan, bundle: AsteriskBundle, *, grace_seconds: float = 6.0) -> None:
        self._plan = plan
        self._bundle = bundle
        self._grace_seconds = grace_seconds
        self._waiting: asyncio.Task[None] | None = None

    async def start(self) -> Provisioned:
        """Bring the node up and return when it answers. Raises ``Invalid`` when its SIP port is taken by somebody else,
        ``TransientFailure`` with Asterisk's last words when it does not come up."""
        folder = self._plan.folder
        kept = keeper_pid(folder) is not None
        running = kept or asterisk_pid(folder) is not None
        if not running:
            self._check_sip_port()
        ready = await asyncio.to_thread(provision, self._plan, self._bundle, running=running)
        if running and not kept:
            log.warning("the keeper of voice node %s is gone: a new one goes on with its Asterisk", self._plan.name)
            await asyncio.to_thread(spawn_keeper, folder)
        if not running:
            await self._spawn(ready)
        elif self._launched_digest() != ready.digest:
            if await self._is_idle(ready):
                await self._restart(ready)
            else:
                log.warning("calls are up: the new voice configuration waits until there are none")
                self._waiting = asyncio.create_task(self._restart_when_idle(ready))
        else:
            log.info("voice node %s runs already", self._plan.name)
        await self._until_up(ready)
        return ready

    async def detach(self) -> None:
        """Leave the node running, for the next start of Careline to find."""
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.gather(self._waiting, return_exceptions=True)

    async def stop(self) -> None:
        """Stop Asterisk and its keeper; calls that are up end."""
        await self.detach()
        await stop_node(self._plan.folder)

    def _check_sip_port(self) -> None:
        plan = self._plan
        if not port_is_free(plan.sip_port, host=plan.sip_host, udp=True):
            raise Invalid("sip-port-taken", field="CARELINE_SIP_PORT", port=plan.sip_port, host=plan.sip_host)

    async def _spawn(self, ready: Provisioned) -> None:
        folder = ready.folder
        user = privileges.user_for(folder, (self._bundle.binary, self._bundle.modules_dir))
        launch = Launch(
            command=self._bundle.command("-f", "-C", str(folder / "etc/asterisk.conf")),
            environment=dict(self._bundle.env),
            digest=ready.digest,
            user=user,
            grace_seconds=self._grace_seconds,
        )
        write_private(folder / LAUNCH, msgspec.json.encode(launch))
        if user is not None:
            await asyncio.to_thread(privileges.hand_over, folder, user)
        await asyncio.to_thread(spawn_keeper, folder)

    async def _restart(self, ready: Provisioned) -> None:
        log.info("voice node %s starts again with its new configuration", self._plan.name)
        await stop_node(ready.folder)
        await self._spawn(ready)

    async def _restart_when_idle(self, ready: Provisioned) -> None:
        while True:
            await asyncio.sleep(_IDLE_CHECK_SECONDS)
            if await self._is_idle(ready):
                break
        await self._restart(ready)

    async def _is_idle(self, ready: Provisioned) -> bool:
        try:
            return not await NodeProbe(ready.keys).channels()
        except TransientFailure:
            return True

    def _launched_digest(self) -> str:
        try:
            return msgspec.json.decode((self._plan.folder / LAUNCH).read_bytes(), type=Launch).digest
        except (OSError, msgspec.DecodeError):
            return ""

    async def _until_up(self, ready: Provisioned) -> None:
        deadline = asyncio.get_running_loop().time() + _BOOT_SECONDS
        probe = NodeProbe(ready.keys)
        while True:
            with contextlib.suppress(TransientFailure):
                await probe.ping()
                return
            if asyncio.get_running_loop().time() > deadline:
                words = await asyncio.to_thread(last_words, ready.folder)
                raise TransientFailure(f"Asterisk did not come up within {_BOOT_SECONDS:.0f} s: {words}")
            await asyncio.sleep(0.05)


def spawn_keeper(folder: Path) -> None:
    """Start the keeper in a session of its own, so that it goes on when we end."""
    with (folder / "log/keeper.log").open("ab") as output:
        subprocess.run(  # it goes on by itself: the keeper leaves us when it holds the lock
            [sys.executable, "-m", "careline.adapters.asterisk.keeper", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**spare_environment(), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            timeout=_BOOT_SECONDS,
            check=False,
        )


async def stop_node(folder: Path) -> None:
    """Stop the keeper of a folder and Asterisk with it; nothing happens when there is none."""
    pid = keeper_pid(folder)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = asyncio.get_running_loop().time() + _STOP_SECONDS
    while keeper_pid(folder) is not None:
        if asyncio.get_running_loop().time() > deadline:
            raise TransientFailure(f"the voice node of {folder} does not stop")
        await asyncio.sleep(0.05)


def last_words(folder: Path) -> str:
    """The end of what Asterisk and its keeper wrote, for a person to read."""
    lines: list[str] = []
    for name in ("output.log", "messages.log", "keeper.log"):
        with contextlib.suppress(OSError):
            lines += (folder / "log" / name).read_text("utf-8", "replace").splitlines()[-5:]
    return " | ".join(lines[-10:]) or "nothing was written"
