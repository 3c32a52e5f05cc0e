"""Which identifiers, records and names are the same trial, and why.

`evidence` makes links of texts and records, `clusters` makes trials of links, `guards` refuse what
must not be one; `comparing` holds a text against a record. What a trial tells beyond that:
`timing` and `dating` of its registrations, and `publications`.
"""

from __future__ import annotations

from trialink.linking.clusters import link
from trialink.linking.evidence.declarations import declarations
from trialink.linking.evidence.statements import statements

__all__ = ["declarations", "link", "statements"]
