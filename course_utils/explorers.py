"""Let the reader change the settings of a figure with sliders."""

import html
import inspect

import ipywidgets
from IPython.display import display
from PIL import Image
from traitlets import TraitError

from course_utils._validation import check_number, describe
from course_utils.twins import Picture, collected, png, render

WIDGET = "application/vnd.jupyter.widget-view+json"  # what Jupyter calls a widget in an output
NAMES = """<script>
function name_sliders() {
  for (const slider of document.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector(".widget-label").textContent;
    slider.querySelector(".noUi-handle").setAttribute("aria-label", name);
  }
  for (const picture of document.querySelectorAll("img.widget-image"))
    picture.alt = "The picture of these settings; its titles are read out after each change";
}
for (const seconds of [0, 1, 5, 20]) setTimeout(name_sliders, 1000 * seconds);
</script>"""  # ipywidgets names neither handles nor pictures, and draws them some time after this
UNSEEN = "position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden"


def _check_control(control, name):
    """Raise unless `control` is one of the four kinds that `explore` takes."""
    wanted = "(min, max), (min, max, step), a list of options or a widget"
    is_widget = isinstance(control, ipywidgets.ValueWidget)
    is_tuple = isinstance(control, tuple) and len(control) in (2, 3)
    if not is_widget and not is_tuple and not isinstance(control, list):
        raise TypeError(f"{name} must be {wanted}, not {describe(control)}")
    if is_tuple:
        for number in control:
            check_number(number, f"each number of {name}", minimum=-1e300, maximum=1e300)
        low, high, *step = control
        if not low < high or not all(0 < width <= high - low for width in step):
            raise ValueError(f"{name} must be {wanted}, with min < max, not {control}")
    if isinstance(control, list) and len(control) < 2:
        raise ValueError(f"{name} must be a list of at least two options, not {control}")


def _make_control(control, name, unit):
    """Return the widget that a control stands for, with a description."""
    widget = ipywidgets.interactive.widget_from_abbrev(control)
    widget.description = widget.description or name + (f" ({unit})" if unit else "")
    widget.tooltip = widget.tooltip or widget.description  # without one, ipywidgets says "null"
    widget.style.description_width = "initial"  # as wide as the words: nothing is cut off
    if widget is not control:
        widget.layout = {"width": "30em", "max_width": "100%"}
    if isinstance(widget, ipywidgets.FloatSlider):  # as many decimals as the step has
        widget.readout_format = f".{len(f'{widget.step:g}'.partition('.')[2])}f"
    return widget


def _move(controls, settings):
    """Set controls to the values of `settings`."""
    for name, value in settings.items():
        if name not in controls:
            raise ValueError(f"examples must set controls, {', '.join(controls)}, not {name!r}")
        try:
            controls[name].value = value
            taken = controls[name].value == value  # a slider stops at its ends and says nothing
        except TraitError:
            taken = False
        if not taken:
            raise ValueError(f"{name} cannot be set to {value!r}: its control has no such value")


