"""The keeper of a voice node: a small process between Careline and Asterisk, so that calls outlive Careline.

It starts Asterisk and starts it again when it dies or does not answer, and it looks after the calls when Careline does
not beat any more: talks go on, callers whom nobody serves are sent to the safe dialplan, phones stop ringing, nothing
is left over. ``python -m careline.adapters.asterisk.keeper FOLDER`` returns once the keeper holds the folder's lock in
a session of its own; ``TERM`` to it stops Asterisk and the keeper.
"""

import base64
import fcntl
import http.client
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from careline.adapters.asterisk.dialplan import VARIABLE_BEAT
from careline.adapters.asterisk.node import NodeKeys, read_keys
from careline.adapters.asterisk.processes import LOCK, asterisk_pid, runs_from, spare_environment
from careline.adapters.asterisk.stranded import Deed, deeds
from careline.kernel.clock import Clock, SystemClock

log = logging.getLogger("careline.keeper")

LAUNCH = "launch.json"
_POLL_SECONDS = 0.25
_PING_SECONDS = 1.0
_ANSWER_SECONDS = 2.0
_BOOT_SECONDS = 30.0
_TIDY_SECONDS = 1800.0
_STEADY_SECONDS = 60.0
_LOG_BYTES = 20_000_000
_OLD_LOGS = 5
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """How to start Asterisk. ``digest`` is that of the configuration; ``user`` the uid to run as, None for our own.

    ``silent_pings`` unanswered in a row mean that Asterisk hangs; ``grace_seconds`` without a beat, that Careline is
    gone.
    """

    command: list[str]
    environment: dict[str, str]
    digest: str
    user: int | None = None
    grace_seconds: float = 6.0
    silent_pings: int = 4


