"""What is said of the layers of a network that no known mistake gives."""

from collections.abc import Mapping
from typing import Any

import pytest
from checks.probing import UNKNOWN

from autograder.course.assignment import Misconception
from autograder.grading.agreement import differing
from autograder.grading.layers_seen import by_layers
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import Asked, AskedCase, WhereTrial

CONV = [1, 32, [3, 3], 1, 1]
SECOND = [32, 64, [3, 3], 1, 1]
RIGHT: dict[str, Any] = {
    "conv": [CONV, SECOND],
    "linear": [[64, 10, [1, 1], 1, 1]],
    "normalisations": ["batch_norm 32 True: conv ", "batch_norm 64 True: conv "],
    "biases": {"conv": "none", "linear": "all"},
    "used again": [],
    "then conv": ["max, relu", "max, mean, relu"],
    "then linear": [""],
    "steps": ["1 conv: stride 2"],
    "random": False,
}


class _Asked(Asked):
    """One failed case whose calls of a probe are right to the one, given to the other.

    failed : the case did
    mistaken : what a mistake, by its name, makes of a call
    """

    def __init__(
        self,
        *answers: tuple[Any, Any],
        failed: bool = True,
        name: str = "checks.a:rows",
        mistaken: Mapping[tuple[str, int], Any] | None = None,
    ) -> None:
        self.calls = [Call(name, (), {}, Outcome(value=given)) for _, given in answers]
        self.cases = [AskedCase(name="a", points=1, failed=failed, calls=self.calls)]
        self._answers = [Outcome(value=right) for right, _ in answers]
        self._mistaken = mistaken or {}

    def with_mistake(self, made: Misconception, number: int) -> Any:
        return self._mistaken.get((made.name, number))

    def right(self, number: int) -> Outcome:
        return self._answers[number]

    def off(self, number: int) -> frozenset[str]:
        return differing(self._answers[number], self.calls[number].outcome)


def told(asked: _Asked) -> list[str]:
    trials = by_layers(asked, "q1", [])
    return [trial.parts[0].message for trial in trials]


def said(changed: Any, right: Any = RIGHT) -> list[str]:
    given = right | changed if isinstance(changed, dict) else changed
    return told(_Asked((right, given)))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"conv": [CONV]}, "Your network has fewer convolutions than are asked for."),
        (
            {"conv": [CONV, SECOND, SECOND]},
            "Your network has more convolutions than are asked for.",
        ),
        (
            {"conv": [[1, 32, [5, 5], 1, 1], SECOND]},
            "One of your convolutions has a kernel of another size than is asked for.",
        ),
        (
            {"conv": [[1, 32, [5, 5], 1, 1], [32, 64, [5, 5], 1, 1]]},
            "Your convolutions have a kernel of another size than is asked for.",
        ),
        (
            {"conv": [[1, 64, [3, 3], 1, 1], [64, 64, [3, 3], 1, 1]]},
            "One of your convolutions has another number of outputs than is asked for.",
        ),
        (
            {"linear": [[32, 10, [1, 1], 1, 1]]},
            (
                "One of your linear layers (or 1x1 convolutions) has another number of "
                "inputs than is asked for."
            ),
        ),
        (
            {"then conv": ["max", "max, mean, relu"]},
            "Behind your first convolution something is missing: a ReLU.",
        ),
        (
            {"then conv": ["max, tanh", "max, mean, tanh"]},
            "Behind each of your convolutions stands a tanh; asked for is a ReLU.",
        ),
        (
            {"then linear": ["softmax"]},
            (
                "Behind your last linear layer (or 1x1 convolution) stands something "
                "that is not asked for: a softmax."
            ),
        ),
        (
            {"normalisations": ["batch_norm 64 True: conv "]},
            "A batch normalisation is missing behind a convolution.",
        ),
        (
            {"normalisations": [*RIGHT["normalisations"], "batch_norm 10 True: conv "]},
            "Your network has more normalisations than are asked for.",
        ),
        (
            {
                "normalisations": [
                    "GroupNorm 32 False: conv ",
                    "batch_norm 64 True: conv ",
                ]
            },
            (
                "Where batch normalisation is asked for, your network has another "
                "normalisation."
            ),
        ),
        (
            {
                "normalisations": [
                    "batch_norm 32 False: conv ",
                    "batch_norm 64 True: conv ",
                ]
            },
            "A batch normalisation of yours has no scale and no shift (affine=False).",
        ),
        (
            {
                "normalisations": [
                    "batch_norm 1 True: conv ",
                    "batch_norm 64 True: conv ",
                ]
            },
            "A batch normalisation of yours has another number of channels.",
        ),
        (
            {
                "normalisations": [
                    "batch_norm 32 True: none ",
                    "batch_norm 64 True: conv ",
                ]
            },
            "Your batch normalisations do not each stand behind the layer asked for.",
        ),
        (
            {
                "normalisations": [
                    "batch_norm 32 True: conv relu",
                    "batch_norm 64 True: conv ",
                ]
            },
            (
                "Something stands between a layer and its batch normalisation, which "
                "comes right behind it."
            ),
        ),
        (
            {"biases": {"conv": "all", "linear": "all"}},
            "Among your convolutions there is a bias where none is asked for.",
        ),
        (
            {"biases": {"conv": "none", "linear": "none"}},
            (
                "Among your linear layers (or 1x1 convolutions) a bias is missing "
                "where one is asked for."
            ),
        ),
        (
            {"steps": ["2 conv: stride 2"]},
            "A stride stands on another convolution than is asked for.",
        ),
        ({"steps": []}, "A convolution of yours has no stride where one is asked for."),
        (
            {"steps": [*RIGHT["steps"], "2 conv: stride 2"]},
            "A convolution of yours has a stride where none is asked for.",
        ),
        (
            {"steps": [*RIGHT["steps"], "2 conv: -2"]},
            "A convolution of yours makes the map smaller: its padding is too small.",
        ),
        (
            {"steps": [*RIGHT["steps"], "2 conv: +2"]},
            "A convolution of yours makes the map larger: its padding is too large.",
        ),
        (
            {"random": True},
            (
                "In train mode your network gives another output when it runs again on "
                "the same images: dropout does so, and so does what changes the images."
            ),
        ),
    ],
)
def test_what_differs_is_said(changed: dict[str, Any], sentence: str) -> None:
    assert said(changed) == [sentence]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"then conv": [UNKNOWN, "max, mean, relu"]},
        {"then conv": ["max, a word of one's own", "max, mean, relu"]},
        {"then conv": ["", "max, mean, relu"]},  # cut off for gradients, perhaps
        {"then conv": ["largest, relu", "max, mean, relu"]},  # of a map as small
        {"then conv": 7, "conv": "none", "normalisations": None, "biases": [1]},
        {"conv": [[1, 2]], "then conv": [3, 4], "steps": {"a": 1}, "linear": [None]},
        {"a kind of one's own": ["!"], "then a kind of one's own": ["relu"]},
        7,
        None,
    ],
)
def test_nothing_is_said_of_what_is_no_difference_or_unknown(changed: Any) -> None:
    assert said(changed) == []


