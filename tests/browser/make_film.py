"""Record the moving picture of the README from the real course: ``make film``.

It stands here since it opens JupyterLab as the tests do. A slider is dragged; then an exercise gets
a wrong answer, and says what is wrong with it.
"""

import io
import sys
import tempfile
from pathlib import Path

from conftest import CHROMIUM, SWITCHES
from PIL import Image
from playwright.sync_api import sync_playwright
from test_lab import ROOT, SHOW, clone, opened, started

from course_utils._files import write_atomically

FILM = ROOT / ".github" / "course.gif"
SIZE = {"width": 760, "height": 470}
COLORS = 256
LARGEST = 1_500_000  # bytes: a page that a phone pays for
SLIDERS, EXERCISE = "explore(expose", 'check("histogram"'
POINTER = """() => {
    const dot = document.createElement("div");
    dot.style = "position: fixed; z-index: 9999; width: 14px; height: 14px; margin: -7px;"
        + "border-radius: 50%; background: #D55E00; opacity: 0.8; pointer-events: none";
    document.body.append(dot);
    document.addEventListener("pointermove", event => {
        [dot.style.left, dot.style.top] = [`${event.clientX}px`, `${event.clientY}px`];
    }, true);
}"""


class Film:
    """Pictures of a page, each with the time that it is shown."""

    def __init__(self, page):
        self.page, self.frames, self.times = page, [], []

    def shoot(self, milliseconds):
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        self.frames.append(picture.convert("RGB"))
        self.times.append(milliseconds)

    def develop(self):
        """Bytes of a GIF, which GitHub lets readers stop; all frames share one palette."""
        strip = Image.new("RGB", (self.frames[0].width, sum(f.height for f in self.frames)))
        for number, frame in enumerate(self.frames):
            strip.paste(frame, (0, number * frame.height))
        palette = strip.quantize(COLORS)
        first, *rest = [f.quantize(palette=palette, dither=Image.Dither.NONE) for f in self.frames]
        file = io.BytesIO()
        first.save(file, "gif", save_all=True, append_images=rest, duration=self.times, loop=0)
        return file.getvalue()


def drag_the_sliders(page, film):
    """Make a photograph darker and brighter, and stretch its contrast; its histogram follows."""
    page.evaluate(SHOW, SLIDERS)
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-above')")
    page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
    handles = page.locator(".jp-Notebook .noUi-handle")
    handles.first.wait_for()
    handles.first.evaluate("handle => handle.closest('.widget-vbox').scrollIntoView()")
    page.wait_for_timeout(2000)
    film.shoot(1500)
    for handle, offsets in ((handles.nth(0), (-15, 15, 6)), (handles.nth(1), (4, 10, -3))):
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        at = 0
        for offset in offsets:
            while at != offset:
                at += 1 if offset > at else -1
                page.mouse.move(x + 6 * at, y)
                if at % 2 == 0 or at == offset:
                    page.wait_for_timeout(400)  # the kernel draws the picture
                    film.shoot(110)
        page.mouse.up()
        film.times[-1] = 900


def answer_an_exercise_wrongly(page, film):
    """Type an answer that many people give, and read what the course says to it."""
    page.evaluate(SHOW, EXERCISE)
    cell = page.locator(".jp-Notebook .jp-mod-active.jp-CodeCell")
    cell.evaluate("cell => cell.scrollIntoView()")
    cell.locator(".cm-line", has_text="...").last.click()
    film.shoot(1500)
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    for word in ("return ", "np.bincount", "(image.ravel())"):
        page.keyboard.type(word)
        film.shoot(350)
    film.times[-1] = 1000
    page.keyboard.press("Control+Enter")
    cell.get_by_text("stops at the brightest pixel").first.wait_for()
    page.wait_for_timeout(1000)
    film.shoot(6000)


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        course = clone(home)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = chromium.new_page(viewport=SIZE)
        page.set_default_timeout(120_000)
        with started(course, home) as address, opened(page, address, "01_histograms.ipynb"):
            page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
            page.evaluate(POINTER)
            film = Film(page)
            drag_the_sliders(page, film)
            answer_an_exercise_wrongly(page, film)
        chromium.close()
    picture = film.develop()
    if len(picture) > LARGEST:
        sys.exit(f"The film has {len(picture)} bytes, more than {LARGEST}: leave something out")
    write_atomically(FILM, picture)
    print(f"{FILM.relative_to(ROOT)}: {len(film.frames)} frames, {len(picture)} bytes")


if __name__ == "__main__":
    main()
