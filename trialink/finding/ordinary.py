"""Words that look like trial names and are none, in capitals: looked up whole."""

from __future__ import annotations

_DISEASES_AND_GENES = (
    *("COVID", "SARS", "MERS", "HCOV", "HTLV", "STEMI", "NSTEMI", "NSTE", "CTLA", "SGLT", "BRCA"),
    *("ICAM", "VCAM", "TIMP", "LINE", "GLUT", "VEGF", "EGFR", "FGFR", "PDGF", "MAGE", "FOXP"),
    *("NRAS", "KRAS", "BRAF", "STAT", "CXCL", "CXCR", "APOE", "NTRK", "ALDH", "PCSK", "CDKN"),
    *("PTEN", "SMAD", "NLRP", "ROMK", "TREK", "CASPASE", "CLAUDIN", "GALECTIN", "SIGLEC"),
    *("GLYPICAN", "NECTIN", "ANNEXIN", "AQUAPORIN", "CONNEXIN", "SYNDECAN", "PENTRAXIN"),
    *("INTERLEUKIN", "TRAIL", "CRISPR", "OMEGA", "CYFRA", "VITAMIN", "FACTOR", "CYTOKERATIN"),
)
_CELL_LINES = (
    *("OVCAR", "SKOV", "CALU", "CAOV", "PANC", "MIAPACA", "CACO", "HEPG", "ASPC", "BXPC", "HPAF"),
    *("JEKO", "KASUMI", "MOLT", "SUDHL", "NALM", "MOLM", "RAMOS", "RAJI", "VERO", "KATO", "CAPAN"),
    *("COLO", "DAUDI", "GRANTA", "MAVER", "OCILY", "KARPAS", "REH", "LOVO", "IMR"),
)
_SCALES = (
    *("ECOG", "CTCAE", "RECIST", "IRECIST", "NYHA", "EASI", "PASI", "SALT", "ASAS", "BASDAI"),
    *("BASFI", "HAMD", "HAMA", "HRSD", "HDRS", "QIDS", "MADRS", "PANSS", "CAPS", "DASS", "DAST"),
    *("MMAS", "PFDI", "DBAS", "PHQD", "MPHQ", "VABS", "BARC", "SCID", "SCORAD", "PROMIS", "CRISS"),
    *("UEFI", "MDPQ", "POPDI", "CRADI", "ATDPA", "ICHD", "ICSD", "SNOT", "KOOS", "HOOS", "WOMAC"),
    *("WHODAS", "KIDSCREEN", "QOLIE", "PEDSQL", "KDQOL", "KCCQ", "MLHFQ", "CESD", "EPDS", "IIEF"),
    *("DLQI", "CDLQI", "IPSS", "MIDAS", "AIMS", "STAI", "WAIS", "WISC", "BASC", "MMPI", "MOCA"),
    *("PUQE", "STOPBANG", "EUROSCORE", "SCORE", "APACHE", "SOFA", "CURB", "NIHSS", "FACIT"),
    *("FACT", "EORTC", "MASC", "CBCL", "SPIN", "ASRS", "AUDIT", "DUDIT", "CAGE", "PSQI", "ESAS"),
    *("LENT", "PRISM", "SLEDAI", "BILAG", "CLASI", "DAPSA", "MASES", "LEEDS", "SPARCC"),
)
_STANDARDS = (
    *("MEDDRA", "SNOMED", "LOINC", "CONSORT", "PRISMA", "SPIRIT", "STROBE", "STARD", "TRIPOD"),
    *("AGREE", "AMSTAR", "ROBINS", "QUADAS", "GRADE", "GINA", "GOLD", "KDIGO", "LUGANO", "ROME"),
    *(
        "GLOBOCAN",
        "NHANES",
        "FDA",
        "IEC",
        "ASTM",
        "SPSS",
        "STATA",
        "WINDOWS",
        "ANSI",
        "EUPAS",
        "NMRR",
        "PHRR",
        "SNCTP",
    ),
)
_DRUG_CODES = (
    *("ABBV", "MEDI", "REGN", "BIIB", "INCB", "BIBF", "BIBW", "BIBR", "SNDX", "SSGJ", "BEBT"),
    *("PPMX", "LOXO", "BRTX", "NKTR", "ALKS", "ALXN", "ARRY", "VERU", "BEAM", "TILS", "CLDD"),
    *(
        "NIAMS",
        "IONIS",
        "ALNY",
        "CERC",
        "ATYR",
        "AZURRX",
        "DARA",
        "UCART",
        "CTX",
        "SENTI",
        "SYNKIR",
        "TMPSMA",
    ),
)
_PARTS = (
    *("TABLE", "FIGURE", "FIG", "PHASE", "STAGE", "GROUP", "COHORT", "WEEK", "MONTH", "YEAR"),
    *("PART", "LEVEL", "TYPE", "CLASS", "MODEL", "STUDY", "TRIAL", "CHAPTER", "SECTION", "SITE"),
    *("VISIT", "CYCLE", "DOSE", "DAYS", "HOUR", "ARMS", "CASE", "LINE", "LIST", "PAGE", "ITEM"),
    *("APPENDIX", "SUPPLEMENT", "VERSION", "PROTOCOL", "AMENDMENT", "OBJECTIVE", "QUESTION"),
    *("NON", "POST", "ANTI", "ACUTE", "CHRONIC", "NONE", "WITH", "ADULT", "ONSET", "HFREF"),
    *("HFPEF", "LVEF", "EARLY", "LATE", "TREATMENT", "TEST", "PUBMED", "EVERY", "RELEASE"),
)
# Whole acronyms that records bear and that mean something else in every other text.
_ABBREVIATIONS = ("CAR-T", "TLIF", "MIS-TLIF", "IMB", "QOR", "T-PLL", "BONE", "DISC", "PHASE-1")
# What stands before "trial" and "study" in capitals and can be spoken, but is no trial's name.
ABBREVIATIONS = frozenset(
    (
        *("COPD", "NASH", "MASH", "NAFLD", "MASLD", "NAFL", "AIDS", "ARDS", "LADA", "MODY", "COAD"),
        *(
            "AFIB",
            "PAOD",
            "PCOS",
            "OSAS",
            "ALPS",
            "ADEM",
            "SIDS",
            "SIRS",
            "MODS",
            "HELLP",
            "PANDAS",
        ),
        *("NICU", "PICU", "SICU", "MICU", "ECMO", "VATS", "RATS", "TAVR", "TAVI", "TACE", "TARE"),
        *("HIPEC", "PIPAC", "HAIC", "ASCT", "HSCT", "AUTO", "ALLO", "CARS", "TILS", "NILS", "TCRS"),
        *("BRAF", "KRAS", "NRAS", "HRAS", "EGFR", "ALK", "ROS", "MET", "FLIT", "IDH", "TERT"),
        *("EORTC", "ECOG", "ACRIN", "SWOG", "GOG", "NSABP", "CALGB", "ALLIANCE", "GELA", "LYSA"),
        *("GEICAM", "UNICANCER", "JCOG", "NCIC", "ANZUP", "AGITG", "GERCOR", "HOVON", "NORDIC"),
        *("NIAID", "NHLBI", "NIDDK", "BARDA", "USAID", "UNAIDS", "ANSM", "AIFA", "NMPA", "EMEA"),
        *("UNESCO", "NATO", "ASEAN", "NICE", "COCHRANE", "MEDLINE", "EMBASE", "PUBMED", "SCOPUS"),
        *("REDCAP", "PICO", "PICOS", "ANOVA", "ANCOVA", "MANOVA", "LASSO", "IPAQ", "HOMA", "ELISA"),
        *("ELISPOT", "CRISPR", "TALEN", "BASELINE", "OUTCOME", "CELLS", "OBSERVATIONAL", "PRIMARY"),
        *("CLINICAL", "PILOT", "PIVOTAL", "RANDOMIZED", "RANDOMISED", "CONTROLLED", "BLINDED"),
        *("MASKED", "PROSPECTIVE", "RETROSPECTIVE", "INTERVENTIONAL", "MULTICENTER", "CENTER"),
        *("FEASIBILITY", "SAFETY", "EFFICACY", "HUMAN", "ANIMAL", "CASE", "CURRENT", "PRESENT"),
        *("THIS", "THAT", "THESE", "SUCH", "FROM", "INTO", "ONLY", "OTHER", "SINGLE", "DOUBLE"),
        *("OPEN", "LABEL", "PARALLEL", "CROSSOVER", "COMPARATIVE", "EXTENSION", "FOLLOW", "LONG"),
        *("TERM", "FIRST", "SECOND", "THIRD", "MAIN", "PARENT", "METHODS", "RESULTS", "DESIGN"),
        *("OBJECTIVE", "BACKGROUND", "CONCLUSION", "CONCLUSIONS", "DISCUSSION", "INTRODUCTION"),
        *("DIABETES", "CANCER", "STROKE", "ASTHMA", "OBESITY", "MALARIA", "EBOLA", "ZIKA", "COVAX"),
        *("VACCINE", "DRUG", "DEVICE", "PLACEBO", "WOMEN", "CHILDREN", "PATIENT", "PATIENTS"),
        *("LANCET", "JAMA", "NATURE", "SCIENCE", "ANNALS", "CIRCULATION", "CELL", "BLOOD"),
        *("KINGDOM", "STATES", "CHINA", "INDIA", "JAPAN", "FRANCE", "GERMANY", "ITALY", "SPAIN"),
        *("CANADA", "BRAZIL", "AFRICA", "EUROPE", "ASIA", "KOREA", "MEXICO", "ISRAEL", "EGYPT"),
        *("GERMAN", "FRENCH", "ITALIAN", "CHINESE", "INDIAN", "JAPANESE", "DANISH", "DUTCH"),
        *("EUROPEAN", "AFRICAN", "AMERICAN", "BRITISH", "SWEDISH", "AUSTRALIAN", "CANADIAN"),
        *("OXFORD", "HARVARD", "MAYO", "LONDON", "ASTRAZENECA", "SANOFI", "ROCHE", "BAYER"),
        *("MERCK", "NOVO", "LILLY", "INSULIN", "ASPIRIN", "STEROID", "PLASMA", "ORIGINAL"),
        *("RECENT", "PREVIOUS", "EARLIER", "LATER", "LARGE", "SMALL", "MAJOR", "LANDMARK"),
        *("MODERNA", "PFIZER", "NOVARTIS", "BIONTECH", "IKEA", "NASA", "ADNI", "INDEL", "PREP"),
    )
)
ORDINARY = frozenset(
    (
        *(*_DISEASES_AND_GENES, *_CELL_LINES, *_SCALES, *_STANDARDS),
        *(*_DRUG_CODES, *_PARTS, *_ABBREVIATIONS),
    )
)
