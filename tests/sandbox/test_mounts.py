from pathlib import Path

import pytest

from autograder.errors import GraderFault
from autograder.sandbox import mounts
from autograder.sandbox.mounts import Mount, Stage, check_hidden, masked_folders


def test_stage_binds_the_parents_of_what_lies_outside_usr() -> None:
    sources = ["/root/env/numpy", "/root/env/numpy.libs", "/usr/lib"]
    stage = Stage.of([Mount(Path(s), s) for s in sources])
    assert stage == Stage(Path("/mnt"), (Path("/root/env"),))
    assert stage.path(Path("/root/env/numpy")) == Path("/mnt/0/numpy")
    assert stage.path(Path("/usr/lib")) == Path("/usr/lib")


def test_stage_hides_none_of_its_sources() -> None:
    stage = Stage.of([Mount(Path("/mnt/c/env/numpy"), "/x")])
    assert stage.base != Path("/mnt")


def test_machine_without_a_place_for_the_stage_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mounts, "_STAGES", ("/no/such/place",))
    with pytest.raises(GraderFault, match="no folder to mount on: /no/such/place"):
        Stage.of([])


def test_packages_beside_the_standard_library_are_masked(tmp_path: Path) -> None:
    for name in ("python3/dist-packages", "python3.11/site-packages", "python3.11/os"):
        (tmp_path / name).mkdir(parents=True)
    masked = set(masked_folders([Mount(tmp_path, str(tmp_path))]))
    assert masked == {
        str(tmp_path / "python3"),
        str(tmp_path / "python3.11/site-packages"),
    }


@pytest.mark.parametrize(
    ("hidden", "mounted"),
    [("course/solutions", "course"), ("course", "course/env"), ("course", "course")],
)
def test_hidden_path_that_meets_a_mount_is_refused(
    tmp_path: Path, hidden: str, mounted: str
) -> None:
    seen = Mount(tmp_path / mounted, "/x")
    with pytest.raises(GraderFault, match=f"because {tmp_path / mounted} is mounted"):
        check_hidden([tmp_path / hidden], [seen])


def test_link_to_a_mounted_folder_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "solutions").symlink_to(tmp_path / "env")
    with pytest.raises(GraderFault, match="a worker would see it"):
        check_hidden([tmp_path / "solutions"], [Mount(tmp_path / "env", "/x")])


def test_neighbours_are_allowed(tmp_path: Path) -> None:
    check_hidden([tmp_path / "solutions"], [Mount(tmp_path / "solutions-env", "/x")])
