"""Registries of Australia and New Zealand."""

from __future__ import annotations

from trialink.registries import checks
from trialink.registries.entry import Form, Registry

_TYPOS = ("ANZCTRN", "ACTRNO", "ANZRN", "ACTN")

ENTRIES = (
    Registry(
        key="anzctr",
        label="ANZCTR",
        name="Australian New Zealand Clinical Trials Registry",
        kind="registration",
        region="Australia, New Zealand",
        rank=3,
        years=(2005, None),
        forms=(
            Form(
                canonical="ACTRN{n}",
                prefixes=("ACTRN",),
                typos=_TYPOS,
                digits=14,
                begins=("126",),
                alone="checked",
            ),
            # A zero too many was printed in early years; p marks a request not yet approved.
            Form(
                canonical="ACTRN{n}{p}",
                prefixes=("ACTRN",),
                typos=_TYPOS,
                body=r"0?(?P<n>126\d{11})(?P<p>p(?![A-Za-z]))?",
                case="lower",
            ),
        ),
        check=checks.ANZCTR,
        curie="anzctr",
        source="https://www.anzctr.org.au/Faq.aspx",
        url="https://anzctr.org.au/Trial/Registration/TrialReview.aspx?ACTRN={n}",
        urls=(
            "https://www.anzctr.org.au/{id}.aspx",
            "http://www.anzctr.org.au/{id}",
            "http://www.anzctr.org.au/TrialSearch.aspx?searchTxt={id}",
        ),
        cues=(
            "ANZCTR",
            "ACTRN",
            "ACTR",
            "Australian New Zealand Clinical Trials Registry",
            "Australian New Zealand Clinical Trial Registry",
            "Australia New Zealand Clinical Trials Registry",
            "Australian and New Zealand Clinical Trials Registry",
            "Australian Clinical Trials Registry",
            "Australian New Zealand Clinical Trials Register",
            "Australia and New Zealand Clinical Trials Registry",
            "Australia New Zealand Clinical Trial Registry",
            "Australian and New Zealand Clinical Trial Registry",
            "anzctr.org.au",
            "10.18810/anzctr",
        ),
        placeholders=("ACTRN12600000000000",),
        examples=(
            ("ACTRN12608000628347", "ACTRN12608000628347"),
            ("ACTRN012605000781640", "ACTRN12605000781640"),
            ("ANZCTRN 12608000459325", "ACTRN12608000459325"),
            ("ANZRN12612000027819", "ACTRN12612000027819"),
            ("ACTN12612000743864", "ACTRN12612000743864"),
            ("ACTRN 12613000793718", "ACTRN12613000793718"),
            ("ACTRN12617001381370p", "ACTRN12617001381370p"),
            ("ACTRNO12606000444583", "ACTRN12606000444583"),
            (
                "Australia New Zealand Clinical Trials Registry 12610000944033",
                "ACTRN12610000944033",
            ),
            ("ACTRN12623000498695", "ACTRN12623000498695"),
            ("https://www.anzctr.org.au/ACTRN12608000628347.aspx", "ACTRN12608000628347"),
        ),
        counterexamples=(
            "ACTRN1260500032065",
            "ACTRN1234567890",
            "ACTRN (pending)",
            "ACTRN12345678901234",
        ),
    ),
)
