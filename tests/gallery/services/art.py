"""The gallery's "model": interference of a few waves, drawn as a PNG."""

from __future__ import annotations

import math
import random
import struct
import zlib

SIZE = 64
STYLES = ("tide", "ember", "lichen", "dusk")
_TINTS = {"tide": (0.2, 0.6, 1.0), "ember": (1.0, 0.4, 0.1), "lichen": (0.5, 0.9, 0.4), "dusk": (0.6, 0.3, 0.9)}


def draw(seed: int, style: str = "tide", size: int = SIZE) -> bytes:
    """The picture that belongs to a seed; the same seed draws the same bytes."""
    rng = random.Random(seed)
    waves = [(rng.uniform(2, 9), rng.uniform(2, 9), rng.uniform(0, math.tau)) for _ in range(3)]
    tint = _TINTS.get(style, _TINTS["tide"])
    rows = bytearray()
    for y in range(size):
        rows.append(0)  # the row's filter: none
        for x in range(size):
            height = sum(math.sin(a * x / size + b * y / size + phase) for a, b, phase in waves)
            light = (height + 3) / 6
            rows += bytes(int(255 * min(1.0, light * (0.4 + share))) for share in tint)
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
