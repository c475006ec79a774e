"""The process in which sherpa-onnx runs: ``python -m careline.adapters.speech.sherpa_worker``.

It is spoken to as ``workshop`` says, and ends when nobody is there any more. Its engine is loaded only here.
"""

import importlib
import json
import os
import sys
from array import array
from typing import Any, BinaryIO

from careline.adapters.speech.workshop import LENGTHS

COMMAND = (sys.executable, "-m", "careline.adapters.speech.sherpa_worker")
PACKAGE = "sherpa_onnx"
NOT_INSTALLED = "the package sherpa-onnx is not installed; install careline[speech]"


class Refused(Exception):
    """What is asked cannot be done."""


def main() -> None:
    """Answer until the other side is gone."""
    # Whatever the engine prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    engines: dict[str, Any] = {}
    while (request := _read(sys.stdin.buffer)) is not None:
        told: dict[str, Any]
        try:
            told, data = _do(request[0], request[1], engines)
        except Refused as refused:
            told, data = {"refused": str(refused)}, b""
        said = json.dumps(told).encode()
        answers.write(LENGTHS.pack(len(said), len(data)) + said + data)
        answers.flush()


def _read(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    head = source.read(LENGTHS.size)
    if len(head) < LENGTHS.size:
        return None
    told, many = LENGTHS.unpack(head)
    return json.loads(source.read(told)), source.read(many)


def _do(asked: dict[str, Any], data: bytes, engines: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        package = importlib.import_module(PACKAGE)
    except ImportError:
        raise Refused(NOT_INSTALLED) from None
    key = json.dumps([asked["do"], asked["files"], asked.get("language", "")])
    if key not in engines:
        engines.clear()  # one model is large enough
        engines[key] = _voice(package, asked["files"])
    return _speak(engines[key], asked)


def _voice(package: Any, files: dict[str, str]) -> Any:
    rules = files.pop("rule_fsts", "")
    model = package.OfflineTtsModelConfig(vits=package.OfflineTtsVitsModelConfig(**files), num_threads=1)
    config = package.OfflineTtsConfig(model=model, rule_fsts=rules)
    if not config.validate():
        raise Refused("the files of the model are not what the engine expects")
    return package.OfflineTts(config)


def _speak(engine: Any, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    audio = engine.generate(asked["text"], sid=asked["speaker"], speed=1.0)
    samples = array("h", (max(-32768, min(32767, round(one * 32767))) for one in audio.samples))
    return {"rate": audio.sample_rate}, samples.tobytes()


if __name__ == "__main__":
    main()
