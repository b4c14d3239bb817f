"""Make the sample class: what Brightspace would give for two dozen invented students.

    python examples/make_class.py --out FOLDER

writes ``submissions.zip``, ``roster.csv`` (a Brightspace export) and
``canvas_export.csv``. The submissions are made from the reference, its stub, the
variants and the misconceptions of a1_conv1d, so they hold solutions: the files are made
anew for every demo and never committed. Equal inputs give equal bytes.
"""

import argparse
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from autograder.course.assignment import Assignment, load
from autograder.course.stub import make_stub

COURSE = Path(__file__).resolve().parent.parent
NAME = "a1_conv1d"
FILE = f"{NAME}.py"
DUE = datetime(2026, 10, 9, 23, 59)  # noqa: DTZ001 the LMS's own local time
ZIP_TIME = (2026, 10, 10, 8, 0, 0)


@dataclass(frozen=True)
class Student:
    """An invented student.

    files : what was handed in, by name; None where nothing was
    minutes : handed in this long after the due time (negative: before)
    earlier : the files of an earlier attempt, a day before
    enrolled : stands on the roster
    """

    first: str
    last: str
    files: dict[str, str] | None
    minutes: int = -90
    earlier: dict[str, str] = field(default_factory=dict)
    enrolled: bool = True


def students(assignment: Assignment) -> list[Student]:
    """Return the class: right answers in many styles, and every kind of failure."""
    path = assignment.secret / "reference.py"
    reference = assignment.reference_source
    stub = make_stub(reference, path)
    wrong = {m.name: assignment.edited(m) for m in assignment.misconceptions}
    variants = {
        file.stem: file.read_text(encoding="utf-8")
        for file in sorted((assignment.secret / "variants").glob("*.py"))
    }
    right = [
        Student(first, last, {FILE: source})
        for (first, last), source in zip(RIGHT_NAMES, variants.values(), strict=False)
    ]
    misled = [
        Student(first, last, {FILE: wrong[name]})
        for (first, last), name in zip(MISLED_NAMES, MISTAKES, strict=True)
    ]
    test = (assignment.public / "tests/q1_conv1d.py").read_text(encoding="utf-8")
    return [
        Student("Ada", "Example", {FILE: reference}),
        *right,
        *misled,
        Student("Two", "Mistakes", {FILE: _both(assignment, *MISTAKES[:2])}),
        Student("Noor", "Just-Started", {FILE: stub}),
        Student("Half", "Way", {FILE: _half(reference, stub)}),
        Student("Sven", "Syntaxfehler", {FILE: reference + "\ndef broken(:\n"}),
        Student("Mia", "Missing", {FILE: reference.replace("def pad1d", "def pad_1d")}),
        Student("Paco", "Paquete", {FILE: "import scipy.signal\n" + reference}),
        Student("Lou", "Loop", {FILE: reference + LOOP}),
        Student("Xena", "Exit", {FILE: reference + EXIT}),
        Student("Max", "Memory", {FILE: reference + MEMORY}),
        Student("Flo", "Flood", {FILE: reference + FLOOD}),
        Student("Ed", "Edited", {FILE: stub, "tests/q1_conv1d.py": _always_true(test)}),
        Student("Wren", "Wrongname", {"my_conv.py": reference, "notes.txt": "hello"}),
        Student("Ima", "Empty", {}),
        Student("Gil", "Guest", {FILE: reference}, enrolled=False),
        Student("Nia", "Nothing", None),
        Student("Lara", "Late", {FILE: reference}, minutes=26 * 60),
        Student("Ari", "Again", {FILE: reference}, earlier={FILE: stub}),
        Student("Sam", "Same", {FILE: reference}),
        Student("Sam", "Same", None),
    ]


