"""No layout is mistaken for another, and no file of a download is lost in any."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import IntakeError
from autograder.intake import SOURCES, Intake
from intake_class import BLACKBOARD, CLASSROOM, FILE, PLAIN, Files, owners, take, told
from zips import Content, zipped

Handed = list[tuple[str, Content]]
Class = list[tuple[str, Handed]]
"""Usernames and what each handed in."""
NAMES = {
    "zdoe": ("Zoë Doe, Jr.", "doejrzoë", "zoe-gh"),
    "ada.ob": ("Ada Mary O'Brien-Smith", "obriensmithadamary", "AdaOB"),
    "rtl": ("דוד חיים", "חייםדוד", "rtl-gh"),
    "sam1": ("Sam Same", "samesam", "sam-gh"),
    "guest_1": ("Gil Guest", "guestgil", "gil"),
}
"""Everybody's name, as Canvas squeezes it, and GitHub account."""
TIME = "2026-04-22-10-43-23"


def brightspace(handed: Class) -> Files:
    return [
        ("index.html", "<html>"),
        *(
            (f"1000{n}-5 - {NAMES[who][0]} - Oct 10, 2025 1022 AM/{name}", data)
            for n, (who, files) in enumerate(handed)
            for name, data in files
        ),
    ]


def canvas(handed: Class) -> Files:
    return [
        (f"{NAMES[who][1]}_{9000 + n}_{50 * n + at}_{name}", data)
        for n, (who, files) in enumerate(handed)
        for at, (name, data) in enumerate(files)
    ]


def moodle(handed: Class, between: str = "/") -> Files:
    return [
        (f"{_moodle_name(who)}_{n}_assignsubmission_file{between}{name}", data)
        for n, (who, files) in enumerate(handed)
        for name, data in files
    ]


def moodle_before_4_1(handed: Class) -> Files:
    return moodle(handed, "_/")


def moodle_flat(handed: Class) -> Files:
    return moodle(handed, "_")


def _moodle_name(who: str) -> str:
    return NAMES[who][0].replace("'", "")


def blackboard(handed: Class) -> Files:
    found: Files = []
    for who, files in handed:
        stem = f"Lab_1_2_3_{who}_attempt_{TIME}"
        listed = [
            f"\tOriginal filename: {name}\n\tFilename: {stem}_{name}\n"
            for name, _ in files
        ]
        head = f"Name: {NAMES[who][0]} ({who})\n\nFiles:\n"
        found.append((f"{stem}.txt", head + "\n".join(listed)))
        found += [(f"{stem}_{name}", data) for name, data in files]
    return found


def gradescope(handed: Class) -> Files:
    top = "assignment_7_export"
    listed = [
        f"submission_{n}:\n  :submitters:\n"
        f'  - :name: "{NAMES[who][0]}"\n    :email: {who}@nowhere.example\n'
        for n, (who, _) in enumerate(handed)
    ]
    files = [
        (f"{top}/submission_{n}/{name}", data)
        for n, (_, files) in enumerate(handed)
        for name, data in files
    ]
    return [(f"{top}/submission_metadata.yml", "".join(listed)), *files]


def github_classroom(handed: Class) -> Files:
    return [
        (f"a1-submissions/a1-{NAMES[who][2]}/{name}", data)
        for who, files in handed
        for name, data in files
    ]


def folder(handed: Class) -> Files:
    return [(f"{who}/{name}", data) for who, files in handed for name, data in files]


LAYOUTS: dict[Callable[[Class], Files], str] = {
    brightspace: "brightspace",
    canvas: "canvas",
    moodle: "moodle",
    moodle_before_4_1: "moodle",
    moodle_flat: "moodle",
    blackboard: "blackboard",
    gradescope: "gradescope",
    github_classroom: "github-classroom",
    folder: "folder",
}
FLAT = [canvas, moodle_flat, blackboard]
WRAPPED: dict[Callable[[Class], Files], str] = {
    gradescope: "assignment_7_export/",
    github_classroom: "a1-submissions/",
}
"""Those that have a folder around it all."""
STRAYS = ("stray.py", "stray.txt", "x.py")
ODD_NAMES = [
    FILE,
    "a1_conv1d (1).py",
    "a1_conv1d-1.py",
    "helper.py",
    "conftest.py",
    "notes.txt",
    "naïve, 'quoted'.py",
    "דוד.py",
    "1_2_3.py",
    "x_123_assignsubmission_file_y.py",
    f"HW1_zdoe_attempt_{TIME}.txt",
    f"HW1_zdoe_attempt_{TIME}_y.py",
    "10001-5 - Ada Example - Oct 10, 2025 1022 AM",
    "doezoë_9001_55001_z.py",
    "submission_metadata.yml",
]


def ids(layout: Callable[[Class], Files]) -> str:
    return layout.__name__


