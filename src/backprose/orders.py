"""What ``hvp``, ``jacobian`` and ``hessian`` give: derivatives that are called like their function."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Hashable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar

import numpy as np

from backprose.arguments import Wrt, bind, conform, keys_of
from backprose.derivative import Derivative, variants_of
from backprose.errors import ArgumentError, BackproseError
from backprose.ir.types import UNKNOWN
from backprose.request import Mode, Request
from backprose.signatures import Signature, of_annotations
from backprose.structures import leaves_beside
from backprose.variants import Variant, Variants, emitted_name, shared_variants, signature_of

P = ParamSpec("P")
R = TypeVar("R")

ROWS_AND_COLUMNS: tuple[Mode, Mode] = ("rows", "columns")
Direction: TypeAlias = Literal["auto", "forward", "reverse"]


# ---------------------------------------------------------------- tangents as callers pass them
def tangents_for(variant: Variant, moved: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The tangents by the names that they have in the text; ``moved``: those passed, and the arguments beside them."""
    seeds: list[Any] = []
    for name, (tangent, given) in moved.items():
        known, what = variant.derived.types.get(name, UNKNOWN), f"the tangent of {name}"
        if known.is_structure or known.item is not None:
            seeds += [conform(one, leaf, where) for one, leaf, where in leaves_beside(tangent, given, known, what)]
        else:
            seeds.append(conform(tangent, given, what))
    return dict(zip(tangent_names(variant), seeds, strict=True))


def moved_along(
    variant: Variant, args: Sequence[Any], kwargs: Mapping[str, Any], moved: Mapping[str, tuple[Any, Any]]
) -> Any:
    """What a tangent function gives. Where a slope is infinite Python's numbers raise, and NumPy's are taken."""
    seeds = tangents_for(variant, moved)
    try:
        return variant.function(*args, **kwargs, **seeds)
    except ZeroDivisionError:
        if not variant.derived.repeatable or not any(type(seed) is float for seed in seeds.values()):
            raise
        of_numpy = {name: np.float64(seed) if type(seed) is float else seed for name, seed in seeds.items()}
        return variant.function(*args, **kwargs, **of_numpy)


def tangent_names(variant: Variant) -> list[str]:
    """The parameters of an emitted tangent function that are not the primal's."""
    own = signature_of(variant.request.function).parameters
    return [name for name in signature_of(variant.function).parameters if name not in own]


# ---------------------------------------------------------------- hvp
class HessianVector(Derivative[P, R]):
    """The product of a Hessian with a direction: called with the arguments, and the direction after them."""

    __backprose_directed__ = True  # it takes a direction, which is no parameter of the primal

    def __init__(self, primal: Any, wrt: Wrt = 0, *, cache: bool = True) -> None:
        super().__init__(primal, wrt, cache=cache)
        parameters = list(self.__signature__.parameters.values())
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        if all(one.kind in kinds and one.default is one.empty for one in parameters):
            given = [one.replace(kind=one.POSITIONAL_ONLY) for one in parameters]
            direction = inspect.Parameter("v" if "v" not in self.__signature__.parameters else "v_", kinds[0])
            self.__signature__ = inspect.Signature([*given, direction])
        else:
            rest = inspect.Parameter("args_and_v", inspect.Parameter.VAR_POSITIONAL)
            self.__signature__ = inspect.Signature([rest, inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)])

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        self._names, self._single = names, single
        return hvp_variants(inner, names, single, cache=self._cache)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not args:
            raise ArgumentError(
                f"the direction is missing: {self.__name__} was called without arguments by position",
                instead=f"call hvp({self.__name__})(*args, v), with the direction v behind the arguments",
            )
        *given, direction = args
        self._last = variant = self._variants.find(given, kwargs)
        arguments = bind(self._variants.parameters, given, kwargs, self.__name__)
        directions = (direction,) if self._single else direction
        if not isinstance(directions, tuple | list) or len(directions) != len(self._names):
            raise ArgumentError(
                f"the direction of {', '.join(self._names)} has to be a tuple of {len(self._names)} items",
                instead="pass one direction for each argument of wrt",
            )
        moved = {name: (one, arguments[name]) for name, one in zip(self._names, directions, strict=True)}
        return moved_along(variant, given, kwargs, moved)

    def _transform(self) -> str:
        return "hvp"

    def _options(self) -> dict[str, Any]:
        return {"wrt": self._wrt}


