"""The file to grade is the one that can be meant, or a person is asked."""

import pytest

from autograder.intake.archive import Member, Refused
from autograder.intake.choice import MOST_NAMED, Choice, choose

NAME = "a1_conv1d.py"


def member(path: str, data: bytes | None = b"x = 1") -> Member:
    return Member(path=path, data=data)


def refused(path: str) -> Refused:
    return Refused(path=path, reason="too large")


def chosen(*members: Member, left_out: tuple[Refused, ...] = ()) -> Choice:
    return choose(members, left_out, NAME)


@pytest.mark.parametrize(
    "name",
    [
        "a1_conv1d (1).py",
        "a1_conv1d(12).py",
        "a1_conv1d-2.py",
        "a1_conv1d - Copy.py",
        "a1_conv1d - copy (2).py",
        "a1_conv1d copy.py",
        "a1_conv1d copy 2.py",
        "A1_CONV1D.PY",
    ],
)
def test_what_browsers_and_systems_make_of_the_name_is_taken(name: str) -> None:
    found = chosen(member(f"in/{name}"), member("in/helpers.py", b"y = 2"))
    assert found.data == b"x = 1"
    assert found.notices == (
        (
            f"{name} was taken as {NAME}, since there is none: please keep the name "
            "next time"
        ),
        "ignored: in/helpers.py",
    )


@pytest.mark.parametrize("name", ["a1_conv1d2.py", "my_a1_conv1d.py", "a1xconv1d.py"])
def test_another_name_is_taken_only_where_it_is_the_only_one(name: str) -> None:
    assert chosen(member(name)).data == b"x = 1"
    two = chosen(member(name), member("helpers.py", b"y = 2"))
    assert two.data is None
    names = ", ".join(sorted(["helpers.py", name]))
    assert two.doubt == f"which file is meant is not clear: {names}"


def test_the_exact_name_comes_before_all_and_says_nothing_of_its_name() -> None:
    found = chosen(member("a1_conv1d (1).py", b"old"), member(NAME, b"new"))
    assert found == Choice(data=b"new", notices=("ignored: a1_conv1d (1).py",))


def test_of_several_of_one_name_the_topmost_is_taken() -> None:
    found = chosen(member(f"old/{NAME}", b"old"), member(NAME, b"new"))
    assert found.data == b"new"
    level = chosen(member(f"a/{NAME}", b"1"), member(f"b/{NAME}", b"2"))
    assert level.data is None
    assert level.doubt == f"which file is meant is not clear: a/{NAME}, b/{NAME}"


def test_copies_of_one_content_are_no_doubt_and_are_not_called_ignored() -> None:
    found = chosen(member(f"a/{NAME}"), member(f"b/{NAME}"), member("copy.py"))
    assert found == Choice(data=b"x = 1")


@pytest.mark.parametrize(
    "name", ["test_mine.py", "mine_test.py", "conftest.py", "q1_pad.py", "Tests.py"]
)
def test_a_test_is_not_taken_for_the_submission(name: str) -> None:
    found = chosen(member(name))
    assert found.data is None
    assert found.notices == (
        f"there is no {NAME} in what was handed in, which is: {name}",
    )
    assert chosen(member(name), member("mine.py", b"y")).data == b"y"


def test_a_file_in_otters_words_is_a_test_whatever_its_name() -> None:
    assert chosen(member("mine.py", b"OK_FORMAT = False\n")).data is None


def test_where_there_is_nothing_it_is_told() -> None:
    assert chosen(member("notes.txt", None), member("__MACOSX/a.py")) == Choice(
        data=None,
        notices=(f"there is no {NAME} in what was handed in, which is: notes.txt",),
    )
    assert chosen().notices == (
        f"there is no {NAME} in what was handed in, which is: nothing",
    )


def test_what_could_not_be_read_is_never_passed_over_for_a_lesser_one() -> None:
    big = refused(NAME)
    found = chosen(member("helpers.py"), left_out=(big,))
    assert found == Choice(
        data=None,
        notices=(f"not read: {NAME}: too large",),
        doubt=f"what was handed in could not be read: {NAME}: too large",
    )
    assert chosen(member(NAME), left_out=(big,)).doubt
    assert chosen(left_out=(refused("work.ZIP"),)).doubt
    assert chosen(member(NAME), left_out=(refused("other.py"),)).data == b"x = 1"
    assert chosen(member(NAME), left_out=(refused(f"old/{NAME}"),)).data == b"x = 1"
    deeper = chosen(member(f"old/{NAME}"), left_out=(big,))
    assert deeper.doubt
    same_depth = chosen(member(f"a/{NAME}"), left_out=(refused(f"b/{NAME}"),))
    assert same_depth.doubt
    for harmless in ("notes.txt", "test_mine.py"):
        found = chosen(member("helpers.py"), left_out=(refused(harmless),))
        assert found.data == b"x = 1"
        assert f"not read: {harmless}: too large" in found.notices


