"""Figures: one call each, on a fixed grey scale, with a text twin.

The text twin lists what each panel shows, with a digest of each image and line. It is stored beside
the picture: CI compares it, since one changed pixel changes a digest, and a screen reader reads it.
"""

import hashlib
import io
import math
from collections.abc import Iterable

import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle, StepPatch
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from course_utils._validation import (
    check_image,
    check_integer,
    check_number,
    check_shape,
    describe,
)

WIDTH = 9  # inches
DPI = 90
INK = "#0072B2"  # this and the channel colours are safe for colour-blind readers (Okabe & Ito)
ACCENT = "#D55E00"
CHANNEL_COLORS = {"red": "#D55E00", "green": "#009E73", "blue": "#0072B2"}
CYCLE = [INK, ACCENT, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "black"]


# The text twin ---------------------------------------------------------------------------------


def digest(values):
    """Short fingerprint of an array: exact for integers, to a thousandth of the range for floats.

    Parameters
    ----------
    values : array of numbers, any shape

    Returns
    -------
    str
        Six hexadecimal digits.

    Notes
    -----
    Processors may differ in the last bit of a float, so floats are counted in steps of a thousandth
    of their range, but at least 1e-7 of their size. The irrational offset keeps values such as
    exact halves away from the limit between two steps.

    Examples
    --------
    >>> digest(np.array([0, 1, 2])) == digest(np.array([0, 1, 3]))
    False
    >>> digest(np.array([0.0, 1.0])) == digest(np.array([1e-12, 1.0]))
    True
    """
    values = np.ma.getdata(values)
    if values.dtype.kind == "f":
        values = values.astype(float)
        finite = values[np.isfinite(values)]
        low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
        step = max((high - low) / 1000, 1e-7 * abs(low), 1e-7 * abs(high)) or 1
        steps = np.floor((values - low) / step + 1 / math.e)
        values = np.nan_to_num(steps, nan=-1, posinf=-2, neginf=-3)
    content = f"{values.shape}".encode() + values.astype("<i8").tobytes()
    return hashlib.blake2s(content, digest_size=3).hexdigest()


def _statistics(values):
    """Say range, mean and digest of an array: floats to four digits, where a tie goes up."""
    values = np.ma.getdata(values)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return f"no finite number among {values.size}"
    numbers = np.array([finite.min(), finite.max(), finite.mean(dtype=float)], float)
    largest = max(np.abs(numbers).max(), 1e-300) * 1.000001
    step = 10.0 ** (math.floor(math.log10(largest)) - 3)
    low, high, mean = (f"{value:.4g}" for value in np.floor(numbers / step + 0.501) * step)
    if values.dtype.kind != "f":
        low, high = int(finite.min()), int(finite.max())
    missing = "" if finite.size == values.size else f", {values.size - finite.size} not finite"
    return f"{low} to {high}, mean {mean}{missing}, #{digest(values)}"


def _label(artist):
    """Label of an artist in quotes, if it has one."""
    name = str(artist.get_label())
    return "" if not name or name.startswith("_") else f" '{name}'"


def _describe_points(artist, kind, x, y):
    """Say in one line where the points of an artist lie."""
    x, y = np.ma.getdata(x), np.ma.getdata(y)
    return f"{kind}{_label(artist)}, {len(x)} points: x {_statistics(x)}, y {_statistics(y)}"


def _describe_artist(artist):
    """Say in one line what an artist shows; None for decoration."""
    if isinstance(artist, AxesImage):
        values = artist.get_array()
        low, high = (limit * (1 + 1e-9) for limit in artist.get_clim())  # lifts ties, see digest
        scale = "RGB" if values.ndim == 3 else f"{artist.get_cmap().name} {low:.3g}…{high:.3g}"
        return f"image {' × '.join(map(str, values.shape))} ({scale}): {_statistics(values)}"
    if isinstance(artist, Line2D):
        exact = all(np.asarray(values).dtype.kind in "buif" for values in artist.get_data())
        return _describe_points(artist, "line", *artist.get_data(orig=exact))  # else positions
    if isinstance(artist, StepPatch):
        values, edges, _ = artist.get_data()
        bins = f"{len(values)} bins from {edges[0]:.4g} to {edges[-1]:.4g}"
        return f"histogram{_label(artist)}, {bins}: {_statistics(values)}"
    if isinstance(artist, BarContainer):
        return f"bars{_label(artist)}, {len(artist)}: {_statistics(artist.datavalues)}"
    if isinstance(artist, Collection):  # clouds of points; filled areas, vertical lines
        is_cloud = isinstance(artist, PathCollection)
        corners = [np.empty((0, 2)), *(path.vertices for path in artist.get_paths())]
        points = artist.get_offsets() if is_cloud else np.concatenate(corners)
        colors = artist.get_array()
        suffix = "" if colors is None else f", colors {_statistics(colors)}"
        return _describe_points(artist, "points" if is_cloud else "shape", *points.T) + suffix
    if isinstance(artist, Patch):  # boxes
        corners = artist.get_patch_transform().transform(artist.get_path().vertices)
        return _describe_points(artist, "shape", *corners.T)
    if isinstance(artist, Text) and not artist.get_label().startswith("_"):
        return f"text '{artist.get_text()}'"
    return None


