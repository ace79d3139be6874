"""Modules that need an extra are not looked into where it is missing."""

import importlib.util

collect_ignore = [] if importlib.util.find_spec("jax") else ["jax_forms"]
