"""The rules of the helpers in ``support``, so that emitted text can be differentiated again."""

import numpy as np

from backprose import support
from backprose.rules.registry import adjoint, constant, elementwise, linear, not_yet, real_only, tangent, views
from backprose.support import product_of_others, recurrence, section, unsection

not_yet(support.with_attributes, reason="objects have derivatives slot by slot")
constant(support.adjoint_of, reason="it looks at an adjoint")
constant(support.stop_gradient, reason="it is asked to be a constant")
constant(support.last_writes, support.is_sequence, support.is_mapping, support.same_array, reason="true or false")
constant(support.observed, reason="the engine takes the adjoint there")
constant(support.unit, reason="only the shape is read")
constant(support.lower_half, reason="only the size of the matrix is read")


@linear(support.unbroadcast, constant=("like",))
def unbroadcast(cotangent, like, *, out_bar):
    return np.broadcast_to(np.reshape(out_bar, np.shape(like)), np.shape(cotangent))


@linear(support.as_gradient, constant=("x",))
def as_gradient(x_bar, x, *, out_bar):
    return support.unbroadcast(out_bar, x_bar)


@linear(support.as_tangent, constant=("x",))
def as_tangent(tangent, x, *, out_bar):
    return support.unbroadcast(out_bar, tangent)


@linear(support.own)
def own(x, *, out_bar):
    return out_bar


@linear(support.scalar_result)
def scalar_result(result, *, out_bar):
    return out_bar


@linear(support.section, constant=("arrays",))
def section_(joined, arrays, item, axis=0, *, out_bar):
    if axis is None or np.ndim(arrays[item]) == np.ndim(joined):
        return unsection(out_bar, arrays, item, axis)
    return unsection(out_bar, arrays, item, axis, np.ndim(joined))


@linear(support.unsection, constant=("arrays",))
def unsection_(part, arrays, item, axis=0, rank=0, *, out_bar):
    return section(out_bar, arrays, item, axis)


@linear(support.sections, constant=("arrays",))
def sections(joined, arrays, axis=0, *, out_bar):
    return support.unsections(out_bar, joined, axis)


@linear(support.unsections, constant=("joined",))
def unsections(parts, joined, axis=0, *, out_bar):
    return support.sections(out_bar, parts, axis)


@linear(support.unsliced, constant=("items",))
def unsliced(parts, items, place, *, out_bar):
    return list(out_bar[place])


@linear(support.unsplit, constant=("like",))
def unsplit(parts, like, indices, axis=0, *, out_bar, index):
    return np.split(out_bar, indices, axis)[index]


@linear(support.undiff, constant=("like",))
def undiff(differences, like, n=1, axis=-1, *, out_bar):
    return np.diff(out_bar, n, axis)


@linear(support.untile, constant=("like",))
def untile(tiles, like, reps, *, out_bar):
    return np.tile(out_bar, reps)


@linear(support.unrepeat, constant=("like",))
def unrepeat(repeated, like, repeats, axis=None, *, out_bar):
    return np.repeat(out_bar, repeats, axis)


@linear(support.merge_axes)
def merge_axes(a, axis, *, out_bar):
    return support.split_axes(out_bar, a, axis)


@linear(support.split_axes, constant=("like",))
def split_axes(merged, like, axis, *, out_bar):
    return support.merge_axes(out_bar, axis)


@adjoint(support.product_of_others)
def product_of_others_(x, *, out_bar):
    """The product of the others is the product of a row of the matrix that has x in each row and 1 on the diagonal."""
    diagonal = np.eye(np.shape(x)[-1], dtype=bool)
    pairs = product_of_others(np.where(diagonal, 1, np.expand_dims(x, -2)))
    return np.sum(np.where(diagonal, 0, pairs) * np.expand_dims(out_bar, -1), axis=-2)


@tangent(support.product_of_others)
def product_of_others_dot(x, *, x_dot):
    diagonal = np.eye(np.shape(x)[-1], dtype=bool)
    pairs = product_of_others(np.where(diagonal, 1, np.expand_dims(x, -2)))
    return np.sum(np.where(diagonal, 0, pairs) * np.expand_dims(x_dot, -2), axis=-1)


