"""Load and save pictures: photographs from scikit-image, drawings from images/, your own files."""

import difflib
import io
import os
import warnings
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image, ImageOps, UnidentifiedImageError

from course_utils._files import CURE, REPOSITORY, write_atomically
from course_utils._validation import check_flag, check_image, check_path, check_type

FOLDER = REPOSITORY / "images"
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
PHOTOGRAPHS = (  # those that lie inside scikit-image's wheel, so that no network is needed
    "astronaut.png",
    "brick.png",
    "camera.png",
    "cell.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "motorcycle_left.png",
    "page.png",
    "retina.jpg",
    "rocket.jpg",
    "text.png",
)


def _catalogue():
    """List the files of all pictures that have a name: photographs first, then images/."""
    photographs = [Path(skimage.__file__).parent / "data" / file for file in PHOTOGRAPHS]
    return photographs + sorted(f for f in FOLDER.glob("*") if f.suffix.lower() in SUFFIXES)


def picture_names():
    """Names that `load_image` knows: scikit-image's photographs and the pictures in images/.

    Returns
    -------
    list of str, sorted

    Examples
    --------
    >>> "coffee" in picture_names()
    True
    """
    return sorted({file.stem for file in _catalogue()})


def _find(name):
    """Path of the picture called `name`, or at the path `name`."""
    path = Path(name)
    matches = {file.resolve() for file in _catalogue() if str(name) in (file.stem, file.name)}
    if path.is_file():
        matches.add(path.resolve())
    if len(matches) > 1:
        files = ", ".join(sorted(map(str, matches)))
        raise ValueError(f"name {str(name)!r} fits several files, so give a whole path: {files}")
    if matches:
        return matches.pop()
    if path.is_dir():
        raise ValueError(f"name must be a picture, but {str(path)!r} is a folder")
    close = difflib.get_close_matches(path.stem, picture_names(), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(picture_names())}"
    if not FOLDER.is_dir():
        hint += f"; the course is installed without its own pictures: {CURE}"
    raise FileNotFoundError(f"name {str(name)!r} is neither a picture nor a file; {hint}")


def _decode(file):
    """Turn an open file into a uint8 array: grey where the picture is grey, else RGB."""
    with warnings.catch_warnings():  # Pillow only warns from 89 million pixels to twice as many
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = Image.open(file)
    is_deep = any(depth in str(picture.tile) for depth in (";16B", ";16L", ";16N"))
    if is_deep or picture.mode.startswith(("I", "F")):
        raise ValueError("it holds more than 8 bits a value; convert it to 8 bits first")
    picture = ImageOps.exif_transpose(picture)
    is_gray = picture.mode in ("1", "L", "LA")
    if picture.has_transparency_data:  # show it on white paper, as a page would
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.array(picture.convert("L" if is_gray else "RGB"))


def load_image(name, *, gray=False):
    """Load a picture by its name or path.

    Parameters
    ----------
    name : str or path
        A name that `picture_names` lists ("coffee"), a file name in images/ ("mine.jpg"), or a
        path.
    gray : bool
        Whether to turn an RGB picture into a grey one: 0.299 R + 0.587 G + 0.114 B, rounded.

    Returns
    -------
    uint8 array, shape (height, width) for a grey picture, else (height, width, 3) RGB
        Turned upright as the camera noted; transparent parts are shown on white.

    Raises
    ------
    TypeError
        If `name` is neither a str nor a path, or `gray` not a bool.
    FileNotFoundError
        If there is no such picture.
    PermissionError
        If the file may not be read.
    ValueError
        If the file is no picture, damaged, larger than 89 million pixels, or has more than 8 bits
        a value, or if `name` fits several files.

    Examples
    --------
    >>> load_image("coffee").shape
    (400, 600, 3)
    >>> load_image("coffee", gray=True).shape
    (400, 600)
    """
    check_type(name, "name", (str, os.PathLike), "a str or a path")
    check_flag(gray, "gray")
    path = _find(name)
    with path.open("rb") as file:
        try:
            image = _decode(file)
        except UnidentifiedImageError as error:
            raise ValueError(f"name must be a picture, but {str(path)!r} is none") from error
        except Exception as error:  # Pillow raises many kinds for a damaged or absurd file
            raise ValueError(f"name {str(path)!r} cannot be read: {error}") from error
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if gray and image.ndim == 3 else image


def save_image(image, path, *, overwrite=False):
    """Save a picture; the file is whole or absent, never half written.

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    path : str or path
        Its ending sets the format: .png, .bmp and .tif keep every value, .jpg and .webp do not.
    overwrite : bool
        Whether a file that is there already may be replaced.

    Raises
    ------
    TypeError
        If `image` is not an image, `path` neither a str nor a path, or `overwrite` not a bool.
    ValueError
        If the ending of `path` is not a picture's, or the image too large for that format.
    FileExistsError
        If the file exists and `overwrite` is false.
    FileNotFoundError, PermissionError, OSError
        If the folder does not exist, may not be written to, or the disk is full.
    """
    check_image(image)
    check_path(path, "path")
    check_flag(overwrite, "overwrite")
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"path must end in one of {', '.join(SUFFIXES)}, not {path.name!r}")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path {str(path)!r}: there is no folder {str(path.parent)!r}")
    if path.exists() and not overwrite:
        raise FileExistsError(f"path {str(path)!r} exists; overwrite=True replaces it")
    encoded = io.BytesIO()
    try:
        Image.fromarray(image).save(encoded, Image.registered_extensions()[path.suffix.lower()])
    except (OSError, ValueError) as error:  # a side is longer than the format allows
        raise ValueError(f"image {image.shape} cannot be {path.suffix}: {error}") from error
    try:
        write_atomically(path, encoded.getvalue())
    except OSError as error:  # say it of the path, not of the draft beside it
        raise OSError(error.errno, error.strerror, str(path)) from error
