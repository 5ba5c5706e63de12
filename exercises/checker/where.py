"""Where and when an answer is wrong, and how its numbers differ: for what no idea explains.

Each sentence is true of all inputs that were tried, and asks for what may be behind it.
"""

import itertools

import numpy as np

from course_utils._validation import is_array
from course_utils.convolution import to_uint8
from exercises.checker.comparing import agree, brief
from exercises.checker.exercise import fact

ENOUGH = 3  # inputs or numbers that are wrong, for a sentence about them
OTHERS = 5  # inputs or numbers that are right
SHARE = 0.7  # of the inputs that a sentence is about, so many are wrong
NEARLY_ALL = 0.8  # of them: then no more is asked
SHARE_OF_PLACES = 0.3  # of the places: others are right by chance, such as in constant images
FEW = 2000  # shifts that are tried
MANY = 200  # numbers, which small types do not count
ROUGH = 0.01  # of the largest number: what is lost to few digits


def facts(wrong, number, others, tried, telling, exercise):
    """Yield what is true of all inputs that were tried, the most telling first.

    Parameters
    ----------
    wrong, others : list
        What the answer did where it is wrong, and where it is right: calls of `judge`.
    number : int
        How many of the wrong ones, which come first, were not chosen for what came of others.
    tried : list
        All calls, those too that were chosen for what came of others: they tell limits exactly.
    telling : function of a call
        Whether an input tells right answers from wrong ones; on others, anything is right.
    exercise : Exercise

    Yields
    ------
    Misconception
    """
    tolerance = exercise.tolerance
    part, cases = _pairs(wrong, tolerance)
    if len(wrong) < ENOUGH:
        return
    cases = [case for case in cases if not _are_right([case[1:]], tolerance)]  # but for its type
    inputs, pairs = [case[0] for case in cases], [case[1:] for case in cases]
    is_same = pairs and all(right.shape == got.shape for right, got in pairs)
    if is_same:
        bad = [~agree(right, got, tolerance) for right, got in pairs]
        yield from _related(NUMBERS, pairs, tolerance, part)
        yield from _where(inputs, pairs, bad, part)
        yield from _of_levels(inputs, pairs)
    yield from _when(wrong, number, others, tried, telling, least=NEARLY_ALL)
    if is_same:
        yield from _related(ALIKE, pairs, tolerance, part)
        yield from _elsewhere(pairs, bad, tolerance, part)
    elif pairs:
        yield from _related(SHAPES, pairs, tolerance, part)
    yield from _when(wrong, number, others, tried, telling)
    yield from _of_sides(pairs, part)


def _related(relations, pairs, tolerance, part):
    for name, counts, test, why in relations:
        if _holds(test, counts, pairs, tolerance):
            yield fact(name + part, why)


def _pairs(calls, tolerance):
    """List input, right result and the answer's of each call; none if they are no numbers.

    Of results that are tuples it is the one part that is wrong, if it is one; which comes first.
    """
    inputs = [call.arguments for call in calls]
    rights, gots = [call.right for call in calls], [call.outcome.value for call in calls]
    try:
        is_tuple = isinstance(rights[0], tuple)
        columns = zip(zip(*rights), zip(*gots)) if is_tuple else [(rights, gots)]
        columns = [_arrays(*column) for column in columns]
        bad = [k for k, pairs in enumerate(columns) if not _are_right(pairs, tolerance)]
        is_one = is_tuple and len(bad) == 1
        part = f", in value {bad[0] + 1}" if is_one else ""
        pairs = columns[bad[0]] if is_one else _arrays(rights, gots)
    except (TypeError, ValueError):  # no numbers, or lists of other lengths
        return "", []
    are_numbers = all(array.dtype.kind in "biuf" for pair in pairs for array in pair)
    return part, [(given, *pair) for given, pair in zip(inputs, pairs)] if are_numbers else []


def _arrays(rights, gots):
    return [(np.asarray(right), np.asarray(got)) for right, got in zip(rights, gots, strict=True)]


def _are_right(pairs, tolerance):
    return all(r.shape == g.shape and agree(r, g, tolerance).all() for r, g in pairs)