class Keeper:
    """Keeps one node."""

    def __init__(self, folder: Path, launch: Launch, keys: NodeKeys, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._launch = launch
        self._ari = _Ari(keys)
        self._child: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._started = 0.0
        self._answered = False
        self._silent = 0
        self._failures = 0
        self._beat = ""
        self._beat_at = self._clock.monotonic()
        self.stopping = False

    def run(self) -> None:
        """Until ``stopping``."""
        self._pid = self._adopt()
        next_ping, next_tidy = 0.0, self._clock.monotonic() + _TIDY_SECONDS
        while not self.stopping:
            if not self._alive():
                self._start()
            now = self._clock.monotonic()
            if now >= next_ping:
                next_ping = now + (_PING_SECONDS if self._answered else _POLL_SECONDS)
                self._attend()
            if now >= next_tidy:
                next_tidy = now + _TIDY_SECONDS
                self._tidy()
            time.sleep(_POLL_SECONDS)
        self._stop()

    def _adopt(self) -> int:
        """The Asterisk of an earlier keeper of this folder, if it runs still; else 0."""
        pid = asterisk_pid(self._folder)
        if pid is None:
            return 0
        log.info("Asterisk runs already as process %s", pid)
        self._started = self._clock.monotonic()
        return pid

    def _alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self._pid != 0 and runs_from(self._pid, self._folder)

    def _start(self) -> None:
        if self._started:
            lived = self._clock.monotonic() - self._started
            self._failures = 0 if lived > _STEADY_SECONDS else self._failures + 1
            log.error("Asterisk ended after %.0f s; starting it again", lived)
            time.sleep(_PAUSES[min(self._failures, len(_PAUSES) - 1)])
        output = (self._folder / "log/output.log").open("ab")
        with output:
            self._child = subprocess.Popen(
                self._launch.command,
                cwd=self._folder,
                env={**spare_environment(), **self._launch.environment, "HOME": str(self._folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
                user=self._launch.user,
                group=self._launch.user,
                extra_groups=[] if self._launch.user is not None else None,
            )
        self._pid = self._child.pid
        self._started, self._answered, self._silent = self._clock.monotonic(), False, 0
        log.info("Asterisk started as process %s", self._pid)

    def _attend(self) -> None:
        """One look at Asterisk and, through it, at Careline."""
        try:
            beat = self._ari.beat()
        except OSError as failure:
            self._unanswered(failure)
            return
        self._answered, self._silent = True, 0
        if beat != self._beat:
            self._beat, self._beat_at = beat, self._clock.monotonic()
        elif self._clock.monotonic() - self._beat_at > self._launch.grace_seconds:
            self._look_after()

    def _unanswered(self, failure: OSError) -> None:
        self._ari.close()
        booting = not self._answered and self._clock.monotonic() - self._started < _BOOT_SECONDS
        if booting:
            return
        self._silent += 1
        if self._silent >= self._launch.silent_pings:
            log.error("Asterisk does not answer (%s): it is killed and started again", failure)
            self._kill(signal.SIGKILL)

    def _look_after(self) -> None:
        try:
            for deed in deeds(self._ari.get("channels"), self._ari.get("bridges")):
                log.warning("Careline is gone: %s", deed.why)
                self._ari.do(deed)
        except OSError as failure:
            log.warning("calls could not be looked after: %s", failure)

    def _tidy(self) -> None:
        """Give memory back that lies fragmented, and keep the logs from growing for ever."""
        self._command("malloc trim")
        logs = self._folder / "log"
        if any(log.stat().st_size > _LOG_BYTES for log in logs.glob("*.log")):
            self._command("logger rotate")
        for old in logs.glob("*.log.*"):
            if old.suffix.removeprefix(".").isdigit() and int(old.suffix.removeprefix(".")) >= _OLD_LOGS:
                old.unlink(missing_ok=True)

    def _command(self, words: str) -> None:
        command = [word for word in self._launch.command if word != "-f"]
        subprocess.run(
            [*command, "-rx", words],
            env={**spare_environment(), **self._launch.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=10,
            check=False,
        )

    def _kill(self, number: signal.Signals) -> None:
        try:
            os.kill(self._pid, number)
        except ProcessLookupError:
            return
        deadline = self._clock.monotonic() + 5.0
        while self._alive() and self._clock.monotonic() < deadline:
            time.sleep(0.02)

    def _stop(self) -> None:
        if self._alive():
            self._kill(signal.SIGTERM)
        if self._alive():
            self._kill(signal.SIGKILL)
        log.info("stopped")


class _Ari:
    """As much of ARI over HTTP as the keeper needs. Every trouble is an ``OSError``."""

    def __init__(self, keys: NodeKeys) -> None:
        self._keys = keys
        self._connection: http.client.HTTPConnection | None = None

    def beat(self) -> str:
        """What Careline's last beat was."""
        query = urlencode({"variable": VARIABLE_BEAT})
        return str(json.loads(self._request("GET", f"asterisk/variable?{query}")).get("value", ""))

    def get(self, path: str) -> list[dict[str, Any]]:
        """A list of things."""
        found: list[dict[str, Any]] = json.loads(self._request("GET", path))
        return found

    def do(self, deed: Deed) -> None:
        """Carry out a deed; that its leg is gone meanwhile is well."""
        path = "/".join(quote(part, safe="") for part in deed.path)
        query = f"?{urlencode(deed.query)}" if deed.query else ""
        self._request(deed.method, path + query)

    def close(self) -> None:
        """Drop the connection; the next request makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _request(self, method: str, path: str) -> bytes:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._keys.http_port, timeout=_ANSWER_SECONDS)
        try:
            self._connection.request(method, f"/ari/{path}", headers=self._headers())
            response = self._connection.getresponse()
            body = response.read()
        except (http.client.HTTPException, OSError) as failure:
            self.close()
            raise OSError(f"{type(failure).__name__}: {failure}") from None
        if response.status >= 500:
            raise OSError(f"Asterisk answered {response.status}")
        return body if response.status < 300 else b"{}"

    def _headers(self) -> Mapping[str, str]:
        pair = f"{self._keys.ari_user}:{self._keys.ari_password}".encode()
        return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


def main(folder: Path) -> int:
    """Run until told to stop; 3 when another keeper keeps this folder."""
    lock = (folder / LOCK).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        log.error("another keeper keeps %s", folder)
        return 3
    if os.fork():
        return 0  # the lock goes on with the child
    os.setsid()
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    launch = msgspec.json.decode((folder / LAUNCH).read_bytes(), type=Launch)
    keys = read_keys(folder)
    if keys is None:
        log.error("no keys in %s", folder)
        return 2
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    keeper = Keeper(folder, launch, keys, SystemClock())

    def stop(_number: int, _frame: object) -> None:
        keeper.stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    keeper.run()
    return 0


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    sys.exit(main(Path(sys.argv[1])))
