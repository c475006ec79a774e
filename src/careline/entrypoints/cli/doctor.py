"""``careline doctor``: what is well with an installation, what is not, and what to do about it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import typer

from careline.adapters.speech.assembly import departures_of, missing_for
from careline.bootstrap import Careline, build, prepare_data_folder
from careline.entrypoints.cli.saying import done, in_words, sentence, settings
from careline.entrypoints.web.pages import IN_WHEEL, PAGES, STAFF_APP
from careline.entrypoints.web.serve import bind
from careline.infra.bus import places
from careline.infra.settings.settings import Settings, VoiceMode
from careline.infra.settings.speech import TtsEngine
from careline.infra.storage.space import room
from careline.kernel.errors import DomainError


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``verdict``: ok, warn (works without it) or fail (does not work)."""

    verdict: str
    name: str
    said: str


def doctor() -> None:
    """Look at this installation; exit code 1 when something must be mended."""
    known = settings()
    findings = [
        _python(),
        *_data(known),
        _port(known),
        *_tools(known),
        *_speech(known),
        _pages(known),
        *_database(known),
    ]
    for finding in findings:
        typer.echo(f"{finding.verdict:<4}  {finding.name:<12} {finding.said}")
    if any(finding.verdict == "fail" for finding in findings):
        raise typer.Exit(1)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(verdict="ok", name="python", said=version)


def _data(known: Settings) -> Iterator[Finding]:
    try:
        prepare_data_folder(known)
    except DomainError as error:
        yield Finding(verdict="fail", name="data", said=sentence(error))
        return
    yield Finding(verdict="ok", name="data", said=str(known.data))
    reason, free = room(known.data)
    if reason is not None:
        verdict = "warn" if reason == "disk-nearly-full" else "fail"
        yield Finding(verdict=verdict, name="disk", said=in_words(reason, {"path": str(known.data), "free_mib": free}))
    if known.data.stat().st_mode & 0o077:
        yield Finding(verdict="warn", name="data", said=f"others may look into {known.data}; chmod 700 closes it")


def _port(known: Settings) -> Finding:
    try:
        bind(known.http_host, known.http_port).close()
    except DomainError as error:
        return Finding(verdict="warn", name="http", said=sentence(error))
    return Finding(verdict="ok", name="http", said=f"{known.http_host}:{known.http_port} is free")


def _tools(known: Settings) -> Iterator[Finding]:
    if known.voice is not VoiceMode.AUTO:
        yield Finding(verdict="ok", name="voice", said=f"CARELINE_VOICE={known.voice.value}: nothing to install here")
        return
    for name, folder in (("asterisk", "asterisk"), ("speech", "espeak-ng")):
        found = _brought(known.tools, folder)
        said = str(found) if found else f"not in {known.tools}; make run brings it, or set CARELINE_VOICE=off"
        yield Finding(verdict="ok" if found else "warn", name=name, said=said)


def _speech(known: Settings) -> Iterator[Finding]:
    """The chosen voice, when it is not espeak-ng, and what it sends out."""
    missing = missing_for(known)
    for what in missing:
        yield Finding(verdict="warn", name="speech", said=f"{what}; until then espeak-ng speaks")
    if known.tts.engine is not TtsEngine.ESPEAK and not missing:
        yield Finding(verdict="ok", name="speech", said=f"CARELINE_TTS={known.tts.engine.value}, else espeak-ng")
    for leaving in departures_of(known):
        what = ", ".join(leaving.data_classes)
        said = f"{what} goes to {leaving.host} ({leaving.region}) for {leaving.purpose}"
        yield Finding(verdict="ok", name="leaves", said=said)


def _brought(tools: Path, name: str) -> Path | None:
    return next((path for path in sorted(tools.glob(f"{name}*")) if path.is_dir()), None)


def _pages(known: Settings) -> Finding:
    folder = known.ui if known.ui.is_dir() else IN_WHEEL
    missing = [name for name in (STAFF_APP, PAGES["chat"]) if not (folder / name).is_file()]
    if missing:
        return Finding(verdict="warn", name="pages", said=f"{', '.join(missing)} not built; run: make ui")
    return Finding(verdict="ok", name="pages", said=str(folder))


def _database(known: Settings) -> list[Finding]:
    file = known.sqlite_file
    if file is not None and not file.parent.is_dir():
        return [Finding(verdict="fail", name="database", said=f"there is no folder {file.parent}")]

    async def ask() -> list[Finding]:
        careline = await build(known)
        try:
            # Only the part that all others stand on: each of them would tell at length that it is not there.
            (state,) = [await part.state() for part in careline.parts if part.name == "database"]
            if state.ready:
                well = Finding(verdict="ok", name="database", said="answers, at the revision this version needs")
                return [well, *await _events(careline), *await _erasures(careline)]
        finally:
            await careline.close()
        said = in_words(state.reason, state.params)
        # A database that is not there yet is made by serving, and one that came from elsewhere is settled.
        mended = state.reason in ("database-behind", "database-moved")
        return [Finding(verdict="warn" if mended else "fail", name="database", said=said)]

    return done(ask)


async def _erasures(careline: Careline) -> list[Finding]:
    """The list of erasures, without which nothing starts, and what has to go and could not so far."""
    try:
        named = await careline.privacy.facade.check_list()
    except DomainError as error:
        return [Finding(verdict="fail", name="erasures", said=sentence(error))]
    found = [Finding(verdict="ok", name="erasures", said=f"{named} in {careline.settings.erasures}")]
    stuck = await careline.privacy.facade.stuck()
    if stuck.total:
        params = {"copies": stuck.copies, "erasures": stuck.erasures, "kept": stuck.kept}
        found.append(Finding(verdict="warn", name="erasures", said=in_words("data-requests-stuck", params)))
    return found


async def _events(careline: Careline) -> list[Finding]:
    """What happened and could not be handled so far; it is tried again by itself."""
    async with careline.database.system_reading() as reading:
        stuck = await places.stuck(reading)
    return [
        Finding(
            verdict="warn",
            name="events",
            said=f"{one.subscriber} has {one.unfinished} to handle; the one at {one.position} failed {one.attempts} "
            f"times, the last time by {one.last_error or 'nothing yet'}: see the log",
        )
        for one in stuck
    ]
