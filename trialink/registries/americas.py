"""Registries of the Americas, and numbers of their regulators and cancer institutes."""

from __future__ import annotations

from trialink.registries import checks
from trialink.registries.entry import Form, Registry

ENTRIES = (
    Registry(
        key="nct",
        label="ClinicalTrials.gov",
        name="ClinicalTrials.gov",
        kind="registration",
        region="United States",
        rank=1,
        years=(2000, None),
        forms=(
            Form(
                canonical="NCT{n}",
                prefixes=("NCT", "NCTs:", "NCTs ", "NCTID"),
                typos=("NTC", "CNT", "NTCT", "NCTN"),
                digits=8,
                begins=("0",),
                alone="labelled",
            ),
        ),
        check=checks.NCT,
        curie="clinicaltrials",
        source="https://clinicaltrials.gov/policy/faq",
        url="https://clinicaltrials.gov/study/{id}",
        urls=(
            "https://www.clinicaltrials.gov/study/{id}",
            "https://clinicaltrials.gov/ct2/show/{id}",
            "https://clinicaltrials.gov/ct2/show/study/{id}",
            "https://clinicaltrials.gov/ct2/show/results/{id}",
            "https://clinicaltrials.gov/ct2/show/record/{id}",
            "https://classic.clinicaltrials.gov/ct2/show/{id}",
            "https://clinicaltrials.gov/ct/show/{id}",
            "https://clinicaltrials.gov/show/{id}",
            "https://clinicaltrials.gov/api/v2/studies/{id}",
        ),
        cues=(
            "ClinicalTrials.gov",
            "ClinicalTrial.gov",
            "ClinicalTrials",
            "Clinical Trials.gov",
            "Clinical Trial.gov",
            "National Clinical Trial",
            "National Clinical Trials Registry",
            "US Clinical Trials Registry",
            "NIH Clinical Trials Registry",
            "10.18810/clinical-trials-gov",  # what Crossref calls the registry; so below
        ),
        placeholders=("NCT00000000", "NCT01234567"),
        examples=(
            ("NCT05066646", "NCT05066646"),
            ("NCT00000170", "NCT00000170"),  # older than the check digit
            ("NCT 00902941", "NCT00902941"),
            ("nCt01208194", "NCT01208194"),
            ("NCT#00379470", "NCT00379470"),
            ("NCT-01165463", "NCT01165463"),
            ("NCT\u201300790894", "NCT00790894"),  # en dash
            ("NCT No. 01128790", "NCT01128790"),
            ("+++++NCT01128790", "NCT01128790"),
            ("__NCT01268787", "NCT01268787"),
            ("ClinicalTrials.gov [NCT00279812]", "NCT00279812"),
            ("ClinicalTrials.gov 00789763", "NCT00789763"),
            ("NTC00699868", "NCT00699868"),
            ("http://clinicaltrials.gov/ct2/show/NCT01361932?rank=1", "NCT01361932"),
            ("https://clinicaltrials.gov/api/v2/studies/NCT05066646", "NCT05066646"),
        ),
        counterexamples=(
            "NCT12345678",
            "NCT003766090",
            "NCT0052195",
            "NCT04578639X",
            "XNCT05066646",
            "CT-2005-015374",
            "NCT99999999",
        ),
    ),
    Registry(
        key="rpcec",
        label="RPCEC",
        name="Cuban Public Registry of Clinical Trials",
        kind="registration",
        region="Cuba",
        rank=8,
        years=(2007, None),
        forms=(
            Form(
                canonical="RPCEC{n}",
                prefixes=("RPCEC",),
                digits=8,
                begins=("0000",),
                alone="labelled",
            ),
        ),
        curie="rpcec",
        source="https://rpcec.sld.cu",
        url="https://rpcec.sld.cu/en/trials/{id}-En",
        urls=(
            "http://registroclinico.sld.cu/en/trials/{id}-En",
            "http://registroclinico.sld.cu/trials/{id}",
            "http://registroclinico.sld.cu/ensayos/{id}-Sp",
        ),
        cues=(
            "Cuban Public Registry of Clinical Trials",
            "Registro Público Cubano de Ensayos Clínicos",
            "Registro Publico Cubano de Ensayos Clinicos",
            "RPCEC",
            "registroclinico.sld.cu",
            "rpcec.sld.cu",
            "10.18810/rpec",
        ),
        placeholders=("RPCEC00000000",),
        examples=(
            ("RPCEC00000139", "RPCEC00000139"),
            ("RPCEC00000446", "RPCEC00000446"),
            ("RPCEC00000423", "RPCEC00000423"),
            ("RPCEC 00000317", "RPCEC00000317"),
            ("RPCEC00000192", "RPCEC00000192"),
            ("RPCEC00000306", "RPCEC00000306"),
            ("https://rpcec.sld.cu/en/trials/RPCEC00000310-En", "RPCEC00000310"),
        ),
        counterexamples=("RPCEC123", "RPEC00000192"),
    ),
    Registry(
        key="rebec",
        label="ReBec",
        name="Brazilian Clinical Trials Registry",
        kind="registration",
        region="Brazil",
        rank=24,
        years=(2010, None),
        forms=(
            # Neither vowels nor 0, 1 and l; since 2020 one character more, then a counter of two.
            Form(
                canonical="RBR-{n}",
                prefixes=("RBR",),
                body=r"(?P<n>[2-9][2-9b-df-hjkmnp-tv-z]{5,6}|10[2-9b-df-hjkmnp-tv-z]{6})"
                r"(?:(?![A-Za-z0-9])|(?-i:(?<=[a-z0-9])(?=[A-Z]{3}-?\d)))",  # or the next number
                case="lower",
                alone="labelled",
            ),
        ),
        curie="rebec",
        source="https://ensaiosclinicos.gov.br",
        url="https://ensaiosclinicos.gov.br/rg/{id}",
        urls=(
            "http://www.ensaiosclinicos.gov.br/rg/{id}/",
            "http://www.ensaiosclinicos.gov.br/rg/?q={id}",
        ),
        cues=(
            "ReBEC",
            "Brazilian Clinical Trials Registry",
            "Brazilian Registry of Clinical Trials",
            "Registro Brasileiro de Ensaios Clínicos",
            "Registro Brasileiro de Ensaios Clinicos",
            "Brazilian Clinical Trial Registry",
            "Brazilian Clinical Trials Register",
            "ensaiosclinicos.gov.br",
            "10.18810/rebec",
        ),
        examples=(
            ("RBR-6gdyvz", "RBR-6gdyvz"),
            ("Ensaiosclinicos.gov.br/RBR-9B5DH7", "RBR-9b5dh7"),
            ("RBR-8854CD", "RBR-8854cd"),
            ("RBR-33YTQC", "RBR-33ytqc"),
            ("RBR-6qvdftm", "RBR-6qvdftm"),
            ("RBR-10hj7jyn", "RBR-10hj7jyn"),
            ("RBR 5p8nzk6", "RBR-5p8nzk6"),
            ("RBR-972497", "RBR-972497"),
        ),
        counterexamples=("RBRmutItan", "RBROMURON", "RBR-123abc", "RBR-2aeiou"),
    ),
    Registry(
        key="repec",
        label="REPEC",
        name="Peruvian Clinical Trials Registry",
        kind="registration",
        region="Peru",
        rank=25,
        years=(1995, None),
        forms=(
            # The English word "per" stands before numbers too: capitals and both hyphens count.
            Form(
                canonical="PER-{n}-{y}{s}",
                prefixes=("PER-", "PER--"),
                body=r"(?P<n>\d{3})-(?P<y>9[5-9]|[0-4]\d)(?P<s>-[A-Z](?![A-Za-z]))?",
                exact_case=True,
                spaced=False,
            ),
            Form(
                canonical="PER-{n}-{y}",
                prefixes=("PER ", "PER"),
                body=r"(?P<n>\d{3})-(?P<y>9[5-9]|[0-4]\d)",
                exact_case=True,
                spaced=False,
                needs_cue=True,
            ),
            # PER- is WHO's addition: the registry itself prints 046-19.
            Form(
                canonical="PER-{n}-{y}",
                prefixes=(
                    "REPEC",
                    "INS Peru",
                    "INS Perú",
                    "INS-Peru",
                    "INS-Perú",
                    "Registro Peruano",
                    "Registro Peruano de Ensayos Clínicos",
                    "Registro Peruano de Ensayos Clinicos",
                    "numEC",  # in the addresses of its pages
                ),
                body=r"(?P<n>\d{3})-(?P<y>9[5-9]|[0-4]\d)",
            ),
        ),
        curie="repec",
        source="https://ensayosclinicos-repec.ins.gob.pe/en/",
        urls=(
            "https://www.ins.gob.pe/ensayosclinicos/rpec/recuperarECPBNuevo.asp?ver=EN&numEC={id}",
        ),
        cues=(
            "REPEC",
            "Peruvian Clinical Trials Registry",
            "Peruvian Registry of Clinical Trials",
            "Registro Peruano de Ensayos Clínicos",
            "Registro Peruano de Ensayos Clinicos",
            "ensayosclinicos-repec.ins.gob.pe",
            "Peruvian",
            "Perú",
            "Peru",
        ),
        placeholders=("PER-000-00",),
        examples=(
            ("PER-106-20", "PER-106-20"),
            ("PER-002-21", "PER-002-21"),
            ("PER-040-07", "PER-040-07"),
            ("PER-093-09", "PER-093-09"),
            ("PER--024-15", "PER-024-15"),
            ("PER-002-99-A", "PER-002-99-A"),  # the letter marks a split registration
            ("REPEC: 046-19", "PER-046-19"),
        ),
        counterexamples=(
            "per 100 000",
            "per 100 00",
            "per 100,00",
            "per842 (82",
            "per41515",
            "per-100-20",
        ),
    ),
    Registry(
        key="nci_ctrp",
        label="NCI CTRP",
        name="NCI Clinical Trials Reporting Program",
        kind="portfolio",
        region="United States",
        rank=42,
        years=(2009, None),
        forms=(
            Form(
                canonical="NCI-{y}-{n}",
                prefixes=("NCI",),
                body=r"(?P<y>20(?:09|[1-4]\d)) ?- ?(?P<n>\d{5})",
            ),
        ),
        source="https://www.cancer.gov/about-nci/organization/ccct/ctrp",
        url="https://www.cancer.gov/research/participate/clinical-trials-search/v?id={id}",
        urls=("https://clinicaltrialsapi.cancer.gov/api/v2/trials/{id}",),
        cues=("CTRP", "NCI", "Clinical Trials Reporting Program"),
        examples=(
            ("NCI-2012-02401", "NCI-2012-02401"),
            ("NCI-2015-00054", "NCI-2015-00054"),
            ("NCI-2020-02314", "NCI-2020-02314"),
            ("NCI-2021-01360", "NCI-2021-01360"),
            ("NCI-2023-09355", "NCI-2023-09355"),
            ("https://clinicaltrialsapi.cancer.gov/api/v2/trials/NCI-2012-02401", "NCI-2012-02401"),
        ),
        counterexamples=(
            "NCI-H2030-12345",
            "NCI-2020-123",
            "NCI-H460",  # a cell line
        ),
    ),
    Registry(
        key="nci_pdq",
        label="PDQ",
        name="NCI Physician Data Query",
        kind="portfolio",
        region="United States",
        rank=43,
        years=(1999, 2012),
        forms=(
            # CDR means much else, such as the Clinical Dementia Rating: the zeros tell.
            Form(canonical="CDR{n}", prefixes=("CDR",), body=r"(?P<n>0000\d{6})"),
        ),
        source="https://www.cancer.gov/publications/pdq",
        cues=("PDQ", "Physician Data Query"),
        placeholders=("CDR0000000000",),
        examples=(
            ("CDR0000068850", "CDR0000068850"),
            ("CDR0000076913", "CDR0000076913"),
        ),
        counterexamples=("CDR12345", "CDR000068850", "CDR-H3"),
    ),
    Registry(
        key="renis",
        label="ReNIS",
        name="Registro Nacional de Investigaciones en Salud",
        kind="registration",
        region="Argentina",
        rank=47,
        years=(2009, None),
        forms=(
            Form(
                canonical="IS{n}",
                body=r"IS(?P<n>\d{6})",  # as a prefix it would be the word "is"
                exact_case=True,
                needs_cue=True,
                alone="labelled",
            ),
        ),
        source="https://sisa.msal.gov.ar/sisa/#sisa",
        cues=("ReNIS", "Registro Nacional de Investigaciones en Salud", "SISA", "Argentina"),
        examples=(("RENIS IS003256", "IS003256"),),  # made up
        counterexamples=(
            "ThIS003256",
            "IS003256",  # needs the registry's name
        ),
        experimental=True,
    ),
    Registry(
        key="hc_ctdb",
        label="HC-CTD",
        name="Health Canada Clinical Trials Database",
        kind="regulator",
        region="Canada",
        rank=50,
        years=(2013, None),
        forms=(
            # Its control numbers are digits only: read directly behind these words.
            Form(
                canonical="HC-CTD {n}",
                prefixes=("HC-CTD",),
                body=r"(?P<n>\d{5,6})",
                alone="labelled",
            ),
        ),
        curie="hc.trial",
        source="https://health-products.canada.ca/ctdb-bdec/",
        url="https://health-products.canada.ca/ctdb-bdec/brand/?submissionNo={n}",
        cues=(
            "Health Canada Clinical Trials Database",
            *(
                f"{name}{before}{what}"
                for name in ("Health Canada", "Health Canada Clinical Trials Database")
                for before in (" ", " (", ", ")
                for what in ("control", "submission")
            ),
            "ctdb-bdec/brand/?submissionNo",
        ),
        examples=(
            ("Health Canada control number 239287", "HC-CTD 239287"),
            ("Health Canada (control no. 239287)", "HC-CTD 239287"),
            (
                "https://health-products.canada.ca/ctdb-bdec/brand/?submissionNo=239287",
                "HC-CTD 239287",
            ),
        ),
        counterexamples=("239287", "control number 239287", "Health Canada control group (123456)"),
    ),
)
