"""The images: the reader of the original files, and the two parts that are shipped."""

import gzip
import io
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from checks import fashion_mnist as public
from checks.fashion_mnist import DamagedDataError

import autograder
from autograder.authoring.training import subsets
from autograder.authoring.training.idx import DEBIAN_FOLDER, Images, read_idx, read_part
from autograder.course.reference_models import Secrets
from autograder.errors import AuthoringError, StaffError

COURSE = Path(autograder.__file__).parents[1]
HEADER = b"\0\0\x08\x02" + b"\0\0\0\x02" + b"\0\0\0\x03"
"""Of two rows of three unsigned bytes."""
PATH = Path("some-idx2-ubyte")
IMAGES, LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"

with_the_whole = pytest.mark.skipif(
    not DEBIAN_FOLDER.exists(), reason="needs Debian's dataset-fashion-mnist"
)


def sorted_by_class(each: int) -> Images:
    """Images whose first pixel is their label, whose second is their number in it."""
    labels = np.repeat(np.arange(10, dtype=np.uint8), each)
    images = np.zeros((len(labels), 28, 28), np.uint8)
    images[:, 0, 0] = labels
    images[:, 0, 1] = np.tile(np.arange(each), 10)
    return Images(images, labels)


def packed(
    folder: Path, **arrays: npt.NDArray[np.uint8] | npt.NDArray[np.object_]
) -> Path:
    np.savez_compressed(folder / "some.npz", allow_pickle=True, **arrays)
    return folder / "some.npz"


def test_an_idx_file_is_read_row_by_row() -> None:
    found = read_idx(HEADER + bytes([1, 2, 3, 4, 5, 255]), PATH)
    assert found.dtype == np.uint8
    assert found.tolist() == [[1, 2, 3], [4, 5, 255]]
    assert found.flags.writeable  # torch warns of what is not


def test_the_length_of_an_axis_is_big_endian() -> None:
    content = b"\0\0\x08\x01" + b"\0\0\x01\x02" + bytes(258)
    assert read_idx(content, PATH).shape == (258,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\x08",
        b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0",
        b"\0\x01\x08\x01\0\0\0\x01\0",
        HEADER[:9],
    ],
    ids=["empty", "three bytes", "floats", "other magic", "half a header"],
)
def test_what_is_no_idx_file_of_bytes_is_named(content: bytes) -> None:
    with pytest.raises(StaffError) as error:
        read_idx(content, PATH)
    assert "some-idx2-ubyte: is no IDX file of unsigned bytes" in str(error.value)


@pytest.mark.parametrize(("size", "said"), [(5, "has 5 "), (7, "has 7 ")])
def test_an_idx_file_with_too_few_or_many_numbers_is_named(
    size: int, said: str
) -> None:
    with pytest.raises(StaffError) as error:
        read_idx(HEADER + bytes(size), PATH)
    assert f"{said}numbers, not 6" in str(error.value)


def test_a_missing_file_names_the_debian_package(tmp_path: Path) -> None:
    with pytest.raises(StaffError) as error:
        read_part(tmp_path, "t10k")
    assert f"{tmp_path / IMAGES}: is not there" in str(error.value)
    assert "apt-get install dataset-fashion-mnist" in str(error.value)


@pytest.mark.parametrize(
    "damaged",
    [b"not gzip", gzip.compress(HEADER + bytes(6))[:-9]],
    ids=["other", "cut short"],
)
def test_a_file_that_cannot_be_unpacked_is_named(
    tmp_path: Path, damaged: bytes
) -> None:
    (tmp_path / IMAGES).write_bytes(damaged)
    with pytest.raises(StaffError) as error:
        read_part(tmp_path, "t10k")
    assert f"{tmp_path / IMAGES}: cannot be read: " in str(error.value)


def test_other_images_under_the_right_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / IMAGES).write_bytes(gzip.compress(HEADER + bytes(6)))
    with pytest.raises(StaffError) as error:
        read_part(tmp_path, "t10k")
    assert f"{tmp_path / IMAGES}: is not the published file" in str(error.value)


