"""Whatever one student hands in is cut to that student's share; others are graded."""

import io
import os
import socket
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake import Intake
from autograder.intake.shares import Share, Sharing, chosen
from autograder.intake.zip_reader import Limits
from intake_class import CANVAS, CODE, FILE, PLAIN, Files, owners, take, take_path, told
from zips import entry, save, with_offset_of, zipped

ADA, ZOE, DAVID = "12.34.56", "0012345", "0300"
Place = Callable[[str, str], str]
"""Places a student's file: told the username, and the file's path."""
MANY, FEW = 20_001, 2_501
FOLDERS = 70_000
MIB = 2**20
NOBODY = 65534 if os.geteuid() == 0 else None


def in_a_folder(user: str, path: str) -> str:
    return f"{user}/{path}"


def wrapped(user: str, path: str) -> str:
    return f"class/{user}/{path}"


def as_brightspace(user: str, path: str) -> str:
    number, name = {
        "zdoe": (10001, "Zoë Doe, Jr."),
        "ada.ob": (10002, "Ada Mary O'Brien-Smith"),
    }[user]
    return f"{number}-5 - {name} - Oct 10, 2025 1022 AM/{path}"


def as_moodle(user: str, path: str) -> str:
    who = {"zdoe": "Zoë Doe, Jr._101", "ada.ob": "Ada Mary O'Brien-Smith_102"}[user]
    return f"{who}_assignsubmission_file/{path}"


def as_canvas(user: str, path: str) -> str:
    who = {"zdoe": "doejrzoë_9001", "ada.ob": "obriensmithadamary_9002"}[user]
    return f"{who}_77_{path.replace('/', '-')}"


def as_classroom(user: str, path: str) -> str:
    account = {"zdoe": "zoe-gh", "ada.ob": "AdaOB"}[user]
    return f"a1-submissions/a1-{account}/{path}"


LAYOUTS = [
    (in_a_folder, PLAIN),
    (wrapped, PLAIN),
    (as_brightspace, PLAIN),
    (as_moodle, PLAIN),
    (as_canvas, CANVAS),
    (as_classroom, PLAIN),
]
layouts = pytest.mark.parametrize(
    ("place", "roster"), LAYOUTS, ids=[f.__name__ for f, _ in LAYOUTS]
)


def many_files(count: int) -> Files:
    return [(f"env/lib/m{number}.py", b"x = 1") for number in range(count)]


def both_graded(found: Intake) -> bool:
    return list(owners(found).values()) == [CODE, CODE]


def of_zoe(found: Intake) -> str:
    """Return what is told of Zoë's hand-in, a line each."""
    (zoe,) = (s for s in found.submissions if "Zoë" in s.student_name)
    return "\n".join(zoe.notices)


@layouts
def test_a_committed_environment_is_cut_and_all_are_graded(
    tmp_path: Path, place: Place, roster: str
) -> None:
    # A zip of 20,000 takes a second and more to make: one of them tells of all.
    many = MANY if place is in_a_folder else FEW
    files: Files = [
        *((place("zdoe", name), data) for name, data in many_files(many)),
        (place("zdoe", FILE), CODE),
        (place("ada.ob", FILE), CODE),
    ]
    found = take(tmp_path, files, roster)
    assert both_graded(found)
    notices = of_zoe(found)
    assert f"and {many + 1 - 2000 - 1:,} more: not looked at: of a student's" in notices
    assert "hand in what was asked for, and no environment or data" in notices
    assert notices.count("\n") < 12


@layouts
def test_megabytes_of_loose_files_cost_their_owner_only(
    tmp_path: Path, place: Place, roster: str
) -> None:
    # Few bytes packed, 24 MB unpacked: more than is read of one student.
    loose = b"".join(b"# %07d %s\n" % (n, b"-" * 190) for n in range(4_000))
    files: Files = [(place("zdoe", f"m{n}.py"), loose) for n in range(30)]
    files = [*files, (place("zdoe", FILE), CODE), (place("ada.ob", FILE), CODE)]
    found = take(tmp_path, files, roster)
    assert both_graded(found)
    assert "bytes of the same student's other files" in of_zoe(found)


def quine() -> bytes:
    """A zip that holds a zip of its own name, as one that unpacks to itself does."""
    inner = zipped([("r/r.zip", zipped([("r/r.zip", b"PK")]))])
    return zipped([("r/r.zip", inner)])