def _holds(test, counts, pairs, tolerance):
    """Whether all pairs pass a test, among them some that count: of others it says nothing."""
    number = sum(bool(counts(right)) for right, _ in pairs)
    with np.errstate(all="ignore"):
        return number >= ENOUGH and all(test(*pair, tolerance) for pair in pairs)


def _varies(right):
    return right.size > 0 and right.max() > right.min()


def _is_grid(right):
    return right.ndim == 2 and min(right.shape) > 1 and _varies(right)


# How the numbers differ -------------------------------------------------------------------------


def _float(test):
    """Make a test of floats."""
    return lambda right, got, tolerance: test(right.astype(float), got.astype(float), tolerance)


def _is_off_by_one(right, got, _):
    are_whole = (right % 1 == 0).all() and (got % 1 == 0).all()
    return are_whole and (abs(got - right) <= 1).all()


def _is_constant(numbers, tolerance):
    return (
        numbers.size > 0 and agree(np.full_like(numbers, numbers.flat[0]), numbers, tolerance).all()
    )


def _is_moved(right, got, tolerance):
    return _is_constant(got - right, tolerance)


def _is_scaled(right, got, tolerance):
    is_zero = right == 0
    factors = got[~is_zero] / right[~is_zero]
    is_one = is_zero.all() or (factors.all() and _is_constant(factors, tolerance))
    return not got[is_zero].any() and is_one


def _each_is_scaled(axis):
    def test(right, got, tolerance):
        lines = zip(np.moveaxis(right, axis, 0), np.moveaxis(got, axis, 0))
        return all(_is_scaled(*line, tolerance) for line in lines)

    return _float(lambda right, got, tolerance: right.ndim == 2 and test(right, got, tolerance))


def _is_rolled(right, got, tolerance):
    shifts = itertools.islice(np.ndindex(right.shape), FEW)
    axes = tuple(range(right.ndim))
    return any(agree(np.roll(right, shift, axes), got, tolerance).all() for shift in shifts)


def _are_no_levels(right, got, tolerance):
    """Whether floats would be right if they were made levels of an image."""
    are_floats = right.dtype == np.uint8 and got.dtype.kind == "f"
    return are_floats and any((to_uint8(f(got)) == right).all() for f in (np.rint, np.floor))


def _has_an_axis_more(right, got, tolerance):
    """Whether one number of each row, column, … would be right."""
    if got.ndim != right.ndim + 1:
        return False
    shorter = (
        f(got, axis=axis) for axis in range(got.ndim) for f in (np.sum, np.mean, np.max, np.min)
    )
    return any(s.shape == right.shape and agree(right, s, tolerance).all() for s in shorter)


NUMBERS = (  # name, what right results count, test of right result and answer's, why
    (
        "gives inf or nan where a finite number is right",
        lambda right: True,
        _float(lambda r, g, t: np.isfinite(r).all() and not np.isfinite(g[~agree(r, g, t)]).any()),
        "All other numbers are right. Do you divide by 0, take a root or a logarithm that is no "
        "number, or give inf for what is only small?",
    ),
    (
        "does not make levels of the numbers",
        np.any,
        _are_no_levels,
        "The numbers are right until they should become levels: round, clip, and convert them.",
    ),
    (
        "is off by one in some places",
        lambda right: right.size > 0 and abs(right).max() > 10,
        _float(_is_off_by_one),
        "No number is wrong by more than 1. Where do you round or cut, add up what is rounded, or "
        "start to search or count?",
    ),
    (
        "is nearly right, within a hundredth on all inputs tried",
        np.any,
        _float(
            lambda r, g, t: (
                r.size and (abs(g - r) <= ROUGH * np.nan_to_num(abs(r), posinf=0).max()).all()
            )
        ),
        "No number is wrong by more than a hundredth of the largest. Do you round before the end, "
        "add a tiny number, or use a type with few digits?",
    ),
    (
        "moves the result round",
        lambda right: np.count_nonzero(right) > 1,  # one number alone has but another place
        _is_rolled,
        "The numbers are right, but start elsewhere, and go on at the other end. Index -1 is the "
        "last place: is one of yours negative?",
    ),
)


