"""Figures: one call each, on a fixed grey scale, with a text twin."""

import math
import warnings
from collections.abc import Iterable

import cv2
import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_utils._validation import (
    check_flag,
    check_image,
    check_integer,
    check_number,
    check_shape,
    check_type,
    describe,
)
from course_utils.explorers import explore  # noqa: F401  notebooks find all figures here
from course_utils.histograms import histogram
from course_utils.twins import show_figure

WIDTH = 9  # inches
DPI = 90
MOST = 100  # panels a figure
LARGE = 2**22  # pixels from which an image is made smaller before Matplotlib draws it
INK = "#0072B2"  # this and the channel colours are safe for colour-blind readers (Okabe & Ito)
ACCENT = "#D55E00"
CHANNEL_COLORS = {"red": "#D55E00", "green": "#009E73", "blue": "#0072B2"}
BOXES = [ACCENT, "#56B4E9", "#009E73", "#E69F00"]  # seen on black and on white
CYCLE = [INK, ACCENT, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "black"]


def _check_columns(columns, default):
    """Return the number of columns, or the default for None."""
    columns = default if columns is None else columns
    check_integer(columns, "columns", minimum=1, maximum=MOST)
    return int(columns)  # a NumPy integer of few bits would overflow


def _check_scale(vmin, vmax):
    """Raise unless black and white are numbers or None, black the smaller one."""
    for name, value in (("vmin", vmin), ("vmax", vmax)):
        if value is not None:
            check_number(value, name, minimum=-1e300, maximum=1e300)
    if None not in (vmin, vmax) and vmin > vmax:
        raise ValueError(f"vmin must be at most vmax, but it is {vmin}, and vmax {vmax}")


