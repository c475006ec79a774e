"""What ``careline voice doctor`` says of a node: facts, each well or not, with the way to mend it."""

import contextlib
import re
from pathlib import Path

import msgspec

from careline.adapters.asterisk.bundle import AsteriskBundle
from careline.adapters.asterisk.node import NodePlan, port_is_free, read_keys
from careline.adapters.asterisk.privileges import first_closed
from careline.adapters.asterisk.probe import NodeProbe
from careline.adapters.asterisk.processes import keeper_pid
from careline.kernel.errors import TransientFailure

_TROUBLE = re.compile(r"^\[[^\]]*\] (ERROR|WARNING)")
# Sources whose errors mean that Asterisk itself is not in order; others are brought about by whoever sends us odd SIP,
# or by a phone that is not there.
_OWN = re.compile(
    r"ERROR\[[^\]]*\](?:\[[^\]]*\])? (loader|config|config_options|http|iostream|manager|pbx|res_ari|sorcery)\S*\.c:"
)
_MOST_LINES = 10


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. ``mend`` is for a person, empty when it is well."""

    name: str
    well: bool
    found: str
    mend: str = ""


async def examine(plan: NodePlan, bundle: AsteriskBundle) -> list[Fact]:
    """Look at a node without changing anything."""
    facts = [Fact(name="asterisk", well=True, found=f"{bundle.version} in {bundle.root}")]
    pid = keeper_pid(plan.folder)
    facts.append(
        Fact(
            name="keeper",
            well=pid is not None,
            found=f"process {pid}" if pid else "not running",
            mend="" if pid else "start Careline",
        )
    )
    facts.append(_sip_port(plan, running=pid is not None))
    keys = read_keys(plan.folder)
    if keys is None:
        facts.append(Fact(name="keys", well=False, found="none", mend="start Careline: it makes them"))
        return facts
    facts.extend(_keys(plan.folder))
    if pid is not None:
        facts.extend(await _asked(NodeProbe(keys), bundle))
    facts.append(_log(plan.folder / "log/messages.log"))
    return facts


def _sip_port(plan: NodePlan, *, running: bool) -> Fact:
    free = port_is_free(plan.sip_port, host=plan.sip_host, udp=True)
    where = f"UDP {plan.sip_host}:{plan.sip_port}"
    if running:
        mend = "Asterisk runs but does not listen: see its log" if free else ""
        return Fact(name="sip", well=not free, found=f"{where} {'silent' if free else 'in use'}", mend=mend)
    mend = "" if free else "another program has it: stop that, or set CARELINE_SIP_PORT"
    return Fact(name="sip", well=free, found=f"{where} {'free' if free else 'taken'}", mend=mend)


def _keys(folder: Path) -> list[Fact]:
    facts = []
    for name in ("keys.json", "etc/ari.conf", "etc/manager.conf"):
        with contextlib.suppress(FileNotFoundError):
            mode = (folder / name).stat().st_mode & 0o777
            well = mode & 0o077 == 0
            facts.append(
                Fact(
                    name=f"secret {name}",
                    well=well,
                    found=f"mode {mode:04o}",
                    mend="" if well else f"chmod 600 {folder / name}",
                )
            )
    closed = first_closed(folder)
    facts.append(
        Fact(name="folder", well=True, found=f"{folder}" + (f" (closed to others at {closed})" if closed else ""))
    )
    return facts


async def _asked(probe: NodeProbe, bundle: AsteriskBundle) -> list[Fact]:
    """What Asterisk says of itself."""
    try:
        await probe.ping()
        modules = await probe.ask("asterisk/modules")
        endpoints = await probe.ask("endpoints/PJSIP")
        channels = await probe.channels()
    except TransientFailure as failure:
        mend = "its keeper starts it again within seconds; else see log/messages.log"
        return [Fact(name="ari", well=False, found=failure.reason, mend=mend)]
    running = {one["name"].removesuffix(".so") for one in modules if one.get("status") == "Running"}
    missing = sorted(set(bundle.modules) - running)
    lacking = f", not {', '.join(missing)}" if missing else ""
    online = sum(1 for one in endpoints if one.get("state") == "online")
    return [
        Fact(name="ari", well=True, found="answers"),
        Fact(
            name="modules",
            well=not missing,
            found=f"{len(bundle.modules) - len(missing)} of {len(bundle.modules)} run" + lacking,
            mend="see log/messages.log for why they did not load" if missing else "",
        ),
        Fact(name="endpoints", well=True, found=f"{len(endpoints)} known, {online} reachable"),
        Fact(name="channels", well=True, found=f"{len(channels)} up"),
    ]


def _log(path: Path) -> Fact:
    """The last troubles that Asterisk wrote down since it was started; well when none is its own."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return Fact(name="log", well=True, found="none yet")
    starts = [place for place, line in enumerate(lines) if " built by " in line]
    recent = [line for line in lines[starts[-1] if starts else 0 :] if _TROUBLE.match(line)]
    errors = [line for line in recent if _OWN.search(line)]
    shown = "; ".join(line[:200] for line in (errors or recent)[-_MOST_LINES:])
    return Fact(
        name="log",
        well=not errors,
        found=shown or "no trouble since the last start",
        mend=f"see {path}" if errors else "",
    )
