"""Programs with complex numbers, each another way through the compiler. ``x`` is real, ``z`` complex."""

# ruff: noqa: PERF401 - they are what users write

from __future__ import annotations

import cmath
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

W0 = np.exp(-2j * np.pi / 8)
C = np.array([1 + 1j, 2 - 1j, 0.5j])


def filled_and_scaled(x: Any, z: Any) -> Any:
    w = np.zeros(3, dtype=complex)
    for i in range(3):
        w[i] = x[i] * z[i] ** 2
        w[i] *= 1j
    return np.sum(np.abs(w))


def read_and_then_written(x: Any, z: Any) -> Any:
    w = z.copy()
    s = np.sum(w.real)
    w[0] = x[0] * w[1]
    return s + np.sum(w.imag * w.real)


def real_plus_zero_written(x: Any, z: Any) -> Any:
    w = x + 0j
    w[0] = 1j * x[1]
    w[1] += z[0]
    return np.sum(np.abs(w) ** 2)


def parts_written_as_views(x: Any, z: Any) -> Any:
    w = z * x
    re = w.real
    im = w.imag
    re[0] = x[1]
    im[1:] = x[:2] * re[0]
    re *= 2.0
    im += re
    return np.sum(w * w * z).real


def parts_assigned(x: Any, z: Any) -> Any:
    w = z.copy()
    w.real = x
    w.imag *= x
    w.imag[0] = w.real[0] * x[2]
    return np.sum(np.abs(w * z))


def real_parts_into_a_real_array(x: Any, z: Any) -> Any:
    y = np.zeros(3)
    y[0] = (z[0] * x[0]).real
    y[1:] = (z * x)[1:].imag
    return np.sum(y**2)


def cast_in_a_write(x: Any, z: Any) -> Any:
    y = np.zeros(3)
    y[:] = z * x  # cast: real part
    y[0] = z[1] * 1j
    return np.sum(y**2)


def orbit(x: Any, z: Any) -> Any:
    c = 0j
    n = 0
    zz = z[0] * 0.1
    while abs(c) < 2.0 and n < 12:
        c = c * c + zz + x[0] * 0.5
        n += 1
    return abs(c) + c.imag


def helper(a: Any, b: Any) -> Any:
    return a * b + 1j * b


def inlined_helper(x: Any, z: Any) -> Any:
    s = 0.0
    for i in range(3):
        s = s + abs(helper(x[i], z[i])) + helper(z[i], x[i]).imag
    return s


def fill(A: Any, v: Any, k: Any) -> Any:
    A[k] = v * v
    A[k + 1] = A[k] * 1j


def helper_that_writes(x: Any, z: Any) -> Any:
    A = np.zeros(4, complex)
    fill(A, x[0] * z[1], 0)
    fill(A, z[2] + x[1], 2)
    return np.sum(A * A).imag


@dataclass
class P:
    a: complex
    b: float
    w: Any


def dataclass_and_dict(x: Any, z: Any) -> Any:
    p = P(z[0] * x[0], x[1], z)
    q = {"u": p.a * p.b, "v": p.w[1]}
    t = (q["u"], q["v"] * x[2])
    return abs(t[0] * t[1])


def transposed_view_written(x: Any, z: Any) -> Any:
    A = np.outer(z, x)
    A[1] = A[0].conj()
    A[:, 2] = A[2, :].real
    B = A.T
    B[0, 1] = x[0] * 1j
    return np.sum((A @ A).imag)


def masks_indexes_and_add_at(x: Any, z: Any) -> Any:
    w = np.where(x > 0, z, x)
    w[w.real > 0.3] *= 2j
    w[[0, 2]] = w[[2, 0]]
    np.add.at(w, [0, 0, 1], z)
    np.add.at(w.imag, [1, 1], x[0])
    return np.sum(w**3).real


