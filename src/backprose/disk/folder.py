"""The folder of the disk cache: one file for each entry, written whole or not at all, checked when it is read.

The text of an entry is run, so the folder has to be the user's own: one that belongs to another user, or that others
may write into, is not used.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

VARIABLE = "BACKPROSE_CACHE_DIR"
MOST_BYTES = 64 * 2**20  # of all entries together; the oldest go first
OLD = 3600.0  # seconds after which what another process left half-written is removed
WRITES_BETWEEN = 64  # how often a process looks at the size
OTHERS = 0o022  # write permission of the group and of all others

_writes = itertools.count()


def path() -> Path | None:
    """The folder that is to be used; None where the cache is turned off."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    try:
        return _usual() / "backprose"
    except RuntimeError:  # there is no home
        return None


def _usual() -> Path:
    """Where the platform keeps what can be made again."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    chosen = os.environ.get("XDG_CACHE_HOME")
    return Path(chosen) if chosen and Path(chosen).is_absolute() else Path.home() / ".cache"


def read(key: str) -> dict[str, Any] | None:
    """The entry; None where there is none that is whole, is that of ``key`` and is the user's."""
    folder = path()
    if folder is None or not _is_own(folder):
        return None
    try:
        content = (folder / f"{key}.json").read_bytes()
        check, _, body = content.partition(b"\n")
        if check.decode("ascii") != _check(key, body):
            return None
        found = json.loads(body)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(key: str, entry: dict[str, Any]) -> None:
    """Leaves an entry in the folder, if that can be done."""
    folder = path()
    if folder is None:
        return
    body = json.dumps(entry, ensure_ascii=True, sort_keys=True).encode("ascii")
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(folder):
            return
        number, name = tempfile.mkstemp(suffix=".tmp", dir=folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(_check(key, body).encode("ascii") + b"\n" + body)
            Path(name).replace(folder / f"{key}.json")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if next(_writes) % WRITES_BETWEEN == 0:
            _trim(folder)


def _check(key: str, body: bytes) -> str:
    """Of the key as well: a file that was given another's name is no entry."""
    return hashlib.sha256(key.encode("ascii") + b"\n" + body).hexdigest()


def _is_own(folder: Path) -> bool:
    try:
        known = folder.stat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):  # Windows: the folder is in the user's profile, or where the user said
        return folder.is_dir()
    return folder.is_dir() and known.st_uid == os.getuid() and not known.st_mode & OTHERS


def _trim(folder: Path) -> None:
    """Removes the oldest entries where they are too many, and what was never finished."""
    found: list[tuple[float, int, str]] = []
    with os.scandir(folder) as entries:
        for one in entries:
            known = one.stat()
            if one.name.endswith(".json"):
                found.append((known.st_mtime, known.st_size, one.path))
            elif one.name.endswith(".tmp") and time.time() - known.st_mtime > OLD:
                Path(one.path).unlink(missing_ok=True)
    size = sum(length for _, length, _ in found)
    for _, length, name in sorted(found):
        if size <= MOST_BYTES:
            break
        Path(name).unlink(missing_ok=True)
        size -= length
