"""Import a file as grading does: alone, without files, network, input or programs.

Started by `desk.reading` in a process of its own::

    python -I -B as_graded.py FILE PACKAGE...

Prints one line of JSON: ``{}`` where the file can be imported, else ``type``, ``text``
and ``line`` of what stopped it; of a file that computes without an end ``type`` alone.
"""

import builtins
import importlib.abc
import io
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import TextIO

COMPUTING_SECONDS = 10.0
"""Of processor time, for the file; NumPy and torch are there before."""
ENDLESS = "computes for too long"
_LOOK_EVERY = 0.1
REFUSED = ("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen")
NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request")


class NotThere(importlib.abc.MetaPathFinder):
    """Finds nothing of what grading has not."""

    def __init__(self, allowed: set[str], file: str) -> None:
        self.allowed, self.file = allowed, file

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: object = None
    ) -> None:
        """Raise ModuleNotFoundError for what the student's own line imports."""
        del path, target
        top = fullname.partition(".")[0]
        if top not in self.allowed and self._asked_by_the_file():
            message = f"No module named {top!r} in grading"
            raise ModuleNotFoundError(message, name=top)

    def _asked_by_the_file(self) -> bool:
        """Tell the student's import from those of NumPy or torch themselves."""
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - nothing else tells
        while frame is not None:
            name = frame.f_code.co_filename
            if not name.startswith("<frozen importlib"):
                return name == self.file
            frame = frame.f_back
        return False


def main(file: str, packages: list[str]) -> None:
    """Import the file and say what stopped it."""
    allowed = {*sys.stdlib_module_names, *packages}
    for package in packages:
        importlib.import_module(package)
    with open(file, "rb") as opened:  # noqa: PTH123 - pathlib may be replaced later
        source = opened.read()
    out, sys.stdout, sys.stderr = sys.stdout, io.StringIO(), io.StringIO()
    sys.stdin = io.StringIO()
    sys.meta_path.insert(0, NotThere(allowed, file))
    places = tuple(os.path.realpath(p) for p in (*sys.path, sys.base_prefix) if p)
    busy = [True]

    def watch(event: str, args: tuple[object, ...]) -> None:
        if not busy[0]:
            return
        if event == "open" and isinstance(args[0], str | bytes):
            path = os.path.realpath(os.fsdecode(args[0]))
            writes = isinstance(args[1], str) and set(args[1]) & set("wax+")
            if writes or not path.startswith(places):
                message = f"no such file in grading: {os.fsdecode(args[0])!r}"
                raise FileNotFoundError(message)
        if event.startswith(REFUSED):
            message = "grading starts no programs"
            raise PermissionError(message)
        if event.startswith(NETWORK):
            message = "grading has no network"
            raise OSError(message)

    threading.Thread(target=end_endless, args=(out,), daemon=True).start()
    sys.addaudithook(watch)
    told: dict[str, object] = {}
    try:
        module = ModuleType(os.path.basename(file).removesuffix(".py"))  # noqa: PTH119
        module.__file__ = file
        sys.modules[module.__name__] = module
        exec(builtins.compile(source, file, "exec"), vars(module))  # noqa: S102
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == file
        ]
        line = getattr(error, "lineno", None) or (lines[-1] if lines else None)
        text = getattr(error, "msg", None) if isinstance(error, SyntaxError) else None
        told = {
            "type": type(error).__name__,
            "text": text or str(error),
            "line": line,
        }
    busy[0] = False
    out.write(json.dumps(told))
    out.flush()
    os._exit(0)  # threads that the file has started may never end


def end_endless(out: TextIO) -> None:
    """Say so and end this process where it has computed for too long."""
    until = time.process_time() + COMPUTING_SECONDS
    while time.process_time() < until:
        time.sleep(_LOOK_EVERY)
    out.write(json.dumps({"type": ENDLESS}))
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2:])  # noqa: PTH100