@pytest.mark.parametrize(
    ("layout", "roster"),
    [
        *((layout, PLAIN) for layout in LAYOUTS),
        *((layout, BLACKBOARD) for layout in LAYOUTS if layout is not github_classroom),
        *((layout, CLASSROOM) for layout in LAYOUTS if layout is not folder),
    ],
)
def test_every_layout_is_recognised(
    tmp_path: Path, layout: Callable[[Class], Files], roster: str
) -> None:
    handed: Class = [(who, [(FILE, who)]) for who in ("zdoe", "ada.ob", "sam1")]
    intake = take(tmp_path, layout(handed), roster)
    assert intake.source == LAYOUTS[layout]
    assert len(intake.submissions) == 3


@pytest.mark.parametrize("layout", LAYOUTS, ids=ids)
@pytest.mark.parametrize("other", LAYOUTS, ids=ids)
def test_a_student_cannot_make_a_download_look_like_another(
    tmp_path: Path,
    layout: Callable[[Class], Files],
    other: Callable[[Class], Files],
) -> None:
    forged = [
        (path.rpartition("/")[2] if layout in FLAT else path, data)
        for path, data in other([("rtl", [("f.py", b"forged")])])
    ]
    handed: Class = [(who, [(FILE, who)]) for who in ("zdoe", "ada.ob", "rtl")]
    handed += [("sam1", list({FILE: b"sam"}.items()) + forged[:1])]
    intake = take(tmp_path, layout(handed))
    assert intake.source == LAYOUTS[layout]
    assert {s.roster_id for s in intake.submissions if s.files} >= {"0012345"}
    assert b"forged" not in {
        s.files.get(FILE) for s in intake.submissions if s.roster_id == "0300"
    }


@pytest.mark.parametrize("layout", LAYOUTS, ids=ids)
@pytest.mark.parametrize("other", LAYOUTS, ids=ids)
def test_what_one_student_alone_handed_in_is_nobody_elses(
    tmp_path: Path,
    layout: Callable[[Class], Files],
    other: Callable[[Class], Files],
) -> None:
    """As a late hand-in that was downloaded by itself, or one in a folder by itself."""
    files = other([("rtl", [(FILE, b"forged")])])
    if layout in FLAT:
        files = [("hw.zip", zipped(files))]
    intake = take(tmp_path, layout([("sam1", files)]))
    assert intake.source == LAYOUTS[layout]
    assert "0300" not in owners(intake)


def test_a_student_with_more_files_than_the_class_does_not_choose_its_layout(
    tmp_path: Path,
) -> None:
    forged = blackboard([("rtl", [(f"{n}.py", b"forged") for n in range(20)])])
    handed: Class = [(who, [(FILE, who)]) for who in ("zdoe", "ada.ob")]
    intake = take(tmp_path, canvas([*handed, ("sam1", forged)]))
    assert intake.source == "canvas"
    assert owners(intake)["0012345"] == b"zdoe"
    assert "0300" not in owners(intake)


def test_names_with_the_form_of_two_lmss_are_left_to_a_person(tmp_path: Path) -> None:
    forged = blackboard([("rtl", [(FILE, b"forged")])])
    with pytest.raises(IntakeError) as refused:
        take(tmp_path, canvas([("ada.ob", forged)]))
    assert "could be from blackboard or canvas" in str(refused.value)
    assert "say which: --from blackboard" in str(refused.value)
    intake = take(tmp_path, canvas([("ada.ob", forged)]), PLAIN, "canvas")
    assert "0300" not in owners(intake)


@pytest.mark.parametrize("layout", FLAT, ids=ids)
def test_files_that_begin_with_their_students_id_are_nobody_elses(
    tmp_path: Path, layout: Callable[[Class], Files]
) -> None:
    """As in a plain folder, where a student chose all but a name's beginning."""
    forged = layout([("rtl", [(FILE, b"forged")])])
    theirs = [(f"sam1_{path}", data) for path, data in forged]
    intake = take(tmp_path, [*theirs, ("zdoe_a1_conv1d.py", b"zdoe")])
    assert intake.source == "folder"
    assert owners(intake)["0012345"] == b"zdoe"
    assert "0300" not in owners(intake)
    assert "0300" not in owners(take(tmp_path, theirs, PLAIN, "folder"))


def test_a_name_that_is_an_lmss_and_begins_with_an_id_is_left_to_a_person(
    tmp_path: Path,
) -> None:
    forged = blackboard([("rtl", [(FILE, b"forged")])])
    with pytest.raises(IntakeError, match="could be from blackboard or folder"):
        take(tmp_path, [(f"sam1_{path}", data) for path, data in forged])


def test_an_lms_that_puts_its_usernames_first_is_no_plain_folder(
    tmp_path: Path,
) -> None:
    roster = "id,username,name\n7,doejrzoë,Zoë Doe Jr.\n8,samesam,Sam Same\n"
    handed: Class = [(who, [(FILE, who)]) for who in ("zdoe", "sam1")]
    intake = take(tmp_path, canvas(handed), roster)
    assert (intake.source, owners(intake)) == ("canvas", {"7": b"zdoe", "8": b"sam1"})


