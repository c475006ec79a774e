"""The checkout that is provided for, and the programs that it offers in ``.tools/bin``."""

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """``root`` is the repository's folder."""

    root: Path

    @property
    def tools(self) -> Path:
        return self.root / ".tools"

    def offer(
        self,
        name: str,
        *command: Path | str,
        environment: Mapping[str, str] | None = None,
        path_first: Path | None = None,
    ) -> None:
        """Make ``.tools/bin/name`` run ``command`` with the arguments it is given. ``environment`` is added
        to what is set, and ``path_first`` put before the PATH."""
        script = ["#!/bin/sh"]
        script += [f"export {key}={shlex.quote(value)}" for key, value in (environment or {}).items()]
        if path_first is not None:
            script.append(f'export PATH={shlex.quote(str(path_first))}:"$PATH"')
        script += [f'exec {shlex.join(map(str, command))} "$@"', ""]
        text = "\n".join(script)
        target = self.tools / "bin" / name
        if target.is_file() and not target.is_symlink() and target.read_text(encoding="utf-8") == text:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{name}.{os.getpid()}")
        aside.write_text(text, encoding="utf-8")
        aside.chmod(0o755)
        aside.replace(target)

    def of_the_machine(self, name: str) -> Path | None:
        """The machine's own program of this name, if any; what we offer ourselves does not count."""
        found = shutil.which(name)
        return Path(found) if found and not Path(found).is_relative_to(self.tools) else None


def say(line: str) -> None:
    """One line for the person who waits."""
    print(f"careline: {line}", file=sys.stderr, flush=True)
