"""From the bytes of a picture file to an array: which files are read, and in which colours."""

import io
import re

import numpy as np
import pi_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")  # of Pillow; pi_heif reads HEIC
SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp")
SUFFIXES += (".heic", ".heif", ".avif")
MEGAPIXELS = 178  # at most; a little less than what Pillow refuses as an attack
CONVERT = "open it in a picture viewer and save it as PNG or JPEG"
USUAL = "JPEG, PNG, GIF, WebP, TIFF, BMP, HEIC and AVIF"
UNKNOWN = f"it is damaged, or none of the usual {USUAL}; {CONVERT}"
TOO_LARGE = f"it has more than {MEGAPIXELS} million pixels; make it smaller in a picture viewer"
RAW = (
    "it is a camera's raw file, or begins with a thumbnail, which is not the picture; "
    "export it as JPEG with the camera's program"
)
RARE_ALPHA = f"its transparency is kept in a rare way; {CONVERT}"
COPIES = {  # lines that write a copy with levels 0 … 255, by format
    "TIFF": "v = tifffile.imread({0!r}); "
    "save_image(to_uint8(np.interp(v, (v.min(), v.max()), (0, 255))), {1!r})",
    "HEIF": "pi_heif.open_heif({0!r}).to_pillow().save({1!r})",
}
COPY = "cv2.imwrite({1!r}, cv2.imread({0!r}))"
BITS, SAMPLE_FORMAT, PLANES, SUBFILE = 258, 339, 284, 254  # tags of TIFF
DNG_VERSION, TIFF_EP = 50706, 37398  # and of raw files
WEBP_MOVES, WEBP_ALPHA = 2, 16  # flags
BITFIELDS = 3  # of BMP: masks say which bits are red, green, blue and transparency
BMP_PROFILES = (0x4D424544, 0x4C494E4B)  # "MBED" is in the file; "LINK" is in another one
ITEM_TYPES = re.compile(rb"infe(?:\x02.{7}|\x03.{9})(.{4})", re.DOTALL)  # of HEIC and AVIF
MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}  # Pillow's, by the profile's
LIKE_SRGB = {1, 2, 5, 6}  # primaries in AVIF and HEIC: sRGB's, unknown, and nearly sRGB's
RAMP = np.indices((6, 6, 6), np.uint8).reshape(3, 1, -1).T * 51  # colours all over the cube


class Refused(ValueError):
    """Why a file is not read on purpose."""


def decode(file, path, *, as_stored=False):
    """Turn an open file into an array: grey where the picture is grey, else RGB.

    Parameters
    ----------
    file : binary file, at its beginning
    path : path
        Where it lies, for the messages.
    as_stored : bool
        Whether to leave a colour profile aside, as other libraries do.

    Returns
    -------
    image : uint8 array, shape (height, width) or (height, width, 3)
        Upright, in sRGB, on white.
    remarks : list of str
        What of the file the array does not show.

    Raises
    ------
    Refused
        If the file is of another kind. A damaged one raises what Pillow happens to raise.
    """
    stored = _open(file, path)
    remarks = _remarks(stored, file)
    picture = _upright(stored, remarks)
    is_gray, alpha = picture.mode in ("1", "L", "LA", "La"), None
    if picture.has_transparency_data:
        picture = picture.convert("LA" if is_gray else "RGBA")
        alpha = picture.getchannel("A")
        if alpha.getextrema() == (0, 0):
            remarks.append("it is transparent all over, and shown white")
        picture = picture.convert("L" if is_gray else "RGB")
    profile = None if as_stored else stored.info.get("icc_profile")
    picture = _to_srgb(picture, profile, is_gray, remarks)
    if alpha is not None:  # show it on white paper, as a page would
        picture = picture.convert("RGBA")
        picture.putalpha(alpha)
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.array(picture.convert("L" if is_gray else "RGB")), remarks


def _open(file, path):
    """Open a picture that is of a usual format, not too large, and has levels 0 … 255."""
    try:
        picture = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refused(TOO_LARGE) from None
    except UnidentifiedImageError:
        file.seek(0)
        if file.read(4) in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            _refuse_values("values of a rare kind", "TIFF", path)
        file.seek(0)
        if not pi_heif.is_supported(file):
            raise Refused(UNKNOWN) from None
        _check_items(file)
        picture = pi_heif.HeifImageFile(file)
    if picture.width * picture.height > MEGAPIXELS * 10**6:
        raise Refused(TOO_LARGE)
    if values := _beyond_8_bits(picture, file):
        _refuse_values(values, picture.format, path)
    return _mended(picture, file)


def _check_items(file):
    """Refuse what would end the whole kernel: pi_heif 1.4 expects that types of items are ASCII."""
    file.seek(0)
    if not all(map(bytes.isascii, ITEM_TYPES.findall(file.read()))):
        raise Refused(f"it is damaged; {CONVERT}")
    file.seek(0)


def _refuse_values(values, kind, path):
    line = COPIES.get(kind, COPY).format(str(path), f"{path.stem}_8.png")
    raise Refused(f"it holds {values}, not levels 0 … 255; this line makes a copy: {line}")


