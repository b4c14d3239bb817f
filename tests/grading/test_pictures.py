"""Pictures that tests offer: what is kept, and what is left out with a remark."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import pytest
from checks import CheckFailedError, collected_offers, show
from checks.showing import Offer
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from autograder.course.reference_models import LectureNetwork
from autograder.errors import GraderFault, StudentFault
from autograder.grading.pictures import KINDS, MOST, pictures_of, raster
from autograder.records.pictures import (
    AmongLecture,
    Confusion,
    FirstLayer,
    GradientNorms,
    LeftOut,
    Picture,
    Training,
)
from autograder.records.results import CaseResult

IMAGE = np.arange(12.0).reshape(3, 4)
LAYER = {
    "of": "yours",
    "image": IMAGE,
    "kernels": np.ones((2, 1, 3, 3)),
    "maps": np.zeros((2, 3, 4)),
}
TABLE = [[0.8, 1.0, 0.5], [0.7, 1.2, 0.6]]
TRAINING = {"losses": [1.1, 0.4], "accuracy": 0.75, "reference": TABLE}
NORMS = {
    "depths": (1, 4),
    "norms": {"plain": [0.5, 0.001], "shortcut": [0.5, 2.0]},
}
LOGITS = np.eye(10)[[0, 3, 3]]
CONFUSION = {"of": "yours", "logits": LOGITS, "labels": np.array([0, 3, 5])}
NETWORK = LectureNetwork(network="LeNet-5", parameters=61706, test_accuracy=0.9)
AMONG = CONFUSION | {"parameters": 100, "networks": [(NETWORK, np.array([0, 5, 3]))]}


def made(kind: str, values: Mapping[str, Any]) -> Picture:
    (one,) = pictures_of([Offer(kind, lambda: values)])
    return one


def why(kind: str, values: Mapping[str, Any]) -> str:
    left_out = made(kind, values)
    assert isinstance(left_out, LeftOut)
    assert left_out.kind == kind
    return left_out.why


def test_among_the_lectures_networks_answers_are_counted_by_class() -> None:
    found = made("among the lecture's", AMONG)
    assert isinstance(found, AmongLecture)
    assert found.images == (1, 0, 0, 1, 0, 1, 0, 0, 0, 0)
    assert found.wrong == (0, 0, 0, 0, 0, 1, 0, 0, 0, 0)
    assert found.accuracy == pytest.approx(2 / 3)
    (peer,) = found.peers
    assert (peer.name, peer.parameters, peer.accuracy) == ("LeNet-5", 61706, 0.9)
    assert peer.alike == (1, 0, 0, 0, 0, 1, 0, 0, 0, 0)
    assert peer.same_mistakes == 1
    assert why("among the lecture's", {**AMONG, "logits": np.ones((2, 10))}) == (
        "the logits have another shape than asked for"
    )
    assert found.parameters == AMONG["parameters"]
    nan = {**AMONG, "logits": LOGITS * np.nan}
    assert why("among the lecture's", nan) == "the logits have nan or inf in them"


def test_a_picture_offered_on_a_laptop_is_never_made() -> None:
    def values() -> dict[str, Any]:
        raise AssertionError

    show("confusion", values)
    with collected_offers() as offers:
        pass
    show("confusion", values)
    assert offers == []


def test_offers_are_collected_and_made_later() -> None:
    asked = []

    def values() -> dict[str, Any]:
        asked.append(1)
        return CONFUSION

    with collected_offers() as offers:
        show("confusion", values)
    assert asked == []
    pictures_of(offers)
    assert asked == [1]


def test_an_image_is_kept_in_256_steps() -> None:
    kept = raster(np.array([[-1.0, 0.0], [0.5, 4.0]]))
    # A step is 5/255: 0 is the 51st, 0.5 lies between the 76th and the 77th.
    assert (kept.low, kept.high, kept.cells) == (-1.0, 4.0, bytes([0, 51, 76, 255]))
    assert kept.values[0].tolist() == [-1.0, 0.0]


def test_an_image_of_one_grey_keeps_it() -> None:
    assert raster(np.full((2, 2), 7.0)).values.tolist() == [[7.0, 7.0], [7.0, 7.0]]


def test_a_large_image_is_thinned_to_32_pixels_a_side() -> None:
    kept = raster(np.zeros((100, 65)))
    assert (kept.rows, kept.columns, len(kept.cells)) == (25, 17, 25 * 17)


def test_of_many_channels_the_first_eight_are_kept_and_all_are_counted() -> None:
    many = LAYER | {"kernels": np.ones((20, 1, 3, 3)), "maps": np.ones((20, 5, 5))}
    kept = made("first layer", many)
    assert isinstance(kept, FirstLayer)
    assert (len(kept.kernels), len(kept.maps), kept.total) == (8, 8, 20)


def test_kernels_of_several_channels_are_shown_as_their_mean() -> None:
    kernels = np.stack([np.full((3, 3), 1.0), np.full((3, 3), 4.0)])[None]
    kept = made("first layer", LAYER | {"kernels": kernels, "maps": IMAGE[None]})
    assert isinstance(kept, FirstLayer)
    assert kept.kernels[0].values[0, 0] == 2.5


def test_a_training_keeps_its_losses_and_the_references() -> None:
    kept = made("training", TRAINING)
    assert kept == Training(
        losses=(1.1, 0.4),
        accuracy=0.75,
        reference=((0.8, 1.0, 0.5), (0.7, 1.2, 0.6)),
    )


def test_a_confusion_counts_rows_of_what_is_and_columns_of_what_was_said() -> None:
    kept = made("confusion", CONFUSION)
    assert isinstance(kept, Confusion)
    assert (kept.counts[0][0], kept.counts[3][3], kept.counts[5][3]) == (1, 1, 1)
    assert sum(map(sum, kept.counts)) == 3
    assert kept.classes[5] == "sandal"


def test_gradient_norms_are_kept_by_depth() -> None:
    assert made("gradient norm", NORMS) == GradientNorms(
        depths=(1, 4), plain=(0.5, 0.001), shortcut=(0.5, 2.0)
    )


def test_nan_is_told_and_not_drawn() -> None:
    losses = TRAINING | {"losses": [1.0, float("nan")]}
    assert why("training", losses) == "the losses have nan or inf in them"


def test_huge_numbers_are_bounded() -> None:
    kept = made(
        "gradient norm", NORMS | {"norms": {"plain": [1e300, 1.0], "shortcut": [0, 0]}}
    )
    assert isinstance(kept, GradientNorms)
    assert kept.plain == (1e30, 1.0)
    assert kept.shortcut == (0.0, 0.0)


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("first layer", LAYER | {"maps": np.ones((3, 4))}, "another shape"),
        ("first layer", LAYER | {"maps": np.ones((5, 2, 2))}, "not one feature map"),
        (
            "first layer",
            LAYER | {"maps": np.ones((2, 600, 1))},
            "another shape",
        ),
        (
            "first layer",
            LAYER | {"maps": np.ones((2, 0, 4))},
            "another shape",
        ),
        ("first layer", LAYER | {"kernels": "ink"}, "kernels are no real numbers"),
        ("first layer", LAYER | {"kernels": [[1], [1, 2]]}, "kernels are no array"),
        ("first layer", LAYER | {"maps": np.ones((2, 3, 4)) * 1j}, "no real numbers"),
        ("training", TRAINING | {"losses": [1.0] * 999}, "not one loss for every"),
        ("training", TRAINING | {"losses": None}, "no real numbers"),
        ("confusion", CONFUSION | {"logits": LOGITS[:2]}, "another shape"),
        (
            "confusion",
            CONFUSION | {"logits": np.ones((3, 50))},
            "another shape",
        ),
        (
            "gradient norm",
            NORMS | {"norms": {"plain": [1.0], "shortcut": [1.0, 2.0]}},
            "not one norm for every depth",
        ),
        ("gradient norm", NORMS | {"norms": {}}, "nothing that can be drawn"),
        *(
            ("among the lecture's", AMONG | {"parameters": parameters}, words)
            for parameters, words in [
                (16**4095, "the parameters are no real numbers"),
                (10**12 + 1, "no network of so many"),
                (0, "no network of so many"),
                (-1, "no network of so many"),
                (float("nan"), "nan or inf"),
                ("7", "no real numbers"),
                ([7], "another shape"),
                (None, "no real numbers"),
            ]
        ),
        ("gradient norm", {"anything": 1}, "nothing that can be drawn"),
    ],
)
def test_what_cannot_be_drawn_is_left_out_and_says_why(
    kind: str, values: dict[str, Any], words: str
) -> None:
    assert words in why(kind, values)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StudentFault("timeout", "`fit` took 9 s", coarse="too slow"), "too slow"),
        (CheckFailedError("type", "got 7, not 8", coarse="no tensor"), "no tensor"),
        (KeyError("maps"), "what came back is nothing that can be drawn"),
    ],
)
def test_an_error_on_the_way_leaves_the_picture_out_without_a_value(
    error: Exception, words: str
) -> None:
    def values() -> dict[str, Any]:
        raise error

    assert pictures_of([Offer("training", values)]) == (
        LeftOut(kind="training", why=words),
    )


def test_a_fault_of_ours_stays_one() -> None:
    def values() -> dict[str, Any]:
        raise GraderFault("the sandbox", "does not start")

    with pytest.raises(GraderFault, match="does not start"):
        pictures_of([Offer("training", values)])


def test_a_kind_that_there_is_not_names_the_tests_line_and_the_kinds() -> None:
    with pytest.raises(GraderFault, match="no picture is called 'sunset'") as caught:
        pictures_of([Offer("sunset", lambda: LAYER)])
    assert "test_pictures.py:" in str(caught.value)
    assert "offer one of first layer, training" in str(caught.value)


def test_of_endless_offers_only_the_first_are_made() -> None:
    assert len(pictures_of([Offer("confusion", lambda: CONFUSION)] * 50)) == MOST


def test_every_kind_survives_the_ledgers_json() -> None:
    left_out: dict[str, Any] = {"losses": None}
    values: tuple[Any, ...] = (LAYER, TRAINING, CONFUSION, NORMS, AMONG, left_out)
    kinds = (*KINDS, "training")
    kept = tuple(made(k, v) for k, v in zip(kinds, values, strict=True))
    assert isinstance(kept[-1], LeftOut)
    again = msgspec.json.decode(msgspec.json.encode(kept), type=tuple[Picture, ...])
    assert again == kept


def test_a_picture_takes_little_room_in_the_ledger() -> None:
    many = LAYER | {
        "image": np.ones((28, 28)),
        "kernels": np.ones((4096, 1, 11, 11)),
        "maps": np.random.default_rng(0).normal(size=(4096, 32, 32)),
    }
    assert len(msgspec.json.encode(made("first layer", many))) < 20_000


ABSURD = st.one_of(
    st.none(),
    st.text(max_size=3),
    st.floats(),
    st.lists(st.one_of(st.floats(), st.integers(), st.none()), max_size=4),
    st.dictionaries(st.text(max_size=2), st.floats(), max_size=2),
    st_numpy.arrays(
        st.sampled_from([float, np.float32, np.int64, bool, complex]),
        st_numpy.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=11),
    ),
)


@given(st.sampled_from([LAYER, TRAINING, CONFUSION, NORMS, AMONG]), st.data())
def test_whatever_comes_back_there_is_a_picture_or_a_remark(
    right: dict[str, Any], data: st.DataObject
) -> None:
    ours = {"of", "labels", "depths", "parameters", "networks"}
    fields = [name for name in right if name not in ours]
    values = right | {data.draw(st.sampled_from(fields)): data.draw(ABSURD)}
    kind = {
        id(v): k
        for k, v in zip(KINDS, (LAYER, TRAINING, CONFUSION, NORMS, AMONG), strict=True)
    }
    (one,) = pictures_of([Offer(kind[id(right)], lambda: values)])
    assert isinstance(one, Picture)
    msgspec.json.encode(one)


def test_a_result_of_an_older_ledger_has_no_pictures() -> None:
    old = (
        b'{"name":"one","hidden":true,"points":2.0,"verdict":"passed","kind":"passed",'
        b'"message":"","misconceptions":[],"carried_from":"","replay":"",'
        b'"comparison":null,"wall_seconds":0.1}'
    )
    assert msgspec.json.decode(old, type=CaseResult).pictures == ()


def test_pictures_of_an_older_ledger_go_by_their_older_name() -> None:
    old = (
        b'{"name":"one","hidden":true,"points":2.0,"verdict":"passed","kind":"passed",'
        b'"exhibits":[{"type":"left_out","kind":"training","why":"too large"}]}'
    )
    kept = msgspec.json.decode(old, type=CaseResult)
    assert kept.pictures == (LeftOut(kind="training", why="too large"),)
    assert b'"exhibits":[{' in msgspec.json.encode(kept)
