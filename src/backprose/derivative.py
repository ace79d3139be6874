"""``Derivative``: what ``grad`` and ``value_and_grad`` give, a function that shows the text it runs."""

from __future__ import annotations

import html
import inspect
import os
import sys
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import Any, ClassVar, Generic, NoReturn, ParamSpec, TypeVar, cast

from backprose.arguments import Outputs, Wrt, read_outputs, read_wrt
from backprose.errors import BackproseError, UnsupportedError
from backprose.parse.refuse import plain_function
from backprose.signatures import as_spelled
from backprose.variants import Variant, Variants, shared_variants, signature_of

P = ParamSpec("P")
R = TypeVar("R")


class Derivative(Generic[P, R]):
    """The derivative of ``primal``: called like it, it picks the text that was written for arguments of such types.

    The text for a signature is written when it is first needed. ``inspect.getsource``, tracebacks and ``pdb`` show it.
    """

    __backprose_derivative__: ClassVar[Any] = True  # how the earlier stages know one, without importing this module
    __signature__: inspect.Signature
    __qualname__: str

    def __init__(
        self,
        primal: Callable[P, Any],
        wrt: Wrt = 0,
        *,
        value: bool = False,
        outputs: Outputs = None,
        cache: bool = True,
    ) -> None:
        inner = variants_of(primal)
        bottom = inner if isinstance(inner, FunctionType) else inner.primal
        self.__name__, self.__qualname__, self.__module__ = bottom.__name__, bottom.__qualname__, bottom.__module__
        self.__doc__ = bottom.__doc__
        self.__signature__ = signature_of(bottom)
        self._primal, self._wrt, self._value, self._outputs = primal, wrt, value, outputs
        self._cache = cache
        names, single = read_wrt(wrt, self.__signature__, self.__name__)
        self._variants = self._derived(inner, names, single)
        self._last: Variant | None = None

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        """The texts that this object runs."""
        results = read_outputs(self._outputs, self.__signature__, self.__name__)
        options = {"value": self._value, "outputs": results, "cache": self._cache}
        return shared_variants(inner, "reverse", names, single=single, **options)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        self._last = variant = self._variants.find(args, kwargs)
        return cast(R, variant.function(*args, **kwargs))

    @property
    def primal(self) -> Callable[P, Any]:
        """The function that this is the derivative of."""
        return self._primal

    @property
    def wrt(self) -> Wrt:
        """The parameters, as they were asked for."""
        return self._wrt

    @property
    def value(self) -> bool:
        """Whether the value is returned beside the gradient."""
        return self._value

    @property
    def outputs(self) -> Outputs:
        """The parameters of a procedure that are its results, as they were asked for."""
        return self._outputs

    @property
    def source(self) -> str:
        """The text for the signature of the last call; before the first, for what the annotations promise."""
        return self._present().source

    def source_for(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """The text for these arguments."""
        return self._variants.find(args, kwargs).source

    def specialise(self, *args: P.args, **kwargs: P.kwargs) -> FunctionType:
        """The bare emitted function for arguments of these types: no look-up, no guards, no checks."""
        return self._variants.find(args, kwargs).entries[0]

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All variants made so far: each has a ``signature``, a ``source`` and a ``function``."""
        return tuple(self._variants)

    @property
    def __wrapped__(self) -> FunctionType:
        try:
            return self._present().entries[0]
        except BackproseError as error:  # tools that look for the attribute expect no other error
            raise AttributeError(str(error)) from error

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the text, with all it needs to run without backprose, to a file."""
        from backprose.dump import module_text, write_file

        write_file(path, module_text(self._variants.of(as_spelled(self._present().signature))))

    def _present(self) -> Variant:
        last = self._last
        return last if last is not None and last.holds() else self._variants.of_annotations()

    # ------------------------------------------------------------ as other functions are
    def __repr__(self) -> str:
        outputs = "" if self._outputs is None else f", outputs={self._outputs!r}"
        return f"backprose.{self._transform()}({self._shown()}, wrt={self._wrt!r}{outputs})"

    def _transform(self) -> str:
        return "value_and_grad" if self._value else "grad"

    def _shown(self) -> str:
        return repr(self._primal) if isinstance(self._primal, Derivative) else f"{self.__module__}.{self.__qualname__}"

    def _repr_html_(self) -> str:
        """Primal and derivative side by side, in notebooks."""
        variant = self._present()
        texts = textwrap.dedent(inspect.getsource(variant.request.function)), variant.source
        cells = [
            f'<td style="vertical-align: top; text-align: left"><pre>{html.escape(text)}</pre></td>' for text in texts
        ]
        return f"<table><tr>{''.join(cells)}</tr></table>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        if self._is_global():
            return self.__qualname__
        options = self._options() if self._cache else {**self._options(), "cache": False}
        return rebuild, (type(self), self._primal, options)

    def _options(self) -> dict[str, Any]:
        """What this object was made with, besides the function and ``cache``, which shapes no text."""
        return {"wrt": self._wrt, "value": self._value, "outputs": self._outputs}

    def _is_global(self) -> bool:
        """Whether its module has it under its name, as after ``@grad``."""
        found: Any = sys.modules.get(self.__module__)
        for name in self.__qualname__.split("."):
            found = getattr(found, name, None)
        return found is self

    def __get__(self, instance: object, owner: type | None = None) -> Derivative[P, R]:
        return self if instance is None else self._refuse_method(type(instance))

    def _refuse_method(self, owner: type) -> NoReturn:
        raise UnsupportedError(
            f"{owner.__name__}.{self.__name__} is the derivative of a method, and methods are not supported yet",
            why="the object is an argument that nobody passes",
            instead="write the method's arithmetic as a function of numbers and arrays, and differentiate that",
            section="functions",
        )


def variants_of(primal: Callable[..., Any]) -> FunctionType | Variants:
    """What a transform works on: a plain function, or the variants of a derivative."""
    if getattr(primal, "__backprose_directed__", False):
        raise UnsupportedError(
            f"{primal!r} cannot be differentiated itself",
            why="its direction is an argument, too",
            instead="write backprose.hvp of the derivative: hvp(grad(g)), where g returns a number",
            section="derivatives-inside",
        )
    return primal._variants if isinstance(primal, Derivative) else plain_function(primal)


def rebuild(kind: type[Derivative[P, Any]], primal: Callable[P, Any], options: dict[str, Any]) -> Derivative[P, Any]:
    """What a pickle of a derivative calls."""
    return kind(primal, **options)
