"""Notebooks for tests."""

import json

DOUBLE = "def double(values):\n    return [2 * v for v in values]\n"
QUADRUPLE = "def quadruple(values):\n    return [4 * v for v in values]\n"
"""Right answers to the two questions of ``a0_scale``."""


def book(*cells: str | list[str], **more: object) -> bytes:
    """Return a notebook of these code cells, with a heading above them."""
    heading = {"cell_type": "markdown", "source": ["# Mine"], "metadata": {}}
    parts = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    every = [heading, *map(code, cells)]
    return json.dumps(parts | {"cells": every} | more).encode()


def code(source: object) -> dict[str, object]:
    """Return a code cell; one that Jupyter has written has text for its source."""
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}}
