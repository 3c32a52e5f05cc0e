"""Numbers that belong to no one country."""

from __future__ import annotations

from trialink.registries.entry import Form, Registry

ENTRIES = (
    Registry(
        key="utn",
        label="UTN",
        name="Universal Trial Number",
        kind="identifier-service",
        region="international",
        rank=28,
        years=(2009, None),
        forms=(
            Form(
                canonical="U1111-{a}-{b}",
                prefixes=("U",),
                body=r"1111 ?- ?(?P<a>1[1-9]\d\d) ?- ?(?P<b>\d{4})",
                alone="labelled",
            ),
        ),
        source="https://www.who.int/tools/clinical-trials-registry-platform/unambiguous-trial-identification/the-universal-trial-number-(utn)",
        cues=("UTN", "Universal Trial Number", "WHO Universal Trial Number"),
        placeholders=("U1111-1111-1111", "U1111-1234-5678"),
        examples=(
            ("U1111-1115-2414", "U1111-1115-2414"),
            ("U1111 - 1256 - 7669", "U1111-1256-7669"),
            ("UTN: 1111-1131-4384", "U1111-1131-4384"),
            ("UTN U1111-1316-3012", "U1111-1316-3012"),
            ("U1111\u20111249\u20114220", "U1111-1249-4220"),  # non-breaking hyphens
        ),
        counterexamples=(
            "11111111-1111-1111-1111-111111111111",
            "RCU1111-1100",
            "0800-1111-2222",
            "1111-1131-4384",  # nothing says what it is
        ),
    ),
)