def zip_and_comprehension(x: Any, z: Any) -> Any:
    r = 0.0
    for k, v in zip(x, z):
        r += (k * v).real ** 2
    return r + np.sum([abs(v) for v in z])


def unpacked_and_branched(x: Any, z: Any) -> Any:
    a, b, c = z
    d = a * b.conjugate() - c**2 * x[0]
    return d.real * d.imag if d.real > 0 else abs(d) ** 3


def norms_and_vdot(x: Any, z: Any) -> Any:
    w = np.exp(1j * x)
    for _ in range(2):
        w = w / np.linalg.norm(w) + z * 0.1
    return np.vdot(w, z * w).real + np.vdot(x, w).imag


def real_array_in_place(x: Any, z: Any) -> Any:
    y = x.copy()
    y += (z * z.conj()).real
    y -= np.angle(z)
    y /= np.abs(z)
    return np.sum(np.exp(1j * y)).imag


def nested_function_and_deviations(x: Any, z: Any) -> Any:
    def g(v):
        return v * z + 1j

    w = g(x) * g(z)
    return np.mean(w.real) * np.std(w) + np.var(w)


def crank_nicolson(x: Any, z: Any) -> Any:
    H = np.zeros((3, 3), complex)
    for i in range(3):
        H[i, i] = x[i]
        if i > 0:
            H[i, i - 1] = z[i]
            H[i - 1, i] = np.conj(z[i])
    U = np.linalg.solve(np.eye(3) + 0.5j * H, np.eye(3) - 0.5j * H)
    psi = U @ z
    return np.sum(np.abs(psi[:2]) ** 2)


def reshaped_view_with_parts(x: Any, z: Any) -> Any:
    w = z.reshape(3, 1) * x
    v = w.reshape(-1)
    v.real[::2] = 0.5
    v.imag[1::3] = x
    return np.sum(w**2).real


def python_complex_augmented(x: Any, z: Any) -> Any:
    y = complex(x[0], x[1])
    y += z[0]
    y *= x[2]
    return y.real**2 + y.imag


def another_name(x: Any, z: Any) -> Any:
    w = z.astype(np.complex64).astype(complex) if False else z * 1
    w[1:] = x[1:]
    u = w
    u[0] = w[0] * w[1]
    return (u * w).sum().imag + w.prod().real


def full_and_every_operator_in_place(x: Any, z: Any) -> Any:
    w = np.full(3, 1 + 0j)
    w *= z
    w /= x
    w **= 2
    w -= x
    np.multiply(w, z, out=w)
    return np.sum(w).imag


def rows_of_a_matrix(x: Any, z: Any) -> Any:
    A = np.empty((2, 3), dtype=np.complex128)
    A[0] = x
    A[1] = z
    A[0, 1:] += A[1, :2]
    s = 0j
    for row in A:
        s += np.prod(row)
    return abs(s)


def lambda_and_generator(x: Any, z: Any) -> Any:
    f = lambda k: np.exp(2j * np.pi * k * x / 3)
    s = sum(z[k] * f(k)[k] for k in range(3))
    return abs(s) ** 2


def real_part_carried(x: Any, z: Any) -> Any:
    t = x[0]
    for k in range(3):
        t = (z[k] * t).real + t * t * 0.1
    return t


def stacked_and_cleared(x: Any, z: Any) -> Any:
    w = z.real + 1j * x
    z2 = np.stack([w, z]).sum(axis=0)
    z2.imag[:] = 0
    return np.sum(z2).real + np.sum(z2.imag)


def recurrence_in_place(x: Any, z: Any) -> Any:
    w = z.copy()
    for i in range(1, 3):
        w[i] = w[i - 1] * w[i] + x[i]
        w[i - 1] = w[i].conjugate() / abs(w[i])
    return np.sum(w.real * x)


def global_constants(x: Any, z: Any) -> Any:
    return abs(np.sum(C * x * W0)) + (W0.real * x[0]) + W0.conjugate().imag * z[1].real


