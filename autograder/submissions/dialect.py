"""What a student's package says about itself: what p means, and other names for arguments.

Skeletons of this assignment differ in both from year to year. Read from the source, by `ast`; the
code is not run.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from autograder.submissions.parse import Piece

Meaning = Literal["keep", "drop"]

# What the hidden suites call an argument, and what else it has been called.
SYNONYMS = {
    "input_dim": ("input_size", "in_dim", "n_inputs"),
    "hidden_dim": ("hidden_size", "hidden_units", "n_hidden"),
    "hidden_dims": ("hidden_sizes", "hidden_layers", "layer_dims"),
    "num_classes": ("output_size", "output_dim", "n_classes"),
    "weight_scale": ("std", "weight_std", "init_scale"),
    "reg": ("reg_strength", "regularization", "l2_reg", "weight_decay"),
    "dtype": ("data_type",),
    "seed": ("random_seed", "rng_seed"),
    "dropout": (
        "dropout_keep_ratio", "keep_ratio", "keep_prob", "dropout_keep_prob",
        "dropout_rate", "drop_prob", "dropout_prob", "dropout_p",
    ),
}  # fmt: skip
WORD = r"(keep|retain|drop(?!out)|zero|kill)\w*"
SAID = re.compile(
    # "we drop each neuron output with probability p"
    rf"\b{WORD}(?: out)?(?: \w+){{1,5}}? with (?:a |the )?probability\b"
    # "the probability of keeping a neuron", "probability that a unit is dropped"
    rf"|\bprobability (?:of|to|for|that|with which)(?: \w+){{0,5}}? ?\b{WORD}"
)
MEANING: dict[str, Meaning] = {
    "keep": "keep",
    "retain": "keep",
    "drop": "drop",
    "zero": "drop",
    "kill": "drop",
}


def find_convention(pieces: Iterable[Piece]) -> tuple[Meaning | None, tuple[str, ...]]:
    """Return "keep" or "drop" for what p means, None if nothing says it; and sentences.

    A constructor's default that means "no dropout" decides, for the code depends on it: 1 keeps
    everything, 0 drops nothing. Else what is written in and around `dropout_forward` does.
    """
    nodes = list(pieces)
    built = _first(_by_constructor(piece.node) for piece in nodes)
    said = _first(_by_prose(piece) for piece in nodes)
    if built and said and built != said:
        doubt = (
            f"The text of dropout_forward says that p is the probability to {said}, the default of "
            f"the net's constructor that it is the probability to {built}; the constructor counts."
        )
        return built, (doubt,)
    return built or said, ()


def _first(said: Iterable[Meaning | None]) -> Meaning | None:
    return next((meaning for meaning in said if meaning is not None), None)


def find_renames(nodes: Iterable[ast.stmt]) -> dict[str, dict[str, str]]:
    """For each class, arguments of its constructor that have another name than the suites use."""
    found = {}
    for node in nodes:
        names = _parameters(node).keys()
        if isinstance(node, ast.ClassDef) and (renames := dict(_renamed(names))):
            found[node.name] = renames
    return found


def _renamed(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    present = frozenset(names)
    for ours, others in SYNONYMS.items():
        theirs = [name for name in others if name in present]
        if ours not in present and len(theirs) == 1:
            yield ours, theirs[0]


def _parameters(node: ast.stmt) -> Mapping[str, ast.expr | None]:
    """Parameters of a class's constructor and their defaults; none for anything else."""
    if not isinstance(node, ast.ClassDef):
        return {}
    methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
    init = next((method for method in reversed(methods) if method.name == "__init__"), None)
    if init is None:
        return {}
    plain = [*init.args.posonlyargs, *init.args.args]
    missing: Sequence[ast.expr | None] = [None] * (len(plain) - len(init.args.defaults))
    pairs = zip(plain, [*missing, *init.args.defaults], strict=True)
    only = zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)
    return {argument.arg: default for argument, default in (*pairs, *only)}


def _by_constructor(node: ast.stmt) -> Meaning | None:
    parameters = _parameters(node)
    for name in ("dropout", *SYNONYMS["dropout"]):
        if name in parameters:
            if "keep" in name:
                return "keep"
            match parameters[name]:
                # False is 0 to Python; here it only says that there is no dropout.
                case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                    return "drop" if value == 0 else "keep" if value == 1 else None
    return None


def _by_prose(piece: Piece) -> Meaning | None:
    """What the docstring of `dropout_forward` says, else what its comments do: the first word."""
    if not isinstance(piece.node, ast.FunctionDef) or piece.node.name != "dropout_forward":
        return None
    for text in (ast.get_docstring(piece.node) or "", " ".join(_comments(piece.source))):
        plain = " ".join(re.sub(r"[*`_'\"(),:;]", " ", text).lower().split())
        plain = plain.replace("keep in mind", "")
        if match := SAID.search(plain):
            return MEANING[match[1] or match[2]]
    return None


def _comments(source: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.string.strip("# ")
    except (tokenize.TokenError, SyntaxError):  # its own idea of Python, which is not the parser's
        return