# ---------------------------------------------------------------- element by element
class ElementwiseGradient(Derivative[P, R]):
    """The derivative of each element of the result with respect to the same element of the argument."""

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        if not single:
            raise ArgumentError(
                f"elementwise_grad is with respect to one argument, not to {', '.join(names)}",
                instead="make one for each",
            )
        return shared_variants(inner, "elementwise", names, single=False, cache=self._cache)

    def _transform(self) -> str:
        return "elementwise_grad"

    def _options(self) -> dict[str, Any]:
        return {"wrt": self._wrt}


# ---------------------------------------------------------------- between variables
class Between(Derivative[P, R]):
    """The derivative of one variable of a function with respect to another one."""

    def __init__(self, primal: Any, of: str, wrt: str, *, cache: bool = True) -> None:
        self._of = of
        super().__init__(primal, 0, cache=cache)
        self._wrt = wrt
        inner = variants_of(primal)
        options: dict[str, Any] = {"single": True, "between": (of, wrt), "seeded": False, "cache": cache}
        self._variants = shared_variants(inner, "reverse", (), **options)

    def _transform(self) -> str:
        return "gradients"

    def __repr__(self) -> str:
        return f"backprose.gradients({self._shown()}, of={self._of!r}, wrt={self._wrt!r})"

    def _options(self) -> dict[str, Any]:
        return {"of": self._of, "wrt": self._wrt}


