"""A ladder of filters driven by an alternating voltage: complex impedances of real parts, and the gain as a real sum."""

import numpy as np


def complex_circuit(resistance, inductance, capacity, omega):
    """The impedances are summed from the far end, each section in parallel with what lies behind it."""
    load = resistance[-1] + 0j * omega
    gain = np.ones(len(omega), dtype=complex)
    for k in range(len(inductance)):
        series = resistance[k] + 1j * omega * inductance[k]
        shunt = 1 / (1j * omega * capacity[k])
        behind = shunt * load / (shunt + load)
        gain = gain * behind / (series + behind)
        load = series + behind
    decibels = 20 * np.log10(np.abs(gain))
    return np.sum(decibels**2) + np.sum(np.angle(gain))


EXAMPLE = dict(
    args=(
        np.array([1.2, 0.7, 2.0, 1.5]),
        np.array([0.3, 0.5, 0.2]),
        np.array([0.8, 0.6, 0.9]),
        np.array([0.4, 0.9, 1.3, 2.2, 3.1]),
    ),
    wrt=("resistance", "inductance", "capacity"),
)
LENGTH_ONE = False  # three sections and four resistances