def panels(count=1, *, columns=None, height=3.0):
    """Make a figure with `count` empty panels, to draw into and pass to `show_figure`.

    Parameters
    ----------
    count : int
        Number of panels, at most 100.
    columns : int or None
        Panels a row; all in one row by default.
    height : float
        Height of a row in inches; the figure is 9 inches wide.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : list of matplotlib.axes.Axes
        One a panel, row by row.
    """
    check_integer(count, "count", minimum=1, maximum=MOST)
    columns = _check_columns(columns, count)
    check_number(height, "height", minimum=0.5, maximum=50)
    rows = math.ceil(int(count) / columns)
    figure = Figure(figsize=(WIDTH, height * rows), dpi=DPI, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in axes:
        panel.set_prop_cycle(color=CYCLE)
    for empty in axes[count:]:
        empty.remove()
    return figure, list(axes[:count])


def _pair(images, titles, name="images", kind="gray or RGB", most=MOST):
    """Return images and titles as lists of one length, all checked."""
    if isinstance(images, (str, dict)) or not isinstance(images, Iterable):
        raise TypeError(f"{name} must be an array or a list of arrays, not {describe(images)}")
    images = [images] if isinstance(images, np.ndarray) else list(images)
    if not images:
        raise ValueError(f"{name} must hold at least one array, but the list is empty")
    if len(images) > most:
        raise ValueError(f"{name} must be at most {most} arrays, not {len(images)}")
    for number, image in enumerate(images):
        item = f"{name}[{number}]"
        if not isinstance(image, np.ndarray) or image.dtype.kind not in "buif":
            raise TypeError(f"{item} must be an array of numbers, not {describe(image)}")
        check_shape(image, item, kind)
        if image.ndim == 3 and image.dtype != np.uint8:
            levels = "255 * image" if image.max() <= 1 else "image"
            hint = f"to_uint8({levels}) rounds it"
            raise TypeError(f"{item} is RGB and must be uint8, not {image.dtype}; {hint}")
    titles = [titles] if isinstance(titles, str) else titles
    if titles is None:
        titles = [""] * len(images)
    if not isinstance(titles, Iterable) or len(titles := list(titles)) != len(images):
        raise ValueError(f"titles must be {len(images)}, one for each array, not {titles!r}")
    for number, title in enumerate(titles):
        check_type(title, f"titles[{number}]", str, "a str")
    return images, titles


def _image_panels(images, columns):
    """Make panels whose height suits the tallest image."""
    columns = _check_columns(columns, max(2, min(len(images), 4)))
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    height = max(WIDTH / columns * min(tallest, 1.2), 0.5) + 0.35
    return panels(len(images), columns=columns, height=height)


def _shrink(image, width):
    """Average the pixels of a large image by area, to at most twice as many as are drawn across."""
    factor = image.shape[1] / (2 * width)
    size = [max(1, round(side / factor)) for side in image.shape[1::-1]]
    if image.dtype not in (np.uint8, np.float32, np.float64):
        image = image.astype(np.float32)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _draw_image(axes, image, title, *, ticks=False, vmin=0, vmax=255, cmap="gray"):
    """Draw one image; pixels that are enlarged stay sharp squares."""
    axes.set_title(title, fontsize=11)
    width, pixels, norm = axes.get_window_extent().width, image, Normalize(vmin, vmax)
    if image.shape[0] * image.shape[1] > LARGE and image.shape[1] > 2 * width:
        norm.autoscale_None(np.ma.masked_invalid(image))
        pixels = _shrink(image, width)
    height, columns = image.shape[:2]
    drawn = axes.imshow(
        pixels,
        cmap=cmap,
        norm=norm,
        interpolation="nearest" if columns <= width else "antialiased",
        aspect="equal",
        origin="upper",
        extent=(-0.5, columns - 0.5, height - 0.5, -0.5),
    )
    drawn.whole = image  # for the twin, which tells of every pixel
    if ticks:
        axes.set(xlabel="column", ylabel="row")
    else:
        axes.set(xticks=[], yticks=[])
    return drawn


def show_images(images, titles=None, *, columns=None, ticks=False, vmin=0, vmax=255):
    """Show images side by side, all on one grey scale.

    Parameters
    ----------
    images : array or list of arrays, (height, width) or uint8 (height, width, 3)
    titles : str or list of str
        One an image.
    columns : int or None
        Images a row; by default 2 to 4, as many as there are.
    ticks : bool
        Whether to number rows and columns.
    vmin, vmax : float or None
        Values of grey images shown as black and white; None takes the image's own extremes.
        In arrays of bools, False is black and True white.

    Warns
    -----
    UserWarning
        If an image of floats lies in 0 … 1, which looks black on the scale of 0 … 255.

    Notes
    -----
    An image of more than 4 million pixels is made smaller before it is drawn, each pixel the mean
    of an area. Its text twin tells of every pixel.
    """
    images, titles = _pair(images, titles)
    check_flag(ticks, "ticks")
    _check_scale(vmin, vmax)
    for number, image in enumerate(images):
        if (
            image.dtype.kind == "f"
            and (vmin, vmax) == (0, 255)
            and 0 < np.fmax.reduce(image, axis=None) <= 1
        ):
            words = f"images[{number}] lies in 0 … 1, which looks black: pass vmax=1"
            warnings.warn(words, stacklevel=2)
    figure, axes = _image_panels(images, columns)
    for panel, image, title in zip(axes, images, titles):
        low, high = (0, 1) if image.dtype == bool else (vmin, vmax)
        _draw_image(panel, image, title, ticks=ticks, vmin=low, vmax=high)
    show_figure(figure)


def show_arrays(arrays, titles=None, *, columns=None, vmin=0, vmax=255, digits=3, boxes=()):
    """Show small arrays as grids of numbers, shaded like an image.

    Parameters
    ----------
    arrays : array or list of arrays, (height, width), at most 20 x 20 to stay readable
    titles : str or list of str
        One an array.
    columns : int or None
        Arrays a row; by default 3 or 4.
    vmin, vmax : float or None
        Values shaded black and white; None takes the array's own extremes.
    digits : int
        Significant digits of the numbers shown.
    boxes : list of (row, column, height, width)
        Windows to frame, in every array, each in a colour of its own up to the fourth.
    """
    arrays, titles = _pair(arrays, titles, "arrays", kind="gray")
    _check_scale(vmin, vmax)
    check_integer(digits, "digits", minimum=1, maximum=17)
    if np.ndim(boxes) == 0 or any(np.shape(box) != (4,) for box in boxes):
        raise ValueError(f"boxes must be a list of (row, column, height, width), not {boxes!r}")
    for row, column, height, width in boxes:
        check_integer(row, "row of boxes", minimum=0)
        check_integer(column, "column of boxes", minimum=0)
        check_integer(height, "height of boxes", minimum=1)
        check_integer(width, "width of boxes", minimum=1)
    largest = max(max(array.shape) for array in arrays)
    if largest > 20:
        raise ValueError(f"arrays must be at most 20 x 20, but a side is {largest}: show_images")
    columns = _check_columns(columns, max(3, min(len(arrays), 4)))
    figure, axes = _image_panels(arrays, columns)
    for panel, array, title in zip(axes, arrays, titles):
        drawn = _draw_image(panel, array, title, vmin=vmin, vmax=vmax)
        panel.set(xticks=range(array.shape[1]), yticks=range(array.shape[0]))
        panel.tick_params(length=0, labelsize=8, labelcolor="gray")
        size = min(14, 100 / max(array.shape))
        for (row, column), value in np.ndenumerate(array):
            color = "white" if drawn.norm(value) <= 0.46 else "black"  # NaN is shown on white
            text = f"{value:.{digits}g}" if array.dtype.kind == "f" else str(value)
            style = {"ha": "center", "va": "center", "color": color, "fontsize": size}
            panel.text(column, row, text, label="_number", **style)
        _draw_grid(panel, array.shape)
        for number, box in enumerate(boxes):
            _draw_box(panel, box, BOXES[number % len(BOXES)])
    show_figure(figure)


def _draw_grid(axes, shape):
    """Draw thin lines between the cells, so that equal ones do not run together."""
    for minor, count in ((axes.set_xticks, shape[1]), (axes.set_yticks, shape[0])):
        minor(np.arange(1, count) - 0.5, minor=True)
    axes.grid(which="minor", color="#6CA6CD", lw=0.8)  # seen on every grey
    axes.tick_params(which="minor", length=0)


def _draw_box(axes, box, color):
    """Draw a frame within the cells it holds: those that touch or overlap stay apart."""
    row, column, height, width = box
    frame = Rectangle((column - 0.5, row - 0.5), width, height, fill=False, ec=color, lw=7)
    axes.add_patch(frame)
    frame.set_clip_path(frame)  # half of the line lies outside, and is cut


def _largest(array, name):
    """Largest magnitude in an array, where NaN is left out."""
    values = array[~np.isnan(array)].astype(float)
    if not values.size or np.isinf(values).any():
        holds = "infinity" if values.size else "NaN only"
        raise ValueError(f"{name} must hold finite numbers, or pass limit=, but it holds {holds}")
    return np.abs(values).max()


def show_signed(arrays, titles=None, *, columns=None, limit=None):
    """Show arrays with negative and positive values: blue below zero, white at zero, red above.

    Parameters
    ----------
    arrays : array or list of arrays, (height, width)
    titles : str or list of str
        One an array.
    columns : int or None
        Arrays a row; by default 2 to 4, as many as there are.
    limit : float or None
        Value of the strongest red, and its negative of the strongest blue; by default the largest
        magnitude in all arrays.
    """
    arrays, titles = _pair(arrays, titles, "arrays", kind="gray")
    if limit is None:
        limit = max(_largest(array, f"arrays[{k}]") for k, array in enumerate(arrays)) or 1
    check_number(limit, "limit", minimum=1e-300, maximum=1e300)
    limit = float(limit)  # a NumPy integer may have no negative
    figure, axes = _image_panels(arrays, columns)
    for panel, array, title in zip(axes, arrays, titles):
        drawn = _draw_image(panel, array, title, cmap="RdBu_r", vmin=-limit, vmax=limit)
    figure.colorbar(drawn, ax=axes, shrink=0.8)
    show_figure(figure)


def _draw_histogram(axes, image, cdf):
    """Draw the histogram of one image, or one a channel, and the cumulative distribution."""
    channels = [image] if image.ndim == 2 else np.moveaxis(image, 2, 0)
    names = ["gray"] if image.ndim == 2 else CHANNEL_COLORS
    for name, channel in zip(names, channels):
        counts = histogram(channel)
        color = CHANNEL_COLORS.get(name, INK)
        style = {"fill": image.ndim == 2, "color": color, "label": name}
        axes.stairs(counts, np.arange(257) - 0.5, snap=False, **style)  # snapping hides thin bars
    axes.set(xlim=(-2, 257), xlabel="grey level", xticks=(0, 64, 128, 192, 255))
    axes.tick_params(labelsize=8)
    if image.ndim == 3:
        axes.legend(fontsize=8, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))
    if cdf:
        share = axes.twinx()
        share.plot(counts.cumsum() / counts.sum(), color=ACCENT)
        share.set(ylim=(0, 1.02), title="cumulative fraction, 0…1")
        share.title.set(color=ACCENT, fontsize=9)
        share.set_yticks([])