ALIKE = (  # the same, if it is not wrong on some sort of inputs only
    (
        "is off by one difference in all of the result",
        _varies,
        _float(_is_moved),
        "Where it is wrong, all numbers of the result are, by the same. What do you add or "
        "subtract too often, or not often enough?",
    ),
    (
        "is off by one factor in all of the result",
        _varies,
        _float(_is_scaled),
        "Where it is wrong, all numbers of the result are, by one factor for each input. Which "
        "one is too many, or missing?",
    ),
    (
        "is off by a factor in each row",
        _is_grid,
        _each_is_scaled(0),
        "Within a row the numbers are right but for a factor. By which sum is a row divided, and "
        "by which should it be?",
    ),
    (
        "is off by a factor in each column",
        _is_grid,
        _each_is_scaled(1),
        "Within a column the numbers are right but for a factor. By which sum is one divided, and "
        "by which should it be?",
    ),
)


ORDER = (  # the same, once it is clear that no part of the result is right
    (
        "puts the right numbers in other places",
        _varies,
        lambda r, g, t: agree(np.sort(r, None), np.sort(g, None), t).all(),
        "All numbers of the right result are there, but not where they belong. Follow one of them: "
        "where should it go?",
    ),
)


def _is_part(right, got, tolerance, is_start=False):
    """Whether one array is a block of the other."""
    if not got.size:
        return True
    if (
        got.ndim != right.ndim
        or got.shape == right.shape
        or np.greater(got.shape, right.shape).any()
    ):
        return False
    spare = np.subtract(right.shape, got.shape) + 1
    starts = [(0,) * right.ndim] if is_start else itertools.islice(np.ndindex(*spare), FEW)
    blocks = (tuple(slice(s, s + n) for s, n in zip(start, got.shape)) for start in starts)
    return any(agree(right[block], got, tolerance).all() for block in blocks)


SHAPES = (  # the same for results of another shape
    (
        "returns an empty array where it is wrong",
        np.size,
        lambda r, g, t: g.size == 0,
        "There your result holds no number. A slice such as [:-0] is empty: -0 is 0.",
    ),
    (
        "has the right numbers in a wrong shape",
        _varies,
        lambda r, g, t: r.size == g.size and agree(r.ravel(), g.ravel(), t).all(),
        "All numbers are right, and in the right order. reshape gives them their shape.",
    ),
    (
        "stops one axis early",
        _varies,
        _has_an_axis_more,
        "Your result has an axis too many. Along which one is it still to be summarized?",
    ),
    (
        "leaves out rows or columns at the end",
        _varies,
        lambda r, g, t: _is_part(r, g, t, is_start=True),
        "What you return is right, but ends too early. How many are there?",
    ),
    (
        "leaves out a part of the result",
        _varies,
        lambda r, g, t: _is_part(r, g, t),
        "What you return is right, but not all of it. How many rows and columns are there?",
    ),
    (
        "adds rows or columns at the end",
        _varies,
        lambda r, g, t: _is_part(g, r, t, is_start=True),
        "It holds the right result, and then goes on. How many rows and columns are there?",
    ),
    (
        "adds something around the result",
        _varies,
        lambda r, g, t: _is_part(g, r, t),
        "It holds the right result, but there is more around it. How many rows and columns are "
        "there?",
    ),
)


def _of_sides(pairs, part):
    """Yield which sides of all wrong results are too short or too long."""
    steps = [np.subtract(got.shape, right.shape) for right, got in pairs if got.ndim == right.ndim]
    if not pairs or len(steps) < len(pairs):
        return
    names = (
        ("rows", "columns") if len(steps[0]) == 2 else map("numbers along axis {}".format, range(9))
    )
    why = "How many there must be depends on the input. Which sides and sizes do you count from?"
    for sign, size in ((-1, "few"), (1, "many")):
        sides = [name for name, side in zip(names, zip(*steps)) if set(np.sign(side)) == {sign}]
        if sides:
            yield fact(f"returns too {size} {' and '.join(sides)}{part}", why)


# Where ------------------------------------------------------------------------------------------


