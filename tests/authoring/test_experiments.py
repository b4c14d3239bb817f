"""The experiments by depth and with the lecture's networks, on few small images."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest
import torch
from checks.blocks import PlainBlock
from torch import nn

import autograder
import bright_rows
from autograder.authoring.training import depth, experiment, lecture
from autograder.authoring.training.depth import DepthOrder, DepthRun
from autograder.authoring.training.experiment import FIGURE, Parts, kept
from autograder.authoring.training.lecture import LectureOrder, LectureRun
from autograder.authoring.training.place import Place
from autograder.authoring.training.recipes import from_reference
from autograder.authoring.training.run import ExperimentOrder, run_experiment
from autograder.authoring.training.shown import Shown, batches
from autograder.errors import StaffError

pytestmark = pytest.mark.torch

COURSE = Path(autograder.__file__).parents[1]
CPU = Place(torch.device("cpu"))
KEPT = COURSE / "solutions" / "experiments"


def made(count: int, seed: int) -> Shown:
    return Shown.of(bright_rows.images(count, seed), torch.device("cpu"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for 70,000 images: an epoch of them takes minutes."""
    parts = Parts(train=made(48, 0), validation=made(10, 1), test=made(10, 2))
    monkeypatch.setattr(Parts, "read", lambda *_: parts)


def depths(out: Path, **changed: object) -> tuple[list[DepthRun], list[str]]:
    settings = {"depths": (8,), "seeds": 1, "epochs": 2, "images": 32, **changed}
    order = DepthOrder(course=COURSE, out=out, place=CPU, **settings)  # type: ignore[arg-type]
    told: list[str] = []
    return depth.run_depth(
        order, lambda run, left: told.append(f"{run.label}, {left}")
    ), told


@pytest.mark.usefixtures("few_images")
def test_every_kind_depth_and_seed_is_run_once_and_kept(tmp_path: Path) -> None:
    runs, told = depths(tmp_path)
    assert told == ["plain, depth 8, seed 0, 1", "residual, depth 8, seed 0, 0"]
    assert kept(tmp_path / depth.TABLE, DepthRun) == runs
    again, told = depths(tmp_path)
    assert (again, told) == (runs, [])
    assert "| residual | 8 | 0 |" in (tmp_path / "card.md").read_text("utf-8")


@pytest.mark.usefixtures("few_images")
def test_runs_of_other_settings_are_made_beside_those_that_are_there(
    tmp_path: Path,
) -> None:
    depths(tmp_path)
    runs, told = depths(tmp_path, seeds=2)
    assert told == ["plain, depth 8, seed 1, 1", "residual, depth 8, seed 1, 0"]
    assert len(runs) == 4
    _, told = depths(tmp_path, epochs=1)
    assert len(told) == 2


@pytest.mark.usefixtures("few_images")
def test_anew_forgets_what_was_but_not_before_there_is_something_in_its_place(
    tmp_path: Path,
) -> None:
    depths(tmp_path, seeds=2)
    before = (tmp_path / depth.TABLE).read_bytes()
    with pytest.raises(StaffError, match="no such network has 9 layers"):
        depths(tmp_path, depths=(9,), anew=True)
    assert (tmp_path / depth.TABLE).read_bytes() == before
    runs, told = depths(tmp_path, anew=True)
    assert (len(runs), len(told)) == (2, 2)
    assert kept(tmp_path / depth.TABLE, DepthRun) == runs


@pytest.mark.usefixtures("few_images")
def test_lecture_anew_forgets_the_logits_of_networks_that_were(tmp_path: Path) -> None:
    lecture_runs(tmp_path, ["LeNet-5"])
    lecture.keep_logits(
        tmp_path / lecture.LOGITS,
        {"VGG-16": np.zeros((1000, 10), np.float32)},
    )
    order = LectureOrder(
        course=COURSE,
        out=tmp_path,
        place=CPU,
        networks=("LeNet-5",),
        seen=32,
        anew=True,
    )
    lecture.run_lecture(order, lambda *_: None)
    assert set(lecture.logits_of(tmp_path / lecture.LOGITS)) == {"LeNet-5"}


