"""``careline erasures``: the list that remembers who is gone, looked at, and made whole when it is spoiled."""

from typing import Annotated

import typer

from careline.entrypoints.cli.saying import done, house, refuse, settings
from careline.kernel.clock import SystemClock
from careline.modules.directory.privacy.views import Mended

commands = typer.Typer(no_args_is_help=True, help="The list of erasures (CARELINE_ERASURES).")


@commands.command("check")
def check() -> None:
    """Say how many erasures the list names; exit code 1 when it is not what was written."""

    async def read() -> int:
        async with house() as careline:
            return await careline.privacy.facade.check_list()

    typer.echo(f"{settings().erasures}: {done(read)} erasures, each as it was written")


@commands.command("mend")
def mend(
    yes: Annotated[bool, typer.Option("--yes", help="Do it: lines that nobody confirms are left out.")] = False,
) -> None:
    """Make a spoiled list whole: its good lines, and every erasure that the database knows. Stop careline serve first.

    A good copy of the list is better, since it names those whom a database that was brought back does not know to be
    erased. The spoiled file stays beside the new one.
    """
    if not yes:
        refuse(
            "a good copy of the list loses nothing; without one, careline erasures mend --yes keeps the good lines and "
            "adds what the database knows. Whoever stood in the other lines only, and whose erasure came after the "
            "backup that this database was made of, is known again"
        )

    async def make() -> Mended:
        async with house() as careline:
            return await careline.privacy.facade.mend_list(SystemClock().now())

    mended = done(make)
    typer.echo(f"{mended.good} lines were good, {mended.added} erasures were added from the database")
    if mended.aside is not None:
        typer.echo(f"The spoiled list is {mended.aside}")
    if mended.doubtful:
        lines = ", ".join(str(number) for number in mended.doubtful)
        typer.echo(f"Nobody confirms these of its lines, which were left out: {lines}")
