"""Files from anywhere: each kind is read, or refused with a reason; no fault passes for a picture.

All files are made here; the one HEIC picture, which nothing here can write, stands below as text.
"""

import base64
import io
import re
import struct
import warnings
import zlib

import cv2
import numpy as np
import pi_heif
import pytest
import tifffile
from PIL import Image, ImageCms

from course_utils.convolution import to_uint8
from course_utils.images import load_image, save_image

pytestmark = pytest.mark.filterwarnings("error")  # so that a test says which warning it expects

RNG = np.random.default_rng(2022)
GRAY = RNG.integers(0, 256, (5, 7), dtype=np.uint8)
RGB = RNG.integers(0, 256, (5, 7, 3), dtype=np.uint8)
COLORS = np.array([[[255, 0, 0], [0, 0, 255]], [[100, 100, 100], [0, 255, 0]]], np.uint8)
LARGE = np.kron(COLORS, np.ones((32, 32, 1), np.uint8))
HEIC = zlib.decompress(
    base64.b64decode("""
eNpjYGCQSSupLMhIzaxgAILczDRDEDs3MzGNgYExNDe1JJEBAhQzUnKKoGyGgszkEgY0oJSZk58MYrg4MDACIRAwVkJo
ILAFYuXMzLw0MA8kKgrkpDJBeRllyYYgJl9BZkkuXMnVzIKiAiC9LbMgOR9IlwOVOTOycACZ8yxAiuQ+MPz5/+MHAwM/
cwJQh7gDIw/j//8gBcxgFcxAJbuYHBKBclpOjIyoEhNYBBQ23fVUNT17wNmBESQmCSIYOZKAyjlcGA8WtfEwqQBtEU7O
zynKS86pAIrzMjA0AIVEMosLUqFec4BigYLMikyQADMHB8iJ4pkFubDQAwYISyMTMwuQ6ZqbkggKPEsNxvVsFlF//pr/
jZ/8//9vvdgX9XubO+In/k81qf//3STL+9f+Uxq+0l/vS///c3ByfU3h33fJ9f9rcuYAAOCGYJs=
""")
)  # LARGE


def picture_of(image, suffix, **options):
    """Bytes of a picture file."""
    buffer = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(buffer, Image.registered_extensions()[suffix], **options)
    return buffer.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(rows, bits, *chunks, color=0):
    """Bytes of a PNG of packed rows, all in one line each."""
    header = struct.pack(">IIBBBBB", 8 * len(rows[0]) // bits, len(rows), bits, color, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    body = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def bmp_of(row, bits, masks, color_space=b"BGRs", profile=b""):
    """Bytes of a BMP of one row, with a header of version 5, its profile behind the pixels."""
    size = 8 * len(row) // bits, 1
    head = struct.pack("<IiiHHI20x4I4s48xIII4x", 124, *size, 1, bits, 3, *masks, color_space, 4,
                       124 + len(row), len(profile))  # fmt: skip
    return b"BM" + struct.pack("<I4xI", 138 + len(row), 138) + head + row + profile


def tiff_of(image, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, image, **options)
    return buffer.getvalue()


def loaded(folder, data, name="mine"):
    """What `load_image` makes of a file that holds the bytes."""
    (folder / name).write_bytes(data)
    return load_image(folder / name)


def refusal(folder, data, name="mine"):
    """What `load_image` says of a file that holds the bytes."""
    (folder / name).write_bytes(data)
    with pytest.raises(ValueError, match=rf"^name '.*{name}' cannot be read: (?!.*0x)") as caught:
        load_image(folder / name)
    return str(caught.value).partition("cannot be read: ")[2]


# Kinds that are read ----------------------------------------------------------------------------


def test_a_picture_from_a_phone(tmp_path):
    np.testing.assert_array_equal(loaded(tmp_path, HEIC), LARGE)


@pytest.mark.parametrize("suffix", [".png", ".gif", ".tiff", ".bmp"])
def test_kinds_that_keep_every_value(tmp_path, suffix):
    np.testing.assert_array_equal(loaded(tmp_path, picture_of(COLORS, suffix)), COLORS)
    if suffix != ".gif":  # which knows palettes only
        np.testing.assert_array_equal(loaded(tmp_path, picture_of(GRAY, suffix)), GRAY)


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif"])
def test_kinds_that_come_close(tmp_path, suffix):
    result = loaded(tmp_path, picture_of(LARGE, suffix, quality=95)).astype(int)
    assert np.median(np.abs(result - LARGE)) < 2  # but at the seams
    gray = LARGE[..., 2]
    result = loaded(tmp_path, picture_of(gray, suffix, quality=95)).astype(int)
    expected = np.dstack([gray] * 3) if suffix == ".webp" else gray  # WebP knows no grey
    assert result.shape == expected.shape
    assert np.median(np.abs(result - expected)) < 2


# Kinds that are refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"This is no picture, whatever it is called.",
        b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 8, 8, 8, 3) + bytes(300),  # Photoshop
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture_of(RGB, ".ppm"),
        b"P5 2 1 65535\n" + bytes(4),
        picture_of(RGB, ".jp2"),
        picture_of(RGB, ".tga"),
        picture_of(RGB, ".ico"),
        picture_of(RGB, ".jpg")[:20],
    ],
)
def test_other_kinds_are_refused_with_a_way_out(tmp_path, monkeypatch, data):
    monkeypatch.setattr("subprocess.Popen", None)  # PostScript would start a program
    said = refusal(tmp_path, data, "mine.jpg")
    assert "JPEG, PNG, GIF, WebP, TIFF, BMP, HEIC and AVIF" in said
    assert said.endswith("save it as PNG or JPEG")


