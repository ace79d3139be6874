"""Filters that take one element of each window, with zeros beyond the edges: the slope belongs to that element, and to
equal ones in equal shares (Huang, Yang and Tang, "A fast two-dimensional median filtering algorithm", 1979).
"""

from scipy import signal

from backprose.rules.registry import adjoint, real_only, tangent
from backprose.support import chosen, unchosen


@adjoint(signal.medfilt, active=("volume",))
def medfilt(volume, kernel_size=None, *, out, out_bar):
    return unchosen(out_bar, volume, out, 3 if kernel_size is None else kernel_size, None, "constant")


@tangent(signal.medfilt)
def medfilt_dot(volume, kernel_size=None, *, out, volume_dot):
    return chosen(volume_dot, volume, out, 3 if kernel_size is None else kernel_size, None, "constant")


@adjoint(signal.medfilt2d, active=("input",))
def medfilt2d(input, kernel_size=3, *, out, out_bar):
    return unchosen(out_bar, input, out, 3 if kernel_size is None else kernel_size, None, "constant")


@tangent(signal.medfilt2d)
def medfilt2d_dot(input, kernel_size=3, *, out, input_dot):
    return chosen(input_dot, input, out, 3 if kernel_size is None else kernel_size, None, "constant")


@adjoint(signal.order_filter, active=("a",))
def order_filter(a, domain, rank, *, out, out_bar):
    return unchosen(out_bar, a, out, None, domain, "constant")


@tangent(signal.order_filter)
def order_filter_dot(a, domain, rank, *, out, a_dot):
    return chosen(a_dot, a, out, None, domain, "constant")


real_only(signal.medfilt, signal.medfilt2d, signal.order_filter)
