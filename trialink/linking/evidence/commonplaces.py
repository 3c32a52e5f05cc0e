"""What many trials have in common, so that sharing it tells nothing. All of it in small letters."""

from __future__ import annotations

# Written where a number or a name should stand; compared without anything but letters and digits.
PLACEHOLDERS = frozenset(
    (
        *("na", "none", "notapplicable", "notavailable", "notyetavailable", "notassigned", "nil"),
        *("notprovided", "unknown", "pending", "tba", "tbd", "tobeannounced", "tobeassigned"),
        *("tobedetermined", "null", "test", "xxxx", "noid", "nonumber", "notyetassigned"),
    )
)
# Acronyms that are kinds of treatments, designs or words, not names.
COMMON_NAMES = PLACEHOLDERS | frozenset(
    (
        *("cart", "cartcell", "covid", "covid19", "rct", "pilot", "study", "trial", "petct", "mri"),
        *("pet", "ct", "hiv", "aids", "copd", "nsclc", "sclc", "hcc", "aml", "all", "cll", "mds"),
        *("dtx", "rwe", "rws", "pms", "pmcf", "pass", "registry", "extension", "ole", "phase1"),
        *("phase2", "phase3", "phase4", "pk", "pkpd", "crc", "tnbc", "hnscc", "gvhd", "hsct"),
    )
)
GRAMMAR = frozenset(
    (
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or"),
        *("the", "their", "to", "vs", "with", "who", "when", "given", "after", "before", "between"),
    )
)
# Words of titles that do not tell one trial from another.
COMMON_WORDS = frozenset(
    (
        *("study", "studies", "trial", "trials", "clinical", "phase", "investigation", "research"),
        *("evaluate", "evaluating", "evaluation", "assess", "assessing", "assessment", "determine"),
        *("compare", "comparing", "comparison", "comparative", "investigate", "effect", "effects"),
        *("efficacy", "safety", "tolerability", "effectiveness", "pharmacokinetics", "feasibility"),
        *("pharmacodynamics", "immunogenicity", "bioequivalence", "bioavailability", "outcomes"),
        *(
            "randomized",
            "randomised",
            "controlled",
            "placebo",
            "double",
            "blind",
            "blinded",
            "open",
        ),
        *("label", "single", "multiple", "ascending", "dose", "doses", "arm", "group"),
        *("parallel", "multicenter", "multicentre", "center", "centre", "multinational"),
        *("prospective", "retrospective", "observational", "interventional", "pilot"),
        *("patients", "participants", "subjects", "volunteers", "healthy", "adult", "adults"),
        *("treatment", "therapy", "versus", "using", "use", "standard", "care", "compared", "oral"),
        *("tablet", "tablets", "capsule", "capsules", "fasting", "fed", "conditions", "condition"),
        *("post", "marketing", "surveillance", "market", "long", "term", "new", "two", "different"),
    )
)
# Words in which the titles of two trials differ when all others are the same.
CONTRASTS = frozenset(
    (
        *("adults", "adult", "children", "child", "paediatric", "pediatric", "adolescents"),
        *(
            "adolescent",
            "infants",
            "infant",
            "neonates",
            "elderly",
            "older",
            "women",
            "men",
            "male",
        ),
        *("female", "pregnant", "healthy", "japan", "japanese", "china", "chinese", "korea"),
        *("korean", "india", "indian", "europe", "european", "africa", "african", "asian"),
        *("pilot", "low", "high", "early", "late", "first", "second", "third", "left", "right"),
        *(
            "type",
            "mild",
            "moderate",
            "severe",
            "chronic",
            "acute",
            "naive",
            "relapsed",
            "untreated",
        ),
        *("monotherapy", "combination", "adjuvant", "neoadjuvant", "maintenance", "induction"),
    )
)
