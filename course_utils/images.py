"""Load and save pictures: photographs from scikit-image, drawings from images/, your own files."""

import difflib
import io
import os
import unicodedata
import warnings
from pathlib import Path

import cv2
import skimage
from PIL import Image

from course_utils._decoding import CONVERT, SUFFIXES, Refused, decode
from course_utils._files import CURE, REPOSITORY, write_atomically
from course_utils._validation import check_flag, check_image, check_path, check_type

FOLDER = REPOSITORY / "images"
if not FOLDER.is_dir():  # the course is installed without its repository, as on Colab
    FOLDER = Path(__file__).parent / "drawn"
SKIMAGE = Path(skimage.__file__).parent / "data"
WRITTEN = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
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


def _files(folder):
    """List the files of a folder, but for those that systems hide (such as ._x.jpg)."""
    if not os.path.isdir(folder):
        return []
    return sorted(f for f in folder.iterdir() if f.name[0] != "." and os.path.isfile(f))


def _catalogue():
    """List the files of all pictures that have a name: photographs first, then images/."""
    photographs = [SKIMAGE / file for file in PHOTOGRAPHS]
    return photographs + [f for f in _files(FOLDER) if f.suffix.lower() in SUFFIXES]


def _composed(text):
    """The same text with its accents inside the letters, from which a Mac parts them."""
    return unicodedata.normalize("NFC", text)


def _is_called(file, name):
    """Whether a file goes by a name: with its ending, in any case, or without."""
    stem, name = _composed(file.stem), _composed(name)
    return name.startswith(stem) and name[len(stem) :].lower() in ("", file.suffix.lower())


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
    return sorted({_composed(file.stem) for file in _catalogue()})


def _find(name):
    """Path of the picture called `name`, or at the path `name`."""
    path = Path(name)
    matches = [file for file in _catalogue() if _is_called(file, str(name))]
    if not matches:  # perhaps a file of another kind, which then is refused
        matches = [file for file in _files(FOLDER) if _is_called(file, str(name))]
    if os.path.isfile(path):
        matches.append(path)
    elif path.suffix and not matches:
        matches = [file for file in _files(path.parent) if _is_called(file, path.name)]
    matches = {file.resolve() for file in matches}
    if len(matches) > 1:
        files = ", ".join(sorted(map(str, matches)))
        raise ValueError(f"name {str(name)!r} fits several files, so give a whole path: {files}")
    if matches:
        return matches.pop()
    if os.path.isdir(path):
        raise ValueError(f"name must be a picture, but {str(path)!r} is a folder")
    close = difflib.get_close_matches(path.stem, picture_names(), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(picture_names())}"
    if not FOLDER.is_dir():
        hint += f"; the course is installed without its own pictures: {CURE}"
    raise FileNotFoundError(f"name {str(name)!r} is neither a picture nor a file; {hint}")


def load_image(name, *, gray=False):
    """Load a picture by its name or path.

    Parameters
    ----------
    name : str or path
        A name that `picture_names` lists ("coffee"), a file name in images/ ("mine.heic"), or a
        path. Read are JPEG, PNG, GIF, WebP, TIFF, BMP, HEIC and AVIF.
    gray : bool
        Whether to turn an RGB picture into a grey one: 0.299 R + 0.587 G + 0.114 B, rounded.

    Returns
    -------
    uint8 array, shape (height, width) for a grey picture, else (height, width, 3) RGB
        Turned upright as the camera noted; transparent parts are shown on white. If the file has
        a colour profile, it is converted to sRGB, but scikit-image's photographs are as there.

    Raises
    ------
    TypeError
        If `name` is neither a str nor a path, or `gray` not a bool.
    FileNotFoundError
        If there is no such picture.
    PermissionError
        If the file may not be read.
    ValueError
        If the file is damaged, of another format (a camera's raw file, too), or larger than 178
        million pixels; if its values are not levels 0 … 255 (more than 8 bits, signed, floats),
        which are never cut silently: the message holds a line that converts; or if `name` fits
        several files.

    Warns
    -----
    UserWarning
        If the array does not show what the file holds: further pictures, since one is taken;
        colours that cannot be converted; a crop; or nothing at all, where all is transparent.

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
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of Pillow; ours follow below
        try:
            image, remarks = decode(file, path, as_stored=path.parent == SKIMAGE.resolve())
        except Refused as error:
            raise ValueError(f"name {str(path)!r} cannot be read: {error}") from error
        except Exception as error:  # Pillow raises many kinds
            words = f"it is damaged or rare ({error}); {CONVERT}"
            raise ValueError(f"name {str(path)!r} cannot be read: {words}") from error
    for remark in remarks:
        warnings.warn(f"{path.name}: {remark}", stacklevel=2)
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if gray and image.ndim == 3 else image


def save_image(image, path, *, overwrite=False):
    """Save a picture; the file is whole or absent, never half written.

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    path : str or path
        Its ending sets the format: .png, .bmp and .tif keep every value, .jpg and .webp do not.
        WebP knows no grey images and keeps them as RGB.
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

    Warns
    -----
    UserWarning
        If `image` is grey and the format WebP.
    """
    check_image(image)
    check_path(path, "path")
    check_flag(overwrite, "overwrite")
    path = Path(path)
    if path.suffix.lower() not in WRITTEN:
        raise ValueError(f"path must end in one of {', '.join(WRITTEN)}, not {path.name!r}")
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
    if image.ndim == 2 and path.suffix.lower() == ".webp":
        warnings.warn(f"{path.name}: WebP keeps grey as RGB; load it with gray=True", stacklevel=2)
