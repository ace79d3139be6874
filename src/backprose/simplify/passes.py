"""The passes of the simplify stage, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backprose.analyse.precision import is_narrow
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Function
from backprose.ir.walk import map_block, with_body
from backprose.simplify.algebra import algebra, leading_sign
from backprose.simplify.broadcasts import name_numbers
from backprose.simplify.bundle import save_once
from backprose.simplify.copies import drop_constants, drop_copies, use_early
from backprose.simplify.dead import remove_dead
from backprose.simplify.first_writes import write_first
from backprose.simplify.fold import fold
from backprose.simplify.leaves import drop_settled_checks, settle_gradients
from backprose.simplify.merge import merge_branches, name_at_once, settle_branches, unnest, without_empty_sweep
from backprose.simplify.polish import name_temporaries, own_buffers, pop_into, shorten
from backprose.simplify.quotients import reuse_quotients
from backprose.simplify.sources import cheaper_sources
from backprose.simplify.unpack import bind_at_once
from backprose.simplify.updates import update_items

Infer = Callable[[Function], Function]


def our_algebra(function: Function) -> Function:
    return with_body(function, map_block(function.body, algebra, ours=True))


def signs_first(function: Function) -> Function:
    return with_body(function, map_block(function.body, leading_sign, ours=True))


def simplify(
    function: Function, infer: Infer, wishes: Mapping[str, str], supply: NameSupply, chosen: dict[str, str]
) -> Function:
    """The text a careful colleague would write. ``infer`` puts types on the names of a changed program; ``chosen``
    holds the names that temporaries were given, in this function and in others of the same sweep.

    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> from backprose.pipeline import Request, stages
    >>> def f(x, n):
    ...     for i in range(n):
    ...         x = x * x
    ...     return x
    >>> request = Request(f, "reverse", ("x",), signature={"x": PYTHON_FLOAT})
    >>> from backprose.emit import emit
    >>> print(emit(dict(stages(request))["simplify"]).text, end="")
    def f_grad(x, n, *, result_bar=1.0):
        # forward
        saved_x = []
        for i in range(n):
            saved_x.append(x)
            x = x * x
    <BLANKLINE>
        # return x
        x_bar = result_bar
        for i in reversed(range(n)):
            # x = x * x
            x = saved_x.pop()
            x_bar = 2 * x_bar * x
        return x_bar
    """

    def retyped(function: Function) -> Function:
        return infer(function) if is_narrow(function) else function

    def numbers_named(function: Function) -> Function:
        return name_numbers(function, supply)

    function = drop_settled_checks(infer(function))
    settled: dict[Callable[[Function], Function], Function] = {}  # the program of which a pass has no more to say
    for pass_ in (
        settle_branches,
        our_algebra,
        cheaper_sources,
        remove_dead,
        drop_constants,
        merge_branches,
        remove_dead,
        fold,
        our_algebra,
        numbers_named,
        infer,
        fold,
        our_algebra,
        remove_dead,
        fold,
        own_buffers,
        our_algebra,
        retyped,
        settle_gradients,
        remove_dead,
        merge_branches,
        drop_copies,
        drop_constants,
        use_early,
        fold,
        our_algebra,
        own_buffers,  # of what the algebra left of a product
        reuse_quotients,
        bind_at_once,
        pop_into,
        shorten,
        update_items,
        write_first,
        signs_first,
        save_once,
        name_at_once,
        unnest,
        without_empty_sweep,
    ):
        if settled.get(pass_) is function:
            continue
        given, function = function, pass_(function)
        if function is given or pass_ is infer:
            settled[pass_] = function
    return name_temporaries(function, wishes, supply, chosen)