@pytest.mark.usefixtures("few_images")
def test_a_seed_gives_the_same_run(tmp_path: Path) -> None:
    one, _ = depths(tmp_path / "a")
    two, _ = depths(tmp_path / "b")
    assert [r.gradient_norms for r in one] == [r.gradient_norms for r in two]
    losses = [[e.training_loss for e in run.history] for run in (*one, *two)]
    assert losses[:2] == losses[2:]
    assert losses[0][1] < losses[0][0]


def test_plain_and_residual_differ_by_the_addition_alone() -> None:
    plain, residual = (depth.network(COURSE, kind, 1) for kind in depth.KINDS)
    # The two projections: 16*32 + 2*32 and 32*64 + 2*64.
    assert count(residual) - count(plain) == 576 + 2176
    assert count(plain) == 75_002
    x = torch.randn(2, 1, 28, 28)
    assert plain(x).shape == residual(x).shape == (2, 10)


def test_the_notebooks_plain_network_is_that_of_the_experiment() -> None:
    reference = from_reference(COURSE, "a5_resnet")
    plain = depth.network(COURSE, "plain", 2).eval()
    public = reference.ResNet(PlainBlock, (4, 4, 4), 10).eval()
    kinds = (nn.Conv2d, nn.BatchNorm2d, nn.Linear)
    layers = [[m for m in n.modules() if isinstance(m, kinds)] for n in (plain, public)]
    # By kind: the experiment's blocks define both convolutions before what is between.
    pairs = zip(*(sorted(found, key=kind_first) for found in layers), strict=True)
    for ours, theirs in pairs:
        theirs.load_state_dict(ours.state_dict())
    x = torch.randn(2, 1, 14, 14)
    assert torch.allclose(plain(x), public(x), atol=1e-5)


def kind_first(module: nn.Module) -> str:
    return type(module).__name__


def test_without_its_convolutions_only_a_residual_network_hands_on_what_it_gets() -> (
    None
):
    x = torch.rand(2, 1, 28, 28)
    for kind in depth.KINDS:
        model = depth.network(COURSE, kind, 1).eval()
        block = next(m for m in model.modules() if hasattr(m, "bn2"))
        nn.init.zeros_(block.get_parameter("bn2.weight"))
        seen = torch.relu(torch.randn(1, 16, 5, 5))
        assert torch.equal(block(seen), seen if kind == "residual" else 0 * seen)
        assert model(x).isfinite().all()


def count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize("layers", [0, 2, 9, 21])
def test_a_depth_that_there_is_not_is_named(layers: int, tmp_path: Path) -> None:
    with pytest.raises(StaffError, match=rf"--depths: no such .* has {layers} layers"):
        depths(tmp_path, depths=(8, layers))
    assert not list(tmp_path.iterdir())


def test_the_rate_warms_up_and_falls_twice() -> None:
    rates = [depth.learning_rate(epoch, 12) for epoch in range(12)]
    assert rates == [0.01, *[0.1] * 5, *[0.01] * 3, *[0.001] * 3]


def test_a_batch_is_whole_and_every_image_is_shown_once() -> None:
    images = made(50, 3)
    shown = list(batches(images, 16, torch.Generator().manual_seed(0)))
    assert [len(batch) for batch in shown] == [16, 16, 16]
    labels = torch.cat([batch.labels for batch in shown])
    missing = torch.bincount(images.labels, minlength=10) - torch.bincount(
        labels, minlength=10
    )
    assert missing.min() >= 0
    assert missing.sum() == 2


def test_a_file_that_is_no_table_is_named_and_left(tmp_path: Path) -> None:
    path = tmp_path / depth.TABLE
    path.write_text("[{}]")
    with pytest.raises(StaffError, match="is no table of runs"):
        depths(tmp_path)
    assert path.read_text() == "[{}]"


