"""Hatch's build hook: a wheel carries the built user interface, where the web entry point looks for it."""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACE = "careline/entrypoints/web/static"


class UserInterfaceHook(BuildHookInterface):  # type: ignore[type-arg]
    """An editable install serves ``ui/dist`` itself and is left alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        # Costs nothing when ui/dist was built from these sources.
        subprocess.run(["make", "ui"], cwd=self.root, check=True)
        build_data["force_include"][str(Path(self.root, "ui/dist"))] = PLACE
