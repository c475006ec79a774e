"""What is written for Asterisk: complete, private, and safe for callers."""

import re
import socket
from pathlib import Path

import msgspec
import pytest

from careline.adapters.asterisk import dialplan, music
from careline.adapters.asterisk.bundle import AsteriskBundle, listed_modules
from careline.adapters.asterisk.config import provision
from careline.adapters.asterisk.node import DEMO_TRUNK, NodeAddress, NodePlan, Trunk, make_keys, read_keys, write_keys
from careline.kernel.errors import Invalid

# Which module brings an application or function of our dialplan; None when Asterisk's core does.
BROUGHT_BY = {
    "Answer": None,
    "Goto": None,
    "GotoIf": None,
    "Hangup": None,
    "Progress": None,
    "Set": None,
    "Wait": None,
    "StartMusicOnHold": "res_musiconhold",
    "StopMusicOnHold": "res_musiconhold",
    "Playback": "app_playback",
    "Stasis": "app_stasis",
    "TryExec": "app_exec",
    "CALLERID": "func_callerid",
    "CHANNEL": "func_channel",
    "FILTER": "func_strings",
    "LEN": "func_strings",
    "PJSIP_HEADER": "res_pjsip_header_funcs",
    "GROUP": "func_groupcount",
    "GROUP_COUNT": "func_groupcount",
    "TIMEOUT": "func_timeout",
}


@pytest.fixture(autouse=True)
def quick_music(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(music, "write_music", music.write_regret)


@pytest.fixture
def bundle(tmp_path: Path) -> AsteriskBundle:
    root = tmp_path / "bundle"
    return AsteriskBundle(
        root=root,
        version="22.10.1",
        loader=root / "ld",
        library_path=root / "lib",
        binary=root / "asterisk",
        modules_dir=root / "modules",
        data_dir=root / "data",
        modules=listed_modules(),
    )


def plan(folder: Path, **changes: object) -> NodePlan:
    values = {"name": "voice-1", "folder": folder, "sip_port": 5060, "trunks": (DEMO_TRUNK,)}
    return NodePlan(**(values | changes))  # type: ignore[arg-type]


def test_everything_that_the_dialplan_uses_is_loaded(tmp_path: Path) -> None:
    text = dialplan.extensions(plan(tmp_path), tmp_path / "sounds")

    used = set(re.findall(r"[,({]([A-Z][A-Za-z_]+)(?=\()", text))
    assert used <= set(BROUGHT_BY), used - set(BROUGHT_BY)
    assert {"Stasis", "TryExec", "Playback", "GROUP_COUNT", "TIMEOUT"} <= used
    needed = {module for name in used if (module := BROUGHT_BY[name])}
    assert needed <= set(listed_modules())


def test_the_application_is_entered_by_the_name_that_tells_who_is_with_it(tmp_path: Path) -> None:
    text = dialplan.extensions(plan(tmp_path), tmp_path / "sounds")

    entries = [line.split(",", 1)[1] for line in text.splitlines() if "Stasis(" in line]
    assert len(entries) == 2
    assert all(entry.startswith(f"{dialplan.IN_APPLICATION}(") for entry in entries)


def test_a_caller_goes_to_the_application_first_and_has_a_way_on_without_it(tmp_path: Path) -> None:
    text = dialplan.extensions(plan(tmp_path, hold_seconds=60, max_calls=7), tmp_path / "sounds")

    inbound = text.split("[careline-inbound]")[1].split("[careline-alone]")[0].strip().splitlines()
    assert "Stasis(careline,caller," in inbound[-2]
    assert inbound[-1].endswith("Goto(careline-alone,s,1)")
    assert "CARELINE_MAX_CALLS=7" in text
    assert "> 20]?sorry" in text
    assert "Dial(" not in text


def test_without_the_demo_no_trunk_is_believed(tmp_path: Path, bundle: AsteriskBundle) -> None:
    ready = provision(plan(tmp_path / "node", trunks=()), bundle, running=False)

    assert "identify" not in (ready.folder / "etc/pjsip.conf").read_text().replace("endpoint_identifier", "")
    assert "anonymous" not in "\n".join(listed_modules())


def test_a_trunk_is_known_by_its_addresses(tmp_path: Path, bundle: AsteriskBundle) -> None:
    trunks = (Trunk(name="north", addresses=("198.51.100.0/28", "203.0.113.5")),)

    ready = provision(plan(tmp_path / "node", trunks=trunks, sip_host="0.0.0.0"), bundle, running=False)

    pjsip = (ready.folder / "etc/pjsip.conf").read_text()
    assert "match=198.51.100.0/28,203.0.113.5" in pjsip
    assert "context=trunk-north" in pjsip
    assert "[trunk-north]" in (ready.folder / "etc/extensions.conf").read_text()


def test_http_and_ami_stay_on_loopback_and_secrets_are_private(tmp_path: Path, bundle: AsteriskBundle) -> None:
    ready = provision(plan(tmp_path / "node"), bundle, running=False)

    etc = ready.folder / "etc"
    assert "bindaddr=127.0.0.1" in (etc / "http.conf").read_text()
    manager = (etc / "manager.conf").read_text()
    assert "bindaddr = 127.0.0.1" in manager
    assert "webenabled = no" in manager
    assert "read =\nwrite = system\n" in manager
    for path in [ready.folder / "keys.json", *etc.iterdir()]:
        assert path.stat().st_mode & 0o077 == 0, path
    secret = ready.keys.ari_password
    assert [path.name for path in etc.iterdir() if secret in path.read_text()] == ["ari.conf"]


def test_no_log_takes_keys(tmp_path: Path, bundle: AsteriskBundle) -> None:
    ready = provision(plan(tmp_path / "node"), bundle, running=False)

    levels = set(re.findall(r"=> (.*)", (ready.folder / "etc/logger.conf").read_text()))
    assert levels == {"notice,warning,error", "security"}


def test_keys_stay_and_the_digest_tells_a_change(tmp_path: Path, bundle: AsteriskBundle) -> None:
    first = provision(plan(tmp_path / "node"), bundle, running=False)

    same = provision(plan(tmp_path / "node"), bundle, running=False)
    other = provision(plan(tmp_path / "node", max_calls=9), bundle, running=True)

    assert (same.keys, same.digest) == (first.keys, first.digest)
    assert other.keys == first.keys
    assert other.digest != first.digest


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path, bundle: AsteriskBundle) -> None:
    first = provision(plan(tmp_path / "node"), bundle, running=False)
    with socket.create_server(("127.0.0.1", first.keys.http_port)):
        second = provision(plan(tmp_path / "node"), bundle, running=False)

    assert second.keys.http_port != first.keys.http_port


