"""How fast derivatives are: ``python -m tests.benchmarks``. The tests here check that what is timed is right."""
