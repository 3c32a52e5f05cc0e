"""Numbers that look like registrations and are none."""

from __future__ import annotations

from trialink.registries.entry import Form, Registry

ENTRIES = (
    Registry(
        key="cancer_trials_ie",
        label="CTRIAL-IE",
        name="Cancer Trials Ireland study number",
        kind="decoy",
        region="Ireland",
        rank=57,
        years=(1997, None),
        forms=(
            Form(
                canonical="CTRIAL-IE {n}",
                prefixes=("CTRIAL-IE", "CTRIAL-IE (ICORG)"),
                body=r"(?P<n>\d\d-\d\d)",
            ),
        ),
        source="https://www.cancertrials.ie",
        cues=("ICORG", "Cancer Trials Ireland"),
        examples=(
            ("CTRIAL-IE (ICORG) 06-15", "CTRIAL-IE 06-15"),
            ("CTRIAL-IE (ICORG) 09-06", "CTRIAL-IE 09-06"),
            ("CTRIAL-IE (ICORG) 07-12", "CTRIAL-IE 07-12"),
        ),
        counterexamples=("CTRI/2012/08/002884",),
    ),
    Registry(
        key="prospero",
        label="PROSPERO",
        name="International Prospective Register of Systematic Reviews",
        kind="decoy",
        region="international",
        rank=58,
        years=(2011, None),
        forms=(
            Form(
                canonical="CRD{n}",
                prefixes=("CRD",),
                body=r"(?P<n>420(?:1[1-9]|[2-4]\d)\d{6,7})",  # 12 digits since 2025
            ),
        ),
        curie="prospero",
        source="https://www.crd.york.ac.uk/PROSPERO/",
        url="https://www.crd.york.ac.uk/PROSPERO/view/{id}",
        urls=(
            "https://www.crd.york.ac.uk/prospero/display_record.php?ID={id}",
            "http://www.crd.york.ac.uk/prospero/display_record.asp?ID={id}",
        ),
        cues=("PROSPERO",),
        examples=(
            ("PROSPERO 2011:CRD42011001329", "CRD42011001329"),
            ("CRD42012002393", "CRD42012002393"),
            ("CRD number 42013006565", "CRD42013006565"),
            ("CRD420251160876", "CRD420251160876"),
        ),
        counterexamples=("CRD4201101",),
    ),
    Registry(
        key="inplasy",
        label="INPLASY",
        name="International Platform of Registered Systematic Review Protocols",
        kind="decoy",
        region="international",
        rank=59,
        years=(2020, None),
        forms=(
            Form(
                canonical="INPLASY{n}",
                prefixes=("INPLASY", "INPLASY protocol"),
                body=r"(?P<n>20[2-4]\d(?:1[0-2]|[1-9])\d{4})",
            ),
            Form(
                canonical="INPLASY{y}{m}{n}",
                prefixes=("10.37766/inplasy",),
                body=r"(?P<y>20[2-4]\d)\.(?P<m>1[0-2]|[1-9])\.(?P<n>\d{4})",
                spaced=False,
            ),
        ),
        source="https://inplasy.com",
        cues=("INPLASY",),
        examples=(
            ("INPLASY202630009", "INPLASY202630009"),
            ("INPLASY2021110068", "INPLASY2021110068"),
            ("doi: 10.37766/inplasy2023.3.0105", "INPLASY202330105"),
        ),
        counterexamples=("INPLASY2021",),
    ),
    Registry(
        key="osf",
        label="OSF",
        name="Open Science Framework",
        kind="decoy",
        region="international",
        rank=60,
        years=(2012, None),
        forms=(
            Form(
                canonical="osf.io/{n}",
                prefixes=("osf.io/", "10.17605/osf.io/"),
                body=r"(?P<n>[a-z0-9]{5})(?![A-Za-z0-9])",
                case="lower",
                spaced=False,
            ),
        ),
        source="https://osf.io",
        url="https://{id}",
        cues=("OSF", "Open Science Framework"),
        examples=(  # made up
            ("https://osf.io/ab3cd", "osf.io/ab3cd"),
            ("10.17605/OSF.IO/AB3CD", "osf.io/ab3cd"),
        ),
        counterexamples=("osf.io/preprints",),
        experimental=True,
    ),
    Registry(
        key="nih_grant",
        label="NIH grant",
        name="National Institutes of Health grant number",
        kind="decoy",
        region="United States",
        rank=61,
        years=(1970, None),
        forms=(
            Form(
                canonical="{a}{i}{n}",
                body=r"[1-9]?(?P<a>[RUPKTFM]\d\d|UL1|UM1|DP[1-5])[ -]?"
                r"(?P<i>A[AGIRT]|CA|D[ACEK]|E[BSY]|GM|H[DGL]|LM|M[DH]|N[RS]|OD|RR|T[RW])[ -]?"
                r"(?P<n>\d{6})",
                alone="labelled",
            ),
        ),
        source="https://grants.nih.gov/grants/how-to-apply-application-guide/resources/understanding-assigned-application-and-award-numbers.htm",
        cues=("grant", "NIH", "National Institutes of Health"),
        placeholders=("R01CA123456",),
        examples=(("R21NR022143", "R21NR022143"),),
        counterexamples=("NCT01234567",),
    ),
    Registry(
        key="ct_exempt",
        label="UK REC",
        name="UK research ethics committee reference",
        kind="decoy",
        region="United Kingdom",
        rank=62,
        years=(2004, None),
        forms=(
            Form(
                canonical="REC {a}/{b}/{n}",
                prefixes=("REC", "REC ref", "REC reference"),
                body=r"(?P<a>[0-4]\d)/(?P<b>E[EMS]|HRA|IEC|LO|N[EISW]|S[CSW]|W[AMS]|WSE|YH"
                r"|[HQ]\d{4})/(?P<n>\d{1,4})",
                alone="labelled",
            ),
        ),
        source="https://www.hra.nhs.uk/about-us/committees-and-services/res-and-recs/",
        cues=("REC", "ethics"),
        examples=(  # made up
            ("20/EE/0101", "REC 20/EE/0101"),
            ("REC ref 19/SC/0123", "REC 19/SC/0123"),
        ),
        counterexamples=("12/05/2020",),
        experimental=True,
    ),
    Registry(
        key="zinc",
        label="ZINC",
        name="ZINC compound number",
        kind="decoy",
        region="international",
        rank=63,
        years=(2005, None),
        forms=(
            # ZINC000052955 imitates the C000000123 of early UMIN-CTR numbers.
            Form(
                canonical="ZINC{n}",
                prefixes=("ZINC",),
                body=r"(?P<n>\d{8,16})",
                exact_case=True,
                spaced=False,
            ),
        ),
        source="https://zinc.docking.org",
        cues=("ZINC",),
        examples=(("ZINC000052955", "ZINC000052955"),),
        counterexamples=("zinc 15000000",),
    ),
)
