"""A radix-2 Fourier transform in place, as the textbook has it: butterflies in a complex array, and the power outside."""

import numpy as np


def complex_fft(signal, taper, bits):
    n = len(signal)
    spectrum = np.zeros(n, dtype=complex)
    for i in range(n):
        place, rest = 0, i
        for _ in range(bits):
            place = 2 * place + rest % 2
            rest = rest // 2
        spectrum[place] = signal[i] * taper[i]
    half = 1
    while half < n:
        for k in range(half):
            twiddle = np.exp(-1j * np.pi * k / half)
            for i in range(k, n, 2 * half):
                turned = twiddle * spectrum[i + half]
                spectrum[i + half] = spectrum[i] - turned
                spectrum[i] += turned
        half *= 2
    power = spectrum.real**2 + spectrum.imag**2
    return np.dot(power, 1 + np.arange(n))


EXAMPLE = dict(
    args=(
        np.array([0.3, -1.2, 0.8, 2.1, -0.4, 0.9, 1.7, -0.6]),
        np.array([0.2, 0.5, 0.9, 1.0, 1.0, 0.9, 0.5, 0.2]),
        3,
    ),
    wrt=("signal", "taper"),
)
LENGTH_ONE = False  # the number of bits fixes the length
