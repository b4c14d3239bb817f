"""Write ``student_template/``: stubs, handouts, public tests; or say what drifted.

The template is made of ``assignments/template/`` (copied to its root), ``checks/`` and,
for every assignment, the handout in full, the public tests, figures, the notebook made
of ``explore.py``, the stub generated from the reference, and for the students' own
tools ``about.json`` and ``names.json`` (`laptop_names`); of the course's
``constraints.txt``, whose versions its requirements ask for; and of the module by which
grading reads a notebook, which the desk reads it by, too. What a course has not of its
own (the root, ``checks/``, versions) is this project's.
Nothing in the template is written by hand.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder import notebook
from autograder.authoring.explore import explore_files
from autograder.authoring.laptop_names import laptop_names
from autograder.authoring.student_requirements import to_the_minor_version
from autograder.course import assignment as assignments
from autograder.course import folders
from autograder.course.handout import complete, gaps
from autograder.course.stub import make_stub
from autograder.course.toml_files import read_text
from autograder.errors import StaffError

TEMPLATE = "student_template"
REQUIREMENTS = ("requirements.txt", "requirements-torch.txt")
LOCK = "constraints.txt"
NAMES = "names.json"
"""Of known mistakes; made anew, as where a test has changed, it takes seconds."""


def template_files(course: Path, *, anew: bool = True) -> dict[str, bytes]:
    """Return what the template should hold: path in it, contents.

    anew : names of mistakes are made where they are out of date; else they are empty
    """
    public = course / "assignments"
    template = folders.shared(course, "assignments/template")
    files = dict(_copied(template, ""))
    if (template.parents[1] / LOCK).exists():
        lock = read_text(template.parents[1] / LOCK)
        for name in files.keys() & REQUIREMENTS:
            asked = read_text(template / name)
            files[name] = to_the_minor_version(asked, lock).encode()
    files["desk/notebook.py"] = Path(notebook.__file__).read_bytes()
    files |= dict(_copied(folders.shared(course, folders.CHECKS), "checks/"))
    for name in folders.names(course):
        loaded = assignments.load(course, name)
        folder = public / name
        files[f"{name}/README.md"] = complete(loaded).encode()
        files |= dict(_copied(folder / "tests", f"{name}/tests/"))
        files |= dict(_copied(folder / "figures", f"{name}/figures/"))
        books = explore_files(folder).items()
        files |= {f"{name}/{book}": contents for book, contents in books}
        stub = make_stub(loaded.reference_source, loaded.secret / "reference.py")
        files[f"{name}/{loaded.manifest.file}"] = stub.encode()
        files[f"{name}/about.json"] = _about(loaded, stub)
        before = course / TEMPLATE / name / NAMES
        files[f"{name}/{NAMES}"] = laptop_names(loaded, before, anew=anew)
    return files


def _about(loaded: assignments.Assignment, stub: str) -> bytes:
    """Return what a student's own tools need to know of an assignment."""
    facts = {
        "title": loaded.manifest.title,
        "file": loaded.manifest.file,
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "packages": loaded.manifest.packages,
        "stub": hashlib.sha256(stub.encode()).hexdigest(),
        "questions": [
            {
                "name": question.name,
                "title": question.title,
                "functions": question.functions,
                "parameters": {
                    name: loaded.signatures[name] for name in question.functions
                },
                "public_points": sum(
                    case.source.points
                    for case in loaded.cases[question.name]
                    if not case.source.hidden
                ),
                "points": loaded.points(question.name),
            }
            for question in loaded.manifest.question
        ],
    }
    return msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n"


def drift(course: Path) -> list[str]:
    """Return a line for every file in which the committed template is out of date."""
    wanted = template_files(course, anew=False)
    folder = course / TEMPLATE
    present = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not _is_stray(path)
    }
    lines = [f"missing: {name}" for name in sorted(wanted.keys() - present.keys())]
    lines += [f"not ours: {name}" for name in sorted(present.keys() - wanted.keys())]
    both = sorted(wanted.keys() & present.keys())
    return lines + [
        f"differs: {name}" for name in both if wanted[name] != present[name]
    ]


def gaps_of_handouts(course: Path) -> list[str]:
    """Return a line for what students are sent to in a handout and will not find."""
    loaded = (assignments.load(course, name) for name in folders.names(course))
    return [line for each in loaded for line in gaps(each)]


def write(course: Path) -> int:
    """Replace ``student_template/`` as a whole; return the number of files."""
    files = template_files(course)
    folder = course / TEMPLATE
    staging = Path(tempfile.mkdtemp(prefix=f".{TEMPLATE}-", dir=course))
    try:
        staging.chmod(0o755)
        for name, contents in files.items():
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(contents)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(staging, folder)  # noqa: PTH105 a folder, replaced at once
    except OSError as error:
        raise StaffError(folder, f"cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return len(files)


def _copied(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _is_stray(path):
            yield prefix + path.relative_to(folder).as_posix(), path.read_bytes()


def _is_stray(path: Path) -> bool:
    strays = {"__pycache__", ".pytest_cache", ".OTTER_LOG"}
    return not strays.isdisjoint(path.parts)
