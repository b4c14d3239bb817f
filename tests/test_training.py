import gzip
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file

from autograder.cli import main
from autograder.errors import StaffError
from autograder.training import card, idx, subsets
from autograder.training.idx import Images
from autograder.training.loop import VALIDATION, Epoch, Trained, augmented, train
from autograder.training.recipes import RECIPES, Recipe, recipe_named

COURSE = Path(__file__).parents[1]
BATCH = 32


def recipe(epochs: int = 3) -> Recipe:
    return Recipe(
        name="tiny",
        title="a tiny network",
        build=lambda _: torch.nn.Sequential(),
        epochs=epochs,
        batch_size=BATCH,
    )


def network() -> torch.nn.Module:
    torch.manual_seed(5)
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 5, stride=4),
        torch.nn.BatchNorm2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(72, 10),
    )


def random_images() -> Images:
    rng = np.random.default_rng(0)
    count = VALIDATION + 3 * BATCH
    return Images(
        rng.integers(256, size=(count, 28, 28), dtype=np.uint8),
        rng.integers(10, size=count, dtype=np.uint8),
    )


def run(place: Path, *, stop_after: int | None = None) -> Trained:
    class StoppedError(Exception):
        pass

    def done(epoch: Epoch) -> None:
        if epoch.epoch == stop_after:
            raise StoppedError

    arguments = (recipe(), network(), random_images())
    try:
        return train(
            *arguments, seed=1, device="cpu", checkpoint=place / "at.pt", done=done
        )
    except StoppedError:
        return run(place)


def test_a_stopped_run_goes_on_to_the_very_same_weights(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "stopped").mkdir()
    whole = run(tmp_path / "whole")
    stopped = run(tmp_path / "stopped", stop_after=2)
    assert len(whole.history) == len(stopped.history) == 3
    for name, value in whole.weights.items():
        assert torch.equal(value, stopped.weights[name]), name


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(StaffError, match=r"is of another run \(tiny, seed 1"):
        train(
            recipe(),
            network(),
            random_images(),
            seed=2,
            device="cpu",
            checkpoint=tmp_path / "at.pt",
            done=lambda _: None,
        )


def test_augmented_images_are_shifted_by_two_pixels_at_most() -> None:
    images = torch.zeros(64, 1, 28, 28)
    images[:, 0, 14, 14] = 1
    moved = augmented(images, torch.Generator().manual_seed(0))
    assert moved.shape == images.shape
    rows, columns = (moved[:, 0] == 1).nonzero()[:, 1:].T
    assert set(rows.tolist()) == set(range(12, 17))
    # A flip takes column 14 to 13.
    assert set(columns.tolist()) == set(range(11, 17))


def test_the_kept_folder_tells_what_was_trained(tmp_path: Path) -> None:
    trained = run(tmp_path)
    labels = torch.arange(20) % 10
    metrics = card.keep(
        tmp_path / "model",
        recipe(),
        trained,
        seed=1,
        images=VALIDATION + 96,
        validation=VALIDATION,
        answers=labels,
        labels=labels,
    )
    assert metrics.test_accuracy == 1
    text = (tmp_path / "model" / "card.md").read_text()
    assert "**100.00 %**" in text
    assert metrics.weights_sha256 in text
    kept = load_file(tmp_path / "model" / "weights.safetensors")
    assert kept.keys() == trained.weights.keys()
    assert (tmp_path / "model" / "curve.png").read_bytes()[:4] == b"\x89PNG"


def idx_bytes(shape: tuple[int, ...], numbers: bytes) -> bytes:
    lengths = b"".join(n.to_bytes(4, "big") for n in shape)
    return bytes([0, 0, 8, len(shape)]) + lengths + numbers


def test_an_idx_file_is_read_in_its_shape() -> None:
    array = idx.read_idx(idx_bytes((2, 3), bytes(range(6))), Path("x"))
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no IDX file"),
        (b"\0\0\x0d\1" + bytes(8), "is no IDX file"),
        (idx_bytes((2, 3), b"12345"), "has 5 numbers, not 6"),
    ],
)
def test_a_damaged_idx_file_is_named(content: bytes, words: str) -> None:
    with pytest.raises(StaffError, match=words):
        idx.read_idx(content, Path("x"))


def test_missing_cut_and_other_files_are_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(StaffError, match=r"is not there.*dataset-fashion"):
        idx.read_part(tmp_path, "train")
    place = tmp_path / "train-images-idx3-ubyte.gz"
    place.write_bytes(gzip.compress(idx_bytes((1, 2, 2), b"abcd"))[:-9])
    with pytest.raises(StaffError, match="cannot be read"):
        idx.read_part(tmp_path, "train")
    place.write_bytes(gzip.compress(idx_bytes((1, 2, 2), b"abcd")))
    with pytest.raises(StaffError, match="is not the published file"):
        idx.read_part(tmp_path, "train")


def test_a_subset_has_as_many_images_of_every_class() -> None:
    labels = np.repeat(np.arange(10), 30).astype(np.uint8)
    images = np.arange(300, dtype=np.uint8)[:, None, None]
    chosen = subsets.stratified(Images(images, labels), 7)
    assert np.bincount(chosen.labels).tolist() == [7] * 10
    assert len(np.unique(chosen.images[chosen.labels == 3])) == 7


def test_a_model_has_two_names_and_an_unknown_one_is_refused() -> None:
    assert recipe_named("a5_resnet") is RECIPES["resnet"]
    with pytest.raises(StaffError, match="give small_cnn, resnet"):
        recipe_named("vgg")


@pytest.mark.parametrize("name", RECIPES)
def test_the_weights_reach_what_the_card_says_on_the_held_out_images(name: str) -> None:
    torch.set_num_threads(1)
    model = RECIPES[name].build(COURSE)
    folder = COURSE / "solutions" / "models" / name
    model.load_state_dict(load_file(folder / "weights.safetensors"))
    with np.load(COURSE / "solutions" / "data" / "held_out.npz") as data:
        images, labels = data["images"], data["labels"]
    pixels = ((torch.from_numpy(images).float() / 255 - 0.2860) / 0.3530)[:, None]
    with torch.no_grad():
        answers = model.eval()(pixels).argmax(dim=1).numpy()
    # 1,000 images: three standard deviations are 2.4 %.
    assert np.mean(answers == labels) > 0.93 - 0.024


def test_an_unknown_model_is_told_in_one_line() -> None:
    run = CliRunner().invoke(main, ["train", "vgg"])
    assert run.exit_code == 1
    assert "is no reference model" in run.stderr
