"""Random expressions of a wanted shape, written from what a scope holds."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.scope import Dice, Helper, Scope, Shape

SMOOTH = (
    "np.tanh({})",
    "np.sin({})",
    "np.cos({})",
    "np.exp(0.3 * {})",
    "np.sqrt(1.5 + {} ** 2)",
    "np.log(2 + {} ** 2)",
)
SMOOTH += (
    "np.arctan({})",
    "{} ** 2",
    "-{}",
    "abs({})",
    "np.square({})",
    "np.abs({})",
    "1 / (2 + {} ** 2)",
    "np.log1p({} ** 2)",
)
MATH = (
    "math.tanh({})",
    "math.sin({})",
    "math.exp(0.3 * {})",
    "math.sqrt(1.5 + {} ** 2)",
    "float({})",
    "math.atan2({}, 2.0)",
)
BINARY = ("({} + {})", "({} - {})", "({} * {})", "({} / (1.5 + {} ** 2))", "np.maximum({}, {})", "np.minimum({}, {})")
BINARY += ("({} + 0.5 * {})", "({} * {})", "np.hypot(1 + {} ** 2, {})", "np.arctan2({}, 2 + {} ** 2)")
# of an expression of floats and a constant of integers, truth values or few bits: NumPy computes them with 64 bits
SMALL = (
    "(0.01 * ({} * {k}))",
    "({k} * {} * 0.02)",
    "(-({}) * {k} / 100)",
    "(3 * ({} * {k}) / 200)",
    "({} / (1.5 + 1.0 * {k} ** 2.0))",
    "np.arctan2({k}, 2 + {} ** 2)",
    "(np.hypot(1 + {}, {k}) / 100)",
    "((0.5 - {}) * {k} * 0.01)",
    "np.where({k} > 2, {}, 0.5 * {})",
)


class Expressions:
    """``scalar``, ``array`` and ``test`` give text; the depth bounds how much of it."""

    def __init__(self, dice: Dice, helpers: list[Helper]) -> None:
        self.dice, self.helpers = dice, helpers

    # ------------------------------------------------------------ any shape
    def any(self, scope: Scope, shape: Shape, depth: int) -> str:
        return self.array(scope, shape, depth) if shape else self.scalar(scope, depth)

    def bounded(self, scope: Scope, shape: Shape, depth: int) -> str:
        """A value that cannot grow from turn to turn."""
        inner = self.any(scope, shape, depth)
        return self.dice.pick(
            ("np.tanh({})", "np.sin({})", "np.tanh(0.5 * {})", "np.cos({})", "0.8 * np.tanh({})")
        ).format(inner)

    def _binary(self, scope: Scope, shape: Shape, depth: int) -> str:
        form = self.dice.pick(BINARY)
        parts = [self.any(scope, shape, depth - 1), self._stretched(scope, shape, depth - 1)]
        if not form.startswith("({} /"):
            self.dice.random.shuffle(parts)
        return form.format(*parts)

    def _stretched(self, scope: Scope, shape: Shape, depth: int) -> str:
        """Something that broadcasts to the shape."""
        options = [shape, shape, ()]
        if shape:
            options += [shape[1:], tuple(1 if self.dice.chance(0.5) else n for n in shape)]
        return self.any(scope, self.dice.pick(options), depth)

    def _helper(self, scope: Scope, shape: Shape, depth: int) -> str | None:
        fitting = [h for h in self.helpers if h.shapes is None or h.result == shape]
        if not fitting:
            return None
        helper = self.dice.pick(fitting)
        args = []
        for k, name in enumerate(helper.parameters):
            if helper.shapes is None:
                text = self.any(scope, shape if k == 0 or self.dice.chance(0.7) else (), depth - 1)
            else:
                text = self.any(scope, helper.shapes[k], depth - 1)
            if self.dice.chance(0.15) and (helper.shapes is None and k > 0):
                text = self.dice.number()
            args.append(f"{name}={text}" if k == len(helper.parameters) - 1 and self.dice.chance(0.3) else text)
        if helper.default and self.dice.chance(0.5):
            args.append(f"{helper.default}={self.scalar(scope, 0)}")
        return f"{helper.name}({', '.join(args)})"

    # ------------------------------------------------------------ scalars
    def scalar(self, scope: Scope, depth: int) -> str:
        dice = self.dice
        if depth <= 0 or dice.chance(0.15):
            return self._scalar_leaf(scope)
        form = dice.integer(0, 16)
        if form <= 2:
            return self._binary(scope, (), depth)
        if form <= 4:
            return dice.pick(SMOOTH if dice.chance(0.7) else MATH).format(self.scalar(scope, depth - 1))
        if form == 5:
            body, test = self.scalar(scope, depth - 1), self.test(scope, depth - 1)
            return f"({body} if {test} else {self.scalar(scope, depth - 1)})"
        if form == 6:
            return f"{dice.pick(('max', 'min'))}({self.scalar(scope, depth - 1)}, {self.scalar(scope, depth - 1)})"
        if form == 7:
            call = self._helper(scope, (), depth)
            if call:
                return call
        if form == 8 and dice.chance(0.3):
            return f"({self._scalar_leaf(scope)} {dice.pick(('and', 'or'))} {self.scalar(scope, depth - 1)})"
        return self._reduction(scope, depth)

    def _scalar_leaf(self, scope: Scope) -> str:
        names = scope.of_shape(())
        choice = self.dice.integer(0, 9)
        if choice <= 1 and scope.arrays():
            element = self._element(scope)
            if element:
                return element
        if choice == 2:
            return self.dice.number()
        if choice == 3 and scope.ints:
            return f"(0.3 * {self.dice.pick(list(scope.ints))})"
        return self.dice.pick(names) if names else self.dice.number()

    def _element(self, scope: Scope) -> str | None:
        name = self.dice.pick(scope.arrays())
        indices = [self.index(scope, n) for n in scope.shapes[name]]
        return f"{name}[{', '.join(indices)}]"

    def index(self, scope: Scope, length: int) -> str:
        """A whole number that is a place of an axis."""
        running = [n for n, (low, high) in scope.ints.items() if -length <= low and high < length]
        if running and self.dice.chance(0.7):
            return self.dice.pick(running)
        return str(self.dice.integer(-length, length - 1))

    def _reduction(self, scope: Scope, depth: int) -> str:
        dice = self.dice
        names = scope.arrays()
        shape = scope.shapes[dice.pick(names)] if names else (3,)
        inner = self.array(scope, shape, depth - 1)
        form = dice.integer(0, 11)
        if form == 0:
            name = dice.pick(names) if names else None
            return f"np.sum({name}[{name} > {dice.number()}])" if name else f"np.sum({inner})"
        if form == 1 and len(shape) == 1:
            return f"({inner} @ {self.array(scope, shape, depth - 1)})"
        if form == 2 and len(shape) == 1:
            return f"np.dot({inner}, {self.array(scope, shape, depth - 1)})"
        if form == 3:
            return f"np.linalg.norm({inner})"
        if form == 4:
            return f"float(np.mean({inner}))"
        if form == 5 and names:
            return f"{dice.pick(names)}.{dice.pick(('sum', 'mean', 'max', 'min'))}()"
        return f"np.{dice.pick(('sum', 'sum', 'mean', 'max', 'min'))}({inner})"

    # ------------------------------------------------------------ tests
    def test(self, scope: Scope, depth: int) -> str:
        dice = self.dice
        form = dice.integer(0, 9)
        left = self.scalar(scope, min(depth, 1))
        if form == 0:
            return f"{dice.number(-1.5, -0.2)} < {left} < {dice.number(0.2, 1.5)}"
        if form == 1 and depth > 0:
            return f"({self.test(scope, 0)} {dice.pick(('and', 'or'))} {self.test(scope, 0)})"
        if form == 2:
            return f"not {left} > {dice.number()}"
        if form == 3 and scope.ints:
            return f"{dice.pick(list(scope.ints))} {dice.pick(('<', '>=', '==', '!='))} {dice.integer(0, 3)}"
        right = dice.number() if dice.chance(0.6) else self.scalar(scope, min(depth, 1))
        return f"{left} {dice.pick(('<', '>', '<=', '>='))} {right}"

    # ------------------------------------------------------------ arrays
    def array(self, scope: Scope, shape: Shape, depth: int) -> str:
        dice = self.dice
        if depth <= 0 or dice.chance(0.15):
            return self.array_leaf(scope, shape)
        small = [name for name, has in scope.small.items() if has in (shape, ())]
        if small and dice.chance(0.25):
            inner = self.array(scope, shape, depth - 1)
            return dice.pick(SMALL).format(inner, inner, k=dice.pick(small))
        form = dice.integer(0, 13)
        if form <= 2:
            return self._binary(scope, shape, depth)
        if form <= 4:
            return dice.pick(SMOOTH).format(self.array(scope, shape, depth - 1))
        if form == 5:
            condition = f"{self.array(scope, shape, 0)} {dice.pick(('<', '>'))} {dice.number()}"
            stretched = self._stretched(scope, shape, depth - 1)
            return f"np.where({condition}, {stretched}, {self.array(scope, shape, depth - 1)})"
        if form == 6:
            return f"np.clip({self.array(scope, shape, depth - 1)}, -0.9, 1.1)"
        if form == 7:
            call = self._helper(scope, shape, depth)
            if call:
                return call
        makers = self._vectors() if len(shape) == 1 else self._matrices()
        return dice.pick(makers)(scope, shape, depth - 1)

    def array_leaf(self, scope: Scope, shape: Shape) -> str:
        """A variable of the shape, or what an index makes of another one; else a constant array."""
        found = list(scope.of_shape(shape))
        for name in scope.arrays():
            found += self._parts(scope, name, shape)
        if found and self.dice.chance(0.93):
            return self.dice.pick(found)
        size = shape[0] if len(shape) == 1 else shape
        return self.dice.pick((f"np.ones({size})", f"np.full({size}, {self._scalar_leaf(scope)})"))

    def _parts(self, scope: Scope, name: str, shape: Shape) -> list[str]:
        has, dice = scope.shapes[name], self.dice
        parts = []
        if len(has) == 1 and len(shape) == 1:
            n, k = has[0], shape[0]
            if n == k:
                parts.append(f"{name}[::-1]")
            if n == k + 1:
                parts += [f"{name}[1:]", f"{name}[:-1]"]
            if n > k:
                parts += [f"{name}[:{k}]", f"{name}[-{k}:]"]
            if n:
                parts.append(f"{name}[{[dice.integer(-n, n - 1) for _ in range(k)]}]")
        if len(has) == 2 and len(shape) == 1:
            if has[1] == shape[0]:
                parts.append(f"{name}[{self.index(scope, has[0])}]")
            if has[0] == shape[0]:
                parts.append(f"{name}[:, {self.index(scope, has[1])}]")
        if len(has) == 2 and len(shape) == 2:
            if has == shape[::-1]:
                parts.append(f"{name}.T")
            if has[0] >= shape[0] and has[1] == shape[1]:
                parts += [f"{name}[:{shape[0]}]", f"{name}[{[dice.integer(0, has[0] - 1) for _ in range(shape[0])]}]"]
            if has[1] > shape[1] and has[0] == shape[0]:
                parts.append(f"{name}[:, :{shape[1]}]")
        if len(has) == 1 and shape == (has[0], 1):
            parts.append(f"{name}[:, None]")
        if len(has) == 1 and shape == (1, has[0]):
            parts.append(f"{name}[None, :]")
        return parts

    def _lengths(self, scope: Scope) -> list[int]:
        return sorted({n for shape in scope.shapes.values() for n in shape}) or [3]

    def _vectors(self) -> list[Callable[[Scope, Shape, int], str]]:
        dice = self.dice

        def summed(scope: Scope, shape: Shape, depth: int) -> str:
            axis, other = dice.integer(0, 1), dice.pick(self._lengths(scope))
            full = (other, *shape) if axis == 0 else (*shape, other)
            inner = self.array(scope, full, depth)
            return f"np.{dice.pick(('sum', 'mean', 'max'))}({inner}, axis={dice.pick((axis, axis - 2))})"

        def product(scope: Scope, shape: Shape, depth: int) -> str:
            other = dice.pick(self._lengths(scope))
            matrix = self.array(scope, (*shape, other), depth)
            return f"({matrix} @ {self.array(scope, (other,), depth)})"

        def joined(scope: Scope, shape: Shape, depth: int) -> str:
            if shape[0] < 2:
                return self.array_leaf(scope, shape)
            first = dice.integer(1, shape[0] - 1)
            head, rest = self.array(scope, (first,), depth), self.array(scope, (shape[0] - first,), depth)
            return f"np.concatenate(({head}, {rest}))"

        def whole(scope: Scope, shape: Shape, depth: int) -> str:
            form = dice.pick(
                ("np.cumsum({})", "np.flip({})", "{}.copy()", "np.diff({})", "np.sum({}, keepdims=True)", "ramp")
            )
            if form == "np.diff({})":
                return form.format(self.array(scope, (shape[0] + 1,), depth))
            if form == "np.sum({}, keepdims=True)" and shape != (1,):
                form = "np.cumsum({})"
            if form == "ramp":
                return f"np.linspace({self._scalar_leaf(scope)}, {self._scalar_leaf(scope)}, {shape[0]})"
            return form.format(
                f"({self.array(scope, shape, depth)})" if form.startswith("{}") else self.array(scope, shape, depth)
            )

        def flat(scope: Scope, shape: Shape, depth: int) -> str:
            for name in scope.arrays():
                has = scope.shapes[name]
                if len(has) == 2 and has[0] * has[1] == shape[0]:
                    return dice.pick((f"{name}.ravel()", f"np.reshape({name}, -1)", f"{name}.reshape({shape[0]})"))
            return whole(scope, shape, depth)

        return [summed, product, joined, whole, flat]

    def _matrices(self) -> list[Callable[[Scope, Shape, int], str]]:
        dice = self.dice

        def outer(scope: Scope, shape: Shape, depth: int) -> str:
            rows, columns = self.array(scope, shape[:1], depth), self.array(scope, shape[1:], depth)
            form = dice.pick(("np.outer({}, {})", "(({})[:, None] * {})", "(np.expand_dims({}, 1) - {})"))
            return form.format(rows, columns)

        def product(scope: Scope, shape: Shape, depth: int) -> str:
            other = dice.pick(self._lengths(scope))
            return f"({self.array(scope, (shape[0], other), depth)} @ {self.array(scope, (other, shape[1]), depth)})"

        def centred(scope: Scope, shape: Shape, depth: int) -> str:
            inner = self.array(scope, shape, depth)
            reduction = dice.pick(("sum", "mean", "max"))
            return (
                f"({self.array(scope, shape, 0)} - np.{reduction}({inner}, axis={dice.integer(0, 1)}, keepdims=True))"
            )

        def stacked(scope: Scope, shape: Shape, depth: int) -> str:
            if shape[0] > 3:
                return centred(scope, shape, depth)
            rows = ", ".join(self.array(scope, shape[1:], depth - 1) for _ in range(shape[0]))
            return f"np.stack(({rows},))"

        def turned(scope: Scope, shape: Shape, depth: int) -> str:
            form = dice.pick(
                ("({}).T", "np.transpose({})", "np.cumsum({}, axis=0)", "np.broadcast_to({}, {})", "np.flip({}, 1)")
            )
            if "broadcast" in form:
                return form.format(self.array(scope, shape[1:], depth), shape)
            return form.format(self.array(scope, shape[::-1] if "T" in form or "transpose" in form else shape, depth))

        return [outer, product, centred, stacked, turned]
