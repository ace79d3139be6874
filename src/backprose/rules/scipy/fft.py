"""Discrete Fourier, cosine, sine and Hankel transforms: each is its own transpose, up to cutting, padding and ends.

Of complex numbers as in NumPy (``rules/fourier.py``). The cosine and sine transforms: Makhoul, "A fast cosine transform
in one and two dimensions" (1980); those of types 2 and 3 are each other's transpose, up to one element.
"""

import numpy as np
from scipy import fft as transforms

from backprose.rules.registry import adjoint, constant, linear, not_yet, real_only, tangent, there, uncovered
from backprose.support import ends_scaled, fitted, fitted_to, lengths, mirrored, unbroadcast


@linear(transforms.fft)
def fft(x, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    if n is None:
        return transforms.fft(out_bar, axis=axis, norm=norm)
    return fitted(transforms.fft(out_bar, axis=axis, norm=norm), x, axis)


@linear(transforms.ifft)
def ifft(x, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    if n is None:
        return transforms.ifft(out_bar, axis=axis, norm=norm)
    return fitted(transforms.ifft(out_bar, axis=axis, norm=norm), x, axis)


@linear(transforms.rfft)
def rfft(x, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    if n is None:
        return np.real(transforms.fft(out_bar, np.shape(x)[axis], axis=axis, norm=norm))
    return fitted(np.real(transforms.fft(out_bar, n, axis=axis, norm=norm)), x, axis)


@linear(transforms.irfft)
def irfft(x, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    x_bar = mirrored(transforms.ifft(out_bar, axis=axis, norm=norm), axis)
    return x_bar if n is None else fitted(x_bar, x, axis)


@linear(transforms.hfft)
def hfft(x, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    """As irfft, of the conjugate, and with the factors of the other direction."""
    return fitted(mirrored(transforms.fft(out_bar, axis=axis, norm=norm), axis), x, axis)


@linear(transforms.ihfft)
def ihfft(x, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    """The conjugate of rfft with the factor of the inverse."""
    count = np.shape(x)[axis] if n is None else n
    return fitted(np.real(transforms.ifft(out_bar, count, axis=axis, norm=norm)), x, axis)


# ---------------------------------------------------------------- of several axes
@linear(transforms.fft2)
def fft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None, out_bar):
    if s is None:
        return transforms.fft2(out_bar, axes=axes, norm=norm)
    return fitted_to(transforms.fft2(out_bar, axes=axes, norm=norm), x)


@linear(transforms.fftn)
def fftn(x, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is None:
        return transforms.fftn(out_bar, axes=axes, norm=norm)
    if axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    return fitted_to(transforms.fftn(out_bar, axes=axes, norm=norm), x)


@linear(transforms.ifft2)
def ifft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None, out_bar):
    if s is None:
        return transforms.ifft2(out_bar, axes=axes, norm=norm)
    return fitted_to(transforms.ifft2(out_bar, axes=axes, norm=norm), x)


@linear(transforms.ifftn)
def ifftn(x, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is None:
        return transforms.ifftn(out_bar, axes=axes, norm=norm)
    if axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    return fitted_to(transforms.ifftn(out_bar, axes=axes, norm=norm), x)


@linear(transforms.rfft2)
def rfft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None, out_bar):
    if s is None:
        return np.real(transforms.fftn(out_bar, lengths(x, axes), axes=axes, norm=norm))
    return fitted_to(np.real(transforms.fftn(out_bar, s, axes=axes, norm=norm)), x)


@linear(transforms.rfftn)
def rfftn(x, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if s is not None:
        return fitted_to(np.real(transforms.fftn(out_bar, s, axes=axes, norm=norm)), x)
    if axes is None:
        return np.real(transforms.fftn(out_bar, np.shape(x), axes=range(np.ndim(x)), norm=norm))
    return np.real(transforms.fftn(out_bar, lengths(x, axes), axes=axes, norm=norm))


@linear(transforms.ihfft2)
def ihfft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None, out_bar):
    if s is None:
        return np.real(transforms.ifftn(out_bar, lengths(x, axes), axes=axes, norm=norm))
    return fitted_to(np.real(transforms.ifftn(out_bar, s, axes=axes, norm=norm)), x)


@linear(transforms.ihfftn)
def ihfftn(x, s=None, axes=None, norm=None, *, workers=None, out_bar):
    """The conjugate of rfftn with the factor of the inverse."""
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if s is not None:
        return fitted_to(np.real(transforms.ifftn(out_bar, s, axes=axes, norm=norm)), x)
    if axes is None:
        return np.real(transforms.ifftn(out_bar, np.shape(x), axes=range(np.ndim(x)), norm=norm))
    return np.real(transforms.ifftn(out_bar, lengths(x, axes), axes=axes, norm=norm))


@linear(transforms.irfft2)
def irfft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None, out_bar):
    return fitted_to(mirrored(transforms.ifftn(out_bar, axes=axes, norm=norm), axes[-1]), x)


@linear(transforms.irfftn)
def irfftn(x, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    last = -1 if axes is None else axes[-1]
    return fitted_to(mirrored(transforms.ifftn(out_bar, axes=axes, norm=norm), last), x)


@linear(transforms.hfft2)
def hfft2(x, s=None, axes=(-2, -1), norm=None, *, workers=None, out_bar):
    return fitted_to(mirrored(transforms.fftn(out_bar, axes=axes, norm=norm), axes[-1]), x)


@linear(transforms.hfftn)
def hfftn(x, s=None, axes=None, norm=None, *, workers=None, out_bar):
    """As irfftn, of the conjugate, and with the factors of the other direction."""
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    last = -1 if axes is None else axes[-1]
    return fitted_to(mirrored(transforms.fftn(out_bar, axes=axes, norm=norm), last), x)


@linear(transforms.fftshift)
def fftshift(x, axes=None, *, out_bar):
    return transforms.ifftshift(out_bar, axes)


@linear(transforms.ifftshift)
def ifftshift(x, axes=None, *, out_bar):
    return transforms.fftshift(out_bar, axes)


# ---------------------------------------------------------------- cosines, sines
@linear(transforms.dct)
def dct(x, type=2, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    if type == 4 or (type == 1 and norm == "ortho"):
        x_bar = transforms.dct(out_bar, type, axis=axis, norm=norm)
    elif type == 1:
        x_bar = ends_scaled(transforms.dct(ends_scaled(out_bar, axis, 2, 2), 1, axis=axis, norm=norm), axis, 0.5, 0.5)
    elif norm == "ortho":
        x_bar = transforms.dct(out_bar, 5 - type, axis=axis, norm=norm)
    elif type == 3:
        x_bar = ends_scaled(transforms.dct(out_bar, 2, axis=axis, norm=norm), axis, 0.5, 1)
    else:
        x_bar = transforms.dct(ends_scaled(out_bar, axis, 2, 1), 3, axis=axis, norm=norm)
    return x_bar if n is None else fitted(x_bar, x, axis)


@linear(transforms.dctn)
def dctn(x, type=2, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if type == 4 or (type == 1 and norm == "ortho"):
        x_bar = transforms.dctn(out_bar, type, axes=axes, norm=norm)
    elif type == 1:
        x_bar = ends_scaled(transforms.dctn(ends_scaled(out_bar, axes, 2, 2), 1, axes=axes, norm=norm), axes, 0.5, 0.5)
    elif norm == "ortho":
        x_bar = transforms.dctn(out_bar, 5 - type, axes=axes, norm=norm)
    elif type == 3:
        x_bar = ends_scaled(transforms.dctn(out_bar, 2, axes=axes, norm=norm), axes, 0.5, 1)
    else:
        x_bar = transforms.dctn(ends_scaled(out_bar, axes, 2, 1), 3, axes=axes, norm=norm)
    return x_bar if s is None else fitted_to(x_bar, x)


@linear(transforms.dst)
def dst(x, type=2, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    if type in (1, 4):
        x_bar = transforms.dst(out_bar, type, axis=axis, norm=norm)
    elif norm == "ortho":
        x_bar = transforms.dst(out_bar, 5 - type, axis=axis, norm=norm)
    elif type == 3:
        x_bar = ends_scaled(transforms.dst(out_bar, 2, axis=axis, norm=norm), axis, 1, 0.5)
    else:
        x_bar = transforms.dst(ends_scaled(out_bar, axis, 1, 2), 3, axis=axis, norm=norm)
    return x_bar if n is None else fitted(x_bar, x, axis)


@linear(transforms.dstn)
def dstn(x, type=2, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if type in (1, 4):
        x_bar = transforms.dstn(out_bar, type, axes=axes, norm=norm)
    elif norm == "ortho":
        x_bar = transforms.dstn(out_bar, 5 - type, axes=axes, norm=norm)
    elif type == 3:
        x_bar = ends_scaled(transforms.dstn(out_bar, 2, axes=axes, norm=norm), axes, 1, 0.5)
    else:
        x_bar = transforms.dstn(ends_scaled(out_bar, axes, 1, 2), 3, axes=axes, norm=norm)
    return x_bar if s is None else fitted_to(x_bar, x)


@linear(transforms.idct)
def idct(x, type=2, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    if type == 4 or (type == 1 and norm == "ortho"):
        x_bar = transforms.idct(out_bar, type, axis=axis, norm=norm)
    elif type == 1:
        x_bar = ends_scaled(transforms.idct(ends_scaled(out_bar, axis, 2, 2), 1, axis=axis, norm=norm), axis, 0.5, 0.5)
    elif norm == "ortho":
        x_bar = transforms.idct(out_bar, 5 - type, axis=axis, norm=norm)
    elif type == 2:
        x_bar = ends_scaled(transforms.idct(out_bar, 3, axis=axis, norm=norm), axis, 0.5, 1)
    else:
        x_bar = transforms.idct(ends_scaled(out_bar, axis, 2, 1), 2, axis=axis, norm=norm)
    return x_bar if n is None else fitted(x_bar, x, axis)


@linear(transforms.idctn)
def idctn(x, type=2, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if type == 4 or (type == 1 and norm == "ortho"):
        x_bar = transforms.idctn(out_bar, type, axes=axes, norm=norm)
    elif type == 1:
        x_bar = ends_scaled(transforms.idctn(ends_scaled(out_bar, axes, 2, 2), 1, axes=axes, norm=norm), axes, 0.5, 0.5)
    elif norm == "ortho":
        x_bar = transforms.idctn(out_bar, 5 - type, axes=axes, norm=norm)
    elif type == 2:
        x_bar = ends_scaled(transforms.idctn(out_bar, 3, axes=axes, norm=norm), axes, 0.5, 1)
    else:
        x_bar = transforms.idctn(ends_scaled(out_bar, axes, 2, 1), 2, axes=axes, norm=norm)
    return x_bar if s is None else fitted_to(x_bar, x)


@linear(transforms.idst)
def idst(x, type=2, n=None, axis=-1, norm=None, *, workers=None, out_bar):
    if type in (1, 4):
        x_bar = transforms.idst(out_bar, type, axis=axis, norm=norm)
    elif norm == "ortho":
        x_bar = transforms.idst(out_bar, 5 - type, axis=axis, norm=norm)
    elif type == 2:
        x_bar = ends_scaled(transforms.idst(out_bar, 3, axis=axis, norm=norm), axis, 1, 0.5)
    else:
        x_bar = transforms.idst(ends_scaled(out_bar, axis, 1, 2), 2, axis=axis, norm=norm)
    return x_bar if n is None else fitted(x_bar, x, axis)


@linear(transforms.idstn)
def idstn(x, type=2, s=None, axes=None, norm=None, *, workers=None, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if type in (1, 4):
        x_bar = transforms.idstn(out_bar, type, axes=axes, norm=norm)
    elif norm == "ortho":
        x_bar = transforms.idstn(out_bar, 5 - type, axes=axes, norm=norm)
    elif type == 2:
        x_bar = ends_scaled(transforms.idstn(out_bar, 3, axes=axes, norm=norm), axes, 1, 0.5)
    else:
        x_bar = transforms.idstn(ends_scaled(out_bar, axes, 1, 2), 2, axes=axes, norm=norm)
    return x_bar if s is None else fitted_to(x_bar, x)


# ---------------------------------------------------------------- Hankel
@linear(transforms.fht)
def fht(a, dln, mu, offset=0.0, bias=0.0, *, out_bar):
    """The matrix depends on the sum of the two indices: Hamilton, "Uncorrelated modes of the non-linear power spectrum"
    (2000), appendix B.
    """
    return transforms.fht(out_bar, dln, mu, offset, bias)


@linear(transforms.ifht)
def ifht(A, dln, mu, offset=0.0, bias=0.0, *, out_bar):
    return transforms.ifht(out_bar, dln, mu, offset, bias)


real_only(transforms.fht, transforms.ifht)
not_yet(transforms.fhtoffset, reason="nobody has written the derivative with respect to the step")


@adjoint(transforms.fftfreq, active=("d",))
def fftfreq(n, d=1.0, *, out, out_bar):
    """Whole numbers over n d."""
    return unbroadcast(-out * out_bar / d, d)


@tangent(transforms.fftfreq)
def fftfreq_dot(n, d=1.0, *, out, d_dot):
    return -out * (d_dot / d)


@adjoint(transforms.rfftfreq, active=("d",))
def rfftfreq(n, d=1.0, *, out, out_bar):
    return unbroadcast(-out * out_bar / d, d)


@tangent(transforms.rfftfreq)
def rfftfreq_dot(n, d=1.0, *, out, d_dot):
    return -out * (d_dot / d)


real_only(transforms.fftfreq, transforms.rfftfreq)
constant(transforms.next_fast_len, *there(transforms, "prev_fast_len"), reason="whole numbers")
uncovered(
    transforms.get_workers, transforms.set_workers, transforms.set_backend, transforms.skip_backend,
    transforms.set_global_backend, transforms.register_backend,
    reason="it says how transforms are computed",
)  # fmt: skip