@with_the_whole
def test_one_changed_label_is_refused(tmp_path: Path) -> None:
    shutil.copy(DEBIAN_FOLDER / IMAGES, tmp_path)
    labels = bytearray(gzip.decompress((DEBIAN_FOLDER / LABELS).read_bytes()))
    labels[-1] ^= 1
    (tmp_path / LABELS).write_bytes(gzip.compress(bytes(labels)))
    with pytest.raises(StaffError) as error:
        read_part(tmp_path, "t10k")
    assert f"{tmp_path / LABELS}: is not the published file" in str(error.value)


@with_the_whole
def test_files_that_another_program_packed_are_read(tmp_path: Path) -> None:
    for name in (IMAGES, LABELS):
        content = gzip.decompress((DEBIAN_FOLDER / name).read_bytes())
        (tmp_path / name).write_bytes(gzip.compress(content, compresslevel=1))
    part = read_part(tmp_path, "t10k")
    assert part.images.shape == (10_000, 28, 28)
    assert np.bincount(part.labels).tolist() == [1000] * 10


@with_the_whole
def test_the_first_training_image_is_an_ankle_boot() -> None:
    # The figure on the dataset's own page starts with it.
    part = read_part(DEBIAN_FOLDER, "train")
    assert part.images.shape == (60_000, 28, 28)
    assert public.CLASSES[part.labels[0]] == "ankle boot"
    assert np.bincount(part.labels).tolist() == [6000] * 10


def test_a_stratified_part_has_the_same_number_of_every_class_and_none_twice() -> None:
    chosen = subsets.stratified(sorted_by_class(each=20), 7)
    assert np.bincount(chosen.labels).tolist() == [7] * 10
    assert len(np.unique(chosen.images.reshape(70, -1), axis=0)) == 70


def test_images_keep_their_labels_when_they_are_mixed() -> None:
    chosen = subsets.stratified(sorted_by_class(each=20), 7)
    assert chosen.images[:, 0, 0].tolist() == chosen.labels.tolist()
    assert sorted(chosen.labels.tolist()) != chosen.labels.tolist()


def test_the_same_part_is_chosen_again_and_another_seed_chooses_another() -> None:
    whole = sorted_by_class(each=20)
    first, again = subsets.stratified(whole, 7), subsets.stratified(whole, 7)
    assert np.array_equal(first.images, again.images)
    other = subsets.stratified(whole, 7, seed=1)
    assert not np.array_equal(first.images, other.images)


@with_the_whole
def test_the_shipped_parts_are_what_the_whole_gives() -> None:
    subsets.check(COURSE, DEBIAN_FOLDER)


@with_the_whole
def test_written_parts_are_those_that_the_code_expects(tmp_path: Path) -> None:
    subsets.write(tmp_path, DEBIAN_FOLDER)
    images, _ = public.fashion_mnist(tmp_path / subsets.SHIPPED[0][2])
    unseen, _ = Secrets(tmp_path / "solutions").held_out()
    assert len(images) == 6000
    assert len(unseen) == 1000


@with_the_whole
def test_a_shipped_part_with_one_other_label_is_found(tmp_path: Path) -> None:
    for _, _, place in subsets.SHIPPED:
        (tmp_path / place).parent.mkdir(parents=True)
        shutil.copy(COURSE / place, tmp_path / place)
    place = subsets.SHIPPED[1][2]
    with np.load(COURSE / place) as arrays:
        images, labels = arrays["images"], arrays["labels"].copy()
    labels[3] = (labels[3] + 1) % 10
    np.savez_compressed(tmp_path / place, images=images, labels=labels)
    with pytest.raises(StaffError) as error:
        subsets.check(tmp_path, DEBIAN_FOLDER)
    assert f"{tmp_path / place}: has other images than it should" in str(error.value)


def test_students_get_600_images_of_every_class() -> None:
    images, labels = public.fashion_mnist()
    assert images.shape == (6000, 28, 28)
    assert labels.shape == (6000,)
    assert images.dtype == labels.dtype == np.uint8
    assert np.bincount(labels).tolist() == [600] * 10
    assert len(public.CLASSES) == 10


def test_none_of_the_held_out_images_is_a_students() -> None:
    with np.load(COURSE / "solutions/data/held_out.npz", allow_pickle=False) as arrays:
        unseen, classes = arrays["images"], arrays["labels"]
    assert np.bincount(classes).tolist() == [100] * 10
    shown = {image.tobytes() for image in public.fashion_mnist()[0]}
    assert shown.isdisjoint(image.tobytes() for image in unseen)


