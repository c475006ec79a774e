"""What sherpa-onnx needs to find in a folder of a model: looked at before the engine is, since it ends the process
over what it misses."""

from pathlib import Path

from careline.kernel.errors import PermanentFailure


def voice_model(folder: Path) -> dict[str, str]:
    """The files of a VITS model, by the engine's names for them. Raises ``PermanentFailure`` naming what is missing."""
    if not folder.is_dir():
        raise PermanentFailure(f"there is no folder {folder}; CARELINE_TTS_MODEL names the one of the unpacked model")
    found = {"model": str(_one_model(folder)), "tokens": str(_needed(folder, "tokens.txt"))}
    lexicon, data = folder / "lexicon.txt", folder / "espeak-ng-data"
    if lexicon.is_file():
        found["lexicon"] = str(lexicon)
    elif data.is_dir():
        found["data_dir"] = str(data)
    else:
        raise PermanentFailure(f"{folder} has neither lexicon.txt nor espeak-ng-data; one of them comes with the model")
    if (folder / "dict").is_dir():
        found["dict_dir"] = str(folder / "dict")
    rules = sorted(str(path) for path in folder.glob("*.fst"))
    return {**found, **({"rule_fsts": ",".join(rules)} if rules else {})}


def version_of(folder: Path) -> str:
    """What changes when another model is put into the folder."""
    seen = [folder / "tokens.txt", *sorted(folder.glob("*.onnx"))]
    return "\0".join(f"{one.name} {one.stat().st_size} {one.stat().st_mtime_ns}" for one in seen if one.is_file())


def _one_model(folder: Path) -> Path:
    own = folder / "model.onnx"
    if own.is_file():
        return own
    found = sorted(folder.glob("*.onnx"))
    if len(found) != 1:
        raise PermanentFailure(f"{folder} needs a model.onnx, or exactly one file *.onnx; there are {len(found)}")
    return found[0]


def _needed(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise PermanentFailure(f"{folder} has no {name}; it comes with the model")
    return path