def show_histograms(images, titles=None, *, cdf=False, sharey=False, beside=False):
    """Show each image above its histogram, or beside it.

    Parameters
    ----------
    images : uint8 array or list of them, (height, width) or (height, width, 3)
    titles : str or list of str
        One an image.
    cdf : bool
        Whether to draw the cumulative distribution into the histogram (grey images).
    sharey : bool
        Whether all histograms get one scale.
    beside : bool
        Whether each image stands to the left of its histogram, instead of above it.
    """
    images, titles = _pair(images, titles, most=MOST // 2)
    check_flag(cdf, "cdf")
    check_flag(sharey, "sharey")
    check_flag(beside, "beside")
    for number, image in enumerate(images):
        check_image(image, f"images[{number}]", kind="gray" if cdf else "gray or RGB")
    count = len(images)
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    height = 2.6 if beside else min(WIDTH / count * tallest, 4) / 2 + 1.3
    figure, axes = panels(2 * count, columns=2 if beside else count, height=height)
    tops, bottoms = (axes[::2], axes[1::2]) if beside else (axes[:count], axes[count:])
    for top, bottom, image, title in zip(tops, bottoms, images, titles):
        _draw_image(top, image, title)
        _draw_histogram(bottom, image, cdf)
    bottoms[0].set_ylabel("pixels")
    if sharey:
        highest = max(bottom.get_ylim()[1] for bottom in bottoms)
        for bottom in bottoms:
            bottom.set_ylim(0, highest)
        for bottom in [] if beside else bottoms[1:]:
            bottom.set_yticklabels([])
    show_figure(figure)


def plot_curves(x, curves, *, title="", xlabel="", ylabel="", height=3.2):
    """Plot named curves over one axis.

    Parameters
    ----------
    x : array, shape (n,)
    curves : dict of str to array of shape (n,)
        One a line, named in the legend.
    title, xlabel, ylabel : str
    height : float
        In inches.
    """
    if not isinstance(curves, dict) or not curves:
        raise TypeError(f"curves must be a dict of name to values, not {describe(curves)}")
    for name, text in (("title", title), ("xlabel", xlabel), ("ylabel", ylabel)):
        check_type(text, name, str, "a str")
    for name, values in (("x", x), *((f"curves[{key!r}]", y) for key, y in curves.items())):
        kinds = "buifU" if name == "x" else "buif"  # x may be categories
        if np.ndim(values) != 1 or np.asarray(values).dtype.kind not in kinds:
            raise TypeError(f"{name} must be a 1-D array of real numbers, not {describe(values)}")
    figure, (axes,) = panels(height=height)
    for name, y in curves.items():
        if np.shape(y) != np.shape(x):
            raise ValueError(
                f"curves[{name!r}] must have shape {np.shape(x)} as x, not {np.shape(y)}"
            )
        axes.plot(x, y, label=name)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.legend()
    show_figure(figure)
