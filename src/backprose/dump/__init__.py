"""Dumped files: a derivative as a module of its own, which runs where backprose is not installed."""

from backprose.dump.files import write_file
from backprose.dump.module import module_text

__all__ = ["module_text", "write_file"]
