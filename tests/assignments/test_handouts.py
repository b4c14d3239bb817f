"""What a report points to is there, and what handouts say of networks is so."""

import re
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from safetensors.numpy import load_file

import autograder
from autograder.authoring.training.card import Metrics
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
    lenet5 = COURSE / "solutions" / "models" / "lenet5" / "metrics.json"
    metrics = msgspec.json.decode(lenet5.read_bytes(), type=Metrics)
    said = f"gets {100 * metrics.test_accuracy:.2f} % in {metrics.epochs} epochs"
    assert said in " ".join(text.split())


def test_reports_show_of_the_lectures_networks_what_a2_tells_everyone() -> None:
    text = (COURSE / "assignments" / "a2_shapes" / "README.md").read_text("utf-8")
    networks = Secrets(COURSE / "solutions").lecture_networks()
    assert len(networks) == 4
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
    ],
)
def test_the_lectures_networks_without_their_files_name_the_command(
    tmp_path: Path, damage: dict[str, Any], told: str
) -> None:
    whole = COURSE / "solutions" / "experiments" / "lecture"
    folder = tmp_path / "experiments" / "lecture"
    folder.mkdir(parents=True)
    for name in ("networks.json", "logits.npz"):
        found = damage.get(name, (whole / name).read_bytes())
        if isinstance(found, dict):
            np.savez(folder / name, **found)
        elif found is not None:
            (folder / name).write_bytes(found)
    with pytest.raises(AuthoringError, match=told) as refused:
        Secrets(tmp_path).lecture_networks()
    assert "autograder train lecture" in str(refused.value)


def test_the_page_of_the_reference_models_is_up_to_date() -> None:
    page = COURSE / "solutions" / "models" / "README.md"
    assert page.read_text("utf-8") == overview(COURSE), "run: autograder train"


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