def _describe_axes(axes):
    """Say title, axes and content of a panel, one line each."""
    names = {axis: axis.get_label_text() for axis in (axes.xaxis, axes.yaxis)}
    labels = [f"{axis.axis_name}: {name}" for axis, name in names.items() if name]
    labels += [
        f"{axis.axis_name} is {axis.get_scale()}" for axis in names if axis.get_scale() != "linear"
    ]
    bars = [container for container in axes.containers if isinstance(container, BarContainer)]
    parts = {part for container in bars for part in container}
    shown = [*axes.images, *axes.lines, *axes.collections, *axes.patches, *bars, *axes.texts]
    content = [_describe_artist(artist) for artist in shown if artist not in parts]
    return [
        f"[{axes.get_title() or 'untitled'}] {', '.join(labels)}".strip(),
        *filter(None, content),
    ]


def summarize(figure):
    """Text twin of a figure: for each panel its title, its axes and what it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
        One line a panel, and one for each image, line, histogram, set of bars, cloud of points,
        shape and text in it.
    """
    panels = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    lines = [figure.get_suptitle(), *(line for axes in panels for line in _describe_axes(axes))]
    return "\n".join(filter(None, lines))


class Picture:
    """A rendered figure: a PNG for the eye, the text twin for CI and screen readers."""

    def __init__(self, figure):
        self.summary = summarize(figure)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]
        # The PNG carries its text twin and its own digest: CI can tell that they belong together.
        notes = PngInfo()
        notes.add_itxt("Description", self.summary)
        notes.add_text("Digest", digest(pixels))
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "png", pnginfo=notes)
        self.png = buffer.getvalue()

    def _repr_png_(self):
        return self.png

    def __repr__(self):
        return self.summary


def show_figure(figure):
    """Show a figure that you made with `panels`, with its text twin.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    """
    if not isinstance(figure, Figure):
        raise TypeError(f"figure must be a matplotlib Figure, not {describe(figure)}")
    display(Picture(figure))


def _check_columns(columns, default):
    """Return the number of columns, or the default for None."""
    columns = default if columns is None else columns
    check_integer(columns, "columns", minimum=1)
    return columns


