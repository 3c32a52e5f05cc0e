"""Registries of Africa, and the numbers of its regulators and ethics councils."""

from __future__ import annotations

from trialink.registries.entry import Form, Registry

# The Tanzania Clinical Trial Registry (http://www.tzctr.or.tz) has no entry: how its numbers look
# could not be confirmed, so none can be read.
ENTRIES = (
    Registry(
        key="pactr",
        label="PACTR",
        name="Pan African Clinical Trials Registry",
        kind="registration",
        region="Africa",
        rank=23,
        years=(2007, None),
        forms=(
            Form(
                canonical="PACTR{n}",
                prefixes=("PACTR",),
                digits=15,
                body=r"(?P<n>20[1-4]\d(?:0[1-9]|1[0-2])\d{9})",
                alone="labelled",
            ),
            # 16 digits until 2010, and ATMR as prefix until 2009.
            Form(
                canonical="PACTR{n}",
                prefixes=("PACTR", "ATMR"),
                digits=16,
                body=r"(?P<n>20(?:0[7-9]|10)(?:0[1-9]|1[0-2])00\d{8})",
                alone="labelled",
            ),
        ),
        curie="pactr",
        source="https://pactr.samrc.ac.za",
        urls=("http://www.pactr.org/ATMWeb/appmanager/atm/atmregistry?dar=true&tNo={id}",),
        cues=(
            "PACTR",
            "Pan African Clinical Trials Registry",
            "Pan African Clinical Trial Registry",
            "Pan-African Clinical Trials Registry",
            "Pan-African Clinical Trial Registry",
            "pactr.samrc.ac.za",
            "10.18810/pactr",
        ),
        examples=(
            ("PACTR202406532417953", "PACTR202406532417953"),
            ("PACTR 2010020001429343", "PACTR2010020001429343"),
            ("PACTR2009010000911750", "PACTR2009010000911750"),
            ("ATMR2009040001075080", "PACTR2009040001075080"),
            ("PACTR201008000221638", "PACTR201008000221638"),
            ("PACTR201105000289276", "PACTR201105000289276"),
            ("PACTR202312739012205", "PACTR202312739012205"),
        ),
        counterexamples=(
            "PACTR123",
            "PACTR201013000221638",  # month 13
            "PACTR20201245",
            "PACTR200901000091175",  # lost its last digit
        ),
    ),
    Registry(
        key="sanctr",
        label="SANCTR",
        name="South African National Clinical Trials Register",
        kind="registration",
        region="South Africa",
        rank=44,
        years=(2005, None),
        forms=(
            # The number of the Department of Health: 27 is the dialling code, then month and year.
            Form(
                canonical="DOH-27-{m}-{n}",
                prefixes=("DOH",),
                body=r"27[ /\-]{1,3}(?P<m>(?:0[1-9]|1[0-2])(?:20)?[0-3]\d)[ /\-]{1,3}(?P<n>\d{4})",
            ),
        ),
        source="https://sanctr.samrc.ac.za",
        cues=(
            "SANCTR",
            "South African National Clinical Trials Register",
            "South African National Clinical Trial Register",
            "South African National Clinical Trials Registry",
            "South African Clinical Trials Register",
            "sanctr.samrc.ac.za",
            "sanctr.gov.za",
        ),
        examples=(
            ("DOH-27-0207-1539", "DOH-27-0207-1539"),
            ("DOH-27-0607-1919", "DOH-27-0607-1919"),
            ("DOH 27-0207-1539", "DOH-27-0207-1539"),
            ("SANCTR: DOH-27-0607-1919", "DOH-27-0607-1919"),
        ),
        counterexamples=("DOH-27-01-0001", "DOH-27-1307-1539"),  # the second has month 13
    ),
    Registry(
        key="kenya_ppb",
        label="PPB-ECCT",
        name="Kenya Pharmacy and Poisons Board clinical trials registry",
        kind="regulator",
        region="Kenya",
        rank=52,
        years=(2008, None),
        forms=(
            Form(
                canonical="PPB/ECCT/{a}/{b}/{c}",
                prefixes=("PPB/ECCT", "PPB-ECCT", "PPB ECCT", "ECCT"),
                body=r"(?P<a>\d\d)[/\-](?P<b>\d\d)[/\-](?P<c>\d\d)(?:[/\-]20\d\d)?",
                needs_cue=True,
            ),
        ),
        source="https://ctr.pharmacyboardkenya.org",
        cues=(
            "Pharmacy and Poisons Board",
            "Expert Committee on Clinical Trials",
            "pharmacyboardkenya.org",
            "Kenya",
        ),
        examples=(  # made up: only PPB/ECCT/08/07, without its last group, was seen
            ("PPB/ECCT/08/07/00", "PPB/ECCT/08/07/00"),
            ("ECCT/19/02/05", "PPB/ECCT/19/02/05"),
        ),
        counterexamples=("ECCT/8/7", "PPB/ECCT/08/07"),
        experimental=True,
    ),
    Registry(
        key="uganda_ncst",
        label="UNCST",
        name="Uganda National Council for Science and Technology research number",
        kind="ethics",
        region="Uganda",
        rank=54,
        years=(2000, None),
        forms=(
            # HS is health science; the ES behind newer numbers is no part of the count.
            Form(
                canonical="UNCST HS{n}",
                prefixes=(
                    "UNCST",
                    "UNCST approval",
                    "UNCST clearance",
                    "UNCST protocol",
                    "UNCST research",
                    "Uganda National Council for Science and Technology",
                    "Uganda National Council of Science and Technology",
                ),
                body=r"HS[ \-]?(?P<n>\d{2,6})(?:ES)?",
            ),
        ),
        source="https://nrims.uncst.go.ug/Approved.php",
        cues=(
            "UNCST",
            "Uganda National Council for Science and Technology",
            "Uganda National Council of Science and Technology",
        ),
        examples=(  # the council's own list prints them without its name: REFNo: HS6555ES
            ("UNCST HS6555ES", "UNCST HS6555"),
            ("UNCST registration number: HS5878ES", "UNCST HS5878"),
            ("(UNCST, ref. no. HS6687ES)", "UNCST HS6687"),
        ),
        counterexamples=("HS1234", "UNCST-2019-R001047"),  # the second numbers a person
    ),
)
