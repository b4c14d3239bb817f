"""Pictures of networks: what is drawn and said, and that all of it can be drawn."""

import re
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from checks.showing import Offer
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

import autograder
from autograder.course.reference_models import LectureNetwork, Secrets
from autograder.grading.pictures import pictures_of
from autograder.records.pictures import Drawn, LeftOut
from autograder.reports.picture_plots import figure, picture_svg
from autograder.reports.picture_words import caption, describe, heading
from autograder.reports.plots import DARK

COURSE = Path(autograder.__file__).parents[1]
ROWS = [[0.8, 1.0, 0.5], [0.7, 1.2, 0.6], [0.75, 1.1, 0.55]]


def made(kind: str, **values: Any) -> Drawn:
    (one,) = pictures_of([Offer(kind, lambda: values)])
    assert not isinstance(one, LeftOut), one.why
    return one


def layer(channels: int = 12, seed: int = 0) -> Drawn:
    rng = np.random.default_rng(seed)
    return made(
        "first layer",
        of="your SmallCNN",
        image=rng.random((28, 28)),
        kernels=rng.normal(size=(channels, 1, 3, 3)),
        maps=rng.normal(size=(channels, 14, 14)),
    )


def training() -> Drawn:
    return made("training", losses=[1.1, 0.4], accuracy=0.75, reference=ROWS)


def confusion(answers: tuple[int, ...] = (0, 3, 3), labels: Any = (0, 3, 5)) -> Drawn:
    logits = np.eye(10)[list(answers)]
    return made("confusion", of="your ResNet", logits=logits, labels=np.array(labels))


def norms(plain: Any = (0.5, 1e-7), shortcut: Any = (0.5, 20.0)) -> Drawn:
    values = {"plain": plain, "shortcut": shortcut}
    return made("gradient norm", depths=(1, 32), norms=values)


def among(answers: tuple[int, ...] = (0, 3, 3), parameters: int = 5000) -> Drawn:
    said = np.array([0, 3, 5]), np.array([1, 3, 3])
    names = ("ResNet-18", "GoogLeNet")
    networks = [
        (LectureNetwork(network=n, parameters=10**7 * p, test_accuracy=0.9), answer)
        for p, (n, answer) in enumerate(zip(names, said, strict=True), 1)
    ]
    return made(
        "among the lecture's",
        of="your network",
        parameters=parameters,
        logits=np.eye(10)[list(answers)],
        labels=np.array([0, 3, 5]),
        networks=networks,
    )


def words(svg: str) -> set[str]:
    root = ET.fromstring(svg)  # noqa: S314 our own drawing
    return {t.text or "" for t in root.iter("{http://www.w3.org/2000/svg}text")}


def test_a_first_layer_shows_image_kernels_and_maps() -> None:
    svg = picture_svg(layer())
    assert {
        "the image",
        "kernels",
        "their feature maps",
        "negative",
        "positive",
    } <= words(svg)
    assert svg.count("<image ") == 4  # and the colours of the signs


@pytest.mark.parametrize("channels", [1, 3, 4, 5, 8])
def test_a_layer_of_few_channels_is_drawn_too(channels: int) -> None:
    assert picture_svg(layer(channels)).count("<image ") == 4


def test_a_training_names_yours_and_the_reference() -> None:
    svg = picture_svg(training())
    assert {"yours", "reference, 3 seeds", "reference"} <= words(svg)
    named = {"epoch", "mean loss of an epoch", "share of right images"}
    assert named <= words(svg)
    assert "stroke-dasharray" in svg  # yours differs in more than colour


def test_a_confusion_shows_each_count_and_class_and_no_zero() -> None:
    shown = words(picture_svg(confusion((0, 3, 3, 3), (0, 3, 5, 5))))
    assert {
        "1",
        "2",
        "sandal",
        "ankle boot",
        "2 of 4 images right: on the diagonal",
    } <= shown
    assert {"what the network says", "what the image shows"} <= shown
    assert "0" not in shown


def test_gradient_norms_are_told_apart_by_dashes_and_named() -> None:
    svg = picture_svg(norms())
    assert {"with a shortcut", "without", "layers of the network"} <= words(svg)
    assert {"Gradient that reaches the first layer", "norm of the gradient"} <= words(
        svg
    )
    assert "stroke-dasharray" in svg


