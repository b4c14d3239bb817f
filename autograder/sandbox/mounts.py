"""What a worker can see of the machine, and how root puts it within nobody's reach."""

import dataclasses
import importlib.util
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from autograder.errors import GraderFault
from autograder.installed import how_to_install

NOBODY = 65534
NEEDED_BY = {"torch": ("torchgen", "sympy", "mpmath", "typing_extensions")}
"""What a package imports beside the standard library; its metadata names more."""
SITE = "/sandbox/site"
_STAGES = ("/mnt", "/media", "/srv", "/opt")
# Run by root in a private mount namespace: folder number n comes to lie at base/n.
_STAGE = """
base=$1; shift; n=0
mount -t tmpfs -o mode=755,size=1m tmpfs "$base" || exit 125
while [ "$1" != -- ]; do
  mkdir "$base/$n" && mount --bind "$1" "$base/$n" || exit 125
  n=$((n + 1)); shift
done
shift
exec "$@"
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of this machine, read-only at `target` in the sandbox."""

    source: Path
    target: str


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """Folders that root binds below `base`, since nobody can't open their parents."""

    base: Path
    folders: tuple[Path, ...]

    @classmethod
    def of(cls, mounts: Sequence[Mount]) -> Self:
        """Choose what to bind, and a place that hides none of it.

        Raises GraderFault where this machine has no such place
        """
        folders = {mount.source.parent for mount in mounts}
        private = sorted(f for f in folders if not f.is_relative_to("/usr"))
        for base in map(Path, _STAGES):
            if base.is_dir() and not any(f.is_relative_to(base) for f in folders):
                return cls(base, tuple(private))
        places = ", ".join(_STAGES)
        raise GraderFault("sandbox", f"no folder to mount on: {places}", "mkdir /mnt")

    def path(self, source: Path) -> Path:
        """Return where the stage shows `source`."""
        if source.parent not in self.folders:
            return source
        return self.base / str(self.folders.index(source.parent)) / source.name

    def command(self) -> Iterator[str]:
        """Give the words before a command that runs on this stage, as nobody."""
        yield from (program("unshare"), "--mount", "--propagation", "private", "--")
        yield from (program("sh"), "-c", _STAGE, "sh", str(self.base))
        yield from (*map(str, self.folders), "--", program("setpriv"))
        yield from (f"--reuid={NOBODY}", f"--regid={NOBODY}")
        yield from ("--clear-groups", "--no-new-privs", "--")


def mounts_for(packages: Sequence[str]) -> list[Mount]:
    """Return what a worker needs: libraries, Python, and `packages`.

    Raises GraderFault where a package is not installed
    """
    system = [Path("/usr/lib"), Path("/usr/lib64"), Path("/lib"), Path("/lib64")]
    if sys.base_prefix != "/usr":
        system.append(Path(sys.base_prefix) / "lib")
    system += [executable(), Path(program("prlimit"))]
    mounts = [Mount(p, str(p)) for p in system if p.exists() and not p.is_symlink()]
    for name in dict.fromkeys(_with_needed(packages)):
        folder = package_folder(name)
        mounts.append(Mount(folder, f"{SITE}/{folder.name}"))
        libraries = folder.with_name(f"{name}.libs")
        if libraries.is_dir():
            mounts.append(Mount(libraries, f"{SITE}/{libraries.name}"))
    return mounts


def _with_needed(packages: Sequence[str]) -> Iterator[str]:
    for name in packages:
        package = name.partition(".")[0]
        yield package
        yield from NEEDED_BY.get(package, ())


def masked_folders(mounts: Sequence[Mount]) -> Iterator[str]:
    """Give the folders of packages that came along with the standard library."""
    for mount in mounts:
        if mount.target.startswith(SITE) or not mount.source.is_dir():
            continue
        for folder in mount.source.glob("python3*"):
            if folder.name == "python3":
                yield str(folder)
                continue
            for name in ("site-packages", "dist-packages"):
                if (folder / name).is_dir():
                    yield str(folder / name)


def check_hidden(hidden_paths: Sequence[Path], mounts: Sequence[Mount]) -> None:
    """Refuse where one of `mounts` would show some of `hidden_paths`.

    Raises GraderFault naming both
    """
    for hidden in hidden_paths:
        real = hidden.resolve()
        for mount in mounts:
            seen = mount.source.resolve()
            if real.is_relative_to(seen) or seen.is_relative_to(real):
                raise GraderFault(
                    hidden,
                    f"a worker would see it, because {mount.source} is mounted",
                    "keep the course and its Python environment apart",
                )


def package_folder(package: str) -> Path:
    """Return the folder (or the one file) of an installed package.

    Raises GraderFault with the command that installs it
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise GraderFault(
            package,
            "a worker needs this package, it is not installed",
            how_to_install(package),
        )
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def executable() -> Path:
    """Return Python itself: a venv's is a link to it."""
    return Path(sys.executable).resolve()


def program(name: str) -> str:
    """Return the path of a system program.

    Raises GraderFault with the command that installs it
    """
    path = shutil.which(name)
    if path is None:
        package = {"bwrap": "bubblewrap", "sh": "dash"}.get(name, "util-linux")
        raise GraderFault(name, "not installed", f"apt-get install {package}")
    return path
