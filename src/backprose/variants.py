"""The derivatives of one function, a text for each signature, made when it is first asked for."""

from __future__ import annotations

import gc
import inspect
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING, Any

from backprose.arguments import (
    are_apart,
    bind,
    keys_of,
    part_at,
    refuse_defaults,
    refuse_met,
    refuse_operators,
    refuse_overlap,
    refuse_shared,
    refuse_unfit,
)
from backprose.disk import Place
from backprose.errors import BackproseError, UnsupportedError
from backprose.hidden import has_closed_parts, refuse_hidden
from backprose.ir.nodes import Program
from backprose.ir.types import PYTHON_FLOAT
from backprose.ir.values import key_of, texts_in, type_of_value, with_texts
from backprose.ir.walk import reads
from backprose.load import Guard, load
from backprose.load.guards import UNREADABLE, reader, resolve
from backprose.parse import parse
from backprose.request import Derived, Mode, Request
from backprose.signatures import Signature, of_annotations, spell

if TYPE_CHECKING:
    from backprose.fronts import Fronts

_transforming = threading.RLock()  # one at a time in a process: the garbage collector is paused meanwhile


@dataclass(frozen=True, eq=False)
class Variant:
    """A derivative for one signature, with what it took for granted."""

    signature: Signature
    request: Request
    derived: Derived
    entries: tuple[FunctionType, ...]
    guards: tuple[Guard, ...]
    inner: Variant | None = None  # the derivative that it is one of

    @cached_property
    def tests(self) -> tuple[Callable[[], bool], ...]:
        """What is asked at every call."""
        return tuple(guard.test for guard in self.guards)

    @property
    def source(self) -> str:
        """The emitted text."""
        return self.derived.text

    @property
    def function(self) -> Callable[..., Any]:
        """The emitted function; of a pair the forward one."""
        return self.entries[0]

    def levels(self) -> Iterator[Variant]:
        """It, and the derivatives that it is one of: the text of each copies what its function writes into."""
        level: Variant | None = self
        while level is not None:
            yield level
            level = level.inner

    @cached_property
    def sharing(self) -> tuple[Variant, ...]:
        """Those of its levels for which it matters what arguments share."""
        found = ((level, level.derived) for level in self.levels())
        return tuple(level for level, derived in found if derived.writes or derived.changed or derived.stores)

    @cached_property
    def world(self) -> tuple[tuple[str, Callable[[], Any]], ...]:
        """The objects outside that it reads or looks into, by their names: how to find out what they are now."""
        guarded = [(guard.home, guard.path) for guard in self.guards if guard.by == "type"]
        return tuple((path, reader(home, path)) for home, path in (*guarded, *self.derived.met))

    def takes_apart(self, args: Sequence[Any]) -> bool:
        """Whether it is plain that none of these arguments shares memory with another or with what is outside."""
        derived = self.derived
        if derived.parts or derived.changed or derived.stores:
            return False
        return are_apart([*args, *[read() for _, read in self.world]])

    def writes(self) -> tuple[str, ...]:
        """The parameters that the primal, or a derivative between, writes into."""
        return tuple(dict.fromkeys(name for level in self.levels() for name in level.derived.writes))

    def holds(self) -> bool:
        """Whether the functions, globals and cells are still what the text was made for."""
        try:
            for test in self.tests:
                if not test():
                    return False
        except UNREADABLE:
            return False
        return True

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}: {spell(known)}" for name, known in self.signature.items())
        return f"<{self.function.__name__} for {arguments or 'any arguments'}>"


