"""Find which layer of one network stands for which of another, or say what differs.

Layers are told apart by what they are (kind, channels, kernel, groups), a normalisation
also by the layer that feeds it. Layers that are alike are paired in the order in which
they run first; where that gives no match, other pairings can be tried.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from checks.failure import CheckFailedError

MOST_PAIRINGS = 64
Row = dict[str, Any]
Key = tuple[Any, ...]


def pairings(
    theirs: Sequence[Row], ours: Sequence[Row], *, biases: bool = True
) -> Iterator[tuple[int, ...]]:
    """Yield for every layer of theirs the number of the layer of ours that it is.

    theirs, ours : rows of `checks.layers.layer_rows`, see `checks.watching`
    biases : a bias that is missing is a difference
    Yields `MOST_PAIRINGS` at most, layers in the order of running first
    Raises CheckFailedError saying what the one has more or less than the other
    >>> from checks.layers import layer_rows
    >>> from torch import nn
    >>> def build():
    ...     return nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2))
    >>> rows = layer_rows(build, [], [1, 2])
    >>> list(pairings(rows, rows))
    [(0, 1)]
    """
    check_same_layers(theirs, ours, biases=biases)
    fed = _keys(theirs, fed=True), _keys(ours, fed=True)
    if Counter(fed[0]) != Counter(fed[1]):
        fed = _keys(theirs, fed=False), _keys(ours, fed=False)
    yield from itertools.islice(_pairings(*fed), MOST_PAIRINGS)


def loose_pairing(theirs: Sequence[Row], ours: Sequence[Row]) -> tuple[int, ...]:
    """Return for every layer of theirs the number of a layer of ours like it, or -1.

    For networks of which only a part is compared: the rest may have other layers

    >>> conv = {"kind": "conv", "inputs": 1, "outputs": 2, "kernel": [3, 3]}
    >>> conv |= {"groups": 1, "dilation": 1, "after": -1}
    >>> loose_pairing([{**conv, "kernel": [5, 5]}, conv], [conv])
    (-1, 0)
    """
    left: defaultdict[Key, list[int]] = defaultdict(list)
    for number, key in enumerate(_keys(ours, fed=False)):
        left[key].append(number)
    keys = _keys(theirs, fed=False)
    return tuple(left[key].pop(0) if left[key] else -1 for key in keys)


def check_learned(shapes: Sequence[Any], wanted: Sequence[tuple[int, ...]]) -> None:
    """Fail unless a network learns what is asked for, and say what differs.

    A 1x1 convolution of a single pixel is a linear layer by another name: their weights
    count as the same.

    shapes : of `checks.layers.parameter_shapes`; wanted : those asked for
    Raises CheckFailedError with both sums, what is too many and what is missing

    >>> check_learned([(8, 4, 1, 1)], [(8, 4)])
    """
    have = Counter(tuple(int(n) for n in shape) for shape in shapes)
    want = Counter(tuple(shape) for shape in wanted)
    more, less = have - want, want - have
    for shape in list(more):
        other = shape[:2] if shape[2:] == (1, 1) else (*shape, 1, 1)
        same = min(more[shape], less[other])
        more[shape] -= same
        less[other] -= same
    more, less = +more, +less
    if not more and not less:
        return
    if not have:
        raise CheckFailedError(
            "structure",
            "nothing in your network is learned: PyTorch finds no layer in it. Are the "
            "layers in a Python list, or made in forward? (use nn.Sequential or "
            "nn.ModuleList, and make them in __init__)",
        )
    sums = [sum(n * math.prod(s) for s, n in c.items()) for c in (have, want)]
    parts = [f"your network learns {sums[0]:,} numbers, expected {sums[1]:,}"]
    if more:
        parts.append(f"too many: {_joined([_learned(*item) for item in more.items()])}")
    if less:
        parts.append(f"missing: {_joined([_learned(*item) for item in less.items()])}")
    message = "; ".join(parts)
    if more and not less and all(len(shape) == 1 for shape in more):
        message += " (biases? bias=False leaves them out)"
    raise CheckFailedError("structure", message, expected=sums[1], actual=sums[0])


def _learned(shape: tuple[int, ...], times: int) -> str:
    size = "x".join(map(str, shape[2:]))
    match shape:
        case (outputs, inputs, _, _):
            what = f"a {size} convolution's weights {inputs} → {outputs}"
        case (outputs, inputs):
            what = f"a linear layer's weights {inputs} → {outputs}"
        case (numbers,):
            what = f"{numbers} numbers of a bias or of a normalisation"
        case _:
            what = f"an array of shape {shape}"
    return what if times == 1 else f"{times} times {what}"


def check_same_layers(
    theirs: Sequence[Row], ours: Sequence[Row], *, biases: bool = True
) -> None:
    """Fail unless both networks have the same layers, and say in words what differs.

    Raises CheckFailedError of the kind ``structure``
    """
    loose = [row["kind"] for row in theirs if row["kind"].startswith("nn.Parameter")]
    if loose:
        raise CheckFailedError(
            "structure",
            f"your network holds a bare {loose[0]}: use the layers of torch.nn "
            "(nn.Conv2d, nn.BatchNorm2d, nn.Linear), so that weights can be set",
        )
    if ours and not theirs:
        raise CheckFailedError(
            "structure", "no layer with weights runs in your network's forward"
        )
    have, want = Counter(_keys(theirs, fed=False)), Counter(_keys(ours, fed=False))
    if have == want:
        if biases:
            _check_biases(theirs, ours)
        return
    again = next((row for row in theirs if row["uses"] > 1), None)
    if again is not None and all(row["uses"] == 1 for row in ours):
        raise CheckFailedError(
            "structure",
            f"{_one(again)} runs {again['uses']} times: "
            "each place needs a layer of its own",
        )
    words = dict(zip(_keys(theirs, fed=False), map(_described, theirs), strict=True))
    words |= zip(_keys(ours, fed=False), map(_described, ours), strict=True)
    more = [_counted(n, words[key]) for key, n in (have - want).items()]
    less = [_counted(n, words[key]) for key, n in (want - have).items()]
    parts = []
    if more:
        parts.append(f"has {_joined(more)} too many")
    if less:
        parts.append(f"lacks {_joined(less)}")
    raise CheckFailedError("structure", f"your network {' and '.join(parts)}")


def _check_biases(theirs: Sequence[Row], ours: Sequence[Row]) -> None:
    """Fail where a bias is missing; one too many can be set to 0."""
    keys = _keys(ours, fed=False)
    wanted = Counter(k for k, row in zip(keys, ours, strict=True) if row["bias"])
    for key, row in zip(_keys(theirs, fed=False), theirs, strict=True):
        wanted[key] -= bool(row["bias"])
    for row, key in zip(ours, keys, strict=True):
        if wanted[key] > 0:
            what = "affine=True" if row["kind"] == "batch_norm" else "a bias"
            raise CheckFailedError("structure", f"{_one(row)} lacks {what}")


def _pairings(theirs: list[Key], ours: list[Key]) -> Iterator[tuple[int, ...]]:
    places: defaultdict[Key, list[int]] = defaultdict(list)
    for number, key in enumerate(ours):
        places[key].append(number)
    groups = list(places)
    # A group of ten has millions of orders: no more of them are made than are tried.
    orders = [
        tuple(itertools.islice(itertools.permutations(places[key]), MOST_PAIRINGS))
        for key in groups
    ]
    for choice in itertools.product(*orders):
        left = {key: iter(numbers) for key, numbers in zip(groups, choice, strict=True)}
        yield tuple(next(left[key]) for key in theirs)


def _keys(rows: Sequence[Row], *, fed: bool) -> list[Key]:
    keys: list[Key] = []
    for row in rows:
        key: Key = (row["kind"], row["inputs"], row["outputs"], *row["kernel"])
        key += (row["groups"], row["dilation"])
        if fed and row["after"] >= 0:
            key += (keys[row["after"]],)
        keys.append(key)
    return keys


def _described(row: Row) -> str:
    size = "x".join(map(str, row["kernel"]))
    match row["kind"]:
        case "conv":
            groups = f" in {row['groups']} groups" if row["groups"] > 1 else ""
            return f"{size} convolution {row['inputs']} → {row['outputs']}{groups}"
        case "linear":
            return (
                f"linear layer (or 1x1 convolution) {row['inputs']} → {row['outputs']}"
            )
        case "batch_norm":
            return f"batch normalisation over {row['inputs']} channels"
        case other:
            return str(other)


def _one(row: Row) -> str:
    return f"your {_described(row)}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}"


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if parts[1:] else "") + parts[-1]
