"""Registries of Africa."""

from __future__ import annotations

from trialink.registries.entry import Form, Registry

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
)
