"""Wrong ideas that several exercises share: each makes a misconception of code that follows it."""

from exercises.checker.exercise import Misconception


def _idea(name, usual_why=None):
    """Name an idea; its sentence may be the usual one, or one of the exercise."""

    def misconception(function, why=usual_why, section=""):
        if why is None:
            raise TypeError(f"say why of the idea {name!r}: it has no usual sentence")
        return Misconception(name, function, why, section)

    return misconception


changes_its_argument = _idea(
    "changes its argument",
    "You write into an array you were given. Work on a copy.",
)
subtracts_in_uint8 = _idea("subtracts in uint8")
leaves_out_the_empty_levels = _idea("leaves out the empty levels")
stops_at_the_brightest_pixel = _idea("stops at the brightest pixel")
lets_np_histogram_choose_the_range = _idea("lets np.histogram choose the range")
returns_the_counts_as_floats = _idea("returns the counts as floats")
counts_only_the_pixels_below = _idea(
    "counts only the pixels below",
    "C(k) counts the pixels at level k or below. You left out those at level k.",
)
adds_up_brightness = _idea(
    "adds up brightness",
    "You weight each pixel by its level. Every pixel counts equally, black ones too.",
)
starts_at_black_and_stops_short = _idea("starts at black and stops short")
takes_white_for_1_0 = _idea(
    "takes white for 1.0", "In a uint8 image white is 255. Pass np.uint8 to np.array."
)
forgets_the_dtype = _idea(
    "forgets the dtype", "NumPy turns a list into 64-bit integers. Pass np.uint8 to np.array."
)
interpolates_between_levels = _idea("interpolates between levels")
rounds_to_the_nearest_level = _idea(
    "rounds to the nearest level",
    "Your map rounds 255 C(k) / N. The map of this exercise takes the floor.",
)
uses_opencvs_map = _idea("uses OpenCV's map")
multiplies_by_256 = _idea(
    "multiplies by 256", "With 256 levels the largest is 255 = L - 1. Your 256 wraps around to 0."
)
adds_up_float_fractions = _idea(
    "adds up float fractions",
    "You add up rounded fractions h(k) / N, and at some level the sum is a little below its true "
    "value. Count in integers, multiply by 255, and divide once.",
)
stretches_instead_of_equalizing = _idea(
    "stretches instead of equalizing",
    "You stretch the levels linearly to 0 … 255. Equalizing follows C(k), the counts.",
)
divides_before_it_multiplies = _idea("divides before it multiplies")
forgets_to_add_up_the_counts = _idea("forgets to add up the counts")
returns_floats = _idea(
    "returns floats", "An image is an array of uint8: make it one, with dtype=np.uint8 or astype."
)
returns_the_map = _idea("returns the map")
takes_a_constant_image = _idea("takes a constant image")
takes_two_levels = _idea("takes two levels")
rounds_halves_up = _idea("rounds halves up")
does_not_use_rng = _idea(
    "does not use rng",
    "What you draw does not follow the seed. Write rng = np.random.default_rng(rng), and draw with "
    "methods of that rng only.",
)
cuts_the_decimals_off = _idea(
    "cuts the decimals off",
    "astype and int drop the decimals and so lower the mean by half a level. Round with np.rint.",
)
rounds_up = _idea("rounds up")
does_not_clip = _idea(
    "does not clip before it converts",
    "Sums above 255 wrap around to dark levels, negative ones to bright. Add ints or floats, clip "
    "the sum, and convert it last.",
)
neither_rounds_nor_clips = _idea(
    "neither rounds nor clips",
    "astype alone cuts the decimals off and wraps around. Round, clip, then convert.",
)
adds_no_noise = _idea("adds no noise")
takes_sigma_for_the_variance = _idea("takes sigma for the variance")
draws_one_number_for_the_whole_image = _idea(
    "draws one number for the whole image",
    "All pixels move together. Draw an array of the shape of the image.",
)
draws_once_for_each_level = _idea(
    "draws once for each level",
    "All pixels of one level get the same noise, as from a table. Draw an array of the shape of "
    "the image.",
)
draws_uniform_numbers = _idea(
    "draws uniform numbers",
    "You made all values between -sigma and sigma equally likely. Draw from N(0, 1).",
)
adds_only_positive_noise = _idea("adds only positive noise")
swaps_salt_and_pepper = _idea(
    "swaps salt and pepper",
    "The fraction salt_fraction of the noisy pixels must be white. You made it black.",
)
ignores_the_fraction_of_salt = _idea("ignores the fraction of salt")
returns_one_row = _idea(
    "returns one row",
    "You return one row. The kernel is the outer product of that row with itself.",
)
swaps_rows_and_columns = _idea("swaps rows and columns")
divides_by_the_number_of_weights = _idea("divides by the number of weights")
does_not_divide_by_the_sum = _idea("does not divide by the sum")
divides_by_the_sum_of_one_row = _idea("divides by the sum of one row")
puts_zeros_around_the_image = _idea("puts zeros around the image")
takes_the_mean = _idea("takes the mean")
shrinks_the_image = _idea("shrinks the image")
leaves_the_border_black = _idea("leaves the border black")
takes_every_image_for_a_square = _idea("takes every image for a square")
takes_the_middle_without_sorting = _idea("takes the middle without sorting")
takes_a_large_image = _idea("takes a large image")
repeats_the_edge = _idea("repeats the edge")
cuts_the_fraction_off = _idea(
    "cuts the fraction off",
    "A cast to whole numbers, such as int or uint8, makes 99 of 99.7. Round first.",
)
lets_large_values_wrap_around = _idea("lets large values wrap around")
multiplies_matrices = _idea("multiplies matrices")
stays_on_the_scale_0_255 = _idea("stays on the scale 0…255")
subtracts_uint8_images_which_wrap_around = _idea("subtracts uint8 images, which wrap around")
divides_by_256 = _idea("divides by 256")
forgets_the_2 = _idea("forgets the 2")
forgets_the_plus_1 = _idea("forgets the + 1")
divides_by_the_sum_of_the_absolute_values = _idea("divides by the sum of the absolute values")
pads_with_zeros = _idea("pads with 0, or nearly 0")
loses_a_row_and_a_column = _idea(
    "loses a row and a column",
    "Your kernel stops one place too early, after n - k places. There are n - k + 1.",
)
pads_with_zeros_to_keep_the_size = _idea(
    "pads with zeros to keep the size",
    "Your kernel reaches over the border, onto zeros that nobody measured. Here it stays "
    "inside the image.",
)
lets_the_kernel_reach_over_the_edge = _idea(
    "lets the kernel reach over the border",
    "You keep each place at which one weight touches the image, the output called full. Here "
    "the kernel stays inside the image.",
)
cuts_the_result_to_0_255 = _idea("cuts the result to 0 … 255")
slides_its_window_by_one_pixel = _idea("slides its window by one pixel")
keeps_the_incomplete_blocks = _idea(
    "keeps the incomplete blocks",
    "You count the incomplete blocks as well. Only whole ones count: H // size.",
)
takes_a_single_block = _idea("takes a single block")
returns_the_result = _idea("returns the result")
takes_the_log_variance_for_the_standard_deviation = _idea(
    "takes the log-variance for the standard deviation"
)
takes_the_log_variance_for_the_variance = _idea("takes the log-variance for the variance")
returns_one_value_instead_of_two = _idea("returns one value instead of two")
takes_the_mean_over_the_pixels = _idea("takes the mean over the pixels")
takes_the_root_of_the_squared_error = _idea("takes the root of the squared error")
divides_along_the_wrong_axis = _idea("divides along the wrong axis")
takes_the_spectral_norm = _idea("takes the spectral norm")