def complex_in_one_branch(x: Any, z: Any) -> Any:
    t = x[0]
    if abs(z[0]) > 0.5:
        w = t * z[0]
    else:
        w = t
    return abs(w) * t


def bound_anew_real_and_complex(x: Any, z: Any) -> Any:
    t = x * 2
    t = t * z
    t = np.abs(t)
    t = t + 1j * x
    return np.sum(t.imag * t.real)


def summed_from_a_real_zero(x: Any, z: Any) -> Any:
    total = 0.0
    for i in range(3):
        total += x[i] * z[i]
    return abs(total)


def real_and_complex_turns(x: Any, z: Any) -> Any:
    total = 0.0
    for i in range(3):
        if i % 2:
            total = total + x[i]
        else:
            total = total * z[i] + 1
    return total.real


def tried(x: Any, z: Any) -> Any:
    try:
        w = z / x
    except ZeroDivisionError:
        w = z
    with np.errstate(all="ignore"):
        w = np.sqrt(w)
    return np.sum(w).imag


def conditional_items(x: Any, z: Any) -> Any:
    out = np.zeros_like(z)
    for i, v in enumerate(z):
        out[i] = v * x[i] if v.real > 0 else np.conj(v)
    return np.vdot(out, out).real


def array_of_a_list(x: Any, z: Any) -> Any:
    w = [v * v for v in z]
    return np.abs(np.array(w) @ x)


def array_in_a_dict(x: Any, z: Any) -> Any:
    d = {"a": z, "b": x}
    d["a"] = d["a"] * d["b"]
    d["a"][1] = 2.0
    return np.sum(d["a"]).real


def guarded_root(x: Any, z: Any) -> Any:
    a = x[0] ** 0.5 if x[0] > 0 else 0.0
    return (a * z[0]).imag + abs(1j * a)


def overlapping_slices(x: Any, z: Any) -> Any:
    w = z.copy()
    w[::2] = w[::2][::-1]
    w[1:] -= w[:-1] * x[0]
    w[:2] *= w[1:]
    return np.sum(w * np.array([1, 1j, 2])).real


def matrices(x: Any, z: Any) -> Any:
    M = np.outer(z, np.conj(z)) + np.diag(x) + 3 * np.eye(3)
    return np.linalg.det(M).real + np.linalg.inv(M)[0, 1].imag + np.linalg.norm(M)


def maximum_and_where(x: Any, z: Any) -> Any:
    y = np.maximum(z, x)
    y = np.where(np.abs(y) > 1, y / np.abs(y), y)
    return np.sum(y.real * y.imag)


def powers_of_scalars(x: Any, z: Any) -> Any:
    s = np.sum(x) + 0j
    return (s**2).real + (s**0.5).real + (2**s).imag + (s**s).real


def loop_left_by_break(x: Any, z: Any) -> Any:
    t, k = z[0], 0
    while True:
        t = t * t * 0.5 + x[1] * 0.1
        k += 1
        if abs(t) < 0.3 or k > 4:
            break
    else:
        t = 0
    return t.real - t.imag


def parts_in_a_loop(x: Any, z: Any) -> Any:
    w = z * 1
    for k in range(3):
        w.real[k] = w.imag[k] * x[k]
        w.imag[k] = w.real[k] ** 2
    return np.sum(np.abs(w))


def view_of_an_argument(x: Any, z: Any) -> Any:
    re = z.real
    w = z * x
    w.imag -= re
    q = w.imag
    w[0] = 1 + 2j
    return np.sum(q * re)


def part_of_a_transpose(x: Any, z: Any) -> Any:
    w = z.T.copy().reshape(1, 3)
    v = w.real.T
    v[0, 0] = x[2]
    w.imag[0, ::2] += v[::2, 0]
    return np.sum(w**2).imag


def upd(a: Any, r: Any) -> Any:
    a.real[0] = r
    a.imag *= 2.0


