"""Pictures are loaded as they are, from wherever they come, and saved whole or not at all."""

import os
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage
from conftest import images
from hypothesis import given, settings
from PIL import Image

from course_utils import images as module
from course_utils.images import load_image, picture_names, save_image

pytestmark = pytest.mark.filterwarnings("error")  # a student sees results or errors, no warnings

RNG = np.random.default_rng(2022)
GRAY = RNG.integers(0, 256, (5, 7), dtype=np.uint8)
RGB = RNG.integers(0, 256, (5, 7, 3), dtype=np.uint8)
LOSSLESS = [".png", ".bmp", ".tif", ".TIFF"]
as_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read and write everywhere"
)


def write_picture(path, mode, values, **options):
    """Write `values` as a picture of the Pillow mode, and return its path."""
    values = np.asarray(values, np.uint8)
    picture = Image.frombytes(mode, (values.shape[1], values.shape[0]), values.tobytes())
    picture.save(path, **options)
    return path


def folder_of_pictures(path, monkeypatch):
    """Let `path` be the folder images/."""
    monkeypatch.setattr(module, "FOLDER", path)
    return path


def refuses(error, *words):
    """Expect an error whose message holds all the words and no memory address."""
    pattern = "".join(f"(?=.*{word})" for word in words)
    return pytest.raises(error, match=rf"(?s)^(?!.*0x){pattern}")


# --- by hand ------------------------------------------------------------------------------------


def test_a_picture_of_known_colours(tmp_path):
    path = write_picture(tmp_path / "mine.png", "RGB", [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]])
    image = load_image(path)
    assert image.dtype == np.uint8
    assert image.tolist() == [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]]


def test_grey_weighs_red_green_and_blue_as_the_eye_does(tmp_path):
    path = write_picture(tmp_path / "mine.png", "RGB", [[[255, 0, 0], [0, 255, 0], [0, 0, 255]]])
    assert load_image(path, gray=True).tolist() == [[76, 150, 29]]  # 255 x 0.299, 0.587, 0.114


def test_rows_come_first():
    assert load_image("coffee").shape == (400, 600, 3)
    assert load_image("coffee", gray=True).shape == (400, 600)
    assert load_image("coins").shape == (303, 384)


# --- properties ---------------------------------------------------------------------------------


@settings(max_examples=10)  # each waits for the disk
@given(images())
def test_what_is_saved_comes_back(tmp_path_factory, image):
    folder = tmp_path_factory.mktemp("saved")
    for suffix in LOSSLESS:
        path = folder / f"picture{suffix}"
        save_image(image[:, ::-1], path)  # not as it lies in memory
        np.testing.assert_array_equal(load_image(path), image[:, ::-1], strict=True)


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".webp"])
def test_lossy_formats_come_close(tmp_path, suffix):
    image = load_image("coffee")[:200, :200]
    save_image(image, tmp_path / f"picture{suffix}")
    loss = np.abs(load_image(tmp_path / f"picture{suffix}").astype(int) - image)
    assert 0 < loss.mean() < 5


def test_each_call_loads_an_array_of_its_own():
    first = load_image("coins")
    first[:] = 0
    assert load_image("coins").any()


# --- agreement with an independent reference: OpenCV --------------------------------------------


@pytest.mark.parametrize("name", picture_names())
def test_every_name_loads_as_opencv_reads_the_file(name):
    path = module._find(name)
    image, reference = load_image(name), cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert image.dtype == np.uint8
    assert image.ndim == reference.ndim
    if reference.ndim == 3:
        reference = cv2.cvtColor(reference, cv2.COLOR_BGR2RGB)
    # The JPEG standard lets decoders round differently.
    most = 0 if path.suffix == ".png" else 2
    np.testing.assert_allclose(image.astype(int), reference, rtol=0, atol=most)


def test_grey_agrees_with_opencv():
    reference = cv2.imread(str(module._find("coffee")), cv2.IMREAD_COLOR)
    reference = cv2.cvtColor(reference, cv2.COLOR_BGR2GRAY)
    np.testing.assert_array_equal(load_image("coffee", gray=True), reference, strict=True)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
@pytest.mark.parametrize("image", [GRAY, RGB], ids=["gray", "RGB"])
def test_opencv_reads_what_is_saved(tmp_path, image, suffix):
    path = tmp_path / f"picture{suffix}"
    save_image(image, path)
    read = cv2.imread(str(path), cv2.IMREAD_COLOR)
    expected = np.stack([image] * 3, axis=-1) if image.ndim == 2 else image[..., ::-1]
    np.testing.assert_array_equal(read, expected)


