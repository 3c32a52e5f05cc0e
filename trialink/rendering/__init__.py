"""From results to text: tables, JSON, CSV, HTML; one file a form."""

from __future__ import annotations

from trialink.rendering.formats import FORMATS, render, write
from trialink.rendering.html import annotate, html_mark

__all__ = ["FORMATS", "annotate", "html_mark", "render", "write"]
