"""The notebooks run from top to bottom, whatever of the answers is written."""

import json
import shutil
from pathlib import Path
from typing import Any

import jupytext
import pytest
from nbclient import NotebookClient

import autograder
import books
from autograder.authoring.explore import explore_files
from autograder.authoring.student_template import template_files
from autograder.course import folders
from autograder.errors import AuthoringError
from explored import code_of, run

COURSE = Path(autograder.__file__).parents[1]
TORCH = ("a4_cnn", "a5_resnet")
FEWEST_FIGURES = 5
NAMES = [
    pytest.param(name, marks=[pytest.mark.torch, pytest.mark.slow])
    if name in TORCH
    else name
    for name in folders.names(COURSE)
]
FEWER_IMAGES = {
    "a4_cnn": ("= 1_200, 600, 5\n", "= 200, 100, 2\n"),
    "a5_resnet": ("[:1024]", "[:64]"),
}
"""What a notebook trains with, and how much shows as well that its cells run."""
STOPPED, WAITS = "This cell stopped", "isn't written yet"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template")
    for name, data in template_files(COURSE).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "template"))


def book(name: str) -> dict[str, Any]:
    found = explore_files(COURSE / "assignments" / name)["explore.ipynb"]
    return dict(json.loads(found))


def with_fewer_images(notebook: Path) -> Path:
    """Let it train with fewer images, where it trains; returns its path."""
    text = notebook.read_text(encoding="utf-8")
    many, few = (
        json.dumps(t)[1:-1] for t in FEWER_IMAGES.get(notebook.parent.name, ("", ""))
    )
    assert many in text
    notebook.write_text(text.replace(many, few) if many else text, encoding="utf-8")
    return notebook


@pytest.mark.parametrize("name", NAMES)
def test_with_right_answers_every_cell_shows_its_figures(
    folder: Path, name: str
) -> None:
    right = COURSE / "solutions" / name / "reference.py"
    shutil.copy(right, folder / name / f"{name}.py")
    code, said = run(with_fewer_images(folder / name / "explore.ipynb"))
    assert code == 0, said
    assert STOPPED not in said, said
    assert WAITS not in said
    shown = list((folder / name / "figures-shown").glob("*.png"))
    assert len(shown) >= FEWEST_FIGURES


@pytest.mark.parametrize("name", NAMES)
def test_with_the_stub_every_cell_says_what_it_waits_for(
    folder: Path, name: str
) -> None:
    code, said = run(with_fewer_images(folder / name / "explore.ipynb"))
    assert code == 0, said
    assert STOPPED not in said, said
    assert said.count(WAITS) >= 3, said


@pytest.mark.parametrize("source", ["def conv1d(:\n", "import nowhere\n", "x = 1\n"])
def test_with_a_file_that_cannot_be_read_every_cell_says_why(
    folder: Path, source: str
) -> None:
    (folder / "a1_conv1d/a1_conv1d.py").write_text(source, encoding="utf-8")
    code, said = run(folder / "a1_conv1d/explore.ipynb")
    assert code == 0, said
    assert STOPPED in said or "there is no function `conv1d` in a1_conv1d.py" in said


@pytest.mark.slow
def test_a_real_kernel_runs_it_with_answers_in_a_notebook(folder: Path) -> None:
    place = folder / "a2_shapes"
    source = (COURSE / "solutions/a2_shapes/reference.py").read_text(encoding="utf-8")
    (place / "a2_shapes.py").unlink()
    (place / "a2_shapes.ipynb").write_bytes(books.book(source))
    text = (place / "explore.ipynb").read_text(encoding="utf-8")
    opened: Any = jupytext.reads(text, fmt="ipynb")
    resources = {"metadata": {"path": str(place)}}
    NotebookClient(opened, timeout=300, resources=resources).execute()
    outputs = [o for cell in opened.cells for o in cell.get("outputs", ())]
    assert not [o for o in outputs if o.output_type == "error"]
    said = "".join(o.get("text", "") for o in outputs)
    assert STOPPED not in said, said
    shown = [o for o in outputs if "image/png" in o.get("data", {})]
    assert len(shown) >= FEWEST_FIGURES
    widgets = "application/vnd.jupyter.widget-view+json"
    assert any(widgets in o.get("data", {}) for o in outputs)


@pytest.mark.parametrize("name", folders.names(COURSE))
def test_it_holds_no_outputs_and_names_no_address(name: str) -> None:
    cells = book(name)["cells"]
    for cell in cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert "://" not in json.dumps(cells)


def test_the_same_source_gives_the_same_notebook_and_jupytext_reads_it_back() -> None:
    assert book("a1_conv1d") == book("a1_conv1d")
    source = COURSE / "assignments/a1_conv1d/explore.py"
    wanted = jupytext.read(source, fmt="py:percent")["cells"]
    found = jupytext.reads(json.dumps(book("a1_conv1d")), fmt="ipynb")["cells"]
    assert [c["source"] for c in wanted][2:] == [c["source"] for c in found][2:]


def test_where_the_template_is_published_is_one_setting(tmp_path: Path) -> None:
    public = tmp_path / "a9_new"
    public.mkdir()
    assert explore_files(public) == {}
    (public / "explore.py").write_text("# %%\nFIRST_CELL\n", encoding="utf-8")
    address = "https://example.edu/course.git"
    (tmp_path / "repository.txt").write_text(f"# ours\n{address}\n", encoding="utf-8")
    (tmp_path / "explore.ipynb").write_bytes(explore_files(public)["explore.ipynb"])
    (first,) = code_of(tmp_path / "explore.ipynb")
    assert f"REPOSITORY = '{address}'\n" in first
    assert "FOLDER = 'a9_new'\n" in first


def test_a_source_without_its_first_cell_is_refused(tmp_path: Path) -> None:
    (tmp_path / "explore.py").write_text("# %%\nx = 1\n", encoding="utf-8")
    with pytest.raises(
        AuthoringError, match="a line FIRST_CELL has to stand there once"
    ):
        explore_files(tmp_path)


def test_the_photograph_has_its_licence_beside_it(template: Path) -> None:
    licence = template / "explore/data/LICENSE"
    assert (template / "explore/data/photograph.png").is_file()
    assert "public domain" in licence.read_text(encoding="utf-8")
