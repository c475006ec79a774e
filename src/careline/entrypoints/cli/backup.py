"""``careline backup`` and ``careline restore``: the embedded size into one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from careline import __version__
from careline.bootstrap import build, prepare_data_folder
from careline.entrypoints.cli.saying import done, refuse, sentence, settings
from careline.infra.database import backup as archives
from careline.infra.settings.settings import Settings
from careline.kernel.clock import SystemClock
from careline.kernel.errors import DomainError, Invalid

FILES = "files"
KEYS = "keys"


def backup(target: Annotated[Path, typer.Argument(help="The archive to write, such as careline.tar.")]) -> None:
    """Write database and files into one archive, also while the server runs."""
    known = settings()
    try:
        manifest = archives.backup(
            _database(known), _folders(known), target.absolute(), version=__version__, now=SystemClock().now()
        )
    except DomainError as error:
        refuse(sentence(error))
    size = sum(member.size for member in manifest.members)
    typer.echo(f"{target}: {len(manifest.members)} files, {size} bytes, revision {manifest.revision}")


def restore(archive: Annotated[Path, typer.Argument(help="What careline backup wrote.")]) -> None:
    """Bring database and files back into an empty data folder (CARELINE_DATA), after every byte was checked.

    Whom the list of erasures names (CARELINE_ERASURES) is erased again, before anybody is served.
    """
    known = settings()
    try:
        prepare_data_folder(known)
        manifest = archives.restore(archive, _database(known), _folders(known))
    except DomainError as error:
        refuse(sentence(error))
    typer.echo(f"{len(manifest.members)} files of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC are back in {known.data}")
    if not known.erasures.exists():
        typer.echo(f"There is no list of erasures at {known.erasures}: if there was one, put it there before you serve")
        return
    typer.echo(f"{done(lambda: _forget_again(known))} erasures were made again, as the list of erasures says")


async def _forget_again(known: Settings) -> int:
    careline = await build(known)
    try:
        await careline.migrate()
        return await careline.privacy.facade.apply_again()
    finally:
        await careline.close()


def _folders(known: Settings) -> dict[str, Path]:
    """Sealed files are of no use without their key."""
    return {FILES: known.files, KEYS: known.keys}


def _database(known: Settings) -> Path:
    if known.sqlite_file is None:
        raise Invalid("backup-of-sqlite-only", field="CARELINE_DATABASE_URL")
    return known.sqlite_file
