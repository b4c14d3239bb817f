"""Probes for what is done to residual blocks and networks: set, saved, loaded again.

What they bring back is raw: every array of a layer before and after. It is judged where
no student's code runs, and it is there even if the block's own forward pass fails,
whose mistakes are counted in its own question.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from checks.compare import close, equal
from checks.failure import CheckFailedError
from checks.layers import built, know_sizes
from checks.probing import probe, raw_probe
from checks.tensors import Array, begin_random, exact, tensor, to_array
from checks.watching import Watch

Facts = Mapping[str, Any]


def _whatever_it_is_called(facts: Facts, *_: object, **__: object) -> dict[str, Any]:
    """Return what two functions that zero the same have in common.

    Layers are told by what they are and what feeds them, those alike by the order in
    which they run. Arrays of one kind ("batch_norm weight") stand together, with a
    number for each: 0 as it was, 1 for what has become 0, 2 for something else
    """
    rows = facts["layers"]
    count: Counter[str] = Counter()
    arrays: dict[str, dict[tuple[str, int], int]] = {}
    for row in rows:
        fed = [rows[row["after"]]] if row["after"] >= 0 else []
        name = " ".join(
            f"{r['kind']} {r['inputs']} {r['outputs']} {r['kernel']}"
            for r in (row, *fed)
        )
        count[name] += 1
        for own, old in row["old"].items():
            new = row["new"].get(own, ())
            changed = 0 if np.array_equal(old, new) else 2 if np.any(new) else 1
            kind = arrays.setdefault(f"{row['kind']} {own}", {})
            kind[name, count[name]] = changed
    return {
        **{
            kind: [found[place] for place in sorted(found)]
            for kind, found in arrays.items()
        },
        "elsewhere": bool(facts["elsewhere"]),
        "same_block": facts["same_block"],
        "nothing": facts["nothing"],
    }


@raw_probe(_whatever_it_is_called)
def zeroed(
    zero_init_residual: Callable[..., Any],
    block: Callable[..., Any],
    arguments: Sequence[Any],
    x: Array,
    *,
    seed: int,
) -> dict[str, Any]:
    """Call `zero_init_residual` on a block with random weights, and tell what it did.

    x : (N, C, H, W), run through the block afterwards; seed : of the weights
    Returns ``layers``: for every layer that runs, in order, its row (see
    `checks.watching`) with its arrays before and after the call by name, ``old`` and
    ``new``; ``elsewhere``: names of what changed in no such layer; ``same_block``: what
    came back is what was given (and is looked at, where a block came back);
    ``nothing``: None came back
    """
    with exact(seed):
        made = built(block, arguments)
        know_sizes(made, x.shape)
        with torch.no_grad():
            for parameter in made.parameters():
                parameter.uniform_(0.5, 1.5)
        before = _arrays(made)
        answer = zero_init_residual(made)
        block_after = answer if isinstance(answer, nn.Module) else made
        after = _arrays(block_after)
        with Watch(block_after.eval()) as watch, _own_mistakes():
            block_after(tensor(x))
        names = {id(layer): name for name, layer in block_after.named_modules()}
        places = [names[id(leaf)] for leaf in watch.leaves]
        return {
            "layers": [
                {
                    **row,
                    "old": dict(_of_layer(before, place)),
                    "new": dict(_of_layer(after, place)),
                }
                for row, place in zip(watch.rows, places, strict=True)
            ],
            "elsewhere": [
                name
                for name in before
                if name.rpartition(".")[0] not in places
                and not np.array_equal(before[name], after.get(name, ()))
            ],
            "same_block": answer is made,
            "nothing": answer is None,
        }


def check_last_scale(facts: Facts, channels: int | None = None) -> None:
    """Fail unless the scale of the last normalisation of the body is 0.

    facts : of `zeroed`
    channels : what goes into the body's last convolution, and not into a projection;
        None for a block that has no projection. A block with a mistake may have one
        where none should be: that is another question's
    Raises CheckFailedError
    """
    rows = facts["layers"]
    norms = [row for row in rows if row["kind"] == "batch_norm"]
    if not norms:
        raise CheckFailedError("structure", "no normalisation runs in the block")
    fed = [row for row in norms if row["after"] >= 0]
    of_body = [row for row in fed if _widens(rows[row["after"]], channels)]
    if channels is not None and not of_body:
        # A block whose body is another one than asked for has its last scale elsewhere.
        of_body = [row for row in norms if not np.any(row["new"]["weight"])]
    scale = np.asarray((of_body or norms)[-1]["new"]["weight"])
    what = "the scale (weight) of the last normalisation before the addition"
    close(scale, np.zeros(scale.shape), what=what)


def _widens(row: Mapping[str, Any], channels: int | None) -> bool:
    """Tell a bottleneck's last convolution: a 1x1 of so many channels."""
    return row["inputs"] == channels and [*row["kernel"]] == [1, 1]


