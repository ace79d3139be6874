"""Random programs by profile and seed: the same program in every process and on every Python."""

from __future__ import annotations

from tests.fuzz.basic import generate_basic
from tests.fuzz.full import TOPICS, generate_full
from tests.fuzz.program import FuzzProgram

PROFILES = ("basic", "full", *TOPICS)


def generate(seed: int, profile: str = "full") -> FuzzProgram:
    """The program of this seed. ``basic`` is the distribution that the earlier figures refer to, ``full`` all that the
    generator knows; the name of a topic gives programs of that topic alone."""
    if profile == "basic":
        return generate_basic(seed)
    return generate_full(seed) if profile == "full" else generate_full(seed, (profile,))
