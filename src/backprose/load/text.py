"""Emitted text is kept in ``linecache`` for as long as code made from it lives: tracebacks, ``inspect``, ``pdb``."""

from __future__ import annotations

import itertools
import linecache
import threading
import weakref
from collections.abc import Iterable
from types import CodeType

_numbers = itertools.count(1)


def new_name(name: str) -> str:
    """A file name that no file and no other text has."""
    return f"<backprose {name} {next(_numbers)}>"


def keep(file: str, text: str, codes: Iterable[CodeType]) -> None:
    """Show ``text`` under the name ``file`` until the last of ``codes`` is gone."""
    # without a time of change linecache.checkcache() leaves the entry alone
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    users = list(codes)
    left = itertools.count(len(users) - 1, -1)
    lock = threading.Lock()

    def forget() -> None:
        with lock:
            if next(left) == 0:
                linecache.cache.pop(file, None)

    for code in users:
        weakref.finalize(code, forget).atexit = False
