"""Registries of Europe, and the numbers of its regulators and ethics committees."""

from __future__ import annotations

from trialink.registries import checks
from trialink.registries.entry import Form, Registry

_DUTCH_REGISTER = (
    "Netherlands National Trial Register",
    "Netherlands Trial Register",
    "Netherlands Trial Registry",
    "Netherlands Trials Register",
    "Nederlands Trial Register",
    "Nederlands Trialregister",
    "Dutch National Trial Register",
    "Dutch Trial Register",
    "Dutch Trial Registry",
    "Dutch Trials Register",
    "trialregister.nl",
    "10.18810/dutch-trial-register",
)

# Spain's REec and Italy's OsSC have no numbers of their own for trials of medicines: they list
# EudraCT and EU CT numbers. So they are no entries: what they are called and how they address
# their pages stands with the two registries whose numbers they print.
_NATIONAL_PORTALS = (
    "REec",
    "Registro Español de Estudios Clínicos",
    "Registro Espanol de Estudios Clinicos",
    "Spanish Clinical Studies Registry",
    "Spanish Clinical Trials Registry",
    "reec.aemps.es",
    "OsSC",
    "AIFA",
    "Osservatorio Nazionale sulla Sperimentazione Clinica",
    "Italian National Monitoring Centre for Clinical Trials",
    "Portal of Clinical Research with Medicines in Italy",
    "oss-sper-clin.agenziafarmaco.it",
)
_NATIONAL_PAGES = (
    "https://reec.aemps.es/reec/estudio/{id}",
    "https://reec.aemps.es/reec/public/detail.html?idEstudio={id}",
)

_RESEARCH_APPLICATION = (
    "IRAS",
    "IRAS project",
    "IRAS study",
    "IRAS project reference",
    "IRAS reference",
    "IRAS ref",
    "Integrated Research Application System",
    "Integrated Research Application System (IRAS) project",
)
_NO_YEAR = r"(?P<n>(?!(?:19|20)\d\d(?!\d))\d{4,6})"

