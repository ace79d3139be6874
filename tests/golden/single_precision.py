"""float32 in, with float64 constants on the way."""

import numpy as np

KERNEL = np.array([0.25, 0.5, 0.25])


def single_precision(x, gain):
    smooth = KERNEL[0] * x[:-2] + KERNEL[1] * x[1:-1] + KERNEL[2] * x[2:]
    double = smooth.astype(np.float64) * gain
    return np.sum(double**2)


EXAMPLE = dict(args=(np.sin(np.arange(6.0)).astype(np.float32), 1.5), wrt=("x", "gain"))
FLOAT32 = False  # it is float32 already
RTOL = 1e-4
