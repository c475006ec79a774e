"""The user interface's client is made from ``ui/openapi.json``: that document must be what the code says today.

The other half, that the client is what the document generates, is ``npm run generate:check``.
"""

import json
from pathlib import Path

from typer.testing import CliRunner

from careline.entrypoints.cli.app import app

DOCUMENT = Path(__file__).parents[2] / "ui/openapi.json"
MEND = "write it with `careline openapi > ui/openapi.json`, then `npm run generate` in ui/"


def test_the_document_of_all_routes_is_the_one_the_client_was_made_from() -> None:
    said = CliRunner().invoke(app, ["openapi"])
    assert said.exit_code == 0, said.output

    now, kept = json.loads(said.stdout), json.loads(DOCUMENT.read_text(encoding="utf-8"))

    stale = [
        path for path in now["paths"].keys() | kept["paths"].keys() if now["paths"].get(path) != kept["paths"].get(path)
    ]
    assert stale == [], MEND
    assert now == kept, MEND
