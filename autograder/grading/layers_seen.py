"""Say in which layers a network differs from the one that is asked for.

Nobody writes down every network that students make. But what a network consists of is
seen when it runs (`checks.watching.parts_of`): its layers and their sizes, what follows
each, what is normalised. So where no known mistake gives a network, what is missing in
it, too much or another one is said, part by part.

That is what was seen, and no guess. Where a layer's output goes through something for
which there is no word, nothing is said of what follows layers. All sentences are fixed
words, since a submission could choose what is in its network by what a hidden case
gave.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from checks.probing import UNKNOWN

from autograder.course.assignment import Misconception
from autograder.grading.trials import Asked, Cell, Trial, WhereTrial

MOST_TOLD = 3
"""Sentences: one layer that is another one may make others look wrong too."""
MUCH_MORE = 4
"""So many times what a mistake gives must follow from other layers, to doubt it."""
Words = frozenset[str]
_SAID = {
    "relu": "a ReLU",
    "max": "max pooling",
    "mean": "the mean over pixels",
    "largest": "the largest of all pixels",
    "average": "average pooling",
    "sum": "a sum",
    "add": "an addition",
    "cat": "a concatenation",
    "leaky relu": "a leaky ReLU",
    "elu": "an ELU",
    "gelu": "a GELU",
    "silu": "a SiLU",
    "sigmoid": "a sigmoid",
    "tanh": "a tanh",
    "softmax": "a softmax",
    "log softmax": "a log-softmax",
}
_WAYS = {"add", "cat", "several"}
"""What is done where ways meet or part: there layers have no order."""
_LAYERS = {"conv": "convolution", "linear": "linear layer (or 1x1 convolution)"}
_ALL = {"conv": "convolutions", "linear": "linear layers (or 1x1 convolutions)"}
_COUNTED = (*_ALL, "normalisations")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_OFTEN = {1: "one", 2: "two"}
_INPUTS = "another number of inputs than is asked for"
_OF_A_LAYER = {
    2: "a kernel of another size than is asked for",
    1: "another number of outputs than is asked for",
    3: "another number of groups than is asked for",
    4: "another dilation than is asked for",
    0: _INPUTS,
}
"""What `parts_of` tells of a layer, by place: the first that differs is told."""


def by_layers(
    asked: Asked,
    question: str,
    found: Sequence[Trial],
    earlier: Sequence[Misconception] = (),
) -> list[Trial]:
    """Return what was found, and in what else the networks differ that were seen.

    earlier : what is named in questions that this one builds on: in what networks
        differ for one of these is told there
    """
    covered = set().union(*(t.covers for t in found))
    said: dict[str, set[Cell]] = {}
    for wrong in asked.wrong_in_failed():
        left = {*wrong} - covered
        for number, cell in sorted(left):
            for says in _differences(asked, number, cell):
                # With other layers, what the network then gives is another thing too.
                said.setdefault(says, set()).update(left)
    numbers = sorted({number for cells in said.values() for number, _ in cells})
    for made, number in itertools.product(earlier, numbers):
        for there in _made_by(asked, made, number):
            # Of several such mistakes together less may be seen than of one alone.
            said = {says: c for says, c in said.items() if not there.startswith(says)}
    first = itertools.islice(_without_what_follows(said), MOST_TOLD)
    seen = [WhereTrial(asked, question, cells, f"{says}.") for says, cells in first]
    return [t for t in found if not _may_follow(t, seen)] + seen


def _may_follow(trial: Trial, seen: Sequence[Trial]) -> bool:
    """Tell whether a mistake gives no more than other layers may give by chance.

    Of networks that are seen to have other layers it explains a number here and there
    """
    cells = set().union(*(t.covers for t in seen))
    calls = {number for number, _ in cells}
    is_there = {number for number, _ in trial.covers} <= calls
    return bool(cells) and is_there and MUCH_MORE * len(trial.covers) <= len(cells)


def _without_what_follows(
    said: Mapping[str, AbstractSet[Cell]],
) -> Iterator[tuple[str, AbstractSet[Cell]]]:
    """Leave out what another sentence says more exactly, and what comes of it."""
    says_more = any(not says.endswith(_INPUTS) for says in said)
    for says, cells in said.items():
        more = any(other != says and other.startswith(says) for other in said)
        more |= says != _of_each(says) in said
        if not more and not (says_more and says.endswith(_INPUTS)):
            less = (held for other, held in said.items() if says.startswith(other))
            yield says, frozenset(cells).union(*less)


def _of_each(says: str) -> str:
    """Return what would be said of all layers of a kind in the place of the last."""
    for part, kind in _LAYERS.items():
        says = says.replace(f"your last {kind}", f"each of your {_ALL[part]}")
    return says


def _differences(asked: Asked, number: int, cell: str) -> Iterator[str]:
    """Yield what differs in one part of a network that was seen to run."""
    call, right = asked.calls[number], asked.right(number).value
    if call.is_probe:
        yield from _between(right, call.outcome.value, cell)


def _made_by(asked: Asked, made: Misconception, number: int) -> Iterator[str]:
    """Yield what differs in all parts of a right network with one mistake."""
    right, other = asked.right(number).value, asked.with_mistake(made, number)
    if isinstance(right, Mapping):
        for part in right:
            yield from _between(right, other, f"[{part}]")


def _between(right: Any, given: Any, cell: str) -> Iterator[str]:
    if not (isinstance(right, Mapping) and "conv" in right):
        return
    if not isinstance(given, Mapping):
        return
    part = cell.removeprefix("[").removesuffix("]")
    wanted, other = right.get(part), given.get(part)
    comparing = {
        "normalisations": _in_normalisations,
        "biases": _in_biases,
        "steps": _in_steps,
    }
    if part in _ALL:
        yield from _in_sizes(_ALL[part], wanted, other)
    elif part in comparing:
        yield from comparing[part](wanted, other)
    elif part.startswith("then ") and not _has_moved(right, given):
        yield from _in_what_follows(part.removeprefix("then "), wanted, other)
    else:
        yield from _in_how_it_runs(part, right, given)


def _in_how_it_runs(
    part: str, right: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[str]:
    """Compare whether layers run again, and whether it is the same every time.

    A layer that runs twice in the place of two is a mistake, another one may run so
    """
    wanted, other = right.get(part), given.get(part)
    if part == "used again" and not wanted and other:
        if any(_is_fewer(right.get(kind), given.get(kind)) for kind in _COUNTED):
            yield "A layer of yours runs several times: each place needs one of its own"
    elif part == "random" and other is True:
        yield (
            "In train mode your network gives another output when it runs again on the "
            "same images: dropout does so, and so does what changes the images"
        )


def _is_fewer(wanted: Any, other: Any) -> bool:
    both = isinstance(wanted, list) and isinstance(other, list)
    return both and len(other) < len(wanted)


def _in_sizes(kinds: str, wanted: Any, other: Any) -> Iterator[str]:
    """Compare the sizes of all layers of one kind."""
    if not (_is_of_layers(wanted) and _is_of_layers(other)):
        return
    if len(other) != len(wanted):
        few = "fewer" if len(other) < len(wanted) else "more"
        yield f"Your network has {few} {kinds} than are asked for"
        return
    less, more = _without(wanted, other), _without(other, wanted)
    for place, what in _OF_A_LAYER.items():
        want, have = ([row[place] for row in some] for some in (less, more))
        others = len(_without(have, want))
        if others:
            which = f"One of your {kinds} has" if others == 1 else f"Your {kinds} have"
            yield f"{which} {what}"
            return


def _without(rows: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """Return the rows that are left where each other one takes one like it away."""
    left = [*rows]
    for row in others:
        if row in left:
            left.remove(row)
    return left


def _is_of_layers(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, list) and len(row) == len(_OF_A_LAYER) for row in value
    )


def _has_moved(right: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Tell whether something follows layers of one kind for those of another.

    A mean before a linear layer is one behind it: nothing need be wrong
    """
    less, more = set[str](), set[str]()
    for part in _ALL:
        want, have = (_words_of(some.get(f"then {part}")) for some in (right, given))
        if want is None or have is None:
            return True
        should, does = (
            Counter(w for words in some for w in words) for some in (want, have)
        )
        less |= (should - does).keys()
        more |= (does - should).keys()
    return bool(less & more)


