"""Functions in a function, lifted out of it: text of their own, with what they read of its variables as parameters.

Their derivatives are then those of any function: emitted as text, and differentiated again as a helper of the program.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FunctionType, SimpleNamespace
from typing import Any, NoReturn

from backprose.analyse.expressions import dotted
from backprose.analyse.types import infer
from backprose.differentiate.anew import Anew
from backprose.differentiate.wishes import wishes
from backprose.emit import emit
from backprose.emit.ours import globals_read
from backprose.errors import AliasError, BackproseError, UnsupportedError
from backprose.expand.lifting import How
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Call, Expr, Function, Global, Name, Program, Span
from backprose.ir.types import UNKNOWN
from backprose.ir.walk import all_names, map_block, rebuild, root_of, with_body
from backprose.load import load
from backprose.parse import Parsed
from backprose.simplify.passes import simplify
from backprose.simplify.same import calling

CAPTURED = "__backprose_captured__"  # of a derivative: the parameters that were variables around its function


@dataclass(frozen=True)
class Lifted:
    """A derivative that the program calls, and the place in the user's text."""

    derivative: Any
    place: Span | None


class LiftedDerivatives:
    """What ``Callees`` knows of derivatives of functions in the function."""

    lifted: dict[str, Lifted]
    names: NameSupply
    made: dict[tuple[object, ...], tuple[str, ...]]

    @abstractmethod
    def parsed(self, function: FunctionType) -> Parsed: ...

    @abstractmethod
    def flat(self, function: FunctionType) -> tuple[Function, NameSupply]: ...

    @abstractmethod
    def emitted(self, parsed: Parsed, call: Call, derivative: Any) -> FunctionType | None: ...

    @abstractmethod
    def anew(self, function: Function, parsed: Parsed) -> Anew: ...

    def derivative(self, kind: str, function: FunctionType, names: tuple[str, ...], how: How) -> Global:
        """A name of ours for a derivative, which the program calls under it."""
        made = how.make(kind, function, names, how.options)
        wish = f"{function.__name__}_{kind}"
        name, number = wish, 0
        while (
            name in how.taken
            or how.parsed.lookup(name).scope != "missing"
            or (name in self.lifted and self.lifted[name].derivative is not made)
        ):
            number += 1
            name = f"{wish}_{number}"
        vars(made)[CAPTURED] = how.captured
        self.lifted.setdefault(name, Lifted(made, how.place))
        return Global(name)

    def lift(self, function: Function, parsed: Parsed) -> FunctionType:
        """A function of the program's as one of its own, which has the globals and cells of ``parsed``."""
        return lifted(function, parsed.function, {name: one.derivative for name, one in self.lifted.items()})

    def seen_from(self, parsed: Parsed, call: Call, error: BackproseError) -> BackproseError:
        """An error in the text of a lifted function, at the place in the user's text that it was made of."""
        found = self.lifted.get(dotted(call.function))
        if found is None or (error.where is not None and not error.where.file.startswith("<backprose")):
            return error
        where = parsed.locate(parsed.tree if found.place is None else found.place)
        return type(error)(error.what, why=error.why, instead=error.instead, where=where, section=error.section)

    def check_apart(self, parsed: Parsed, call: Call, given: Mapping[str, Expr], written: Sequence[str]) -> None:
        """Refuses what a call of a derivative refuses: an argument that is written into, and given twice."""
        roots = {name: root_of(value) for name, value in given.items()}
        for name in written:
            for other, root in roots.items():
                if other != name and name in roots and root == roots[name] and isinstance(root, Name | Global):
                    found = self.lifted.get(dotted(call.function))
                    raise AliasError(
                        f"{parsed.tree.name}: {name} and {other} of a derivative are parts of one variable",
                        why=f"its function writes into {name}, which would be seen through {other}",
                        instead="give it a copy of one of them",
                        where=parsed.locate(found.place if found and found.place else call.place or parsed.tree),
                        section="aliases",
                    )

    def check_lifted(self, parsed: Parsed, call: Call, derivative: Any, variant: Any) -> None:
        """Refuses what a call in the program would do, and that of the derivative would not."""
        captured = getattr(derivative, CAPTURED, None)
        if captured is None:
            return
        found = self.lifted.get(dotted(call.function))  # None in the text of a function that was lifted itself
        place = parsed.tree if found is None or found.place is None else found.place

        def refuse(why: str, instead: str) -> NoReturn:
            raise UnsupportedError(
                f"{parsed.tree.name}: the derivative of this function in the function is not supported",
                why=why,
                instead=instead,
                where=parsed.locate(place),
                section="derivatives-inside",
            )

        written = variant.derived.writes
        if any(name in captured for name in written):
            refuse("the function writes into an array outside it, which its derivative leaves as it is",
                   "write into a copy: a = a.copy()")  # fmt: skip
        others = [
            name for name, known in variant.signature.items()
            if name not in written and not known.is_immutable_scalar
        ]  # fmt: skip
        if written and (others or len(written) > 1):
            refuse(f"it writes into {written[0]}, which may share memory with another array that it reads",
                   f"write into a copy: {written[0]} = {written[0]}.copy()")  # fmt: skip
        again = getattr(derivative, "again", False)
        if again and self.anew(self.flat(parsed.function)[0], parsed).names:
            refuse("a pullback computes the function again, and a global that it may read is bound anew",
                   "use bp.grad, or a variable of the function")  # fmt: skip
        if again and not variant.derived.repeatable:
            refuse("a pullback computes the function again, and it calls what may print, draw or change something",
                   "use bp.grad, or call that outside the function")  # fmt: skip

    def emitted_for_lifted(
        self, callees: Sequence[Function], entries: Sequence[Function]
    ) -> tuple[tuple[Function, ...], tuple[Function, ...]]:
        """The functions with calls of emitted ones, which stand before them, where they call lifted derivatives still:
        no derivative passes through these."""
        if not self.lifted:
            return tuple(callees), tuple(entries)
        added: list[Function] = []

        def changed(function: Function) -> Function:
            assert isinstance(function.home, FunctionType)
            parsed = self.parsed(function.home)
            return with_body(function, map_block(function.body, lambda expr: called(expr, parsed)))

        def called(expr: Expr, parsed: Parsed) -> Expr:
            expr = rebuild(expr, lambda part: called(part, parsed))
            if (
                not isinstance(expr, Call)
                or not isinstance(expr.function, Global)
                or expr.function.id not in self.lifted
            ):
                return expr
            derivative = self.lifted[expr.function.id].derivative
            function = self.emitted(parsed, expr, derivative)
            variant = next(one for one in derivative.variants if one.entries[0] is function)
            key = variant, "as it is"
            if key not in self.made:
                own = {one.name: self.names.fresh(one.name) for one in variant.derived.program.functions}
                added.extend(
                    replace(calling(one, own), name=own[one.name]) for one in variant.derived.program.functions
                )
                self.made[key] = (own[variant.derived.entries[0]],)
            return replace(expr, function=Global(self.made[key][0]))

        made = [changed(one) for one in callees], [changed(one) for one in entries]
        return (*added, *made[0]), tuple(made[1])