# ---------------------------------------------------------------- Jacobians
class Directed(Variants):
    """The texts of a Jacobian: by rows or by columns, as it is best for arguments of such types."""

    def __init__(self, rows: Variants, columns: Variants, direction: Direction) -> None:
        super().__init__(rows.inner, rows.mode, rows.wrt, single=rows.single)
        self.rows, self.columns, self.direction = rows, columns, direction
        self._chosen: dict[Hashable, Variants] = {}

    def __iter__(self) -> Iterator[Variant]:
        yield from self.rows
        yield from self.columns

    def find(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Variant:
        arguments = self._bound(args, kwargs)
        if any(isinstance(arguments[name], np.ndarray) and arguments[name].size == 0 for name in self.wrt):
            return self.rows.find(args, kwargs)  # there is no column to tell the shape of the result
        if self.direction != "auto":
            return self._forced().find(args, kwargs)
        key = keys_of(arguments, self.primal.__name__)
        if key not in self._chosen:
            self._chosen[key] = self._cheaper(args, kwargs, arguments)
        return self._chosen[key].find(args, kwargs)

    def _bound(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Mapping[str, Any]:
        """The arguments by parameter; at once where each of them is given by its position."""
        if not kwargs and len(args) == len(self._positional) == len(self.parameters.parameters):
            return dict(zip(self._positional, args, strict=True))
        return bind(self.parameters, args, kwargs, self.primal.__name__)

    def _cheaper(self, args: Sequence[Any], kwargs: Mapping[str, Any], arguments: Mapping[str, Any]) -> Variants:
        """What needs fewer calls; of a function that has to run once, the rows."""
        columns = found_in(self.columns, args, kwargs)
        if columns is None or not columns.derived.repeatable:
            return self.rows
        if found_in(self.rows, args, kwargs) is None:
            return self.columns
        own = copy.deepcopy((args, kwargs)) if columns.derived.writes else (args, kwargs)
        value = columns.request.function(*own[0], **own[1])
        results = value if isinstance(value, tuple) else (value,)
        inputs = sum(np.size(arguments[name]) for name in self.wrt)
        return self.columns if inputs <= sum(map(np.size, results)) else self.rows

    def of(self, signature: Signature) -> Variant:
        """By columns, unless the function has to run once."""
        return self._of(signature).of(signature)

    def of_annotations(self) -> Variant:
        return self.of(of_annotations(self.primal))

    def request(self, signature: Signature) -> Request:
        return self._of(signature).request(signature)

    def _of(self, signature: Signature) -> Variants:
        if self.direction != "auto":
            return self._forced()
        try:
            repeatable = self.columns.of(signature).derived.repeatable
        except BackproseError:
            return self.rows
        return self.columns if repeatable else self.rows

    def _forced(self) -> Variants:
        return self.rows if self.direction == "reverse" else self.columns


def found_in(variants: Variants, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Variant | None:
    """None where the transform is refused."""
    try:
        return variants.find(args, kwargs)
    except BackproseError:
        return None


class Jacobian(Derivative[P, R]):
    """The Jacobian of ``primal``: called like it."""

    def __init__(self, primal: Any, wrt: Wrt = 0, *, direction: Direction = "auto", cache: bool = True) -> None:
        if direction not in ("auto", "forward", "reverse"):
            raise ArgumentError(f"direction={direction!r}", instead='write "auto", "forward" or "reverse"')
        self._direction: Direction = direction
        super().__init__(primal, wrt, cache=cache)

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        return jacobian_variants(inner, names, single, self._direction, cache=self._cache)

    @property
    def direction(self) -> Direction:
        """As it was asked for."""
        return self._direction

    def _transform(self) -> str:
        return "jacobian"

    def _options(self) -> dict[str, Any]:
        return {"wrt": self._wrt, "direction": self._direction}


class Hessian(Jacobian[P, R]):
    """The Hessian of ``primal``: the Jacobian of its gradient."""

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        return hessian_variants(inner, names, single, self._direction, cache=self._cache)

    def _transform(self) -> str:
        return "hessian"


# ---------------------------------------------------------------- the texts, of a function or of a derivative
def hvp_variants(
    inner: FunctionType | Variants,
    wrt: tuple[str, ...],
    single: bool,
    name: str | None = None,
    *,
    cache: bool = True,
) -> Variants:
    """The tangent of the gradient."""
    gradient = shared_variants(inner, "reverse", wrt, single=single, seeded=False, cache=cache)
    name = name or emitted_name(gradient.primal, "_hvp", wrt)
    return shared_variants(gradient, "tangent", wrt, single=False, name=name, transform="hvp", cache=cache)


def jacobian_variants(
    inner: FunctionType | Variants,
    wrt: tuple[str, ...],
    single: bool,
    direction: Direction = "auto",
    name: str | None = None,
    *,
    cache: bool = True,
) -> Directed:
    """By rows and by columns."""
    options: dict[str, Any] = {"single": single, "name": name, "transform": "jacobian", "cache": cache}
    rows, columns = (shared_variants(inner, mode, wrt, **options) for mode in ROWS_AND_COLUMNS)
    return Directed(rows, columns, direction)


def hessian_variants(
    inner: FunctionType | Variants,
    wrt: tuple[str, ...],
    single: bool,
    direction: Direction = "auto",
    name: str | None = None,
    *,
    cache: bool = True,
) -> Directed:
    """The Jacobian of the gradient, whose columns are products with directions."""
    gradient = shared_variants(inner, "reverse", wrt, single=single, seeded=False, cache=cache)
    name = name or emitted_name(gradient.primal, "_hessian", wrt)
    options: dict[str, Any] = {"single": single, "name": name, "transform": "hessian", "cache": cache}
    rows = shared_variants(gradient, "rows", wrt, **options)
    columns = shared_variants(gradient, "columns", wrt, **options, called=emitted_name(gradient.primal, "_hvp", wrt))
    return Directed(rows, columns, direction)
