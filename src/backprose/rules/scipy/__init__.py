"""The rules of SciPy's functions, a file for each module. None is imported before the module that it is for."""

MODULES = ("special", "stats", "linalg", "fft", "signal", "ndimage")