def test_keys_that_cannot_be_read_are_made_anew(tmp_path: Path) -> None:
    assert read_keys(tmp_path) is None
    write_keys(tmp_path, make_keys())
    assert read_keys(tmp_path) is not None
    (tmp_path / "keys.json").write_text("{half")
    assert read_keys(tmp_path) is None


def test_announcements_are_taken_over_and_a_tone_stands_in(tmp_path: Path, bundle: AsteriskBundle) -> None:
    given = tmp_path / "given.wav"
    given.write_bytes(b"RIFF given")

    ready = provision(plan(tmp_path / "node", announcements={"sorry": given}), bundle, running=False)

    assert (ready.folder / "sounds/sorry.wav").read_bytes() == b"RIFF given"
    assert (ready.folder / "sounds/busy.wav").stat().st_size > 1000
    assert (ready.folder / "sounds/music/hold.wav").exists()


@pytest.mark.parametrize(
    "changes", [{"name": "voice 1"}, {"name": ""}, {"rtp_ports": (20000, 10000)}, {"rtp_ports": (1, 9)}]
)
def test_a_plan_that_cannot_be_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        plan(tmp_path, **changes)


def test_the_plan_of_a_node_is_a_frozen_record(tmp_path: Path) -> None:
    changed = msgspec.structs.replace(plan(tmp_path), max_calls=1)

    assert (plan(tmp_path).max_calls, changed.max_calls) == (500, 1)


def test_the_address_of_somebody_elses_asterisk() -> None:
    plain = NodeAddress.at("http://voice:p%40ss@ast.example:9000/sub/")
    recording = NodeAddress.at("https://voice:pass@ast.example?ami=rec:s%3Acret@other.example:5039")

    assert (plain.ari_url, plain.ari_user, plain.ari_password) == ("http://ast.example:9000/sub", "voice", "p@ss")
    assert plain.ami_port is None
    assert recording.ari_url == "https://ast.example:8088"
    assert (recording.ami_host, recording.ami_port) == ("other.example", 5039)
    assert (recording.ami_user, recording.ami_secret) == ("rec", "s:cret")


@pytest.mark.parametrize(
    "url", ["", "ast.example", "ftp://a:b@c", "http://ast.example:8088", "http://user@ast.example"]
)
def test_an_address_without_its_parts_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        NodeAddress.at(url)

    assert refused.value.field == "CARELINE_ASTERISK_URL"
