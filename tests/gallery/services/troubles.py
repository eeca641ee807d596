"""Troubles that an operator switches on: a file of that name in a folder.

`scripts/demo-gallery trouble NAME` makes the file on the host; the folder is
mounted read-only, so that it can be read whichever service is down.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path("/run/gallery/troubles")


def active(name: str) -> bool:
    return (FOLDER / name).exists()
