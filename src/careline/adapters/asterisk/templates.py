"""The texts of Asterisk's configuration files but for the dialplan; pure functions of plan, keys and places."""

from collections.abc import Sequence
from pathlib import Path

from careline.adapters.asterisk.dialplan import (
    APPLICATION,
    VARIABLE_ASIDE,
    VARIABLE_REFERENCE,
    VARIABLE_ROLE,
    trunk_context,
)
from careline.adapters.asterisk.node import NodeKeys, NodePlan, Trunk

TRANSPORT_UDP = "udp"
TRANSPORT_WEBSOCKET = "ws"

FOLDERS = ("etc", "var", "db", "keys/keys", "agi", "spool", "run", "log", "sounds", "sounds/music", "recordings")
"""Sub-folders of a node's folder."""

_QUIET_FILES = (
    "ccss.conf",
    "codecs.conf",
    "features.conf",
    "queuerules.conf",
    "queues.conf",
    "res_parking.conf",
    "udptl.conf",
    "websocket_client.conf",
)
"""Files that must be there, or a module writes an error at every start."""


def files(
    plan: NodePlan, keys: NodeKeys, *, modules: Sequence[str], modules_folder: Path, data: Path
) -> dict[str, str]:
    """Every file of the ``etc`` folder by its name, without extensions.conf."""
    texts = dict.fromkeys(_QUIET_FILES, "[general]\n")
    return texts | {
        "acl.conf": "",
        "asterisk.conf": _asterisk(plan, modules_folder, data),
        "modules.conf": "[modules]\nautoload=no\n" + "".join(f"load = {name}.so\n" for name in modules),
        "logger.conf": _LOGGER,
        "http.conf": _http(keys),
        "ari.conf": _ari(keys),
        "manager.conf": _ami(keys),
        "pjsip.conf": _pjsip(plan),
        "sorcery.conf": _SORCERY,
        "rtp.conf": _rtp(plan),
        "musiconhold.conf": f"[{APPLICATION}]\nmode=files\ndirectory={plan.folder}/sounds/music\n",
        "indications.conf": _INDICATIONS,
        "stasis.conf": "[threadpool]\ninitial_size = 5\nmax_size = 50\nidle_timeout_sec = 20\n",
        "pjproject.conf": "[startup]\nlog_level=2\n",
        "cdr.conf": "[general]\nenable=no\n",
        "cel.conf": "[general]\nenable=no\n",
        "cli_aliases.conf": "[general]\n",
    }


def _asterisk(plan: NodePlan, modules_folder: Path, data: Path) -> str:
    home = plan.folder
    return f"""[directories]
astetcdir => {home}/etc
astmoddir => {modules_folder}
astvarlibdir => {home}/var
astdbdir => {home}/db
astkeydir => {home}/keys
astdatadir => {data}
astagidir => {home}/agi
astspooldir => {home}/spool
astrundir => {home}/run
astlogdir => {home}/log
[options]
systemname = {plan.name}
nocolor = yes
maxload = 0
live_dangerously = no
hide_messaging_ami_events = yes
"""


# No verbose, debug or DTMF channel: what a caller keys must not reach a file.
_LOGGER = """[general]
dateformat=%F %T.%3q
rotatestrategy=rotate
[logfiles]
messages.log => notice,warning,error
security.log => security
"""


def _http(keys: NodeKeys) -> str:
    return f"""[general]
servername=voice
enabled=yes
bindaddr=127.0.0.1
bindport={keys.http_port}
sessionlimit=20000
session_inactivity=30000
"""


def _ari(keys: NodeKeys) -> str:
    return f"""[general]
enabled = yes
pretty = no
websocket_write_timeout = 1000
channelvars = {VARIABLE_ROLE},{VARIABLE_REFERENCE},{VARIABLE_ASIDE}
[{keys.ari_user}]
type = user
read_only = no
password = {keys.ari_password}
"""


def _ami(keys: NodeKeys) -> str:
    # MixMonitor is registered with class "system" alone, so that is the narrowest; nothing may be read.
    return f"""[general]
enabled = yes
webenabled = no
bindaddr = 127.0.0.1
port = {keys.ami_port}
displayconnects = no
allowmultiplelogin = yes
authtimeout = 5
authlimit = 10
[{keys.ami_user}]
secret = {keys.ami_secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read =
write = system
writetimeout = 1000
"""


# Endpoints of people are given at run time and live in memory; those of trunks stand in the file. Contacts live in
# memory as well: after a restart no phone is taken for reachable that has not registered again.
_SORCERY = """[res_pjsip]
endpoint=config,pjsip.conf,criteria=type=endpoint
endpoint=memory
auth=config,pjsip.conf,criteria=type=auth
auth=memory
aor=config,pjsip.conf,criteria=type=aor
aor=memory
contact=memory
[res_pjsip_endpoint_identifier_ip]
identify=config,pjsip.conf,criteria=type=identify
"""


def _pjsip(plan: NodePlan) -> str:
    head = f"""[global]
type=global
user_agent=Careline
default_from_user=careline
endpoint_identifier_order=username,ip
max_initial_qualify_time=4
contact_expiration_check_interval=10
[system]
type=system
timer_t1=500
threadpool_initial_size=8
threadpool_auto_increment=8
threadpool_max_size=50
[{TRANSPORT_UDP}]
type=transport
protocol=udp
bind={plan.sip_host}:{plan.sip_port}
[{TRANSPORT_WEBSOCKET}]
type=transport
protocol=ws
bind=127.0.0.1
"""
    return head + "".join(_trunk(plan, trunk) for trunk in plan.trunks)


def _trunk(plan: NodePlan, trunk: Trunk) -> str:
    return f"""[trunk-{trunk.name}]
type=endpoint
transport={TRANSPORT_UDP}
context={trunk_context(trunk.name)}
disallow=all
allow=alaw,ulaw
direct_media=no
timers=no
dtmf_mode=auto_info
identify_by=ip
trust_id_inbound={"yes" if trunk.asserts_identity else "no"}
allow_transfer=no
bind_rtp_to_media_address=yes
media_address={plan.sip_host}
rtp_timeout=60
rtp_timeout_hold=600
[trunk-{trunk.name}]
type=identify
endpoint=trunk-{trunk.name}
match={",".join(trunk.addresses)}
"""


def _rtp(plan: NodePlan) -> str:
    low, high = plan.rtp_ports
    return f"[general]\nrtpstart={low}\nrtpend={high}\nstrictrtp=yes\nicesupport=yes\n"


# Tones of the public network of China: 450 Hz (GB/T 3380).
_INDICATIONS = """[general]
country=cn
[cn]
description=China
ringcadence=1000,4000
dial=450
busy=450/350,0/350
ring=450/1000,0/4000
congestion=450/700,0/700
callwaiting=450/400,0/4000
dialrecall=450
record=950/400,0/10000
info=450/100,0/100,450/100,0/100,450/100,0/100,450/400,0/400
"""
