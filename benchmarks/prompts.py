"""What a kept prompt costs: asked for by its words until its file is known to be there and whole, among 2,000 others.

Beside it, in turns, looking whether a file of that name exists, which is what one would do without care.
"""

import asyncio
import random
import tempfile
import time
from array import array
from pathlib import Path

from benchmarks.harness import Figure, Report, compare, interleave, print_figure
from careline.adapters.speech.prompt_store import PromptStore
from careline.adapters.speech.prompts import Prompts
from careline.adapters.speech.sound import Sound
from careline.kernel.clock import SystemClock

LIMIT_S = 120
KEPT, ASKED, ROUNDS = 2_000, 4_000, 5


class Quiet:
    """A voice that costs nothing, so that the folder fills fast."""

    name = "quiet"

    def making(self, language: str) -> str | None:
        return f"quiet {language}"

    async def speak(self, text: str, language: str) -> Sound:
        return Sound(array("h", [len(text) + len(language)] * 16_000), 8000)

    async def close(self) -> None:
        """Nothing is held."""


def run(report: Report) -> None:
    """The 50th and the 99th of a hundred."""
    with tempfile.TemporaryDirectory(prefix="careline-prompts-") as folder:
        prompts = Prompts((Quiet(),), PromptStore(Path(folder), most_bytes=10**9), SystemClock())
        texts = [f"您的第{number}句提示" for number in range(KEPT)]
        with asyncio.Runner() as runner:
            paths = {text: runner.run(prompts.render(text, "zh-CN")) for text in texts}
            for name, share in (("p50", 0.5), ("p99", 0.99)):
                report(_measured(runner, prompts, paths, name, share))


def _measured(runner: asyncio.Runner, prompts: Prompts, paths: dict[str, Path], name: str, share: float) -> Figure:
    wanted = random.Random(7).choices(list(paths), k=ASKED)

    async def ask() -> list[float]:
        spent = []
        for text in wanted:
            began = time.perf_counter()
            await prompts.render(text, "zh-CN")
            spent.append(time.perf_counter() - began)
        return spent

    def look() -> list[float]:
        spent = []
        for text in wanted:
            began = time.perf_counter()
            paths[text].exists()
            spent.append(time.perf_counter() - began)
        return spent

    def at(spent: list[float]) -> float:
        return sorted(spent)[int(len(spent) * share)] * 1e6

    rounds = interleave({"kept": lambda: at(runner.run(ask())), "exists": lambda: at(look())}, ROUNDS)
    return compare(f"prompts.kept_{name}_us", "µs", rounds["kept"], "only whether it exists", rounds["exists"])


if __name__ == "__main__":
    run(print_figure)
