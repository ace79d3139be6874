"""Sparse Jacobians and Hessians: the pattern found by marks, the columns coloured, a tangent for each colour."""

from __future__ import annotations

import copy
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Literal, NoReturn, ParamSpec, TypeAlias, TypeVar

import numpy as np

from backprose.arguments import bind
from backprose.errors import ArgumentError, BackproseError, UnsupportedError
from backprose.ir.values import key_of
from backprose.orders import Directed, Direction, Jacobian, found_in
from backprose.signatures import Signature, of_annotations
from backprose.sparse.colouring import Flags, Integers, coloured
from backprose.sparse.pinned import NotPinnedError, pinned
from backprose.sparse.search import Search
from backprose.sparse.stars import places_of, starred
from backprose.sparse.study import Study, is_symmetric
from backprose.variants import Variant, Variants, emitted_name, shared_variants

P = ParamSpec("P")
R = TypeVar("R")
Array: TypeAlias = "np.ndarray[Any, Any]"
Side: TypeAlias = Literal["columns", "rows"]

LIMITS: tuple[int | None, ...] = (32, 256, 2048, None)  # colours of a level, before the other side is tried
FEW = 8  # colours that are not worth a look at the other side
DEARER = 3  # times that a cotangent may cost what a tangent does
FEWEST_STARS = 2  # colours above the first, below which those of a symmetric matrix cannot be fewer
MOST_KEPT = 16  # plans
MOST_SEEDS = 1_000_000  # elements of seeds that a plan holds


# ---------------------------------------------------------------- arguments and results as one vector
@dataclass(frozen=True)
class Form:
    """Numbers and arrays side by side, as one vector."""

    parts: tuple[Any, ...]  # arrays like them, and the numbers
    single: bool

    @classmethod
    def of(cls, values: Sequence[Any], *, single: bool) -> Form:
        return cls(tuple([np.empty_like(one) if isinstance(one, np.ndarray) else one for one in values]), single)

    @property
    def sizes(self) -> list[int]:
        return [int(np.size(part)) for part in self.parts]

    @property
    def size(self) -> int:
        return sum(self.sizes)

    @property
    def starts(self) -> list[int]:
        return [0, *np.cumsum(self.sizes).tolist()]

    def seed(self, values: Array) -> Any:
        """The values as tangents or cotangents."""
        starts = self.starts
        seeds: list[Any] = []
        for start, end, part in zip(starts, starts[1:], self.parts, strict=False):
            if isinstance(part, np.ndarray):
                one = np.empty_like(part, dtype=_floats(part.dtype))  # in the same order in memory
                one[...] = values[start:end].reshape(part.shape)
                one.flags.writeable = False
                seeds.append(one)
            else:
                number = values[start]
                seeds.append(type(part)(number) if isinstance(part, float | np.floating) else float(number))
        return seeds[0] if self.single else tuple(seeds)

    def vector(self, made: Any) -> Array:
        """What a tangent or backward function gave."""
        if self.single:
            return self._ravelled(made, self.parts[0])
        return np.concatenate([self._ravelled(one, part) for one, part in zip(made, self.parts, strict=True)])

    @staticmethod
    def _ravelled(made: Any, part: Any) -> Array:
        shape = np.shape(part)
        return np.ravel(made if np.shape(made) == shape else np.broadcast_to(made, shape))


