"""Figures: one call each, on a fixed grey scale, with a text twin; and sliders for their settings.

The text twin lists what each panel shows, with a digest of each image and line. It is stored beside
the picture: CI compares it, since one changed pixel changes a digest, and a screen reader reads it.
"""

import hashlib
import html
import inspect
import io
import math
from collections.abc import Iterable
from contextvars import ContextVar

import ipywidgets
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
from traitlets import TraitError

from course_utils._validation import (
    check_flag,
    check_image,
    check_integer,
    check_number,
    check_shape,
    check_type,
    describe,
)

WIDTH = 9  # inches
DPI = 90
MOST = 100  # panels a figure
INK = "#0072B2"  # this and the channel colours are safe for colour-blind readers (Okabe & Ito)
ACCENT = "#D55E00"
CHANNEL_COLORS = {"red": "#D55E00", "green": "#009E73", "blue": "#0072B2"}
WIDGET = "application/vnd.jupyter.widget-view+json"  # what Jupyter calls a widget in an output
UNSEEN = "position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden"
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
    if np.ma.getdata(values).dtype.kind not in "buif":
        raise TypeError(f"values must be an array of real numbers, not {describe(values)}")
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
    check_type(figure, "figure", Figure, "a matplotlib Figure")
    panels = [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]
    lines = [figure.get_suptitle(), *(line for axes in panels for line in _describe_axes(axes))]
    return "\n".join(filter(None, lines))


def _render(figure):
    """Return the pixels of a figure: uint8 array, shape (height, width, 3)."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def _png(pixels, **options):
    """Return the bytes of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png", **options)
    return buffer.getvalue()


class Picture:
    """Rendered figures, one below the other: a PNG for the eye, the text twin for CI and ear."""

    def __init__(self, *figures):
        self.summary = "\n".join(map(summarize, figures))
        pixels = np.concatenate([_render(figure) for figure in figures])
        # The PNG carries its text twin and its own digest: CI can tell that they belong together.
        notes = PngInfo()
        notes.add_itxt("Description", self.summary)
        notes.add_text("Digest", digest(pixels))
        self.png = _png(pixels, pnginfo=notes)

    def _repr_png_(self):
        return self.png

    def __repr__(self):
        return self.summary


_collected = ContextVar("figures that a function shows while explore calls it", default=None)


def show_figure(figure):
    """Show a figure that you made with `panels`, with its text twin.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    """
    check_type(figure, "figure", Figure, "a matplotlib Figure")
    figures = _collected.get()
    if figures is None:
        display(Picture(figure))
    else:
        figures.append(figure)


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
    for number, title in enumerate(titles):
        check_type(title, f"titles[{number}]", str, "a str")
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
    check_flag(ticks, "ticks")
    _check_scale(vmin, vmax)
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
    images, titles = _pair(images, titles)
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
        _draw_image(top, image, title, cmap="gray", vmin=0, vmax=255)
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


# Sliders ---------------------------------------------------------------------------------------


def _check_control(control, name):
    """Raise unless `control` is one of the four kinds that `explore` takes."""
    wanted = "(min, max), (min, max, step), a list of options or a widget"
    is_widget = isinstance(control, ipywidgets.ValueWidget)
    is_tuple = isinstance(control, tuple) and len(control) in (2, 3)
    if not is_widget and not is_tuple and not isinstance(control, list):
        raise TypeError(f"{name} must be {wanted}, not {describe(control)}")
    if is_tuple:
        for number in control:
            check_number(number, f"each number of {name}", minimum=-1e300, maximum=1e300)
        low, high, *step = control
        if not low < high or not all(0 < width <= high - low for width in step):
            raise ValueError(f"{name} must be {wanted}, with min < max, not {control}")
    if isinstance(control, list) and len(control) < 2:
        raise ValueError(f"{name} must be a list of at least two options, not {control}")


def _make_control(control, name, unit):
    """Return the widget that a control stands for, with a description."""
    widget = ipywidgets.interactive.widget_from_abbrev(control)
    widget.description = widget.description or name + (f" ({unit})" if unit else "")
    widget.tooltip = widget.tooltip or widget.description  # without one, ipywidgets says "null"
    widget.style.description_width = "initial"  # as wide as the words: nothing is cut off
    if widget is not control:
        widget.layout = {"width": "30em", "max_width": "100%"}
    if isinstance(widget, ipywidgets.FloatSlider):  # as many decimals as the step has
        widget.readout_format = f".{len(f'{widget.step:g}'.partition('.')[2])}f"
    return widget


def _move(controls, settings):
    """Set controls to the values of `settings`."""
    for name, value in settings.items():
        if name not in controls:
            raise ValueError(f"examples must set controls, {', '.join(controls)}, not {name!r}")
        try:
            controls[name].value = value
            taken = controls[name].value == value  # a slider stops at its ends and says nothing
        except TraitError:
            taken = False
        if not taken:
            raise ValueError(f"{name} cannot be set to {value!r}: its control has no such value")


