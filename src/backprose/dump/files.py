"""Writing a file as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_file(path: str | os.PathLike[str], text: str) -> None:
    """Put ``text`` into a file, in UTF-8 with line feeds; where that fails, what was there stays as it was."""
    target = Path(os.path.realpath(path))  # through links: the file that they lead to is replaced
    if target.exists() and not target.is_file():  # a pipe, a terminal
        target.write_bytes(text.encode())
        return
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        os.chmod(temporary, _mode(target))  # noqa: PTH101 - a temporary file is private at first
        os.replace(temporary, target)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise


def _mode(target: Path) -> int:
    """The permissions that the file has, or that a new one gets."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
