"""A reference model from several seeds: a table, a band, and the weights untouched.

It is the whole way of ``autograder train MODEL --seeds``, with few images.
"""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from torch import nn

import autograder
import bright_rows
from autograder.authoring.training import loop, overview, recipes, run, seeds, subsets
from autograder.authoring.training.idx import Images
from autograder.authoring.training.recipes import Recipe
from autograder.authoring.training.seeds import SeedRun
from autograder.cli import main
from autograder.course import assignment as assignments
from autograder.errors import StaffError

pytestmark = pytest.mark.torch

COURSE = Path(autograder.__file__).parents[1]
LEFT = 32


def small_network(_: Path) -> nn.Module:
    return nn.Sequential(nn.AvgPool2d(4), nn.Flatten(), nn.Linear(49, 10))


SMALL = Recipe(
    name="resnet",  # so that the page of all models has a row of it
    title="A small network",
    build=small_network,
    purpose="tests",
    epochs=2,
    batch_size=8,
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with a reference model's folder; few images stand for 70,000."""
    models = COURSE / "solutions" / "models"
    shutil.copytree(models / "resnet", tmp_path / "solutions" / "models" / "resnet")
    shutil.copytree(COURSE / "assignments", tmp_path / "assignments")

    def read_part(_: Path, part: str) -> Images:
        count = loop.VALIDATION + LEFT if part == "train" else 50
        return bright_rows.images(count, len(part))

    monkeypatch.setattr(run, "read_part", read_part)
    monkeypatch.setattr(subsets, "write", lambda *_: None)
    monkeypatch.setitem(recipes.RECIPES, "resnet", SMALL)
    return tmp_path


def trained(course: Path, *arguments: str) -> Result:
    words = ["train", "resnet", "--device", "cpu", "--course", str(course)]
    return CliRunner().invoke(main, [*words, *arguments])


def weights(course: Path) -> bytes:
    path = course / "solutions" / "models" / "resnet" / "weights.safetensors"
    return path.read_bytes()


def test_every_seed_is_trained_once_and_the_kept_weights_stay(course: Path) -> None:
    before, folder = weights(course), course / "solutions" / "models" / "resnet"
    first = trained(course, "--seeds", "2")
    assert first.exit_code == 0, first.output
    table = seeds.runs_of(course, "resnet")
    assert [one.seed for one in table] == [0, 1]
    assert [len(one.history) for one in table] == [2, 2]
    assert table[0].history[0].loss != table[1].history[0].loss
    assert "seed 1: " in first.output
    second = trained(course, "--seeds", "3")
    assert "seed 2: " in second.output
    assert "seed 1: " not in second.output
    assert seeds.runs_of(course, "resnet")[:2] == table
    assert weights(course) == before
    assert list(folder.glob("checkpoint*")) == []


def test_the_page_of_the_models_has_the_band(course: Path) -> None:
    assert "seeds: " not in overview.overview(course)
    assert trained(course, "--seeds", "2").exit_code == 0
    folder = course / "solutions" / "models"
    words = seeds.band(seeds.runs_of(course, "resnet"))
    assert words.startswith("2 seeds: ")
    assert f"93.36 % ({words})" in (folder / "README.md").read_text("utf-8")


def test_anew_forgets_the_seeds_that_were(course: Path) -> None:
    assert trained(course, "--seeds", "2").exit_code == 0
    nowhere = trained(course, "--seeds", "1", "--anew", "--device", "tpu")
    assert "tpu is not known" in nowhere.output
    assert len(seeds.runs_of(course, "resnet")) == 2
    assert trained(course, "--seeds", "1", "--anew").exit_code == 0
    assert [one.seed for one in seeds.runs_of(course, "resnet")] == [0]


def test_a_seed_among_others_reaches_what_it_reaches_alone(course: Path) -> None:
    assert trained(course, "--seeds", "2").exit_code == 0
    among = [epoch.loss for epoch in seeds.runs_of(course, "resnet")[1].history]
    order = run.TrainingOrder(
        course=course, model="resnet", device="cpu", seed=1, anew=True, data=None
    )
    shutil.copytree(COURSE / "solutions" / "data", course / "solutions" / "data")
    alone, _ = run.train_model(order, lambda *_: None)
    assert [epoch.loss for epoch in alone.history] == among


def test_the_band_tells_the_least_the_most_and_on_what() -> None:
    def one(seed: int, accuracy: float, device: str) -> SeedRun:
        return SeedRun(
            seed=seed,
            epochs=1,
            test_accuracy=accuracy,
            history=(),
            device=device,
            torch="2",
        )

    runs = [one(0, 0.9294, "an H100"), one(1, 0.9, "a CPU"), one(2, 0.931, "an H100")]
    assert seeds.band(runs) == "3 seeds: 90.00 to 93.10 %, a CPU, an H100"


def test_a_table_of_seeds_that_is_none_is_named(tmp_path: Path) -> None:
    path = seeds.table_of(tmp_path, "resnet")
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    with pytest.raises(StaffError, match="is no table of runs"):
        seeds.runs_of(tmp_path, "resnet")
    assert seeds.runs_of(tmp_path, "lenet5") == []


def test_a_band_makes_no_result_stale() -> None:
    """It lies outside of all that a result of a4 and a5 depends on."""
    for name in ("a4_cnn", "a5_resnet"):
        read = assignments.load(COURSE, name).folders
        table = seeds.table_of(COURSE, "resnet")
        assert not [folder for folder in read if table.is_relative_to(folder)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["depth", "--seed", "3"], "--seed: depth takes none (leave it out)"),
        (["lecture", "--seeds", "3"], "--seeds: lecture takes none (leave it out)"),
        (["lecture", "--logits"], "--logits: lecture takes none (leave it out)"),
        (["resnet", "--epochs", "3"], "--epochs: resnet takes none (it is for depth)"),
        (
            ["resnet", "--images", "9"],
            "--images: resnet takes none (it is for depth and lecture)",
        ),
        (
            ["resnet", "--seed", "0", "--seeds", "2"],
            "--seeds: does not go with --seed (give one of them)",
        ),
        (["a4_cnn", "--seeds", "3"], "--seeds: 3 are too few for a threshold"),
    ],
)
def test_an_option_that_would_not_be_heeded_is_refused(
    words: list[str], told: str
) -> None:
    done = CliRunner().invoke(main, ["train", *words])
    assert done.exit_code == 1
    assert told in " ".join(done.output.split())