def _three_values(control):
    """Lowest, middle and highest value of a slider; first, middle and last option of a list."""
    if isinstance(control, (ipywidgets.IntSlider, ipywidgets.FloatSlider)):
        steps = round((control.max - control.min) / control.step / 2)
        return [control.min, control.min + steps * control.step, control.max]
    if not hasattr(control, "options"):
        return [control.value]
    options = [option[1] if isinstance(option, tuple) else option for option in control.options]
    return list(dict.fromkeys([options[0], options[len(options) // 2], options[-1]]))


def _caption(controls):
    """Say how the controls are set: ``sigma (grey levels) = 20, noise = speckle``."""
    parts = []
    for control in controls.values():
        value = getattr(control, "label", control.value)  # a list knows the words of its option
        value = f"{value:g}" if isinstance(value, float) else value
        parts.append(f"{control.description} = {value}")
    return ", ".join(parts)


def _figure_of(function, controls):
    """Return the figure that `function` shows."""
    figures = []
    token = _collected.set(figures)
    try:
        function(**{name: control.value for name, control in controls.items()})
    finally:
        _collected.reset(token)
    if len(figures) != 1:
        raise ValueError(f"function must show one figure, but it showed {len(figures)}")
    return figures[0]


class Explorer(Picture):
    """Pictures of a few settings, and a widget that takes their place where a kernel runs.

    Jupyter gets both in one output, and shows the widget if it can. A stored notebook holds the
    pictures only, which are what GitHub, the website and paper show.
    """

    def __init__(self, function, controls, examples):
        start = {name: control.value for name, control in controls.items()}
        figures = []
        for settings in examples:
            _move(controls, start | settings)
            figures.append(_figure_of(function, controls))
            figures[-1].suptitle(_caption(controls), x=0.01, ha="left", size=11, weight="bold")
        super().__init__(*figures)
        _move(controls, start)
        self.function, self.controls = function, controls
        self.first = None  # the first live figure, which lends its layout to all others
        self.image = ipywidgets.Image(format="png", layout={"max_width": "100%"})
        self.words = ipywidgets.HTML()  # what the titles say, for who cannot see the picture
        self.box = ipywidgets.VBox()
        self.draw()
        for control in controls.values():
            control.observe(self.draw, "value")

    def draw(self, change=None):
        """Draw the present settings anew, or say in place of the picture what went wrong."""
        try:
            figure = _figure_of(self.function, self.controls)
            self._place_panels(figure)
            self.image.value = _png(_render(figure), compress_level=1)  # fast, and a bit larger
            titles = html.escape(", ".join(panel.get_title() for panel in figure.axes))
            self.words.value = f'<p role="status" style="{UNSEEN}">{titles}</p>'
        except Exception as error:
            message = html.escape(f"{type(error).__name__}: {error}")
            self._show(ipywidgets.HTML(f'<pre role="alert">{message}</pre>'))
            raise
        self.first = self.first or figure
        self._show(self.image, self.words)

    def _show(self, *widgets):
        self.box.children = (*self.controls.values(), *widgets)

    def _place_panels(self, figure):
        """Place the panels as in the first figure: to lay them out takes as long as to draw."""
        first = self.first
        if not first or first.bbox.bounds != figure.bbox.bounds:
            return
        if len(first.axes) == len(figure.axes):
            figure.set_layout_engine("none")
            for panel, model in zip(figure.axes, first.axes):
                panel.set_position(model.get_position(original=True))
                style = {"size": panel.title.get_size(), "color": panel.title.get_color()}
                panel.set_title(panel.get_title(), y=1, **style)  # or its place is sought, too

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {WIDGET: {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}}


def explore(function, /, *, units=None, examples=None, **controls):
    """Let the reader change the arguments of a function that shows a figure.

    Where a kernel runs, each control is a slider or a list, and the picture follows it. Everywhere
    else, and for CI, there are pictures of three settings.

    Parameters
    ----------
    function : callable
        Shows one figure, with `show_images`, `show_figure` or another function of this module. It
        is called with one keyword argument for each control. Its defaults are where the controls
        start. Numbers that shall follow belong into a title: printed text is not shown.
    units : dict of str to str
        Unit of a control, for its description.
    examples : list of dict, or None
        Settings to picture: the controls that are to differ from where they start. By default, the
        first control at its lowest, middle and highest value, or at three of its options.
    **controls : (min, max), (min, max, step), list of options, or widget
        As in `ipywidgets.interact`: two whole numbers make a slider of whole numbers.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, or `function` does not take the controls or does not show
        one figure. What `function` raises is passed on; if that happens while the reader moves a
        slider, the message also takes the place of the picture, until the next move.

    Examples
    --------
    >>> def brighter(offset=100):
    ...     show_images(np.full((2, 3), offset, np.uint8), "a grey image")
    >>> explore(brighter, offset=(0, 255), units={"offset": "grey levels"}, examples=[{}])
    offset (grey levels) = 100
    [a grey image]
    image 2 × 3 (gray 0…255): 100 to 100, mean 100, #f17078
    """
    if not callable(function):
        raise TypeError(f"function must be callable, not {describe(function)}")
    if not controls:
        raise ValueError("controls must name at least one argument of the function to change")
    signature = inspect.signature(function)
    try:
        signature.bind(**controls)
    except TypeError as error:
        names = ", ".join(controls)
        raise TypeError(f"function must take the controls {names}, but: {error}") from None
    units = {} if units is None else units
    if not isinstance(units, dict) or not set(units) <= set(controls):
        raise ValueError(f"units must be a dict of control to unit, not {describe(units)}")
    widgets = {}
    for name, control in controls.items():
        _check_control(control, name)
        widgets[name] = _make_control(control, name, units.get(name))
        parameter = signature.parameters.get(name)
        if widgets[name] is not control and parameter and parameter.default is not parameter.empty:
            _move(widgets, {name: parameter.default})
    if examples is None:
        first = next(iter(widgets))
        examples = [{first: value} for value in _three_values(widgets[first])]
    if not isinstance(examples, list) or not all(isinstance(one, dict) for one in examples):
        raise TypeError(f"examples must be a list of dicts, not {describe(examples)}")
    if not examples:
        raise ValueError("examples must hold at least one dict, but the list is empty")
    display(Explorer(function, widgets, examples))