# --- names --------------------------------------------------------------------------------------


def test_names_are_sorted_and_hold_photographs_and_drawings():
    names = picture_names()
    assert names == sorted(set(names))
    photographs = """astronaut brick camera cell chelsea coffee coins grass gravel
        hubble_deep_field ihc moon motorcycle_left page retina rocket text"""
    drawings = "card city meadow web_dark_on_light web_light_on_dark"
    assert {*photographs.split(), *drawings.split()} <= set(names)


def test_a_picture_is_found_by_its_name_with_any_ending_in_any_case(tmp_path, monkeypatch):
    folder = folder_of_pictures(tmp_path, monkeypatch)
    names = "a.jpg b.JPEG c.Png d.gif e.WEBP f.tif g.TIFF h.bmp i.HEIC j.heif k.AVIF l.jfif".split()
    for name in names:
        Image.fromarray(GRAY).save(folder / name, "png")  # what the bytes are, their head says
    for name in names:
        for asked in (
            name,
            name[0],
            name[0] + Path(name).suffix.lower(),
            name[0] + name[1:].upper(),
        ):
            np.testing.assert_array_equal(load_image(asked), GRAY)
    assert {name[0] for name in names} <= set(picture_names())


def test_a_name_with_letters_as_a_mac_writes_them(tmp_path, monkeypatch):
    folder = folder_of_pictures(tmp_path, monkeypatch)
    composed, parted = "Füße", "Fu\u0308ße"
    save_image(GRAY, folder / f"{parted}.png")
    assert composed in picture_names()
    assert parted not in picture_names()
    for name in (composed, parted):
        for asked in (name, f"{name}.png", folder / f"{name}.png", folder / f"{name}.PNG"):
            np.testing.assert_array_equal(load_image(asked), GRAY)


def test_what_is_no_file_or_hidden_is_not_listed(tmp_path, monkeypatch):
    folder = folder_of_pictures(tmp_path, monkeypatch)
    (folder / "folder.png").mkdir()
    (folder / "._hidden.jpg").write_bytes(b"what a Mac leaves on other disks")
    before = picture_names()
    try:
        (folder / "dangling.png").symlink_to(folder / "nowhere.png")
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert picture_names() == before
    assert not {"folder", "._hidden"} & set(before)
    with refuses(FileNotFoundError, "neither a picture nor a file"):
        load_image("dangling.png")


def test_a_file_of_another_kind_in_the_folder_is_refused_and_not_denied(tmp_path, monkeypatch):
    folder = folder_of_pictures(tmp_path, monkeypatch)
    (folder / "mine.psd").write_bytes(b"8BPS")
    for name in ("mine", "mine.psd"):
        with refuses(ValueError, "mine.psd' cannot be read: it is damaged, or none of the usual"):
            load_image(name)


def test_a_colour_profile_is_left_aside_in_the_photographs_of_scikit_image():
    np.testing.assert_array_equal(load_image("rocket"), skimage.data.rocket())


@pytest.mark.parametrize(
    "file", ["mine.png", "Füße über 50 %.png", "写真.tif", "a b.c.bmp", "Mine.PNG"]
)
def test_a_picture_dropped_into_the_folder_has_a_name(tmp_path, monkeypatch, file):
    folder = folder_of_pictures(tmp_path, monkeypatch)
    save_image(RGB, folder / file)
    assert Path(file).stem in picture_names()
    for name in (file, Path(file).stem, Path(file), folder / file, str(folder / file)):
        np.testing.assert_array_equal(load_image(name), RGB)


def test_files_that_are_no_pictures_have_no_name(tmp_path, monkeypatch):
    folder = folder_of_pictures(tmp_path, monkeypatch)
    for file in ("README.md", "diagram.svg", "draw.py"):
        (folder / file).write_text("text")
    assert not {"README", "diagram", "draw"} & set(picture_names())


def test_without_the_folder_the_photographs_remain(tmp_path, monkeypatch):
    folder_of_pictures(tmp_path / "missing", monkeypatch)
    assert "camera" in picture_names()
    assert "meadow" not in picture_names()


@pytest.mark.parametrize(
    ("files", "name", "unique"),
    [
        (["mine.png", "mine.bmp"], "mine", "mine.bmp"),
        (["coffee.bmp"], "coffee", "coffee.bmp"),
        (["camera.png"], "camera.png", None),
    ],
)
def test_a_name_for_several_files_is_refused(tmp_path, monkeypatch, files, name, unique):
    folder = folder_of_pictures(tmp_path, monkeypatch)
    for file in files:
        save_image(GRAY, folder / file)
    with refuses(ValueError, rf"^name '{name}' fits several files", files[0]):
        load_image(name)
    np.testing.assert_array_equal(load_image(unique or folder / files[0]), GRAY)


