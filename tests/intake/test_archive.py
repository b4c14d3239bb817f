"""A download is read in memory; what is dangerous is left out and named."""

import errno
import io
import os
import tarfile
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import IntakeError
from autograder.intake.archive import Archive, read_archive
from autograder.intake.zip_reader import Limits
from autograder.text import printable
from zips import (
    entry,
    patched,
    save,
    with_declared_size,
    with_flag,
    with_offset_of,
    zipped,
)

CODE = b"x = 1\n"


def read(path: Path, limits: Limits | None = None) -> Archive:
    return read_archive(path, wanted=lambda _: True, limits=limits or Limits())


def paths(archive: Archive) -> list[str]:
    return [member.path for member in archive.members]


def reasons(archive: Archive) -> str:
    return "\n".join(map(str, archive.refused))


def test_a_zip_is_read_with_paths_and_bytes(tmp_path: Path) -> None:
    folder = entry("c/", mode=0o040755)
    archive = read(save(tmp_path, zipped([("a/b.py", CODE), (folder, "")])))
    (member,) = archive.members
    assert (member.path, member.data) == ("a/b.py", CODE)
    assert archive.folders == ("c",)
    assert archive.refused == ()


@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n"])
def test_a_zip_may_say_sizes_in_64_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 0)
    data = zipped([("a.py", CODE), (with_extra("b.py"), CODE * 9)])
    monkeypatch.undo()
    assert b"PK\6\6" in data
    archive = read(save(tmp_path, before + data))
    assert [m.data for m in archive.members] == [CODE, CODE * 9]


def with_extra(name: str) -> zipfile.ZipInfo:
    """Return a member with an extra field that is nobody's."""
    info = entry(name)
    info.extra = b"\x34\x12\x02\0ab"
    return info


def test_a_list_of_the_lms_may_be_as_large_as_a_zip(tmp_path: Path) -> None:
    path = save(tmp_path, zipped([("list.yml", CODE * 9), ("x.py", CODE * 9)]))
    archive = read_archive(
        path,
        wanted=lambda path: path.endswith(".py"),
        listing=lambda path: path == "list.yml",
        limits=Limits(file_bytes=8),
    )
    assert [(m.path, m.data) for m in archive.members] == [("list.yml", CODE * 9)]
    assert reasons(archive) == "x.py: has 54 bytes, at most 8 are read"


def test_a_zip_within_is_a_folder_even_when_it_is_empty(tmp_path: Path) -> None:
    archive = read(save(tmp_path, zipped([("hw.zip", zipped([]))])))
    assert (archive.members, archive.folders) == ((), ("hw.zip",))


def test_a_folder_is_read_like_a_zip(tmp_path: Path) -> None:
    (tmp_path / "zdoe").mkdir()
    (tmp_path / "zdoe/a.py").write_bytes(CODE)
    archive = read(tmp_path)
    assert [(m.path, m.data) for m in archive.members] == [("zdoe/a.py", CODE)]
    assert archive.folders == ("zdoe",)


def test_only_what_is_wanted_is_unpacked(tmp_path: Path) -> None:
    path = save(tmp_path, zipped([("a.py", CODE), ("big.bin", bytes(6 * 2**20))]))
    archive = read_archive(path, wanted=lambda name: name.endswith(".py"))
    assert [(m.path, m.data) for m in archive.members][1] == ("big.bin", None)
    assert archive.refused == ()
    path = save(tmp_path, zipped([("hw.zip", b"no zip")]))
    archive = read_archive(path, wanted=lambda name: name.endswith(".py"))
    assert (paths(archive), archive.refused) == (["hw.zip"], ())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.py", "its name leads out of the folder (..)"),
        ("a/../../evil.py", "its name leads out of the folder (..)"),
        ("..\\evil.py", "its name leads out of the folder (..)"),
        ("/etc/evil.py", "has an absolute name"),
        ("C:\\evil.py", "has an absolute name"),
        ("a/ev\x07il.py", "its name has control characters"),
        ("a/ev\u202eyp.py", "its name has control characters"),
        ("a/ev\nil.py", "its name has control characters"),
        ("a/ev\u2028il.py", "its name has control characters"),
    ],
)
def test_a_dangerous_name_costs_that_member_only(
    tmp_path: Path, name: str, reason: str
) -> None:
    archive = read(save(tmp_path, zipped([(name, CODE), ("good.py", CODE)])))
    assert paths(archive) == ["good.py"]
    assert reason in reasons(archive)
    assert printable(reasons(archive)) == reasons(archive)


