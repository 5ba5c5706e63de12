"""Pictures of figures, each with a text twin.

The text twin lists what each panel shows, with a digest of each image and line. It is stored beside
the picture: CI compares it, since one changed pixel changes a digest, and a screen reader reads it.
"""

import hashlib
import io
import math
from contextvars import ContextVar

import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection, PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, StepPatch
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from course_utils._validation import check_type, describe

STRIP = 2**16  # values that are digested at a time: 8 bytes each
SQUARE = 3  # dots from which the pixel of an image is seen as a square


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
    to_integers = _steps(values) if values.dtype.kind == "f" else np.asarray
    digest, flat = hashlib.blake2s(f"{values.shape}".encode(), digest_size=3), values.ravel()
    for start in range(0, values.size, STRIP):
        part = to_integers(flat[start : start + STRIP])
        digest.update(np.ascontiguousarray(part, "<i8"))
    return digest.hexdigest()


def _steps(values):
    """Function that counts steps of a thousandth of the range of the values."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    step = max((high - low) / 1000, 1e-7 * abs(low), 1e-7 * abs(high)) or 1

    def count(part):
        steps = np.floor((part.astype(float) - low) / step + 1 / math.e)
        return np.nan_to_num(steps, nan=-1, posinf=-2, neginf=-3)

    return count


def _statistics(values):
    """Say range, mean and digest of an array: floats to four digits, where a tie goes up."""
    values = np.ma.getdata(values)
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
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
        values = getattr(artist, "whole", artist.get_array())  # see display
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


def render(figure, scale=1):
    """Return the pixels of a figure, drawn `scale` times as large.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    scale : int

    Returns
    -------
    uint8 array, shape (height, width, 3)
    """
    dpi = figure.dpi
    canvas = FigureCanvasAgg(figure)
    figure.dpi = scale * dpi
    canvas.draw()
    pixels = np.array(canvas.buffer_rgba())[..., :3]
    figure.dpi = dpi
    return pixels


def _scale_of(figure):
    """Scale at which a figure is stored: 2, for sharp lettering, or 1 if it shows a photograph.

    At twice the size, a photograph would take four times the room, and show what the eye hardly
    sees. An image whose pixels are drawn as squares, 3 dots wide or more, is no photograph.
    """
    figure.draw_without_rendering()  # lays it out
    images = [image for axes in figure.axes for image in axes.images]
    widths = [image.get_window_extent().width / image.get_size()[1] for image in images]
    return 2 if min(widths, default=SQUARE) >= SQUARE else 1


def _few_colors(pixels, is_photograph):
    """Image of the pixels that takes little room: grey, or of the 256 colours that suit it best.

    Up to 256 colours stay exactly what they are, but every level of a photograph becomes the
    nearest multiple of 3, which is off by 1 at most. Colours are not mixed from dots, as is common:
    dots would look like noise.
    """
    if is_photograph:
        pixels = ((pixels + np.uint16(1)) // 3 * 3).astype(np.uint8)
    image, no_dots = Image.fromarray(pixels), Image.Dither.NONE
    if (pixels == pixels[..., :1]).all():
        return image.convert("L")
    if image.getcolors(5000):
        return image.quantize(256, kmeans=1, dither=no_dots)
    from scipy.spatial import KDTree  # not before a picture needs it: 0.2 s of each first cell

    sample = image.resize([max(1, side // 6) for side in image.size], Image.Resampling.NEAREST)
    spread = Image.Quantize.MAXCOVERAGE  # rare colours count, too: those of noise are all rare
    of_photograph = sample.quantize(240, spread, kmeans=1).getpalette("RGB")[: 3 * 240]
    of_lettering = np.repeat(np.arange(0, 256, 17), 3)
    palette = np.uint8([*of_photograph, *of_lettering])
    _, nearest = KDTree(palette.reshape(-1, 3)).query(pixels)  # Pillow takes one that is less near
    indexed = Image.fromarray(nearest.astype(np.uint8))
    indexed.putpalette(palette.tobytes())
    return indexed


def png(image, **options):
    """Return the bytes of a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "png", **options)
    return buffer.getvalue()


class Picture:
    """Rendered figures, one below the other: a PNG for the eye, the text twin for CI and ear."""

    def __init__(self, *figures):
        self.summary = "\n".join(map(summarize, figures))
        scale = min(map(_scale_of, figures))
        pixels = np.concatenate([render(figure, scale) for figure in figures])
        image = _few_colors(pixels, is_photograph=scale == 1)
        self.size = {"width": image.width // scale, "height": image.height // scale}
        # The PNG carries its text twin and its own digest: CI can tell that they belong together.
        notes = PngInfo()
        notes.add_itxt("Description", self.summary, zip=True)
        notes.add_text("Digest", digest(np.asarray(image.convert("RGB"))))
        self.png = png(image, pnginfo=notes, optimize=True)

    def _repr_png_(self):
        return self.png, self.size  # so large it is shown, however many pixels it has

    def __repr__(self):
        return self.summary


collected = ContextVar("figures that a function shows while explore calls it", default=None)


def show_figure(figure):
    """Show a figure that you made with `panels`, with its text twin.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    """
    check_type(figure, "figure", Figure, "a matplotlib Figure")
    figures = collected.get()
    if figures is None:
        display(Picture(figure))
    else:
        figures.append(figure)