@adjoint(support.adjugate)
def adjugate(a, *, out, out_bar):
    """d(det(A) inv(A)), where A is not singular."""
    inverse = np.linalg.inv(a)
    inverse_t = np.swapaxes(inverse, -1, -2)
    growth = np.sum(out_bar * out, axis=(-2, -1), keepdims=True)
    return growth * inverse_t - np.swapaxes(out, -1, -2) @ out_bar @ inverse_t


@tangent(support.adjugate)
def adjugate_dot(a, *, out, a_dot):
    inverse = np.linalg.inv(a)
    growth = np.sum(np.swapaxes(inverse, -1, -2) * a_dot, axis=(-2, -1), keepdims=True)
    return growth * out - out @ a_dot @ inverse


@adjoint(support.hessenberg_turn)
def hessenberg_turn(h, x, *, out, out_bar):
    """In h as in x, which h moves by dh W - W dh."""
    x_bar = support.hessenberg_turn_back(h, out_bar)
    return np.triu(x_bar @ out.T - out.T @ x_bar, -1), x_bar


@tangent(support.hessenberg_turn)
def hessenberg_turn_dot(h, x, *, out, h_dot, x_dot):
    move = np.triu(h_dot, -1)
    return support.hessenberg_turn(h, move @ out - out @ move), support.hessenberg_turn(h, x_dot)


@adjoint(support.hessenberg_turn_back)
def hessenberg_turn_back(h, bar, *, out, out_bar):
    """In h as in the cotangent, which h moves by dh^T Z - Z dh^T."""
    bar_bar = support.hessenberg_turn(h, out_bar)
    return np.triu(out @ bar_bar.T - bar_bar.T @ out, -1), bar_bar


@tangent(support.hessenberg_turn_back)
def hessenberg_turn_back_dot(h, bar, *, out, h_dot, bar_dot):
    move_t = np.triu(h_dot, -1).T
    moved = move_t @ out - out @ move_t
    return support.hessenberg_turn_back(h, moved), support.hessenberg_turn_back(h, bar_dot)


real_only(support.hessenberg_turn, support.hessenberg_turn_back)


@linear(support.pivoted, constant=("piv",))
def pivoted(x, piv, *, out_bar):
    return support.unpivoted(out_bar, piv)


@linear(support.unpivoted, constant=("piv",))
def unpivoted(x, piv, *, out_bar):
    return support.pivoted(out_bar, piv)


@linear(support.paired, active=("a", "e"))
def paired(a, e, *, out_bar):
    size = np.shape(a)[-1]
    return out_bar[..., :size, :size] + out_bar[..., size:, size:], out_bar[..., :size, size:]


@linear(support.corner)
def corner(x, *, out_bar):
    return support.paired(np.zeros_like(out_bar), out_bar)


@linear(support.checked)
def checked(x, holds, otherwise, *, out_bar):
    return out_bar


@linear(support.block_of, constant=("arrays",))
def block_of(whole, arrays, item, *, out_bar):
    return support.unblock_of(out_bar, arrays, item)


@linear(support.unblock_of, constant=("arrays",))
def unblock_of(part, arrays, item, *, out_bar):
    return support.block_of(out_bar, arrays, item)


@adjoint(support.band_outer, active=("y", "x"))
def band_outer(y, x, lower, upper, *, out_bar):
    y_bar = support.band_product(out_bar, x, upper)
    return y_bar, support.band_product(support.turned_band(out_bar, upper), y, lower)


@tangent(support.band_outer)
def band_outer_dot(y, x, lower, upper, *, y_dot, x_dot):
    return support.band_outer(y_dot, x, lower, upper), support.band_outer(y, x_dot, lower, upper)


@adjoint(support.band_product, active=("ab", "x"))
def band_product(ab, x, upper, *, out_bar):
    lower = np.shape(ab)[0] - 1 - upper
    x_bar = support.band_product(support.turned_band(ab, upper), out_bar, lower)
    return support.band_outer(out_bar, x, lower, upper), x_bar


@tangent(support.band_product)
def band_product_dot(ab, x, upper, *, ab_dot, x_dot):
    return support.band_product(ab_dot, x, upper), support.band_product(ab, x_dot, upper)


@linear(support.turned_band)
def turned_band(ab, upper, *, out_bar):
    return support.turned_band(out_bar, np.shape(ab)[0] - 1 - upper)