def helper_that_writes_parts(x: Any, z: Any) -> Any:
    w = z * 1.5
    upd(w, x[0])
    upd(w[1:], x[1])
    return np.sum(w * w).imag


def float_of_a_sum(x: Any, z: Any) -> Any:
    w = np.zeros(3)
    w = w + z
    w = np.real(w) * x + np.imag(w)
    return float(np.sum(w))


def signs(x: Any, z: Any) -> Any:
    return np.sum(np.sign(z) * x).real + np.sum(np.sign(x) * z).imag


def made_of_parts(x: Any, z: Any) -> Any:
    a, b = np.real(z), np.imag(z)
    c = a + 1j * b
    c[0] = complex(x[0], x[1])
    return np.sum(np.angle(c) * np.abs(c))


def divided_by_its_first(x: Any, z: Any) -> Any:
    w = x.astype(complex)
    w.imag = z.real
    w /= w[0]
    return np.sum(w).imag


def heun_steps(x: Any, z: Any) -> Any:
    h = 0.1
    psi = z.copy()
    V = x**2
    for _ in range(3):
        k1 = -1j * V * psi
        k2 = -1j * V * (psi + h * k1)
        psi += h / 2 * (k1 + k2)
        psi[1:-1] += 0.5j * h * (psi[2:] - 2 * psi[1:-1] + psi[:-2])
        psi /= np.sqrt(np.sum(np.abs(psi) ** 2))
    return np.sum(np.arange(3) * np.abs(psi) ** 2)


def part_held_while_the_whole_is_written(x: Any, z: Any) -> Any:
    w = z * x
    re = w.real
    w[...] = z
    return np.sum(re * x) + np.sum(w.imag)


def part_of_a_slice_of_a_transpose(x: Any, z: Any) -> Any:
    A = np.outer(z, x)
    v = A.T[1:].imag
    v[:, 0] = x[:2]
    v += 1.0
    return np.sum(A * A).real


def parts_of_a_real_array(x: Any, z: Any) -> Any:
    y = x * 2
    r = y.real
    r[0] = x[1] ** 2
    return np.sum(y**2) + np.sum(r) + np.sum(y.imag)


def conj_of_a_real_array_is_itself(x: Any, z: Any) -> Any:
    y = x * 2
    c = y.conj()
    y[0] = 5.0
    return np.sum(c * x)


def np_conj_copies(x: Any, z: Any) -> Any:
    y = x * 2
    c = np.conj(y)
    y[0] = 5.0
    return np.sum(c * x)


def conj_of_a_complex_array_copies(x: Any, z: Any) -> Any:
    w = z * x
    c = w.conj()
    w[0] = 5.0
    return np.sum(c * x).imag


def both_parts_assigned(x: Any, z: Any) -> Any:
    w = np.empty(3, complex)
    w.real, w.imag = x, x**2
    return np.sum(w**3).imag


def powers_in_place_of_parts(x: Any, z: Any) -> Any:
    w = z.copy()
    for k in range(3):
        w.imag[k] **= 2
        w.real[k] /= x[k]
    return np.sum(w * w).real


def numpy_writes_into_parts(x: Any, z: Any) -> Any:
    w = z.copy()
    np.copyto(w.real, x)
    w.imag.fill(x[0])
    np.multiply(w, x, out=w)
    np.add(w.real, x, out=w.imag)
    return np.sum(w * w).real


def polar_form(x: Any, z: Any) -> Any:
    r, t = abs(z[0]), np.angle(z[0])
    u = r * np.exp(1j * (t + x[0]))
    return u.real + (u / z[1]).imag


def largest_and_smallest(x: Any, z: Any) -> Any:
    return max(abs(v) for v in z) + min(v.real * x[0] for v in z)