def avif_of_10_bits(folder):
    path = folder / "source.avif"
    assert cv2.imwrite(str(path), LARGE.astype(np.uint16) * 4, [cv2.IMWRITE_AVIF_DEPTH, 10])
    return path.read_bytes()


def heic_of_10_bits(_):
    place = HEIC.index(b"hvcC") + 21
    return HEIC[:place] + b"\xfa\xfa" + HEIC[place + 2 :]  # 8 + 2 bits of luma, and of chroma


def png_of_16_bits(folder):
    assert cv2.imwrite(str(folder / "source.png"), RGB.astype(np.uint16) * 257)
    return (folder / "source.png").read_bytes()


DEEP = {
    "PNG": (png_of_16_bits, "16 bits"),
    "AVIF": (avif_of_10_bits, "10 bits"),
    "HEIC": (heic_of_10_bits, "10 bits"),
    "TIFF of 16 bits": (lambda _: tiff_of(RGB.astype("u2") * 257), "16 bits"),
    "TIFF of 32 bits": (lambda _: tiff_of(GRAY.astype("u4") << 24), "32 bits"),
    "signed bytes": (lambda _: tiff_of((GRAY - 128.0).astype("i1")), "signed numbers"),
    "signed": (lambda _: tiff_of(GRAY * np.int16(99) - np.int16(9)), "signed numbers"),
    "floats": (lambda _: tiff_of(GRAY.astype("f4") / 300), "floats"),
    "floats in colour": (
        lambda _: tiff_of(RGB.astype("f4"), photometric="rgb"),
        "values of a rare kind",
    ),
}


@pytest.mark.parametrize("kind", DEEP)
def test_more_than_8_bits_are_never_cut_silently(tmp_path, monkeypatch, kind):
    make, words = DEEP[kind]
    said = refusal(tmp_path, make(tmp_path), "deep")
    assert said.startswith(f"it holds {words}")
    line = said.partition("this line makes a copy: ")[2]
    if kind == "HEIC":  # which holds 8 after all
        (tmp_path / "deep").write_bytes(HEIC)
    monkeypatch.chdir(tmp_path)
    tools = {"cv2": cv2, "np": np, "pi_heif": pi_heif, "tifffile": tifffile}
    exec(line, tools | {"save_image": save_image, "to_uint8": to_uint8})
    copy = load_image("deep_8.png").astype(int)
    if kind in ("PNG", "AVIF", "HEIC"):
        expected = {"PNG": RGB[..., ::-1], "AVIF": LARGE[..., ::-1], "HEIC": LARGE}[kind]
    else:  # stretched from the darkest to the brightest value
        image = RGB if "16" in kind or "colour" in kind else GRAY
        expected = (image - image.min().astype(float)) * 255 / np.ptp(image)
    assert np.quantile(np.abs(copy - expected), 0.5 if kind == "AVIF" else 1) <= 1