@linear(support.untake, constant=("like",))
def untake(part, indices, like, axis=None, *, out_bar):
    return np.take(out_bar, indices, axis)


@linear(support.untake_along_axis, constant=("like",))
def untake_along_axis(part, indices, like, axis, *, out_bar):
    return np.take_along_axis(out_bar, indices, axis)


@linear(support.undiagonal, constant=("like",))
def undiagonal(part, like, offset=0, axis1=0, axis2=1, *, out_bar):
    return np.diagonal(out_bar, offset, axis1, axis2)


@linear(support.unpad, constant=("like",))
def unpad(padded, like, pad_width, *, out_bar):
    return np.pad(out_bar, pad_width)


@linear(support.blocks_apart, constant=("a", "b"))
def blocks_apart(product, a, b, *, out_bar):
    return support.blocks_together(out_bar, a, b)


@linear(support.blocks_together, constant=("a", "b"))
def blocks_together(pairs, a, b, *, out_bar):
    return support.blocks_apart(out_bar, a, b)


constant(
    support.lengths,
    support.cell_of,
    support.overlap_place,
    support.contracted_axes,
    support.kept_places,
    support.new_places,
    support.places_of,
    support.bins_of,
    reason="integers",
)


@linear(support.fitted, constant=("like",))
def fitted(x, like, axis, *, out_bar):
    return support.fitted(out_bar, x, axis)


@linear(support.fitted_to, constant=("like",))
def fitted_to(x, like, *, out_bar):
    return support.fitted_to(out_bar, x)


@linear(support.mirrored)
def mirrored(x, axis, *, out_bar):
    return support.unmirrored(out_bar, x, axis)


@linear(support.unmirrored, constant=("like",))
def unmirrored(part, like, axis, *, out_bar):
    return support.mirrored(out_bar, axis)


@linear(support.ends_scaled)
def ends_scaled(x, axes, first, last, *, out_bar):
    return support.ends_scaled(out_bar, axes, first, last)


@linear(support.midpoints)
def midpoints(y, *, out_bar):
    return support.unmidpoints(out_bar, y)


@linear(support.unmidpoints, constant=("like",))
def unmidpoints(means, like, *, out_bar):
    return support.midpoints(out_bar)


@linear(support.ungradient)
def ungradient(slopes, spacing=1.0, axis=0, edge_order=1, *, out_bar):
    return np.gradient(out_bar, spacing, axis=axis, edge_order=edge_order)


@linear(support.overlap, constant=("a", "v"))
def overlap(whole, a, v, mode, turned=False, *, out_bar):
    return support.unoverlap(out_bar, a, v, mode, turned)


@linear(support.unoverlap, constant=("a", "v"))
def unoverlap(part, a, v, mode, turned=False, *, out_bar):
    return support.overlap(out_bar, a, v, mode, turned)


@linear(support.central, constant=("a", "v"))
def central(whole, a, v, mode, turned=False, *, out_bar):
    return support.uncentral(out_bar, a, v, mode, turned)


@linear(support.uncentral, constant=("a", "v"))
def uncentral(part, a, v, mode, turned=False, *, out_bar):
    return support.central(out_bar, a, v, mode, turned)


@linear(support.extended)
def extended(x, width, mode, axis=None, *, out_bar):
    return support.unextended(out_bar, x, width, mode, axis)


@linear(support.unextended, constant=("like",))
def unextended(wide, like, width, mode, axis=None, *, out_bar):
    return support.extended(out_bar, width, mode, axis)


@linear(support.of_floats)
def of_floats(x, *, out_bar):
    return out_bar


@linear(support.unreduceat, constant=("like",))
def unreduceat(sums, like, indices, axis=0, *, out_bar):
    return np.add.reduceat(out_bar, indices, axis)


constant(support.with_ends, reason="only its shape is read")


@linear(support.without_ends, constant=("a", "prepend", "append"))
def without_ends(whole, item, a, axis=-1, prepend=None, append=None, *, out_bar):
    return support.within_ends(out_bar, item, a, axis, prepend, append)


@linear(support.within_ends, constant=("a", "prepend", "append"))
def within_ends(part, item, a, axis=-1, prepend=None, append=None, *, out_bar):
    return support.without_ends(out_bar, item, a, axis, prepend, append)