def _where(inputs, pairs, wrong, part):
    """Yield the parts of a result that all wrong numbers lie in."""
    shapes = {right.shape for right, _ in pairs}
    if shapes == {(3, 3)}:  # a small kernel has no edge to speak of
        return
    zones = [
        {name: (why, mask) for name, why, mask in _zones(arguments, right)}
        for arguments, (right, _) in zip(inputs, pairs)
    ]
    for name, (why, _) in zones[0].items():
        if all(name in found for found in zones):
            if _tells([found[name][1] for found in zones], wrong):
                yield fact(f"is wrong only {name}{part}", why)


def _of_levels(inputs, pairs):
    """Yield that pixels of one level are told apart, where one map for each level is right."""
    images = [next(iter(arguments.values())) for arguments in inputs]
    if all(
        getattr(image, "shape", None) == right.shape for image, (right, _) in zip(images, pairs)
    ):
        triples = [(image, *pair) for image, pair in zip(images, pairs)]
        if all(_is_map(i, r) and not _is_map(i, g) for i, r, g in triples):
            why = "Each level has one new level. Does your code go by the place of a pixel?"
            yield fact("gives pixels of one level different levels", why)


def _is_map(image, result):
    """Whether equal pixels have become equal."""
    pairs = np.stack([image.ravel(), result.ravel()])
    return len(np.unique(pairs, axis=1).T) == len(np.unique(image))


def _elsewhere(pairs, wrong, tolerance, part):
    """Yield the same of larger parts."""
    yield from _related(ORDER, pairs, tolerance, part)
    is_filled = [got.any() for _, got in pairs]
    are_0 = all((got[bad] == 0).all() for (_, got), bad in zip(pairs, wrong))
    if are_0 and 2 * sum(is_filled) >= len(pairs):
        why = "All other numbers are right. Are there places that you never fill, or set to 0?"
        yield fact(f"leaves 0 in some places{part}", why)


def _tells(masks, wrong):
    """Whether all wrong numbers lie in the masks, right ones outside, and few in them."""
    inside = sum(int(mask.sum()) for mask in masks)
    number = sum(int(bad.sum()) for bad in wrong)
    outside = [mask.size - int(mask.sum()) for mask in masks]
    return (
        not any((bad & ~mask).any() for mask, bad in zip(masks, wrong))
        and number >= max(ENOUGH, SHARE_OF_PLACES * inside)
        and sum(outside) >= OTHERS
        and sum(count > 0 for count in outside) >= len(masks) / 2
    )


def _zones(arguments, right):
    """Yield parts of a result: name, what to ask, mask."""
    others = "All other numbers are right."
    for axis, side in enumerate(right.shape):
        for index in (0, 1, 2, side - 1) if right.ndim == 3 or side == 256 else ():
            mask = np.indices(right.shape)[axis] == index
            name = f"at index {index} of axis {axis}" if right.ndim > 1 else f"at index {index}"
            yield name, f"{others} Does a loop or a range end before it?", mask
    for reach, which in _reaches(arguments):
        for name, mask in _edges(right.shape, reach):
            why = f"{others} How does your code come to those at the edge?"
            yield name + which, why, mask
    for name, values in (*arguments.items(), ("the right number", right)):
        if isinstance(values, np.ndarray) and values.shape == right.shape:
            for text, mask in (
                ("0", values == 0),
                ("255", values == 255),
                ("negative", values < 0),
            ):
                yield f"where {name} is {text}", f"{others} What happens to those?", mask


def _reaches(arguments):
    """Yield how far an edge reaches into the result, and a word that tells which reach that is."""
    yield 1, ""
    for name, value in arguments.items():
        if type(value) is int:
            yield value, f" ({name} wide)"
            yield value // 2, f" (half of {name} wide)"
        elif isinstance(value, np.ndarray) and name != next(iter(arguments)):
            yield max(value.shape, default=0) // 2, f" (half of {name} wide)"


