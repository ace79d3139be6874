"""The rules of SciPy's functions, a file for each module. None is imported before the module that it is for."""

MODULES = ("fft", "integrate", "interpolate", "linalg", "ndimage", "optimize", "signal", "sparse", "special", "stats")
