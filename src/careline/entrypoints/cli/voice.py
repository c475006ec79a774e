"""``careline voice``: our own Asterisk, brought and looked at."""

import asyncio
from typing import Annotated

import typer

from careline.adapters.asterisk.assembly import plan_of
from careline.adapters.asterisk.bundle import install_bundle, locate_bundle
from careline.adapters.asterisk.doctor import examine
from careline.adapters.speech.espeak_bundle import install_espeak
from careline.entrypoints.cli.saying import refuse, settings
from careline.infra.settings.settings import VoiceMode
from careline.kernel.errors import AdapterFailure

commands = typer.Typer(no_args_is_help=True, help="The voice engine of this installation.")


@commands.command("install")
def install(
    renew: Annotated[bool, typer.Option("--renew", help="Fetch the newest Asterisk even when there is one.")] = False,
) -> None:
    """Bring Asterisk and the voice that reads prompts into the tools folder; a second time costs nothing."""
    known = settings()
    try:
        asterisk = install_bundle(known.tools, typer.echo, renew=renew)
        speech = install_espeak(known.tools, typer.echo)
    except AdapterFailure as failure:
        refuse(f"{failure.reason} – everything but calls works without it (CARELINE_VOICE=off)")
    typer.echo(f"Asterisk {asterisk.version} is in {asterisk.root}")
    typer.echo(f"espeak-ng is {speech.binary}")


@commands.command("doctor")
def doctor() -> None:
    """Look at our own Asterisk without changing anything; exit code 1 when something must be mended."""
    known = settings()
    if known.voice is not VoiceMode.AUTO:
        typer.echo(f"CARELINE_VOICE={known.voice.value}: there is no Asterisk of ours to look at")
        return
    try:
        facts = asyncio.run(examine(plan_of(known), locate_bundle(known.tools)))
    except AdapterFailure as failure:
        refuse(failure.reason)
    for fact in facts:
        typer.echo(f"{'ok' if fact.well else 'fail':<4}  {fact.name:<12} {fact.found}")
        if fact.mend:
            typer.echo(f"{'':<18} {fact.mend}")
    if not all(fact.well for fact in facts):
        raise typer.Exit(1)