def canon():
    """The head of a raw file of Canon: a TIFF whose first page is a small picture."""
    tags = {256: 2, 257: 2, 258: 8, 259: 1, 262: 1, 273: 120, 277: 1, 278: 2, 279: 4}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0" + struct.pack("<I", 16) + b"CR\2\0" + bytes(4)
    data = head + struct.pack("<H", len(tags)) + entries + bytes(4)
    return data.ljust(120, b"\0") + bytes(4)


RAW = {
    "Canon": canon(),
    "Adobe": tiff_of(GRAY, extratags=[(50706, 1, 4, (1, 4, 0, 0), True)]),
    "Nikon": tiff_of(GRAY, extratags=[(37398, 1, 4, (1, 0, 0, 0), True)]),
    "a thumbnail first": tiff_of(GRAY, subfiletype=1),
}


@pytest.mark.parametrize("data", RAW.values(), ids=RAW)
def test_the_thumbnail_of_a_raw_file_is_not_the_picture(tmp_path, data):
    assert refusal(tmp_path, data).startswith("it is a camera's raw file, or begins with a thumb")


def test_a_picture_as_large_as_the_limit_is_opened_and_a_larger_one_is_not(tmp_path, monkeypatch):
    def load(*_):
        raise OSError("the pixels are decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    for width, said in [
        (10_000, r"it is damaged or rare (the pixels are"),
        (10_001, "it has more than 178 million pixels"),
    ]:
        header = struct.pack(">IIBBBBB", width, 17_800, 8, 0, 0, 0, 0)
        data = chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
        assert refusal(tmp_path, b"\x89PNG\r\n\x1a\n" + data).startswith(said)


def test_warnings_of_other_libraries_are_not_for_readers(tmp_path):
    exif = b"MM\0*\0\0\0\x08\0\x09"  # nine entries, none of which is there
    data = png_of([b"\7"], 8, chunk(b"eXIf", exif))
    assert loaded(tmp_path, data).tolist() == [[7]]


def test_a_damaged_note_of_the_camera_does_not_cost_the_picture(tmp_path):
    profile = b"\nexif\n       4\nno hex\n"  # as some programs write EXIF into a PNG
    note = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile))
    with pytest.warns(UserWarning, match="^mine: its note of which side is up is damaged"):
        assert loaded(tmp_path, png_of([b"\7"], 8, note)).tolist() == [[7]]


MASKS_OF_16, MASKS_OF_32 = (0x7C00, 0x3E0, 0x1F), (0xFF0000, 0xFF00, 0xFF)


def test_transparency_that_only_few_programs_know_is_refused(tmp_path):
    row = struct.pack("<2H", 0xFC00, 0x001F)  # red, and a blue that is transparent
    assert loaded(tmp_path, bmp_of(row, 16, (*MASKS_OF_16, 0))).tolist() == [
        [[255, 0, 0], [0, 0, 255]]
    ]
    gray_beside_alpha = np.stack([GRAY, GRAY])
    tiff = {"photometric": "minisblack", "extrasamples": [2], "compression": "zlib"}
    for data in (
        bmp_of(row, 16, (*MASKS_OF_16, 0x8000)),
        tiff_of(gray_beside_alpha, planarconfig=2, **tiff),
    ):
        assert refusal(tmp_path, data).startswith("its transparency is kept in a rare way; open it")
    both = tiff_of(np.moveaxis(gray_beside_alpha, 0, 2).copy(), planarconfig=1, **tiff)
    expected = np.rint(255 - GRAY.astype(float) + GRAY.astype(float) ** 2 / 255)
    np.testing.assert_allclose(loaded(tmp_path, both), expected, rtol=0, atol=1)
    row = bytes([0, 0, 255, 255, 255, 0, 0, 51])  # red, and a fifth of blue, on white
    assert loaded(tmp_path, bmp_of(row, 32, (*MASKS_OF_32, 0xFF << 24))).tolist() == [
        [[255, 0, 0], [204, 204, 255]]
    ]


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".webp"])
def test_a_picture_that_is_transparent_all_over_is_said(tmp_path, suffix):
    data = picture_of(np.zeros((2, 2, 4), np.uint8), ".png" if suffix == ".bmp" else suffix)
    if suffix == ".bmp":
        data = bmp_of(bytes(8), 32, (*MASKS_OF_32, 0xFF << 24))
    with pytest.warns(UserWarning, match="^mine: it is transparent all over, and shown white$"):
        assert loaded(tmp_path, data).min() == 255