@adjoint(support.einsum_part, active=("slots",))
def einsum_part(subscripts, part, *slots, out_bar, index):
    """The cotangent takes the place of what is left out, and this slot is left out."""
    if index == part:
        return np.zeros_like(slots[index])
    a = out_bar if part == 0 else slots[0]
    b = out_bar if part == 1 else slots[1]
    if len(slots) == 2:
        return support.einsum_part(subscripts, index, a, b)
    c = out_bar if part == 2 else slots[2]
    if len(slots) == 3:
        return support.einsum_part(subscripts, index, a, b, c)
    return support.einsum_part(subscripts, index, a, b, c, out_bar if part == 3 else slots[3])


@tangent(support.einsum_part)
def einsum_part_dot(subscripts, part, *slots, slots_dot):
    """An array that does not move has the tangent 0, a number."""
    s = subscripts
    x = slots
    d = slots_dot
    still_0 = part == 0 or (np.ndim(x[0]) > 0 and isinstance(d[0], float))
    still_1 = part == 1 or (np.ndim(x[1]) > 0 and isinstance(d[1], float))
    if len(slots) == 2:
        of_0 = 0.0 if still_0 else support.einsum_part(s, part, d[0], x[1])
        return of_0 + (0.0 if still_1 else support.einsum_part(s, part, x[0], d[1]))
    still_2 = part == 2 or (np.ndim(x[2]) > 0 and isinstance(d[2], float))
    if len(slots) == 3:
        of_0 = 0.0 if still_0 else support.einsum_part(s, part, d[0], x[1], x[2])
        of_1 = 0.0 if still_1 else support.einsum_part(s, part, x[0], d[1], x[2])
        return of_0 + of_1 + (0.0 if still_2 else support.einsum_part(s, part, x[0], x[1], d[2]))
    still_3 = part == 3 or (np.ndim(x[3]) > 0 and isinstance(d[3], float))
    of_0 = 0.0 if still_0 else support.einsum_part(s, part, d[0], x[1], x[2], x[3])
    of_1 = 0.0 if still_1 else support.einsum_part(s, part, x[0], d[1], x[2], x[3])
    of_2 = 0.0 if still_2 else support.einsum_part(s, part, x[0], x[1], d[2], x[3])
    return of_0 + of_1 + of_2 + (0.0 if still_3 else support.einsum_part(s, part, x[0], x[1], x[2], d[3]))


@adjoint(support.tensordot_left, active=("bar", "b"), constant=("a",))
def tensordot_left(bar, a, b, axes, *, out_bar):
    return np.tensordot(out_bar, b, axes), support.tensordot_right(bar, out_bar, b, axes)


@tangent(support.tensordot_left)
def tensordot_left_dot(bar, a, b, axes, *, bar_dot, b_dot):
    return support.tensordot_left(bar_dot, a, b, axes), support.tensordot_left(bar, a, b_dot, axes)


@adjoint(support.tensordot_right, active=("bar", "a"), constant=("b",))
def tensordot_right(bar, a, b, axes, *, out_bar):
    return np.tensordot(a, out_bar, axes), support.tensordot_left(bar, a, out_bar, axes)


@tangent(support.tensordot_right)
def tensordot_right_dot(bar, a, b, axes, *, bar_dot, a_dot):
    return support.tensordot_right(bar_dot, a, b, axes), support.tensordot_right(bar, a_dot, b, axes)


@adjoint(support.recurrence)
def recurrence_(c, a, *, out, out_bar):
    """The recurrence runs backwards; a multiplies the term before."""
    c_bar = np.flip(recurrence(np.flip(out_bar, -1), np.flip(np.roll(a, -1, -1), -1)), -1)
    before = np.where(np.arange(np.shape(out)[-1]) == 0, 0, np.roll(out, 1, -1))
    return c_bar, c_bar * before


@tangent(support.recurrence)
def recurrence_dot(c, a, *, out, c_dot, a_dot):
    before = np.where(np.arange(np.shape(out)[-1]) == 0, 0, np.roll(out, 1, -1))
    return recurrence(c_dot, a), recurrence(before * a_dot, a)


@adjoint(support.uncross, active=("bar", "other"), constant=("like",))
def uncross(bar, other, like, axis=-1, *, out_bar):
    """The same triple product, with the cotangent in the place of ``like``."""
    return np.cross(out_bar, other, axis=axis), -support.uncross(bar, out_bar, other, axis)


