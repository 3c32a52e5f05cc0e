"""Numbers that belong to no one country."""

from __future__ import annotations

from trialink.registries.entry import Form, Registry

_GSK_REGISTER = tuple(
    f"{owner} {what}"
    for owner in ("GSK", "GSK's", "GlaxoSmithKline", "GlaxoSmithKline's")
    for what in (
        *("study ID", "study number", "study no"),
        *("study register", "clinical study register"),
    )
)

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
                body=r"1111(?: ?--? ?|[ ./])(?P<a>1[1-9]\d\d)(?: ?--? ?|[ ./])(?P<b>\d{4})",
                alone="labelled",
            ),
        ),
        source="https://www.who.int/tools/clinical-trials-registry-platform/unambiguous-trial-identification/the-universal-trial-number-(utn)",
        cues=(
            "UTN",
            "Universal Trial Number",
            "WHO Universal Trial Number",
            "Universal Trial Reference Number",
            "10.18810/utn",
        ),
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
    Registry(
        key="researchregistry",
        label="Research Registry",
        name="Research Registry",
        kind="registration",
        region="international",
        rank=55,
        years=(2015, None),
        forms=(
            Form(
                canonical="researchregistry{n}",
                prefixes=(
                    "researchregistry",
                    "Research Registry",
                    "Research-Registry",
                    "Research Registry UIN",
                    "ResearchRegistry UIN",
                    "Research Registry unique identifying",
                    "Research Registry (UIN",
                ),
                # Neither a year nor a count: "(Research Registry, 2019)".
                body=r"(?P<n>(?!20[1-4]\d(?!\d))\d{3,5})",
            ),
            Form(
                canonical="researchregistry{n}",
                prefixes=("researchregistry",),
                body=r"(?P<n>\d{1,5})",
                spaced=False,
            ),
        ),
        source="https://www.researchregistry.com/help-and-support/faqs",
        cues=("Research Registry", "ResearchRegistry", "researchregistry.com"),
        placeholders=("researchregistry00000",),  # how the registry shows the form
        examples=(  # made up
            ("researchregistry6932", "researchregistry6932"),
            ("Research Registry UIN: researchregistry 1234", "researchregistry1234"),
        ),
        counterexamples=("reviewregistry1234", "Research Registry, 2019"),
        experimental=True,
    ),
    Registry(
        key="sponsor_gsk",
        label="GSK",
        name="GSK Clinical Study Register",
        kind="sponsor",
        region="international",
        rank=56,
        years=(2004, None),
        forms=(
            Form(canonical="GSK {n}", body=r"(?P<n>\d{6})", alone="labelled"),
            Form(
                canonical="GSK {n}",
                prefixes=("GSK study", "GlaxoSmithKline study"),
                body=r" (?P<n>\d{6})",
                spaced=False,
            ),
            # GSK525762 is a compound: glued digits are none, others need the register's name.
            Form(
                canonical="GSK {n}",
                prefixes=("GSK",),
                body=r" (?P<n>\d{6})",
                exact_case=True,
                spaced=False,
                needs_cue=True,
            ),
        ),
        source="https://www.gsk-studyregister.com",
        url="https://www.gsk-studyregister.com/en/trial-details/?id={n}",
        urls=("http://www.gsk-clinicalstudyregister.com/study/{n}",),
        cues=(
            *_GSK_REGISTER,
            "gsk-studyregister.com",
            "gsk-studyregister.com/en/trial-details/?id",
            "gsk-clinicalstudyregister.com",
            "gsk-clinicalstudyregister.com/study",
        ),
        examples=(
            ("GlaxoSmithKline Clinical Study Register #113734", "GSK 113734"),
            ("GSK study ID 113734", "GSK 113734"),
            ("GSK study 113734", "GSK 113734"),
            ("http://www.gsk-clinicalstudyregister.com/study/113734", "GSK 113734"),
        ),
        counterexamples=("113734", "GSK 113734", "GSK525762", "GSK1120212"),
    ),
)