# Several pictures in a file ---------------------------------------------------------------------


def gif_on_a_canvas(image, **options):
    """A GIF of 4 x 3 pixels, whose first picture lies in the middle."""
    data = bytearray(picture_of(image, ".gif", **options))
    place = data.rindex(b",\0\0\0\0") + 1  # where its corner stands
    data[6:10], data[place : place + 4] = struct.pack("<HH", 4, 3), struct.pack("<HH", 1, 1)
    return data


def webp_on_a_canvas(image):
    """A moving WebP of 6 x 6 pixels, which tells of no transparency."""

    def riff(kind, data):
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

    def three_bytes(*numbers):
        return b"".join(struct.pack("<I", number)[:3] for number in numbers)

    height, width = image.shape[:2]
    frame = three_bytes(1, 1, width - 1, height - 1, 100) + b"\2"  # its corner is halved
    frame += picture_of(image, ".webp", lossless=True)[12:]
    parts = riff(b"VP8X", b"\2\0\0\0" + three_bytes(5, 5)), riff(b"ANIM", bytes(6))
    return riff(b"RIFF", b"WEBP" + b"".join(parts) + 2 * riff(b"ANMF", frame))


def test_where_the_first_picture_leaves_the_canvas_bare_is_paper(tmp_path):
    def on_paper(image, *rows_and_columns):
        return np.pad(image, [*rows_and_columns, (0, 0)][: image.ndim], constant_values=255)

    for image in (COLORS, np.array([[0, 1], [2, 3]], np.uint8)):
        result = loaded(tmp_path, gif_on_a_canvas(image))
        np.testing.assert_array_equal(result, on_paper(image, (1, 0), (1, 1)))
    palette = Image.fromarray(COLORS).quantize(4)
    data = gif_on_a_canvas(palette, transparency=palette.getpixel((1, 0)))
    expected = on_paper(COLORS, (1, 0), (1, 1))
    expected[1, 2] = 255
    np.testing.assert_array_equal(loaded(tmp_path, data), expected)
    with pytest.warns(UserWarning, match="^mine: it holds 2 pictures"):
        result = loaded(tmp_path, webp_on_a_canvas(COLORS))
    np.testing.assert_array_equal(result, on_paper(COLORS, (2, 2), (2, 2)))


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp", ".tif", ".avif"])
def test_of_several_pictures_the_first_is_taken_and_said(tmp_path, suffix):
    frames = [Image.new("RGB", (8, 8), color) for color in ("white", "black", "red")]
    options = {"save_all": True, "append_images": frames[1:]}
    if suffix == ".webp":
        options["lossless"] = True
    with pytest.warns(UserWarning, match=r"^mine: it holds 3 pictures, and the first is taken$"):
        image = loaded(tmp_path, picture_of(frames[0], suffix, **options))
    assert image.min() >= 250


def test_main_picture_is_named_by_its_number(tmp_path, monkeypatch):
    """As in a HEIC file whose main picture is its second one, which nothing here can write."""
    frames = [Image.new("RGB", (8, 8), color) for color in ("white", "black", "red")]
    data = picture_of(frames[0], ".tif", save_all=True, append_images=frames[1:])
    opened = Image.open(io.BytesIO(data))
    opened.seek(1)
    monkeypatch.setattr(Image, "open", lambda *_, **__: opened)
    with pytest.warns(UserWarning, match=r"^mine: it holds 3 pictures, and number 2 is taken$"):
        assert not loaded(tmp_path, data).any()


def avif_to_crop():
    """An AVIF of 64 x 64 pixels that is to be cropped to 32 x 16."""
    data = bytearray(picture_of(LARGE, ".avif"))
    crop = struct.pack(">I4s8I", 40, b"clap", 32, 1, 16, 1, 0, 1, 0, 1)
    numbers = data.index(b"ipma") + 14  # how many properties the picture has, and which
    end = data.index(b"ipma") - 4  # of the properties
    assert data[numbers : numbers + 5] == b"\4\1\2\x83\4"
    for box, more in [(b"meta", 41), (b"iprp", 41), (b"ipco", 40), (b"ipma", 1)]:
        place = data.index(box) - 4
        data[place : place + 4] = struct.pack(">I", int.from_bytes(data[place : place + 4]) + more)
    place = data.index(b"iloc") + 18  # where the pixels begin
    data[place : place + 4] = struct.pack(">I", int.from_bytes(data[place : place + 4]) + 41)
    data[numbers : numbers + 5] = b"\5\1\2\x83\4\x85"
    return data[:end] + crop + data[end:]


