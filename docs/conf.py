from __future__ import annotations

import inspect

import trialink
from trialink.model.value import _REQUIRED, Value

project = "trialink"
author = "the trialink authors"
release = version = trialink.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"trialink {release}"
html_copy_source = html_show_sourcelink = False
myst_heading_anchors = 3
default_role = "literal"  # docstrings mark code with single backticks, as Markdown does
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True}


def _of_fields(app, what, name, obj, options, signature, returns):
    """Show the constructor of a value as its fields, which is what it takes."""
    if what != "class" or not issubclass(obj, Value):
        return signature, returns
    hints = {}
    for cls in reversed(obj.__mro__):
        hints |= inspect.get_annotations(cls)
    shown = [
        f"{field}: {hints[field]}" + ("" if default is _REQUIRED else f" = {default!r}")
        for field, default in obj._fields.items()
    ]
    return f"({', '.join(shown)})", returns


def setup(app):
    app.connect("autodoc-process-signature", _of_fields)