def _floats(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype.kind == "f" else np.dtype(float)


# ---------------------------------------------------------------- plans
@dataclass(frozen=True, eq=False)
class Plan:
    """How the Jacobian is computed in calls like one before: the seeds, and where its elements are in what they give.

    ``blocks``: for each result one for each argument, a matrix with the pattern and the places of its values.
    """

    study: Study
    side: Side
    given: Form
    colours: Integers
    seeds: tuple[Any, ...] | None
    made: Form
    blocks: tuple[tuple[tuple[Any, Integers], ...], ...]

    @property
    def variant(self) -> Variant:
        return self.study.variant

    def every_seed(self) -> Iterator[Any]:
        if self.seeds is not None:
            yield from self.seeds
        else:
            yield from seeds_of(self.given, self.colours)

    def matrices(self, columns: Sequence[Any]) -> list[list[Any]]:
        """The blocks, with the values in what was computed for each seed."""
        values = np.concatenate([self.made.vector(column) for column in columns]) if columns else np.zeros(0)
        return [[with_values(pattern, values[places]) for pattern, places in row] for row in self.blocks]


def seeds_of(given: Form, colours: Integers) -> Iterator[Any]:
    """For each colour 1 at what has it, and 0 elsewhere."""
    for colour in range(int(colours.max(initial=-1)) + 1):
        yield given.seed(colours == colour)


def with_values(pattern: Any, values: Array) -> Any:
    """A matrix of its own with this pattern: made by hand, because SciPy's checks cost more than the values."""
    made = object.__new__(type(pattern))
    made.__dict__.update(pattern.__dict__)
    made.indices, made.indptr = pattern.indices.copy(), pattern.indptr.copy()
    made.data = values.astype(pattern.dtype, copy=False)
    return made


def csr_array() -> Any:
    """SciPy's class; it is an extra, and imported when it is needed."""
    try:
        from scipy.sparse import csr_array as found
    except ImportError as error:
        raise UnsupportedError(
            "sparse=True needs SciPy, which is not installed",
            why="the result is a scipy.sparse.csr_array",
            instead="pip install 'backprose[sparse]', or leave sparse=True out",
            section="sparse",
        ) from error
    return found


# ---------------------------------------------------------------- the texts, and the plans for them
class Sparse(Directed):
    """The texts of a sparse Jacobian, by columns and by rows, and the plans made with them.

    ``hessian``: it is that of a gradient, with respect to the same arguments.
    """

    def __init__(self, rows: Variants, columns: Variants, direction: Direction, *, hessian: bool) -> None:
        super().__init__(rows, columns, direction)
        self.hessian = hessian
        self._refused: set[Hashable] = set()  # types of arguments for which there are no columns
        self._studies: dict[Variant, Study] = {}
        self._plans: dict[Hashable, tuple[Plan, Hashable]] = {}

    def find(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Variant:
        return self.plan(args, kwargs).variant

    def of(self, signature: Signature) -> Variant:  # noqa: ARG002 - of none
        raise UnsupportedError(
            f"the sparse Jacobian of {self.primal.__name__} cannot be differentiated, be part of what is, or be saved",
            why="its pattern is found when it is called",
            instead="leave sparse=True out there",
            section="sparse",
        )

    def of_annotations(self) -> Variant:
        return self._of(signature := of_annotations(self.primal)).of(signature)

    def calls(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Plan, list[list[Any]]]:
        plan = self.plan(args, kwargs)
        return plan, plan.matrices(plan.study.run(args, kwargs, plan.every_seed()))

    def plan(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Plan:
        """The plan for these arguments: one made before, where nothing can have changed it."""
        study = self._first(args, kwargs)
        key = self._key(study, args, kwargs)
        if key is not None and key in self._plans:
            plan, world = self._plans[key]
            if plan.variant is study.variant:  # whose world is part of the key
                return plan
            if self.rows.find(args, kwargs) is plan.variant and plan.study.world() == world:
                return plan
        plan = self._planned(args, kwargs)
        world = plan.study.world()
        lasting = study.marks().varies is None and plan.study.marks().varies is None
        if key is not None and world is not None and lasting:
            while len(self._plans) >= MOST_KEPT:
                self._plans.pop(next(iter(self._plans)), None)
            self._plans[key] = plan, world
        return plan

    def _key(self, study: Study, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Hashable:
        """What decides on the pattern where floats do not; None where that cannot be told."""
        defaults = self.primal.__defaults__, self.primal.__kwdefaults__
        try:
            given = [pinned(value) for value in (*args, *kwargs.values())]
            if defaults != (None, None):
                given.append(pinned(defaults))
        except NotPinnedError:
            return None
        world = study.world()
        return None if world is None else (study.variant, tuple(given), tuple(kwargs), world)

    # ------------------------------------------------------------ which texts
    def _first(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Study:
        """The text by columns, where there is one."""
        if self.direction == "reverse" or (self._refused and self._types(args, kwargs) in self._refused):
            return self._study(self.rows.find(args, kwargs))
        if self.direction == "forward":
            return self._study(self.columns.find(args, kwargs))
        variant = found_in(self.columns, args, kwargs)
        if variant is None:
            variant = self.rows.find(args, kwargs)
            self._refused.add(self._types(args, kwargs))
        return self._study(variant)

    def _studies_of(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Iterator[Study]:
        """The texts that there may be: one or both."""
        first = self._first(args, kwargs)
        yield first
        if self.direction == "auto" and self._side(first.variant) == "columns":
            variant = found_in(self.rows, args, kwargs)
            if variant is not None:
                yield self._study(variant)

    @staticmethod
    def _side(variant: Variant) -> Side:
        return "columns" if variant.request.mode == "seeded columns" else "rows"

    @staticmethod
    def _types(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Hashable:
        return tuple(map(key_of, args)), tuple((name, key_of(value)) for name, value in kwargs.items())

    def _study(self, variant: Variant) -> Study:
        study = self._studies.get(variant)
        if study is None:
            study = self._studies[variant] = Study.of(variant)
        return study

    # ------------------------------------------------------------ making a plan
    def _planned(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Plan:
        csr_array()
        arguments = bind(self.parameters, args, kwargs, self.primal.__name__)
        inputs = Form.of([arguments[name] for name in self.wrt], single=len(self.wrt) == 1)
        found: list[_Side] = []
        refused: BackproseError | None = None
        outputs: Form | None = None
        for study in self._studies_of(args, kwargs):
            try:
                self._check(study)
            except BackproseError as error:
                refused = refused or error
                continue
            outputs = outputs or self._outputs(study.variant, args, kwargs)
            found.append(_Side(self._side(study.variant), study, args, kwargs, inputs, outputs))
        if not found:
            assert refused is not None
            raise refused
        chosen = next(one for most in LIMITS for one in found if one.search.refine(most))
        rows, columns = chosen.places()
        colours = chosen.coloured()
        if self.hessian and colours.max(initial=-1) >= FEWEST_STARS and is_symmetric(chosen.study):
            both = np.concatenate([rows, columns]), np.concatenate([columns, rows])
            pairs = np.unique(both[0] * inputs.size + both[1])
            known = pairs // inputs.size, pairs % inputs.size
            stars = starred(*known, inputs.size)
            if stars.max() < colours.max():
                return chosen.plan(rows, columns, stars, places_of(rows, columns, stars, known))
        if chosen.name == "columns" and len(found) > 1 and colours.max(initial=0) >= FEW:
            assert outputs is not None
            by_rows = coloured(columns, rows, (inputs.size, outputs.size)).max(initial=0) + 1
            if DEARER * by_rows <= colours.max() and found[1].search.refine(None):
                chosen = found[1]
                colours, (rows, columns) = chosen.coloured(), chosen.places()
        return chosen.plan(rows, columns, colours)

    def _check(self, study: Study) -> None:
        if not study.variant.derived.repeatable:
            raise UnsupportedError(
                f"{self.primal.__name__} has no sparse Jacobian: it may print, draw random numbers or change something",
                why="the pattern is found by running it more than once",
                instead="leave sparse=True out, or take these calls out",
                section="sparse",
            )
        lost = study.marks().lost
        if lost is not None:
            study.refuse(lost, self.primal.__name__)

    @staticmethod
    def _outputs(variant: Variant, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Form:
        own_args, own_kwargs = copy.deepcopy((args, kwargs)) if variant.derived.writes else (args, kwargs)
        value = variant.request.function(*own_args, **own_kwargs)
        several = isinstance(value, tuple)
        return Form.of(value if several else (value,), single=not several)


class _Side:
    """The Jacobian by columns, or by rows: its transpose by columns."""

    def __init__(
        self, name: Side, study: Study, args: Sequence[Any], kwargs: Mapping[str, Any], inputs: Form, outputs: Form
    ) -> None:
        self.name, self.study, self.args, self.kwargs = name, study, args, kwargs
        self.inputs, self.outputs = inputs, outputs
        self.given, self.made = (inputs, outputs) if name == "columns" else (outputs, inputs)
        self.search = Search(self._reached, self.made.size, self.given.size)
        self._checked = False

    def _reached(self, marked: Sequence[Flags]) -> list[Flags]:
        """What marks reach; what is NaN in any case is no mark."""
        seeds = [self.given.seed(np.where(flags, np.nan, 0.0)) for flags in marked]
        if not self._checked:
            self._checked = True
            (still,) = self._run([self.given.seed(np.zeros(self.given.size))])
            if np.isnan(still).any():
                self._refuse(int(np.argmax(np.isnan(still))))
        return [np.isnan(one) for one in self._run(seeds)]

    def _run(self, seeds: Sequence[Any]) -> list[Array]:
        return [self.made.vector(one) for one in self.study.run(self.args, self.kwargs, seeds)]

    def _refuse(self, position: int) -> NoReturn:
        what = "result" if self.name == "columns" else "argument"
        raise ArgumentError(
            f"no pattern can be found at these arguments: the derivative of element {position} of the {what} is nan",
            why="marks that show which argument reaches which result are nan, too",
            instead="call it with arguments where the derivative is finite, or leave sparse=True out",
            section="sparse",
        )

    def places(self) -> tuple[Integers, Integers]:
        """Rows and columns of the elements, row by row."""
        rows, columns = self.search.rows, self.search.blocks
        if self.name == "rows":
            rows, columns = columns, rows
        order = np.lexsort((columns, rows))
        return rows[order], columns[order]

    def coloured(self) -> Integers:
        return coloured(self.search.rows, self.search.blocks, (self.made.size, self.given.size))

    def plan(self, rows: Integers, columns: Integers, colours: Integers, places: Integers | None = None) -> Plan:
        """``places``: where the elements are in the products, if not where their own columns are."""
        if places is None:
            lines, across = (rows, columns) if self.name == "columns" else (columns, rows)
            places = colours[across] * self.made.size + lines
        blocks = []
        for k in range(len(self.outputs.parts)):
            row_of_blocks = []
            first, last = self.outputs.starts[k : k + 2]
            inside = slice(*np.searchsorted(rows, (first, last)))
            for a, argument in enumerate(self.inputs.parts):
                start, end = self.inputs.starts[a : a + 2]
                mine = (columns[inside] >= start) & (columns[inside] < end)
                shape = last - first, end - start
                pattern = pattern_of(
                    rows[inside][mine] - first, columns[inside][mine] - start, shape, dtype_of(argument)
                )
                row_of_blocks.append((pattern, places[inside][mine]))
            blocks.append(tuple(row_of_blocks))
        kept = (int(colours.max(initial=-1)) + 1) * self.given.size <= MOST_SEEDS
        seeds = tuple(seeds_of(self.given, colours)) if kept else None
        return Plan(self.study, self.name, self.given, colours, seeds, self.made, tuple(blocks))


def dtype_of(argument: Any) -> np.dtype[Any]:
    return argument.dtype if isinstance(argument, np.ndarray | np.generic) else np.dtype(float)


def pattern_of(rows: Integers, columns: Integers, shape: tuple[int, int], dtype: np.dtype[Any]) -> Any:
    """A matrix of ones at these places, which stand in order."""
    width = np.int32 if max(*shape, rows.size) < np.iinfo(np.int32).max else np.int64
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))]).astype(width)
    made = csr_array()((np.ones(rows.size, dtype), columns.astype(width), indptr), shape=shape)
    made.has_sorted_indices = made.has_canonical_format = True
    return made


# ---------------------------------------------------------------- what users hold
class SparseJacobian(Jacobian[P, R]):
    """The Jacobian of ``primal`` as a ``scipy.sparse.csr_array``: called like it.

    Its rows are the elements of the result, its columns those of the argument, both in C order. Several arguments give
    a tuple, several results a tuple of these.
    """

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        self._single = single
        return sparse_variants(inner, names, self._direction, cache=self._cache)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        assert isinstance(self._variants, Sparse)
        plan, blocks = self._variants.calls(args, kwargs)
        self._last = plan.variant
        results = plan.made if plan.side == "columns" else plan.given
        rows = [row[0] if self._single else tuple(row) for row in blocks]
        return rows[0] if results.single else tuple(rows)  # type: ignore[return-value]

    def _transform(self) -> str:
        return "jacobian"

    def save(self, path: Any) -> NoReturn:  # noqa: ARG002 - nowhere
        self._variants.of({})
        raise AssertionError

    def __repr__(self) -> str:
        return f"{super().__repr__()[:-1]}, sparse=True)"


class SparseHessian(SparseJacobian[P, R]):
    """The Hessian of ``primal`` as a ``scipy.sparse.csr_array``: the sparse Jacobian of its gradient."""

    def _derived(self, inner: FunctionType | Variants, names: tuple[str, ...], single: bool) -> Variants:
        self._single = single
        gradient = shared_variants(inner, "reverse", names, single=single, seeded=False, cache=self._cache)
        name, called = (emitted_name(gradient.primal, suffix, names) for suffix in ("_hessian", "_hvp"))
        return sparse_variants(gradient, names, self._direction, name, called, cache=self._cache)

    def _transform(self) -> str:
        return "hessian"


def sparse_variants(
    inner: FunctionType | Variants,
    wrt: tuple[str, ...],
    direction: Direction,
    name: str | None = None,
    called: str | None = None,
    *,
    cache: bool = True,
) -> Sparse:
    options: dict[str, Any] = {
        "cache": cache,
        "single": len(wrt) == 1,
        "name": name,
        "transform": "jacobian" if called is None else "hessian",
    }
    rows = shared_variants(inner, "seeded rows", wrt, **options)
    columns = shared_variants(inner, "seeded columns", wrt, **options, called=called)
    # shared, as the texts are: a plan is made once for ``bp.jacobian(f, sparse=True)(x)`` in a loop
    shared: dict[Direction, Sparse] = vars(columns).setdefault("__backprose_sparse__", {})
    return shared.setdefault(direction, Sparse(rows, columns, direction, hessian=called is not None))