def test_a_layer_that_runs_again_is_told_where_others_are_missing() -> None:
    again = {"used again": ["conv 32: 2"]}
    assert said(again) == []
    assert said(again | {"conv": [CONV]}) == [
        "Your network has fewer convolutions than are asked for.",
        "A layer of yours runs several times: each place needs one of its own.",
    ]


def test_a_mean_behind_the_linear_layer_for_one_before_it_is_no_difference() -> None:
    moved = {"then conv": ["max, relu", "max, relu"], "then linear": ["mean"]}
    assert said(moved) == []


def test_layers_without_an_order_are_counted() -> None:
    right = RIGHT | {"then conv": ["add, relu", "relu"]}
    assert said({"then conv": ["add", "relu"]}, right) == [
        "Behind one of your convolutions something is missing: a ReLU."
    ]
    assert said({"then conv": ["add, relu", ""]}, right) == []


def test_how_many_layers_without_an_order_differ_is_told() -> None:
    right = RIGHT | {"then conv": ["add, relu", "relu", "relu", "relu"]}
    for missing, often in ((2, "two"), (3, "several")):
        given = ["add, relu", *["max"] * missing, *["relu"] * (3 - missing)]
        first, *_ = said({"then conv": given}, right)
        assert first == (
            f"Behind {often} of your convolutions something is missing: a ReLU."
        )


def test_what_an_earlier_mistake_makes_of_a_network_is_not_told_again() -> None:
    made = Misconception(name="m", message="", question="q0", fails=(), edit=())
    biased = {"biases": {"conv": "all", "linear": "all"}}
    both = biased | {"then conv": ["max, relu", "max, mean, relu, tanh"]}

    asked = _Asked((RIGHT, RIGHT | both), mistaken={("m", 0): RIGHT | biased})
    sentences = [t.parts[0].message for t in by_layers(asked, "q1", [], [made])]
    assert sentences == [
        "Behind your last convolution stands something that is not asked for: a tanh."
    ]


def test_of_a_mistake_before_the_words_that_say_less_are_not_told_either() -> None:
    made = Misconception(name="m", message="", question="q0", fails=(), edit=())
    one, other = RIGHT["normalisations"]

    right = RIGHT | {"normalisations": [one, other, "batch_norm 8 True: linear "]}
    mistaken = {("m", 0): RIGHT | {"normalisations": [one, other]}}
    asked = _Asked((right, RIGHT | {"normalisations": [one]}), mistaken=mistaken)
    assert by_layers(asked, "q1", [], [made]) == []


def test_what_comes_of_a_difference_is_not_told_beside_it() -> None:
    changed = {"linear": [[32, 10, [1, 1], 1, 1]], "conv": [CONV, CONV]}
    assert said(changed) == [
        "One of your convolutions has another number of outputs than is asked for."
    ]


def test_three_differences_are_told_at_most() -> None:
    changed: dict[str, Any] = dict(zip(RIGHT, [[], [], [], {}], strict=False))
    assert len(said({**changed, "random": True, "steps": []})) == 3


