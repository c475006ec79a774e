"""How long a caller's INVITE takes to become an agent's INVITE, at 20 and 100 calls a second, with 200 agents.

Through the real path: SIPp's callers, Asterisk, the application on its embedded database with every durable commit,
routing, and SIPp's agents. Beside it, in turns on the same Asterisk and with the same phones, ``app_queue`` and a plain
``Dial``. No media. A caller leaves one second after the answer, which Careline and ``app_queue`` give before the agent
rings; who has reached no agent by then counts as failed. The failed share is a figure of its own, and the latencies are
those of the calls that did reach an agent: where many failed they say little.
"""

import asyncio
import gc
import tempfile
from pathlib import Path
from statistics import median

import msgspec
import uvloop

from benchmarks.harness import Figure, Report, compare, note, print_figure, rounded
from benchmarks.voice_site import APP_QUEUE, CARELINE, PLAIN_DIAL, Site, open_site
from tests.voice.support.sipp import Sipp

LIMIT_S = 240
ROUNDS = 5
SECONDS = {20: 4.0, 100: 3.0}
"""Calls a second → for how long."""

HOLD_MS = 1000
WITHIN_S = 9.0
CONTENDERS = {"Careline": CARELINE, "app_queue": APP_QUEUE, "plain Dial": PLAIN_DIAL}


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one contender did in one round. Times in milliseconds; ``failed`` is a share of the calls."""

    p50: float
    p99: float
    failed: float
    asterisk_cpu: float
    own_cpu: float
    commits: float


class Numbers:
    """Callers' numbers that are told apart by what is left of them when they are masked."""

    def __init__(self) -> None:
        self._batches = 99

    def batch(self, count: int) -> list[str]:
        """Eleven digits: the batch, four that may be hidden, and which one of it."""
        self._batches += 1
        return [f"{self._batches}0000{index:04d}" for index in range(count)]


def seen(number: str) -> tuple[str, str]:
    """What is left of a masked number."""
    return number[:3], number[-4:]


def latencies_ms(calling: Sipp, agents: Sipp) -> list[float]:
    """From each caller's INVITE to the INVITE at an agent, sorted."""
    rung = {seen(number): at for number, at in agents.logged().items()}
    called = {seen(number): at for number, at in calling.logged().items()}
    return sorted((rung[key] - at) * 1000 for key, at in called.items() if key in rung)


def percentile(values: list[float], share: float) -> float:
    """Of sorted values; the least that so many of them do not exceed."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("inf")


async def measure(site: Site, numbers: Numbers, called: str, rate: int) -> Round:
    """One contender at one rate."""
    callers = numbers.batch(int(rate * SECONDS[rate]))
    gc.collect()
    asterisk, own = site.cpu_s()
    commits = site.careline.database.commits
    calling = await site.call(called, callers, rate=rate, hold_ms=HOLD_MS, within=WITHIN_S)
    if not await site.quiet():
        note(f"calls of {called} at {rate}/s were not over in time; the next round begins all the same")
    asterisk_after, own_after = site.cpu_s()
    times = latencies_ms(calling, site.agents)
    return Round(
        p50=percentile(times, 0.5),
        p99=percentile(times, 0.99),
        failed=1 - len(times) / len(callers),
        asterisk_cpu=(asterisk_after - asterisk) * 1000 / len(callers),
        own_cpu=(own_after - own) * 1000 / len(callers),
        commits=(site.careline.database.commits - commits) / len(callers),
    )


def tell(report: Report, rate: int, measured: dict[str, list[Round]]) -> None:
    """The figures of one rate."""
    careline = measured["Careline"]
    for beside in ("app_queue", "plain Dial"):
        other = measured[beside]
        suffix = "" if beside == "app_queue" else ".beside_dial"
        for part in ("p50", "p99"):
            values = [getattr(one, part) for one in careline]
            others = [getattr(one, part) for one in other]
            report(compare(f"voice.invite_to_agent_{part}_ms.cps_{rate}{suffix}", "ms", values, beside, others))
    report(
        Figure(
            name=f"voice.failed_share.cps_{rate}",
            value=rounded(median(one.failed for one in careline)),
            unit="of calls",
            yardstick=", ".join(
                f"{name}: {rounded(median(one.failed for one in measured[name])):g}"
                for name in ("app_queue", "plain Dial")
            ),
            ratio=None,
            rounds=len(careline),
        )
    )
    for name, rounds in measured.items():
        asterisk, own = median(one.asterisk_cpu for one in rounds), median(one.own_cpu for one in rounds)
        commits = median(one.commits for one in rounds)
        note(f"{rate}/s {name}: CPU a call {asterisk:.1f} ms Asterisk, {own:.1f} ms ours; {commits:.1f} commits a call")


async def measure_all(report: Report) -> None:
    """All figures of voice."""
    numbers = Numbers()
    with tempfile.TemporaryDirectory() as folder:
        async with open_site(Path(folder)) as site:
            await site.call(CARELINE, numbers.batch(20), rate=20, hold_ms=HOLD_MS, within=WITHIN_S)
            await site.quiet()
            for rate in SECONDS:
                measured: dict[str, list[Round]] = {name: [] for name in CONTENDERS}
                for turn in range(ROUNDS):
                    for name in list(CONTENDERS) if turn % 2 == 0 else reversed(CONTENDERS):
                        one = await measure(site, numbers, CONTENDERS[name], rate)
                        measured[name].append(one)
                        note(f"{rate}/s {name}: p50 {one.p50:.1f} ms, p99 {one.p99:.1f} ms, {one.failed:.1%} failed")
                tell(report, rate, measured)


def run(report: Report) -> None:
    """All figures of voice."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure_all(report))


if __name__ == "__main__":
    run(print_figure)
