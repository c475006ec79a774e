"""The command ``careline``. Commands with a file of their own are added at the end, one line each."""

import json
from typing import Annotated

import typer

from careline import __version__
from careline.bootstrap import build, prepare_data_folder
from careline.entrypoints.cli import audit, backup, demo, doctor, erasures, setup, tenants, users, voice
from careline.entrypoints.cli.saying import done, refusals, settings
from careline.entrypoints.web import serve as web
from careline.entrypoints.web.app import create_app
from careline.infra.settings.settings import VoiceMode, load

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def main() -> None:
    """What the script ``careline`` calls."""
    app()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"careline {__version__}")
        raise typer.Exit


@app.callback()
def careline(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """The customer-service centre of a mobile operator as one system. Settings are CARELINE_* variables."""


@app.command()
def serve() -> None:
    """Serve until told to end: HTTP, realtime, voice and jobs in one process."""
    known = settings()
    with refusals():
        web.run(known, lambda line: typer.echo(line))


@app.command()
def migrate() -> None:
    """Bring the database to what this version needs."""

    async def bring() -> tuple[str | None, str]:
        known = settings()
        prepare_data_folder(known)
        careline = await build(known)
        try:
            return await careline.migrate()
        finally:
            await careline.close()

    before, after = done(bring)
    typer.echo(f"The database is at revision {after}" + (", as before" if before == after else ""))


@app.command("settings")
def show_settings() -> None:
    """Show every setting as this process understands it; passwords are left out."""
    for name, value in settings().shown().items():
        typer.echo(f"{name}={value}")


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of all routes; the same bytes for the same code."""

    async def document() -> dict[str, object]:
        known = load({"CARELINE_DEMO": "1", "CARELINE_VOICE": VoiceMode.OFF})  # of the environment nothing
        careline = await build(known)
        try:
            return create_app(careline).openapi()
        finally:
            await careline.close()

    typer.echo(json.dumps(done(document), ensure_ascii=False, indent=2, sort_keys=True))


app.command()(setup.setup)
app.command()(doctor.doctor)
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(demo.commands, name="demo")
app.add_typer(tenants.commands, name="tenant")
app.add_typer(users.commands, name="user")
app.add_typer(audit.commands, name="audit")
app.add_typer(voice.commands, name="voice")
app.add_typer(erasures.commands, name="erasures")
