"""An image pipeline with views: white balance, vignette, blur, unsharp mask, tone curve; distance to a reference."""

import numpy as np

LUMA = np.array([0.2126, 0.7152, 0.0722])


def white_balance(image, gains):
    """Each channel times its gain, in place."""
    red, green, blue = image[..., 0], image[..., 1], image[..., 2]
    red *= gains[0]
    green *= gains[1]
    blue *= gains[2]


def remove_vignette(image, strength):
    """Brightens the corners, in place."""
    height, width = image.shape[:2]
    y = np.linspace(-1, 1, height)[:, None]
    x = np.linspace(-1, 1, width)[None, :]
    image /= (1 - strength * (x**2 + y**2) / 2)[..., None]


def blur(image, weight):
    """A separable filter of three taps; the border stays."""
    out = image.copy()
    for view in (out, out.swapaxes(0, 1)):  # rows, then columns of the same array
        middle = (1 - 2 * weight) * view[1:-1] + weight * (view[:-2] + view[2:])
        view[1:-1] = middle
    return out


def unsharp(image, amount, weight):
    detail = image - blur(image, weight)
    image += amount * detail
    return image


def tone_curve(x, contrast):
    """A sigmoid around the middle grey."""
    return 1 / (1 + np.exp(-contrast * (x - 0.5)))


def thumbnail(image):
    """The mean of blocks of two by two, from four views."""
    return (image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2]) / 4


def develop(raw, gains, settings):
    image = np.array(raw)
    white_balance(image, gains)
    remove_vignette(image, settings["vignette"])
    inner = image[1:-1, 1:-1]  # the border is not sharpened
    unsharp(inner, settings["sharpen"], settings["blur"])
    luminance = image @ LUMA
    toned = tone_curve(luminance, settings["contrast"])
    image *= (toned / luminance)[:, :, np.newaxis]
    return image


def image_pipeline(raw, gains, settings, reference):
    """How far the thumbnail of the picture is from the reference, with a price on saturation."""
    image = develop(raw, gains, settings)
    small = thumbnail(image)
    error = np.mean((small - reference) ** 2)
    grey = image.mean(axis=-1, keepdims=True)
    saturation = np.mean((image - grey) ** 2)
    return error + 0.05 * saturation


_noise = np.random.default_rng(5)
EXAMPLE = dict(
    args=(
        _noise.uniform(0.2, 0.9, (6, 8, 3)).round(3),
        np.array([1.1, 0.95, 1.2]),
        {"vignette": 0.3, "sharpen": 0.8, "blur": 0.2, "contrast": 4.0},
        _noise.uniform(0.2, 0.9, (3, 4, 3)).round(3),
    ),
    wrt=("raw", "gains", "settings"),
)