@pytest.mark.parametrize("name", ["", ".", "./", "./."])
def test_a_member_without_a_name_costs_that_member_only(
    tmp_path: Path, name: str
) -> None:
    nested = zipped([(entry(name, mode=0o060000), CODE), ("b.py", CODE)])
    path = save(tmp_path, zipped([(name, CODE), ("hw.zip", nested), ("a.py", CODE)]))
    archive = read(path)
    assert sorted(paths(archive)) == ["a.py", "hw.zip/b.py"]
    assert "has no name" in reasons(archive)


@pytest.mark.parametrize("part", ["a/", "a", "\u00e9", "test_q1_"])
def test_a_name_of_kilobytes_costs_that_member_only(tmp_path: Path, part: str) -> None:
    long = part * (60_000 // len(part.encode())) + "x.py"
    archive = read(save(tmp_path, zipped([(long, CODE), ("good.py", CODE)])))
    assert paths(archive) == ["good.py"]
    (refused,) = archive.refused
    assert len(refused.path.encode()) <= 1_100
    assert refused.path.endswith("x.py")
    assert refused.reason == "its name has 60,004 bytes; give it a shorter one"


def test_a_nul_in_a_name_is_not_cut_off(tmp_path: Path) -> None:
    data = patched(zipped([("a.py_x.txt", CODE)]), b"a.py_x.txt", b"a.py\0x.txt")
    archive = read(save(tmp_path, data))
    assert paths(archive) == []
    assert "a.py\ufffdx.txt: its name has control characters" in reasons(archive)


def test_a_symbolic_link_is_named_and_not_followed(tmp_path: Path) -> None:
    path = save(tmp_path, zipped([(entry("a.py", mode=0o120777), "/etc/passwd")]))
    assert "a.py: is a symbolic link" in reasons(read(path))
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "a.py").symlink_to("/etc/passwd")
    (folder / "b").symlink_to("/etc")
    archive = read(folder)
    assert archive.members == ()
    assert "a.py: is a symbolic link" in reasons(archive)
    assert "b: is a symbolic link" in reasons(archive)


def test_a_device_or_a_pipe_is_no_regular_file(tmp_path: Path) -> None:
    path = save(tmp_path, zipped([(entry("a.py", mode=0o010644), CODE)]))
    assert "a.py: is no regular file" in reasons(read(path))


def test_a_pipe_in_a_folder_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert "a.py: is no regular file" in reasons(read(tmp_path))


def test_a_folder_that_cannot_be_listed_is_an_intake_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(IntakeError, match=r"cannot be read: .*Permission denied"):
        read(tmp_path)


def test_a_download_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        read(tmp_path / "gone.zip")
    assert str(caught.value).startswith(
        f"{tmp_path}/gone.zip: cannot be read: No such file or directory (are the path"
    )


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    data = with_flag(zipped([("a.py", CODE), ("b.py", CODE)]), b"a.py", 1)
    archive = read(save(tmp_path, data))
    assert paths(archive) == ["b.py"]
    assert "a.py: is encrypted; hand it in without a password" in reasons(archive)


def test_an_unusual_method_is_named(tmp_path: Path) -> None:
    data = zipped([("a.py", CODE)], method=zipfile.ZIP_LZMA)
    assert "a.py: is packed by an unusual method (14)" in reasons(
        read(save(tmp_path, data))
    )


def test_a_damaged_member_costs_that_member_only(tmp_path: Path) -> None:
    data = zipped([("a.py", CODE), ("b.py", CODE)], method=zipfile.ZIP_STORED)
    at = data.index(CODE)
    archive = read(save(tmp_path, data[:at] + b"y" + data[at + 1 :]))
    assert paths(archive) == ["b.py"]
    assert "a.py: is damaged (Bad CRC-32 for file 'a.py')" in reasons(archive)


