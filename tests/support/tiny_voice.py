"""A model in the shape of a VITS voice, small enough to be written by hand: each token sounds as a piece of a tone
whose loudness is the token's number. It proves that a model is found, loaded, fed and heard, not how one sounds.

An ONNX file is a protocol buffer (onnx.proto of github.com/onnx/onnx): numbers and bytes by the number of the field.
"""

import math
import struct
from pathlib import Path

SIGNS = "你好一二三"
RATE = 16_000
SAMPLES_A_TOKEN = 800
_FLOAT, _INT64 = 1, 7


def write_voice(folder: Path) -> Path:
    """The folder of the model, with its tokens and lexicon."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["_", "a", "b", "c", "d", "e"]
    (folder / "tokens.txt").write_text("".join(f"{name} {number}\n" for number, name in enumerate(names)))
    pairs = zip(SIGNS, names[1:], strict=True)
    (folder / "lexicon.txt").write_text("".join(f"{sign} {name}\n" for sign, name in pairs), encoding="utf-8")
    (folder / "model.onnx").write_bytes(_model())
    return folder


def _model() -> bytes:
    wave = [0.1 * math.sin(2 * math.pi * 500 * n / RATE) for n in range(SAMPLES_A_TOKEN)]
    graph = b"".join(
        (
            _node("Cast", ["x"], ["f"], _field(1, b"to") + _field(3, _FLOAT) + _field(20, 2)),
            _node("Unsqueeze", ["f", "last"], ["g"]),
            _node("MatMul", ["g", "wave"], ["h"]),
            _node("Reshape", ["h", "flat"], ["y"]),
            _field(2, b"tiny"),
            _tensor("last", _INT64, [1], struct.pack("<q", 2)),
            _tensor("wave", _FLOAT, [1, SAMPLES_A_TOKEN], struct.pack(f"<{SAMPLES_A_TOKEN}f", *wave)),
            _tensor("flat", _INT64, [3], struct.pack("<3q", 1, 1, -1)),
            _value(11, "x", _INT64, [1, "T"]),
            _value(11, "x_length", _INT64, [1]),
            _value(11, "noise_scale", _FLOAT, [1]),
            _value(11, "length_scale", _FLOAT, [1]),
            _value(11, "noise_scale_w", _FLOAT, [1]),
            _value(12, "y", _FLOAT, [1, 1, "N"]),
        )
    )
    told = {
        "model_type": "vits",
        "comment": "vits",
        "language": "Chinese",
        "add_blank": "0",
        "n_speakers": "0",
        "sample_rate": str(RATE),
        "punctuation": "",
        "jieba": "0",
    }
    meta = b"".join(_field(14, _field(1, key.encode()) + _field(2, value.encode())) for key, value in told.items())
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _field(2, 13)) + meta


def _node(kind: str, inputs: list[str], outputs: list[str], attribute: bytes = b"") -> bytes:
    names = b"".join(_field(1, name.encode()) for name in inputs) + b"".join(
        _field(2, name.encode()) for name in outputs
    )
    return _field(1, names + _field(4, kind.encode()) + (_field(5, attribute) if attribute else b""))


def _tensor(name: str, kind: int, shape: list[int], raw: bytes) -> bytes:
    dims = b"".join(_field(1, one) for one in shape)
    return _field(5, dims + _field(2, kind) + _field(8, name.encode()) + _field(9, raw))


def _value(number: int, name: str, kind: int, shape: list[int | str]) -> bytes:
    dims = b"".join(_field(1, _field(1, one) if isinstance(one, int) else _field(2, one.encode())) for one in shape)
    return _field(number, _field(1, name.encode()) + _field(2, _field(1, _field(1, kind) + _field(2, dims))))


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