def check_only_a_scale(facts: Facts) -> None:
    """Fail unless the scale of one normalisation has changed, and nothing else.

    facts : of `zeroed`
    Raises CheckFailedError that names what else did
    """
    changed = [f"{row['kind']} {name}" for row, name in _changed(facts)]
    changed += facts["elsewhere"]
    if len(changed) == 1 and changed[0].endswith("weight") and _norms_only(facts):
        return
    told = "nothing" if not changed else ", ".join(c.replace("_", " ") for c in changed)
    message = f"one weight of a batch normalisation should have changed: {told} has"
    coarse = "the scale of one normalisation should change, and nothing else"
    raise CheckFailedError("value", message, coarse=coarse)


def check_in_the_body(facts: Facts, channels: int) -> None:
    """Fail where the scale that is 0 is not that of the body's last normalisation.

    facts : of `zeroed`, for a block with a projection; channels : what goes into the
        body's last convolution, and not into the projection
    Raises CheckFailedError
    """
    zeros = [
        row
        for row in facts["layers"]
        if row["kind"] == "batch_norm" and not np.any(row["new"]["weight"])
    ]
    fed = [facts["layers"][row["after"]] for row in zeros if row["after"] >= 0]
    message = "the scale that is 0 should be that of the last normalisation of the body"
    equal([row["inputs"] for row in fed], [channels], what=message)


def check_input(facts: Facts, x: Array, shape: tuple[int, ...]) -> None:
    """Fail where a block changes its input, or gives something of another shape.

    facts : of `checks.layers.input_after`; x : what the block was given
    Raises CheckFailedError
    """
    equal(facts["shape"], shape, what="the shape of what your block gives")
    try:
        close(facts["input"], x)
    except CheckFailedError as error:
        message = (
            "your block changes its input: += and in-place ReLUs (inplace=True, relu_) "
            "write into what they are given"
        )
        told = f"{message}. Afterwards, {error}"
        raise CheckFailedError("input_changed", told, coarse=message) from None


def channels_of(arguments: Sequence[Any]) -> int:
    """Return the input channels among the arguments of a ``ResNet``."""
    given = [*arguments[3:], 1]
    return int(given[0])


@probe
def state_of(
    network: Callable[..., Any], arguments: Sequence[Any]
) -> list[tuple[str, tuple[int, ...], bool]]:
    """Return name, shape and "these are floats" for every tensor of a state dict."""
    begin_random(0)
    made = built(network, arguments)
    know_sizes(made, (1, channels_of(arguments), 8, 8))
    state = made.state_dict()
    return [(n, tuple(v.shape), v.is_floating_point()) for n, v in state.items()]


def _as_given(facts: Facts, *_: object, **__: object) -> Mapping[str, Any]:
    """Return what came back of any network, whatever its layers are called."""
    return {"training": facts["training"], **facts["as_given"]}


