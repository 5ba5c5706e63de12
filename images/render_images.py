"""Draw the pictures of the course: `python images/render_images.py`.

Every picture is drawn four times too large, with hard edges, and then averaged over 4 x 4 blocks:
that makes the edges smooth. Lengths and places (x, y) are in pixels of the finished picture.
Chance comes from generators with a fixed seed, so that everybody draws the same pictures.
"""

import os
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

FOLDER = Path(__file__).resolve().parent
SCALE = 4  # how many times too large a canvas is


# --- shared helpers -----------------------------------------------------------------------------


def to_canvas(points):
    """Places or lengths in pixels of the picture, as whole pixels of the canvas."""
    return np.rint(np.multiply(points, SCALE)).astype(np.int32)


def enlarge(image):
    """A canvas that shows `image`."""
    return image.repeat(SCALE, axis=0).repeat(SCALE, axis=1)


def shrink(canvas):
    """The finished picture: the mean of every block, rounded in integers."""
    rows = sum(canvas[k::SCALE].astype(np.uint16) for k in range(SCALE))
    total = sum(rows[:, k::SCALE] for k in range(SCALE))
    return ((total + SCALE**2 // 2) // SCALE**2).astype(np.uint8)


def polygon(canvas, points, color):
    """Fill a polygon."""
    cv2.fillPoly(canvas, [to_canvas(points)], color)


def box(canvas, x, y, width, height, color):
    """Fill an upright rectangle whose upper left corner is (x, y)."""
    left, top, right, bottom = to_canvas([x, y, x + width, y + height])
    canvas[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = color


def disc(canvas, center, radius, color):
    """Fill a circle."""
    cv2.circle(canvas, to_canvas(center).tolist(), int(to_canvas(radius)), color, cv2.FILLED)


def line(canvas, points, color, width):
    """Draw an open line through `points`."""
    cv2.polylines(canvas, [to_canvas(points)], False, color, int(max(to_canvas(width), 1)))


def curve(start, middle, end, count=9):
    """Points on the quadratic Bezier curve that `middle` pulls away from the straight line."""
    t = np.linspace(0, 1, count)[:, None]
    start, middle, end = np.array([start, middle, end], float)
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end


def mix(first, second, share):
    """A color between two colors: `share` 0 gives the first, 1 the second."""
    return tuple(float(a + (b - a) * share) for a, b in zip(first, second, strict=True))


def dither(values, rng):
    """Round to grey levels up or down by chance, so that smooth slopes show no steps."""
    noise = rng.random(values.shape[:2])
    if values.ndim == 3:
        noise = noise[..., None]
    return np.clip(np.floor(values + noise), 0, 255).astype(np.uint8)


def vertical_gradient(height, width, stops):
    """Colors that change from top to bottom; `stops` lists (share of the height, color)."""
    places, colors = zip(*stops, strict=True)
    y = np.linspace(0, 1, height)
    columns = [np.interp(y, places, channel) for channel in zip(*colors, strict=True)]
    return np.repeat(np.stack(columns, axis=-1)[:, None], width, axis=1)


def glow(shape, center, radius):
    """A round light: 1 at its center, falling smoothly to nearly 0 at two radii."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    return np.exp(-((x - center[0]) ** 2 + (y - center[1]) ** 2) / radius**2)


def blur(image, radius, times=3):
    """Repeated mean over (2 radius + 1)^2 pixels, in integers: the same on every processor."""
    size = 2 * radius + 1
    margin = [(radius + 1, radius)] + [(0, 0)] * (image.ndim - 1)
    for _ in range(2 * times):  # down the columns, along the rows, and so on in turn
        total = np.pad(image, margin, mode="edge").cumsum(axis=0, dtype=np.int64)
        image = ((total[size:] - total[:-size] + radius) // size).swapaxes(0, 1)
    return image.astype(np.uint8)


def soft_discs(shape, rng, count, largest):
    """Lights out of focus in a background: 0 ... 1."""
    image = np.zeros(shape, np.uint8)
    for x, y, radius in rng.random((count, 3)) * [shape[1], shape[0], largest]:
        spot = cv2.circle(np.zeros(shape, np.uint8), (int(x), int(y)), int(radius) + 9, 60, -1)
        image = cv2.add(image, spot)
    return blur(image, largest // 6) / 255


# --- the meadow ---------------------------------------------------------------------------------

HORIZON = 118
BLOOMS = {  # petals, their sharpness, shadow, body, light, heart, radius
    "poppy": (4, 0.25, (120, 8, 14), (214, 30, 24), (248, 84, 52), (24, 10, 22), 15),
    "daisy": (13, 0.6, (150, 158, 190), (242, 242, 246), (255, 255, 255), (246, 188, 20), 12),
    "cornflower": (9, 0.9, (26, 28, 120), (66, 84, 214), (128, 150, 250), (60, 20, 110), 11),
    "buttercup": (5, 0.4, (186, 120, 0), (252, 206, 20), (255, 240, 110), (206, 140, 0), 8),
    "mallow": (5, 0.35, (120, 26, 96), (214, 92, 178), (246, 166, 222), (250, 226, 150), 12),
}


def bloom(canvas, kind, center, size, squash, turn):
    """A flower's head, seen from the side as far as `squash` is below 1."""
    petals, sharpness, shadow, body, light, heart, radius = BLOOMS[kind]
    angle = np.linspace(0, 2 * np.pi, 12 * petals, endpoint=False)
    reach = 0.35 + 0.65 * np.abs(np.cos(angle * petals / 2)) ** sharpness
    outline = np.stack([np.cos(angle + turn), squash * np.sin(angle + turn)], axis=-1)
    outline *= radius * size * reach[:, None]
    for share, lift, color in ((1, 0, shadow), (0.88, 0.08, body), (0.55, 0.16, light)):
        polygon(canvas, center + share * outline - [0, lift * radius * size], color)
    disc(canvas, center - [0, 0.12 * radius * size], 0.27 * radius * size, heart)


def blade(canvas, root, tip, width, color):
    """A blade of grass that rises straight and bends over to its tip."""
    spine = curve(root, (root[0] + 0.2 * (tip[0] - root[0]), tip[1]), tip)
    half = np.stack([np.linspace(width / 2, 0, len(spine)), np.zeros(len(spine))], axis=-1)
    polygon(canvas, np.concatenate([spine - half, (spine + half)[::-1]]), color)


def draw_far_country(rng):
    """Sky, clouds, hills and the edge of a wood, a little out of focus."""
    image = vertical_gradient(375, 600, [(0, (44, 104, 188)), (0.3, (216, 230, 240))])
    clouds = np.zeros((375, 600), np.uint8)
    for x, y, length in ((120, 42, 70), (330, 66, 50), (480, 30, 90)):
        for _ in range(40):
            dx = rng.uniform(-1, 1)
            radius = int(rng.uniform(3, 16) * (1.1 - abs(dx)))
            cv2.circle(clouds, (int(x + dx * length), y - radius // 2), radius, 255, cv2.FILLED)
    clouds = blur(clouds, 5)[..., None] / 255
    canvas = enlarge(dither(image + (255 - image) * clouds, rng))
    x = np.arange(-5, 610, 5)
    for base, height, color in ((92, 16, (150, 178, 200)), (104, 12, (112, 150, 150))):
        ridge = base - height * np.sin(x / (4.3 * height) + base) - 3 * np.sin(x / 23 + base)
        polygon(canvas, [(-5, 375), *zip(x, ridge, strict=True), (605, 375)], color)
    for _ in range(700):
        x, lift = rng.uniform(-5, 605), rng.random()
        y = 118 - lift * (14 + 8 * np.sin(x / 47) + 5 * np.sin(x / 13))
        color = mix((30, 62, 48), (112, 150, 76), lift * rng.random())
        disc(canvas, (x, y), rng.uniform(2, 5), color)
    return enlarge(blur(shrink(canvas), 1, times=1))


def draw_meadow():
    """A flower meadow in summer, 375 x 600 RGB."""
    rng = np.random.default_rng(1)
    canvas = draw_far_country(rng)
    ground = vertical_gradient(375 - HORIZON, 600, [(0, (150, 178, 92)), (0.6, (16, 40, 8))])
    canvas[HORIZON * SCALE :] = enlarge(dither(ground, rng))
    for depth in np.linspace(0, 1, 6500):  # 0 at the horizon, 1 at our feet
        near = depth**1.7
        size = 0.05 + 1.15 * near
        root = np.array([rng.uniform(-20, 620), HORIZON + 4 + 330 * near])
        tip = root + size * np.array([rng.uniform(-30, 40), -rng.uniform(25, 90)])
        dark = mix((92, 126, 66), (0, 12, 6), min(2 * near, 1))
        light = mix((184, 200, 100), (134, 196, 40), near)
        blade(canvas, root, tip, 0.8 + 4 * size, mix(dark, light, rng.random()))
        if rng.random() < 0.12:
            blade(canvas, root, tip, 0.8 + 2.5 * size, mix(dark, light, 0.4))
            kind = list(BLOOMS)[int(rng.random() * len(BLOOMS))]
            bloom(canvas, kind, tip, 0.1 + size, rng.uniform(0.5, 0.9), rng.uniform(0, 6))
    return shrink(canvas)


# --- the city -----------------------------------------------------------------------------------

WATERLINE = 300
DUSK = (0, (22, 28, 78)), (0.25, (96, 66, 134)), (0.45, (236, 124, 98)), (0.62, (255, 214, 150))


def tower(canvas, rng, x, width, height, wall, lit):
    """A building with a bright and a dark side, windows, and something on its roof."""
    top = WATERLINE - height
    roof = int(rng.random() * 4)
    dark = mix(wall, (8, 8, 24), 0.5)
    if roof == 0:
        line(canvas, [(x + width / 2, top), (x + width / 2, top - 0.2 * height)], dark, 1)
        box(canvas, x + width / 4, top - 8, width / 2, 9, wall)
    elif roof == 1:
        peak = (x + 0.7 * width, top - 0.4 * width)
        polygon(canvas, [(x, top), peak, (x + 0.7 * width, top)], wall)
        polygon(canvas, [peak, (x + width, top), (x + 0.7 * width, top)], dark)
    elif roof == 2:
        polygon(canvas, [(x, top), (x + width, top - width / 3), (x + width, top)], wall)
    box(canvas, x, top, width, height, wall)
    box(canvas, x + 0.7 * width, top, 0.3 * width, height, dark)
    for wy in np.arange(top + 5, WATERLINE - 8, 7):
        for wx in np.arange(x + 3, x + width - 4, 6):
            if rng.random() < lit:
                box(canvas, wx, wy, 3, 4, mix((255, 170, 70), (255, 240, 190), rng.random()))
            else:
                box(canvas, wx, wy, 3, 4, mix(wall, (10, 12, 40), 0.6))


def draw_row(canvas, rng, wall, x, lowest, highest, lit):
    """A row of buildings from `x` to the right border; the city is tallest in its middle."""
    while x < 740:
        width = rng.uniform(26, 52)
        middle = np.exp(-(((x - 440) / 170) ** 2))
        height = (lowest + (highest - lowest) * middle) * rng.uniform(0.6, 1.2)
        tower(canvas, rng, x, width, height, mix(wall, (70, 60, 110), rng.random() / 2), lit)
        x += width + rng.uniform(0, 14)


def draw_bridge(canvas):
    """A suspension bridge that leads into the city from the left."""
    steel, deck = (36, 30, 62), WATERLINE - 26
    for pylon in (-70, 70, 210):
        middle = (pylon + 70, 2 * (deck - 6) - (deck - 90))  # the cable is lowest 6 above the deck
        cable = curve((pylon, deck - 90), middle, (pylon + 140, deck - 90), 15)
        cable = cable if pylon < 210 else cable[:5]  # the rest is hidden by the city
        line(canvas, cable, steel, 1.6)
        for x, y in cable:
            line(canvas, [(x, y), (x, deck)], steel, 0.7)
        for dx in (-5, 3):
            box(canvas, pylon + dx, deck - 94, 2.5, 120, steel)
        for dy in (-90, -60, -30, 12):
            box(canvas, pylon - 5, deck + dy, 10, 2.5, steel)
    box(canvas, -10, deck, 360, 4, steel)


def draw_boat(canvas, x, y, size):
    """A sailing boat and its dark mirror image."""
    mirrored = (-0.4, (30, 26, 50), (52, 40, 78), (62, 46, 84))
    for up, hull, jib, sail in (mirrored, (1, (16, 14, 32), (200, 158, 156), (250, 226, 200))):
        for color, shape in (
            (hull, [(-1, 0), (1.1, 0), (0.8, 0.3), (-0.7, 0.3)]),
            (jib, [(0, -0.15), (0, -2.2), (-0.8, -0.15)]),
            (sail, [(0.1, -0.15), (0.1, -2.4), (1, -0.15)]),
        ):
            shape = (np.array(shape) - [0, 0.3]) * [1, up]  # the keel line is the mirror
            polygon(canvas, [x, y] + size * shape, color)


def reflect(canvas):
    """Fill everything below the waterline with what a rippled water mirrors."""
    shore = WATERLINE * SCALE
    depth = np.arange(canvas.shape[0] - shore)[:, None]
    x = np.arange(canvas.shape[1])
    wave = np.sin(1200 / (depth / 60 + 3) + x / 400) + np.sin(depth / 7 + x / 170)
    rows = shore - 1 - depth * 1.3 + wave * (3 + depth / 30)
    columns = x + (2 + depth / 30) * np.sin(depth / 5 + 2 * np.sin(x / 300))
    rows = np.clip(np.rint(rows), 0, shore - 1).astype(int)
    columns = np.clip(np.rint(columns), 0, canvas.shape[1] - 1).astype(int)
    canvas[shore:] = canvas[rows, columns] * [0.76, 0.7, 0.72] + [6, 8, 26]


def draw_glitter(canvas, rng, x):
    """The path of broken sunlight that leads over the water to the sun."""
    for depth in 180 * rng.random(90):
        half = rng.uniform(2, 12)
        left = x - half + rng.uniform(-1, 1) * (30 - depth / 9)
        color = mix((255, 232, 180), (190, 110, 120), depth / 180)
        box(canvas, left, WATERLINE + 24 + depth, 2 * half, 0.7 + depth / 150, color)


def draw_city():
    """A city at the water, at dusk, 489 x 730 RGB."""
    rng = np.random.default_rng(2)
    image = vertical_gradient(489, 730, DUSK)
    light = glow(image.shape, (140, 250), 130)[..., None]
    image += (np.array([255, 220, 160]) - image) * 0.7 * light
    canvas = enlarge(dither(image, rng))
    for star in rng.random((40, 2)) * [730, 100]:
        disc(canvas, star, 0.6, (190, 190, 225))
    disc(canvas, (140, 238), 30, (255, 246, 214))
    draw_row(canvas, rng, (168, 104, 122), -10, 14, 120, 0)
    draw_bridge(canvas)
    draw_row(canvas, rng, (92, 64, 104), 236, 40, 165, 0.2)
    draw_row(canvas, rng, (44, 40, 78), 258, 24, 120, 0.45)
    reflect(canvas)
    draw_glitter(canvas, rng, 140)
    draw_boat(canvas, 216, 398, 22)
    draw_boat(canvas, 640, 352, 11)
    return shrink(canvas)


# --- the test card ------------------------------------------------------------------------------

CREAM, INK, NAVY = (246, 240, 226), (20, 20, 24), (0, 62, 120)
ORANGE, SKY, GREEN = (230, 159, 0), (86, 180, 233), (0, 158, 115)
YELLOW, RED, PINK = (240, 228, 66), (213, 94, 0), (204, 121, 167)


def draw_star(canvas, center, radius, spokes):
    """Wedges that meet in one point: detail that grows finer without end."""
    angle = np.arange(2 * spokes) * np.pi / spokes + 0.01
    rim = center + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    for first, second in zip(rim[::2], rim[1::2], strict=True):
        polygon(canvas, [center, first, second], INK)


def draw_fine_lines(canvas, x, y):
    """Lines of 4, 3, 2 and 1 pixels, as far apart as they are wide."""
    for width, top in ((4, 8), (3, 40), (2, 67), (1, 91)):
        for number in range(4 if width > 1 else 8):
            box(canvas, x + 8, y + top + 2 * width * number, 112, width, INK)
    for number in range(14):
        box(canvas, x + 8 + 8 * number, y + 111, 1, 10, INK)


def draw_slopes(canvas):
    """A smooth run from dark to light, and a ball: everything else on the card is flat."""
    ramp = np.linspace(20, 240, 128 * SCALE)[None, :, None]
    canvas[128 * SCALE : 256 * SCALE, 256 * SCALE : 384 * SCALE] = ramp
    for share in np.linspace(0, 1, 60):
        center = np.array([192, 448]) - 16 * share
        disc(canvas, center, 52 * (1 - share), mix((110, 30, 60), (255, 226, 236), share))


def draw_card():
    """A test card, 512 x 512 RGB: flat areas, hard edges, fine detail and smooth slopes."""
    canvas = np.full((512 * SCALE, 512 * SCALE, 3), CREAM, np.uint8)
    box(canvas, 0, 0, 256, 256, NAVY)
    for radius, color in ((104, RED), (80, CREAM), (64, NAVY), (40, YELLOW)):
        disc(canvas, (128, 128), radius, color)
    box(canvas, 256, 256, 256, 256, SKY)
    for radius, color in ((240, NAVY), (200, CREAM), (160, RED), (120, YELLOW), (80, GREEN)):
        quarter = np.linspace(np.pi, 1.5 * np.pi, 200)
        rim = np.stack([512 + radius * np.cos(quarter), 512 + radius * np.sin(quarter)], axis=-1)
        polygon(canvas, [(512, 512), *rim], color)
    box(canvas, 256, 0, 128, 128, GREEN)
    polygon(canvas, [(256, 128), (384, 0), (384, 128)], YELLOW)
    disc(canvas, (320, 64), 34, INK)
    draw_fine_lines(canvas, 384, 0)
    for row, column in np.ndindex(8, 8):
        color = RED if (row + column) % 2 else CREAM
        box(canvas, 384 + 16 * column, 128 + 16 * row, 16, 16, color)
    draw_star(canvas, np.array([64, 320]), 60, 24)
    box(canvas, 128, 256, 128, 128, ORANGE)
    polygon(canvas, [(128, 384), (192, 256), (256, 384)], NAVY)
    for step in range(8):
        box(canvas, 16 * step, 384, 16, 128, (36 * step,) * 3)
    box(canvas, 128, 384, 128, 128, PINK)
    draw_slopes(canvas)
    return shrink(canvas)


# --- the webs -----------------------------------------------------------------------------------


def around(hub, angle, radius):
    """Places at these angles and distances from the hub."""
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return np.array(hub) + direction * np.expand_dims(radius, -1)


def uneven_angles(count, unrest, rng):
    """Angles once around the circle, at roughly equal distances."""
    return (np.arange(count) + rng.uniform(-unrest, unrest, count)) * 2 * np.pi / count


def spin_frame(canvas, hub, reach, rng):
    """Threads between a few corners, each corner tied to the world outside."""
    angles = uneven_angles(7, 0.25, rng)
    corners = around(hub, angles, reach * rng.uniform(0.95, 1.15, 7))
    frame = []
    for corner, angle, following in zip(corners, angles, np.roll(corners, -1, 0), strict=True):
        for turn in (-0.14, 0.1):
            line(canvas, [corner, around(hub, angle + turn, 3 * reach)], 220, 1.6)
        inward = hub + rng.uniform(0.8, 0.94) * ((corner + following) / 2 - hub)
        frame.extend(curve(corner, inward, following, 20))
    line(canvas, [*frame, frame[0]], 235, 2.4)
    return np.array(frame)


def spin_web(shape, hub, reach, spokes, turns, rng):
    """A canvas with the cover of the threads, 0 ... 255, and the threads of the spiral."""
    canvas = np.zeros((shape[0] * SCALE, shape[1] * SCALE), np.uint8)
    dx, dy = (spin_frame(canvas, hub, reach, rng) - hub).T
    angles = uneven_angles(spokes, 0.3, rng)
    length = np.interp(angles, np.arctan2(dy, dx), np.hypot(dx, dy), period=2 * np.pi)
    for start, end in zip(around(hub, angles, 5.0), around(hub, angles, length), strict=True):
        line(canvas, curve(start, (start + end) / 2 + rng.uniform(-5, 5, 2), end), 225, 1.6)
    for first, last, rounds in ((0.015, 0.06, 4), (0.16, 0.95, turns)):  # first hub, then trap
        step = np.arange(spokes * rounds + 1)
        share = (first + (last - first) * step / step[-1]) * rng.uniform(0.985, 1.015, len(step))
        radius = share * (0.7 * length + 0.3 * length.mean())[step % spokes]
        knots = around(hub, angles[step % spokes], radius)
        pairs = zip(knots[:-1], knots[1:], strict=True)
        threads = [hang(*pair, hub, rng) for pair in pairs if rng.random() > 0.015]  # some tore
        for thread in threads:
            line(canvas, thread, 215, 1.3)
    return canvas, threads


def hang(start, end, hub, rng):
    """A thread between two spokes: pulled toward the hub, and down by its weight."""
    middle = (start + end) / 2
    sag = np.hypot(*(end - start)) * rng.uniform(0.02, 0.1)
    inward = (hub - middle) / np.hypot(*(hub - middle))
    return curve(start, middle + sag * inward + [0, sag], end)


def draw_spider(canvas, hub, size):
    """A spider that waits in the hub, head down."""
    x, y = hub
    disc(canvas, (x, y - 0.5 * size), 0.62 * size, 255)
    disc(canvas, (x, y + 0.35 * size), 0.42 * size, 255)
    for side in (-1, 1):
        for knee, foot in (((1.2, 1.3), (0.9, 2.6)), ((1.4, 0.9), (1.9, 1.7))):
            for up, root in ((1, 0.4), (-1, 0.1)):
                leg = [(0, root), (knee[0] * side, up * knee[1]), (foot[0] * side, up * foot[1])]
                line(canvas, np.array(leg) * size + hub, 255, 0.16 * size)


def draw_web_dark_on_light():
    """A spider's web in front of a bright sky, 860 x 820 grey."""
    rng = np.random.default_rng(3)
    shape, hub = (860, 820), (425, 410)
    canvas, _ = spin_web(shape, hub, 370, 28, 14, rng)
    draw_spider(canvas, hub, 13)
    light = 200 + 36 * glow(shape, (250, 200), 420) - 34 * glow(shape, (720, 820), 330)
    light += 28 * soft_discs(shape, rng, 24, 90)
    return dither(light + (12 - light) * (shrink(canvas) / 255), rng)


def draw_web_light_on_dark():
    """A spider's web with dew in front of a dark wood, 1000 x 1000 grey."""
    rng = np.random.default_rng(4)
    shape = (1000, 1000)
    canvas, threads = spin_web(shape, (520, 470), 430, 32, 16, rng)
    for thread in threads:
        for place in thread[1:-1]:
            if rng.random() < 0.18:
                radius = 1.0 + 2.2 * rng.random() ** 4
                disc(canvas, place, radius, 235)
                disc(canvas, place - 0.3 * radius, 0.5 * radius, 255)
    dark = 12 + 30 * glow(shape, (300, 250), 450) + 75 * soft_discs(shape, rng, 30, 110)
    return dither(dark + (250 - dark) * (shrink(canvas) / 255), rng)


# --- all of them --------------------------------------------------------------------------------

PICTURES = {
    "meadow": draw_meadow,
    "city": draw_city,
    "card": draw_card,
    "web_dark_on_light": draw_web_dark_on_light,
    "web_light_on_dark": draw_web_light_on_dark,
}


def save(image, path):
    """Write a PNG file under another name first, so that `path` is never half a picture."""
    unfinished = path.with_suffix(".part")
    Image.fromarray(image).save(unfinished, format="PNG", optimize=True)
    os.replace(unfinished, path)


def main():
    """Draw every picture into the folder of this script."""
    for name, draw in PICTURES.items():
        save(draw(), FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