@pytest.mark.parametrize(
    ("source", "names", "student"),
    [
        (
            "brightspace",
            [f"10001-{n} - Zoë Doe - Oct {n}, 2025 1022 AM" for n in (5, 6)],
            "10001",
        ),
        ("canvas", ["doezoë_4242_1_a.py", "doezoë_LATE_4242_2_b.py"], "4242"),
        (
            "moodle",
            ["Zoë Doe_7_assignsubmission_file", "Zoë Doe_7_assignsubmission_file_a.py"],
            "Zoë Doe_7",
        ),
        (
            "blackboard",
            [f"HW_zdoe_attempt_2026-04-2{n}-10-43-23_a.py" for n in (2, 3)],
            "HW_zdoe",
        ),
    ],
)
def test_all_that_one_student_handed_in_has_one_share(
    source: str, names: list[str], student: str
) -> None:
    (one,) = (s for s in SOURCES if s.name == source)
    assert [one.student_of(name) for name in names] == [student] * len(names)
    assert one.student_of("zdoe") == ""


def test_every_source_is_among_the_layouts_tested() -> None:
    assert {source.name for source in SOURCES} == set(LAYOUTS.values())


@pytest.mark.parametrize("layout", [x for x in LAYOUTS if x not in WRAPPED], ids=ids)
def test_a_folder_around_it_all_does_not_matter(
    tmp_path: Path, layout: Callable[[Class], Files]
) -> None:
    handed: Class = [(who, [(FILE, who)]) for who in ("zdoe", "ada.ob")]
    files = [(f"Some folder/{path}", data) for path, data in layout(handed)]
    intake = take(tmp_path, files)
    assert intake.source == LAYOUTS[layout]
    assert {s.roster_id for s in intake.submissions} == {"0012345", "12.34.56"}


def test_a_download_of_strangers_is_named_as_one(tmp_path: Path) -> None:
    handed: Class = [(who, [(FILE, who)]) for who in ("zdoe", "sam1")]
    roster = "id,name\n1,Somebody Else\n"
    intake = take(tmp_path, blackboard(handed), roster)
    assert len(intake.issues) == 3
    assert str(intake.issues[0]) == (
        "download.zip: nobody in it is on the roster: is the download anonymous, or "
        "the class list another one's?"
    )


@st.composite
def downloads(draw: st.DrawFn) -> tuple[str, Files, Files]:
    """Return a layout's name, a download of it, and what must not be lost of that."""
    layout = draw(st.sampled_from(list(LAYOUTS)))
    everybody = draw(st.permutations(list(NAMES)))
    handed: Class = []
    for who in everybody[: draw(st.integers(1, len(NAMES)))]:
        names = draw(
            st.lists(st.sampled_from(ODD_NAMES), min_size=1, max_size=4, unique=True)
        )
        handed.append((who, [(name, f"# {who} {name}".encode()) for name in names]))
    strays = draw(
        st.lists(st.sampled_from(["stray.py", "more/stray.txt", "other/x.py"]))
    )
    files = layout(handed)
    around = WRAPPED.get(layout, "")
    stray_files: Files = [
        (around + path, f"# {path}".encode()) for path in dict.fromkeys(strays)
    ]
    own = {content for _, given_in in handed for _, content in given_in}
    wanted = [item for item in files if item[1] in own]
    return LAYOUTS[layout], [*files, *stray_files], [*wanted, *stray_files]


@settings(max_examples=150)
@given(downloads())
def test_no_file_of_a_download_is_lost(download: tuple[str, Files, Files]) -> None:
    name, files, wanted = download
    with tempfile.TemporaryDirectory() as folder_name:
        intake = take(Path(folder_name), files, PLAIN, name)
    for path, content in wanted:
        assert _graded(intake, content) or _listed(intake, path), path


@pytest.mark.parametrize("layout", LAYOUTS, ids=ids)
def test_a_download_of_which_all_had_to_be_left_out_is_listed_not_refused(
    tmp_path: Path, layout: Callable[[Class], Files]
) -> None:
    handed: Class = [("zdoe", [("notes.txt", b"one"), ("NOTES.txt", b"two")])]
    intake = take(tmp_path, layout(handed), PLAIN, LAYOUTS[layout])
    assert any("stands twice" in str(issue) for issue in intake.issues) or any(
        "notes.txt" in notice for s in intake.submissions for notice in s.notices
    )


def _graded(intake: Intake, content: Content) -> bool:
    return any(content in s.files.values() for s in intake.submissions)


def _listed(intake: Intake, path: str) -> bool:
    """Tell whether a notice or a problem names the file, or the folder it lies in."""
    notices = [notice for s in intake.submissions for notice in s.notices]
    own_name = next(name for name in (*STRAYS, *ODD_NAMES[::-1]) if path.endswith(name))
    texts = [*notices, told(intake)]
    if any(own_name in text for text in texts):
        return True
    return any(p.place in path for p in intake.issues)
