"""Figures: one call each, on a fixed grey scale, with a text twin.

The text twin lists what each panel shows, with a digest of each image and line. It is stored beside
the picture: CI compares it, since one changed pixel changes a digest, and a screen reader reads it.
"""

import hashlib
import io
import math

import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from course_utils._validation import check_image, check_integer, check_shape, describe

WIDTH = 9  # inches
DPI = 90
INK = "#0072B2"  # this and the channel colours are safe for colour-blind readers (Okabe & Ito)
ACCENT = "#D55E00"
CHANNEL_COLORS = {"red": "#D55E00", "green": "#009E73", "blue": "#0072B2"}
CYCLE = [INK, ACCENT, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "black"]


# The text twin ---------------------------------------------------------------------------------


def _steps(values, scale):
    """Whole thousandths of `scale`: equal on processors that differ in a float's last bit.

    The odd offset keeps a value that lies exactly between two steps from flipping.
    """
    return np.floor(np.asarray(values, float) / (scale or 1) * 1000 + 0.37)


def digest(values):
    """Short fingerprint of an array: exact for integers, to a thousandth of the range for floats.

    Parameters
    ----------
    values : array of numbers, any shape

    Returns
    -------
    str
        Six hexadecimal digits.

    Examples
    --------
    >>> digest(np.array([0, 1, 2])) == digest(np.array([0, 1, 3]))
    False
    >>> digest(np.array([0.0, 1.0])) == digest(np.array([1e-12, 1.0]))
    True
    """
    values = np.ma.getdata(values)
    if values.dtype.kind == "f":
        low, high = (np.nanmin(values), np.nanmax(values)) if values.size else (0, 0)
        steps = _steps(values - low, high - low)
        values = np.nan_to_num(steps, nan=-1, posinf=-2, neginf=-3)
    content = f"{values.shape}".encode() + values.astype("<i8").tobytes()
    return hashlib.blake2s(content, digest_size=3).hexdigest()


def _statistics(values):
    """Say range, mean and digest of an array."""
    values = np.ma.getdata(values)
    numbers = np.array([values.min(), values.max(), values.mean()], float)
    scale = np.abs(numbers).max()
    low, high, mean = _steps(numbers, scale) * scale / 1000 * (1 + 1e-9)
    if values.dtype.kind != "f":
        low, high = numbers[:2]
    return f"{low:.4g} to {high:.4g}, mean {mean:.3g}, #{digest(values)}"


def _describe_artist(artist):
    """Say in one line what an image, a line, a histogram or a bar shows; None for decoration."""
    name = str(artist.get_label())
    label = "" if name.startswith("_") else f" '{name}'"
    if isinstance(artist, AxesImage):
        values = artist.get_array()
        colors = (
            "RGB"
            if values.ndim == 3
            else "{} {:.3g}…{:.3g}".format(artist.get_cmap().name, *artist.get_clim())
        )
        size = " × ".join(map(str, values.shape))
        return f"image {size} ({colors}): {_statistics(values)}"
    if isinstance(artist, Line2D):
        return f"line{label}, {len(artist.get_xdata())} points: " + ", ".join(
            f"{axis} {_statistics(np.asarray(values))}"
            for axis, values in (("x", artist.get_xdata()), ("y", artist.get_ydata()))
        )
    if isinstance(artist, StepPatch):
        values = artist.get_data().values
        return f"histogram{label}, {len(values)} bins: {_statistics(values)}"
    if isinstance(artist, PathCollection):
        points = np.ma.getdata(artist.get_offsets())
        return f"points{label}, {len(points)}: {_statistics(points)}"
    return None