def list_written_and_grown(x: Any, z: Any) -> Any:
    items = list(z)
    items[1] = items[0] * x[1]
    items.append(items[2] * 2)
    return sum(items).real + abs(items[-1])


def for_else(x: Any, z: Any) -> Any:
    s = x[0]
    for v in z:
        s = abs(v * s + 1j)
        if s > 2:
            break
    else:
        s = s * 2
    return s


def augmented_number_under_another_name(x: Any, z: Any) -> Any:
    a = z[0]
    b = a
    a *= x[0]
    return (a * np.conj(b)).real


def complex_from_two_real_ones(x: Any, z: Any) -> Any:
    M = np.diag(z) + 1j * np.outer(x, x)
    v = np.linalg.solve(M, x)
    return np.linalg.norm(v) + np.linalg.det(M).imag


def sum_of_waves(x: Any, z: Any) -> Any:
    t = np.linspace(0, 1, 5)
    sig = sum(z[k] * np.exp(2j * np.pi * k * t * x[k]) for k in range(3))
    return np.trace(np.outer(sig, sig.conj())).real + np.std(sig)


def nested_where(x: Any, z: Any) -> Any:
    y = np.where(x > 0, x, z.imag)
    w = np.where(np.abs(z) > 1, z, x)
    w = np.where(x > 0, np.sqrt(x + 0j), w)
    return np.sum(np.abs(w)) + np.sum(y)


def roots_of_negative_numbers(x: Any, z: Any) -> Any:
    w = np.sqrt(x.astype(complex))
    return np.sum(w.imag) + np.sum(w.real**3)


def products_and_phase(x: Any, z: Any) -> Any:
    p = np.prod(z - x[0]) / np.prod(np.array([1j, 2.0]) * x[1])
    return abs(p) + cmath.phase(p)


def newton(x: Any, z: Any) -> Any:
    z0 = complex(x[0], 0)
    for _ in range(3):
        z0 = z0 - (z0**3 - 1 + z[0]) / (3 * z0**2)
    return z0.imag + z0.real


def complex_from_the_first_turn_on(x: Any, z: Any) -> Any:
    q = x[0]
    for k in range(2):
        q = q * q
        if k == 0:
            q = q * z[k]
    return (q * q).real


def array_that_turns_complex(x: Any, z: Any) -> Any:
    acc = np.zeros(3)
    for k in range(3):
        acc = acc * z[k] + x
    return np.sum(acc).imag


def swapped_and_masked(x: Any, z: Any) -> Any:
    w = z * 1
    w[0], w[2] = w[2], x[0] * w[0]
    w[[0, 1]] += x[1]
    w[w.imag > 0] = x[2]
    return np.sum(w * w).imag


def list_of_pairs(x: Any, z: Any) -> Any:
    pairs = [(v, r) for v, r in zip(z, x)]
    total = 0j
    for v, r in pairs:
        total += v.conjugate() * r**2
    return total.real * total.imag


def nested_lists(x: Any, z: Any) -> Any:
    M = np.array([[x[0], 1j], [z[0], 2.0]])
    e = M @ M
    return np.sum(np.real(e) * np.imag(e))


def list_of_real_zeros(x: Any, z: Any) -> Any:
    xs = [0.0] * 3
    for k in range(3):
        xs[k] = z[k] * x[k]
    return abs(sum(xs))


def list_of_one_item_repeated(x: Any, z: Any) -> Any:
    xs = [x[0]] * len(x)
    xs[1] = z[1]
    xs[-1] = xs[1] * xs[0]
    return abs(xs[-1]) + (xs[1] * xs[2]).real


def list_that_turns_complex(x: Any, z: Any) -> Any:
    xs = []
    for k in range(len(x)):
        xs.append(x[k])
    xs[0] = z[0] * xs[1]
    t = 0
    for v in xs:
        t = t + v * v
    return abs(t)