@tangent(support.uncross)
def uncross_dot(bar, other, like, axis=-1, *, bar_dot, other_dot):
    return support.uncross(bar_dot, other, like, axis), support.uncross(bar, other_dot, like, axis)


@linear(support.unresize, constant=("like",))
def unresize(part, like, *, out_bar):
    return np.resize(out_bar, np.shape(part))


@elementwise(support.polygamma, active=("x",))
def polygamma(order, x):
    return support.polygamma(order + 1, x)


@elementwise(support.bessel_i1)
def bessel_i1(x, out):
    """I0 - I1 / x, which is 1/2 at 0."""
    return np.where(x == 0, 0.5, np.i0(x) - out / np.where(x == 0, 1, x))


real_only(support.polygamma, support.bessel_i1)


@adjoint(support.entries_product, active=("data", "x"))
def entries_product(data, rows, cols, shape, x, *, out_bar):
    """Of a sparse matrix only what is at the places of its entries."""
    x_bar = support.entries_product(data, cols, rows, shape[::-1], out_bar)
    if np.ndim(x) == 1:
        return out_bar[rows] * x[cols], x_bar
    return np.sum(out_bar[rows] * x[cols], axis=1), x_bar


@tangent(support.entries_product)
def entries_product_dot(data, rows, cols, shape, x, *, data_dot, x_dot):
    moved = support.entries_product(data_dot, rows, cols, shape, x)
    return moved, support.entries_product(data, rows, cols, shape, x_dot)


@adjoint(support.entries_solved, active=("data", "b"))
def entries_solved(data, rows, cols, shape, b, *, out, out_bar):
    """X = A^-1 b: b_bar = A^-T x_bar, A_bar = -b_bar x^T at the places of its entries (Giles 2008, 2.3.1)."""
    b_bar = support.entries_solved(data, cols, rows, shape[::-1], out_bar)
    if np.ndim(b) == 1:
        return -b_bar[rows] * out[cols], b_bar
    return -np.sum(b_bar[rows] * out[cols], axis=1), b_bar


@tangent(support.entries_solved)
def entries_solved_dot(data, rows, cols, shape, b, *, out, data_dot, b_dot):
    moved = support.entries_product(data_dot, rows, cols, shape, out)
    by_data = -support.entries_solved(data, rows, cols, shape, moved)
    return by_data, support.entries_solved(data, rows, cols, shape, b_dot)


@linear(support.entries_dense)
def entries_dense(data, rows, cols, shape, *, out_bar):
    return out_bar[rows, cols]


real_only(support.entries_product, support.entries_solved)

views(
    support.unbroadcast, support.scalar_result, support.section, support.merge_axes, support.split_axes, support.unpad,
    support.stop_gradient, support.blocks_apart, support.blocks_together, support.fitted,
    support.fitted_to, support.overlap, support.without_ends, support.as_tangent, support.corner,
    support.checked, support.block_of, support.central,
    support.extended, support.of_floats,
)  # fmt: skip


@elementwise(support.carlson, active=("x", "y", "z", "p"))
def carlson(x, y, z, p, a, b, c, d):
    """Under the integral."""
    x_slope = -a * support.carlson(x, y, z, p, a + 1, b, c, d)
    y_slope = -b * support.carlson(x, y, z, p, a, b + 1, c, d)
    z_slope = -c * support.carlson(x, y, z, p, a, b, c + 1, d)
    return x_slope, y_slope, z_slope, -d * support.carlson(x, y, z, p, a, b, c, d + 1)


real_only(support.carlson)


@linear(support.chosen, constant=("x", "taken"))
def chosen(values, x, taken, size=None, footprint=None, mode="reflect", cval=0.0, origin=0, turned=False, *, out_bar):
    return support.unchosen(out_bar, x, taken, size, footprint, mode, cval, origin, turned)


@linear(support.unchosen, constant=("x", "taken"))
def unchosen(bar, x, taken, size=None, footprint=None, mode="reflect", cval=0.0, origin=0, turned=False, *, out_bar):
    return support.chosen(out_bar, x, taken, size, footprint, mode, cval, origin, turned)


real_only(support.chosen, support.unchosen)
