"""What a report points to is there, and what handouts say of networks is so."""

import csv
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from checks import architectures as nets
from safetensors.numpy import load_file

import autograder
from autograder.authoring.lecture_networks import steps
from autograder.authoring.training import depth
from autograder.authoring.training.card import Metrics
from autograder.authoring.training.depth import DepthRun
from autograder.authoring.training.experiment import kept
from autograder.authoring.training.lecture import TABLE, LectureRun, in_words
from autograder.authoring.training.overview import overview
from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.course.reference_models import Secrets
from autograder.errors import AuthoringError
from autograder.grading.pictures import confusion

COURSE = Path(autograder.__file__).parents[1]


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes of a page's headings."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.casefold())
        found.add(kept.strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", folders.names(COURSE))
def test_every_place_to_read_on_is_a_heading_of_the_handout(name: str) -> None:
    loaded = assignments.load(COURSE, name)
    known = anchors((loaded.public / "README.md").read_text(encoding="utf-8"))
    wanted = {m.see.removeprefix("README.md#") for m in loaded.misconceptions}
    assert wanted - known == set()


@pytest.mark.parametrize("name", folders.names(COURSE))
def test_every_picture_of_a_handout_is_there(name: str) -> None:
    folder = COURSE / "assignments" / name
    text = (folder / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    assert [path for _, path in pictures if not (folder / path).is_file()] == []
    assert all(len(words) > 20 for words, _ in pictures), "a picture needs a text"


def test_the_lectures_networks_are_as_they_were_trained() -> None:
    """The table of a2's handout is that of ``autograder train lecture``."""
    text = (COURSE / "assignments" / "a2_shapes" / "README.md").read_text("utf-8")
    runs = kept(COURSE / "solutions" / "experiments" / "lecture" / TABLE, LectureRun)
    assert len(runs) == 4
    for run in runs:
        row = (
            f"| {run.network} | {run.year} | {run.parameters:,} | {in_words(run.macs)} "
            f"| {100 * run.test_accuracy:.2f} % | {run.images_a_second:,} "
            f"| {run.peak_memory_mib:,} MiB |"
        )
        assert row in text
    flowing = " ".join(text.split())
    lenet5 = metrics_of("lenet5")
    accuracy = f"{100 * lenet5.test_accuracy:.2f} %"
    assert f"it gets {accuracy} in {lenet5.epochs} epochs" in flowing
    macs = sum(step.macs for step in steps(nets.lenet5(), (1, 28, 28)))
    assert (
        f"| LeNet-5, {lenet5.epochs} epochs | 1998 | {lenet5.parameters:,} "
        f"| {in_words(macs)} | {accuracy} | not measured | not measured |"
    ) in text
    (seen,) = {run.images_seen for run in runs}
    assert f"saw {seen:,} of them" in flowing
    of = {run.network: run for run in runs}
    # What the words beside the table say of it.
    best = max(runs, key=lambda run: run.test_accuracy)
    assert best.network == "ResNet-18"
    assert 11.5 < of["VGG-16"].parameters / best.parameters < 12.5  # "a twelfth"
    google, alex = of["GoogLeNet"], of["AlexNet, paper"]
    assert google.peak_memory_mib
    assert alex.peak_memory_mib
    assert 3 < google.peak_memory_mib / alex.peak_memory_mib < 4
    assert 0.095 < google.parameters / alex.parameters < 0.11  # "a tenth"
    assert google.test_accuracy == min(run.test_accuracy for run in runs)
    assert lenet5.test_accuracy < best.test_accuracy < lenet5.test_accuracy + 0.01


def metrics_of(name: str) -> Metrics:
    path = COURSE / "solutions" / "models" / name / "metrics.json"
    return msgspec.json.decode(path.read_bytes(), type=Metrics)


def test_what_a5_says_of_depth_is_what_was_measured() -> None:
    """The words around the figure, and the text for those who do not see it."""
    text = (COURSE / "assignments" / "a5_resnet" / "README.md").read_text("utf-8")
    flowing = " ".join(text.split())
    runs = kept(COURSE / "solutions" / "experiments" / "depth" / depth.TABLE, DepthRun)
    assert {run.epochs for run in runs} == {12}
    assert "(12 epochs on a GPU)" in flowing
    assert {run.seed for run in runs} == {0, 1, 2}
    assert {run.depth for run in runs} == {20, 56, 110}

    def of(kind: str, layers: int) -> list[DepthRun]:
        return [r for r in runs if (r.kind, r.depth) == (kind, layers)]

    def wrong(kind: str, layers: int, *, training: bool = False) -> str:
        """Return the mean share of wrong images, in whole per cent."""
        mean = np.mean(
            [
                r.history[-1].training_accuracy if training else r.test_accuracy
                for r in of(kind, layers)
            ]
        )
        return f"{100 * (1 - mean):.0f} %"

    both = {wrong(kind, 20) for kind in ("plain", "residual")}
    (shallow,) = both
    assert f"with 20 layers both kinds err on about {shallow}" in flowing
    assert (
        f"residual ones err on {wrong('residual', 56)} with 56 and "
        f"{wrong('residual', 110)} with 110"
    ) in flowing
    assert (
        f"({wrong('plain', 56, training=True)} are wrong, not "
        f"{wrong('plain', 20, training=True)})"
    ) in flowing
    best = max(r.test_accuracy for r in of("plain", 110))
    assert f"the best of the three gets {100 * best:.0f} %" in flowing
    # In every seed, on the images that they learned from.
    worst = max(1 - r.history[-1].training_accuracy for r in of("plain", 20))
    assert all(1 - r.history[-1].training_accuracy > worst for r in of("plain", 56))
    first = {
        (kind, layers): [r.gradient_norms[0] for r in of(kind, layers)]
        for kind in ("plain", "residual")
        for layers in (20, 56, 110)
    }
    assert (
        f"to {of('plain', 110)[0].gradient_norms[0]:,.0f} with 110 layers"
    ) in flowing
    assert (
        f"between {min(first['plain', 56]):.0f} and {max(first['plain', 56]):.0f} "
        "with 56 layers"
    ) in flowing
    assert (
        f"between {min(first['plain', 110]):,.0f} and {max(first['plain', 110]):,.0f} "
        "with 110"
    ) in flowing
    assert (
        f"from {min(first['residual', 20]):.1f} (20 layers) to "
        f"{max(first['residual', 110]):.0f} (110)"
    ) in flowing
    assert "is below 1 with 20 layers" in flowing
    assert max(first["plain", 20] + first["residual", 20]) < 1
    # "explode": towards the first layer, and the more the deeper.
    assert min(first["plain", 56]) > 100 * max(first["plain", 20])
    assert min(first["plain", 110]) > 100 * max(first["plain", 56])


def test_reports_show_of_the_lectures_networks_what_a2_tells_everyone() -> None:
    text = (COURSE / "assignments" / "a2_shapes" / "README.md").read_text("utf-8")
    networks = Secrets(COURSE / "solutions").lecture_networks()
    assert [one.network for one, _ in networks] == [
        "LeNet-5",
        *("AlexNet, paper", "ResNet-18", "GoogLeNet", "VGG-16"),
    ]
    for one, said in networks:
        assert f"| {one.parameters:,} |" in text
        assert f"{100 * one.test_accuracy:.2f} %" in text
        assert said.shape == (1000,)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ({"networks.json": None}, "no networks"),
        ({"networks.json": b"[{}]"}, "no networks"),
        ({"logits.npz": None}, "no logits"),
        ({"logits.npz": b"PK nothing"}, "no logits"),
        ({"logits.npz": {"ResNet-18": np.zeros((1000, 10))}}, "no logits of AlexNet"),
        ({"metrics.json": None}, "no numbers"),
        ({"metrics.json": b"{}"}, "no numbers"),
        ({"logits.safetensors": None}, "no logits"),
    ],
)
def test_the_lectures_networks_without_their_files_name_the_command(
    tmp_path: Path, damage: dict[str, Any], told: str
) -> None:
    for part in ("experiments/lecture", "models/lenet5"):
        shutil.copytree(COURSE / "solutions" / part, tmp_path / part)
    ((name, found),) = damage.items()
    (path,) = tmp_path.rglob(name)
    if isinstance(found, dict):
        np.savez(path, **found)
    elif found is None:
        path.unlink()
    else:
        path.write_bytes(found)
    with pytest.raises(AuthoringError, match=told) as refused:
        Secrets(tmp_path).lecture_networks()
    assert f"autograder train {path.parent.name}" in str(refused.value)