@pytest.mark.usefixtures("few_images")
@pytest.mark.parametrize(
    ("name", "few"),
    [
        ("depth", {"depths": "8", "seeds": 2, "epochs": 1, "images": 16}),
        ("lecture", {"networks": "LeNet-5", "images": 32}),
    ],
)
def test_an_experiment_leaves_its_table_its_card_and_its_figure(
    name: str, few: dict[str, Any], tmp_path: Path
) -> None:
    order = ExperimentOrder(
        course=COURSE,
        name=name,
        device="cpu",
        data=None,
        anew=False,
        out=tmp_path,
        **few,
    )
    assert run_experiment(order, lambda *_: None) == tmp_path
    tables = {"depth": {depth.TABLE}, "lecture": {lecture.TABLE, lecture.LOGITS}}
    there = {path.name for path in tmp_path.iterdir()}
    assert there == {"card.md", FIGURE, *tables[name]}
    assert f"]({FIGURE})" in (tmp_path / "card.md").read_text("utf-8")
    picture = matplotlib.image.imread(tmp_path / FIGURE)
    assert picture.shape[1] > 600
    assert picture[..., :3].std() > 0  # not empty


def lecture_runs(
    out: Path, networks: Sequence[str], seen: int = 32
) -> list[LectureRun]:
    order = LectureOrder(
        course=COURSE, out=out, place=CPU, networks=tuple(networks), seen=seen
    )
    return lecture.run_lecture(order, lambda *_: None)


@pytest.mark.usefixtures("few_images")
def test_a_network_of_the_lecture_is_trained_and_its_answers_are_kept(
    tmp_path: Path,
) -> None:
    (run,) = lecture_runs(tmp_path, ["LeNet-5"])
    assert (run.network, run.year, run.parameters) == ("LeNet-5", 1998, 61_706)
    assert run.macs == 416_520
    assert run.images_seen == 32
    assert len(run.gradient_norms) == 5
    logits = lecture.logits_of(tmp_path / lecture.LOGITS)
    assert logits["LeNet-5"].shape == (1000, 10)
    text = (tmp_path / "card.md").read_text("utf-8")
    for name in (lecture.LOGITS, lecture.TABLE):
        assert f"`{name}`, SHA-256 {sha256(tmp_path / name)}" in text
    assert kept(tmp_path / lecture.TABLE, LectureRun) == [run]


@pytest.mark.usefixtures("few_images")
def test_a_network_shown_other_images_takes_its_own_place(tmp_path: Path) -> None:
    lecture_runs(tmp_path, ["LeNet-5"])
    (run,) = lecture_runs(tmp_path, ["LeNet-5"], seen=48)
    assert run.images_seen == 48


def test_a_network_that_the_lecture_has_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(StaffError, match="--networks: LeNet-6 is not known"):
        lecture_runs(tmp_path, ["LeNet-6"])


def test_enlarged_images_keep_their_corners_and_get_equal_channels() -> None:
    image = torch.arange(28.0 * 28).reshape(1, 1, 28, 28)
    large = lecture.enlarged(image, (3, 56, 56))
    assert large.shape == (1, 3, 56, 56)
    assert torch.equal(large[:, 0], large[:, 2])
    assert large[0, 0, 0, 0] == image[0, 0, 0, 0]
    assert torch.equal(lecture.enlarged(image, (1, 28, 28)), image)


def test_the_kept_runs_are_those_that_the_handouts_tell_of() -> None:
    runs = kept(KEPT / "depth" / depth.TABLE, DepthRun)
    assert len(runs) == 18
    text = (KEPT / "depth" / "card.md").read_text("utf-8")
    assert text == depth.card(runs, sha256(KEPT / "depth" / depth.TABLE))
    wrong = {
        (run.kind, run.depth): 1 - run.history[-1].training_accuracy for run in runs
    }
    assert wrong["plain", 56] > wrong["plain", 20]
    assert wrong["plain", 110] > 0.5 > wrong["residual", 110]


def test_the_kept_logits_are_those_that_the_card_names() -> None:
    path = KEPT / "lecture" / lecture.LOGITS
    runs = kept(KEPT / "lecture" / lecture.TABLE, LectureRun)
    assert {run.network for run in runs} == set(lecture.logits_of(path))
    table = KEPT / "lecture" / lecture.TABLE
    wanted = lecture.card(runs, logits=sha256(path), table=sha256(table))
    assert (KEPT / "lecture" / "card.md").read_text("utf-8") == wanted
    assert experiment.share_right(torch.eye(3), torch.arange(3)) == 1.0
