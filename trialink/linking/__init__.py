"""Which identifiers, records and names are the same trial, and why."""

from __future__ import annotations

from trialink.linking.clusters import link
from trialink.linking.declarations import declarations
from trialink.linking.statements import statements

__all__ = ["declarations", "link", "statements"]