def _edges(shape, reach):
    if len(shape) == 1:
        places = np.arange(shape[0])
        yield "at the start", places < reach
        yield "at the end", places >= shape[0] - reach
        return
    if len(shape) < 2:
        return
    axes = (0, 1) if len(shape) == 2 or shape[-1] == 3 else (len(shape) - 2, len(shape) - 1)
    row, column = (np.indices(shape)[axis] for axis in axes)
    top, left = row < reach, column < reach
    bottom, right = row >= shape[axes[0]] - reach, column >= shape[axes[1]] - reach
    yield "in the corners", (top | bottom) & (left | right)
    yield "at the top", top
    yield "at the bottom", bottom
    yield "at the left", left
    yield "at the right", right
    yield "at the top and at the left", top | left
    yield "at the bottom and at the right", bottom | right
    yield "at the top and the bottom", top | bottom
    yield "at the left and the right", left | right
    yield "at the border", top | bottom | left | right
    yield "on the diagonal", row == column


# When -------------------------------------------------------------------------------------------

NUMBER = "is more than {}", "is {} or more", "is less than {}"
HELD = "holds a number above {}", "holds {} or more", "holds only numbers below {}"
COUNTED = "has more than {} numbers", "has {} numbers or more", "has fewer than {} numbers"


def _when(wrong, number, others, tried, telling, least=SHARE):
    """Yield what holds for all inputs on which the answer is wrong, and for hardly any other."""
    names = wrong[0].arguments.keys()
    values, sizes = (
        {name: (_seen(how, name, wrong), _seen(how, name, tried)) for name in names}
        for how in (_largest, np.size)
    )
    conditions = [(call, _conditions(call, values, sizes)) for call in wrong + others]
    best, found = least, {}  # inputs for which a text holds
    for text in conditions[0][1]:
        there = [call for call, known in conditions if known.get(text, ("", False))[1]]
        elsewhere = [call for call, known in conditions if not known.get(text, ("", True))[1]]
        if sum(bool(call.fault) for call in there) < len(wrong):
            continue
        share = number / (number + sum(not call.fault for call in there))
        if share >= best and sum(map(telling, elsewhere)) >= ENOUGH:
            found = {} if share > best else found
            best, found[text] = share, set(map(id, there))
    if found:
        first, *others = found
        alike = [text for text in others if found[text] == found[first]]
        own = _names_in(first, names)
        other = [f" or {text}" for text in alike if not own & _names_in(text, names)][:1]
        why = f"On all other inputs tried it is right. {conditions[0][1][first][0]}"
        yield fact(f"is wrong only where {first}{''.join(other)}", why)


def _names_in(text, names):
    return names & set(text.split())


def _largest(value):
    return np.max(value) if is_array(value) else value


def _seen(measure, name, calls):
    return {measure(call.arguments[name]) for call in calls}


def _limits(name, number, seen, ask, ask_below, words=NUMBER):
    """Yield from which number on an answer is wrong, as far as it was tried; and up to which.

    Parameters
    ----------
    name : str
        What has that number.
    number : int or float
    seen : tuple of two sets
        Numbers for which it is wrong, and all that were tried.
    ask, ask_below : str
        What to ask if it is wrong from a number on, and if it is wrong up to one.
    words : tuple of three str
        How the number before the first of them is told, the first itself, and that after the last.

    Yields
    ------
    text, ask : str
    is_so : bool
    """
    wrong, tried = seen
    more, least, less = words
    first, last = min(wrong), max(wrong)
    before = max((other for other in tried if other < first), default=None)
    after = min((other for other in tried if other > last), default=None)
    if before is not None:
        is_next = isinstance(first, (int, np.integer)) and first - before == 1
        text = least.format(brief(first)) if is_next else more.format(brief(before))
        yield f"{name} {text}", ask, number > before
    if after is not None:
        yield f"{name} {less.format(brief(after))}", ask_below, number < after


