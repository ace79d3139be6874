"""Random programs against differences: ``python -m tests.fuzz --count 3000 --seed 0``."""
