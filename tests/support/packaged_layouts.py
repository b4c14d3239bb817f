"""A package laid out as Gradescope does it, and its run_autograder started."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from patience import PATIENCE_SECONDS

CAPABILITIES = (
    *("audit_write", "chown", "dac_override", "fowner", "fsetid", "kill", "mknod"),
    *("net_bind_service", "net_raw", "setfcap", "setgid", "setpcap", "setuid"),
    "sys_chroot",
)
AS_IN_DOCKER = (
    *("setpriv", "--inh-caps=-all", "--bounding-set"),
    "-all," + ",".join(f"+{name}" for name in CAPABILITIES),
    "--",
)
"""Starts a program with the capabilities that root has in Docker's containers."""
METADATA = {
    "id": 123456,
    "created_at": "2026-10-09T14:22:32.365935-07:00",
    "assignment": {
        "due_date": "2026-10-10T23:00:00.000000-07:00",
        "group_size": 4,
        "group_submission": True,
        "id": 25828,
        "course_id": 1234,
        "late_due_date": None,
        "release_date": "2026-10-02T00:00:00.000000-07:00",
        "title": "Scaling",
        "total_points": "100.0",
    },
    "submission_method": "upload",
    "users": [
        {"email": "zoe@example.org", "id": 77, "name": "Zoë Müller"},
        {"email": "ada@example.org", "id": 12, "name": "Ada Example"},
    ],
    "previous_submissions": [],
}


def lay_out(root: Path, package: Path, files: dict[str, str]) -> Path:
    """Unpack as Gradescope does: source/, its run_autograder at the root, the rest."""
    for folder in ("source", "submission", "results"):
        (root / folder).mkdir(parents=True)
    with zipfile.ZipFile(package) as archive:
        archive.extractall(root / "source")
    # Its image runs dos2unix and chmod +x, whatever the zip says.
    shutil.copy(root / "source/run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    (root / "submission_metadata.json").write_text(json.dumps(METADATA))
    for name, text in files.items():
        (root / "submission" / name).write_text(text, encoding="utf-8")
    return root


def run(root: Path, *before: str) -> "subprocess.CompletedProcess[str]":
    """Start run_autograder in the root, with this Python in the venv's place.

    before : words that start a program
    """
    return subprocess.run(
        [*before, str(root / "run_autograder")],
        cwd=root,
        env={"PATH": os.environ["PATH"], "AUTOGRADER_VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def results(root: Path) -> Any:
    """Return what the run wrote."""
    return json.loads((root / "results/results.json").read_text(encoding="utf-8"))
