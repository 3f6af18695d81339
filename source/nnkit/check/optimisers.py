"""Checks of the update rules."""

import numpy as np

from nnkit.check.judge import Wrong, array, close, parts
from nnkit.check.registry import checks
from nnkit.check.update_mistakes import step_mistakes

W = np.linspace(-0.4, 0.6, 20).reshape(4, 5)
DW = np.linspace(-0.6, 0.4, 20).reshape(4, 5)
UP = np.linspace(0.6, 0.9, 20).reshape(4, 5)
DOWN = np.linspace(0.7, 0.5, 20).reshape(4, 5)

# One step from a given state: (settings, expected arrays by name).
MOMENTUM = (
    {"learning_rate": 1e-3, "velocity": UP},
    {
        "next_w": [
            [0.1406, 0.20738947, 0.27417895, 0.34096842, 0.40775789],
            [0.47454737, 0.54133684, 0.60812632, 0.67491579, 0.74170526],
            [0.80849474, 0.87528421, 0.94207368, 1.00886316, 1.07565263],
            [1.14244211, 1.20923158, 1.27602105, 1.34281053, 1.4096],
        ],
        "velocity": [
            [0.5406, 0.55475789, 0.56891579, 0.58307368, 0.59723158],
            [0.61138947, 0.62554737, 0.63970526, 0.65386316, 0.66802105],
            [0.68217895, 0.69633684, 0.71049474, 0.72465263, 0.73881053],
            [0.75296842, 0.76712632, 0.78128421, 0.79544211, 0.8096],
        ],
    },
)
RMSPROP = (
    {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": UP},
    {
        "next_w": [
            [-0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247],
            [-0.132737, -0.08078555, -0.02881884, 0.02316247, 0.07515774],
            [0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447],
            [0.38739248, 0.43947102, 0.49155973, 0.54365823, 0.59576619],
        ],
        "cache": [
            [0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321],
            [0.67329252, 0.68859723, 0.70395734, 0.71937285, 0.73484377],
            [0.75037008, 0.7659518, 0.78158892, 0.79728144, 0.81302936],
            [0.82883269, 0.84469141, 0.86060554, 0.87657507, 0.8926],
        ],
    },
)
ADAM = (
    {"learning_rate": 1e-2, "m": UP, "v": DOWN, "t": 5},
    {
        "next_w": [
            [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
            [-0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929],
            [0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969],
            [0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459],
        ],
        "m": [
            [0.48, 0.49947368, 0.51894737, 0.53842105, 0.55789474],
            [0.57736842, 0.59684211, 0.61631579, 0.63578947, 0.65526316],
            [0.67473684, 0.69421053, 0.71368421, 0.73315789, 0.75263158],
            [0.77210526, 0.79157895, 0.81105263, 0.83052632, 0.85],
        ],
        "v": [
            [0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853],
            [0.64683452, 0.63628604, 0.6257431, 0.61520571, 0.60467385],
            [0.59414753, 0.58362676, 0.57311152, 0.56260183, 0.55209767],
            [0.54159906, 0.53110598, 0.52061845, 0.51013645, 0.49966],
        ],
    },
)
# Three steps from config=None but for these settings: w after each, for the gradients below.
GRADIENTS = ([0.2, -1.0, 3.0], [-0.4, 1.0, 1.0], [0.1, 0.5, -2.0])
FRESH = {
    "sgd_momentum": (
        {"learning_rate": 0.1, "momentum": 0.5},
        [[0.98, -1.9, 0.2], [1.01, -1.95, -0.05], [1.015, -2.025, 0.025]],
    ),
    "rmsprop": (
        {"learning_rate": 0.1, "decay_rate": 0.5},
        [
            [0.8585786538, -1.8585786458, 0.3585786444],
            [0.9919119827, -1.9740486983, 0.2982763759],
            [0.9471906251, -2.0447593754, 0.4071425861],
        ],
    ),
    "adam": (
        {"learning_rate": 0.1},
        [
            [0.900000005, -1.900000001, 0.4000000003],
            [0.9366103565, -1.9052631588, 0.3128936057],
            [0.9502794223, -1.9304065891, 0.2901710836],
        ],
    ),
}
HINTS = {
    "sgd_momentum": "The new velocity holds the whole step with its sign, and is added to w.",
    "rmsprop": "Update the running average first, then divide by its root.",
    "adam": "Count t up first; correct copies of m and v, and store m and v without correction.",
}


def _step(student, rule, w, dw, config):
    got = getattr(student, rule)(w, dw, config)
    next_w, config = parts(got, ("next_w", "config"), rule)
    if not isinstance(config, dict):
        raise Wrong(f"{rule} should return config as a dict, not a {type(config).__name__}.")
    return next_w, config


def _one_step(student, rule, case):
    settings, expected = case
    given = {k: np.copy(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    next_w, config = _step(student, rule, W.copy(), DW.copy(), given)
    mistakes = step_mistakes(rule, W, DW, settings)
    errors = [_close(next_w, expected["next_w"], "next_w", rule, mistakes["next_w"])]
    for name in sorted(expected.keys() - {"next_w"}):
        if name not in config:
            raise Wrong(f"The returned config has no {name!r}: store it there for the next step.")
        place = f"config[{name!r}]"
        errors.append(_close(config[name], expected[name], place, rule, mistakes[name]))
    return f"relative error {max(errors):.1e}"


def _close(got, want, name, rule, mistakes):
    return close(got, want, name, hint=HINTS[rule], suspects=mistakes)


def _three_steps(student, rule):
    settings, expected = FRESH[rule]
    w, config = np.array([1.0, -2.0, 0.5]), dict(settings)
    if rule == "adam" and _starts_at_1(student) == "counted first":
        config["t"] = 0
    for number, (dw, want) in enumerate(zip(GRADIENTS, expected, strict=True), 1):
        w, config = _step(student, rule, w, np.array(dw), config)
        hint = HINTS[rule] if number == 1 else "The first step was right: is the state stored?"
        try:
            close(w, want, "w", tol=2e-5, hint=hint)  # wherever epsilon stands
        except Wrong as wrong:
            raise Wrong(f"After step {number}: {wrong}") from None


def _large_epsilon(student, rule):
    """Epsilon may stand inside or outside of the root; a larger one makes smaller steps."""
    moves = []
    for epsilon in (1e-8, 10.0):
        next_w, _ = _step(student, rule, W.copy(), DW.copy(), {"epsilon": epsilon})
        moves.append(np.abs(array(next_w, W.shape, "next_w") - W))
    if not np.all(moves[1] < 0.9 * moves[0]):
        raise Wrong("A larger epsilon should make smaller steps: is config['epsilon'] used?")


def _first_t(student):
    """The t that adam starts from: 0, or 1 if it counts t up after using it."""
    return 1 if _starts_at_1(student) == "counted after use" else 0


def _starts_at_1(student):
    """How adam counts a t that it starts at 1; empty if it starts at 0."""
    next_w, config = _step(student, "adam", W.copy(), DW.copy(), None)
    if config.get("t") != 2:
        return ""
    moved = np.abs(W - array(next_w, W.shape, "next_w"))
    step_1 = np.allclose(moved, 1e-3, rtol=1e-3)  # as long as the learning rate
    return "counted after use" if step_1 else "counted first"


@checks("sgd_momentum", "one step")
def momentum_step(student):
    return _one_step(student, "sgd_momentum", MOMENTUM)


@checks("rmsprop", "one step")
def rmsprop_step(student):
    return _one_step(student, "rmsprop", RMSPROP)


@checks("adam", "one step")
def adam_step(student):
    settings, expected = ADAM
    before = settings["t"] + _first_t(student)
    message = _one_step(student, "adam", ({**settings, "t": before}, expected))
    _, config = _step(student, "adam", W.copy(), DW.copy(), {"t": before})
    if config.get("t") != before + 1:
        raise Wrong(
            f"config['t'] is {config.get('t')!r} after a step from t = {before}; "
            f"it should be {before + 1}."
        )
    return message


def _register(rule):
    checks(rule, "three steps from the start")(lambda student: _three_steps(student, rule))
    if rule != "sgd_momentum":
        checks(rule, "a large epsilon")(lambda student: _large_epsilon(student, rule))


for _rule in FRESH:
    _register(_rule)