def _in_what_follows(part: str, wanted: Any, other: Any) -> Iterator[str]:
    """Compare what is done to the output of each layer of one kind."""
    want, have = _words_of(wanted), _words_of(other)
    if part not in _ALL or not want or not have or len(want) != len(have):
        return
    if any(_WAYS & words for words in (*want, *have)):
        yield from _in_how_often(_ALL[part], want, have)
        return
    places: dict[tuple[Words, Words], list[int]] = {}
    for place, (should, does) in enumerate(zip(want, have, strict=True)):
        # With all of it gone, it may be cut off for gradients only.
        if should != does and (does or len(should) == 1):
            places.setdefault((should - does, does - should), []).append(place)
    for (less, more), those in places.items():
        for which in _which(those, len(want), part):
            yield f"Behind {which} {_what(less, more)}"


def _which(places: Sequence[int], count: int, part: str) -> Iterator[str]:
    """Yield which layers of so many of one kind these are."""
    if len(places) == count > 1:
        yield f"each of your {_ALL[part]}"
        return
    for place in places:
        last = place == count - 1
        yield f"your {'last' if last else _ORDINALS[place]} {_LAYERS[part]}"


def _what(less: Words, more: Words) -> str:
    """Say what is missing behind a layer, and what stands there."""
    if less and more:
        return f"stands {_listed(more)}; asked for is {_listed(less)}"
    if less:
        return f"something is missing: {_listed(less)}"
    return f"stands something that is not asked for: {_listed(more)}"


