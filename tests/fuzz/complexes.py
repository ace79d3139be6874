"""Complex numbers on the way from real arguments, or complex ones, to a real result: made, combined, written, read."""

from __future__ import annotations

from tests.fuzz.program import Compound, Line, Node
from tests.fuzz.scope import Scope, Shape
from tests.fuzz.statements import Statements, bare

SHAPES: tuple[Shape, ...] = ((), (2,), (3,), (2, 3))


def complex_of(w: Statements, scope: Scope, shape: Shape | None = None) -> tuple[list[Node], str]:
    """A complex variable, of this shape if one is given; made first where there is none."""
    names = [name for name, has in scope.complex.items() if shape is None or has == shape]
    if names and w.dice.chance(0.85):
        return [], w.dice.pick(names)
    return made_complex(w, scope, w.dice.pick(SHAPES) if shape is None else shape)


def made_complex(w: Statements, scope: Scope, shape: Shape) -> tuple[list[Node], str]:
    dice, name = w.dice, w.fresh_name("z")
    a, b = (bare(w.write.bounded(scope, shape, 1)) for _ in range(2))
    forms = [f"({a}) + 1j * ({b})", f"np.exp(1j * ({a}))", f"({a}) * (0.6 - 0.8j)", f"({a}) - ({b}) * 1j"]
    if shape:
        forms += [f"np.fft.fft({a})", f"({a}).astype(complex) + {dice.number()}j"]
        if dice.chance(0.3):
            scope.complex[name] = shape
            real = Line(f"{name}.real = {a}")
            make = Line(f"{name} = np.{dice.pick(('zeros', 'ones'))}({shape}, dtype=complex)")
            return [make, *dice.pick(([real, Line(f"{name}.imag = {b}")], [Line(f"{name}.imag[:] = {b}"), real]))], name
    else:
        forms.append(f"complex({a}, {b})")
    scope.complex[name] = shape
    return [Line(f"{name} = {dice.pick(forms)}")], name


def combined(w: Statements, scope: Scope, shape: Shape) -> tuple[list[Node], str]:
    """A complex expression of this shape, of size about 1 where its parts are."""
    dice = w.dice
    before, z = complex_of(w, scope, shape)
    more, v = complex_of(w, scope, shape)
    real = w.write.bounded(scope, dice.pick((shape, ())), 1)
    forms = [
        f"0.5 * {z} * {v}", f"{z} - {v}", f"{z} * {real}", f"{z} / (2.0 + abs({v}))", f"np.conj({z})",
        f"{z}.conjugate() * {v}", f"1j * {z}", f"np.exp(0.3 * {z})", f"np.sin(0.5 * {z})", f"{z} ** 2", f"{z} + {real}",
        f"np.sqrt({z} + 3.0)", f"{z} / abs({z})", f"np.where({real} > 0.1, {z}, {v})", f"{real} - {z}",
        f"np.exp(1j * {z}.real)", f"abs({z}) * np.exp(1j * np.angle({v}))", f"-{z}", f"{z}.real * {v}",
        f"({z} * {v}).imag * 1j", f"{dice.number()} * {z}", f"np.log({z} + 4.0)",
    ]  # fmt: skip
    if shape:
        forms += [f"np.cumsum({z}, axis=0)", f"{z}[::-1]", f"np.fft.ifft({z})", f"{z} * {v}[0]", f"{z} - np.mean({z})"]
        forms += [f"np.roll({z}, 1, axis=0)", f"np.array({z})", f"{z}.copy()", f"{z} + np.sum({v}) * 0.1"]
    if len(shape) == 2:
        forms += [f"{z} @ ({v}.T @ {z}) * 0.2", f"({z} @ {v}.conj().T) @ {v} * 0.2", f"{z}.T.copy().T"]
    return [*before, *more], dice.pick(forms)