RIGHT_NAMES = (
    ("Zoë", "Müller-O'Brien"),
    ("Bão", "Nguyễn"),
    ("Chidi", "Okonkwo, Jr."),
    ("دينا", "الحسن"),
    ("Eun-ji", "김"),
    ("Fjóla", "Þórsdóttir"),
    ('Gus "Gus"', "Quote"),
    ("Hana", "Žižková"),
    ("Iñigo", "Peña"),
    ("Jo", "Ω"),
)
MISLED_NAMES = (
    ("Kiri", "Notflipped"),
    ("Liam", "Oneaxis"),
    ("Mona", "Edges"),
    ("Nils", "Rounded"),
    ("Olga", "Circular"),
    ("Pia", "Sign"),
)
MISTAKES = (
    "kernel_not_flipped",
    "flipped_on_one_axis",
    "symmetric_for_reflect",
    "rounded_after_inverse_dft",
    "no_zero_padding_before_fft",
    "b_with_wrong_sign",
)
LOOP = '''

def pad1d(x, p, mode):
    """Never ends."""
    while True:
        pass
'''
EXIT = '''

def conv1d(x, k, mode):
    """Ends the program."""
    import os

    os._exit(0)
'''
MEMORY = '''

def dft(x):
    """Asks for 2 GB."""
    import numpy as np

    return np.ones(2**28)
'''
FLOOD = '''

_conv1d = conv1d


def conv1d(x, k, mode):
    """Is right, and prints 50 MB."""
    for _ in range(50):
        print("x" * 1_000_000)
    return _conv1d(x, k, mode)
'''


def _both(assignment: Assignment, *names: str) -> str:
    source = assignment.reference_source
    for misconception in assignment.misconceptions:
        if misconception.name in names:
            for edit in misconception.edit:
                source = source.replace(edit.find, edit.replace)
    return source


def _half(reference: str, stub: str) -> str:
    """Return the stub with the reference's first three functions in it."""
    cut = "\ndef conv2d("
    return reference[: reference.index(cut)] + stub[stub.index(cut) :] + HELPERS


HELPERS = """

def _real(values):
    return np.asarray(values, dtype=np.float64)


def _kept(n, m, mode):
    shorter, longer = sorted((n, m))
    if mode == "full":
        return slice(None)
    if mode == "same":
        return slice((shorter - 1) // 2, (shorter - 1) // 2 + longer)
    if mode == "valid":
        return slice(shorter - 1, longer)
    raise ValueError(mode)
"""


def _always_true(test: str) -> str:
    return test.replace("close(", "(lambda *_: None)(")


def make_zip(people: list[Student]) -> bytes:
    """Return the bulk download, as Brightspace lays it out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _members(people):
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def _members(people: list[Student]) -> Iterator[tuple[str, str]]:
    yield "index.html", "<html><body>Submissions</body></html>"
    for number, student in enumerate(people):
        if student.files is None:
            continue
        when = DUE + timedelta(minutes=student.minutes)
        attempts = (
            [(when - timedelta(days=1), student.earlier)] if student.earlier else []
        )
        attempts.append((when, student.files))
        for count, (time, files) in enumerate(attempts):
            stamp = f"{time:%b} {time.day}, {time:%Y} {time:%I%M %p}".replace(" 0", " ")
            folder = (
                f"{10001 + number}-{500001 + 2 * number + count} - "
                f"{student.first} {student.last} - {stamp}"
            )
            if not files:
                yield f"{folder}/", ""
            for name, text in files.items():
                yield f"{folder}/{name}", text


BRIGHTSPACE_COLUMNS = (
    "OrgDefinedId",
    "Username",
    "Last Name",
    "First Name",
    "Email",
    "End-of-Line Indicator",
)
CANVAS_COLUMNS = (
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Section",
    "Convolution and the Fourier transform (77)",
)


def make_roster(people: list[Student]) -> str:
    """Return Brightspace's export of the class."""
    rows = [BRIGHTSPACE_COLUMNS]
    for number, student in enumerate(people):
        ids = f"#{number + 4630:07d}", f"#student{number:02d}"
        email = f"student{number:02d}@example.edu"
        if student.enrolled:
            rows.append((*ids, student.last, student.first, email, "#"))
    return _csv(rows)


def make_canvas_export(people: list[Student]) -> str:
    """Return the same class as Canvas exports its gradebook."""
    rows = [CANVAS_COLUMNS, ("    Points Possible", "", "", "", "", "100")]
    for number, student in enumerate(people):
        name = f"{student.last}, {student.first}"
        ids = str(9000 + number), f"{number + 4630:07d}", f"student{number:02d}"
        if student.enrolled:
            rows.append((name, *ids, "COMP 4630", ""))
    return _csv(rows)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def make_class(out: Path) -> None:
    """Write the three files into `out`."""
    people = students(load(COURSE, NAME))
    out.mkdir(parents=True, exist_ok=True)
    (out / "submissions.zip").write_bytes(make_zip(people))
    for name, text in (
        ("roster.csv", make_roster(people)),
        ("canvas_export.csv", make_canvas_export(people)),
    ):
        (out / name).write_text(text, encoding="utf-8", newline="")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    make_class(parser.parse_args().out)


if __name__ == "__main__":
    main()