def overlapping() -> bytes:
    data = zipped([("a.py", CODE), (FILE, CODE)])
    return with_offset_of(data, FILE.encode(), b"a.py")


def dense() -> bytes:
    return zipped([(FILE, bytes(64 * MIB))])


def nested_bombs() -> bytes:
    one = dense()
    return zipped([(f"{n}.zip", one) for n in range(100)])


def empty_folders() -> bytes:
    """Return a zip of more empty folders than 16 bits can count, made by hand."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"/"
    record = struct.Struct("<4s6H3L5H2L")
    listed = b"".join(
        record.pack(*(b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 8, 0, 0, 0, 0, 16, 0))
        + b"%07x/" % number
        for number in range(FOLDERS)
    )
    end64 = struct.pack(
        "<4sQ2H2L4Q",
        *(b"PK\6\6", 44, 45, 45, 0, 0, FOLDERS, FOLDERS, len(listed), len(local)),
    )
    far = struct.pack("<4sLQL", b"PK\6\7", 0, len(local) + len(listed), 1)
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0
    )
    return local + listed + end64 + far + end


BOMBS = [quine, overlapping, dense, nested_bombs]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_students_bomb_is_named_and_costs_nobody_else(
    tmp_path: Path, bomb: Callable[[], bytes]
) -> None:
    found = take(tmp_path, [("zdoe/hw.zip", bomb()), (f"ada.ob/{FILE}", CODE)])
    assert owners(found).get(ADA) == CODE
    assert owners(found).get(ZOE) is None
    assert "hw.zip" in told(found) + str([s.notices for s in found.submissions])


def test_a_bomb_beside_the_right_file_costs_nothing(tmp_path: Path) -> None:
    files: Files = [(f"zdoe/{n}.zip", bomb()) for n, bomb in enumerate(BOMBS)]
    files = [*files, (f"zdoe/{FILE}", CODE), (f"ada.ob/{FILE}", CODE)]
    assert both_graded(take(tmp_path, files))


@pytest.mark.parametrize("bomb", [overlapping, quine, dense])
def test_a_download_that_is_a_bomb_is_refused_in_words(
    tmp_path: Path, bomb: Callable[[], bytes]
) -> None:
    with pytest.raises(IntakeError, match=r"overlap|could be read|no submission"):
        take_path(tmp_path, save(tmp_path, bomb()))


def test_a_download_of_more_owners_than_a_class_has_is_refused(tmp_path: Path) -> None:
    files: Files = [(f"{number}.txt", b"") for number in range(20_002)]
    with pytest.raises(IntakeError, match="more than 20000 files and folders at its"):
        take(tmp_path, files)


def test_very_many_empty_folders_of_a_student_are_cut(tmp_path: Path) -> None:
    huge = empty_folders()
    assert len(zipfile.ZipFile(io.BytesIO(huge)).namelist()) == FOLDERS
    packed = zipped([("zdoe.zip", huge), ("ada.ob.py", CODE)])
    found = take_path(tmp_path, save(tmp_path, packed))
    assert owners(found).get(ADA) == CODE


def test_names_of_any_length_case_and_spelling_cost_their_owner_only(
    tmp_path: Path,
) -> None:
    files: list[tuple[str | zipfile.ZipInfo, str | bytes]] = [
        ("zdoe/" + "n" * 60_000 + ".py", b"x = 1"),
        ("zdoe/" + "d/" * 20_000 + "deep.py", b"x = 2"),
        ("zdoe/Helper.py", b"x = 3"),
        ("zdoe/helper.py", b"x = 4"),
        ("zdoe/caf\N{LATIN SMALL LETTER E WITH ACUTE}.py", b"x = 5"),
        ("zdoe/cafe\N{COMBINING ACUTE ACCENT}.py", b"x = 6"),
        (entry("zdoe/link.py", mode=0o120777), "/etc/passwd"),
        (f"zdoe/{FILE}", CODE),
        (f"ada.ob/{FILE}", CODE),
    ]
    found = take_path(tmp_path, save(tmp_path, zipped(files)))
    assert both_graded(found)
    assert "stands twice" in of_zoe(found)
    assert "symbolic link" in of_zoe(found)


def test_a_folder_with_what_is_no_file_is_graded_for_all(tmp_path: Path) -> None:
    zoe, ada = tmp_path / "class/zdoe", tmp_path / "class/ada.ob"
    for folder in (zoe, ada):
        folder.mkdir(parents=True)
        (folder / FILE).write_bytes(CODE)
    (zoe / "link").symlink_to("/etc")
    (zoe / "loop").symlink_to(zoe)
    os.mkfifo(zoe / "pipe.py")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(zoe / "s.py"))
    if os.geteuid() == 0:
        os.mknod(zoe / "zero.py", 0o600 | 0o020000, os.makedev(1, 5))
    deepest = zoe
    for _ in range(120):
        deepest /= "d" * 100
        try:
            deepest.mkdir()
        except OSError:
            break  # as deep as one path can say
    (zoe / os.fsdecode(b"\xff\xfe.py")).write_bytes(b"x")
    found = take_path(tmp_path, tmp_path / "class")
    assert both_graded(found)
    assert "is a symbolic link" in of_zoe(found)
    assert "is no regular file" in of_zoe(found)


def test_a_folder_of_very_many_folders_is_cut(tmp_path: Path) -> None:
    zoe, ada = tmp_path / "class/zdoe", tmp_path / "class/ada.ob"
    for folder in (zoe, ada):
        folder.mkdir(parents=True)
        (folder / FILE).write_bytes(CODE)
    for number in range(3_000):
        (zoe / f"e{number}").mkdir()
    found = take_path(tmp_path, tmp_path / "class")
    assert both_graded(found)
    assert "of a student's 3,002 files and folders 2,000 are" in of_zoe(found)


READ = """
import sys
from pathlib import Path
from autograder.intake import read_submissions
from autograder.intake.roster import read_roster
found = read_submissions(
    Path(sys.argv[1]), file_name=sys.argv[2], roster=read_roster(Path(sys.argv[3]))
)
print(sorted(s.roster_id for s in found.submissions))
print(*found.issues, sep="\\n")
"""


def test_what_may_not_be_read_holds_back_its_owner_only() -> None:
    # Root may read everything, and pytest's folders are closed to others.
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o755)
        (place / "roster.csv").write_text(PLAIN, encoding="utf-8")
        for user in ("zdoe", "ada.ob", "rtl"):
            (place / "class" / user).mkdir(parents=True)
            (place / "class" / user / FILE).write_bytes(CODE)
        (place / "class/zdoe" / FILE).chmod(0)
        (place / "class/rtl").chmod(0)
        ran = subprocess.run(
            [sys.executable, "-c", READ, f"{made}/class", FILE, f"{made}/roster.csv"],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=NOBODY,
            group=NOBODY,
        )
        (place / "class/rtl").chmod(0o755)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"['{ADA}']")
    assert "cannot be read (Permission denied)" in ran.stdout
    assert "cannot be opened (Permission denied)" in ran.stdout


def shared(*names: str) -> list[tuple[int, str]]:
    return list(enumerate(names))


def test_a_students_share_is_one_over_all_containers_and_a_cut_is_told_once() -> None:
    sharing = Sharing(
        whose=lambda path: path.partition("/")[0],
        rank=lambda path: (len(path.partition("/")[2]),),
        junk=lambda path: path.endswith("~"),
    )
    limits = Limits(members=3)
    shares: dict[str, Share] = {}
    outer = shared("ada/22", "ada/1", "bo/1", "ada/1~")
    assert chosen(outer, sharing, shares, limits, "x") == (
        [(1, "ada/1"), (2, "bo/1"), (0, "ada/22"), (3, "ada/1~")],
        [],
    )
    inner, cuts = chosen(shared("ada/3", "bo/2"), sharing, shares, limits, "x")
    assert inner == [(1, "bo/2")]
    (line,) = cuts
    assert line.startswith("ada/3\0not looked at: of a student's 3 files")
    assert chosen([], sharing, shares, limits, "x") == ([], [])
    with pytest.raises(IntakeError, match="x: has more than 1 files and folders at"):
        chosen(outer, sharing, {}, Limits(owners=1), "x")
    assert len(chosen(outer, sharing, {}, Limits(owners=2), "x")[0]) == 4
    # What nobody misses is left out without a word.
    assert chosen(shared("ada/2~"), sharing, shares, limits, "x") == ([], [])