def test_a_border_that_is_to_be_cropped_is_said(tmp_path):
    with pytest.warns(UserWarning, match=r"^mine: it is to be cropped to \(32, 16\), and taken"):
        assert loaded(tmp_path, avif_to_crop()).shape == (64, 64, 3)


def test_the_preview_beside_a_photograph_is_not_worth_a_word(tmp_path):
    Image.fromarray(RGB).save(
        tmp_path / "p.mpo", save_all=True, append_images=[Image.new("L", (2, 2))]
    )
    assert loaded(tmp_path, (tmp_path / "p.mpo").read_bytes()).shape == (5, 7, 3)


# Colours ----------------------------------------------------------------------------------------

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SWAPPED = SRGB.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")


def linear_gray():
    """A profile of grey levels that are in proportion to the light."""
    data = bytearray(SRGB.replace(b"rTRC", b"kTRC"))
    data[16:20] = b"GRAY"
    curve = data.index(b"para")
    data[curve + 8 : curve + 16] = struct.pack(">HHI", 0, 0, 1 << 16)  # gamma 1
    return bytes(data)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_profile_of_srgb_changes_nothing(tmp_path, suffix):
    for image in (RGB, GRAY, np.dstack([RGB, np.full((5, 7), 255, np.uint8)])):
        expected = image[..., :3] if image.ndim == 3 else image
        data = picture_of(image, suffix, icc_profile=SRGB)
        np.testing.assert_array_equal(loaded(tmp_path, data), expected)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_colours_of_another_space_are_converted(tmp_path, suffix):
    data = picture_of(COLORS, suffix, icc_profile=SWAPPED)  # of which the red primary is blue
    expected = COLORS[..., ::-1].astype(int)
    assert np.abs(loaded(tmp_path, data) - expected).max() <= 2
    half = np.dstack([COLORS, np.full((2, 2), 51, np.uint8)])  # a fifth, on white
    data = picture_of(half, suffix, icc_profile=SWAPPED)
    assert np.abs(loaded(tmp_path, data) - (204 + expected / 5)).max() <= 2


def test_the_profile_of_a_bmp(tmp_path):
    row, masks = bytes([0, 0, 255, 0]), (*MASKS_OF_32, 0)
    assert loaded(tmp_path, bmp_of(row, 32, masks)).tolist() == [[[255, 0, 0]]]
    image = loaded(tmp_path, bmp_of(row, 32, masks, b"DEBM", SWAPPED))
    assert np.abs(image - np.array([[[0.0, 0, 255]]])).max() <= 2
    with pytest.warns(UserWarning, match="^mine: its colour profile does not fit"):
        image = loaded(tmp_path, bmp_of(row, 32, masks, b"KNIL", b"C:\\profile.icc\0"))
    assert image.tolist() == [[[255, 0, 0]]]


def test_the_colours_of_a_palette_are_converted(tmp_path):
    palette = Image.fromarray(COLORS).quantize(4)
    image = loaded(tmp_path, picture_of(palette, ".png", icc_profile=SWAPPED)).astype(int)
    assert np.abs(image - COLORS[..., ::-1]).max() <= 2


def test_grey_levels_of_another_curve_are_converted(tmp_path):
    data = picture_of(np.array([[0, 55, 255]], np.uint8), ".png", icc_profile=linear_gray())
    # 55 / 255 of the light is 1.055 (55 / 255)^(1 / 2.4) - 0.055 = 0.5016 on the scale of sRGB.
    assert np.abs(loaded(tmp_path, data) - np.array([[0.0, 128, 255]])).max() <= 1


def test_grey_levels_and_transparency(tmp_path):
    image = np.dstack([[[0, 55, 255]], [[255, 255, 51]]]).astype(np.uint8)
    data = picture_of(Image.fromarray(image, "LA"), ".png", icc_profile=linear_gray())
    assert np.abs(loaded(tmp_path, data) - np.array([[0.0, 128, 255]])).max() <= 1
    image[..., 0] = [[0, 55, 20]]  # levels that are multiplied already: 20 of 51 is 100 of 255
    options = {"photometric": "minisblack", "extrasamples": ["assocalpha"], "planarconfig": 1}
    assert loaded(tmp_path, tiff_of(image, **options)).tolist() == [[0, 55, 224]]  # 20 + 204