def test_who_changes_the_images_changes_only_his_own() -> None:
    images, labels = public.fashion_mnist()
    images[:], labels[:] = 0, 0
    again, classes = public.fashion_mnist()
    assert again.any()
    assert classes.any()


def test_missing_images_are_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "none.npz"
    with pytest.raises(DamagedDataError) as error:
        public.fashion_mnist(path)
    assert f"{path} cannot be read: " in str(error.value)
    assert "Take this file from the course's template again." in str(error.value)


def damaged(how: str) -> bytes:
    whole = public.PLACE.read_bytes()
    one_array = io.BytesIO()
    np.save(one_array, np.zeros(3))
    return {
        "empty": b"",
        "a web page": b"<html>not found</html>",
        "cut short": whole[: len(whole) // 2],
        "overwritten inside": whole[:4000] + bytes(400) + whole[4400:],
        "one array": one_array.getvalue(),
    }[how]


@pytest.mark.parametrize(
    "how", ["empty", "a web page", "cut short", "overwritten inside", "one array"]
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, how: str) -> None:
    path = tmp_path / "some.npz"
    path.write_bytes(damaged(how))
    with pytest.raises(DamagedDataError) as error:
        public.fashion_mnist(path)
    assert f"{path} cannot be read: " in str(error.value)
    assert "Take this file from the course's template again." in str(error.value)


def test_a_file_without_labels_is_damaged(tmp_path: Path) -> None:
    path = packed(tmp_path, images=np.zeros((1, 28, 28), np.uint8))
    with pytest.raises(DamagedDataError, match=r"cannot be read: .*labels"):
        public.fashion_mnist(path)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    objects = np.array([{}], object)
    path = packed(tmp_path, images=objects, labels=objects)
    with pytest.raises(DamagedDataError, match=r"cannot be read: .*allow_pickle=False"):
        public.fashion_mnist(path)


def test_one_other_label_is_damage(tmp_path: Path) -> None:
    images, labels = public.fashion_mnist()
    labels[0] += 1
    path = packed(tmp_path, images=images, labels=labels)
    with pytest.raises(DamagedDataError) as error:
        public.fashion_mnist(path)
    remedy = "Take this file from the course's template again."
    assert str(error.value) == f"{path} is damaged. {remedy}"


def test_the_same_images_are_read_whoever_packed_them(tmp_path: Path) -> None:
    images, labels = public.fashion_mnist()
    np.savez(tmp_path / "plain.npz", images=images, labels=labels)
    again, classes = public.fashion_mnist(tmp_path / "plain.npz")
    assert np.array_equal(images, again)
    assert np.array_equal(labels, classes)


def test_held_out_images_come_with_their_labels() -> None:
    images, labels = Secrets(COURSE / "solutions").held_out()
    assert images.shape == (1000, 28, 28)
    assert np.bincount(labels).tolist() == [100] * 10


@pytest.mark.parametrize("contents", [None, b"PK cut short", b""])
def test_held_out_images_that_cannot_be_used_are_named(
    tmp_path: Path, contents: bytes | None
) -> None:
    path = tmp_path / "data" / "held_out.npz"
    if contents is not None:
        path.parent.mkdir()
        path.write_bytes(contents)
    with pytest.raises(AuthoringError) as error:
        Secrets(tmp_path).held_out()
    assert f"{path}: no held-out images: " in str(error.value)
    assert "Run: make train." in str(error.value)


def test_other_images_are_not_taken_for_the_held_out_ones(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(public.PLACE, tmp_path / "data" / "held_out.npz")
    with pytest.raises(AuthoringError, match=r"held_out\.npz is damaged\. Run: make"):
        Secrets(tmp_path).held_out()


@pytest.mark.parametrize("folder", ["assignments/checks/data", "solutions/data"])
def test_the_images_licence_stands_beside_them(folder: str) -> None:
    text = (COURSE / folder / "LICENSE").read_text(encoding="utf-8")
    assert "The MIT License" in text
    assert "2017 Zalando SE" in text
    (images,) = (COURSE / folder).glob("*.npz")
    assert text.startswith(f"{images.name} holds ")