def test_a_network_stands_among_the_lectures_with_where_they_agree() -> None:
    one = among()
    shown = words(picture_svg(one))
    assert {"yours", "ResNet-18", "GoogLeNet", "yours: wrong", "sandal"} <= shown
    assert {"accuracy (%)", "parameters (k: thousands, M: millions)"} <= shown
    assert heading(one) == "Among the lecture's networks"
    said = caption(one)
    assert "your network has 5,000 parameters and gets 66.7 % of 3 unseen" in said
    assert (
        "Of its 1 mistakes the others make the same: ResNet-18 0, GoogLeNet 1" in said
    )
    assert "no part of the points" in said
    assert "mistakes" not in caption(among((0, 3, 5)))
    assert describe(one).endswith(
        "GoogLeNet: 20,000,000 parameters, 90.00 %, the same answer for 2 of 3 images."
    )


def test_the_text_says_what_the_pictures_show() -> None:
    assert describe(layer()) == (
        "An image of 28x28 pixels, 8 kernels of 3x3, and the feature map of 14x14 of "
        "each."
    )
    assert describe(training()) == (
        "Two plots. Losses by epoch: 1.1, 0.4. Accuracy: yours 0.750, the reference's "
        "from 0.700 to 0.800."
    )
    assert describe(confusion((0, 3, 3, 3), (0, 3, 5, 5))) == (
        "Table of 10 by 10 classes: 2 of 4 images are classified rightly. The most "
        "frequent mistake: 2 times sandal was taken for dress."
    )
    assert describe(confusion((0, 3), (0, 3))).endswith(
        "2 of 2 images are classified rightly."
    )
    assert describe(norms()) == (
        "Line plot of the gradient's norm by depth, from 1 to 32 layers: without a "
        "shortcut from 0.5 to 1e-07, with one from 0.5 to 20."
    )


def test_captions_tell_whose_and_how_many() -> None:
    assert "The first layer of your SmallCNN: 8 of its 12 kernels" in caption(layer())
    assert "your SmallCNN: its kernels, and" in caption(layer(4))
    assert "of 3 trainings of the reference" in caption(training())
    assert "What your ResNet says of 3 unseen images" in caption(confusion())


def test_a_picture_left_out_says_that_no_points_are_lost() -> None:
    left_out = LeftOut(kind="training", why="the losses have nan or inf in them")
    assert heading(left_out) == "No picture: training"
    assert caption(left_out) == (
        "It was left out, and no points are lost by that: the losses have nan or inf "
        "in them."
    )


@pytest.mark.parametrize("parameters", [1000, 61_706, 77_754, 220_234, 10**7])
@pytest.mark.parametrize("right", [0.86, 0.9, 0.94])
def test_the_names_of_the_networks_do_not_meet(parameters: int, right: float) -> None:
    secrets = Secrets(COURSE / "solutions")
    labels = secrets.held_out()[1]
    wrong = np.arange(len(labels)) >= right * len(labels)
    one = made(
        "among the lecture's",
        of="your network",
        parameters=parameters,
        logits=np.eye(10)[(labels + wrong) % 10],
        labels=labels,
        networks=secrets.lecture_networks(),
    )
    drawn = figure(one)
    canvas: Any = FigureCanvasAgg(drawn)
    canvas.draw()
    names = [text for text in drawn.axes[0].texts if text.get_text() != "yours"]
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in names]
    assert len(boxes) == 5
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]


@pytest.mark.parametrize("one", [layer(), training(), confusion(), norms(), among()])
def test_the_same_picture_has_the_same_bytes_and_follows_the_screen(one: Drawn) -> None:
    svg = picture_svg(one)
    picture_svg.cache_clear()
    assert picture_svg(one) == svg
    assert "prefers-color-scheme:dark" in svg
    drawn = svg[svg.index("</style>") :]
    assert not [colour for colour in DARK if colour in drawn]


@pytest.mark.parametrize("one", [layer(), training(), confusion(), norms(), among()])
def test_no_text_is_too_small_for_a_phone(one: Drawn) -> None:
    sizes = re.findall(r"font: ([\d.]+)px|font-size: ([\d.]+)px", picture_svg(one))
    found = [float(a or b) for a, b in sizes]
    assert found
    # The drawing is 302 wide and a phone's page about 320; exponents are smaller.
    assert min(found) >= 6.5
    assert sorted(found)[len(found) // 2] >= 9


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=15)
@given(st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS))
def test_any_finite_numbers_can_be_drawn(
    first: tuple[float, float], second: tuple[float, float]
) -> None:
    reference = np.array([[0.5, *second], [0.6, *second]])
    lines = made("training", losses=first, accuracy=first[0], reference=reference)
    for one in (norms(first, second), lines):
        assert picture_svg(one).endswith("</svg>\n")
        assert describe(one)
    image = np.array([first, second])
    stack = np.stack([image, -image])
    shown = made("first layer", of="x", image=image, kernels=stack[:, None], maps=stack)
    assert picture_svg(shown).endswith("</svg>\n")
