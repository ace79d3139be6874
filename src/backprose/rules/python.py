"""Python's own functions, facts about arrays that are integers, and what has no rule yet."""

import builtins
import math

import numpy as np

from backprose.rules.registry import constant, engine_made, uncovered

constant(np.shape, np.size, np.ndim, builtins.len, reason="the extents of an array are integers")
constant(builtins.range, builtins.reversed, builtins.int, builtins.bool, reason="not a differentiable number")
constant(math.gcd, math.lcm, math.factorial, math.comb, math.perm, math.isqrt, reason="defined for integers only")

engine_made(builtins.list, parameters=("items",), reason="the adjoint of a list is a list")

engine_made(np.block, parameters=("arrays",), reason="a list of rows is written with np.concatenate; write others so")
uncovered(np.intersect1d, reason="numbers that are the same no longer are when one of them moves")

# What is no operation on numbers. Each has a reason, which a refusal gives.
uncovered(
    np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask,
    reason="it writes into its argument: it stands alone, as a statement of its own",
)  # fmt: skip
uncovered(
    np.apply_along_axis, np.apply_over_axes, np.piecewise, np.fromfunction, np.fromiter, np.frompyfunc,
    reason="it calls a function that it is given: call it yourself, in a loop or on the whole array",
)  # fmt: skip
uncovered(
    np.array2string, np.array_repr, np.array_str, np.base_repr, np.binary_repr, np.format_float_positional,
    np.format_float_scientific, np.datetime_as_string,
    reason="it makes a text, through which no derivative passes",
)  # fmt: skip
uncovered(
    np.save, np.savetxt, np.savez, np.savez_compressed, np.load, np.loadtxt, np.genfromtxt, np.fromfile, np.fromregex,
    np.fromstring, np.frombuffer, np.from_dlpack,
    reason="what it gives or takes is a file, a text or memory, of which no derivative is known",
)  # fmt: skip
uncovered(
    np.get_include, np.get_printoptions, np.set_printoptions, np.printoptions, np.getbufsize, np.setbufsize, np.geterr,
    np.seterr, np.geterrcall, np.seterrcall, np.info, np.show_config, np.show_runtime, np.nested_iters,
    *(vars(module)["test"] for module in (np, np.linalg, np.fft) if "test" in vars(module)),
    reason="it is about NumPy itself, not about numbers",
)  # fmt: skip
uncovered(np.diag_indices, reason="only of matrices, as np.diag_indices(n), which is two ranges")
uncovered(np.asmatrix, np.bmat, reason="np.matrix is not covered: use arrays")
uncovered(np.busday_count, np.busday_offset, np.is_busday, np.datetime_data, reason="dates have no derivative")
