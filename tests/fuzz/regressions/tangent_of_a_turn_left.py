"""Seed 70694: a turn that is left by ``break`` sets a tangent to zero."""


def program(v):
    g3 = 0.0
    g3 += v
    k26 = 0
    while k26 < 3:
        g3 = 0.5
        break
    return g3


EXAMPLE = dict(args=(1.128,), wrt="v")