def panels(count=1, *, columns=None, height=3.0):
    """Make a figure with `count` empty panels, to draw into and pass to `show_figure`.

    Parameters
    ----------
    count : int
        Number of panels.
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
    check_integer(count, "count", minimum=1)
    columns = _check_columns(columns, count)
    check_number(height, "height", minimum=0.5, maximum=50)
    rows = math.ceil(count / columns)
    figure = Figure(figsize=(WIDTH, height * rows), dpi=DPI, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in axes:
        panel.set_prop_cycle(color=CYCLE)
    for empty in axes[count:]:
        empty.remove()
    return figure, list(axes[:count])


# Figures ---------------------------------------------------------------------------------------


def _pair(images, titles, name="images", kind="gray or RGB"):
    """Return images and titles as lists of one length, all checked."""
    if isinstance(images, (str, dict)) or not isinstance(images, Iterable):
        raise TypeError(f"{name} must be an array or a list of arrays, not {describe(images)}")
    images = [images] if isinstance(images, np.ndarray) else list(images)
    if not images:
        raise ValueError(f"{name} must hold at least one array, but the list is empty")
    for number, image in enumerate(images):
        item = f"{name}[{number}]"
        if not isinstance(image, np.ndarray) or image.dtype.kind not in "buif":
            raise TypeError(f"{item} must be an array of numbers, not {describe(image)}")
        check_shape(image, item, kind)
        if image.ndim == 3 and image.dtype != np.uint8:
            raise TypeError(f"{item} is RGB and must be uint8, not {image.dtype}")
    titles = [titles] if isinstance(titles, str) else titles
    if titles is None:
        titles = [""] * len(images)
    if not isinstance(titles, Iterable) or len(titles := list(titles)) != len(images):
        raise ValueError(f"titles must be {len(images)}, one for each array, not {titles!r}")
    return images, titles


def _image_panels(images, columns):
    """Make panels whose height suits the tallest image."""
    columns = _check_columns(columns, max(2, min(len(images), 4)))
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    height = max(WIDTH / columns * min(tallest, 1.2), 0.5) + 0.35
    return panels(len(images), columns=columns, height=height)


def _draw_image(axes, image, title, *, ticks=False, **scale):
    """Draw one image; pixels that are enlarged stay sharp squares."""
    axes.set_title(title, fontsize=11)
    width = axes.get_window_extent().width
    interpolation = "nearest" if image.shape[1] <= width else "antialiased"
    scale |= {"interpolation": interpolation, "aspect": "equal", "origin": "upper"}
    drawn = axes.imshow(image, **scale)
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
    """
    images, titles = _pair(images, titles)
    figure, axes = _image_panels(images, columns)
    for panel, image, title in zip(axes, images, titles):
        low, high = (0, 1) if image.dtype == bool else (vmin, vmax)
        _draw_image(panel, image, title, ticks=ticks, cmap="gray", vmin=low, vmax=high)
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
        Windows to frame, in every array.
    """
    arrays, titles = _pair(arrays, titles, "arrays", kind="gray")
    check_integer(digits, "digits", minimum=1, maximum=17)
    largest = max(max(array.shape) for array in arrays)
    if largest > 20:
        raise ValueError(f"arrays must be at most 20 x 20, but a side is {largest}: show_images")
    columns = _check_columns(columns, max(3, min(len(arrays), 4)))
    figure, axes = _image_panels(arrays, columns)
    for panel, array, title in zip(axes, arrays, titles):
        drawn = _draw_image(panel, array, title, cmap="gray", vmin=vmin, vmax=vmax)
        panel.set(xticks=range(array.shape[1]), yticks=range(array.shape[0]))
        panel.tick_params(length=0, labelsize=8, labelcolor="gray")
        size = min(14, 100 / max(array.shape))
        for (row, column), value in np.ndenumerate(array):
            color = "white" if drawn.norm(value) <= 0.46 else "black"  # NaN is shown on white
            text = f"{value:.{digits}g}" if array.dtype.kind == "f" else str(value)
            style = {"ha": "center", "va": "center", "color": color, "fontsize": size}
            panel.text(column, row, text, label="_number", **style)
        for row, column, height, width in boxes:
            corner = column - 0.5, row - 0.5
            panel.add_patch(Rectangle(corner, width, height, fill=False, ec=ACCENT, lw=3))
    show_figure(figure)


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
        limit = max(np.nanmax(np.abs(array.astype(float))) for array in arrays) or 1
    check_number(limit, "limit", minimum=1e-300, maximum=1e300)
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
        counts = np.bincount(channel.ravel(), minlength=256)
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
        share.set(ylim=(0, 1.02), title="cumulative share, 0…1")
        share.title.set(color=ACCENT, fontsize=9)
        share.set_yticks([])


def show_histograms(images, titles=None, *, cdf=False, sharey=False):
    """Show each image above its histogram.

    Parameters
    ----------
    images : uint8 array or list of them, (height, width) or (height, width, 3)
    titles : str or list of str
        One an image.
    cdf : bool
        Whether to draw the cumulative distribution into the histogram (grey images).
    sharey : bool
        Whether all histograms get one scale.
    """
    images, titles = _pair(images, titles)
    for number, image in enumerate(images):
        check_image(image, f"images[{number}]", kind="gray" if cdf else "gray or RGB")
    count = len(images)
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    height = min(WIDTH / count * tallest, 4) / 2 + 1.3
    figure, axes = panels(2 * count, columns=count, height=height)
    for top, bottom, image, title in zip(axes, axes[count:], images, titles):
        _draw_image(top, image, title, cmap="gray", vmin=0, vmax=255)
        _draw_histogram(bottom, image, cdf)
    axes[count].set_ylabel("pixels")
    if sharey:
        highest = max(bottom.get_ylim()[1] for bottom in axes[count:])
        for bottom in axes[count:]:
            bottom.set_ylim(0, highest)
        for bottom in axes[count + 1 :]:
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