def _beyond_8_bits(picture, file):
    """Say which values a picture holds, if they are not levels 0 … 255."""
    bits = 8
    if picture.format in ("AVIF", "HEIF"):
        _check_items(file)
        try:
            bits = pi_heif.open_heif(file).info["bit_depth"]
        except Exception as error:  # a film, or of a kind that only other libraries know
            raise Refused(f"how many bits its values have is not clear; {CONVERT}") from error
    elif picture.format == "TIFF":
        tags = picture.tag_v2
        file.seek(8)
        is_canon, is_raw = file.read(2) == b"CR", {DNG_VERSION, TIFF_EP} & set(tags)
        if is_canon or is_raw or tags.get(SUBFILE, 0) & 1:
            raise Refused(RAW)
        if tags.get(PLANES) == 2 and len(tags.get(BITS, ())) == 2:  # of which Pillow reads one
            raise Refused(RARE_ALPHA)
        kinds = {2: "signed numbers", 3: "floats"}
        if kind := kinds.keys() & set(tags.get(SAMPLE_FORMAT, ())):
            return kinds[max(kind)]
        bits = max(tags.get(BITS, (1,)))
    elif picture.format == "PNG" and (";16" in str(picture.tile) or picture.mode.startswith("I")):
        bits = 16
    return f"{bits} bits a value" if bits > 8 else ""


def _mended(picture, file):
    """Mend what Pillow leaves out.

    Of PNG the checksums of pixels, and the scale of a transparent level; of moving WebP pictures
    that what the first one does not cover is transparent; of BMP see below.
    """
    if picture.format == "PNG":
        picture.verify()
        picture = Image.open(file, formats=["PNG"])
        if picture.mode == "L" and "transparency" in picture.info:
            picture.info["transparency"] *= {"L;2": 85, "L;4": 17}.get(picture.tile[0].args, 1)
    elif picture.format == "WEBP":
        file.seek(0)
        data = bytearray(file.read())
        if data[12:16] == b"VP8X" and data[20] & WEBP_MOVES:
            data[20] |= WEBP_ALPHA
            picture = Image.open(io.BytesIO(data), formats=["WEBP"])
    elif picture.format == "BMP":
        _mend_bmp(picture, file)
    return picture


def _mend_bmp(picture, file):
    """Take a colour profile along, and refuse transparency that Pillow passes over."""
    file.seek(14)
    fields = np.frombuffer(file.read(124).ljust(124, b"\0"), "<u4")
    size, compression, alpha_mask, color_space, start, length = fields[[0, 4, 13, 14, 28, 29]]
    if size >= 56 and compression == BITFIELDS and alpha_mask and picture.mode != "RGBA":
        raise Refused(RARE_ALPHA)
    if size == 124 and color_space in BMP_PROFILES:
        file.seek(14 + int(start))
        picture.info["icc_profile"] = file.read(int(length))


def _remarks(picture, file):
    """Say what a reader may miss: further pictures, and colours of another kind than sRGB."""
    remarks = []
    if getattr(picture, "is_animated", False) and picture.format != "MPO":  # that holds previews
        number = picture.tell() + 1  # of HEIC the one that the file calls its main picture
        which = "the first" if number == 1 else f"number {number}"
        remarks.append(f"it holds {picture.n_frames} pictures, and {which} is taken")
    gamma = picture.info.get("gamma")
    if gamma and abs(gamma - 1 / 2.2) > 0.02 and not {"srgb", "icc_profile"} & picture.info.keys():
        remarks.append(f"its levels are meant for a gamma of {gamma:g}, and taken as they are")
    if picture.format in ("AVIF", "HEIF"):
        heif = pi_heif.open_heif(file)
        if sorted(heif.size) != sorted(picture.size):  # Pillow does not crop, and turns later
            remarks.append(f"it is to be cropped to {heif.size}, and taken whole")
        colors = heif.info.get("nclx_profile", {})
        if colors.get("color_primaries", 1) not in LIKE_SRGB:
            remarks.append("its colours are not those of sRGB, and taken as they are")
    return remarks


def _upright(picture, remarks):
    """Decode the pixels, and turn them as the camera noted."""
    box, canvas = picture.tile and picture.tile[0].extents, (0, 0, *picture.size)
    picture.load()
    if picture.format == "GIF" and box != canvas and "transparency" not in picture.info:
        drawn = Image.new("L", picture.size)  # what is not drawn is transparent
        drawn.paste(255, box)
        picture.putalpha(drawn)
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # Pillow raises many kinds
        remarks.append("its note of which side is up is damaged, and it is shown as it is stored")
        return picture


def _to_srgb(picture, profile, is_gray, remarks):
    """Convert colours that a profile describes."""
    if picture.mode not in MODES.values():
        picture = picture.convert("L" if is_gray else "RGB")
    if profile:
        try:
            return _by_profile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError, KeyError):
            remarks.append("its colour profile does not fit, so that colours are taken as they are")
    elif picture.mode == "CMYK":
        remarks.append("its inks (CMYK) have no profile, so that its colours are approximate")
    return picture


def _by_profile(picture, profile):
    """Convert a picture to sRGB, unless its profile is sRGB to within two levels."""
    mode = MODES[profile.profile.xcolor_space.strip()]
    if (picture.mode, mode) == ("L", "RGB"):
        picture = picture.convert(mode)
    if picture.mode != mode:
        raise KeyError(mode)
    transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
    if mode == "RGB":
        ramp = np.array(transform.apply(Image.fromarray(RAMP)))
        if np.abs(ramp.astype(int) - RAMP).max() <= 2:
            return picture
    return transform.apply(picture)