@pytest.mark.parametrize("profile", [b"no profile", linear_gray()])
def test_a_profile_that_does_not_fit_is_said(tmp_path, profile):
    with pytest.warns(UserWarning, match="^mine: its colour profile does not fit"):
        image = loaded(tmp_path, picture_of(RGB, ".png", icc_profile=profile))
    np.testing.assert_array_equal(image, RGB)


def test_inks_are_converted_and_said(tmp_path):
    inks = Image.frombytes("CMYK", (2, 1), bytes([0, 0, 0, 0, 0, 0, 0, 255]))
    for options in ({}, {"icc_profile": SRGB}):  # none, and one for colours of another kind
        with pytest.warns(UserWarning, match="^mine: its (inks|colour profile)"):
            assert loaded(tmp_path, picture_of(inks, ".tif", **options)).tolist() == [
                [[255] * 3, [0] * 3]
            ]


def test_a_gamma_that_is_not_ours_is_said(tmp_path):
    ours, other = (chunk(b"gAMA", struct.pack(">I", value)) for value in (45_455, 100_000))
    assert loaded(tmp_path, png_of([b"\7"], 8, ours)).tolist() == [[7]]
    assert loaded(tmp_path, png_of([b"\7"], 8, other, chunk(b"sRGB", b"\0"))).tolist() == [[7]]
    with pytest.warns(UserWarning, match="^mine: its levels are meant for a gamma of 1,"):
        assert loaded(tmp_path, png_of([b"\7"], 8, other)).tolist() == [[7]]


@pytest.mark.parametrize(
    ("bits", "row", "clear", "expected"),
    [
        (1, b"\x55", 1, [0, 255] * 4),
        (2, b"\x1b", 1, [0, 255, 170, 255]),  # 0 1 2 3
        (4, b"\x3c", 3, [255, 204]),
        (8, b"\3\4", 3, [255, 4]),
    ],
)
def test_the_transparent_level_of_few_bits(tmp_path, bits, row, clear, expected):
    data = png_of([row], bits, chunk(b"tRNS", struct.pack(">H", clear)))
    assert loaded(tmp_path, data).tolist() == [expected]


# Torn and tampered ------------------------------------------------------------------------------


def without_a_word(folder, data):
    """The image, or None where the file is refused; other libraries may warn."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return loaded(folder, data)
    except ValueError as error:
        if not re.match("name '.*mine' cannot be read: .", str(error)):
            raise


@pytest.mark.parametrize("data", [HEIC, picture_of(LARGE, ".avif"), picture_of(RGB, ".gif")])
def test_a_torn_file_is_damaged(tmp_path, data):
    for share in (0.1, 0.5, 0.8):
        said = refusal(tmp_path, data[: int(share * len(data))])
        assert re.match(
            "it is damaged(, or none| or rare .*; open it in a picture)|how many bits", said
        )


def test_a_flipped_bit_that_would_end_the_kernel_is_refused(tmp_path):
    place = HEIC.index(b"infe") + 12
    assert HEIC[place : place + 4] == b"hvc1"  # the type of an item; some are of metadata
    flipped = HEIC[:place] + b"\xe8" + HEIC[place + 1 :]
    assert refusal(tmp_path, flipped).startswith("it is damaged; open it in a picture viewer")


def test_no_flipped_bit_of_a_png_gives_other_pixels(tmp_path):
    data = picture_of(RGB, ".png")
    for place in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        result = without_a_word(tmp_path, flipped)
        assert result is None or np.array_equal(result, RGB), place


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".tif", ".bmp"])
def test_a_flipped_bit_gives_an_image_or_an_error(tmp_path, suffix):
    """These formats have no checksum: what else can be told?"""
    data = picture_of(RGB, suffix)
    for place in range(0, len(data), 2):
        flipped = bytearray(data)
        flipped[place] ^= 1 << RNG.integers(8)
        result = without_a_word(tmp_path, flipped)
        assert result is None or (result.dtype == np.uint8 and result.ndim in (2, 3))
