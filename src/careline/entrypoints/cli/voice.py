"""``careline voice``: our own Asterisk, brought and looked at."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from careline.adapters.asterisk.assembly import plan_of
from careline.adapters.asterisk.bundle import install_bundle, locate_bundle
from careline.adapters.asterisk.doctor import examine
from careline.adapters.speech.assembly import recogniser_of
from careline.adapters.speech.espeak_bundle import install_espeak
from careline.adapters.speech.pocketsphinx_bundle import install_pocketsphinx
from careline.entrypoints.cli.saying import refuse, settings
from careline.infra.settings.settings import VoiceMode
from careline.kernel.errors import AdapterFailure

LARGEST_WAV = 130 * 48_000 * 4 + 65_536
commands = typer.Typer(no_args_is_help=True, help="The voice engine of this installation.")


@commands.command("install")
def install(
    renew: Annotated[bool, typer.Option("--renew", help="Fetch the newest Asterisk even when there is one.")] = False,
    recognition: Annotated[bool, typer.Option("--recognition", help="Bring pocketsphinx, too.")] = False,
) -> None:
    """Bring Asterisk and the voice that reads prompts into the tools folder; a second time costs nothing."""
    known = settings()
    try:
        asterisk = install_bundle(known.tools, typer.echo, renew=renew)
        speech = install_espeak(known.tools, typer.echo)
        heard = install_pocketsphinx(known.tools, typer.echo) if recognition else None
    except AdapterFailure as failure:
        refuse(f"{failure.reason} – everything but calls works without it (CARELINE_VOICE=off)")
    typer.echo(f"Asterisk {asterisk.version} is in {asterisk.root}")
    typer.echo(f"espeak-ng is {speech.binary}")
    if heard is not None:
        typer.echo(f"pocketsphinx is {heard.binary}")


@commands.command("hear")
def hear(
    file: Annotated[Path, typer.Argument(help="A WAV file of at most 130 seconds, PCM, 16 bit.")],
    language: Annotated[str, typer.Option(help="What is spoken in it: zh-CN or en.")] = "zh-CN",
) -> None:
    """Write down what is said in a file, by CARELINE_STT: to try a recogniser before it is relied on."""
    recogniser = recogniser_of(settings())
    if recogniser is None:
        refuse("nobody writes down speech here: set CARELINE_STT")
    try:
        with file.open("rb") as source:
            data = source.read(LARGEST_WAV + 1)
    except OSError as error:
        refuse(f"{file} cannot be read ({error.strerror})")
    try:
        heard = asyncio.run(recogniser.hear(data, language))
    except AdapterFailure as failure:
        refuse(failure.reason)
    typer.echo(heard.text)
    sure = "not said" if heard.confidence is None else f"{heard.confidence:.2f}"
    typer.echo(f"{recogniser.name}, {heard.language}, confidence {sure}", err=True)


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