class Kept(dict[Hashable, Any]):
    """What is kept with a function, and is not that of one which took over its attributes, nor of a copy."""

    def __init__(self, owner: Any = None) -> None:
        super().__init__()
        self.owner = owner

    def __reduce__(self) -> tuple[type[Kept], tuple[()]]:
        return Kept, ()


def kept_by(owner: FunctionType, name: str) -> Kept:
    """What is kept in an attribute of a function."""
    found = vars(owner).get(name)
    if not isinstance(found, Kept) or found.owner is not owner:
        found = vars(owner)[name] = Kept(owner)
    return found


def lifted(function: Function, home: FunctionType, derivatives: Mapping[str, Any]) -> FunctionType:
    """The function of that text, with the globals and cells of ``home``; the same one each time for the same text.

    ``derivatives``: what the names of ours mean that it calls.
    """
    function = tidy(function)
    emission = emit(Program((function,)))
    ours = {**emission.ours, **{name: derivatives[name] for name in globals_read(function) & derivatives.keys()}}
    kept = kept_by(home, "__backprose_lifted__")
    key = emission.text, tuple(sorted(ours.items(), key=lambda item: item[0]))
    if key not in kept:
        text = SimpleNamespace(text=emission.text, entries=(function.name,), ours=ours, homes={function.name: home})
        kept[key] = load(text)[function.name]
    found: FunctionType = kept[key]
    return found


def tidy(function: Function) -> Function:
    """The program as a person would write it: temporaries folded back."""
    parameters = tuple(replace(one, type=UNKNOWN) for one in function.parameters)
    plain = replace(function, parameters=parameters, outside=tuple(one.name for one in parameters))
    names = NameSupply({*all_names(plain.body), *(one.name for one in plain.parameters), *globals_read(plain)})
    return simplify(plain, lambda one: infer(one, {}).function, wishes(plain.body), names, {})
