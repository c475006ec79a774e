"""A start that finds everything in place waits for nothing that it does not use."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.entrypoints.web.test_serve import environment

pytestmark = pytest.mark.slow

NOT_NEEDED = {"alembic", "mako", "pygments", "rich", "asyncpg", "jsonschema", "httpx"}
MIGRATE = """
import sys
from careline.entrypoints.cli.app import app
app(["migrate"], standalone_mode=False)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_what_is_not_used_is_not_imported(tmp_path: Path) -> None:
    first, second = (
        subprocess.run(
            [sys.executable, "-c", MIGRATE], env=environment(tmp_path), capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for _ in range(2)
    )
    assert "alembic" in first[-1].split()
    assert second[0].endswith(", as before")
    assert NOT_NEEDED.isdisjoint(second[-1].split())