def test_a_long_list_is_cut_and_counted() -> None:
    many = [member(f"n{n}.txt", None) for n in range(MOST_NAMED + 2)]
    assert MOST_NAMED == 8
    (said,) = chosen(*many).notices
    assert said.endswith("n7.txt and 2 more")
    exactly = chosen(*many[:MOST_NAMED]).notices[0]
    assert exactly.endswith("n6.txt, n7.txt")


def test_what_is_no_python_is_not_taken_even_if_it_was_read() -> None:
    found = chosen(member("work.zip", b"PK"), member("notes.txt", b"x"))
    assert found.data is None
    assert not found.doubt


def test_what_could_not_be_read_is_told_beside_a_missing_file() -> None:
    found = chosen(member("notes.txt"), left_out=(refused("photo.png"),))
    assert found.notices == (
        f"there is no {NAME} in what was handed in, which is: notes.txt",
        "not read: photo.png: too large",
    )


@pytest.mark.parametrize(
    "name",
    [
        *("HW.RAR", "a1_conv1d.7z", "in/hw.tar.gz", "hw.tgz", "hw.tar", "hw.xz"),
        *("hw.bz2", "hw.zipx"),
    ],
)
def test_an_archive_that_is_no_zip_is_left_to_a_person_and_is_no_zero(
    name: str,
) -> None:
    found = chosen(member(name, None), member("notes.txt", None))
    assert found.data is None
    assert f"could not be read: {name}: is an archive and no zip" in found.doubt
    beside = chosen(member(name, None), member(NAME))
    assert (beside.data, beside.doubt) == (b"x = 1", "")


def test_a_file_whose_bytes_are_not_there_is_no_candidate() -> None:
    found = chosen(member(NAME, None), member("helpers.py", b"y = 2"))
    assert (found.data, found.taken_from) == (b"y = 2", "helpers.py")


def test_a_name_in_other_forms_of_its_letters_is_the_name() -> None:
    found = chosen(member("\uff41" + NAME[1:]), member("helpers.py", b"y = 2"))
    assert (found.data, found.taken_from) == (b"x = 1", "")


def test_a_copy_of_the_other_kind_makes_the_choice_doubtful() -> None:
    copy = member("a1_conv1d (1).ipynb", b"y = 2")
    assert "which file is meant is not clear" in chosen(member(NAME), copy).doubt
    unread = refused("a1_conv1d (1).ipynb")
    assert "could not be read" in chosen(member(NAME), left_out=(unread,)).doubt
    assert chosen(member(NAME), left_out=(refused("a1_conv1d (1).py"),)).doubt == ""


def test_of_one_kind_the_exact_name_comes_before_copies_of_either_kind() -> None:
    books = member("a1_conv1d.ipynb", b"new"), member("a1_conv1d (1).ipynb", b"old")
    assert chosen(*books).data == b"new"
    renamed = member("a1_conv1d-1.ipynb", b"y = 2"), member("a1_conv1d (1).py")
    assert "which file is meant is not clear" in chosen(*renamed).doubt


def test_one_more_than_are_named_is_counted() -> None:
    others = [member(f"{n}.txt", b"") for n in range(MOST_NAMED + 1)]
    (ignored,) = chosen(member(NAME), *others).notices
    assert ignored.endswith(f"{MOST_NAMED - 1}.txt and 1 more")
    unread = tuple(refused(f"{n}.png") for n in range(MOST_NAMED + 1))
    told = [f"not read: {n}.png: too large" for n in range(MOST_NAMED)]
    assert chosen(member(NAME), left_out=unread[1:]).notices == (
        *told[1:],
        f"not read: {MOST_NAMED}.png: too large",
    )
    found = chosen(member(NAME), left_out=unread).notices
    assert found == (*told, "not read: 1 more")


def test_a_notebook_of_another_name_is_taken_as_the_notebook() -> None:
    found = chosen(member("my_work.ipynb"))
    assert (found.data, found.taken_from) == (b"x = 1", "my_work.ipynb")
    assert found.notices[0].startswith("my_work.ipynb was taken as a1_conv1d.ipynb, ")