def _three_values(control):
    """Lowest, middle and highest value of a slider; first, middle and last option of a list."""
    if isinstance(control, (ipywidgets.IntSlider, ipywidgets.FloatSlider)):
        steps = round((control.max - control.min) / control.step / 2)
        return [control.min, control.min + steps * control.step, control.max]
    if not hasattr(control, "options"):
        return [control.value]
    options = [option[1] if isinstance(option, tuple) else option for option in control.options]
    return list(dict.fromkeys([options[0], options[len(options) // 2], options[-1]]))


def _caption(controls):
    """Say how the controls are set: ``sigma (grey levels) = 20, noise = speckle``."""
    parts = []
    for control in controls.values():
        value = getattr(control, "label", control.value)  # a list knows the words of its option
        value = f"{value:g}" if isinstance(value, float) else value
        parts.append(f"{control.description} = {value}")
    return ", ".join(parts)


def _figure_of(function, controls):
    """Return the figure that `function` shows."""
    figures = []
    token = collected.set(figures)
    try:
        function(**{name: control.value for name, control in controls.items()})
    finally:
        collected.reset(token)
    if len(figures) != 1:
        raise ValueError(f"function must show one figure, but it showed {len(figures)}")
    return figures[0]


class Explorer(Picture):
    """Pictures of a few settings, and a widget that takes their place where a kernel runs.

    Jupyter gets both in one output, and shows the widget if it can. A stored notebook holds the
    pictures only, which are what GitHub, the website and paper show.
    """

    def __init__(self, function, controls, examples):
        start = {name: control.value for name, control in controls.items()}
        figures = []
        for settings in examples:
            _move(controls, start | settings)
            figures.append(_figure_of(function, controls))
            figures[-1].suptitle(_caption(controls), x=0.01, ha="left", size=11, weight="bold")
        super().__init__(*figures)
        _move(controls, start)
        self.function, self.controls = function, controls
        self.first = None  # the first live figure, which lends its layout to all others
        layout = {"max_width": "100%", "align_self": "flex-start"}  # a box would stretch it
        self.image = ipywidgets.Image(format="png", layout=layout)
        self.words = ipywidgets.HTML()  # what the titles say, for who cannot see the picture
        script = {"output_type": "display_data", "data": {"text/html": NAMES}, "metadata": {}}
        self.names = ipywidgets.Output(outputs=(script,))
        self.box = ipywidgets.VBox()
        self.draw()
        for control in controls.values():
            control.observe(self.draw, "value")

    def draw(self, change=None):
        """Draw the present settings anew, or say in place of the picture what went wrong."""
        try:
            figure = _figure_of(self.function, self.controls)
            self._place_panels(figure)
            drawn = Image.fromarray(render(figure))
            self.image.value = png(drawn, compress_level=1)  # fast, and a bit larger
            titles = html.escape(", ".join(panel.get_title() for panel in figure.axes))
            self.words.value = f'<p role="status" style="{UNSEEN}">{titles}</p>'
        except Exception as error:
            message = html.escape(f"{type(error).__name__}: {error}")
            self._show(ipywidgets.HTML(f'<pre role="alert">{message}</pre>'))
            raise
        self.first = self.first or figure
        self._show(self.image, self.words)

    def _show(self, *widgets):
        self.box.children = (*self.controls.values(), *widgets, self.names)

    def _place_panels(self, figure):
        """Place the panels as in the first figure: to lay them out takes as long as to draw."""
        first = self.first
        if not first or first.bbox.bounds != figure.bbox.bounds:
            return
        if len(first.axes) == len(figure.axes):
            figure.set_layout_engine("none")
            for panel, model in zip(figure.axes, first.axes):
                panel.set_position(model.get_position(original=True))
                style = {"size": panel.title.get_size(), "color": panel.title.get_color()}
                panel.set_title(panel.get_title(), y=1, **style)  # or its place is sought, too

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {WIDGET: {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}}


def explore(function, /, *, units=None, examples=None, **controls):
    """Let the reader change the arguments of a function that shows a figure.

    Where a kernel runs, each control is a slider or a list, and the picture follows it. Everywhere
    else, and for CI, there are pictures of three settings.

    Parameters
    ----------
    function : callable
        Shows one figure, with `show_images`, `show_figure` or another function of this module. It
        is called with one keyword argument for each control. Its defaults are where the controls
        start. Numbers that shall follow belong into a title: printed text is not shown.
    units : dict of str to str
        Unit of a control, for its description.
    examples : list of dict, or None
        Settings to picture: the controls that are to differ from where they start. By default, the
        first control at its lowest, middle and highest value, or at three of its options.
    **controls : (min, max), (min, max, step), list of options, or widget
        As in `ipywidgets.interact`: two whole numbers make a slider of whole numbers.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above, or `function` does not take the controls or does not show
        one figure. What `function` raises is passed on; if that happens while the reader moves a
        slider, the message also takes the place of the picture, until the next move.

    Examples
    --------
    >>> from course_utils.display import show_images
    >>> import numpy as np
    >>> def brighter(offset=100):
    ...     show_images(np.full((2, 3), offset, np.uint8), "a grey image")
    >>> explore(brighter, offset=(0, 255), units={"offset": "grey levels"}, examples=[{}])
    offset (grey levels) = 100
    [a grey image]
    image 2 × 3 (gray 0…255): 100 to 100, mean 100, #f17078
    """
    if not callable(function):
        raise TypeError(f"function must be callable, not {describe(function)}")
    if not controls:
        raise ValueError("controls must name at least one argument of the function to change")
    signature = inspect.signature(function)
    try:
        signature.bind(**controls)
    except TypeError as error:
        names = ", ".join(controls)
        raise TypeError(f"function must take the controls {names}, but: {error}") from None
    units = {} if units is None else units
    if not isinstance(units, dict) or not set(units) <= set(controls):
        raise ValueError(f"units must be a dict of control to unit, not {describe(units)}")
    widgets = {}
    for name, control in controls.items():
        _check_control(control, name)
        widgets[name] = _make_control(control, name, units.get(name))
        parameter = signature.parameters.get(name)
        if widgets[name] is not control and parameter and parameter.default is not parameter.empty:
            _move(widgets, {name: parameter.default})
    if examples is None:
        first = next(iter(widgets))
        examples = [{first: value} for value in _three_values(widgets[first])]
    if not isinstance(examples, list) or not all(isinstance(one, dict) for one in examples):
        raise TypeError(f"examples must be a list of dicts, not {describe(examples)}")
    if not examples:
        raise ValueError("examples must hold at least one dict, but the list is empty")
    display(Explorer(function, widgets, examples))
