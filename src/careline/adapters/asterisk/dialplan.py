"""The safe dialplan: what happens to a caller before our application, and when it is not there.

A caller goes straight into the application. When ``Stasis`` does not take the call (nobody is connected) or gives it
back, the caller hears honestly that the system is being restored, waits with music while the call is handed over again
every few seconds, and after ``hold_seconds`` hears an apology. The keeper sends callers here whose application died.

A sound that is not there is passed over (``TryExec``): a module that does not load takes it away, not the polite end.
Nothing of it needs agents or queues.
"""

from pathlib import Path

from careline.adapters.asterisk.node import PHONE_TRUNK, NodePlan

APPLICATION = "careline"
ALONE = "careline-alone"
"""Context for callers without an application, extension ``s``: label ``start`` for those that lost it, ``fault`` for
those that the application gives back."""

REFUSE = "careline-refuse"
"""Context for callers above the admission cap, extension ``s``, label ``start``."""

PHONE_CONTEXT = "from-phone"
AGENT_CONTEXT = "from-agent"

VARIABLE_ROLE = "CARELINE_ROLE"
VARIABLE_REFERENCE = "CARELINE_REF"
VARIABLE_ASIDE = "CARELINE_ASIDE"
"""The bridge that a channel stands aside of, with music."""

VARIABLE_BEAT = "CARELINE_BEAT"
RETRY_SECONDS = 3
ANNOUNCEMENTS = ("recovering", "sorry", "busy")

_ARGUMENTS = ("CARELINE_TRUNK", "CARELINE_CALLED", "CALLERID(pres)", "CARELINE_PRIVACY")
IN_APPLICATION = "Stasis"
"""What Asterisk says of a channel that is with the application; entered in a ``TryExec``, it would say that instead."""
_ENTER = f"{IN_APPLICATION}({APPLICATION},caller,{','.join(f'${{{name}}}' for name in _ARGUMENTS)})"


def trunk_context(name: str) -> str:
    """The context that calls of a trunk come into."""
    return f"trunk-{name}"


def extensions(plan: NodePlan, sounds: Path) -> str:
    """The whole of extensions.conf. ``sounds`` holds the announcements as ``<name>.wav``."""
    entries = "".join(_entry(trunk_context(trunk.name), trunk.name) for trunk in plan.trunks)
    tries = max(1, plan.hold_seconds // RETRY_SECONDS)
    return f"""[general]
static=yes
writeprotect=yes
clearglobalvars=no

[globals]
CARELINE_MAX_CALLS={plan.max_calls}
{VARIABLE_BEAT}=0

{entries}{_entry(PHONE_CONTEXT, PHONE_TRUNK)}
[{AGENT_CONTEXT}]
; An agent's phone is called and does not call: everything is refused.
exten => _[+*#0-9A-Za-z].,1,Hangup(21)

[careline-inbound]
exten => s,1,Set(GROUP()=careline)
 same => n,GotoIf($[${{GROUP_COUNT(careline)}} > ${{CARELINE_MAX_CALLS}}]?{REFUSE},s,1)
 same => n,Set(TIMEOUT(absolute)={plan.longest_call_seconds})
 same => n,Set({VARIABLE_ROLE}=caller)
 same => n,{_ENTER}
 same => n,Goto({ALONE},s,1)

[{ALONE}]
exten => s,1(start),Set(CARELINE_TRIES=0)
 same => n,GotoIf($["${{CHANNEL(state)}}" = "Up"]?speak)
 same => n,Answer(,i)
 same => n(speak),TryExec(Playback({sounds}/recovering))
 same => n(again),Set(CARELINE_TRIES=$[${{CARELINE_TRIES}} + 1])
 same => n,GotoIf($[${{CARELINE_TRIES}} > {tries}]?sorry)
 same => n,TryExec(StartMusicOnHold({APPLICATION}))
 same => n,Wait({RETRY_SECONDS})
 same => n,TryExec(StopMusicOnHold())
 same => n,{_ENTER}
 same => n,Goto(again)
 same => n(sorry),TryExec(Playback({sounds}/sorry))
 same => n,Hangup(42)
; Where the application itself sends a caller whom it could not deal with: the tries count on.
 same => n(fault),GotoIf($["${{CARELINE_TRIES}}" = ""]?start:again)

[{REFUSE}]
; Not answered: a caller whom we cannot take pays nothing.
exten => s,1(start),Progress()
 same => n,TryExec(Playback({sounds}/busy,noanswer))
 same => n,Hangup(17)
"""


def _entry(context: str, trunk: str) -> str:
    """A context that calls come into: remember by whom and for whom, then one way for all."""
    return f"""[{context}]
exten => _[+0-9]!,1,Set(CARELINE_TRUNK={trunk})
 same => n,Set(CARELINE_CALLED=${{FILTER(+0-9,${{EXTEN}})}})
 same => n,GotoIf($[${{LEN(${{EXTEN}})}} != ${{LEN(${{CARELINE_CALLED}})}}]?i,1)
 same => n,Set(CARELINE_PRIVACY=${{FILTER(a-z,${{PJSIP_HEADER(read,Privacy)}})}})
 same => n,Goto(careline-inbound,s,1)
exten => i,1,Hangup(1)
exten => s,1,Hangup(1)

"""