def stack_of_both(x: Any, z: Any) -> Any:
    s = [x[0], x[1]]
    while len(s) < 5:
        s.append(s[-1] * s[-2] + x[2])
    s.append(z[0])
    return abs(s[-1] * s[-2])


def norm_of_all(*vs: Any) -> Any:
    return sum(abs(v) for v in vs)


def starred_arguments(x: Any, z: Any) -> Any:
    return norm_of_all(z[0], x[0], z[1] * x[1])


def with_defaults(v: Any, w: Any = None, scale: Any = 1j) -> Any:
    if w is None:
        w = v
    return abs(v * scale + np.conj(w))


def default_arguments(x: Any, z: Any) -> Any:
    return with_defaults(x[0]) + with_defaults(z[0], x[1]) + with_defaults(x[1], z[1], 2.0)


class Filter:
    real = 3.0  # an attribute of an object, not a part of a number

    def __init__(self, k: Any, z: Any) -> None:
        self.k = k
        self.z = z

    def gain(self, w: Any) -> Any:
        return abs(self.k * w + self.z)


def methods(x: Any, z: Any) -> Any:
    f = Filter(x[0], z[0])
    f.z = f.z * 1j
    return f.gain(x[1]) + f.gain(z[2]) * f.real


def part_chosen_by_a_test(x: Any, z: Any) -> Any:
    v = z.imag if x[0] > 0 else z.real
    w = z * x
    u = w.imag if x[0] > 0 else w.real
    u[0] = x[1]
    return np.sum(w * w).real + np.sum(v)


PROGRAMS: tuple[Callable[..., Any], ...] = (
    filled_and_scaled,
    read_and_then_written,
    real_plus_zero_written,
    parts_written_as_views,
    parts_assigned,
    real_parts_into_a_real_array,
    cast_in_a_write,
    orbit,
    inlined_helper,
    helper_that_writes,
    dataclass_and_dict,
    transposed_view_written,
    masks_indexes_and_add_at,
    zip_and_comprehension,
    unpacked_and_branched,
    norms_and_vdot,
    real_array_in_place,
    nested_function_and_deviations,
    crank_nicolson,
    reshaped_view_with_parts,
    python_complex_augmented,
    another_name,
    full_and_every_operator_in_place,
    rows_of_a_matrix,
    lambda_and_generator,
    real_part_carried,
    stacked_and_cleared,
    recurrence_in_place,
    global_constants,
    complex_in_one_branch,
    bound_anew_real_and_complex,
    summed_from_a_real_zero,
    real_and_complex_turns,
    tried,
    conditional_items,
    array_of_a_list,
    array_in_a_dict,
    guarded_root,
    overlapping_slices,
    matrices,
    maximum_and_where,
    powers_of_scalars,
    loop_left_by_break,
    parts_in_a_loop,
    view_of_an_argument,
    part_of_a_transpose,
    helper_that_writes_parts,
    float_of_a_sum,
    signs,
    made_of_parts,
    divided_by_its_first,
    heun_steps,
    part_held_while_the_whole_is_written,
    part_of_a_slice_of_a_transpose,
    parts_of_a_real_array,
    conj_of_a_real_array_is_itself,
    np_conj_copies,
    conj_of_a_complex_array_copies,
    both_parts_assigned,
    powers_in_place_of_parts,
    numpy_writes_into_parts,
    polar_form,
    largest_and_smallest,
    list_written_and_grown,
    for_else,
    augmented_number_under_another_name,
    complex_from_two_real_ones,
    sum_of_waves,
    nested_where,
    roots_of_negative_numbers,
    products_and_phase,
    newton,
    complex_from_the_first_turn_on,
    array_that_turns_complex,
    swapped_and_masked,
    list_of_pairs,
    nested_lists,
    list_of_real_zeros,
    list_of_one_item_repeated,
    list_that_turns_complex,
    stack_of_both,
    starred_arguments,
    default_arguments,
    methods,
    part_chosen_by_a_test,
)