class Variants:
    """All variants of one transform of one function.

    ``inner`` is the function, or the variants of a derivative that is to be differentiated again; ``fronts`` is what
    its other transforms have left.
    """

    def __init__(
        self,
        inner: FunctionType | Variants,
        mode: Mode,
        wrt: tuple[str, ...],
        *,
        single: bool = True,
        value: bool = False,
        name: str | None = None,
        outputs: tuple[str, ...] = (),
        called: str | None = None,
        seeded: bool = True,
        transform: str | None = None,
        between: tuple[str, str] | None = None,
        level: bool = False,
        cache: bool = True,
        fronts: Fronts | None = None,
    ) -> None:
        self.inner, self.mode, self.wrt, self.single, self.value, self.name = inner, mode, wrt, single, value, name
        self.outputs, self.called, self.seeded, self.transform = outputs, called, seeded, transform
        self.between, self.level, self.cache, self.fronts = between, level, cache, fronts
        self.every_wrt: tuple[str, ...] = wrt  # those of the derivatives inside, too
        if isinstance(inner, Variants):
            self.every_wrt = tuple(dict.fromkeys((*wrt, *inner.every_wrt)))
        self.primal: FunctionType = inner if isinstance(inner, FunctionType) else inner.primal
        self.parameters = signature_of(self.primal)
        every = self.parameters.parameters.values()
        by_place = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
        self._positional = [parameter.name for parameter in every if parameter.kind in by_place]
        self._with_default = {parameter.name for parameter in every if parameter.default is not parameter.empty}
        self._by_texts = False  # whether there is a text for each text among the arguments: they are keys of dicts
        self._by_key: dict[Hashable, Variant] = {}
        self._closed: dict[Hashable, Signature] = {}  # signatures with parts of which only the class is known
        self._by_signature: dict[Hashable, Variant] = {}
        self._being_made: set[Hashable] = set()

    def __iter__(self) -> Iterator[Variant]:
        yield from list(self._by_signature.values())

    def find(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Variant:
        """The variant for these arguments."""
        try:
            key: Hashable = tuple([key_of(value) for value in args])
        except RecursionError:
            key = keys_of(args, self.primal.__name__)  # which says what is wrong
        if kwargs:
            key = (key, keys_of(kwargs, self.primal.__name__))
        if self._by_texts:
            key = (key, tuple(map(texts_in, args)), tuple(map(texts_in, kwargs.values())))
        variant = self._by_key.get(key)
        if variant is None or not variant.holds():
            arguments = bind(self.parameters, args, kwargs, self.primal.__name__)
            refuse_unfit(arguments, self.wrt, self.primal.__name__)
            types = {name: type_of_value(value, name) for name, value in arguments.items()}
            if any(has_closed_parts(types[name]) for name in self.every_wrt):
                self._closed[key] = types
                refuse_hidden(arguments, types, self.every_wrt, self.primal.__name__)
            if self._by_texts:
                types = {name: with_texts(known, arguments[name]) for name, known in types.items()}
            try:
                variant = self.of(types)
            except BackproseError as error:
                if self._by_texts or not error.by_texts:
                    raise
                self._by_texts = True
                return self.find(args, kwargs)
            self._by_key[key] = variant
        elif key in self._closed:  # what such parts hold may be another thing now
            arguments = bind(self.parameters, args, kwargs, self.primal.__name__)
            refuse_hidden(arguments, self._closed[key], self.every_wrt, self.primal.__name__)
        for level in variant.sharing:
            self._refuse_aliases(level, args, kwargs)
        return variant

    def of(self, signature: Signature) -> Variant:
        """The variant for arguments of these types; a parameter that is left out may be anything."""
        key = tuple(signature.items())
        with _transforming:
            variant = self._by_signature.get(key)
            if variant is None or not variant.holds():
                if key in self._being_made:
                    parsed = parse(self.primal)
                    raise UnsupportedError(
                        f"{self.primal.__name__} calls its own derivative",
                        why="that derivative would need its own in turn",
                        instead="differentiate a function that does not call it",
                        where=parsed.locate(parsed.tree),
                        section="recursion",
                    )
                self._being_made.add(key)
                try:
                    variant = self._by_signature[key] = self._make(signature)
                finally:
                    self._being_made.discard(key)
            return variant

    def of_annotations(self) -> Variant:
        """The variant for what the primal's annotations promise."""
        return self.of(of_annotations(self.primal))

    def request(self, signature: Signature) -> Request:
        """What the compiler is asked for that signature."""
        if isinstance(self.inner, FunctionType):
            function, known = self.inner, signature
        else:
            function, known = self._emitted(signature)
        return Request(
            function, self.mode, self.wrt, self.single, self.value, known, self.name, self.outputs, self.called,
            self.seeded, self.transform, self.primal, self.between, self.level,
        )  # fmt: skip

    def _emitted(self, signature: Signature) -> tuple[FunctionType, Signature]:
        """The emitted function that is to be differentiated again, and what is known of its arguments."""
        assert isinstance(self.inner, Variants)
        function = self.inner.of(signature).entries[0]
        # the cotangent of an inner gradient cannot be passed through the outer one: it stays a float
        ours = {
            name: PYTHON_FLOAT for name in signature_of(function).parameters if name not in self.parameters.parameters
        }
        return function, {**signature, **ours}

    def _make(self, signature: Signature) -> Variant:
        request = self.request(signature)
        guards = [Guard.identity(request.function, "")]
        inner = self.inner.of(signature) if isinstance(self.inner, Variants) else None
        if inner is not None:
            guards += inner.guards
        place = Place.of(request) if self.cache else None
        found = None if place is None else place.read(lambda: self._program(request))
        if found is not None:
            derived, entries = found
        else:
            try:
                with collector_paused():
                    derived = derive(request, fronts=self.fronts)
                    entries = load(derived)
            except BackproseError as error:
                raise error.with_traceback(None)  # noqa: B904 - the way through the compiler tells users nothing
            if place is not None:
                place.write(derived, entries)
        guards += derived.guards
        for guard in derived.guards:
            if guard.by == "type":
                refuse_operators(resolve(guard.home, guard.path), guard.path, guard.path)
        once = {(id(guard.home), guard.path, guard.by, id(guard.expected)): guard for guard in reversed(guards)}
        guards = [*reversed(once.values())]
        functions = tuple(entries[name] for name in derived.entries)
        return Variant(signature, request, derived, functions, tuple(guards), inner)

    def _program(self, request: Request) -> Program:
        """That of a text that was on the disk."""
        with _transforming, collector_paused():
            return derive(request, fronts=self.fronts).program

    def _refuse_aliases(self, variant: Variant, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Refuse arguments that share what is changed with each other or with what is outside."""
        if not kwargs and len(args) == len(self.parameters.parameters) and variant.takes_apart(args):
            return
        derived = variant.derived
        given = bind(self.parameters, args, kwargs, self.primal.__name__)
        passed = {*self._positional[: len(args)], *kwargs}
        used = [name for name in derived.alters if name in self._with_default and name not in passed]
        refuse_defaults({name: given[name] for name in used}, self.primal.__name__)
        if derived.writes:
            self._refuse_overlap(variant, given)
        if derived.changed or derived.stores:
            changed = [resolve(*name) for name in derived.changed]
            refuse_shared(given, changed, derived.stores, self.primal.__name__)
            if derived.stores:
                refuse_met(given, [resolve(*name) for name in derived.met], self.primal.__name__)

    def _refuse_overlap(self, variant: Variant, arguments: Mapping[str, Any]) -> None:
        found = {name: part for name, part in variant.derived.parts.items() if reads(part[1]) <= arguments.keys()}
        shown = {name: text for name, (text, _) in found.items()}
        parts = {text: part_at(path, arguments) for text, path in found.values()}
        whole = {name for _, path in found.values() for name in reads(path)}
        arguments = {**{name: value for name, value in arguments.items() if name not in whole}, **parts}
        written = [shown.get(name, name) for name in variant.derived.writes if shown.get(name, name) in arguments]
        world = [(path, read()) for path, read in variant.world]
        refuse_overlap(written, arguments, world, self.primal.__name__)


def derive(request: Request, fronts: Fronts | None) -> Derived:
    """By the compiler, which is imported when it is first needed: not where texts come from the disk."""
    from backprose import pipeline

    return pipeline.derive(request, fronts=fronts)


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The function's own signature, not that of a function that it wraps."""
    return inspect.Signature.from_callable(function, follow_wrapped=False)


def emitted_name(primal: FunctionType, suffix: str, wrt: tuple[str, ...]) -> str:
    """As the pipeline names what it emits: ``loss_hvp``, ``loss_hvp_W`` where ``W`` is not the first parameter."""
    first = next(iter(signature_of(primal).parameters), "")
    name = primal.__name__ if primal.__name__.isidentifier() else "anonymous"
    return f"{name}{suffix}" if wrt == (first,) else f"{name}{suffix}_{'_'.join(wrt)}"


@contextmanager
def collector_paused() -> Iterator[None]:
    """Trees are many small objects: the cyclic collector would go through all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Kept(dict[Hashable, Variants]):
    """The variants of one function. Copies and pickles are empty: they would be those of another function."""

    def __init__(self, owner: FunctionType | Variants | None = None) -> None:
        super().__init__()
        self.owner = owner
        self.fronts: Fronts = {}  # what transforms of a function have in common

    def __reduce__(self) -> tuple[type[Kept], tuple[()]]:
        return Kept, ()


def shared_variants(inner: FunctionType | Variants, mode: Mode, wrt: tuple[str, ...], **options: Any) -> Variants:
    """The one ``Variants`` for this function and transform: ``bp.grad(f)(x)`` in a loop transforms once.

    It is kept in an attribute of the function, so that it lives as long: a table of ours would keep closures, and the
    arrays in their cells, alive for ever.
    """
    kept = vars(inner).get("__backprose_variants__")
    if kept is None or kept.owner is not inner:  # functools.wraps copies the attributes of what it wraps
        kept = vars(inner)["__backprose_variants__"] = Kept(inner)
    key = (mode, wrt, tuple(sorted(options.items())))
    if key not in kept:
        kept.setdefault(key, Variants(inner, mode, wrt, fronts=kept.fronts, **options))
    found: Variants = kept[key]
    return found
