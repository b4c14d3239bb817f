"""Run a notebook's code cells as a program, as students would from top to bottom."""

import json
import os
import subprocess
import sys
from pathlib import Path

SAVE_FIGURES = """
import matplotlib.pyplot
import pathlib
import warnings
warnings.simplefilter("error", UserWarning)
warnings.simplefilter("error", RuntimeWarning)
def _save(*args, **kwargs):
    for number in matplotlib.pyplot.get_fignums():
        figure = matplotlib.pyplot.figure(number)
        _titled(figure)
        figures = pathlib.Path("figures-shown")
        figures.mkdir(exist_ok=True)
        figure.savefig(figures / f"{len([*figures.iterdir()]):02}.png", dpi=80)
    matplotlib.pyplot.close("all")
def _titled(figure):
    for ax in figure.axes:
        named = ax.get_xlabel() and ax.get_ylabel() and ax.get_title()
        is_bar = ax.get_label() == "<colorbar>"
        assert named or is_bar or not ax.axison, ax.get_title()
matplotlib.pyplot.show = _save
"""


def code_of(notebook: Path) -> list[str]:
    """Return the code cells' text."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


def run(notebook: Path) -> tuple[int, str]:
    """Run it in its folder; figures are saved in ``figures-shown``, in order.

    Every warning is an error, as is an axis without a name or a title
    """
    program = notebook.with_name("as_program.py")
    program.write_text(
        "\n\n".join([SAVE_FIGURES, *code_of(notebook)]), encoding="utf-8"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, program.name],
        cwd=notebook.parent,
        env=environment | {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
