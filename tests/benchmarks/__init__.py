"""How fast derivatives are: ``python -m tests.benchmarks``. The tests here check that what is timed is right.

A case has its function in ``primals``, its gradient by hand in ``handwritten``, its form for JAX in ``jax_forms`` and
its arguments in ``cases``: in each a module for its family. ``lines`` measures the cases and ``bounds`` says what is
asked of them; ``overhead``, ``storage``, ``transforms`` and ``sparse`` measure the rest of the page, which ``report``
writes.
"""
