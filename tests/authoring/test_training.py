"""Training the reference models: what the seed decides, stopping, and the card."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import matplotlib.image
import msgspec
import numpy as np
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file
from torch import nn

import autograder
import bright_rows
from autograder.authoring.training import card
from autograder.authoring.training.card import Metrics
from autograder.authoring.training.idx import DEBIAN_FOLDER, Images, read_part
from autograder.authoring.training.loop import (
    VALIDATION,
    Epoch,
    Trained,
    logits_of,
    train,
)
from autograder.authoring.training.place import Place
from autograder.authoring.training.recipes import RECIPES, Recipe, recipe_named
from autograder.authoring.training.shown import augmented, to_pixels
from autograder.cli import main
from autograder.course.reference_models import Secrets
from autograder.errors import AuthoringError, StaffError

pytestmark = pytest.mark.torch

COURSE = Path(autograder.__file__).parents[1]
MODELS = COURSE / "solutions" / "models"
SHIFTS = range(-2, 3)


class Stopped(Exception):
    """Stands for a power cut between two epochs."""


def small_network() -> nn.Module:
    """Convolution, batch normalisation and a linear layer: parameters and buffers."""
    torch.manual_seed(1)
    return nn.Sequential(
        *(nn.Conv2d(1, 2, 3, stride=4), nn.BatchNorm2d(2), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(2 * 7 * 7, 10)),
    )


def small_recipe(epochs: int = 3) -> Recipe:
    return Recipe(
        name="small",
        title="A small network",
        build=lambda _: small_network(),
        purpose="tests",
        epochs=epochs,
        batch_size=16,
    )


@pytest.fixture(scope="module")
def images() -> Images:
    """64 images to train on beside those held out."""
    return bright_rows.images(VALIDATION + 64, 0)


def run(
    images: Images,
    checkpoint: Path,
    *,
    seed: int = 0,
    recipe: Recipe | None = None,
    done: Callable[[Epoch], None] = lambda _: None,
    quick: bool = False,
) -> Trained:
    return train(
        recipe or small_recipe(),
        small_network(),
        images,
        seed=seed,
        place=Place(torch.device("cpu"), quick=quick),
        checkpoint=checkpoint,
        done=done,
    )


def same_bits(a: Trained, b: Trained) -> bool:
    assert a.weights.keys() == b.weights.keys()
    return all(torch.equal(a.weights[name], b.weights[name]) for name in a.weights)


def numbers(trained: Trained) -> list[tuple[int, float, float]]:
    return [(e.epoch, e.loss, e.validation_accuracy) for e in trained.history]


def moved(
    image: torch.Tensor, down: int, right: int, background: float
) -> torch.Tensor:
    """Shift one image by slicing, which the code under test does not do."""
    height, width = image.shape
    canvas = torch.full((height + 4, width + 4), background)
    canvas[2 + down : 2 + down + height, 2 + right : 2 + right + width] = image
    return canvas[2 : 2 + height, 2 : 2 + width]


def test_pixels_are_normalised_by_hand() -> None:
    found = to_pixels(np.array([[[0, 255, 51]]], np.uint8))
    assert found.shape == (1, 1, 1, 3)
    # Black, white and a fifth of white, less 0.286, in units of 0.353.
    wanted = torch.tensor([-0.810198, 2.022663, -0.243626])
    assert torch.allclose(found.flatten(), wanted, atol=1e-5)


@pytest.mark.skipif(not DEBIAN_FOLDER.exists(), reason="needs the whole dataset")
def test_the_training_images_have_mean_0_and_deviation_1() -> None:
    pixels = read_part(DEBIAN_FOLDER, "train").images / np.float32(255)
    assert abs(pixels.mean(dtype=np.float64) - 0.2860) < 0.0001
    assert abs(pixels.std(dtype=np.float64) - 0.3530) < 0.0001


def test_every_image_is_shifted_by_up_to_2_pixels_and_half_are_flipped() -> None:
    image = torch.arange(1.0, 1 + 6 * 5).reshape(6, 5)
    black = float(to_pixels(np.zeros((1, 1, 1), np.uint8)))
    ways = {
        (flip, down, right): moved(image.flip(1) if flip else image, down, right, black)
        for flip, down, right in product((False, True), SHIFTS, SHIFTS)
    }
    draw = torch.Generator().manual_seed(0)
    out = augmented(image.repeat(2000, 1, 1, 1), draw)
    assert out.shape == (2000, 1, 6, 5)
    found = dict.fromkeys(ways, 0)
    for picture in out[:, 0]:
        (way,) = [
            way for way, wanted in ways.items() if torch.allclose(picture, wanted)
        ]
        found[way] += 1
    # 40 are expected of each: 10 is 4.8 standard deviations off.
    assert min(found.values()) >= 10
    flipped = sum(count for (flip, _, _), count in found.items() if flip)
    assert 900 <= flipped <= 1100  # 4.5 standard deviations


def test_images_of_a_batch_are_changed_each_in_its_own_way() -> None:
    image = torch.arange(1.0, 31).reshape(1, 1, 6, 5)
    out = augmented(image.repeat(30, 1, 1, 1), torch.Generator().manual_seed(3))
    assert len({tuple(picture.flatten().tolist()) for picture in out}) > 10


def test_augmentation_leaves_the_given_images_and_draws_by_its_generator() -> None:
    images = torch.rand(8, 1, 28, 28)
    before = images.clone()
    first = augmented(images, torch.Generator().manual_seed(5))
    torch.manual_seed(99)
    again = augmented(images, torch.Generator().manual_seed(5))
    other = augmented(images, torch.Generator().manual_seed(6))
    assert torch.equal(images, before)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_same_seed_gives_the_same_weights_bit_by_bit(
    images: Images, tmp_path: Path
) -> None:
    first = run(images, tmp_path / "a.pt")
    torch.manual_seed(1234)
    again = run(images, tmp_path / "b.pt")
    assert same_bits(first, again)
    assert numbers(first) == numbers(again)


def test_what_a_gpu_does_is_the_same_training_in_a_coarser_number(
    images: Images, tmp_path: Path
) -> None:
    exact = run(images, tmp_path / "a.pt")
    quick = run(images, tmp_path / "b.pt", quick=True)
    assert quick.weights.keys() == exact.weights.keys()
    assert not same_bits(quick, exact)
    assert {value.dtype for value in quick.weights.values()} == {
        value.dtype for value in exact.weights.values()
    }
    for slow, fast in zip(exact.history, quick.history, strict=True):
        assert fast.loss == pytest.approx(slow.loss, rel=0.02)


def test_what_is_kept_is_the_moving_average_of_the_weights(
    images: Images, tmp_path: Path
) -> None:
    one_step = replace(small_recipe(1), batch_size=64, ema=0.9)
    weights, network = run(images, tmp_path / "a.pt", recipe=one_step), small_network()
    # After one step the past counts (1 + 1) / (10 + 1), which is less than 0.9.
    state = torch.load(tmp_path / "a.pt", weights_only=True)["model"]
    for name, before in network.state_dict().items():
        if before.is_floating_point():
            wanted = before * 2 / 11 + state[name] * 9 / 11
            assert torch.allclose(weights.weights[name], wanted, atol=1e-6), name
        else:
            assert torch.equal(weights.weights[name], state[name])


def test_another_seed_gives_other_weights(images: Images, tmp_path: Path) -> None:
    first = run(images, tmp_path / "a.pt")
    assert not same_bits(first, run(images, tmp_path / "b.pt", seed=1))


@pytest.mark.parametrize("epochs_done", [1, 2])
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(
    images: Images, tmp_path: Path, epochs_done: int
) -> None:
    whole = run(images, tmp_path / "whole.pt")

    def stop(epoch: Epoch) -> None:
        if epoch.epoch == epochs_done:
            raise Stopped

    with pytest.raises(Stopped):
        run(images, tmp_path / "broken.pt", done=stop)
    torch.manual_seed(4321)
    later: list[int] = []
    resumed = run(
        images, tmp_path / "broken.pt", done=lambda epoch: later.append(epoch.epoch)
    )
    assert later == list(range(epochs_done + 1, 4))
    assert same_bits(whole, resumed)
    assert numbers(whole) == numbers(resumed)


def test_a_finished_run_is_not_trained_further(images: Images, tmp_path: Path) -> None:
    whole = run(images, tmp_path / "a.pt")
    later: list[Epoch] = []
    again = run(images, tmp_path / "a.pt", done=later.append)
    assert later == []
    assert same_bits(whole, again)


def test_it_learns_what_it_is_shown(images: Images, tmp_path: Path) -> None:
    trained = run(images, tmp_path / "a.pt", recipe=small_recipe(epochs=60))
    losses = [epoch.loss for epoch in trained.history]
    assert losses[-1] < 0.8 * losses[0]


def test_images_held_out_are_not_learned_from(images: Images, tmp_path: Path) -> None:
    mixed = torch.randperm(
        len(images.labels), generator=torch.Generator().manual_seed(0)
    )
    held_out = mixed[:VALIDATION].numpy()
    pixels = images.images.copy()
    pixels[held_out] = 255 - pixels[held_out]
    changed = run(Images(pixels, images.labels), tmp_path / "changed.pt")
    whole = run(images, tmp_path / "whole.pt")
    assert same_bits(whole, changed)
    assert numbers(whole) != numbers(changed)


@pytest.mark.parametrize(
    ("seed", "recipe"),
    [(1, small_recipe()), (0, small_recipe(4)), (0, replace(small_recipe(), name="b"))],
    ids=["seed", "epochs", "model"],
)
def test_a_checkpoint_of_another_run_is_refused(
    images: Images, tmp_path: Path, seed: int, recipe: Recipe
) -> None:
    run(images, tmp_path / "a.pt")
    with pytest.raises(StaffError) as error:
        run(images, tmp_path / "a.pt", seed=seed, recipe=recipe)
    assert "is of another run (small, seed 0, 3 epochs)" in str(error.value)
    assert "delete it to start anew" in str(error.value)


@pytest.mark.parametrize("share", [0, 2], ids=["empty", "cut short"])
def test_a_damaged_checkpoint_is_named_with_what_to_do(
    images: Images, tmp_path: Path, share: int
) -> None:
    run(images, tmp_path / "a.pt")
    whole = (tmp_path / "a.pt").read_bytes()
    (tmp_path / "a.pt").write_bytes(whole[: len(whole) // share] if share else b"")
    with pytest.raises(StaffError) as error:
        run(images, tmp_path / "a.pt")
    said = f"{tmp_path / 'a.pt'}: is no checkpoint (delete it to start anew)"
    assert str(error.value) == said


def test_a_loss_that_is_no_number_stops_the_run_and_says_so(
    images: Images, tmp_path: Path
) -> None:
    recipe = replace(small_recipe(), learning_rate=1e38)
    with pytest.raises(StaffError) as error:
        run(images, tmp_path / "a.pt", recipe=recipe)
    assert "small: the loss is nan after " in str(error.value)
    assert "give it a lower learning rate" in str(error.value)


@pytest.fixture(scope="module")
def kept(
    images: Images, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Metrics]:
    """The folder and figures of a small run whose answers are known.

    Of 20 images, two a class, the second ankle boot is taken for a sandal.
    """
    folder = tmp_path_factory.mktemp("models") / "small"
    labels = torch.arange(10).repeat(2)
    answers = labels.clone()
    answers[-1] = 5
    metrics = card.keep(
        folder,
        small_recipe(),
        run(images, folder / "checkpoint.pt"),
        seed=7,
        images=len(images.labels),
        validation=VALIDATION,
        answers=answers,
        labels=labels,
    )
    return folder, metrics


def test_the_card_tells_what_a_reader_asks(kept: tuple[Path, Metrics]) -> None:
    folder, metrics = kept
    text = (folder / "card.md").read_text(encoding="utf-8")
    # 2*1*9 + 2 convolved, 2 + 2 normalised, 98*10 + 10 linear: 1,014
    assert "# A small network\n\n1,014 parameters" in text
    assert "**95.00 %**" in text
    assert "| images | 64 for training, 5,000 held out |" in text
    assert "| seed | 7 |" in text
    assert "| epochs | 3, batches of 16 |" in text
    assert f"| torch | {torch.__version__} |" in text
    assert f"| device | CPU, {torch.get_num_threads()} threads |" in text
    assert metrics.weights_sha256 in text
    assert "(curve.png)" in text


def test_the_card_gives_the_accuracy_of_every_class(kept: tuple[Path, Metrics]) -> None:
    text = (kept[0] / "card.md").read_text(encoding="utf-8")
    table = text[text.index("| class | accuracy |") :].strip().splitlines()[2:]
    assert len(table) == 10
    assert [row.split("|")[2].strip() for row in table] == ["100.0 %"] * 9 + ["50.0 %"]
    assert "ankle boot" in table[-1].lower()


def test_the_metrics_on_disk_are_those_returned(kept: tuple[Path, Metrics]) -> None:
    folder, metrics = kept
    found = msgspec.json.decode((folder / "metrics.json").read_bytes(), type=Metrics)
    assert found == metrics
    assert found.test_accuracy == 0.95
    assert found.confusion[9][5] == 1
    assert [epoch.epoch for epoch in found.history] == [1, 2, 3]


def test_the_weights_on_disk_are_the_trained_ones(kept: tuple[Path, Metrics]) -> None:
    folder, metrics = kept
    path = folder / "weights.safetensors"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == metrics.weights_sha256
    network = small_network()
    network.load_state_dict(load_file(path))


def test_the_curve_is_a_picture(kept: tuple[Path, Metrics]) -> None:
    picture = matplotlib.image.imread(kept[0] / "curve.png")
    assert picture.shape[0] > 200
    assert picture[..., :3].std() > 0  # not empty


def test_logits_with_other_weights_leave_the_models_own() -> None:
    network = small_network()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    zeros = {name: torch.zeros_like(value) for name, value in before.items()}
    logits = logits_of(network, zeros, torch.rand(3, 1, 28, 28))
    assert torch.equal(logits, torch.zeros(3, 10))
    assert all(torch.equal(before[n], v) for n, v in network.state_dict().items())


@pytest.mark.parametrize(
    ("name", "parameters"),
    # Conv 320 + 18,496, linear 200,768 + 650; the other as He et al.'s section 4.2
    # with one block a stage: 0.2 k + 4.7 k + 14.5 k + 57.7 k + 0.7 k.
    [("small_cnn", 220_234), ("resnet", 77_754), ("lenet5", 61_706)],
)
def test_a_recipe_builds_the_reference(name: str, parameters: int) -> None:
    network = RECIPES[name].build(COURSE)
    assert sum(value.numel() for value in network.parameters()) == parameters


def test_a_model_is_found_by_its_assignment() -> None:
    assert recipe_named("a4_cnn").name == "small_cnn"
    assert recipe_named("a5_resnet").name == "resnet"


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["train", *arguments])
    return result.exit_code, " ".join(result.output.split())


def test_an_unknown_model_is_named_with_those_that_there_are() -> None:
    code, said = invoke("vgg")
    assert code == 1
    assert "vgg: is no reference model (give small_cnn, resnet, lenet5" in said


def test_an_unknown_device_is_named_with_those_that_there_are() -> None:
    code, said = invoke("small_cnn", "--device", "tpu")
    assert code == 1
    assert "--device: tpu is not known (give auto, cpu or cuda)" in said


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without a GPU")
def test_a_gpu_that_is_not_there_is_named_before_a_stopped_run_is_given_up(
    tmp_path: Path,
) -> None:
    stopped = tmp_path / "solutions" / "models" / "small_cnn" / "checkpoint.pt"
    stopped.parent.mkdir(parents=True)
    stopped.write_bytes(b"hours of work")
    arguments = ("--device", "cuda", "--anew", "--course", str(tmp_path))
    code, said = invoke("small_cnn", *arguments)
    assert code == 1
    assert "there is no CUDA GPU here (give cpu or auto)" in said
    assert stopped.exists()


def test_missing_images_stop_the_command_before_anything_is_written(
    tmp_path: Path,
) -> None:
    empty, course = tmp_path / "data", tmp_path / "course"
    empty.mkdir()
    course.mkdir()
    code, said = invoke("small_cnn", "--data", str(empty), "--course", str(course))
    assert code == 1
    assert "is not there (apt-get install dataset-fashion-mnist" in said
    assert [path for path in course.rglob("*") if path.is_file()] == []


def test_no_other_command_waits_for_torch() -> None:
    program = (
        "import sys; from click.testing import CliRunner; "
        "from autograder.cli import main; "
        "result = CliRunner().invoke(main, ['--help']); "
        "assert 'train' in result.output; sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def rightly_classified(name: str, images: np.ndarray, labels: np.ndarray) -> float:
    """Run the reference with the weights on disk, without any of the training code."""
    network = RECIPES[name].build(COURSE)
    network.load_state_dict(load_file(MODELS / name / "weights.safetensors"))
    network.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(images), 500):
            x = torch.tensor(images[start : start + 500])[:, None].float()
            answers = network((x / 255 - 0.2860) / 0.3530).argmax(dim=1).numpy()
            right += int((answers == labels[start : start + 500]).sum())
    return right / len(images)


def metrics_of(name: str) -> Metrics:
    path = MODELS / name / "metrics.json"
    return msgspec.json.decode(path.read_bytes(), type=Metrics)


@pytest.mark.parametrize("name", RECIPES)
def test_the_weights_on_disk_classify_the_held_out_images_as_the_card_says(
    name: str,
) -> None:
    with np.load(COURSE / "solutions/data/held_out.npz", allow_pickle=False) as arrays:
        found = rightly_classified(name, arrays["images"], arrays["labels"])
    card_says = metrics_of(name).test_accuracy
    # 1,000 of the 10,000 images: four standard deviations of such a sample.
    spread = (card_says * (1 - card_says) / 1000) ** 0.5
    assert abs(found - card_says) < 4 * spread


@pytest.mark.slow
@pytest.mark.skipif(not DEBIAN_FOLDER.exists(), reason="needs the whole dataset")
@pytest.mark.parametrize("name", RECIPES)
def test_the_weights_on_disk_classify_all_test_images_as_the_card_says(
    name: str,
) -> None:
    part = read_part(DEBIAN_FOLDER, "t10k")
    found = rightly_classified(name, part.images, part.labels)
    # Another processor may decide an image or two otherwise.
    assert found == pytest.approx(metrics_of(name).test_accuracy, abs=0.0005)


@pytest.mark.parametrize(
    ("name", "wanted"), [("small_cnn", 0.92), ("resnet", 0.93), ("lenet5", 0.88)]
)
def test_a_reference_model_is_as_good_as_it_should_be(name: str, wanted: float) -> None:
    assert metrics_of(name).test_accuracy >= wanted


@pytest.mark.parametrize("name", RECIPES)
def test_the_checksum_of_the_card_is_that_of_the_weights(name: str) -> None:
    data = (MODELS / name / "weights.safetensors").read_bytes()
    found = hashlib.sha256(data).hexdigest()
    assert found == metrics_of(name).weights_sha256
    assert found in (MODELS / name / "card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RECIPES)
def test_the_card_is_what_the_numbers_and_the_recipe_say(name: str) -> None:
    wanted = card.card(RECIPES[name], metrics_of(name))
    assert (MODELS / name / "card.md").read_text(encoding="utf-8") == wanted


@pytest.mark.parametrize("name", RECIPES)
def test_the_stored_logits_are_what_the_weights_give_for_the_held_out_images(
    name: str,
) -> None:
    secrets = Secrets(COURSE / "solutions")
    images, _ = secrets.held_out()
    network = RECIPES[name].build(COURSE).double()
    network.load_state_dict(load_file(MODELS / name / "weights.safetensors"))
    x = (torch.tensor(images[:40])[:, None].float() / 255 - 0.2860) / 0.3530
    with torch.no_grad():
        found = network.eval()(x.double()).numpy()
    stored = secrets.held_out_logits(name)
    assert stored.shape == (1000, 10)
    np.testing.assert_allclose(stored[:40], found, rtol=1e-6, atol=1e-9)


def test_logits_of_other_weights_are_refused_with_the_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "resnet"
    shutil.copytree(MODELS / "resnet", folder)
    shutil.copy(MODELS / "lenet5" / "weights.safetensors", folder)
    with pytest.raises(AuthoringError, match="logits of other weights") as told:
        Secrets(tmp_path).held_out_logits("resnet")
    assert "autograder train resnet --logits" in str(told.value)
    (folder / "logits.safetensors").unlink()
    with pytest.raises(AuthoringError, match="no logits"):
        Secrets(tmp_path).held_out_logits("resnet")