def _conditions(call, seen, sizes):
    """What may be special about an input, in words: what to ask, and whether it is so."""
    found, arguments = [], call.arguments
    arrays = {n: v for n, v in arguments.items() if isinstance(v, np.ndarray) and v.size}
    for name, value in arguments.items():
        if name == "rng" or not isinstance(value, (int, float, str)):
            continue
        values, tried = seen[name]
        ask = f"What does your code do with that {name}?"
        if values == {0}:
            ask = "What becomes of 0? A slice such as [-0:] is all there is, and [:-0] is nothing."
        if len(values) == 1 and (isinstance(value, str) or not 1 < max(values) == max(tried)):
            found.append((f"{name} is {next(iter(values))!r}", ask, value in values))
        elif not isinstance(value, str):
            found += _limits(name, value, seen[name], ask, ask)
            if type(value) is float:
                found.append((f"{name} is negative", ask, value < 0))
                found.append((f"{name} is no whole number", ask, value % 1 != 0))
    for name, array in arrays.items():
        if array.dtype.kind in "iu":
            ask = "Does a sum or a product grow too large, or a range end too early?"
            if min(seen[name][0]) == 255:
                found.append((f"{name} holds 255", ask, array.max() == 255))
            ask_below = "Does your code guess from the numbers what they mean?"
            found += _limits(name, array.max(), seen[name], ask, ask_below, HELD)
        if min(sizes[name][0]) >= MANY:
            ask = "Is a count, or its product, too large for its type? A uint8 ends at 255."
            found += _limits(name, array.size, sizes[name], ask, ask, COUNTED)
        found += [(text.format(name), ask, test(array)) for text, ask, test in OF_ARRAYS]
        for size, number in arguments.items():
            if type(number) is int and array.dtype.kind in "iu":
                ask = "Does your code reach the last level?"
                found.append((f"{name} holds {size} - 1", ask, array.max() == number - 1))
            if type(number) is int and number > 0 and _is_image(array):
                is_left = any(side % number for side in array.shape[:2])
                text = f"a side of {name} is no multiple of {size}"
                found.append((text, "What happens to what is left over?", is_left))
                text = f"the sides of {name} are multiples of {size}"
                found.append((text, "Does the last block count?", not is_left))
    integers = {n: v for n, v in arguments.items() if type(v) is int and n != "rng"}
    for (name, value), (other, second) in itertools.permutations(integers.items(), 2):
        ask = "Does your code take one for the other, or leave one out?"
        found.append((f"{name} is larger than {other}", ask, value > second))
        found.append((f"neither {name} nor {other} is 0", ask, value * second != 0))
    for (name, array), (other, second) in itertools.combinations(arrays.items(), 2):
        text, ask = f"{name} and {other} are the same", "What is their difference then?"
        found.append((text, ask, np.array_equal(array, second)))
    if isinstance(call.right, (int, float, np.number)):
        ask = "What do you return then?"
        found.append(("the right number is 0", ask, call.right == 0))
        found.append(("the right number is negative", ask, call.right < 0))
        found.append(("the right number is infinite", ask, np.isinf(call.right)))
    return {text: (ask, bool(is_so)) for text, ask, is_so in found}


def _is_image(array):
    return array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)


OF_ARRAYS = (  # what may be special about an array, what to ask, test
    (
        "{} is taller than wide",
        "Do you use the length of one side where another belongs?",
        lambda a: _is_image(a) and a.shape[0] > a.shape[1],
    ),
    (
        "{} is wider than tall",
        "Do you use the length of one side where another belongs?",
        lambda a: _is_image(a) and a.shape[0] < a.shape[1],
    ),
    (
        "{} is not square",
        "Do you use the length of one side where another belongs?",
        lambda a: _is_image(a) and a.shape[0] != a.shape[1],
    ),
    (
        "{} has more than one row",
        "With one row it is right. What does your code do with more?",
        lambda a: _is_image(a) and len(a) > 1,
    ),
    (
        "{} has more than one column",
        "With one column it is right. What does your code do with more?",
        lambda a: _is_image(a) and a.shape[1] > 1,
    ),
    (
        "{} has an even number of rows or columns",
        "Which one is in the middle then?",
        lambda a: _is_image(a) and any(side % 2 == 0 for side in a.shape[:2]),
    ),
    (
        "{} has more than 4 rows or columns",
        "Is there a number in your code that only small ones fit?",
        lambda a: _is_image(a) and max(a.shape[:2]) > 4,
    ),
    ("{} holds a 255", "Does your code reach the last level?", lambda a: (a == 255).any()),
    (
        "{} holds negative numbers",
        "What happens to those, and to what comes of them?",
        lambda a: (a < 0).any(),
    ),
    (
        "{} holds numbers that are not whole",
        "What happens to those, and to what comes of them?",
        lambda a: (a % 1).any(),
    ),
)
