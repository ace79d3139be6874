"""SciPy's functions that are given a function, a file for each module, read as its rules are."""
