"""Classes that are followed in the place of SciPy's own, whose source no derivative passes through."""
