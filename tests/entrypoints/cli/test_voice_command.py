"""``careline voice``, as its users type it."""

import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from careline.adapters.speech.espeak_bundle import locate_espeak
from careline.entrypoints.cli.app import app

TOOLS = Path(__file__).parents[3] / ".tools"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["voice", *words])


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("CARELINE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("CARELINE_VOICE", "auto")
    monkeypatch.setenv("CARELINE_TOOLS", str(TOOLS))
    return monkeypatch


def test_without_an_asterisk_it_says_how_to_get_one(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.setenv("CARELINE_TOOLS", str(tmp_path / "none"))
    found = run("doctor")
    assert found.exit_code == 1
    assert "careline voice install" in found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_switched_off_there_is_nothing_to_look_at(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("CARELINE_VOICE", "off")
    found = run("doctor")
    assert found.exit_code == 0
    assert "CARELINE_VOICE=off" in found.stdout


@pytest.mark.voice
def test_an_asterisk_that_was_never_started_says_so(settings: pytest.MonkeyPatch) -> None:
    found = run("doctor")
    assert found.exit_code == 1
    assert "asterisk" in found.stdout
    assert "start Careline" in found.stdout


@pytest.mark.voice
def test_installing_again_costs_nothing(settings: pytest.MonkeyPatch) -> None:
    done = run("install")
    assert done.exit_code == 0, done.output
    assert "Asterisk 2" in done.stdout


def test_what_is_said_in_a_file_is_written_down(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.setenv("CARELINE_STT", "pocketsphinx")
    espeak = locate_espeak(TOOLS)
    file = tmp_path / "said.wav"
    command = [str(espeak.binary), "-w", str(file), "-v", "en-us+klatt2", "-s", "140", "call me back tomorrow"]
    subprocess.run(command, env={**os.environ, **espeak.env}, check=True)
    done = run("hear", str(file), "--language", "en")
    assert done.exit_code == 0, done.output
    assert "tomorrow" in done.stdout
    assert "pocketsphinx, en, confidence 0." in done.stderr


def test_what_cannot_be_heard_is_said_in_a_line(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "broken.wav"
    file.write_bytes(b"RIFF")
    assert "set CARELINE_STT" in run("hear", str(file)).stderr
    settings.setenv("CARELINE_STT", "pocketsphinx")
    for words, said in (
        (["hear", str(tmp_path / "none")], "cannot be read"),
        (["hear", str(file), "--language", "en"], "no WAV"),
        (["hear", str(file)], "understands English"),
    ):
        refused = run(*words)
        assert refused.exit_code == 1
        assert said in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
