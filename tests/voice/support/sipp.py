"""Runs SIPp: many callers at a rate, many agents that answer, and how long it took from one to the other."""

import asyncio
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.voice.support.ports import free_port

ROOT = Path(__file__).parents[3]
SIPP = ROOT / ".tools/bin/sipp"
SCENARIOS = Path(__file__).parent / "scenarios"
_LOGGED = re.compile(r"^(called|rung) (\S+) .*?(\d{9,}\.\d+)\s*$", re.M)


@dataclass
class Counts:
    """What SIPp counted."""

    created: int
    successful: int
    failed: int


class Sipp:
    """One SIPp process. ``folder`` takes its logs."""

    def __init__(self, scenario: str, folder: Path, *, server: tuple[str, int] | None = None) -> None:
        self.scenario = scenario
        self.folder = folder
        self.port = free_port()
        self._server = server
        self._process: asyncio.subprocess.Process | None = None

    async def start(
        self,
        *,
        numbers: Sequence[str] = (),
        called: str = "10086",
        calls: int | None = None,
        rate: float = 10,
        hold_ms: int = 500,
        echo: bool = False,
    ) -> None:
        """Start it: as callers when there is a server, else as agents."""
        assert SIPP.exists(), "SIPp is not there: run `python -m tools.provision sipp`"
        options = ["-sf", str(SCENARIOS / f"{self.scenario}.xml"), "-i", "127.0.0.1", "-p", str(self.port)]
        options += ["-mp", str(self._media_port()), "-nostdin", "-trace_stat", "-stf", str(self._file("stat"))]
        options += ["-fd", "1", "-trace_logs", "-log_file", str(self._file("log")), "-trace_err"]
        options += ["-error_file", str(self._file("err")), "-d", str(hold_ms), "-buff_size", "4194304"]
        if self._server is not None:
            source = self._file("csv")
            source.write_text("SEQUENTIAL\n" + "".join(f"{number}\n" for number in numbers))
            options += ["-inf", str(source), "-s", called, "-r", str(rate)]
            options.append(f"{self._server[0]}:{self._server[1]}")
        if calls is not None:
            options += ["-m", str(calls)]
        if echo:
            options.append("-rtp_echo")
        self._process = await asyncio.create_subprocess_exec(
            str(SIPP),
            *options,
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await asyncio.sleep(0.2)

    async def finished(self, within: float) -> Counts:
        """Wait until all its calls are over."""
        assert self._process is not None
        async with asyncio.timeout(within):
            await self._process.wait()
        return self.counts()

    async def stop(self) -> None:
        """End it now."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    def counts(self) -> Counts:
        """What it counted when it wrote last."""
        with self._file("stat").open(newline="") as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
        created = int(last["TotalCallCreated"])
        return Counts(created, int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"]))

    def logged(self) -> dict[str, float]:
        """When each number called or was rung, in seconds of the epoch."""
        path = self._file("log")
        text = path.read_text() if path.exists() else ""
        return {number: float(at) for _, number, at in _LOGGED.findall(text)}

    def _file(self, kind: str) -> Path:
        return self.folder / f"{self.scenario}-{self.port}.{kind}"

    def _media_port(self) -> int:
        return 30000 + (self.port % 15000) * 2


def latencies_ms(callers: Sipp, agents: Sipp) -> list[float]:
    """From each caller's INVITE to the INVITE at an agent, by the caller's number, sorted."""
    called = callers.logged()
    return sorted((at - called[number]) * 1000 for number, at in agents.logged().items() if number in called)