@raw_probe(_as_given)
def rebuilt(
    build_from_reference: Callable[..., Any],
    network: Callable[..., Any],
    arguments: Sequence[Any],
    x: Array,
    *,
    seed: int,
    fewer: int = 0,
    more: int = 0,
) -> dict[str, Any]:
    """Have a network rebuilt from a random state, in float32, and tell what came back.

    network, arguments : what the state is of; x : (N, C, H, W)
    seed : of the state, which is `random_state` of what `state_of` tells
    fewer, more : so many tensors are left out at its end, or are there too many
    Returns ``names`` and ``arrays`` of the state of what came back, ``training``: the
    mode it is in, ``output`` of it for `x`, and ``first``: that of the network itself
    with these weights; both are None where the network cannot run; ``as_given``:
    whether its sizes and weights are those of the state (evidence for names, not marks)
    """
    tensors = state_of(network, arguments)
    names, arrays = random_state(tensors, np.random.default_rng(seed))
    kept = len(names) - fewer
    state = {n: tensor(a) for n, a in zip(names[:kept], arrays[:kept], strict=True)}
    state |= {f"tail.{n}.weight": tensor(arrays[0]) for n in range(more)}
    begin_random(0)
    second = build_from_reference(dict(state))
    if not isinstance(second, nn.Module):
        kind = "None" if second is None else f"a {type(second).__name__}"
        message = f"that gives {kind}, it should be your ResNet"
        raise CheckFailedError("type", message)
    found = _arrays(second)
    facts: dict[str, Any] = {
        "names": list(found),
        "arrays": list(found.values()),
        "training": second.training,
        "output": None,
        "first": None,
        "as_given": {
            "sizes": _shapes(found) == _shapes(dict(zip(names, arrays, strict=True))),
            "weights": all(
                found.get(n) is not None and np.array_equal(found[n], a)
                for n, a in zip(names, arrays, strict=True)
            ),
        },
    }
    with _own_mistakes(), torch.no_grad():
        first = built(network, arguments).eval()
        first.load_state_dict(state)
        facts["first"] = to_array(first(tensor(x)), "what forward returned")
        facts["output"] = to_array(second.eval()(tensor(x)), "what forward returned")
    return facts


def check_rebuilt(facts: Facts, names: Sequence[str], arrays: Sequence[Array]) -> None:
    """Fail unless a network came back with these weights.

    facts : of `rebuilt`; names, arrays : of the state's tensors
    Raises CheckFailedError
    """
    found = dict(zip(facts["names"], facts["arrays"], strict=True))
    shapes = _shapes(found)
    wanted = _shapes(dict(zip(names, arrays, strict=True)))
    if shapes != wanted:
        other = next(n for n in (*wanted, *shapes) if shapes.get(n) != wanted.get(n))
        told = f"{other}: expected {_size(wanted, other)}, got {_size(shapes, other)}"
        raise CheckFailedError(
            "structure",
            f"what came back has other sizes than the state, the first is {told}",
            coarse="what came back has other sizes than the state",
        )
    for name, array in zip(names, arrays, strict=True):
        close(found[name], array, what="what came back has other weights")
    if facts["first"] is not None:
        close(facts["output"], facts["first"], what="what came back gives other logits")


def random_state(
    tensors: Sequence[tuple[str, Sequence[int], bool]], rng: np.random.Generator
) -> tuple[list[str], list[Array]]:
    """Return names and random arrays for what `state_of` tells; whole numbers are 3."""
    names = [name for name, _, _ in tensors]
    arrays: list[Array] = [
        rng.uniform(0.5, 1.5, size=tuple(shape)).astype(np.float32)
        if is_float
        else np.full(tuple(shape), 3)
        for _, shape, is_float in tensors
    ]
    return names, arrays


def _arrays(model: nn.Module) -> dict[str, Array]:
    return {n: v.detach().numpy().copy() for n, v in model.state_dict().items()}


def _of_layer(arrays: Mapping[str, Array], place: str) -> Iterator[tuple[str, Array]]:
    for name, array in arrays.items():
        layer, _, own = name.rpartition(".")
        if layer == place:
            yield own, array


@contextlib.contextmanager
def _own_mistakes() -> Iterator[None]:
    """Let a forward pass fail: the network's own mistakes are another question's."""
    with contextlib.suppress(Exception):
        yield


def _changed(facts: Facts) -> Iterator[tuple[Mapping[str, Any], str]]:
    for row in facts["layers"]:
        for name, array in row["old"].items():
            if not np.array_equal(array, row["new"][name]):
                yield row, name


def _norms_only(facts: Facts) -> bool:
    return all(row["kind"] == "batch_norm" for row, _ in _changed(facts))


def _shapes(arrays: Mapping[str, Array]) -> dict[str, tuple[int, ...]]:
    return {name: np.shape(array) for name, array in arrays.items()}


def _size(shapes: Mapping[str, tuple[int, ...]], name: str) -> str:
    return str(shapes[name]) if name in shapes else "nothing"