def summarize(figure):
    """Text twin of a figure: for each panel its title and what it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
        One line a panel, and one for each image, line, histogram, cloud of points and set of bars.
    """
    lines = []
    for axes in figure.axes:
        if axes.get_label() == "<colorbar>":
            continue
        lines.append(f"[{axes.get_title() or axes.get_ylabel() or 'untitled'}]")
        lines += filter(None, map(_describe_artist, axes.get_children()))
        for bars in axes.containers:
            heights = np.array([bar.get_height() for bar in bars])
            lines.append(f"bars '{bars.get_label()}', {len(heights)}: {_statistics(heights)}")
    return "\n".join(lines)


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
    display(Picture(figure))


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
    columns = columns or count
    check_integer(columns, "columns", minimum=1)
    rows = math.ceil(count / columns)
    figure = Figure(figsize=(WIDTH, height * rows), dpi=DPI, layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in axes:
        panel.set_prop_cycle(color=CYCLE)
    for empty in axes[count:]:
        empty.remove()
    return figure, list(axes[:count])


# Figures ---------------------------------------------------------------------------------------


def _pair(images, titles):
    """Return images and titles as lists of one length, all checked."""
    images = [images] if isinstance(images, np.ndarray) else list(images)
    titles = [titles] if isinstance(titles, str) else list(titles or [""] * len(images))
    if not images or len(titles) != len(images):
        raise ValueError(f"titles must be one an image, not {len(titles)} for {len(images)} images")
    for number, image in enumerate(images):
        if not isinstance(image, np.ndarray) or image.dtype.kind not in "buif":
            raise TypeError(f"images[{number}] must be an array of numbers, not {describe(image)}")
        check_shape(image, f"images[{number}]", "gray or RGB")
        if image.ndim == 3 and image.dtype != np.uint8:
            raise TypeError(f"images[{number}] is RGB and must be uint8, not {image.dtype}")
    return images, titles


def _image_panels(images, columns):
    """Make panels whose height suits the tallest image."""
    columns = columns or max(2, min(len(images), 4))
    tallest = max(image.shape[0] / image.shape[1] for image in images)
    return panels(len(images), columns=columns, height=WIDTH / columns * min(tallest, 1.2) + 0.35)


def _draw_image(axes, image, title, *, ticks=False, **scale):
    """Draw one image; pixels that are enlarged stay sharp squares."""
    axes.set_title(title, fontsize=11)
    width = axes.get_window_extent().width
    interpolation = "nearest" if image.shape[1] <= width else "antialiased"
    drawn = axes.imshow(image, interpolation=interpolation, **scale)
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
    """
    images, titles = _pair(images, titles)
    figure, axes = _image_panels(images, columns)
    for panel, image, title in zip(axes, images, titles):
        _draw_image(panel, image, title, ticks=ticks, cmap="gray", vmin=vmin, vmax=vmax)
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
    arrays, titles = _pair(arrays, titles)
    figure, axes = _image_panels(arrays, columns or max(3, min(len(arrays), 4)))
    for panel, array, title in zip(axes, arrays, titles):
        drawn = _draw_image(panel, array, title, cmap="gray", vmin=vmin, vmax=vmax)
        panel.set(xticks=range(array.shape[1]), yticks=range(array.shape[0]))
        panel.tick_params(length=0, labelsize=8, labelcolor="gray")
        size = min(14, 100 / max(array.shape))
        for (row, column), value in np.ndenumerate(array):
            color = "black" if drawn.norm(value) > 0.45 else "white"
            text = f"{value:.{digits}g}" if array.dtype.kind == "f" else str(value)
            panel.text(column, row, text, ha="center", va="center", color=color, fontsize=size)
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
    arrays, titles = _pair(arrays, titles)
    limit = limit or max(np.abs(array.astype(float)).max() for array in arrays) or 1
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
        axes.stairs(counts, np.arange(257) - 0.5, fill=image.ndim == 2, color=color, label=name)
    axes.set(xlim=(-2, 257), xlabel="grey level", xticks=(0, 64, 128, 192, 255))
    axes.tick_params(labelsize=8)
    if image.ndim == 3:
        axes.legend(fontsize=8)
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
    figure, (axes,) = panels(height=height)
    for name, y in curves.items():
        axes.plot(x, y, label=name)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.legend()
    show_figure(figure)
