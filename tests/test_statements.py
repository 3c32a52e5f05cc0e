"""What a text itself says of which numbers are one trial, and what it does not say.

The numbers are real. PALLAS, FUMANBA-1, SCORPIO-PEP and the pairs of Japan and France stand
together in registries or reports; other pairs are put together for the phrasing alone.
"""

from __future__ import annotations

import re

import pytest
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import Link, Span, find, link, statements
from trialink.model.links import GRADES

FUMANBA, PALLAS, CAGRI = "NCT05066646", "NCT02513394", "NCT05813925"
CTR, EUDRACT, JRCT, UTN = "CTR20192510", "2014-005181-30", "jRCT2031220734", "U1111-1277-3764"
ISRCTN = "ISRCTN78805636"
BRACKET, OTHER_NAME, REGISTERED = "same-bracket", "apposition", "registration-sentence"
ROW = "table-row"


def said(text):
    """Every link of a text as (kind, left, right, name beside, text of the span)."""
    return [
        (
            each.kind,
            str(each.left),
            str(each.right),
            each.beside and each.beside.text,
            each.where.text,
        )
        for each in statements(text)
    ]


ONE_LINK = {
    # numbers in one bracket
    "a bracket behind a trial name": (
        "Approval rests on the FUMANBA-1 clinical study (CTR20192510, NCT05066646) from China.",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(CTR20192510, NCT05066646)"),
    ),
    "a bracket that begins with the name": (
        "We read one report (FUMANBA-1; NCT05066646; CTR20192510) from China.",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(FUMANBA-1; NCT05066646; CTR20192510)"),
    ),
    "behind an empty list of references": (
        "<sec><ref-list/><p>One trial (NCT05066646, CTR20192510) ended.</p></sec>",
        (BRACKET, CTR, FUMANBA, None, "(NCT05066646, CTR20192510)"),
    ),
    "a bracket without a name": (
        "The study drug was given in one trial (NCT05066646 and CTR20192510) in China.",
        (BRACKET, CTR, FUMANBA, None, "(NCT05066646 and CTR20192510)"),
    ),
    "square brackets": (
        "It was safe [NCT05066646/CTR20192510], and China approved it.",
        (BRACKET, CTR, FUMANBA, None, "[NCT05066646/CTR20192510]"),
    ),
    "full-width brackets and commas": (
        "临床试验（CTR20192510，NCT05066646）在中国 China",
        (BRACKET, CTR, FUMANBA, None, "（CTR20192510，NCT05066646）"),
    ),
    "each number behind its registry and a noun": (
        "PALLAS (ClinicalTrials.gov number, NCT02513394; EudraCT number, 2014-005181-30) ended.",
        (
            BRACKET,
            EUDRACT,
            PALLAS,
            None,
            "(ClinicalTrials.gov number, NCT02513394; EudraCT number, 2014-005181-30)",
        ),
    ),
    "a registry whose name has trials in it": (
        "One trial (Current Controlled Trials ISRCTN78805636; ClinicalTrials.gov NCT02513394).",
        (
            BRACKET,
            ISRCTN,
            PALLAS,
            None,
            "(Current Controlled Trials ISRCTN78805636; ClinicalTrials.gov NCT02513394)",
        ),
    ),
    "dates of registration between the numbers": (
        "(NCT02513394, registered 31 July 2015; EudraCT 2014-005181-30)",
        (
            BRACKET,
            EUDRACT,
            PALLAS,
            None,
            "(NCT02513394, registered 31 July 2015; EudraCT 2014-005181-30)",
        ),
    ),
    "more behind the numbers": (
        "In FUMANBA-1 (CTR20192510, NCT05066646; n = 103), China, most responded.",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(CTR20192510, NCT05066646; n = 103)"),
    ),
    "one number twice": (
        "the FUMANBA-1 study (NCT05066646; CTR20192510; NCT05066646) in China",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(NCT05066646; CTR20192510; NCT05066646)"),
    ),
    "a line break in the bracket": (
        "FUMANBA-1 (CTR20192510,\nNCT05066646), China",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(CTR20192510,\nNCT05066646)"),
    ),
    "a review number between the two": (
        "(NCT02513394, PROSPERO CRD42011001329, EudraCT 2014-005181-30)",
        (
            BRACKET,
            EUDRACT,
            PALLAS,
            None,
            "(NCT02513394, PROSPERO CRD42011001329, EudraCT 2014-005181-30)",
        ),
    ),
    "one named trial among others": (
        "trials such as FUMANBA-1 (NCT05066646, CTR20192510; China)",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(NCT05066646, CTR20192510; China)"),
    ),
    "other trials in the clause before": (
        "Unlike earlier trials (NCT01208194), FUMANBA-1 (NCT05066646, CTR20192510) was in China.",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(NCT05066646, CTR20192510)"),
    ),
    "other trials in the clause before, and no name": (
        "Unlike the trials of others (NCT01208194), our study (NCT05066646, CTR20192510) is "
        "from China.",
        (BRACKET, CTR, FUMANBA, None, "(NCT05066646, CTR20192510)"),
    ),
    "other trials before a semicolon": (
        "Two trials came late; our study (NCT05066646, CTR20192510) is from China.",
        (BRACKET, CTR, FUMANBA, None, "(NCT05066646, CTR20192510)"),
    ),
    "the nearer of two names": (
        "After KEYNOTE-189 came the study called FUMANBA-1 (NCT05066646, CTR20192510) in China.",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(NCT05066646, CTR20192510)"),
    ),
    "a name in the sentence before is not beside": (
        "So did KEYNOTE-189. The Chinese study (NCT05066646, CTR20192510) went on.",
        (BRACKET, CTR, FUMANBA, None, "(NCT05066646, CTR20192510)"),
    ),
    # one number as another name of the other
    "a number with another in brackets": (
        "PALLAS is NCT02513394 (EudraCT 2014-005181-30).",
        (OTHER_NAME, EUDRACT, PALLAS, None, "NCT02513394 (EudraCT 2014-005181-30)"),
    ),
    "a bracket that says where it is registered": (
        "The number is NCT05066646 (also registered in China as CTR20192510).",
        (OTHER_NAME, CTR, FUMANBA, None, "NCT05066646 (also registered in China as CTR20192510)"),
    ),
    "a slash": (
        "PALLAS, NCT02513394/2014-005181-30, compared two ways of giving it.",
        (OTHER_NAME, EUDRACT, PALLAS, None, "NCT02513394/2014-005181-30"),
    ),
    "an equals sign": (
        "NCT02513394 = EudraCT 2014-005181-30",
        (OTHER_NAME, EUDRACT, PALLAS, None, "NCT02513394 = EudraCT 2014-005181-30"),
    ),
    "also known as": (
        "NCT02513394, also known as EudraCT 2014-005181-30, has ended.",
        (OTHER_NAME, EUDRACT, PALLAS, None, "NCT02513394, also known as EudraCT 2014-005181-30"),
    ),
    "registered in another country as": (
        "NCT05066646, registered in China as CTR20192510, has ended.",
        (OTHER_NAME, CTR, FUMANBA, None, "NCT05066646, registered in China as CTR20192510"),
    ),
    "a parent study with its two numbers": (
        "Patients came from the parent study NCT02513394 (EudraCT 2014-005181-30).",
        (OTHER_NAME, EUDRACT, PALLAS, None, "NCT02513394 (EudraCT 2014-005181-30)"),
    ),
    # a sentence about the registration of one trial
    "registered with one and with another": (
        "This trial is registered with ClinicalTrials.gov, NCT02513394, and EudraCT, "
        "2014-005181-30.",
        (REGISTERED, EUDRACT, PALLAS, None, "NCT02513394, and EudraCT, 2014-005181-30"),
    ),
    "registered in two brackets": (
        "This trial was registered at ClinicalTrials.gov (NCT02513394) and with the EU Clinical "
        "Trials Register (EudraCT 2014-005181-30).",
        (
            REGISTERED,
            EUDRACT,
            PALLAS,
            None,
            "(NCT02513394) and with the EU Clinical Trials Register (EudraCT 2014-005181-30)",
        ),
    ),
    "registered on a platform that is described": (
        "It was prospectively registered in China on the drug regulator's own platform "
        "(CTR20192510) and at ClinicalTrials.gov (NCT05066646).",
        (REGISTERED, CTR, FUMANBA, None, "(CTR20192510) and at ClinicalTrials.gov (NCT05066646)"),
    ),
    "a label before the numbers": (
        "Trial registration: ClinicalTrials.gov identifier NCT02513394; EudraCT 2014-005181-30",
        (REGISTERED, EUDRACT, PALLAS, None, "NCT02513394; EudraCT 2014-005181-30"),
    ),
    "a label before several sentences": (
        "Trial registration: NCT02513394. Registered on 31 July 2015. EudraCT 2014-005181-30.",
        (
            REGISTERED,
            EUDRACT,
            PALLAS,
            None,
            "NCT02513394. Registered on 31 July 2015. EudraCT 2014-005181-30",
        ),
    ),
    "a second number told in a clause of its own": (
        "The trial was registered as jRCT2031220734; its WHO Universal Trial Number is "
        "U1111-1277-3764.",
        (
            REGISTERED,
            JRCT,
            UTN,
            None,
            "jRCT2031220734; its WHO Universal Trial Number is U1111-1277-3764",
        ),
    ),
    "a heading before a column of numbers": (
        "Trial registration number\nNCT02513394\n2014-005181-30\n\nKeywords\nbreast cancer",
        (REGISTERED, EUDRACT, PALLAS, None, "NCT02513394\n2014-005181-30"),
    ),
    "registration of a named trial": (
        "PALOMA-3 was registered as NCT02513394 and as EudraCT 2014-005181-30.",
        (REGISTERED, EUDRACT, PALLAS, "PALOMA-3", "NCT02513394 and as EudraCT 2014-005181-30"),
    ),
    "a section behind its heading": (
        "## Trial registration\n\nIt was entered as NCT02513394 in 2015. It also has the EudraCT "
        "number 2014-005181-30.\n\n## Funding\n\nNone.",
        (
            REGISTERED,
            EUDRACT,
            PALLAS,
            None,
            "NCT02513394 in 2015. It also has the EudraCT number 2014-005181-30",
        ),
    ),
    "a section of a marked-up article": (
        "<sec><title>Trial registration</title>\n<p>ClinicalTrials.gov <ext-link xlink:href="
        '"https://clinicaltrials.gov/study/NCT02513394">NCT02513394</ext-link>, EudraCT '
        "<italic>2014-005181-30</italic></p></sec>",
        (
            REGISTERED,
            EUDRACT,
            PALLAS,
            None,
            "NCT02513394</ext-link>, EudraCT <italic>2014-005181-30",
        ),
    ),
    "a bracket with tags and entities in it": (
        "<p><b>FUMANBA-1</b> (CTR20192510,&#160;<b>NCT05066646</b>) in China</p>",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(CTR20192510,&#160;<b>NCT05066646</b>)"),
    ),
    "a bracket that is an entity": (
        "<p>FUMANBA-1 &#40;CTR20192510, NCT05066646&#41; in China</p>",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "&#40;CTR20192510, NCT05066646&#41;"),
    ),
    "a sentence with an anaphor": (
        "It was NCT05066646, which is registered in China as CTR20192510.",
        (
            OTHER_NAME,
            CTR,
            FUMANBA,
            None,
            "NCT05066646, which is registered in China as CTR20192510",
        ),
    ),
    "a line of registries and their numbers": (
        "ClinicalTrials.gov Identifier: NCT02513394; EudraCT Number: 2014-005181-30.",
        (REGISTERED, EUDRACT, PALLAS, None, "NCT02513394; EudraCT Number: 2014-005181-30"),
    ),
    "a number that the trial has": (
        "It was registered as NCT02513394 and has the EudraCT number 2014-005181-30.",
        (
            REGISTERED,
            EUDRACT,
            PALLAS,
            None,
            "NCT02513394 and has the EudraCT number 2014-005181-30",
        ),
    ),
    # rows of tables
    "a row between commas": (
        "trial,nct_id,eudract\none,NCT02513394,2014-005181-30\n",
        (ROW, EUDRACT, PALLAS, None, "one,NCT02513394,2014-005181-30"),
    ),
    "a row between tabs": (
        "Trial\tNCT number\tEudraCT number\nPALOMA-3\tNCT02513394\t2014-005181-30\n",
        (ROW, EUDRACT, PALLAS, "PALOMA-3", "PALOMA-3\tNCT02513394\t2014-005181-30"),
    ),
    "a row of Markdown": (
        "| Trial | Registry number | Other number |\n|---|---|---|\n"
        "| one | NCT02513394 | 2014-005181-30 |\n",
        (ROW, EUDRACT, PALLAS, None, "| one | NCT02513394 | 2014-005181-30 |"),
    ),
    "a row of columns": (
        "Study    ClinicalTrials.gov   EudraCT\none      NCT02513394          2014-005181-30\n",
        (ROW, EUDRACT, PALLAS, None, "one      NCT02513394          2014-005181-30"),
    ),
    "a row of a marked-up table": (
        "<table><tr><th>Registrations</th><th>Trial</th></tr>\n<tr><td><p>NCT02513394</p>"
        "<p>2014-005181-30</p></td><td>9</td></tr></table>",
        (
            ROW,
            EUDRACT,
            PALLAS,
            None,
            "NCT02513394</p><p>2014-005181-30</p></td><td>9",
        ),
    ),
    "columns without headings": (
        "NCT02513394\t2014-005181-30\nNCT05066646\t-\n-\t2022-003053-66\n",
        (ROW, EUDRACT, PALLAS, None, "NCT02513394\t2014-005181-30"),
    ),
    # around lists of references
    "a statement before the references": (
        "FUMANBA-1 (NCT05066646, CTR20192510), China.\n\nReferences\n1. Older work, NCT01208194.",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(NCT05066646, CTR20192510)"),
    ),
    "a statement behind the references": (
        "References\n1. Older work.\n\nTrial registration\nNCT02513394, EudraCT 2014-005181-30",
        (REGISTERED, EUDRACT, PALLAS, None, "NCT02513394, EudraCT 2014-005181-30"),
    ),
    "a menu with the word references": (
        "Abstract\nReferences\nFigures\n\nFUMANBA-1 (NCT05066646, CTR20192510), China.",
        (BRACKET, CTR, FUMANBA, "FUMANBA-1", "(NCT05066646, CTR20192510)"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), ONE_LINK.values(), ids=ONE_LINK)
def test_a_text_gives_two_numbers_as_one_trial(text, expected):
    assert said(text) == [expected]


SEVERAL_LINKS = {
    "three registries in one bracket": (
        "One trial (NCT05813925, jRCT2031220734, U1111-1277-3764).",
        [
            (BRACKET, JRCT, CAGRI, None, "(NCT05813925, jRCT2031220734, U1111-1277-3764)"),
            (BRACKET, JRCT, UTN, None, "(NCT05813925, jRCT2031220734, U1111-1277-3764)"),
            (BRACKET, CAGRI, UTN, None, "(NCT05813925, jRCT2031220734, U1111-1277-3764)"),
        ],
    ),
    "a number with two others in brackets": (
        "NCT05813925 (jRCT2031220734; UTN U1111-1277-3764)",
        [
            (BRACKET, JRCT, UTN, None, "(jRCT2031220734; UTN U1111-1277-3764)"),
            (
                OTHER_NAME,
                JRCT,
                CAGRI,
                None,
                "NCT05813925 (jRCT2031220734; UTN U1111-1277-3764)",
            ),
            (OTHER_NAME, CAGRI, UTN, None, "NCT05813925 (jRCT2031220734; UTN U1111-1277-3764)"),
        ],
    ),
    "a list of trials with two numbers each": (
        "The trials NCT02513394 (2014-005181-30) and NCT05878938 (2022-003053-66) are open.",
        [
            (OTHER_NAME, EUDRACT, PALLAS, None, "NCT02513394 (2014-005181-30)"),
            (OTHER_NAME, "2022-003053-66", "NCT05878938", None, "NCT05878938 (2022-003053-66)"),
        ],
    ),
    "nested brackets in a list": (
        "(NCT02513394 [2014-005181-30], NCT05878938 [2022-003053-66])",
        [
            (OTHER_NAME, EUDRACT, PALLAS, None, "NCT02513394 [2014-005181-30]"),
            (OTHER_NAME, "2022-003053-66", "NCT05878938", None, "NCT05878938 [2022-003053-66]"),
        ],
    ),
    "two statements of one pair in different places": (
        "PALLAS (NCT02513394; 2014-005181-30) was large. It is registered as NCT02513394 and "
        "2014-005181-30.",
        [
            (BRACKET, EUDRACT, PALLAS, None, "(NCT02513394; 2014-005181-30)"),
            (REGISTERED, EUDRACT, PALLAS, None, "NCT02513394 and 2014-005181-30"),
        ],
    ),
    "one place states one thing": (
        "The trial is registered (NCT02513394, EudraCT 2014-005181-30).",
        [(BRACKET, EUDRACT, PALLAS, None, "(NCT02513394, EudraCT 2014-005181-30)")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), SEVERAL_LINKS.values(), ids=SEVERAL_LINKS)
def test_a_text_gives_more_than_two_numbers(text, expected):
    assert said(text) == expected


NOTHING = {
    "one number": "The trial is registered as NCT05066646.",
    "one number twice": "(NCT05066646, NCT05066646)",
    "two numbers of one registry and one of another": "(NCT05066646, NCT05181501, ISRCTN78805636)",
    "two of one registry beside one name": "FUMANBA-1 (NCT05066646, NCT05181501)",
    "numbers in two sentences": "It began as NCT05066646. China has CTR20192510.",
    "numbers in two brackets": "FUMANBA-1 (NCT05066646) came before that of China (CTR20192510).",
    "a registered number, and one in the next sentence": "It is registered as NCT05066646. "
    "CTR20192510 is from China.",
    "registered, and numbers in the next sentence": "It was registered. NCT05066646 and "
    "CTR20192510 are from China.",
    "a label, and a number in the next paragraph": "Trial registration: NCT05066646\n\n"
    "CTR20192510, China",
    "registration before two numbers began": "Trial registration took place before NCT05066646 "
    "and CTR20192510 began in China.",
    "registered before two numbers": "It was registered before NCT05066646 and CTR20192510, China.",
    "registered like two numbers": "It was registered in China like NCT05066646 and CTR20192510.",
    "two brackets behind a number": "NCT05066646 (registered 2021) [CTR20192510], China",
    "numbers in two paragraphs": "registered as NCT05066646\n\nCTR20192510 in China",
    "trials before the bracket": "We pooled the trials (NCT05066646, CTR20192510) of China.",
    "a pooled analysis before the bracket": "The pooled analysis (NCT02513394, ISRCTN78805636)",
    "a meta-analysis before the bracket": "A meta-analysis (NCT02513394, ISRCTN78805636)",
    "two phases before the bracket": "A phase 2 and a phase 3 study (NCT02513394, ISRCTN78805636).",
    "columns of numbered studies": "Study 1 ID\tStudy 2 ID\nNCT02513394\t2014-005181-30\n",
    "a reference without its list": "<ref><p>PALLAS (NCT02513394, 2014-005181-30)</p></ref>",
    "a citation": "<mixed-citation>PALLAS (NCT02513394, 2014-005181-30)</mixed-citation>",
    "columns of lettered trials": "Trial A ID\tTrial B ID\nNCT02513394\t2014-005181-30\n",
    "a number of studies": "Two phase 2 studies of CT103A (NCT05066646; CTR20192510) in China.",
    "cohorts before the bracket": "in two cohorts (NCT05066646; CTR20192510) in China",
    "studies behind the bracket": "the (NCT05066646, CTR20192510) studies of China",
    "studies behind bare numbers": "the NCT05066646 and CTR20192510 studies of China",
    "two names before the bracket": "FUMANBA-1 and FUMANBA-2 (NCT05066646 and CTR20192510), China",
    "two names with a slash": "FUMANBA-1/FUMANBA-2 (NCT05066646, CTR20192510), China",
    "two names in one": "FUMANBA-1/2 (NCT05066646, CTR20192510), China",
    "two names, one of them shortened": "FUMANBA-1 and -2 (NCT05066646, CTR20192510), China",
    "respectively in the bracket": "both (NCT05066646 and CTR20192510, respectively), China",
    "respectively behind the bracket": "A and B (NCT05066646, CTR20192510), respectively, China",
    "examples": "others are open (e.g., NCT05066646, CTR20192510), also in China",
    "such as": "others (such as NCT05066646, CTR20192510) in China",
    "including": "others (including NCT05066646, CTR20192510) in China",
    "trials named in the bracket": "(ongoing trials: NCT05066646, CTR20192510; China)",
    "versus": "(NCT05066646 versus CTR20192510), China",
    "or": "(NCT05066646 or CTR20192510), China",
    "and/or": "NCT05066646 and/or CTR20192510, China",
    "two names each with its number": "(FUMANBA-1, NCT05066646; KarMMa-3, CTR20192510; China)",
    "other words between": "(NCT05066646 in adults, CTR20192510 in children), China",
    "the noun trial behind each": "(the NCT05066646 trial and the CTR20192510 trial), China",
    "a number and another in brackets": "NCT05066646 (and CTR20192510), China",
    "a number with another in brackets": "NCT05066646 (with CTR20192510), China",
    "a bracket that says more": "NCT05066646 (CTR20192510 is its sister), China",
    "an extension in the bracket": "NCT05066646 (extension of CTR20192510), China",
    "the extension of a number": "an extension of NCT05066646 (CTR20192510) in China",
    "the follow-up study of a number": "the follow-up study of NCT05066646 (CTR20192510), China",
    "an extension registered as": "An extension of NCT05066646 is registered in China as "
    "CTR20192510.",
    "an extension with its other name": "an extension of NCT05066646, also known as CTR20192510, "
    "China",
    "registered as an extension of two numbers": "It is registered as an extension of NCT05066646 "
    "and CTR20192510, China.",
    "an extension in commas": "registered as an extension, NCT05066646, of CTR20192510, China",
    "a slash in a date": "NCT05066646 (registered 01/10/2021), CTR20192510, China",
    "a slash in a label": "NCT02513394, EudraCT/CTIS number 2014-005181-30",
    "numbers with their sizes": "(pooled: NCT02513394, n = 56; EudraCT 2014-005181-30, n = 38)",
    "one is the other": "registered as NCT05066646 is CTR20192510, China",
    "plain and": "NCT05066646 and CTR20192510 took place in China.",
    "also between two": "NCT05066646 and also CTR20192510 took place in China.",
    "trials that were registered": "Trials registered at ClinicalTrials.gov (NCT05066646) and in "
    "China (CTR20192510) were read.",
    "both before a bracket": "Both (NCT05066646, CTR20192510) are from China.",
    "both were registered": "Both were registered as NCT05066646 and CTR20192510, China.",
    "numbers that were registered": "NCT05066646 and CTR20192510 were registered in China.",
    "a plural verb before": "They were registered as NCT05066646 and CTR20192510 in China.",
    "patients that registered": "Patients registered in NCT05066646 and CTR20192510, China.",
    "registered nurses": "Registered nurses took part in NCT05066646 and CTR20192510, China.",
    "registration of one, then another trial": "It is registered, and its sister trial has the "
    "numbers NCT05066646 and CTR20192510 in China.",
    "two names registered": "FUMANBA-1 and FUMANBA-2, registered as NCT05066646 and CTR20192510, "
    "are from China.",
    "a registered list of names": "FUMANBA-1 and FUMANBA-2 have been registered as NCT05066646 "
    "and CTR20192510 in China.",
    "registered with two numbers of one registry": "This trial is registered as NCT05066646, "
    "NCT05181501 and CTR20192510 in China.",
    "a label before two of one registry": "Trial registration: NCT05066646, NCT05181501. "
    "CTR20192510, China.",
    "a reference": "References\n1. FUMANBA-1 (NCT05066646, CTR20192510), China.",
    "references under a numbered heading": "7. REFERENCES:\n\n1. One (NCT05066646, CTR20192510), "
    "China.\n2. Trial registration: NCT02513394, EudraCT 2014-005181-30",
    "works cited in Markdown": "## Works cited\n\n* NCT02513394 (EudraCT 2014-005181-30)",
    "what no reader sees": "<p>None.</p><script>(NCT02513394, 2014-005181-30)</script><p>End.</p>",
    "a list of references with tags": "<p>None.</p><ref-list><title>References</title><ref>PALLAS "
    "(NCT02513394; EudraCT 2014-005181-30)</ref></ref-list>",
    "a column of parent trials": "| Trial | Number | Parent trial |\n|---|---|---|\n"
    "| second | NCT02513394 | ISRCTN78805636 |\n",
    "two columns of trials": "| | First trial | Second trial |\n|---|---|---|\n"
    "| one | NCT02513394 | ISRCTN78805636 |\n",
    "a table of trials side by side": "Number\tPALLAS\tthe other\nof both\tNCT02513394\t"
    "ISRCTN78805636\n",
    "a cell with a list of trials": "Country\tOngoing trials\nall\tNCT02513394, ISRCTN78805636\n",
    "a cell of numbers for a drug": "| Drug | Trial registration numbers |\n|---|---|\n"
    "| palbociclib | NCT02513394, ISRCTN78805636 |\n",
    "a grid of numbers": "NCT02513394\tISRCTN78805636\n2014-005181-30\tNCT05066646\n",
    "one row": "NCT02513394\tISRCTN78805636\n",
    "lines with semicolons": "the number; the EudraCT number\nin NCT02513394; 2014-005181-30; no\n",
    "a section on two trials": "Trial registration\n\nThe first trial is NCT02513394. The second "
    "trial is ISRCTN78805636.",
    "a section and the next": "Trial registration\n\nNCT02513394\n\nISRCTN78805636",
    "an address alone": '<p>It is <a href="https://www.isrctn.com/ISRCTN78805636">here</a> '
    "(NCT02513394)</p>",
    "a long way between the numbers": f"(NCT05066646{' ' * 101}CTR20192510), China",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_a_text_gives_numbers_and_says_nothing_of_them(text):
    assert find(text)
    assert said(text) == []


def test_every_silent_text_but_the_first_two_has_numbers_of_two_registries():
    registries = [{id.registry for id in find(text).ids()} for text in NOTHING.values()]
    alone = [text for text, keys in zip(NOTHING, registries, strict=True) if len(keys) < 2]
    assert alone == ["one number", "one number twice", "two of one registry beside one name"]


EXPLANATIONS = {
    "FUMANBA-1 (CTR20192510, NCT05066646), China": (
        "The text gives CTR20192510 and NCT05066646 in one bracket (characters 10 to 36) beside "
        "the trial name FUMANBA-1."
    ),
    "NCT02513394 (EudraCT 2014-005181-30)": (
        "The text gives 2014-005181-30 and NCT02513394 as two numbers of the same trial "
        "(characters 0 to 36)."
    ),
    "It is registered as NCT02513394 and EudraCT 2014-005181-30.": (
        "The text gives 2014-005181-30 and NCT02513394 in one registration sentence (characters "
        "20 to 58)."
    ),
}


@pytest.mark.parametrize(("text", "expected"), EXPLANATIONS.items())
def test_the_explanation_follows_the_frame_and_leaves_records_to_link(text, expected):
    (stated,) = statements(text)
    assert stated.explanation == expected
    assert stated.asserted_by == "text"
    assert stated.grade == GRADES[stated.kind] == "stated"
    assert stated.left < stated.right
    printed = expected.removeprefix("The").replace(f"{stated.left} and {stated.right}", "both", 1)
    assert str(stated) == f"{stated.left} = {stated.right}: the{printed}"


def test_the_source_is_written_into_every_span():
    (stated,) = statements("FUMANBA-1 (CTR20192510, NCT05066646), China", source="paper.txt")
    assert stated.where == Span(10, 36, "(CTR20192510, NCT05066646)", "paper.txt")
    assert stated.beside == Span(0, 9, "FUMANBA-1", "paper.txt")


def test_mentions_may_be_given_in_any_order_and_limit_what_is_linked():
    text = "FUMANBA-1 (CTR20192510, NCT05066646), China"
    mentions = find(text)
    assert statements(text, mentions[::-1]) == statements(text, mentions) == statements(text)
    assert statements(text, mentions[:1]) == statements(text, []) == []


@pytest.mark.parametrize("wrong", [None, b"NCT05066646", ["NCT05066646"]])
def test_anything_but_text_is_refused(wrong):
    with pytest.raises(TypeError, match="str"):
        statements(wrong)


def test_the_seed_article_states_one_link(seed):
    (stated,) = statements(seed)
    assert (stated.kind, stated.where, stated.beside) == (
        BRACKET,
        Span(521, 547, "(CTR20192510, NCT05066646)"),
        Span(496, 505, "FUMANBA-1"),
    )


PIECES = st.sampled_from(
    [
        *(FUMANBA, PALLAS, CTR, EUDRACT, ISRCTN, UTN, "NCT05066647", "FUMANBA-1", "KEYNOTE-189"),
        *("(", ")", "[", "]", ", ", "; ", ". ", "/", " = ", "\n", "\n\n", " and ", " trials "),
        *(" China ", " registered as ", "Trial registration: ", "References\n", " also known as "),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_the_text_spans_are_exact_and_no_registry_is_linked_with_itself(text):
    for each in statements(text):
        assert each.left.registry != each.right.registry
        assert text[each.where.start : each.where.end] == each.where.text
        spanned = {mention.id for mention in find(text) if each.where.start <= mention.start}
        assert {each.left, each.right} <= spanned
        if each.beside:
            assert text[each.beside.start : each.beside.end] == each.beside.text
            assert f" beside the trial name {each.beside.text}." in each.explanation
        assert Link.from_dict(each.to_dict()) == each


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.text("ab \n", max_size=8))
def test_text_in_front_moves_spans_and_changes_nothing_else(text, front):
    moved = statements(f"{front}\n\n{text}")
    shift = len(front) + 2
    assert [(each.left, each.right, each.kind) for each in moved] == [
        (each.left, each.right, each.kind) for each in statements(text)
    ]
    assert [each.where.start - shift for each in moved] == [
        each.where.start for each in statements(text)
    ]


def numbered(place):
    return f"NCT{(100_000 + place) * 13:08d}"


LONG_TEXTS = {
    "numbers without a bracket": lambda n: ", ".join(map(numbered, range(n))),
    "two numbers again and again": lambda n: "It is registered as " + f"{PALLAS}, {EUDRACT}; " * n,
    "one bracket that never ends": lambda n: "(" + f"{PALLAS}, {EUDRACT}; " * n,
    "many brackets": lambda n: "".join(f"PALOMA-3 ({numbered(i)}, {ISRCTN}). " for i in range(n)),
    "many names": lambda n: "KEYNOTE-189 " * n + f"({PALLAS}, {EUDRACT})",
    "many appositions": lambda n: " ".join(f"{numbered(i)} ({EUDRACT})" for i in range(n)),
    "slashes": lambda n: "/".join((numbered(i), EUDRACT)[i % 2] for i in range(n)),
    "one long row": lambda n: "\t".join((numbered(i), EUDRACT)[i % 2] for i in range(n)),
    "one long table": lambda n: "NCT\tEudraCT\n" + f"{PALLAS}\t{EUDRACT}\n" * n,
    "many tables": lambda n: "\n\n".join(f"NCT\tISRCTN\n{numbered(i)}\t{ISRCTN}" for i in range(n)),
    "many tags": lambda n: f"<p>{PALLAS}</p>" + "<p><b><i>" * n + f"{EUDRACT}",
    "headings of registration": lambda n: "\n\nTrial registration\n\n".join(
        map(numbered, range(n))
    ),
    "headings of references": lambda n: "\nReferences\n\nResults\n".join(map(numbered, range(n))),
}


@pytest.mark.parametrize("made", LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_the_cost_grows_with_the_text(made):
    texts = [made(size) for size in (150, 300, 600)]
    assert is_linear(statements, [(text, find(text)) for text in texts])


def test_what_a_text_states_is_what_link_merges():
    text = "FUMANBA-1 (CTR20192510, NCT05066646), China; FUMANBA-2 (NCT05181501)"
    trials = link(statements=statements(text), ids=find(text).ids())
    assert [[str(id) for id in trial.ids] for trial in trials] == [[FUMANBA, CTR], ["NCT05181501"]]
    assert re.fullmatch(r".* No registry record was read\.", trials[0].links[0].explanation)