ENTRIES = (
    Registry(
        key="isrctn",
        label="ISRCTN",
        name="ISRCTN Registry",
        kind="registration",
        region="United Kingdom",
        rank=2,
        years=(2000, None),
        forms=(
            Form(
                canonical="ISRCTN{n}",
                prefixes=("ISRCTN", "ISRCTNs:", "ISRCTNs "),
                typos=("ISCRTN", "ISRTCN", "ISRCNT", "IRSCTN", "ISRCTRN"),
                digits=8,
                alone="labelled",
            ),
        ),
        check=checks.ISRCTN,
        curie="isrctn",
        source="https://www.isrctn.com/page/faqs",
        url="https://www.isrctn.com/{id}",
        urls=(
            "http://www.controlled-trials.com/{id}",
            "http://www.controlled-trials.com/isrctn/pf/{n}",
            "http://isrctn.org/{id}",
            "http://www.isrctn.org/{id}",
            "https://doi.org/10.1186/{id}",
            "http://dx.doi.org/10.1186/{id}",
        ),
        cues=(
            "ISRCTN",
            "ISRCTN Registry",
            "ISRCTN Register",
            "International Standard Randomised Controlled Trial Number",
            "International Standard Randomized Controlled Trial Number",
            "International Standard Randomised Controlled Trial",
            "International Standard Randomized Controlled Trial",
            "International Standard Randomised Controlled Trials",
            "International Standard Randomized Controlled Trials",
            "Current Controlled Trials",
            "controlled-trials.com",
            "10.18810/isrctn",
        ),
        placeholders=("ISRCTN00000000", "ISRCTN12345678"),
        examples=(
            ("ISRCTN78805636", "ISRCTN78805636"),
            ("ISRCTN 02452400", "ISRCTN02452400"),  # leading zeros are real
            ("ISRCTN: 64254080", "ISRCTN64254080"),
            ("ISRCTN : 64254080", "ISRCTN64254080"),
            ("ISRCTN No. 60081949", "ISRCTN60081949"),
            ("ISRCTN-15004993", "ISRCTN15004993"),
            ("Number (ISRCTN) 26287422", "ISRCTN26287422"),
            ("ISRCTN Register 51695599", "ISRCTN51695599"),
            ("doi10.1186/ISRCTN35836727", "ISRCTN35836727"),
            ("https://doi.org/10.1186/isrctn78805636", "ISRCTN78805636"),
            ("ISCRTN06180958", "ISRCTN06180958"),
            ("http://www.controlled-trials.com/ISRCTN92551397", "ISRCTN92551397"),
        ),
        counterexamples=(
            "ISRCTN6696362166963621",
            "ISRCTN 061230",
            "ISRCTN pending",
            "ISRCTN Number",
        ),
    ),
    Registry(
        key="euctr",
        label="EudraCT",
        name="EU Clinical Trials Register",
        kind="registration",
        region="European Union",
        rank=9,
        years=(2004, 2023),
        forms=(
            Form(
                canonical="{y}-{n}-{c}",
                prefixes=("EUCTR",),
                # Two hyphens are TeX's dash.
                body=r"(?P<y>20(?:0[4-9]|1\d|2[0-3]))\s{0,2}--?\s{0,2}(?P<n>0[0-2]\d{4})"
                r"\s{0,2}--?\s{0,2}(?P<c>\d\d)",
                alone="checked",
            ),
            # Other separators, or none: twelve digits are too little to go by without a label.
            Form(
                canonical="{y}-{n}-{c}",
                prefixes=("EUCTR",),
                body=r"(?P<y>20(?:0[4-9]|1\d|2[0-3]))~(?P<n>0[0-2]\d{4})~(?P<c>[1-9]\d)",
                alone="labelled",
            ),
        ),
        check=checks.EUROPEAN,
        curie="euclinicaltrials",
        source="https://eudract.ema.europa.eu/",
        url="https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{id}",
        urls=(
            "https://www.clinicaltrialsregister.eu/ctr-search/trial/{id}/results",
            "https://www.clinicaltrialsregister.eu/ctr-search/trial/{id}",
            "https://www.clinicaltrialsregister.eu/ctr-search/search?query={id}",
            *_NATIONAL_PAGES,
        ),
        cues=(
            "EudraCT",
            "Eudra-CT",
            "Eudra CT",
            "EUCTR",
            "EU-CTR",
            "EU CTR",
            "EU Clinical Trials Register",
            "European Clinical Trials Register",
            "European Union Clinical Trials Register",
            "European Clinical Trials Database",
            "EU Clinical Trial Register",
            "EU Clinical Trials Registry",
            "EU-Clinical Trials Register",
            "European Union Clinical Trial Register",
            "European Union Clinical Trials Registry",
            "European Clinical Trials Registry",
            "European Union Drug Regulating Authorities Clinical Trials",
            "European Union Drug Regulating Authorities Clinical Trials Database",
            "ITEudraCT",
            "clinicaltrialsregister.eu",
            "10.18810/euctr",
            *_NATIONAL_PORTALS,
        ),
        placeholders=("2020-001234-12", "2023-000000-00"),
        examples=(
            ("EudraCT 2004-002714-11", "2004-002714-11"),
            ("2020-001934-37-ES", "2020-001934-37"),
            ("EudraCT Number: 2022-002568-62", "2022-002568-62"),
            ("Eudract-Nr: 2006-004639-31", "2006-004639-31"),
            ("ITEudraCT 2007-002460-98", "2007-002460-98"),
            ("2004\u2013004693\u201387", "2004-004693-87"),  # en dashes
            ("EUCTR2015-003324-32", "2015-003324-32"),
            ("EUCTR2010-020002-15/IT", "2010-020002-15"),
            ("EUDRACT: 2007-006448-23", "2007-006448-23"),
            (
                "https://www.clinicaltrialsregister.eu/ctr-search/trial/2008-006188-35/IT",
                "2008-006188-35",
            ),
            ("EudraCT No.: 2006-006752-35", "2006-006752-35"),
            ("EudraCT-number 2005 001540 23", "2005-001540-23"),
            ("eudract_number:2018-004318-16", "2018-004318-16"),
            ("https://reec.aemps.es/reec/estudio/2020-001934-37", "2020-001934-37"),
            (
                "Portal of Clinical Research with Medicines in Italy 2004-004693-87",
                "2004-004693-87",
            ),
            ("EUCTR2015-003324-32-DE", "2015-003324-32"),  # as WHO prints it, a row a country
        ),
        counterexamples=(
            "200400600800",
            "PACTR201205000384379",
            "2019-004822-1",
            "2022-500014-26-00",
            "2013-180-02",
            "IRCT2013061813706N1",
            "2020-A00724-35",
            "2020-001934-38",  # the check fails and nothing says what it is
        ),
    ),
    Registry(
        key="ctis",
        label="CTIS",
        name="EU Clinical Trials Information System",
        kind="registration",
        region="European Union",
        rank=10,
        years=(2022, None),
        forms=(
            # The fourth group counts resubmissions: printed, but no part of the identity.
            Form(
                canonical="{y}-{n}-{c}",
                prefixes=("CTIS", "EUCT"),
                body=r"(?P<y>20[2-4]\d)\s{0,2}--?\s{0,2}(?P<n>5\d{5})\s{0,2}--?\s{0,2}(?P<c>\d\d)"
                r"(?:\s{0,2}--?\s{0,2}\d\d)?",
                spaced=False,
                alone="checked",
            ),
            # All four groups have a shape of their own, whatever is between them.
            Form(
                canonical="{y}-{n}-{c}",
                body=r"(?P<y>20[2-4]\d)[ ./](?P<n>5\d{5})[ ./](?P<c>[1-9]\d)[ ./]\d\d",
                alone="checked",
            ),
            Form(
                canonical="{y}-{n}-{c}",
                prefixes=("CTIS", "EUCT"),
                body=r"(?P<y>20[2-4]\d)~(?P<n>5\d{5})~(?P<c>[1-9]\d)(?:[ \-/._]\d\d)?",
                spaced=False,
                alone="labelled",
            ),
        ),
        check=checks.EUROPEAN,
        curie="ctis",
        source="https://euclinicaltrials.eu",
        # Its pages are addressed with the fourth group: the identity alone opens none.
        urls=(
            "https://euclinicaltrials.eu/ctis-public/view/{id}",
            "https://euclinicaltrials.eu/app/#/view/{id}",
            "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT={id}",
            *_NATIONAL_PAGES,
        ),
        cues=(
            "CTIS",
            "EU CT",
            "EU-CT",
            "EUCT",
            "EU trial number",
            "Clinical Trials Information System",
            "EU Clinical Trials Information System",
            "euclinicaltrials.eu",
            "EudraCT",  # the field in which EU CT numbers are often typed
            *_NATIONAL_PORTALS,
        ),
        placeholders=("2023-500001-38", "2024-500001-01"),
        examples=(
            ("2022-501312-34-01", "2022-501312-34"),
            ("EU CT Number: 2023-504246-64-02", "2023-504246-64"),
            ("CTIS2022-500024-30-00", "2022-500024-30"),
            ("CTIS2023-507431-37-00", "2023-507431-37"),
            ("2024-510716-71-00", "2024-510716-71"),
            ("2025-520964-16-00", "2025-520964-16"),
            ("2023-505575-69", "2023-505575-69"),
            ("EU CT number 2024\u2013518143\u201338\u201300", "2024-518143-38"),  # en dashes
            (
                "https://euclinicaltrials.eu/ctis-public/view/2023-503698-40-00",
                "2023-503698-40",
            ),
        ),
        counterexamples=(
            "2020-001934-37",
            "2022-400014-26-00",
            "CVE-2023-50268",
            "2023-5-1-00",
            "2022-500111-22-00",  # the check fails and nothing says what it is
        ),
    ),
    Registry(
        key="drks",
        label="DRKS",
        name="German Clinical Trials Register",
        kind="registration",
        region="Germany",
        rank=11,
        years=(2008, None),
        forms=(
            Form(
                canonical="DRKS{n}",
                prefixes=("DRKS",),
                typos=("DKRS", "DRSK"),
                digits=8,
                begins=("000",),
                alone="labelled",
            ),
        ),
        curie="drks",
        source="https://drks.de",
        url="https://drks.de/search/en/trial/{id}",
        urls=(
            "https://drks.de/search/de/trial/{id}",
            "https://www.drks.de/drks_web/navigate.do?navigationId=trial.HTML&TRIAL_ID={id}",
            "https://drks-neu.uniklinik-freiburg.de/drks_web/navigate.do"
            "?navigationId=trial.HTML&TRIAL_ID={id}",
            "https://www.drks.de/{id}",
            "http://www.germanctr.de/{id}",
        ),
        cues=(
            "DRKS",
            "DRKS-ID",
            "German Clinical Trials Register",
            "German Clinical Trial Register",
            "German Clinical Trials Registry",
            "German Register of Clinical Trials",
            "Deutsches Register Klinischer Studien",
            "Deutschen Register Klinischer Studien",
            "Register Klinischer Studien",
            "Deutsches Register für Klinische Studien",
            "German Registry of Clinical Trials",
            "germanctr.de",
            "drks.de",
            "10.18810/drks",
        ),
        placeholders=("DRKS00000000",),
        examples=(
            ("DRKS00005115", "DRKS00005115"),
            ("DRKS 00003170", "DRKS00003170"),
            ("DRKS number 00018960", "DRKS00018960"),
            ("DRKS-ID: DRKS00031743", "DRKS00031743"),
            ("(DKRS) DRKS00005587", "DRKS00005587"),
            ("DRKS00031815", "DRKS00031815"),
            ("drks00000755", "DRKS00000755"),
        ),
        counterexamples=("DRKS 100124", "DRKS000000", "DRKS0001234"),
    ),
    Registry(
        key="ntr",
        label="NTR",
        name="Netherlands National Trial Register",
        kind="registration",
        region="Netherlands",
        rank=19,
        years=(2004, 2019),
        forms=(
            # Glued or hyphenated, four digits name nothing else.
            Form(
                canonical="NTR{n}",
                prefixes=("NTR",),
                digits=4,
                body=r"-?(?P<n>[1-7]\d{3})(?!\.\d)",
                spaced=False,
            ),
            Form(
                canonical="NTR{n}",
                prefixes=(
                    "NTR number",
                    "NTR no",
                    "NTR nr",
                    "NTR ID",
                    "NTR(TC",
                    "NTR (TC",
                    "NTR-TC",
                    "NTR TC",
                ),
                body=r"(?P<n>[1-7]\d{3}|[1-9]\d\d)(?!\.\d)",
            ),
            Form(
                canonical="NTR{n}",
                prefixes=("NTR",),
                body=r"(?P<n>[1-7]\d{3}|[1-9]\d\d)(?!\.\d)",
                needs_cue=True,
            ),
            # In addresses of the register, and so in texts: TC=2473.
            Form(
                canonical="NTR{n}",
                prefixes=("TC",),
                body=r"[ =]{0,3}(?P<n>[1-7]\d{3})(?!\.\d|-)",
                exact_case=True,
                spaced=False,
                needs_cue=True,
            ),
            # Neither years nor counts: "Netherlands Trial Register, 2012", "..., 450 patients".
            Form(
                canonical="NTR{n}",
                body=r"(?P<n>(?!20[012]\d)[1-7]\d{3})(?!\.\d)",
                alone="labelled",
            ),
        ),
        source="https://onderzoekmetmensen.nl/en",
        urls=("http://www.trialregister.nl/trialreg/admin/rctview.asp?TC={n}",),
        cues=_DUTCH_REGISTER,
        examples=(
            ("NTR1166", "NTR1166"),
            ("NTR-2051", "NTR2051"),
            ("NTR 2473", "NTR2473"),
            ("NTR number 1867", "NTR1867"),
            ("NTR(TC=2517)", "NTR2517"),
            ("NTR854", "NTR854"),
            ("NTR7203", "NTR7203"),
            ("NTR-1383", "NTR1383"),
            (
                "http://www.trialregister.nl/trialreg/admin/rctview.asp?TC=2365",
                "NTR2365",
            ),
        ),
        counterexamples=(
            "NTRK1",
            "ENTR123",
            "NTR12345",
            "NTR 2.0",
            "NTR 2473",  # needs the register's name
            "NTR (250 patients)",
            "NTR854",  # so do three digits
            "Netherlands Trial Register, 2012",
            "Netherlands Trial Register, 450 patients",
        ),
    ),
    Registry(
        key="ntr_nl",
        label="NTR-NL",
        name="Netherlands Trial Register",
        kind="registration",
        region="Netherlands",
        rank=20,
        years=(2019, 2022),
        forms=(
            Form(
                canonical="NL{n}",
                prefixes=("NL",),
                # Neither a volume, 2 NL 150, nor a country and a year, NL 2020.
                body=r"(?<!\d NL)(?: (?!20[0-3]\d))?(?P<n>[1-9]\d{2,3})(?!\.\d|-|[A-Za-z])",
                exact_case=True,
                spaced=False,
                needs_cue=True,
            ),
            Form(
                canonical="NL{n}",
                prefixes=("NL",),
                body=r"(?P<n>[1-9]\d{3})(?!\.\d|-)",  # in small letters only glued: nl is a volume
                spaced=False,
                needs_cue=True,
            ),
        ),
        source="https://onderzoekmetmensen.nl/en",
        urls=("https://www.trialregister.nl/trial/{n}",),
        cues=(*_DUTCH_REGISTER, "NTR"),
        examples=(
            ("NL9229", "NL9229"),
            ("NL7921", "NL7921"),
            ("Netherlands Trial Register, NL8496", "NL8496"),
            ("NL9554", "NL9554"),
            ("https://www.trialregister.nl/trial/7921", "NL7921"),
        ),
        counterexamples=(
            "nl-2012-302759",
            "NL26560.042.09",
            "nl)277",
            "nl [23",
            "nL.63",
            "NL. [14",
            "NL (17",
            "NL-OMON19915",
            "NL67805.068.18",
            "NL9229",  # needs the register's name
        ),
    ),
    Registry(
        key="nl_omon",
        label="OMON",
        name="Overview of Medical Research in the Netherlands",
        kind="registration",
        region="Netherlands",
        rank=21,
        years=(2022, None),
        forms=(
            Form(
                canonical="NL-OMON{n}",
                prefixes=("NL-OMON", "NL OMON", "NLOMON"),
                digits=5,
                alone="labelled",
            ),
        ),
        curie="omon",
        source="https://onderzoekmetmensen.nl/en",
        url="https://onderzoekmetmensen.nl/en/trial/{n}",
        urls=("https://onderzoekmetmensen.nl/nl/trial/{n}",),
        cues=(
            "OMON",
            "Overview of Medical Research in the Netherlands",
            "Overzicht van Medisch-wetenschappelijk Onderzoek in Nederland",
            "onderzoekmetmensen.nl/en/trial",
            "onderzoekmetmensen.nl/nl/trial",
            "onderzoekmetmensen.nl/en/node",
            "onderzoekmetmensen.nl/nl/node",
        ),
        placeholders=("NL-OMON00000",),
        examples=(
            ("NL-OMON19915", "NL-OMON19915"),
            ("NL-OMON36374", "NL-OMON36374"),
            ("NL-OMON54196", "NL-OMON54196"),
            ("NL70508.068.1; NL-OMON55178", "NL-OMON55178"),
            ("NL-OMON57760", "NL-OMON57760"),
            ("https://onderzoekmetmensen.nl/en/trial/53367", "NL-OMON53367"),
        ),
        counterexamples=("NL7921",),
    ),
    Registry(
        key="ccmo",
        label="CCMO",
        name="Dutch ethics dossier number",
        kind="ethics",
        region="Netherlands",
        rank=22,
        years=(2004, None),
        forms=(
            Form(
                canonical="NL{n}.{c}.{y}",
                prefixes=("NL",),
                body=r"(?P<n>\d{4,5})\.(?P<c>\d{3})\.(?P<y>\d\d)",
            ),
        ),
        source="https://english.ccmo.nl",
        cues=(
            "CCMO",
            "METC",
            "ABR",
            "ToetsingOnline",
            "Centrale Commissie Mensgebonden Onderzoek",
            "Central Committee on Research Involving Human Subjects",
        ),
        examples=(
            ("NL26560.042.09", "NL26560.042.09"),
            ("NL72754.068.20", "NL72754.068.20"),
            ("NL73249.041.20", "NL73249.041.20"),
            ("NL74142.029.20", "NL74142.029.20"),
            ("NL67805.068.18", "NL67805.068.18"),
        ),
        counterexamples=("NL7921", "NL70508.068.1"),
    ),
    Registry(
        key="idrcb",
        label="ID-RCB",
        name="French biomedical research file number",
        kind="ethics",
        region="France",
        rank=38,
        years=(2006, None),
        forms=(
            Form(
                canonical="{y}-{l}{n}-{c}",
                body=r"(?P<y>20(?:0[6-9]|[1-4]\d))\s{0,2}--?\s{0,2}(?P<l>[ABR])(?P<n>\d{5})"
                r"\s{0,2}--?\s{0,2}(?P<c>\d\d)",
                alone="checked",
            ),
            Form(
                canonical="{y}-{l}{n}-{c}",
                body=r"(?P<y>20(?:0[6-9]|[1-4]\d))~(?P<l>[ABR])(?P<n>\d{5})~(?P<c>\d\d)",
                alone="labelled",
            ),
        ),
        check=checks.IDRCB,
        source="https://ansm.sante.fr",
        cues=("ID-RCB", "ID RCB", "IDRCB", "RCB", "ANSM", "CPP"),
        examples=(
            ("ID-RCB 2016-A00749-42", "2016-A00749-42"),
            ("2017-A02060-53", "2017-A02060-53"),
            ("2020-A00724-35", "2020-A00724-35"),
            ("2021-A00387-34", "2021-A00387-34"),
            ("2023-A00386-39", "2023-A00386-39"),
        ),
        counterexamples=("2020-001934-37", "FIN-2014-A005", "2020-A00724-36"),
    ),
    Registry(
        key="snctp",
        label="SNCTP",
        name="Swiss National Clinical Trials Portal",
        kind="registration",
        region="Switzerland",
        rank=36,
        years=(2014, None),
        forms=(
            Form(
                canonical="SNCTP{n}",
                prefixes=("SNCTP",),
                digits=9,
                begins=("0000",),
                alone="labelled",
            ),
        ),
        curie="snctp",
        source="https://www.humanforschung-schweiz.ch/en/trial-search/",
        cues=(
            "SNCTP",
            "Swiss National Clinical Trials Portal",
            "Swiss National Clinical Trial Portal",
            "Swiss National Clinical Trials Registry",
            "kofam.ch",
            "kofam",
            "humanforschung-schweiz.ch",
        ),
        placeholders=("SNCTP000000000",),
        examples=(
            ("SNCTP000005580", "SNCTP000005580"),
            ("SNCTP000002833", "SNCTP000002833"),
            ("SNCTP 000002833", "SNCTP000002833"),
            ("snctp000005580", "SNCTP000005580"),
            ("Swiss National Clinical Trials Portal: 000002833", "SNCTP000002833"),
        ),
        counterexamples=("SNCTP12345",),
    ),
    Registry(
        key="basec",
        label="BASEC",
        name="Swiss ethics and Swissmedic numbers",
        kind="ethics",
        region="Switzerland",
        rank=37,
        years=(2002, None),
        forms=(
            Form(
                canonical="BASEC {y}-{n}",
                prefixes=("BASEC", "BASEC project"),
                body=r"(?P<y>20(?:1[5-9]|[2-4]\d)) ?- ?(?P<n>\d{5})",
                alone="labelled",
            ),
            # The number of a drug trial at Swissmedic.
            Form(
                canonical="{y}DR{n}",
                body=r"(?P<y>20[0-4]\d) ?DR ?(?P<n>\d{4})",
                exact_case=True,
                needs_cue=True,
                alone="labelled",
            ),
        ),
        source="https://swissethics.ch/en/basec",
        cues=("BASEC", "swissethics", "Swissmedic", "Swissmedic.ch", "Swiss Medical Registry"),
        examples=(
            ("BASEC 2018-01404", "BASEC 2018-01404"),
            ("BASEC 2018\u201301404", "BASEC 2018-01404"),  # en dash
            ("BASEC No. 2017-02124", "BASEC 2017-02124"),
            ("Swiss Medical Registry 2003DR2327", "2003DR2327"),
            ("Swissmedic.ch 2002 DR 1227", "2002DR1227"),
            ("Swissmedic reference number 2018DR4111", "2018DR4111"),
        ),
        counterexamples=("2018-01404", "BASEC 2018-014045", "2018DR41"),
    ),
    Registry(
        key="iras",
        label="IRAS",
        name="Integrated Research Application System",
        kind="ethics",
        region="United Kingdom",
        rank=39,
        years=(2008, None),
        forms=(
            # IRAS 16293-2422 and IRAS 09104+4109 are stars and galaxies of a satellite's catalogue.
            Form(
                canonical="IRAS {n}",
                prefixes=_RESEARCH_APPLICATION,
                digits=6,
                body=r"(?P<n>\d{6})(?! ?[+\-] ?\d)",
            ),
            Form(
                canonical="IRAS {n}",
                prefixes=_RESEARCH_APPLICATION,
                digits=7,
                body=r"(?P<n>\d{5}|\d{7})(?! ?[+\-] ?\d)",
            ),
        ),
        source="https://www.myresearchproject.org.uk",
        cues=("IRAS", "Integrated Research Application System"),
        examples=(
            ("IRAS 283014", "IRAS 283014"),
            ("IRAS Project ID 266831", "IRAS 266831"),
            ("IRAS283137", "IRAS 283137"),
            ("IRAS: 249030", "IRAS 249030"),
            ("IRAS reference number: 237150", "IRAS 237150"),
            ("Integrated Research Application System (IRAS) 280621", "IRAS 280621"),
        ),
        counterexamples=(
            "IRAS 1983",
            "IRASTINE, CHEMBL2107736",
            "IRAS 16293-2422",
            "IRAS 16293\u22122422",  # minus
            "IRAS 09104+4109",
        ),
    ),
    Registry(
        key="cpms",
        label="CPMS",
        name="NIHR Central Portfolio Management System",
        kind="portfolio",
        region="United Kingdom",
        rank=40,
        years=(2006, None),
        forms=(
            # UKCRN and CPMS numbers are one count. Four digits may be a year, "cpms" are counts.
            Form(
                canonical="CPMS {n}",
                prefixes=("CPMS",),
                body=_NO_YEAR,
                exact_case=True,
            ),
            Form(
                canonical="CPMS {n}",
                prefixes=("UKCRN", "UK CRN", "UK-CRN", "NIHR CRN", "NIHR CPMS"),
                body=_NO_YEAR,
            ),
            Form(
                canonical="CPMS {n}",
                prefixes=tuple(
                    f"{system} {what}"
                    for system in ("CPMS", "UKCRN", "UK CRN", "UK-CRN", "NIHR CRN")
                    for what in ("ID", "study", "study ID", "portfolio", "portfolio ID", "number")
                ),
                body=r"(?P<n>\d{4,6})",
            ),
            Form(
                canonical="CPMS {n}",
                prefixes=("StudyDetail.aspx?StudyID", "UKCRNID", "CPMSID"),
                body=r"(?P<n>\d{4,6})",
            ),
            Form(
                canonical="CPMS {n}",
                prefixes=("CPMS", "UKCRN", "UK CRN", "UK-CRN"),
                body=r"(?P<n>(?:19|20)\d\d)",
                exact_case=True,
                needs_cue=True,
            ),
        ),
        source="https://www.nihr.ac.uk/researchers/apply-for-funding/portfolio",
        urls=("http://public.ukcrn.org.uk/search/StudyDetail.aspx?StudyID={n}",),
        cues=("NIHR", "UKCRN", "CPMS", "Clinical Research Network"),
        examples=(
            ("CPMS 45521", "CPMS 45521"),
            ("CPMS: 54274", "CPMS 54274"),
            ("UKCRN 4814", "CPMS 4814"),
            ("UK CRN Portfolio 6470", "CPMS 6470"),
            ("UKCRNID9633", "CPMS 9633"),
            ("UKCRN Study ID: 9633", "CPMS 9633"),
            ("CPMS ID 38197", "CPMS 38197"),
            ("http://public.ukcrn.org.uk/search/StudyDetail.aspx?StudyID=4814", "CPMS 4814"),
        ),
        counterexamples=(
            "CPMS: 54",
            "CPMS 2019",  # a year, unless the portfolio is named
            "UKCRN, 2012",
            "cpms 45521",  # counts per minute
        ),
    ),
    Registry(
        key="eupas",
        label="EUPAS",
        name="HMA-EMA Catalogue of real-world data studies",
        kind="registration",
        region="European Union",
        rank=41,
        years=(2010, None),
        forms=(
            # Ten digits since 2024.
            Form(
                canonical="EUPAS{n}",
                prefixes=("EUPAS", "EU PAS", "EU-PAS"),
                digits=10,
                begins=("100000",),
                alone="labelled",
            ),
            Form(
                canonical="EUPAS{n}",
                prefixes=("EUPAS", "EU PAS", "EU-PAS"),
                digits=5,
                alone="labelled",
            ),
            # Behind a blank four digits may be a year.
            Form(
                canonical="EUPAS{n}",
                prefixes=("EUPAS", "EU PAS", "EU-PAS"),
                body=r"(?P<n>(?!(?:19|20)\d\d(?!\d)|1000\s{1,2}0)(?:\d{3,4}|\d{6}))",
            ),
            Form(
                canonical="EUPAS{n}",
                prefixes=("EUPAS", "ENCEPP/SDPP/"),
                body=r"(?P<n>(?!1000\s{1,2}0)\d{3,6})",
                spaced=False,
            ),
        ),
        # The number is in no address: viewResource.htm?id=34498 showed EUPAS34497, node/4615 shows
        # EUPAS1000000712.
        source="https://catalogues.ema.europa.eu",
        # No shorter: three digits near the name of the register are mostly patients.
        cues=(
            "EU PAS Register number",
            "EU PAS Register No",
            "EU PAS Register ID",
            "EU PAS Register study",
            "EUPAS Register number",
        ),
        examples=(
            ("EUPAS29415", "EUPAS29415"),
            ("EUPAS1000000712", "EUPAS1000000712"),
            ("EUPAS1000000823", "EUPAS1000000823"),
            ("EUPAS10335", "EUPAS10335"),
            ("EU PAS number EUPAS1000000712", "EUPAS1000000712"),
            ("EU PAS Register number: EUPAS34497", "EUPAS34497"),
            ("EU PAS 38362", "EUPAS38362"),
        ),
        counterexamples=(
            "EUPAS12",
            "EU PAS Register, 2019",
            "http://www.encepp.eu/encepp/viewResource.htm?id=34498",
        ),
    ),
    Registry(
        key="ru_grls",
        label="GRLS",
        name="Russian register of permitted clinical trials",
        kind="regulator",
        region="Russian Federation",
        rank=51,
        years=(2010, None),
        forms=(
            # The count begins anew every year: without its date a number may be of several trials.
            # RKI is the Robert Koch Institute too.
            Form(
                canonical="RKI {n}",
                prefixes=("RKI", "RKI N", "RKI \u2116"),
                body=r"(?P<n>(?!20[1-4]\d(?!\d))[1-9]\d{0,3})"
                r"(?: ?(?:от|of|dated) ?\d\d\.\d\d\.20[1-4]\d)?",
                needs_cue=True,
            ),
        ),
        source="https://grls.rosminzdrav.ru/CIPermissionMini.aspx",
        cues=("GRLS", "grls.rosminzdrav.ru", "Минздрав", "Russian", "Russia"),
        examples=(  # made up
            ("RKI \u2116 429 от 11.09.2017", "RKI 429"),
            ("RKI No 12", "RKI 12"),
        ),
        counterexamples=(
            "Berlin RKI 2020",
            "RKI No 12",  # needs the register's name
        ),
        experimental=True,
    ),
)
