"""Real and imaginary parts as views that are written: a field whose amplitude is damped and whose phase is kicked."""

import numpy as np


def complex_parts(field, damping, kick):
    amplitude = np.abs(field)
    wave = field / amplitude
    re, im = wave.real, wave.imag
    re *= damping
    im[1:] -= kick * re[:-1]
    wave.real[0] = amplitude[0]
    wave.imag = im + damping
    return np.vdot(field, wave).real + np.sum(wave.imag**2) + np.angle(wave[-1])


EXAMPLE = dict(
    args=(np.array([0.7 + 0.4j, -1.3 + 0.8j, 0.2 - 1.1j]), np.array([0.9, 0.8, 0.7]), 0.4),
    wrt=("field", "damping", "kick"),
)
