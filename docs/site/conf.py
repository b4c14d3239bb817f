"""Sphinx's settings for the site of ``make docs``; `build.py` stages what it reads."""

project = "Convolution, autograded"
author = ""
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = "Convolution, autograded"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_extra_path = ["extra"]
# Links within a page and from page to page: GitHub's anchors.
myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]
# `x` in a docstring is code, as it is in Markdown.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True}
nitpicky = False


def as_written(_app, _what, _name, _object, _options, lines) -> None:  # noqa: ANN001
    """Show a docstring as it stands: its columns are laid out for reading."""
    if lines:
        shown = (line.replace("``", "`") for line in lines if line != "::")
        lines[:] = [".. code-block:: none", "", *(f"   {line}" for line in shown), ""]


def setup(app) -> None:  # noqa: ANN001
    """Connect to autodoc."""
    app.connect("autodoc-process-docstring", as_written)