def test_what_is_true_of_all_layers_is_not_told_of_the_last_again() -> None:
    one = RIGHT | {"then conv": ["relu"], "conv": [CONV]}
    two = RIGHT, RIGHT | {"then conv": ["max, tanh", "max, mean, tanh"]}
    assert told(_Asked(two, (one, one | {"then conv": ["tanh"]}))) == [
        "Behind each of your convolutions stands a tanh; asked for is a ReLU."
    ]


def test_where_a_normalisation_is_missing_is_told_if_it_is_known_somewhere() -> None:
    norms = ["batch_norm 32 True: none ", "batch_norm 64 True: none "]
    unknown = RIGHT | {"normalisations": norms}
    answers = [
        (unknown, unknown | {"normalisations": norms[1:]}),
        (RIGHT, RIGHT | {"normalisations": RIGHT["normalisations"][1:]}),
    ]
    assert told(_Asked(answers[0])) == ["A batch normalisation is missing."]
    assert told(_Asked(*answers)) == [
        "A batch normalisation is missing behind a convolution."
    ]


@pytest.mark.parametrize(("more", "is_told"), [(0, False), (1, True)])
def test_a_mistake_that_gives_a_number_here_and_there_is_not_told_beside_other_layers(
    more: int, *, is_told: bool
) -> None:
    # Four cells a call, in three calls: of ten that are left two are but a quarter.
    changed = {
        "conv": [[1, 32, [3, 3], 2, 1], SECOND],
        "linear": [[9, 10, [1, 1], 1, 1]],
        "then conv": ["max", "max, mean, relu"],
        "steps": ["1 conv: stride 4"],
    }
    asked = _Asked(*[(RIGHT, RIGHT | changed)] * 3)
    cells = {(0, "[linear]"), (1, "[linear]"), *[(0, "[steps]")] * more}
    known = WhereTrial(asked, "q1", cells, "Your map is too small.")
    messages = [t.parts[0].message for t in by_layers(asked, "q1", [known])]
    assert ("Your map is too small." in messages) is is_told
    assert len(messages) > 1
    same = _Asked((RIGHT, RIGHT))
    assert by_layers(same, "q1", [known]) == [known]


def test_a_case_that_passed_shows_nothing() -> None:
    assert told(_Asked((RIGHT, RIGHT | {"steps": []}), failed=False)) == []


def test_of_a_call_that_is_no_probe_nothing_is_said() -> None:
    assert told(_Asked((RIGHT, RIGHT | {"steps": []}), name="double")) == []


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("average", "average pooling"),
        ("largest", "the largest of all pixels"),
        ("sum", "a sum"),
        ("leaky relu", "a leaky ReLU"),
        ("elu", "an ELU"),
        ("gelu", "a GELU"),
        ("silu", "a SiLU"),
        ("sigmoid", "a sigmoid"),
        ("tanh", "a tanh"),
        ("softmax", "a softmax"),
        ("log softmax", "a log-softmax"),
    ],
)
def test_what_follows_a_layer_is_called_what_people_call_it(
    word: str, words: str
) -> None:
    (sentence,) = said({"then conv": ["max, relu", f"max, mean, relu, {word}"]})
    assert sentence == (
        f"Behind your last convolution stands something that is not asked for: {words}."
    )


@pytest.mark.parametrize(
    ("place", "nth"),
    [*enumerate(["first", "second", "third", "fourth", "fifth", "last"])],
)
def test_one_of_six_layers_is_told_by_its_place(place: int, nth: str) -> None:
    six = ["relu"] * 6
    right = RIGHT | {"then conv": six}
    wrong = [*six[:place], "tanh", *six[place + 1 :]]
    assert said({"then conv": wrong}, right | {"conv": [CONV] * 6}) == [
        f"Behind your {nth} convolution stands a tanh; asked for is a ReLU."
    ]


def test_what_is_missing_where_ways_meet_is_told_as_well_as_what_is_too_much() -> None:
    right = RIGHT | {"then conv": ["add, relu", "add, relu"]}
    assert said({"then conv": ["add", "add, relu"]}, right) == [
        "Behind one of your convolutions something is missing: a ReLU."
    ]
    assert said({"then conv": ["add, relu, tanh", "add, relu"]}, right) == [
        (
            "Behind one of your convolutions stands something that is not asked for: "
            "a tanh."
        )
    ]


def test_a_way_that_meets_another_where_none_should_is_told_without_an_order() -> None:
    right = RIGHT | {"then conv": ["relu", "relu"]}
    assert said({"then conv": ["add, relu", "relu"]}, right) == [
        (
            "Behind one of your convolutions stands something that is not asked for: "
            "an addition."
        )
    ]


def test_behind_which_kind_of_layer_a_normalisation_is_missing_is_told() -> None:
    first, second = "batch_norm 32 True: conv ", "batch_norm 64 True: linear "
    right = RIGHT | {"normalisations": [first, second]}
    for given, kind in (([first], "1x1 convolution"), ([second], "convolution")):
        assert said({"normalisations": given}, right) == [
            f"A batch normalisation is missing behind a {kind}."
        ]
