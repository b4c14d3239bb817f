"""Notebooks for tests."""

import json


def book(*cells: str | list[str], **more: object) -> bytes:
    """Return a notebook of these code cells, with a heading above them."""
    heading = {"cell_type": "markdown", "source": ["# Mine"], "metadata": {}}
    code: list[dict[str, object]] = [
        {"cell_type": "code", "source": cell, "outputs": [], "metadata": {}}
        for cell in cells
    ]
    parts = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    return json.dumps(parts | {"cells": [heading, *code]} | more).encode()