def test_a_file_beside_the_notebook_is_not_mistaken_for_the_photograph(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_image(GRAY, "coffee.png")
    with refuses(ValueError, "coffee.png' fits several files"):
        load_image("coffee.png")
    np.testing.assert_array_equal(load_image("./coffee.png"), GRAY)
    assert load_image("coffee").shape == (400, 600, 3)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("cofee", "did you mean 'coffee'"),
        ("Coffee", "did you mean 'coffee'"),
        ("camra.png", "did you mean 'camera'"),
        ("../images/medow.png", "did you mean 'meadow'"),
        ("qqq", "known: astronaut, brick"),
        ("no\0name", "known: astronaut, brick"),
        ("x" * 5000, "known: astronaut, brick"),
    ],
)
def test_an_unknown_name_gets_a_hint(name, hint):
    with refuses(FileNotFoundError, "is neither a picture nor a file", hint) as caught:
        load_image(name)
    assert "installed without" not in str(caught.value)


# --- kinds of files -----------------------------------------------------------------------------

UPRIGHT = GRAY
STORED = {  # by the EXIF orientation: how the camera stored what was upright
    1: UPRIGHT,
    2: np.fliplr(UPRIGHT),
    3: np.rot90(UPRIGHT, 2),
    4: np.flipud(UPRIGHT),
    5: UPRIGHT.T,
    6: np.rot90(UPRIGHT),
    7: np.rot90(UPRIGHT, 2).T,
    8: np.rot90(UPRIGHT, -1),
}