def _in_how_often(
    kinds: str, want: Sequence[Words], have: Sequence[Words]
) -> Iterator[str]:
    """Compare what follows layers that have no order."""
    if sum(not words for words in have) > sum(not words for words in want):
        return  # cut off for gradients only, perhaps
    should, does = (
        Counter(w for words in some for w in words) for some in (want, have)
    )
    for word in _SAID:
        less, more = should[word] - does[word], does[word] - should[word]
        if less or more:
            told = _what(frozenset([word] * (less > 0)), frozenset([word] * (more > 0)))
            often = _OFTEN.get(max(less, more), "several")
            yield f"Behind {often} of your {kinds} {told}"


def _words_of(value: Any) -> list[Words] | None:
    """Return what follows each layer; None where there is no word for some of it."""
    if not _is_of_texts(value):
        return None
    if len(value) > len(_ORDINALS) or UNKNOWN in value:
        return None
    each = [_alike(frozenset(filter(None, text.split(", ")))) for text in value]
    return each if all(words <= _SAID.keys() | _WAYS for words in each) else None


def _alike(words: Words) -> Words:
    """Take the largest of all pixels for what it may be: pooling of a small map."""
    if "largest" in words and "max" not in words:
        return words - {"largest"} | {"max"}
    return words


def _listed(words: Words) -> str:
    return " and ".join(_SAID[word] for word in sorted(words))


def _in_normalisations(wanted: Any, other: Any) -> Iterator[str]:
    """Compare the normalisations by what they are and what each follows."""
    if not (_is_of_texts(wanted) and _is_of_texts(other)):
        return
    if len(other) < len(wanted):
        less = Counter(map(_after, wanted)) - Counter(map(_after, other))
        behind = {"conv": "convolution", "linear": "1x1 convolution"}
        where = [behind[kind] for kind in less if kind in behind]
        of = f" behind a {where[0]}" if len(where) == len(less) == 1 else ""
        yield f"A batch normalisation is missing{of}"
    elif len(other) > len(wanted):
        yield "Your network has more normalisations than are asked for"
    elif any(not text.startswith("batch_norm ") for text in other):
        yield (
            "Where batch normalisation is asked for, your network has another "
            "normalisation"
        )
    elif Counter(map(_size, wanted)) != Counter(map(_size, other)):
        yield "A batch normalisation of yours has another number of channels"
    elif any(not _has_scale(text) for text in other):
        yield "A batch normalisation of yours has no scale and no shift (affine=False)"
    elif Counter(map(_after, wanted)) != Counter(map(_after, other)):
        yield "Your batch normalisations do not each stand behind the layer asked for"
    elif any(text.partition(": ")[2].partition(" ")[2] for text in other):
        yield (
            "Something stands between a layer and its batch normalisation, which "
            "comes right behind it"
        )


def _is_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _after(text: str) -> str:
    return text.partition(": ")[2].partition(" ")[0]


def _size(text: str) -> str:
    return text.partition(": ")[0].rpartition(" ")[0]


def _has_scale(text: str) -> bool:
    return text.partition(": ")[0].endswith(" True")


def _in_biases(wanted: Any, other: Any) -> Iterator[str]:
    if not (isinstance(wanted, Mapping) and isinstance(other, Mapping)):
        return
    for part, kinds in _ALL.items():
        should, does = wanted.get(part), other.get(part)
        if should == "none" and does not in (None, "none"):
            yield f"Among your {kinds} there is a bias where none is asked for"
        elif should == "all" and does not in (None, "all"):
            yield f"Among your {kinds} a bias is missing where one is asked for"


def _in_steps(wanted: Any, other: Any) -> Iterator[str]:
    """Compare where a convolution has a stride, or loses or adds pixels."""
    if not (_is_of_texts(wanted) and _is_of_texts(other)):
        return
    less, more = Counter(wanted) - Counter(other), Counter(other) - Counter(wanted)
    strides = [any("stride" in text for text in some) for some in (less, more)]
    if strides == [True, True]:
        yield "A stride stands on another convolution than is asked for"
    elif strides == [True, False]:
        yield "A convolution of yours has no stride where one is asked for"
    elif strides == [False, True]:
        yield "A convolution of yours has a stride where none is asked for"
    sizes = [text for text in more if "stride" not in text]
    if any(text.partition(": ")[2].startswith("-") for text in sizes):
        yield "A convolution of yours makes the map smaller: its padding is too small"
    elif any(text.partition(": ")[2].startswith("+") for text in sizes):
        yield "A convolution of yours makes the map larger: its padding is too large"
