"""``careline demo``: the demo's data, and a crowd that makes it live."""

import asyncio
from typing import Annotated

import typer

from careline.entrypoints.cli.saying import done, house, refuse, settings
from careline.entrypoints.demo.accounts import read_passwords
from careline.entrypoints.demo.crowd.running import MOST_CUSTOMERS, MOST_MINUTES, play
from careline.entrypoints.demo.seed import accounts_file, ensure_demo
from careline.entrypoints.demo.staff import AGENTS

commands = typer.Typer(invoke_without_command=True, help="Make the demo data, or what is missing of it.")

PLAYED = tuple(reversed(AGENTS))
"""Those with the highest numbers first: a visitor of the demo signs in as 8021."""


@commands.callback()
def demo(context: typer.Context) -> None:
    """Make the demo data, or what is missing of it."""
    if context.invoked_subcommand is not None:
        return

    async def make() -> None:
        async with house() as careline:
            found = await ensure_demo(careline)
        typer.echo(f"The tenant «demo» is there; its accounts are in {found.file}")

    done(make)


@commands.command()
def chats(
    customers: Annotated[int, typer.Option(min=1, max=MOST_CUSTOMERS, help="How many chat at once.")] = 6,
    agents: Annotated[int, typer.Option(min=0, max=len(PLAYED), help="How many demo agents are played, too.")] = 2,
    minutes: Annotated[float, typer.Option(min=0.05, max=MOST_MINUTES, help="After so long it ends by itself.")] = 10,
    address: Annotated[str | None, typer.Option(help="Of the running demo; the one that the settings say.")] = None,
) -> None:
    """Let made-up customers chat with the running demo, so that its floor is alive. Ends by itself."""
    known = settings()
    where = address or f"http://127.0.0.1:{known.http_port}"
    passwords = read_passwords(accounts_file(known))
    staff = [(login, passwords[login]) for login in PLAYED[:agents] if login in passwords]
    if len(staff) < agents:
        refuse(f"there are no accounts in {accounts_file(known)}; start the demo first, or use --agents 0")
    typer.echo(f"{customers} customers and {agents} agents for {minutes:g} minutes at {where}; Ctrl C ends it sooner")
    said = asyncio.run(play(where, customers=customers, agents=staff, seconds=minutes * 60))
    reasons = {line.partition(": ")[2] for line in said.failed}
    if not said.served and len(said.failed) == customers + agents and len(reasons) == 1:
        refuse(f"nobody could begin at {where} ({reasons.pop()}); is the demo running there? make run starts it")
    for line in said.failed:
        typer.echo(line, err=True)
    typer.echo(f"{said.served} customers were served, {said.handled} of them by played agents")
    if said.failed and not said.served:
        raise typer.Exit(1)