def bind(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A new complex variable, or one bound anew."""
    shape = w.dice.pick(SHAPES)
    before, text = combined(w, scope, shape)
    olds = [name for name, has in scope.complex.items() if has == shape]
    name = w.dice.pick(olds) if olds and w.dice.chance(0.3) else w.fresh_name("z")
    scope.complex[name] = shape
    return [*before, Line(f"{name} = {text}")]


def write(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A write into a complex array, into its real or imaginary part, or through a view."""
    dice = w.dice
    before, z = complex_of(w, scope, dice.pick(SHAPES[1:]))
    shape = scope.complex[z]
    i = w.write.index(scope, shape[0])
    part = shape[1:]
    more, text = combined(w, scope, part)
    whole, other = combined(w, scope, shape)
    real = bare(w.write.bounded(scope, dice.pick((part, ())), 1))
    view = w.fresh_name("v")
    forms: list[list[str]] = [
        [f"{z}[{i}] = {text}"], [f"{z}[{i}] += {text}"], [f"{z}[{i}] *= {text}"], [f"{z} *= 0.8 + 0.1j"],
        [f"{z} *= {other}"], [f"{z} += {other}"], [f"{z}.real[{i}] = {real}"], [f"{z}.imag[{i}] += {real}"],
        [f"{z}.imag *= {'0.5' if part else real}"], [f"{z}[:] = {other}"], [f"{z}[{i}] = {real}"],
        [f"{view} = {z}[1:]", f"{view} *= 1j"], [f"{view} = {z}.real", f"{view} -= {z}.imag * 0.5"],
        [f"{view} = {z}.imag", f"{view}[{i}] = {real}", f"{z}[{i}] *= 2j"], [f"np.multiply({z}, {other}, out={z})"],
        [f"np.conj({z}, out={z})"], [f"{view} = {z}[{i}]", f"{z}[{i}] = {real}", f"{z}[-1] += {view}"],
        [f"{z}[{z}.real > 0.2] *= 0.5j"], [f"{view} = {z}.T", f"{view}[...] = {view} * 0.7j"],
        [f"np.add.at({z}, [0, 0], {text})"], [f"{z}[[0, -1]] += {text}"],
    ]  # fmt: skip
    return [*before, *more, *whole, *map(Line, dice.pick(forms))]


def loop(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A recurrence of a complex number or of the elements of an array."""
    dice = w.dice
    before, z = complex_of(w, scope, dice.pick(((), (3,), (2, 3))))
    shape, i = scope.complex[z], w.fresh_name("ij")
    inner = scope.copy()
    more, text = combined(w, inner, shape)
    n = shape[0] if shape else 3
    steps: list[list[str]] = [[f"{z} = 0.5 * {z} + {text}"], [f"{z} = {z} * {z} * 0.3 + {text}"]]
    if shape:
        steps += [[f"{z}[{i}] = {z}[{i} - 1] * {z}[{i}] + 0.1"], [f"{z} += 0.3 * ({text})"], [f"{z}[{i}:] *= 0.9j"]]
    made = w.dice.pick(steps)
    body = [*more, *map(Line, made)]
    if dice.chance(0.3):
        test = f"if abs({z}{'[0]' if len(shape) == 1 else '[0, 0]' if shape else ''}) > 1.5:"
        body.insert(dice.integer(0, len(body)), Compound(((test, (Line("break"),)),)))
    return [*before, Compound(((f"for {i} in range({n}):", tuple(body)),))]


def read(w: Statements, scope: Scope, depth: int, in_loop: bool) -> list[Node]:
    """A real variable of complex ones."""
    dice = w.dice
    before, z = complex_of(w, scope)
    shape = scope.complex[z]
    more, v = complex_of(w, scope, shape)
    forms = [
        f"abs({z})", f"{z}.real * {v}.imag", f"({z} * np.conj({v})).real", f"np.abs({z}) ** 2", f"np.angle({z} + 3.0)",
        f"np.real({z} * {v})", f"np.imag(np.exp(1j * {z}))", f"({z} * {z}.conjugate()).real", f"np.abs({z} - {v})",
    ]  # fmt: skip
    result = shape
    if shape and dice.chance(0.5):
        forms = [
            f"np.sum({z} * {v}).real",
            f"np.vdot({z}, {v}).real",
            f"np.linalg.norm({z})",
            f"abs(np.prod({z}))",
            f"np.max(abs({z}))",
        ]
        result = ()
    name = w.fresh_name("r")
    return [*before, *more, w.bind(scope, name, result, dice.pick(forms))]


STATEMENTS = (bind, bind, write, write, write, loop, read, read, read)
