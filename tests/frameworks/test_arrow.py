"""Arrow batches in, batches of mentions out."""

from __future__ import annotations

import pytest
from conftest import missing

if missing("arrow"):
    pytest.skip("pyarrow is not installed", allow_module_level=True)

import pyarrow as pa

from trialink import find
from trialink.adapters.arrow import SCHEMA, scan_batches

TEXTS = ["see NCT05066646", None, "", "CTR20192510 in China; NCT05066646"]


def test_mentions_are_those_of_find():
    table = pa.table({"key": ["a", "b", "c", "d"], "text": TEXTS})
    batches = list(scan_batches(table.to_batches(max_chunksize=3), text="text", keep=["key"]))
    assert [batch.schema.names for batch in batches] == [["key", *SCHEMA.names]] * 2
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert rows == [
        {"key": "abcd"[place], "row": place} | {k: v for k, v in row.items() if k != "source"}
        for place, text in enumerate(TEXTS)
        for row in (find(text).rows() if text else ())
    ]
