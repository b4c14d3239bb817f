"""What a command says: tables for a person, or one JSON document for a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import msgspec
    from rich.console import Console

json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON document on standard output; all else goes to standard error.",
)


def console_for(*, as_json: bool) -> Console:
    """Return where tables and progress go: not where the document goes."""
    from rich.console import Console

    return Console(stderr=as_json)


def print_document(document: msgspec.Struct) -> None:
    """Print a document to standard output, as UTF-8 JSON that a person can read too."""
    import msgspec

    data = msgspec.json.format(msgspec.json.encode(document), indent=2)
    click.echo(data)