def test_a_name_of_kilobytes_before_the_data_is_not_quoted_whole(
    tmp_path: Path,
) -> None:
    """Before its data a member may have another name than in the zip's list."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        zipped.writestr("y" * 60_000, b"x = 1")
    listed = data.getvalue()
    at = listed.index(b"PK\1\2")
    record = listed[at:].replace(b"y" * 60_000, b"a.py").replace(b"\x60\xea", b"\4\0")
    end = record.index(b"PK\5\6")
    record = record[: end + 12] + end.to_bytes(4, "little") + record[end + 16 :]
    (tmp_path / "a.zip").write_bytes(listed[:at] + record)
    (refused,) = read(tmp_path / "a.zip").refused
    assert "is damaged" in refused.reason
    assert len(refused.reason) < 400


def test_more_bytes_than_declared_are_not_unpacked(tmp_path: Path) -> None:
    data = with_declared_size(zipped([("a.py", b"x" * 10**6)]), b"a.py", 10)
    archive = read(save(tmp_path, data))
    assert archive.members == ()
    assert "a.py: is damaged" in reasons(archive)


def test_a_bomb_that_declares_few_bytes_takes_no_memory(tmp_path: Path) -> None:
    data = zipped([("a.py", bytes(64 * 2**20))])
    path = save(tmp_path, with_declared_size(data, b"a.py", 10))
    del data
    tracemalloc.start()
    try:
        archive = read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "a.py: is damaged" in reasons(archive)
    assert peak < 4 * 2**20


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked(tmp_path: Path) -> None:
    archive = read(save(tmp_path, zipped([("a.py", bytes(2 * 2**20))])))
    assert "a.py: would unpack from 2049 to 2097152 bytes" in reasons(archive)


def test_a_member_above_the_cap_is_refused(tmp_path: Path) -> None:
    data = zipped([("a.py", bytes(5 * 2**20 + 1))], method=zipfile.ZIP_STORED)
    assert "a.py: has 5242881 bytes, at most 5242880 are read" in reasons(
        read(save(tmp_path, data))
    )
    (tmp_path / "class").mkdir()
    (tmp_path / "class/a.py").write_bytes(bytes(5 * 2**20 + 1))
    assert "a.py: has 5242881 bytes" in reasons(read(tmp_path / "class"))


def test_the_sum_of_all_members_is_capped(tmp_path: Path) -> None:
    path = save(tmp_path, zipped([("a.py", b"x" * 60), ("b.py", b"y" * 60)]))
    for enough in (Limits(total_bytes=120), Limits(share_bytes=120)):
        assert paths(read(path, enough)) == ["a.py", "b.py"]
    assert paths(read(path, Limits(share_bytes=119))) == ["a.py"]
    archive = read(path, Limits(total_bytes=100))
    assert paths(archive) == ["a.py"]
    assert "b.py: comes after 60 bytes of other files; 100 are read" in reasons(archive)
    inner = zipped([("c.py", b"z" * 60)])
    nested = save(tmp_path, zipped([("a.py", b"x" * 60), ("b.zip", inner)]))
    archive = read(nested, Limits(total_bytes=100))
    assert "b.zip/c.py: comes after 60 bytes" in reasons(archive)


def test_a_students_zips_and_notebooks_are_capped_together(tmp_path: Path) -> None:
    inner = zipped([("a.py", CODE)])
    path = save(tmp_path, zipped([(f"{n}.zip", inner) for n in range(3)]))
    two = 2 * len(inner)
    archive = read(path, Limits(zip_bytes=two))
    assert paths(archive) == ["0.zip/a.py", "1.zip/a.py"]
    assert f"2.zip: comes after {two} bytes of the same student's" in reasons(archive)
    assert len(read(path, Limits(zip_bytes=3 * len(inner))).members) == 3
    book = b'{"cells": [], "nbformat": 4}'
    path = save(tmp_path, zipped([(f"{n}.ipynb", book) for n in range(3)]))
    archive = read(path, Limits(notebooks=2))
    assert paths(archive) == ["0.ipynb", "1.ipynb"]
    assert "2.ipynb: comes after 2 of the same student's other" in reasons(archive)


def test_what_lies_in_a_students_zips_counts_together(tmp_path: Path) -> None:
    pairs = [
        (f"{n}.zip", zipped([("a.py", CODE), ("b.py", CODE + n.encode())]))
        for n in ("1", "2")
    ]
    archive = read(save(tmp_path, zipped(pairs)), Limits(members=3))
    assert paths(archive) == ["1.zip/a.py"]
    assert "1.zip/b.py: not looked at" in reasons(archive)


def test_overlapping_members_refuse_the_whole(tmp_path: Path) -> None:
    data = zipped([("a.py", CODE), ("b.py", CODE)])
    path = save(tmp_path, with_offset_of(data, b"b.py", b"a.py"))
    with pytest.raises(IntakeError, match=r"download\.zip: its members overlap"):
        read(path)


def test_of_ten_thousand_members_a_share_is_looked_at(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number in range(10_000):
            archive.writestr(zipfile.ZipInfo(f"{number}.py"), b"")
    path = save(tmp_path, buffer.getvalue())
    found = read(path)
    assert len(found.members) == 2_000
    assert (
        "2000.py and 7,999 more: not looked at: of a student's 10,000 files and "
        "folders 2,000 are"
    ) in reasons(found)


def test_a_member_count_that_lies_is_counted(tmp_path: Path) -> None:
    data = zipped([(f"{number}.py", CODE) for number in range(12)])
    lying = data[:-12] + (1).to_bytes(2, "little") + data[-10:]
    found = read(save(tmp_path, lying), Limits(members=10))
    assert len(found.members) == 10
    assert "10.py and 1 more: not looked at" in reasons(found)


def test_a_folder_of_too_many_files_is_cut_to_a_share(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.py").touch()
    found = read(tmp_path, Limits(members=3))
    assert paths(found) == ["0.py", "1.py", "2.py"]
    assert "3.py: not looked at: of a student's 4 files and folders 3" in reasons(found)


def test_a_long_directory_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="its directory has 50 bytes, at most 49"):
        read(save(tmp_path, zipped([("a.py", CODE)])), Limits(directory_bytes=49))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"<html>Please log in</html>", "is a web page, and no zip .log in to the LMS"),
        (b"", "is empty: it has 0 bytes .download it again"),
        (b"def f(): ...", "is not a zip file"),
        (zipped([("a.py", CODE * 1000)])[:-30], "is cut off or damaged"),
        (zipped([("a.py", CODE)])[:-8], r"is cut off .*its list of files breaks off"),
        (b"7z\xbc\xaf\x27\x1c", "is a 7z archive, and no zip .unpack it and give"),
        (b"Rar!\x1a\x07", "is a RAR archive"),
        (b"\x1f\x8b\x08", r"is a gzip file \(perhaps a tar archive\)"),
    ],
)
def test_what_is_no_zip_says_what_it_is(
    tmp_path: Path, data: bytes, problem: str
) -> None:
    with pytest.raises(IntakeError, match=rf"download\.zip: {problem}"):
        read(save(tmp_path, data))


def test_a_tar_archive_is_called_one(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.py"))
    with pytest.raises(IntakeError, match=r"is a tar archive, and no zip \(unpack"):
        read(save(tmp_path, buffer.getvalue()))


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"none\.zip: .*No such file"):
        read(tmp_path / "none.zip")


def test_names_without_a_mark_are_utf8_or_else_code_page_437(tmp_path: Path) -> None:
    utf8 = zipped([("Zo__.py", CODE)])
    archive = read(save(tmp_path, patched(utf8, b"Zo__.py", "Zoë.py".encode())))
    assert paths(archive) == ["Zoë.py"]
    archive = read(save(tmp_path, patched(utf8, b"Zo__.py", b"Zo\x89_.py")))
    assert paths(archive) == ["Zoë_.py"]


def test_a_name_that_lies_about_being_utf8_costs_that_member_only(
    tmp_path: Path,
) -> None:
    data = zipped([("Zo_.py", CODE), ("good.py", CODE)])
    data = with_flag(data, b"Zo_.py", 0x800).replace(b"Zo_.py", b"Zo\x89.py")
    found = read(save(tmp_path, data))
    assert paths(found) == ["good.py"]
    assert "Zo\ufffd.py: its name is marked as UTF-8 and is not" in reasons(found)


def test_names_that_differ_in_case_only_are_both_left_out(tmp_path: Path) -> None:
    archive = read(save(tmp_path, zipped([("s/a.py", CODE), ("s/A.py", b"y = 2")])))
    assert archive.members == ()
    assert "s/a.py: stands twice, with different contents" in reasons(archive)
    assert "s/A.py: stands twice" in reasons(archive)
    third = read(save(tmp_path, zipped([("a.py", "1"), ("A.py", "2"), ("a.PY", "3")])))
    assert third.members == ()
    assert len(third.refused) == 3
    same = read(save(tmp_path, zipped([("s/a.py", CODE), ("s/A.py", CODE)])))
    assert paths(same) == ["s/a.py"]


def test_a_zip_within_is_read_one_level_deep(tmp_path: Path) -> None:
    deepest = zipped([("c.py", CODE)])
    inner = zipped([("hw/b.py", CODE), ("deeper.zip", deepest)])
    archive = read(save(tmp_path, zipped([("ada.zip", inner), ("z.py", CODE)])))
    assert paths(archive) == ["ada.zip/hw/b.py", "z.py"]
    assert "ada.zip/deeper.zip: is a zip in a zip" in reasons(archive)


def test_a_bad_zip_within_costs_its_student_only(tmp_path: Path) -> None:
    many = zipped([("x", zipped([("a.py", CODE)])), ("a.py", CODE)])
    many = with_offset_of(many, b"a.py", b"x")
    escaping = zipped([("../../evil.py", CODE)])
    outer = zipped(
        [
            ("cut.zip", zipped([("a.py", CODE * 99)])[:-9]),
            ("many.zip", many),
            ("up.zip", escaping),
            ("good.py", CODE),
        ]
    )
    archive = read(save(tmp_path, outer))
    assert paths(archive) == ["good.py"]
    assert "cut.zip: is cut off or damaged" in reasons(archive)
    assert "many.zip: its members overlap, as in a zip bomb" in reasons(archive)
    assert "its name leads out of the folder" in reasons(archive)


@settings(max_examples=150)
@given(data=st.data())
def test_bytes_changed_at_random_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(zipped([("s/a.py", CODE * 20), ("b.zip", zipped([("c", "d")]))]))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    path = save(tmp_path_factory.mktemp("fuzz"), bytes(whole))
    with suppress(IntakeError):
        assert all(".." not in p.split("/") for p in paths(read(path)))


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("C:/x.py", True),
        ("c:x.py", True),
        ("/x.py", True),
        ("a/../x.py", True),
        ("1:2.py", False),
        ("ab:c.py", False),
        ("a/b:c.py", False),
        ("..x.py", False),
    ],
)
def test_a_name_that_leads_out_is_refused_and_one_that_only_looks_so_is_not(
    tmp_path: Path, name: str, *, refused: bool
) -> None:
    archive = read(save(tmp_path, zipped([(name, CODE)])))
    assert bool(archive.refused) is refused
    assert bool(archive.members) is not refused


def test_so_many_files_are_read_and_not_one_more(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(CODE)
    assert len(read(tmp_path, Limits(members=2)).members) == 2
    assert paths(read(tmp_path, Limits(members=1))) == ["a.py"]
    two = save(tmp_path, zipped([("a.py", CODE), ("b.py", CODE)]), "two.zip")
    assert len(read(two, Limits(members=2)).members) == 2
    assert paths(read(two, Limits(members=1))) == ["a.py"]


@pytest.mark.parametrize(
    ("size", "ratio", "ratio_from", "is_bomb"),
    [(1000, 5, 999, True), (1000, 5, 1000, False), (1000, 200, 999, False)],
)
def test_what_unpacks_to_very_much_is_a_bomb_above_a_size(
    tmp_path: Path, size: int, ratio: int, ratio_from: int, *, is_bomb: bool
) -> None:
    path = save(tmp_path, zipped([("a.py", b"a" * size)]))
    archive = read(path, Limits(ratio=ratio, ratio_from=ratio_from))
    assert ("as in a zip bomb" in reasons(archive)) is is_bomb
    assert bool(archive.members) is not is_bomb


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    names = ["b.py", "a/z.py", "a/b.py", "c.py", "A.py", "a/c/d.py"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(CODE + name.encode())
    archive = read(tmp_path)
    assert paths(archive) == ["A.py", "b.py", "c.py", "a/b.py", "a/z.py", "a/c/d.py"]
    assert archive.folders == ("a", "a/c")


@pytest.mark.parametrize("page", ["cp437", "cp1252"])
def test_a_name_in_a_code_page_of_windows_is_read_by_its_letters(
    tmp_path: Path, page: str
) -> None:
    data = patched(
        zipped([("Zo_ M_ller.py", CODE)]), b"Zo_ M_ller", "Zoë Müller".encode(page)
    )
    assert paths(read(save(tmp_path, data))) == ["Zoë Müller.py"]