def test_the_page_of_the_reference_models_is_up_to_date() -> None:
    page = COURSE / "solutions" / "models" / "README.md"
    assert page.read_text("utf-8") == overview(COURSE), (
        "run: autograder train resnet --logits"
    )


def test_what_a4_says_of_its_short_training_is_in_the_table_of_seeds() -> None:
    path = COURSE / "solutions" / "a4_cnn" / "fit_seeds.csv"
    with path.open(encoding="utf-8") as lines:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]
    first, *_, last = [name for name in rows[0] if name.startswith("loss_")]
    begin, end = (np.mean([row[name] for row in rows]) for name in (first, last))
    reached = [row["accuracy"] for row in rows]
    said = (
        f"the loss falls from {begin:.2f} to {end:.2f} in three epochs, in a narrow "
        f"band over {len(rows)} seeds. Right: the {len(rows)} accuracies, from "
        f"{min(reached):.2f} to {max(reached):.2f}"
    )
    text = (COURSE / "assignments" / "a4_cnn" / "README.md").read_text("utf-8")
    assert said in " ".join(text.split())
    assert last == "loss_3"


def test_what_a4_says_of_its_confusion_matrix_is_what_the_reference_does() -> None:
    logits = load_file(
        COURSE / "solutions" / "models" / "small_cnn" / "logits.safetensors"
    )["logits"]
    with np.load(COURSE / "solutions" / "data" / "held_out.npz") as held_out:
        counts = np.array(
            confusion(of="", logits=logits, labels=held_out["labels"]).counts
        )
    shirt, tee = 6, 0
    said = (
        f"{np.trace(counts)} of 1,000 images on the diagonal; {counts[shirt, shirt]} "
        f"of 100 shirts are recognised, {counts[shirt, tee]} are taken for T-shirts"
    )
    assert said in (COURSE / "assignments" / "a4_cnn" / "README.md").read_text("utf-8")