@pytest.mark.parametrize("orientation", STORED)
def test_a_picture_is_turned_upright(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.png"
    write_picture(path, "L", np.ascontiguousarray(STORED[orientation]), exif=exif)
    np.testing.assert_array_equal(load_image(path), UPRIGHT)


def test_a_palette_becomes_colours(tmp_path):
    picture = Image.fromarray(np.array([[0, 1], [2, 0]], np.uint8), "P")
    picture.putpalette([255, 0, 0, 0, 255, 0, 10, 20, 30])
    picture.save(tmp_path / "palette.png")
    red, green, dark = [255, 0, 0], [0, 255, 0], [10, 20, 30]
    assert load_image(tmp_path / "palette.png").tolist() == [[red, green], [dark, red]]
    picture.save(tmp_path / "clear.png", transparency=2)
    white = [255, 255, 255]
    assert load_image(tmp_path / "clear.png").tolist() == [[red, green], [white, red]]


def test_one_bit_becomes_black_and_white(tmp_path):
    Image.fromarray(np.array([[True, False, True]])).save(tmp_path / "bits.png")
    assert load_image(tmp_path / "bits.png").tolist() == [[255, 0, 255]]


@pytest.mark.parametrize(
    ("mode", "values", "expected"),
    [
        # 40 at opacity 0, 51/255 and 1, over white: 255, 40 x 0.2 + 255 x 0.8 = 212, 40
        ("LA", [[[40, 0], [40, 51], [40, 255]]], [[255, 212, 40]]),
        ("RGBA", [[[40, 0, 255, 51]]], [[[212, 204, 255]]]),
    ],
)
def test_transparent_pictures_on_white(tmp_path, mode, values, expected):
    path = write_picture(tmp_path / "picture.tif", mode, values)
    assert load_image(path).tolist() == expected
    path = write_picture(tmp_path / "picture.png", mode, values)
    assert load_image(path).tolist() == expected


# --- bad files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0, 0.5])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif", ".webp"])
def test_a_truncated_file_is_refused(tmp_path, suffix, share):
    path = tmp_path / f"cut{suffix}"
    save_image(RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with refuses(ValueError, rf"^name .*cut\{suffix}"):
        load_image(path)


@pytest.mark.parametrize("file", ["mine.png", "mine"])
def test_a_text_is_no_picture(tmp_path, file):
    (tmp_path / file).write_text("This is no picture, whatever it is called.")
    with refuses(ValueError, rf"^name '.*{file}' cannot be read: it is damaged, or none of the"):
        load_image(tmp_path / file)


def test_a_folder_is_no_picture(tmp_path):
    with refuses(ValueError, "^name must be a picture, but", "is a folder$"):
        load_image(tmp_path)


@as_root
def test_a_file_without_permission_says_so(tmp_path):
    save_image(GRAY, tmp_path / "secret.png")
    (tmp_path / "secret.png").chmod(0)
    with pytest.raises(PermissionError, match="secret.png"):
        load_image(tmp_path / "secret.png")


def png_of_size(width, height):
    """Bytes of a PNG whose header promises many pixels and whose body holds none."""

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("side", [13_342, 2**31 - 1])
def test_an_absurdly_large_picture_is_refused(tmp_path, monkeypatch, side):
    (tmp_path / "bomb.png").write_bytes(png_of_size(side, side))

    def load(*_):
        pytest.fail("the pixels were decoded, which takes gigabytes")

    monkeypatch.setattr(Image.Image, "load", load)
    with refuses(ValueError, "^name .*bomb.png' cannot be read", "178 million pixels; make it sm"):
        load_image(tmp_path / "bomb.png")


def test_a_large_photograph_is_welcome(tmp_path):
    Image.new("1", (6000, 4000)).save(tmp_path / "camera24.png")  # 24 million pixels
    assert load_image(tmp_path / "camera24.png").shape == (4000, 6000)


# --- saving -------------------------------------------------------------------------------------


@as_root
def test_a_locked_folder_says_so(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="picture.png"):
        save_image(GRAY, tmp_path / "picture.png")


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_an_image_too_long_for_the_format_is_refused(tmp_path, suffix):
    with refuses(ValueError, rf"^image \(1, 70000\) cannot be \{suffix}"):
        save_image(np.zeros((1, 70000), np.uint8), tmp_path / f"long{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_a_long_name_can_be_saved(tmp_path):
    path = tmp_path / f"{'x' * 251}.png"  # as long as a name may be
    save_image(GRAY, path)
    np.testing.assert_array_equal(load_image(path), GRAY)


def test_webp_says_that_it_knows_no_grey(tmp_path):
    with pytest.warns(UserWarning, match="^gray.webp: WebP keeps grey as RGB; load it with gray="):
        save_image(GRAY, tmp_path / "gray.webp")
    assert load_image(tmp_path / "gray.webp").ndim == 3
    assert load_image(tmp_path / "gray.webp", gray=True).shape == GRAY.shape
    save_image(RGB, tmp_path / "rgb.webp")


def test_a_file_is_replaced_only_on_demand(tmp_path):
    path = tmp_path / "picture.png"
    save_image(GRAY, path)
    with refuses(FileExistsError, "^path .*picture.png' exists; overwrite=True replaces it"):
        save_image(RGB, path)
    np.testing.assert_array_equal(load_image(path), GRAY)
    save_image(RGB, path, overwrite=True)
    np.testing.assert_array_equal(load_image(path), RGB)
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_never_replaced(tmp_path):
    path = tmp_path / "folder.png"
    path.mkdir()
    with refuses(OSError, "folder.png"):
        save_image(GRAY, path, overwrite=True)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="permission bits and umask are POSIX")
@pytest.mark.parametrize(("umask", "bits"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_permissions_follow_the_umask(tmp_path, umask, bits):
    before = os.umask(umask)
    try:
        save_image(GRAY, tmp_path / "picture.png")
    finally:
        os.umask(before)
    assert (tmp_path / "picture.png").stat().st_mode & 0o777 == bits


# --- a save that fails halfway ------------------------------------------------------------------


def let_replacing_fail(monkeypatch):
    def replace(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", replace)


def let_writing_fail_halfway(monkeypatch):
    """Let no file grow beyond 1000 bytes, so that the system itself cuts the writing short."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("fail", [let_replacing_fail, let_writing_fail_halfway])
@pytest.mark.parametrize("before", [None, GRAY], ids=["new", "replaced"])
def test_a_failing_save_leaves_everything_as_it_was(tmp_path, monkeypatch, fail, before):
    path = tmp_path / "picture.png"
    if before is not None:
        save_image(before, path)
    image = RNG.integers(0, 256, (64, 64), dtype=np.uint8)  # noise: at least 4096 bytes
    with monkeypatch.context() as context:
        undo = fail(context) or (lambda: None)
        try:
            with refuses(OSError, r"picture\.png'$"):
                save_image(image, path, overwrite=True)
        finally:
            undo()
    assert list(tmp_path.iterdir()) == ([] if before is None else [path])  # and no draft
    if before is not None:
        np.testing.assert_array_equal(load_image(path), before)
    save_image(image, path, overwrite=True)
    np.testing.assert_array_equal(load_image(path), image)
